"""What a change does to a text, as a unified diff that ``git apply`` takes."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from schemagate.avsc.text import decode

_NO_NEWLINE = "\\ No newline at end of file"


def unified(path: str, before: bytes, after: bytes) -> str:
    """The diff of one file with three lines of context; empty for equal bytes.

    Of a file that is not UTF-8, or whose encoding changes, it says so in place of a diff.
    """
    if before == after:
        return ""
    old, new = decode(before), decode(after)
    if any(side.encoding != "utf-8" or any(p.rule == "wrong-encoding" for p in side.problems) for side in (old, new)):
        return f"Files a/{path} and b/{path} differ\n"
    was, now = _lines(before.decode()), _lines(after.decode())
    rows = difflib.unified_diff(was, now, f"a/{path}", f"b/{path}")
    return "".join(_finished(rows))


def changed_lines(before: str, after: str) -> Iterator[str]:
    """The lines that differ, each after ``-`` or ``+``, with a line of context around them and ``…`` between."""
    rows = difflib.unified_diff(before.splitlines(), after.splitlines(), n=1, lineterm="")
    for number, row in enumerate(rows):
        if number < 2:
            continue
        if row.startswith("@@"):
            if number > 2:
                yield "…"
            continue
        yield row


def _lines(text: str) -> list[str]:
    """Lines with their ends; only LF ends one, as for git."""
    rows = text.split("\n")
    return [f"{row}\n" for row in rows[:-1]] + ([rows[-1]] if rows[-1] else [])


def _finished(rows: Iterator[str]) -> Iterator[str]:
    for row in rows:
        yield row if row.endswith("\n") else f"{row}\n{_NO_NEWLINE}\n"
