"""From what a reader cannot read to the rule that says so: one cause an edit, whichever way it breaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from msgspec.structs import replace

from schemagate.compat.decode import DecoderConflict, decoder_conflicts
from schemagate.compat.solve import Memo, Solver
from schemagate.engine.cause import Cause
from schemagate.engine.symbols import no_symbols
from schemagate.finding import Direction, Json
from schemagate.schema.align import Rename, align
from schemagate.schema.model import Array, Enum, Field, Fixed, Map, Node, Primitive, Record, Ref, Schema, Union
from schemagate.schema.walk import Part, type_label

if TYPE_CHECKING:
    from schemagate.compat.explain import Incompatibility

BACKWARD, FORWARD = Direction.BACKWARD, Direction.FORWARD


class Side(msgspec.Struct, frozen=True):
    """The new side of an incompatibility, and which part of which schema is old and new."""

    path: str
    document: str
    pointer: str
    old: Part | None
    new: Part | None


class Renamed(NamedTuple):
    """A field that goes by two names: the new side's place, and its new type as a schema writes it."""

    old: str
    new: str
    path: str
    pointer: str
    type: str


def break_causes(
    old: Schema, new: Schema, directions: Iterable[Direction], memo: Memo, renames: frozenset[Rename]
) -> Iterator[Cause]:
    """Why the two cannot read each other in these directions; nothing for a pair that can."""
    for cause, _ in refuted(old, new, directions, memo, renames):
        yield cause


def refuted(
    old: Schema, new: Schema, directions: Iterable[Direction], memo: Memo, renames: frozenset[Rename]
) -> Iterator[tuple[Cause, Incompatibility | DecoderConflict]]:
    """Every such cause with what the search found: the two parts that do not fit, and the ways to them."""
    pairing: dict[str, dict[str, Renamed]] | None = None
    for direction in directions:
        reader, writer = (new, old) if direction is BACKWARD else (old, new)
        solver = Solver(reader, writer, memo)
        if solver.compatible():
            for conflict in decoder_conflicts(reader, writer, solver):
                yield _conflict(conflict, direction), conflict
            continue
        from schemagate.compat.explain import explain  # noqa: PLC0415 - most pairs can read each other

        if pairing is None:
            pairing = _renamed(old, new, renames)
        for incompatibility in explain(reader, writer, solver):
            if incompatibility.kind == "MISSING_ENUM_SYMBOLS":
                yield from ((cause, incompatibility) for cause in _symbols(incompatibility, direction))
            else:
                yield _classified(incompatibility, direction, pairing), incompatibility


def _conflict(conflict: DecoderConflict, direction: Direction) -> Cause:
    side = _side(conflict, direction)
    args = {"picked": conflict.picked, "written": conflict.writer.name, "fitting": list(conflict.fitting)}
    reason = f"decoders take {conflict.picked}, which cannot read it"
    return Cause(
        "decoder-picks-unreadable-branch",
        side.path,
        side.document,
        side.pointer,
        "",
        args,
        (direction,),
        {direction: reason},
    )


def _renamed(old: Schema, new: Schema, renames: frozenset[Rename]) -> dict[str, dict[str, Renamed]]:
    """Fields paired under two names: new path → (old name, new name, new path), and the same by old path."""
    by_new: dict[str, Renamed] = {}
    by_old: dict[str, Renamed] = {}
    for change in align(old, new, renames):
        if isinstance(change.old, Field) and isinstance(change.new, Field) and change.old.name != change.new.name:
            entry = Renamed(change.old.name, change.new.name, change.path, change.pointer, written(change.new.type))
            by_new[change.path] = by_old[change.old_path] = entry
    return {"new": by_new, "old": by_old}


def _side(found: Incompatibility | DecoderConflict, direction: Direction) -> Side:
    if direction is BACKWARD:
        return Side(found.path, found.reader_document, found.reader_pointer, found.writer, found.reader)
    return Side(found.writer_path, found.writer_document, found.writer_pointer, found.reader, found.writer)


def _cause(
    rule: str,
    side: Side,
    direction: Direction,
    found: Incompatibility,
    args: Mapping[str, Json],
    reason: str,
    *,
    path: str = "",
    pointer: str = "",
    part: str = "",
) -> Cause:
    return Cause(
        rule,
        path or side.path,
        side.document,
        pointer or side.pointer,
        part,
        args,
        (direction,),
        {direction: reason},
        also_at=found.also_at if direction is BACKWARD else (),
    )


def _classified(found: Incompatibility, direction: Direction, pairing: Mapping[str, Mapping[str, Renamed]]) -> Cause:
    side = _side(found, direction)
    match found.kind:
        case "READER_FIELD_MISSING_DEFAULT_VALUE":
            return _missing_field(found, side, direction, pairing)
        case "FIXED_SIZE_MISMATCH":
            return _size_change(found, side, direction)
        case "NAME_MISMATCH":
            return _name_change(found, side, direction)
        case "AMBIGUOUS_FIELD":
            field = found.reader.name if isinstance(found.reader, Field) else ""
            reason = f"`{field}` matches two fields, one by name and one by alias"
            return _cause("field-ambiguous", side, direction, found, {"field": field}, reason)
        case _:
            return _type_change(found, side, direction)


