"""A subject's fields over its versions: where each began, what became of it on the way, where it ended."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from schemagate.engine.edits import Edit
from schemagate.finding import Json
from schemagate.schema.fields import Flat, flat_fields, short_type, symbols_of
from schemagate.schema.model import Field, Schema, freeze

LONGEST: Final = 60
"""Characters of a default that is shown."""
STEPS: Final = frozenset(".[{<")
"""What may follow a field's path in the path of a part below it."""


class Event(msgspec.Struct, frozen=True):
    """What happened to a field in one version, given by its position, oldest first.

    ``what`` is ``born``, ``back`` (after it was retired), ``retired``, ``renamed``, ``retyped``, ``symbols``,
    ``defaulted``, ``undefaulted``, ``default`` or ``reworded`` (doc, alias, order or a property of its own).
    """

    version: int
    what: str
    text: str


class Lifeline(msgspec.Struct, frozen=True):
    """One field. ``spans`` are the versions that have it, as (first, past the last); ``path`` and ``type`` the latest.

    ``depth`` counts the records around it, 0 for a field of the root.
    """

    path: str
    type: str
    depth: int
    spans: tuple[tuple[int, int], ...]
    events: tuple[Event, ...]


def lifelines(schemas: Sequence[Schema], edits: Sequence[Sequence[Edit]]) -> tuple[Lifeline, ...]:
    """The fields of consecutive versions, oldest first; ``edits[n]`` leads from version ``n - 1`` to ``n``.

    A retired field stays where it stood among the others. A field that comes back continues its own line.
    """
    drawing = _Drawing()
    for version, (schema, made) in enumerate(zip(schemas, edits, strict=True)):
        drawing.add(version, schema, made)
    return tuple(line.done(len(schemas)) for line in drawing.lines)


class _Line(msgspec.Struct, eq=False):
    path: str
    type: str
    depth: int
    spans: list[tuple[int, int]]
    events: list[Event]
    since: int | None = None

    def done(self, end: int) -> Lifeline:
        spans = [*self.spans, *([(self.since, end)] if self.since is not None else [])]
        return Lifeline(self.path, self.type, self.depth, tuple(spans), tuple(self.events))


class _Drawing:
    def __init__(self) -> None:
        self.lines: list[_Line] = []
        self._alive: dict[str, tuple[_Line, Flat]] = {}
        self._dead: dict[str, _Line] = {}
        self._schema: Schema | None = None

    def add(self, version: int, schema: Schema, edits: Sequence[Edit]) -> None:
        """The next version."""
        fields = flat_fields(schema)
        names = _renamed(fields, edits)
        alive: dict[str, tuple[_Line, Flat]] = {}
        position = 0
        for flat in fields:
            was, how = _origin(flat.path, names)
            known = self._alive.pop(was, None)
            if known is not None:
                line, before = known
                line.events += (Event(version, *told) for told in self._changed(before, flat, schema, how))
            else:
                line = self._begun(version, flat, position)
            if line.type == "" or known is None or before.field is not flat.field:
                line.type = short_type(flat.field.type)
            line.path, line.depth = flat.path, flat.depth
            alive[flat.path] = (line, flat)
            # New lines are put after the line of the field before them.
            if position >= len(self.lines) or self.lines[position] is not line:
                position = self.lines.index(line)
            position += 1
        for line, _ in self._alive.values():
            self._end(version, line)
        self._alive = alive
        self._schema = schema

    def _begun(self, version: int, flat: Flat, position: int) -> _Line:
        line = self._dead.pop(flat.path, None)
        told = f"{short_type(flat.field.type)}, {_default(flat.field)}"
        if line is None:
            line = _Line(flat.path, "", flat.depth, [], [Event(version, "born", told)])
            self.lines.insert(position, line)
        else:
            line.events.append(Event(version, "back", told))
        line.since = version
        return line

    def _end(self, version: int, line: _Line) -> None:
        assert line.since is not None
        line.spans.append((line.since, version))
        line.since = None
        line.events.append(Event(version, "retired", ""))
        self._dead[line.path] = line

    def _changed(self, before: Flat, now: Flat, schema: Schema, how: str) -> Iterator[tuple[str, str]]:
        """What happened to a field between two versions, without what happened to the fields below it."""
        old, new = before.field, now.field
        if old is new and not new.free:
            return
        if old.name != new.name:
            doubt = {"likeness": " (no alias says so; they look alike)", "alias": " (by alias)"}.get(how, "")
            yield "renamed", f"{old.name} → {new.name}{doubt}"
        types = short_type(old.type), short_type(new.type)
        if types[0] != types[1]:
            yield "retyped", " → ".join(types)
        assert self._schema is not None
        yield from _symbols(symbols_of(old.type, self._schema), symbols_of(new.type, schema))
        if old.has_default != new.has_default:
            yield ("defaulted", _default(new)) if new.has_default else ("undefaulted", f"was {_default(old)}")
        elif freeze(old.default) != freeze(new.default):
            yield "default", f"{_json(old.default)} → {_json(new.default)}"
        if _said(old) != _said(new):
            yield "reworded", "doc, aliases, order or a property"


def _renamed(fields: Sequence[Flat], edits: Sequence[Edit]) -> dict[str, tuple[str, str]]:
    """New path → (old path, what told it) of each renamed field, at every use of the type that holds it."""
    told = {e.path: e for e in edits if e.what == "renamed" and e.subject == "field"}
    if not told:
        return {}
    types = {(flat.record, flat.field.name): told[flat.path] for flat in fields if flat.path in told}
    found: dict[str, tuple[str, str]] = {}
    for flat in fields:
        edit = types.get((flat.record, flat.field.name))
        if edit is not None:
            moved = flat.path[: -len(flat.field.name)] + str(edit.old)
            found[flat.path] = (edit.old_path if flat.path == edit.path else moved, edit.how)
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


def _origin(path: str, names: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """The path that a field had before, given the renamed fields of this version, and what told its own rename."""
    if not names:
        return path, ""
    if path in names:
        return names[path]
    for new, (old, _) in names.items():
        if path.startswith(new) and path[len(new)] in STEPS:
            return old + path[len(new) :], ""
    return path, ""


def _symbols(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if old == new or not old or not new:
        return
    words = [f"+ {symbol}" for symbol in new if symbol not in old] + [
        f"- {symbol}" for symbol in old if symbol not in new
    ]
    yield "symbols", ", ".join(words) or "reordered"


def _said(field: Field) -> tuple[object, ...]:
    return freeze(field.doc), field.aliases, field.order, freeze(dict(field.props))


def _default(field: Field) -> str:
    return f"default {_json(field.default)}" if field.has_default else "no default"


def _json(value: Json) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "a value that nests too deep to show"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
