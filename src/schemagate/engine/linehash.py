"""The line hashes by which GitHub code scanning knows a finding again after lines have moved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import accumulate
from operator import add, mul
from typing import Final

BLOCK: Final = 100
"""Code units that one hash covers, from the line's first on, white space left out."""
END: Final = "\uffff"
_BASE: Final = 37
_MASK: Final = (1 << 64) - 1
_POWERS: Final = tuple(pow(_BASE, BLOCK - 1 - at, 1 << 64) for at in range(BLOCK))
"""What each unit of a block is multiplied by."""


class LineHashes(Mapping[str, Mapping[int, str]]):
    """By path the hashes of some of a file's lines; a file is hashed when first asked for, as most outputs never do."""

    __slots__ = ("_lines", "_made", "_text")

    def __init__(self, lines: Mapping[str, Iterable[int]], text: Callable[[str], str]) -> None:
        self._lines = lines
        self._text = text
        self._made: dict[str, Mapping[int, str]] = {}

    def __getitem__(self, path: str) -> Mapping[int, str]:
        if path not in self._made:
            self._made[path] = line_hashes(self._text(path), self._lines[path])
        return self._made[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


def line_hashes(text: str, lines: Iterable[int]) -> Mapping[int, str]:
    """``hash:occurrence`` for each of these 1-based lines; lines that the text does not have are left out.

    As ``github/codeql-action`` computes ``primaryLocationLineHash``: a polynomial of base 37 modulo 2^64 over UTF-16
    code units, blanks and tabs left out, CRLF as LF, one more unit for the end of the file and zeros after it.
    """
    wanted = {line for line in lines if line > 0}
    units = _units(text)
    rows = units.split("\n")[: max(wanted, default=0)]
    starts = map(add, accumulate(map(len, rows), initial=0), range(len(rows)))
    blocks = [units[start : start + BLOCK] for start in starts]
    for at in range(len(blocks) - 1, -1, -1):
        if len(blocks[at]) == BLOCK:
            break
        blocks[at] += END
    seen = dict.fromkeys((blocks[line - 1] for line in wanted if line <= len(blocks)), 0)
    found = {}
    for number, block in enumerate(blocks, 1):
        if block in seen:
            seen[block] += 1
            if number in wanted:
                found[number] = f"{_hash(block):x}:{seen[block]}"
    return found


def _units(text: str) -> str:
    """The text that is hashed, with one character for each UTF-16 code unit."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    left = text.encode("utf-8", "surrogatepass").translate(None, b" \t").decode("utf-8", "surrogatepass")
    units = memoryview(left.encode("utf-16-le", "surrogatepass"))
    if len(units) == 2 * len(left):
        return left
    return "".join(chr(units[at] | units[at + 1] << 8) for at in range(0, len(units), 2))


def _hash(block: str) -> int:
    total: int = sum(map(mul, map(ord, block), _POWERS))
    return total & _MASK
