"""A tolerant JSON scanner: every text gives a tree, with all that Avro Java would refuse told at once."""

from __future__ import annotations

import re
from typing import Final

from schemagate.avsc import lexis
from schemagate.avsc.lexis import Token
from schemagate.avsc.source import Source
from schemagate.avsc.tree import NO_VALUE, Row, Tree
from schemagate.finding import Json

MAX_DEPTH: Final = 1000
"""Jackson's limit: the 1,001st open bracket is refused."""
RESERVED: Final = frozenset({"__fastavro_parsed", "__named_schemas"})
"""Keys by which fastavro knows its own output: it then skips all validation."""

_MEMBER: Final = re.compile(r'[ \t\r\n]*"([^"\\\x00-\x1f]*)"[ \t\r\n]*:[ \t\r\n]*')
_STRING: Final = re.compile(r'"([^"\\\x00-\x1f]*)"')
_SEPARATOR: Final = re.compile(r"[ \t\r\n]*([,\]}])")
_KEY_AHEAD: Final = re.compile(r"""(?:"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*'|[\w$][\w$.-]*)\s*:""")
_VALUE_AHEAD: Final = re.compile(r"""["'{\[]|[-+.]?[0-9]|(?:true|false|null)\b""")
_SKIPPED: Final = re.compile(r"[^\r\n,{}\[\]]+|.", re.DOTALL)

_PLAIN: Final = frozenset('"{[-0123456789tfn')
"""How a value begins, when all is well."""

_FIRST, _NEXT, _AFTER = "first", "next", "after"
_CLOSER: Final = {dict: "}", list: "]"}


def scan(text: str) -> Tree:
    """The tree of any text; never raises. Comments as Jackson's ALLOW_COMMENTS, everything else strict JSON."""
    source = Source(text)
    scanner = _Scanner(source)
    scanner.document()
    for _, row in scanner.open:
        scanner.ends[row] = len(text)
    problems = sorted(source.problems, key=lambda problem: problem.span or (0, 0))
    return Tree(
        scanner.value, problems, source.comments, scanner.rows, scanner.ends, certain=source.certain and source.whole
    )