def _size_change(found: Incompatibility, side: Side, direction: Direction) -> Cause:
    assert isinstance(side.old, Fixed)
    assert isinstance(side.new, Fixed)
    args = {"name": type_label(side.new), "old": side.old.size, "new": side.new.size}
    reason = f"{_size(found.writer)} bytes are written, {_size(found.reader)} expected"
    return _cause("fixed-size-changed", side, direction, found, args, reason, part="size")


def _name_change(found: Incompatibility, side: Side, direction: Direction) -> Cause:
    assert isinstance(side.old, Record | Enum | Fixed)
    assert isinstance(side.new, Record | Enum | Fixed)
    args = {"kind": side.new.kind, "old": side.old.name, "new": side.new.name}
    reason = f"{_name(found.writer)} is not {_name(found.reader)}"
    return _cause("type-renamed", side, direction, found, args, reason, part="name")


def _missing_field(
    found: Incompatibility,
    side: Side,
    direction: Direction,
    pairing: Mapping[str, Mapping[str, Renamed]],
) -> Cause:
    assert isinstance(found.reader, Field)
    name = found.reader.name
    reason = f"no `{name}`, no default"
    if direction is BACKWARD:
        renamed = pairing["new"].get(found.path)
        if renamed is not None:
            return _rename(renamed, side, direction, found, reason)
        return _cause("field-added-without-default", side, direction, found, {"field": name}, reason)
    renamed = pairing["old"].get(found.path)
    if renamed is not None:
        return _rename(renamed, side, direction, found, reason)
    return _cause(
        "field-removed-without-default", side, direction, found, {"field": name}, reason, path=found.path, part="name"
    )


def _rename(renamed: Renamed, side: Side, direction: Direction, found: Incompatibility, reason: str) -> Cause:
    args = {"old": renamed.old, "new": renamed.new}
    place = {"path": renamed.path, "pointer": renamed.pointer}
    return replace(_cause("field-renamed", side, direction, found, args, reason, **place), words={"type": renamed.type})


def written(node: Node) -> str:
    """A type as a schema writes it, null left out; an ellipsis for one that takes more than a word."""
    while isinstance(node, Union):
        others = [branch for branch in node.branches if branch.kind != "null"]
        if len(others) != 1:
            return "…"
        node = others[0]
    if isinstance(node, Record | Enum | Fixed | Ref):
        return node.name
    return node.kind if isinstance(node, Primitive) and node.logical is None and not node.props else "…"


def _symbols(found: Incompatibility, direction: Direction) -> Iterator[Cause]:
    """A cause for each symbol, since each has versions of its own that do not know it."""
    assert isinstance(found.reader, Enum)
    assert isinstance(found.writer, Enum)
    side = _side(found, direction)
    known = frozenset(found.reader.symbols)
    rule = "enum-symbol-removed" if direction is BACKWARD else "enum-symbol-added"
    for symbol in found.writer.symbols:
        if symbol not in known:
            args = {"name": type_label(found.writer), "symbols": [symbol]}
            yield _cause(rule, side, direction, found, args, no_symbols([symbol]), part="symbols")


def _type_change(found: Incompatibility, side: Side, direction: Direction) -> Cause:
    """TYPE_MISMATCH and MISSING_UNION_BRANCH: null, a branch, or the whole type."""
    if isinstance(found.writer, Primitive | Record | Enum | Fixed | Array | Map) and _meets_a_branch(found):
        label = type_label(found.writer)
        if found.writer.kind == "null":
            rule = "nullability-removed" if direction is BACKWARD else "nullability-added"
            return _cause(rule, side, direction, found, {}, "no place for null")
        rule = "union-branch-removed" if direction is BACKWARD else "union-branch-added"
        return _cause(rule, side, direction, found, {"branch": label}, f"no place for {label}")
    args = {"old": spelled(side.old), "new": spelled(side.new)}
    reason = f"{spelled(found.writer)} cannot be read as {spelled(found.reader)}"
    return _cause("field-type-changed", side, direction, found, args, reason)


def _meets_a_branch(found: Incompatibility) -> bool:
    """Whether one branch of the writer's union finds no place, rather than one type that became another."""
    writer_branch = found.writer_pointer.rpartition("/")[2].isdigit()
    if found.kind == "MISSING_UNION_BRANCH":
        return writer_branch or isinstance(found.writer, Record | Enum | Fixed)
    return writer_branch and not found.reader_pointer.rpartition("/")[2].isdigit()


def spelled(part: Part | None) -> str:
    """A type in few words: ``string``, ``array of long``, ``union of null and string``, ``record Address``."""
    words: list[str] = []
    node: Part | None = part
    while node is not None:
        if isinstance(node, Field):
            node = node.type
            continue
        if node.kind in ("array", "map"):
            words.append(f"{node.kind} of ")
            node = node.items if node.kind == "array" else node.values  # type: ignore[union-attr]
            continue
        if isinstance(node, Union):
            labels = [type_label(b) for b in node.branches]
            words.append("union of " + (" and ".join(labels) if len(labels) < 4 else f"{len(labels)} types"))
        elif isinstance(node, Record | Enum | Fixed | Ref):
            words.append(type_label(node) if isinstance(node, Ref) else f"{node.kind} {type_label(node)}")
        else:
            words.append(node.kind)
        node = None
    return "".join(words) or "nothing"


def _size(part: Part | None) -> int:
    return part.size if isinstance(part, Fixed) else 0


def _name(part: Part | None) -> str:
    return part.name if isinstance(part, Record | Enum | Fixed) else ""
