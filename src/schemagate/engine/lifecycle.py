"""What a change does to files that were published: edits and removals that no later version can make good."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import msgspec

from schemagate.schema.model import Node


class Gone(msgspec.Struct, frozen=True):
    """A published file that the change edits or removes; ``rule`` says which."""

    rule: str
    path: str
    number: int | None = None


def gone_files(
    files: Mapping[str, int | None],
    present: Collection[str],
    published: Collection[str],
    touched: Collection[str],
    roots: Mapping[str, tuple[Node | None, Node | None]],
) -> Iterator[Gone]:
    """The published files of one series that the change no longer holds as they were published.

    ``files`` are the series' paths with their ``_vN`` numbers, ``roots`` the published and the proposed root of each.
    A text that differs only in white space or comments is the same.
    """
    for path, number in files.items():
        if path not in published or path not in touched:
            continue
        if path not in present:
            removed = number is not None and bool(present)
            yield Gone("published-version-removed" if removed else "published-schema-deleted", path, number)
        elif number is not None:
            was, now = roots[path]
            if was is not None and now is not None and was is not now:
                yield Gone("published-version-edited", path, number)


class Gap(msgspec.Struct, frozen=True):
    """A new version file ``_vN`` though there never was a ``_v(N-1)``."""

    path: str
    number: int


def version_gaps(files: Mapping[str, int | None], new: Collection[str]) -> Iterator[Gap]:
    """The gaps that ``new`` files leave in a series; ``files`` are all that it holds or held. It may begin anywhere."""
    known = {number for number in files.values() if number is not None}
    for path in new:
        number = files[path]
        if number is not None and number > min(known) and number - 1 not in known:
            yield Gap(path, number)
