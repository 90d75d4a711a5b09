"""Builds the documentation as a site in .site/site, and checks every link and anchor: of the site, and of the Markdown.

``SITE_URL`` is the address that the site will have (its page for "not found" needs it), ``SITE_REPOSITORY`` the one
under which a browser finds the source files, up to the commit. Both may be left out. Nothing is asked of the network,
but with ``--elsewhere``, which builds nothing and checks the links to others.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from staging import StrayLinkError, configured, staged

ROOT: Final = Path(__file__).resolve().parent.parent
WORK: Final = ROOT / ".site"
SITE: Final = WORK / "site"
OFFLINE: Final = ("--offline", "--include-fragments", "--no-progress", "--mode", "plain")
ELSEWHERE: Final = (
    "--scheme",
    "https",
    "--scheme",
    "http",
    "--exclude",
    r"example\.com",
    "--no-progress",
    "--mode",
    "plain",
)
"""Only what other servers answer for."""
LOADS: Final = re.compile(
    r"<(?:script|img|iframe|source|video|audio|embed|link(?=[^>]*rel=\"?(?:stylesheet|preload|preconnect|icon)))"
    r"[^>]*?(?:src|srcset|href)=[\"']?((?:https?:)?//[^\"'\s>]+)"
    r"|url\([\"']?((?:https?:)?//[^\"')]+)|@import"
)
"""What makes a browser ask another server as soon as a page is open."""


def main(arguments: Sequence[str]) -> int:
    if "--elsewhere" in arguments:
        return run("lychee", *ELSEWHERE, *markdown())
    try:
        stage(os.environ.get("SITE_URL") or None, os.environ.get("SITE_REPOSITORY") or None)
    except StrayLinkError as stray:
        print(f"website.py: {stray}", file=sys.stderr)
        return 1
    for status in steps():
        if status:
            return status
    print(f"the site is in {SITE.relative_to(ROOT).as_posix()}")
    return 0


def steps() -> Iterator[int]:
    """Build, then look; each step's exit code, the next one's only when it is asked for."""
    yield run("zensical", "build", "--clean", "--strict", "--config-file", str(WORK / "zensical.toml"))
    yield nothing_from_elsewhere()
    yield run("lychee", *OFFLINE, "--index-files", "index.html", "--root-dir", str(SITE), *pages_with_links())
    yield run("lychee", *OFFLINE, "--root-dir", str(ROOT), *markdown())


def stage(address: str | None, repository: str | None) -> None:
    """Write what the generator reads: .site/docs and .site/zensical.toml."""
    sources = {path: (ROOT / path).read_text(encoding="utf-8") for path in markdown()}
    known = tracked()
    folders = {parent.as_posix() for path in known for parent in Path(path).parents}
    pages = staged(sources, frozenset(known) | folders, repository)
    docs = WORK / "docs"
    shutil.rmtree(docs, ignore_errors=True)
    shutil.rmtree(SITE, ignore_errors=True)
    shutil.copytree(ROOT / "docs", docs, ignore=shutil.ignore_patterns("*.md"))
    for path, text in pages.items():
        target = docs / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    settings = (ROOT / "zensical.toml").read_text(encoding="utf-8")
    settings = configured(settings, pages["rules/index.md"], address, repository)
    (WORK / "zensical.toml").write_text(settings, encoding="utf-8", newline="\n")


def tracked() -> list[str]:
    """The repository's files, with those that git does not track yet."""
    listing = [shutil.which("git") or "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    ran = subprocess.run(listing, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    return [path for path in ran.stdout.split("\0") if path and (ROOT / path).exists()]


def markdown() -> list[str]:
    """Every page that people read: those at the root, and the documentation."""
    return sorted(path for path in tracked() if path.endswith(".md") and (path.startswith("docs/") or "/" not in path))


def pages_with_links() -> list[str]:
    """The site's pages but the one for "not found": that is shown under any path, so its links hold the address."""
    return [str(page) for page in sorted(SITE.rglob("*.html")) if page.name != "404.html"]


def nothing_from_elsewhere() -> int:
    """1 where a page or a style of the site would have a browser ask another server, with what it asks for."""
    asked = [
        f"{path.relative_to(SITE).as_posix()}: {match[1] or match[2] or match[0]}"
        for path in sorted(SITE.rglob("*"))
        if path.suffix in {".html", ".css", ".svg"}
        for match in LOADS.finditer(path.read_text(encoding="utf-8"))
    ]
    if asked:
        print("the site must load nothing from elsewhere:", *asked, sep="\n  ", file=sys.stderr)
    return 1 if asked else 0


def run(tool: str, *arguments: str) -> int:
    """A tool of the site's own environment; its exit code."""
    scripts = sysconfig.get_path("scripts", vars={"base": str(WORK / "venv")})
    command = shutil.which(tool, path=scripts)
    if command is None:
        print(f"website.py: there is no {tool} in .site/venv; `make site` installs it", file=sys.stderr)
        return 1
    return _quietly([command, *arguments])


def _quietly(command: Sequence[str]) -> int:
    """What a command says is shown only where it fails."""
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    if ran.returncode != 0:
        print(ran.stdout + ran.stderr, file=sys.stderr)
    return ran.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
