"""Who owns which file: a repository's CODEOWNERS, as GitHub and GitLab read it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

PLACES: Final = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
"""Where the file may stand; the first that exists counts."""
SECTION: Final = re.compile(r"\^?\[[^\]]+\](?:\[\d+\])?\s*(?P<owners>.*)")
"""GitLab's ``[Section] @default-owner``."""


class Owners(msgspec.Struct, frozen=True):
    """Patterns with their owners, in the order of the file: the last that fits counts."""

    rows: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = ()

    def of(self, path: str) -> tuple[str, ...]:
        """The owners of a repo-relative POSIX path; empty where nobody is named."""
        return next((owners for pattern, owners in reversed(self.rows) if pattern.match(path)), ())


def read_owners(text: str) -> Owners:
    """What a CODEOWNERS file says. Lines that are none of its are left out."""
    return Owners(tuple(_rows(text.splitlines())))


def _rows(lines: Iterable[str]) -> Iterator[tuple[re.Pattern[str], tuple[str, ...]]]:
    usual: tuple[str, ...] = ()
    for line in lines:
        words = re.sub(r"(?<!\\)#.*", "", line).strip()
        section = SECTION.fullmatch(words)
        if section is not None:
            usual = tuple(section["owners"].split())
            continue
        parts = re.split(r"(?<!\\)\s+", words)
        if parts[0] and not parts[0].startswith("!"):
            yield _pattern(parts[0].replace("\\ ", " ").replace("\\#", "#")), tuple(parts[1:]) or usual


def _pattern(glob: str) -> re.Pattern[str]:
    """A gitignore pattern without negation or character classes, as the two define it."""
    anchored = "/" in glob.rstrip("/")
    body = glob.strip("/")
    said = {"/**/": "/(?:.*/)?", "**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    words = [said.get(part, re.escape(part)) for part in re.split(r"(/\*\*/|\*\*/|/\*\*|\*\*|\*|\?)", body)]
    # `docs/*` owns the files in docs and not those in its folders; any other pattern owns what is below it.
    below = "" if glob.endswith("/*") else "/.*" if glob.endswith("/") else "(?:/.*)?"
    return re.compile(("" if anchored else "(?:.*/)?") + "".join(words) + below + r"\Z", re.DOTALL)