class _Scanner:
    """One scan's state. ``at`` is the next offset; ``want`` says what may stand there in the innermost bracket."""

    __slots__ = ("at", "comma", "ends", "open", "rows", "source", "text", "value", "want")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.at = 0
        self.value: Json = NO_VALUE
        self.want = _FIRST
        self.comma = 0
        self.open: list[tuple[Json, int]] = []
        self.rows: list[Row] = []
        self.ends: dict[int, int] = {}

    def document(self) -> None:
        start = self.source.blank(self.at)
        if not self.source.whole:
            return
        if start == len(self.text):
            found = "only comments" if self.source.comments else "only white space" if self.text else "nothing"
            if not self.source.problems:
                self.source.tell("empty-document", (0, 0), expected="a schema", found=found)
            return
        self.value_at(start, None, -1, -1)
        while self.open and self.source.whole:
            if self.want is _AFTER:
                self.separator()
            elif self.open[-1][0].__class__ is dict:
                self.member()
            else:
                self.item()
        if self.source.certain or self.value.__class__ in _CLOSER:
            self.source.dangling(self.at)

    def member(self) -> None:
        match = _MEMBER.match(self.text, self.at)
        if match is not None:
            start = self.at = match.end()
            if self.text[start : start + 1] not in _PLAIN:
                start = self.source.blank(self.at)
            if self.source.whole:
                self.value_at(start, match[1], match.start(1) - 1, match.end(1) + 1)
            return
        start = self.source.blank(self.at)
        char = self.text[start : start + 1]
        if not self.source.whole or not char:
            self.cut_off()
        elif char in "}]":
            self.closer(char, start)
        elif char == '"':
            self.key(start, lexis.string(self.text, start))
        elif char == "'":
            self.key(start, lexis.single_quoted(self.text, start))
        elif _KEY_AHEAD.match(self.text, start) and (word := lexis.word(self.text, start)):
            name = self.text[start : word.end]
            args = {"expected": "a member name in double quotes", "found": f"`{lexis.shorten(name)}`"}
            self.key(start, Token(name, word.end, "syntax-error", args, (start, word.end)))
        else:
            self.no_member(start, char)

    def no_member(self, start: int, char: str) -> None:
        """Something that is no member: reading goes on after it."""
        skipped = _SKIPPED.match(self.text, start)
        end = start + 1 if skipped is None or char in ",{[" else skipped.end()
        found = lexis.describe(self.text[start:end].rstrip())
        self.source.guess("syntax-error", (start, end), expected="a member name in double quotes", found=found)
        if char in "{[":
            self.open_bracket(char, start, None, -1, -1)
            return
        self.at = end
        self.want = _FIRST if char == "," else _AFTER

    def key(self, start: int, token: Token) -> None:
        """A key that the fast way did not take, up to its value."""
        self.accept(token)
        self.at = token.end
        colon = self.source.blank(self.at)
        char = self.text[colon : colon + 1]
        if not self.source.whole or not char:
            self.cut_off()
            return
        if char != ":":
            expected = f"`:` after the member name `{lexis.shorten(token.value)}`"
            self.source.guess("syntax-error", (colon, colon + 1), expected=expected, found=lexis.describe(char))
            if char in ",}]":
                self.keep(None, token.value, start, token.end, start, token.end)
                return
        self.at = colon + (char in ":=")
        value = self.source.blank(self.at)
        if self.source.whole:
            self.value_at(value, token.value, start, token.end)

    def item(self) -> None:
        start = self.source.blank(self.at)
        char = self.text[start : start + 1]
        if not self.source.whole or not char:
            self.cut_off()
        elif char in "}]":
            self.closer(char, start)
        else:
            self.value_at(start, None, -1, -1)

    def value_at(self, start: int, name: str | None, key_start: int, key_end: int) -> None:
        """The value at ``start``, of the member ``name`` or the next of an array."""
        text = self.text
        char = text[start : start + 1]
        token: Token | None
        if char == '"':
            match = _STRING.match(text, start)
            if match is not None:
                self.keep(match[1], name, key_start, key_end, start, match.end())
                return
            token = lexis.string(text, start)
        elif char in ("{", "["):
            self.open_bracket(char, start, name, key_start, key_end)
            return
        elif char == "'":
            token = lexis.single_quoted(text, start)
        else:
            token = lexis.number(text, start) or lexis.word(text, start)
        if token is None:
            self.no_value(start, name, key_start, key_end)
        else:
            self.accept(token)
            self.keep(token.value, name, key_start, key_end, start, token.end)

    def no_value(self, start: int, name: str | None, key_start: int, key_end: int) -> None:
        """Something that is no value: ``null`` takes its place where one is needed."""
        char = self.text[start : start + 1]
        if not char:
            self.cut_off()
            return
        end = lexis.junk(self.text, start).end
        found = lexis.describe(self.text[start:end])
        self.source.guess("syntax-error", (start, end), expected="a JSON value", found=found)
        if name is not None and char in ",}]":
            self.keep(None, name, key_start, key_end, start, start)
        elif self.open and char in ",:":
            self.at = end
            self.want = _FIRST
        elif self.open:
            self.keep(None, name, key_start, key_end, start, end)

    def keep(self, value: Json, name: str | None, key_start: int, key_end: int, start: int, end: int) -> None:
        """Put a value where it belongs."""
        self.at = end
        self.want = _AFTER
        if not self.open:
            self.value = value
            self.rows.append((-1, None, -1, -1, start, end))
            return
        holder, row = self.open[-1]
        if holder.__class__ is list:
            holder.append(value)
        elif name is not None:
            if name in holder:
                self.duplicate(name, row, (key_start, key_end))
            if name in RESERVED:
                self.source.tell("reserved-key", (key_start, key_end), refused=False, key=name)
            if len(name) > lexis.MAX_NAME:
                expected = f"a member name of at most {lexis.MAX_NAME} characters"
                self.source.tell(
                    "syntax-error", (key_start, key_end), expected=expected, found=f"{len(name)} characters"
                )
            holder[name] = value
        self.rows.append((row, name, key_start, key_end, start, end))

    def open_bracket(self, char: str, start: int, name: str | None, key_start: int, key_end: int) -> None:
        if len(self.open) >= MAX_DEPTH:
            self.source.tell("nesting-too-deep", (start, start + 1), limit=MAX_DEPTH)
            self.source.whole = False
            return
        value: Json = {} if char == "{" else []
        self.keep(value, name, key_start, key_end, start, start)
        self.open.append((value, len(self.rows) - 1))
        self.at = start + 1
        self.want = _FIRST

    def separator(self) -> None:
        """What follows a value inside a bracket."""
        match = _SEPARATOR.match(self.text, self.at)
        start = match.start(1) if match is not None else self.source.blank(self.at)
        char = self.text[start : start + 1]
        if char == ",":
            self.comma = start
            self.at = start + 1
            self.want = _NEXT
        elif not self.source.whole or not char:
            self.cut_off()
        elif char in ("}", "]"):
            self.closer(char, start)
        else:
            self.no_separator(start)

    def no_separator(self, start: int) -> None:
        kind = self.open[-1][0].__class__
        ahead = (_KEY_AHEAD if kind is dict else _VALUE_AHEAD).match(self.text, start)
        expected = f"`,` or `{_CLOSER[kind]}`"
        if ahead is not None:
            found = lexis.describe(ahead[0].rstrip(": \t\r\n"))
            self.source.tell("syntax-error", (start, start + 1), expected=expected, found=found)
            self.want = _FIRST
            return
        end = _SKIPPED.match(self.text, start).end()  # type: ignore[union-attr]
        found = lexis.describe(self.text[start:end].rstrip())
        self.source.guess("syntax-error", (start, end), expected=expected, found=found)
        self.at = end
        if self.text[start] in "{[":
            self.open_bracket(self.text[start], start, None, -1, -1)

    def closer(self, char: str, start: int) -> None:
        if self.want is _NEXT:
            self.source.tell("trailing-comma", (self.comma, self.comma + 1), before=char)
        kind = self.open[-1][0].__class__
        if _CLOSER[kind] != char:
            self.source.guess("syntax-error", (start, start + 1), expected=f"`{_CLOSER[kind]}`", found=f"`{char}`")
            if any(holder.__class__ is not kind for holder, _ in self.open):
                while self.open[-1][0].__class__ is kind:
                    self.ends[self.open.pop()[1]] = start
            elif (right := _SEPARATOR.match(self.text, start + 1)) is not None and right[1] == _CLOSER[kind]:
                self.at = start + 1  # A bracket too many; otherwise it is the wrong one.
                self.want = _AFTER if self.want is _AFTER else _FIRST
                return
        self.ends[self.open.pop()[1]] = self.at = start + 1
        self.want = _AFTER

    def accept(self, token: Token) -> None:
        """Tell what is wrong with a token."""
        if token.rule == "truncated":
            self.source.truncated('"', '`"`', token.bad[0])
        elif token.rule:
            self.source.tell(token.rule, token.bad, **(token.args or {}))
        self.source.certain = self.source.certain and token.certain

    def duplicate(self, key: str, row: int, span: tuple[int, int]) -> None:
        if self.source.tells("duplicate-key"):
            first = next(place[2] for place in self.rows if place[0] == row and place[1] == key)
            line, column = self.source.lines.position(first)
            key = lexis.shorten(key)
            self.source.tell("duplicate-key", span, refused=False, key=key, line=line, column=column)

    def cut_off(self) -> None:
        """The text ends inside a bracket."""
        if self.source.whole:
            holder, row = self.open[-1]
            opened = "{" if holder.__class__ is dict else "["
            self.source.truncated(opened, f"`{_CLOSER[holder.__class__]}`", self.rows[row][4])
