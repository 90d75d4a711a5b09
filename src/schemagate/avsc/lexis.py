"""Strings, numbers and words of a JSON text, the wrong ones too, each with what is wrong about it."""

from __future__ import annotations

import re
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Final

import msgspec

from schemagate.finding import Json

MAX_DIGITS: Final = 1000
MAX_NAME: Final = 50_000
"""Jackson's StreamReadConstraints, which Avro Java 1.12 keeps."""

NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?(?![0-9A-Za-z_.+$-])")
_SLOPPY: Final = re.compile(r"[+\-.0-9][0-9A-Za-z_.+$-]*")
_WORD: Final = re.compile(r"[^\W\d][\w.$-]*|\$[\w.$-]*")
_JUNK: Final = re.compile(r"[^\s{}\[\],:\"'/#]+|.", re.DOTALL)
_CLOSED: Final = re.compile(r'[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_CLOSED_SINGLE: Final = re.compile(r"(?:[^'\\\r\n]|\\[^\r\n])*'")
_ENDS_VALUE: Final = re.compile(r"[ \t\r\n]*(?:[,\]}:]|\Z)")
_LINE: Final = re.compile(r"[^\r\n]*")
_TAIL: Final = re.compile(r"[\s,\]}]*\Z")
_BAD_IN_STRING: Final = re.compile(r"[\x00-\x1f]|\\(?:u[0-9A-Fa-f]{4}|[^u])|\\", re.DOTALL)
_ESCAPES: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "/": "/"}
_UNQUOTE: Final = re.compile(r"\\(.)|\"", re.DOTALL)

WORDS: Final[dict[str, Json]] = {"true": True, "false": False, "null": None}
_OTHER_LANGUAGES: Final[dict[str, Json]] = {"True": True, "False": False, "None": None, "NULL": None, "nil": None}


class Token(msgspec.Struct):
    """What stands at an offset. With ``rule``, something is wrong at ``bad`` and ``args`` say what.

    ``certain`` is false where ``value`` is a guess.
    """

    value: Json
    end: int
    rule: str = ""
    args: dict[str, Json] | None = None
    bad: tuple[int, int] = (0, 0)
    certain: bool = True


def string(text: str, start: int) -> Token:
    """The double-quoted string whose quote stands at ``start``."""
    try:
        return Token(*scanstring(text, start + 1))
    except JSONDecodeError:
        return _bad_string(text, start)


def _bad_string(text: str, start: int) -> Token:
    closed = _CLOSED.match(text, start + 1)
    line_end = _LINE.match(text, start).end()  # type: ignore[union-attr]
    if closed is None and not text[line_end:].strip():
        return Token(text[start + 1 :], len(text), "truncated", {"opened": '"', "expected": '`"`'}, (start, start + 1))
    if closed is None or (closed.end() > line_end and not _ENDS_VALUE.match(text, closed.end())):
        return _unclosed(text, start, line_end)
    return _ill_formed(text, start, closed.end())


def _unclosed(text: str, start: int, line_end: int) -> Token:
    """A string that its line's end cuts off; commas and brackets before that end are taken as meant."""
    end = _TAIL.search(text, start + 1, line_end).start()  # type: ignore[union-attr]
    args = {"expected": "a closing quote", "found": "the end of the line"}
    return Token(text[start + 1 : end], end, "syntax-error", args, (start, end), certain=False)


def _ill_formed(text: str, start: int, end: int) -> Token:
    """A closed string with a control character or an escape that JSON does not know."""
    bad: tuple[int, int] | None = None
    args: dict[str, Json] = {}
    out: list[str] = []
    at = start + 1
    for match in _BAD_IN_STRING.finditer(text, start + 1, end - 1):
        out.append(text[at : match.start()])
        at = match.end()
        piece = match[0]
        if piece[0] != "\\":
            wrong = {"expected": "an escape such as `\\n`", "found": describe(piece)}
        elif len(piece) == 6:
            out.append(chr(int(f"0x{piece[2:]}", 16)))
            continue
        elif piece[1:] in _ESCAPES:
            out.append(_ESCAPES[piece[1:]])
            continue
        else:
            shown = text[match.start() : min(end - 1, match.start() + (6 if piece == "\\" else 2))]
            wrong = {"expected": 'one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX', "found": f"`{shown}`"}
        out.append(piece)
        if bad is None:
            bad, args = match.span(), wrong
    out.append(text[at : end - 1])
    return Token("".join(out), end, "syntax-error", args, bad or (start, end), certain=False)


