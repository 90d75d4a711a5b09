"""Reads Java ``.properties``: ``java.util.Properties.load`` with places, and Spring's documents between ``#---``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from schemagate.clientconfig.values import MOST_ENTRIES, Entry, Fault, Parsed

_LINE: Final = re.compile(r"[^\r\n]*")
_END: Final = re.compile(r"\r\n|\r|\n|\Z")
_BLANK: Final = " \t\f"
_SEPARATORS: Final = "=:"
_ESCAPES: Final = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
_DOCUMENTS: Final = ("#---", "!---")
_HEX: Final = re.compile(r"[0-9A-Fa-f]{4}")


class _Logical(msgspec.Struct, frozen=True):
    """A line with its continuations: its characters, and the offset of each in the text."""

    chars: str
    offsets: tuple[int, ...]
    end: int


def parse(text: str) -> Parsed:
    """Every key and value; a key that is set twice in one document is a fault that is not fatal."""
    entries: list[Entry] = []
    faults: list[Fault] = []
    comments: list[tuple[tuple[int, int], str]] = []
    seen: dict[tuple[int, str], int] = {}
    part = 0
    for start, line in _lines(text):
        if isinstance(line, str):
            if line.rstrip() in _DOCUMENTS:
                part += 1
            comments.append(((start, start + len(line)), line[1:]))
            continue
        if len(entries) >= MOST_ENTRIES:
            faults.append(Fault(f"more than {MOST_ENTRIES:,} keys", (start, start + 1)))
            break
        entry = _entry(line, part, faults)
        if entry is None:
            continue
        name = (part, entry.keys[0])
        if name in seen:
            faults.append(Fault("set twice", entry.key, fatal=False, key=entry.keys[0]))
        seen[name] = len(entries)
        entries.append(entry)
    kept = set(seen.values())
    return Parsed(tuple(e for n, e in enumerate(entries) if n in kept), tuple(faults), tuple(comments))


def _lines(text: str) -> Iterator[tuple[int, str | _Logical]]:
    """Comments as texts, all else as logical lines; blank lines are left out."""
    at = 0
    while at < len(text):
        start = at
        while start < len(text) and text[start] in _BLANK:
            start += 1
        end = _LINE.match(text, start).end()  # type: ignore[union-attr] # it matches the empty text too
        after = _END.match(text, end).end()  # type: ignore[union-attr] # the end of a line follows
        if start == end:
            at = after
        elif text[start] in "#!":
            yield start, text[start:end]
            at = after
        else:
            line, at = _logical(text, start)
            yield start, line


def _logical(text: str, start: int) -> tuple[_Logical, int]:
    """The line at ``start`` with what continues it, and where the next begins."""
    chars: list[str] = []
    offsets: list[int] = []
    at = start
    while True:
        end = _LINE.match(text, at).end()  # type: ignore[union-attr] # as above
        after = _END.match(text, end).end()  # type: ignore[union-attr] # as above
        body = text[at:end]
        continued = (len(body) - len(body.rstrip("\\"))) % 2 == 1 and after > end
        stop = end - 1 if continued else end
        chars.append(text[at:stop])
        offsets.extend(range(at, stop))
        if not continued:
            return _Logical("".join(chars), tuple(offsets), end), after
        at = after
        while at < len(text) and text[at] in _BLANK:
            at += 1


def _entry(line: _Logical, part: int, faults: list[Fault]) -> Entry | None:
    chars = line.chars
    at = 0
    while at < len(chars) and chars[at] not in _SEPARATORS and chars[at] not in _BLANK:
        at += 2 if chars[at] == "\\" else 1
    at = min(at, len(chars))
    key_end = at
    while at < len(chars) and chars[at] in _BLANK:
        at += 1
    if at < len(chars) and chars[at] in _SEPARATORS:
        at += 1
        while at < len(chars) and chars[at] in _BLANK:
            at += 1
    bounds = (*line.offsets, line.end)
    key, bad = _plain(chars[:key_end])
    value, worse = _plain(chars[at:])
    if bad is not None or worse is not None:
        place = bounds[bad if bad is not None else at + (worse or 0)]
        faults.append(Fault("`\\u` must be followed by four hexadecimal digits", (place, place + 2)))
    if not key:
        return None
    key_stop = bounds[key_end - 1] + 1 if key_end else bounds[0]
    start = bounds[at] if at < len(chars) else line.end
    return Entry((key,), value.rstrip(), (bounds[0], key_stop), (start, line.end), part)


def _plain(chars: str) -> tuple[str, int | None]:
    """A text with its escapes undone, and where one that Java refuses stands."""
    if "\\" not in chars:
        return chars, None
    out: list[str] = []
    at, bad = 0, None
    while at < len(chars):
        char = chars[at]
        if char != "\\" or at + 1 == len(chars):
            out.append("" if char == "\\" else char)
            at += 1
            continue
        follow = chars[at + 1]
        if follow == "u":
            code = _HEX.match(chars, at + 2)
            if code is None:
                bad = at if bad is None else bad
            else:
                out.append(chr(int(code[0], 16)))
            at += 6 if code is not None else 2
        else:
            out.append(_ESCAPES.get(follow, follow))
            at += 2
    return "".join(out), bad
