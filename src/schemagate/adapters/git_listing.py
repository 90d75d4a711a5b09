"""The files of the index as git lists them, looked up in git's own text: no row is taken apart that nobody asks for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from schemagate.adapters.git_process import printable
from schemagate.adapters.git_raw import SUBMODULE, SYMLINK
from schemagate.errors import GitError

_OTHER = b"? "
_PLAIN = (b"H 100644 ", b"H 100755 ")
"""How the row of a regular file begins that is neither in conflict nor hidden from git's eyes."""
_BLOB = len(_PLAIN[0])
"""Where in such a row the object id begins; behind it come the stage, a tab and the path."""
_MOST_PLACES = 50
"""Contents above which one pass over all rows is quicker than a search for each."""


class Entry(NamedTuple):
    """A file in the index or in a tree: ``blob`` is its object id, ``mode`` as git writes it (120000: symlink).

    ``watched`` tells that git would notice another content in the work tree: the user did not forbid it to look.
    """

    path: str
    blob: str
    mode: str
    watched: bool = True


class Listing:
    """What ``git ls-files -z -v -s``, with ``-o`` or without, printed; submodules are left out.

    git sorts the rows by the bytes of the path and, but for the path, makes them equally long. So a path is found by
    halving the text, as long as every row is of a regular file with nothing special about it (all of nearly every
    repository); otherwise the rows are taken apart. A file in conflict raises GitError.
    """

    __slots__ = ("_entries", "_text", "_width", "untracked")

    def __init__(self, output: bytes) -> None:
        start, untracked = 0, list[str]()
        while output.startswith(_OTHER, start):
            end = output.index(b"\0", start)
            untracked.append(output[start + len(_OTHER) : end].decode("utf-8", "surrogateescape"))
            start = end + 1
        self.untracked: Sequence[str] = [path for path in untracked if not path.endswith("/")]
        self._text = output[start:] if start else output
        self._width = self._text.find(b"\t") + 1
        self._entries: dict[str, Entry] | None = None
        left = self._text.count(b"\0")
        for head in _PLAIN:
            left -= left and self._text.startswith(head) + self._text.count(b"\0" + head)
        if left:
            self._entries = _apart(self._text, self._width)

    def __len__(self) -> int:
        return self._text.count(b"\0") if self._entries is None else len(self._entries)

    @property
    def links(self) -> frozenset[str]:
        """The paths that are symbolic links."""
        return frozenset(path for path, entry in (self._entries or {}).items() if entry.mode == SYMLINK)

    @property
    def unwatched(self) -> frozenset[str]:
        """The paths at which git was told not to look."""
        return frozenset(path for path, entry in (self._entries or {}).items() if not entry.watched)

    @property
    def identity(self) -> bytes:
        """The same for two listings only if they hold the same paths with the same contents and modes."""
        return hashlib.sha256(self._text).digest()

    def find(self, path: str) -> Entry | None:
        """The file of this path, None if there is none."""
        if self._entries is not None:
            return self._entries.get(path)
        wanted = _bytes(path)
        start = self._first(wanted)
        end = start + self._width + len(wanted)
        if self._text[start + self._width : end + 1] != wanted + b"\0":
            return None
        blob, mode = self._text[start + _BLOB : start + self._width - 3], self._text[start + 2 : start + _BLOB - 1]
        return Entry(path, blob.decode("ascii"), mode.decode("ascii"))

    def starting(self, prefix: str) -> Iterator[str]:
        """The files whose paths begin so."""
        if self._entries is not None:
            yield from (path for path in self._entries if path.startswith(prefix))
            return
        wanted = _bytes(prefix)
        start = self._first(wanted)
        while start < len(self._text) and self._text.startswith(wanted, start + self._width):
            end = self._text.index(b"\0", start)
            yield self._text[start + self._width : end].decode("utf-8", "surrogateescape")
            start = end + 1

    def holding(self, blobs: Iterable[str]) -> list[str]:
        """The files with one of these contents."""
        wanted = frozenset(blobs)
        if self._entries is not None or len(wanted) > _MOST_PLACES:
            return [path for path, blob in self.contents().items() if blob in wanted]
        return [path for blob in sorted(wanted) for path in self._holding(blob.encode("ascii"))]

    def entries(self) -> list[Entry]:
        """Every file, in the order of paths."""
        if self._entries is None:
            self._entries = _apart(self._text, self._width)
        return list(self._entries.values())

    def contents(self) -> Mapping[str, str]:
        """Every file's path with the id of its content, in the order of paths."""
        if self._entries is not None:
            return {path: entry.blob for path, entry in self._entries.items()}
        rows = self._text.decode("utf-8", "surrogateescape").split("\0")[:-1]
        path, stage = self._width, self._width - 3
        return {row[path:]: row[_BLOB:stage] for row in rows}

    def _holding(self, blob: bytes) -> Iterator[str]:
        at = self._text.find(blob)
        while at >= 0:
            start = self._text.rfind(b"\0", 0, at) + 1
            end = self._text.index(b"\0", at)
            if at == start + _BLOB:  # and not in a path
                yield self._text[start + self._width : end].decode("utf-8", "surrogateescape")
            at = self._text.find(blob, end)

    def _first(self, wanted: bytes) -> int:
        """Where the first row begins whose path is not before ``wanted``."""
        low, high = 0, len(self._text)
        while low < high:
            start = self._text.rfind(b"\0", low, (low + high) // 2) + 1 or low
            end = self._text.index(b"\0", start)
            if self._text[start + self._width : end] < wanted:
                low = end + 1
            else:
                high = start
        return low


def _bytes(path: str) -> bytes:
    """The path as git writes it; something that is in no listing for what is no path."""
    try:
        raw = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raw = b"\0"
    return b"/" if b"\0" in raw else raw


def _apart(text: bytes, width: int) -> dict[str, Entry]:
    """Every row as an entry, by path."""
    rows = text.decode("utf-8", "surrogateescape").split("\0")[:-1]
    stage = width - 2
    conflicts = sorted({row[width:] for row in rows if row[stage] != "0"})
    if conflicts:
        more = f" and {len(conflicts) - 1} more" if len(conflicts) > 1 else ""
        raise GitError(
            f"{printable(conflicts[0])}{more}: the merge has conflicts that are not resolved",
            hint="resolve them and `git add` the files, then run again",
        )
    entries = (Entry(row[width:], row[_BLOB : stage - 1], row[2 : _BLOB - 1], row[0] == "H") for row in rows)
    return {entry.path: entry for entry in entries if entry.mode != SUBMODULE}
