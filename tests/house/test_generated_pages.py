"""The rules' pages, the command line's reference and the picture are what the code says today."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_generated_pages_are_fresh():
    script = [sys.executable, str(ROOT / "scripts" / "docs.py"), "--check"]

    ran = subprocess.run(script, capture_output=True, encoding="utf-8", check=False, timeout=120)

    assert ran.returncode == 0, ran.stderr[-4000:]


def test_links_between_the_documents_lead_somewhere():
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    link = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
    broken = [
        f"{page.relative_to(ROOT).as_posix()}: {target}"
        for page in pages
        for target in link.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert broken == []


def test_the_pictures_load_nothing_from_elsewhere():
    address = re.compile(r"""(?:href|src)\s*=\s*["'](.+?)["']|url\(["']?([^#].*?)\)""")
    loads = [
        f"{picture.name}: {''.join(found)}"
        for picture in (ROOT / "docs" / "img").glob("*.svg")
        for found in address.findall(picture.read_text(encoding="utf-8"))
    ]

    assert loads == []
