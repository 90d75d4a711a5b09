"""Where each key of a TOML text stands: tomllib tells values, not places."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from typing import TypeAlias

import msgspec

KeyPath: TypeAlias = tuple[str | int, ...]
"""Keys, unquoted, with the index of each array element or ``[[table]]``: ``("subjects", 0, "mode")``."""
Position: TypeAlias = tuple[int, int]
"""Line and column, 1-based, in code points."""

_DEEPEST = 32
"""Keys below this depth get no place of their own: no setting is that deep, and a hostile text may be."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)+")
_SPACE = re.compile(r"[ \t]*")
_KEY = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|[^\s.=\[\]\"'#,{}]+")
_TEXT = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}'
    r"|'''(?:[^']|'(?!''))*'{3,5}"
    r"|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]+")


class Places(msgspec.Struct, frozen=True):
    """``keys`` holds where a key or a ``[[table]]`` header is written first, ``values`` where a value begins."""

    keys: Mapping[KeyPath, Position]
    values: Mapping[KeyPath, Position]

    def key(self, path: KeyPath) -> Position:
        """Where the key is written, or the nearest table that holds it."""
        for length in range(len(path), 0, -1):
            found = self.keys.get(path[:length]) or self.values.get(path[:length])
            if found is not None:
                return found
        return 1, 1

    def value(self, path: KeyPath) -> Position:
        """Where the value begins; for a table, where its key is written."""
        return self.values.get(path) or self.key(path)


def find_places(text: str) -> Places:
    """Every key's and every value's place in a text that tomllib accepts; of any other text, what was understood."""
    scan = _Scan(text)
    scan.run()
    starts = [0, *(i + 1 for i, char in enumerate(text) if char == "\n")]

    def position(offset: int) -> Position:
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    return Places(
        {path: position(offset) for path, offset in scan.keys.items()},
        {path: position(offset) for path, offset in scan.values.items()},
    )


class _Open(msgspec.Struct):
    """An array (``index`` counts its elements) or inline table (``index`` is None) that is not closed yet."""

    path: KeyPath
    index: int | None


class _Scan(msgspec.Struct):
    text: str
    keys: dict[KeyPath, int] = msgspec.field(default_factory=dict)
    values: dict[KeyPath, int] = msgspec.field(default_factory=dict)
    at: int = 0
    table: KeyPath = ()
    tables: dict[KeyPath, int] = msgspec.field(default_factory=dict)
    """How many ``[[tables]]`` of each path were opened."""

    def run(self) -> None:
        while True:
            self.skip(_BLANK)
            if self.at >= len(self.text):
                return
            before = self.at
            if self.text[self.at] == "[":
                self.header()
            else:
                self.pair(self.table)
            if self.at == before:
                return

    def skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            return ""
        self.at = match.end()
        return match[0]

    def take(self, char: str) -> bool:
        self.skip(_SPACE)
        if self.text.startswith(char, self.at):
            self.at += len(char)
            return True
        return False

    def header(self) -> None:
        start = self.at
        many = self.take("[[")
        if not many:
            self.take("[")
        parts = self.dotted()
        self.take("]]" if many else "]")
        path: KeyPath = ()
        for name, _ in parts[:-1]:
            path = self.inside((*path, name))
            self.keys.setdefault(path, start)
        if not parts:
            return
        last, offset = parts[-1]
        path = (*path, last)
        self.keys.setdefault(path, offset)
        if many:
            index = self.tables.get(path, 0)
            self.tables[path] = index + 1
            path = (*path, index)
            self.keys[path] = start
        self.table = path if many else self.inside(path)

    def inside(self, path: KeyPath) -> KeyPath:
        """A path that goes through ``[[tables]]`` means the latest of them."""
        count = self.tables.get(path)
        return path if count is None else (*path, count - 1)

    def dotted(self) -> list[tuple[str, int]]:
        parts: list[tuple[str, int]] = []
        while True:
            self.skip(_SPACE)
            start = self.at
            raw = self.skip(_KEY)
            if not raw:
                return parts
            if len(parts) < _DEEPEST:
                parts.append((_unquoted(raw), start))
            if not self.take("."):
                return parts

    def pair(self, table: KeyPath) -> None:
        """A key and its value, whatever is nested in it."""
        path = self.assigned(table)
        if path:
            self.value(path)

    def assigned(self, table: KeyPath) -> KeyPath:
        """The path of ``key =``; empty where no key stands."""
        parts = self.dotted()
        path = table
        for name, offset in parts:
            path = (*path, name)
            self.keys.setdefault(path, offset)
        self.take("=")
        self.skip(_SPACE)
        return path if parts else ()

    def value(self, path: KeyPath) -> None:
        opened: list[_Open] = []
        self.begin(path, opened)
        while opened:
            self.skip(_BLANK)
            before = self.at
            self.step(opened)
            if self.at == before:
                return

    def step(self, opened: list[_Open]) -> None:
        """One comma, closing bracket, or element of the innermost array or inline table."""
        container = opened[-1]
        if self.take(","):
            return
        if self.take("]" if container.index is not None else "}"):
            opened.pop()
        elif container.index is None:
            path = self.assigned(container.path)
            if path:
                self.skip(_BLANK)
                self.begin(path, opened)
        else:
            path = (*container.path, container.index)
            container.index += 1
            self.begin(path, opened)

    def begin(self, path: KeyPath, opened: list[_Open]) -> None:
        self.values[path] = self.at
        if self.take("["):
            opened.append(_Open(path, 0))
        elif self.take("{"):
            opened.append(_Open(path, None))
        elif not self.skip(_TEXT):
            self.skip(_SCALAR)


def _unquoted(raw: str) -> str:
    if raw[0] not in "\"'":
        return raw
    try:
        return next(iter(tomllib.loads(f"{raw} = 0")))
    except tomllib.TOMLDecodeError:
        return raw
