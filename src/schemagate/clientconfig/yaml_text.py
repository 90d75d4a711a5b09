"""Reads YAML from the parser's events: no object is made, no alias is copied without being counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, TypeAlias

import msgspec

from schemagate.clientconfig.values import MOST_DEPTH, MOST_ENTRIES, Entry, Fault, Parsed

if TYPE_CHECKING:
    import yaml

_QUOTED: Final = re.compile(r"'(<[^'>]*>|\\?.|\\x..)'|'[^']*'")
"""What an error quotes: a mark of the grammar, or something of the file."""
_TRUE: Final = frozenset({"true", "yes", "on"})
_FALSE: Final = frozenset({"false", "no", "off"})
_NULL: Final = frozenset({"", "~", "null"})
_COMMENT: Final = re.compile(r"(?:^|(?<=[ \t]))#([^\r\n]*)", re.MULTILINE)


class _Node(msgspec.Struct, eq=False):
    """A scalar, or a mapping or sequence with its parts: keys and values in turn for a mapping."""

    kind: str
    start: int
    end: int
    text: str = ""
    parts: list[_Node] = msgspec.field(default_factory=list)


_Row: TypeAlias = tuple[_Node, tuple[str, ...], _Node, bool]
"""A value, the keys that lead to it, the last of them, and whether ``<<`` brought it."""


class _TooMuchError(Exception):
    """A document beyond what is read; ``what`` says in what, ``at`` where."""

    def __init__(self, what: str, at: int) -> None:
        super().__init__(what)
        self.what = what
        self.at = at


def parse(text: str) -> Parsed:
    """The scalars of every document with the keys that lead to them. Sequences of scalars are one entry, with commas.

    An anchor's value may stand wherever an alias does; the number of entries and the depth are bounded over all.
    """
    import yaml  # noqa: PLC0415 - only where a YAML file is read

    entries: list[Entry] = []
    faults: list[Fault] = []
    try:
        for part, root in enumerate(_documents(text)):
            entries.extend(_entries(root, part, faults, MOST_ENTRIES - len(entries)))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = mark.index if mark is not None else 0
        faults.append(Fault(_said(error), (at, at + 1)))
    except yaml.YAMLError as error:
        at = getattr(error, "position", 0)
        faults.append(Fault("a character that YAML does not allow", (at, at + 1)))
    except _TooMuchError as error:
        faults.append(Fault(error.what, (error.at, error.at + 1)))
    comments = tuple(((match.start(), match.end()), match[1]) for match in _COMMENT.finditer(text))
    return Parsed(tuple(entries), tuple(faults), comments)


def _said(error: yaml.MarkedYAMLError) -> str:
    """What the parser says, without what it repeats of the file: an alias may well be a mistyped password."""
    words = _bare(str(error.problem or "it ends too early"))
    return words if error.context is None else f"{words} ({_bare(str(error.context))})"


def _bare(words: str) -> str:
    return _QUOTED.sub(lambda quoted: f"`{quoted[1]}`" if quoted[1] else "a name", words)


def _documents(text: str) -> Iterator[_Node]:
    """The root of each document, put together without recursion."""
    import yaml  # noqa: PLC0415 - as above

    building = _Building()
    for count, event in enumerate(yaml.parse(text, Loader=yaml.SafeLoader)):
        if count > 3 * MOST_ENTRIES:
            raise _TooMuchError(f"more than {MOST_ENTRIES:,} values", _start(event))
        root = building.take(event)
        if root is not None:
            yield root


class _Building:
    """The collections that are open while the events of a document come in, and what its anchors stand for."""

    def __init__(self) -> None:
        self._opened: list[tuple[_Node, str | None]] = []
        self._anchors: dict[str, _Node] = {}

    def take(self, event: yaml.Event) -> _Node | None:
        """The document's root, with the event that completes it."""
        import yaml  # noqa: PLC0415 - as above

        if isinstance(event, yaml.DocumentStartEvent):
            self._anchors = {}
        elif isinstance(event, yaml.CollectionStartEvent):
            kind = "mapping" if isinstance(event, yaml.MappingStartEvent) else "sequence"
            at = _start(event)
            self._opened.append((_Node(kind, at, at), event.anchor))
            if len(self._opened) > MOST_DEPTH:
                raise _TooMuchError(f"more than {MOST_DEPTH} levels", at)
        elif isinstance(event, yaml.AliasEvent | yaml.ScalarEvent | yaml.CollectionEndEvent):
            node = self._node(event)
            if not self._opened:
                return node
            self._opened[-1][0].parts.append(node)
        return None

    def _node(self, event: yaml.AliasEvent | yaml.ScalarEvent | yaml.CollectionEndEvent) -> _Node:
        import yaml  # noqa: PLC0415 - as above

        if isinstance(event, yaml.AliasEvent):
            known = self._anchors.get(event.anchor or "")
            if known is None:  # What contains itself has no end, and its anchor is not known yet.
                raise _TooMuchError("an alias (`*name`) without an anchor (`&name`) before it", _start(event))
            return known
        anchor: str | None
        if isinstance(event, yaml.ScalarEvent):
            plain = event.implicit[0] and event.style is None
            text = _scalar(event.value) if plain else event.value
            node, anchor = _Node("scalar", _start(event), _end(event), text), event.anchor
        else:
            node, anchor = self._opened.pop()
            node.end = _end(event)
        if anchor:
            self._anchors[anchor] = node
        return node