def single_quoted(text: str, start: int) -> Token:
    """The single-quoted string at ``start``, read as the double-quoted one that was meant."""
    closed = _CLOSED_SINGLE.match(text, start + 1)
    if closed is None:
        return _unclosed(text, start, _LINE.match(text, start).end())  # type: ignore[union-attr]
    inside = _UNQUOTE.sub(_requote, closed[0][:-1])
    try:
        value = scanstring(inside + '"', 0)[0]
    except JSONDecodeError:
        value = closed[0][:-1]
    args = {"expected": "double quotes", "found": f"`{shorten(text[start : closed.end()])}`"}
    return Token(value, closed.end(), "single-quotes", args, (start, closed.end()))


def _requote(match: re.Match[str]) -> str:
    if match[1] is None:
        return '\\"'
    return "'" if match[1] == "'" else match[0]


def number(text: str, start: int) -> Token | None:
    """The number at ``start``, or what looks like one; None if nothing does."""
    match = NUMBER.match(text, start)
    if match is not None:
        return _number(match)
    match = _SLOPPY.match(text, start)
    if match is None:
        return None
    args = {"expected": "a JSON number", "found": f"`{shorten(match[0])}`"}
    return Token(None, match.end(), "syntax-error", args, match.span(), certain=False)


def _number(match: re.Match[str]) -> Token:
    digits = sum(map(match[0].count, "0123456789"))
    if digits > MAX_DIGITS:
        args = {"expected": f"a number of at most {MAX_DIGITS} digits", "found": f"{digits} digits"}
        return Token(None, match.end(), "syntax-error", args, match.span(), certain=False)
    if match.lastindex is None:
        return Token(integer(match[0]), match.end())
    return Token(float(match[0]), match.end())


def integer(text: str) -> int:
    """``int(text)``, also where Python is told to refuse more than 640 digits."""
    if len(text) <= 500:
        return int(text)
    negative = text[0] == "-"
    digits = text[negative:]
    value = 0
    for start in range(0, len(digits), 500):
        piece = digits[start : start + 500]
        value = value * 10 ** len(piece) + int(piece)
    return -value if negative else value


def word(text: str, start: int) -> Token | None:
    """The bare word at ``start``: a JSON literal, or a word read as the string that was perhaps meant."""
    match = _WORD.match(text, start)
    if match is None:
        return None
    found = match[0]
    if found in WORDS:
        return Token(WORDS[found], match.end())
    args = {"expected": "a JSON value", "found": f"`{shorten(found)}`"}
    if found in _OTHER_LANGUAGES:
        return Token(_OTHER_LANGUAGES[found], match.end(), "syntax-error", args, match.span())
    return Token(found, match.end(), "syntax-error", args, match.span(), certain=False)


def junk(text: str, start: int) -> Token:
    """What is none of JSON's: up to where something else may begin."""
    match = _JUNK.match(text, start)
    end = match.end() if match else start + 1
    return Token(None, end, bad=(start, end), certain=False)


def describe(found: str) -> str:
    """How a message names a piece of text: quoted, invisible characters by their code point."""
    if not found:
        return "the end of the file"
    if found in "\r\n":
        return "a line break"
    if found == "\t":
        return "a tab"
    if not found.isprintable():
        return " ".join(f"the character U+{ord(c):04X}" for c in found[:1])
    return f"`{shorten(found)}`"


def shorten(found: str) -> str:
    """At most 40 characters, on one line, safe to print."""
    found = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in found[:41])
    return found if len(found) <= 40 else found[:39] + "…"
