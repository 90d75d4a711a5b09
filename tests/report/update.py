"""Writes the golden reports and the published JSON Schema anew, and prints what changed in them.

Run as ``python -m tests.report.update``.
"""

from __future__ import annotations

import difflib
import json
import sys
from pathlib import Path

from tests.report.samples import CLEAN, RICH, waiver

import schemagate.report
from schemagate.report import github, gitlab, junit, markdown, sarif
from schemagate.report.json_view import dump, json_schema
from schemagate.report.text import render

GOLDEN = Path(__file__).parent / "golden"
SCHEMA = Path(schemagate.report.__file__).parent / "schemas" / "report.v1.schema.json"


REPORTS = (("rich", RICH), ("clean", CLEAN))
OTHERS = {
    "github.txt": github.render,
    "md": markdown.render,
    "comment.md": markdown.comment,
    "sarif": sarif.render,
    "junit.xml": junit.render,
    "gitlab.json": gitlab.render,
}


def texts() -> dict[Path, str]:
    """Every generated file and what belongs in it."""
    return {
        GOLDEN / "rich.txt": render(RICH, colour=False, width=80, waiver=waiver),
        GOLDEN / "rich.ansi": render(RICH, colour=True, width=80, waiver=waiver),
        GOLDEN / "rich.ascii.txt": render(RICH, colour=False, width=80, ascii=True),
        GOLDEN / "rich.verbose.txt": render(RICH, colour=False, width=80, verbose=True),
        GOLDEN / "rich.json": dump(RICH),
        GOLDEN / "clean.txt": render(CLEAN, colour=False, width=80),
        **{GOLDEN / f"{name}.{suffix}": make(report) for suffix, make in OTHERS.items() for name, report in REPORTS},
        SCHEMA: json.dumps(json_schema(), indent=2) + "\n",
    }


def main() -> None:
    for path, new in texts().items():
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        diff = difflib.unified_diff(old.splitlines(), new.splitlines(), f"{path.name} (old)", path.name, lineterm="")
        sys.stdout.writelines(line.replace("\x1b", "\\e") + "\n" for line in diff)
        path.write_text(new, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