def _start(event: yaml.Event) -> int:
    return 0 if event.start_mark is None else event.start_mark.index


def _end(event: yaml.Event) -> int:
    return 0 if event.end_mark is None else event.end_mark.index


def _scalar(text: str) -> str:
    """A plain scalar as the libraries that read such files take it (YAML 1.1)."""
    low = text.lower()
    if low in _TRUE:
        return "true"
    if low in _FALSE:
        return "false"
    return "" if low in _NULL else text


def _entries(root: _Node, part: int, faults: list[Fault], room: int) -> Iterator[Entry]:
    """The scalars below a root in the order of the text. ``room`` bounds what aliases may multiply."""
    seen: dict[tuple[str, ...], tuple[Entry, bool]] = {}
    waiting: list[_Row] = [(root, (), root, False)]
    steps = 0
    while waiting:
        node, keys, key, merged = waiting.pop()
        steps += 1
        if steps > 2 * room or len(keys) > MOST_DEPTH:
            raise _TooMuchError("aliases that stand for more than is read", key.start)
        if node.kind == "mapping":
            waiting.extend(reversed(list(_members(node, keys, merged=merged))))
        elif node.kind == "sequence" and any(item.kind != "scalar" for item in node.parts):
            waiting.extend(reversed([(item, (*keys, f"[{n}]"), item, merged) for n, item in enumerate(node.parts)]))
        elif keys:
            text = ",".join(item.text for item in node.parts) if node.kind == "sequence" else node.text
            entry = Entry(keys, text, (key.start, key.end), (node.start, node.end), part)
            if keys in seen and not seen[keys][1] and not merged:
                faults.append(Fault("set twice", entry.key, fatal=False, key=".".join(keys)))
            seen[keys] = (entry, merged)
    yield from (entry for entry, _ in seen.values())


def _members(node: _Node, keys: tuple[str, ...], *, merged: bool) -> Iterator[_Row]:
    """The members of a mapping; before them those that ``<<`` merges into it and it does not have itself."""
    pairs = list(zip(node.parts[::2], node.parts[1::2], strict=False))
    own = {key.text for key, _ in pairs if key.kind == "scalar"}
    for key, value in pairs:
        if key.kind == "scalar" and key.text == "<<":
            for one in reversed(value.parts if value.kind == "sequence" else [value]):
                more = zip(one.parts[::2], one.parts[1::2], strict=False) if one.kind == "mapping" else ()
                parts = [part for pair in more if pair[0].text not in own for part in pair]
                yield _Node("mapping", one.start, one.end, parts=parts), keys, key, True
    for key, value in pairs:
        if key.kind == "scalar" and key.text != "<<":
            yield value, (*keys, key.text), key, merged
