"""Reads TOML: tomllib says what it holds, the configuration's own search for places says where."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Final

from schemagate.clientconfig.values import MOST_DEPTH, MOST_ENTRIES, Entry, Fault, Parsed
from schemagate.config.places import KeyPath, find_places
from schemagate.finding import Json

_PLACE: Final = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)\s*\Z")
_QUOTED: Final = re.compile(r"'[^']{2,}'|\(.*\)")
_VALUE: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}|\'\'\'(?:[^\']|\'(?!\'\'))*\'{3,5}'
    r'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|\[[^\]]*\]?|[^,\]}#\r\n]*',
    re.DOTALL,
)
_KEY: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|[^\s.=\[\]]*')
_DEEP: Final = re.compile(r"(?:[\w\"'-]++[ \t]*+\.[ \t]*+){65}")
"""More levels in one key than are read; tomllib takes a square of their number."""
_COMMENT: Final = re.compile(r"(?:^|(?<=[ \t]))#([^\r\n]*)", re.MULTILINE)


def parse(text: str) -> Parsed:
    """The scalars of every table; lists of scalars are one entry, with commas."""
    comments = tuple(((match.start(), match.end()), match[1]) for match in _COMMENT.finditer(text))
    deep = _DEEP.search(text)
    if deep is not None:
        return Parsed((), (Fault(f"more than {MOST_DEPTH} levels", deep.span()),), comments)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Parsed((), (_fault(str(error), text),), comments)
    except RecursionError:
        return Parsed((), (Fault("it is nested too deeply"),), comments)
    except ValueError:  # an integer longer than Python converts
        return Parsed((), (Fault("a value that cannot be read"),), comments)
    places = find_places(text)
    starts = [0, *(n + 1 for n, char in enumerate(text) if char == "\n")]

    def offset(at: tuple[int, int]) -> int:
        return starts[at[0] - 1] + at[1] - 1

    entries: list[Entry] = []
    for way, value in _scalars(document):
        if len(entries) >= MOST_ENTRIES:
            return Parsed((), (Fault(f"more than {MOST_ENTRIES:,} values"),), comments)
        key, start = offset(places.key(way)), offset(places.value(way))
        span = (start, _VALUE.match(text, start).end())  # type: ignore[union-attr] # it matches the empty text too
        key_end = _KEY.match(text, key).end()  # type: ignore[union-attr] # as above
        keys = tuple(part if isinstance(part, str) else f"[{part}]" for part in way)
        entries.append(Entry(keys, value, (key, max(key_end, key + 1)), span))
    return Parsed(tuple(entries), (), comments)


def _fault(message: str, text: str) -> Fault:
    """Where the parser stopped and what it says, without what it repeats of the file."""
    place = _PLACE.search(message)
    words = _QUOTED.sub("a name", _PLACE.sub("", message))
    at = len(text)
    if place is not None and place[1] is not None:
        lines = text.split("\n")
        at = sum(len(line) + 1 for line in lines[: int(place[1]) - 1]) + int(place[2]) - 1
    return Fault(f"{words[:1].lower()}{words[1:]}", (at, at + 1))


def _scalars(document: Mapping[str, Json]) -> Iterator[tuple[KeyPath, str]]:
    waiting: list[tuple[KeyPath, Json]] = [((), document)]
    while waiting:
        way, value = waiting.pop()
        if len(way) > MOST_DEPTH:
            continue
        if isinstance(value, Mapping):
            waiting.extend(reversed([((*way, key), item) for key, item in value.items()]))
        elif isinstance(value, list) and any(isinstance(item, list | Mapping) for item in value):
            waiting.extend(reversed([((*way, n), item) for n, item in enumerate(value)]))
        elif isinstance(value, list):
            yield way, ",".join(_text(item) for item in value)
        else:
            yield way, _text(value)


def _text(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
