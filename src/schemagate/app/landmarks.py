"""What tells one version on the way from another: the same part in two texts, and what differs, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from schemagate.engine.edits import edits
from schemagate.fix.values import Op, Rewrite
from schemagate.report.difference import told_of
from schemagate.schema.model import Field, Schema
from schemagate.schema.walk import Part, Visit

MOST_EDITS: Final = 20


def part_of(visit: Visit[Part]) -> tuple[str, str]:
    """What tells a part of one text in another: its path, and whether it is the field or its type."""
    return visit.path, "field" if isinstance(visit.node, Field) else visit.node.kind


def moved(op: Op, places: Mapping[str, tuple[str, str]], targets: Mapping[tuple[str, str], str]) -> Op | None:
    """The change at the same part of another text; None if that has no such part."""
    if isinstance(op, Rewrite):
        return None
    around = op.pointer
    while around not in places and around:
        around = around.rpartition("/")[0]
    target = targets.get(places.get(around, ("", "")))
    if target is None:
        return None
    return replace(op, pointer=target + op.pointer[len(around) :])


def edits_between(old: Schema, new: Schema) -> Iterator[str]:
    """What differs, a line each, the first of many."""
    for edit in edits(old, new)[:MOST_EDITS]:
        name = edit.path.rpartition(".")[2]
        match edit.what:
            case "removed" if edit.subject == "field":
                yield f"leave out `{name}`"
            case "added" if edit.subject == "field":
                yield f"add `{name}`: {edit.new['type']}"
            case "default" if not edit.has_new:
                yield f"take the default of `{name}` away"
            case "symbols-added":
                yield f"add {', '.join(f'`{symbol}`' for symbol in edit.new)} to `{name}`"
            case "symbols-removed":
                yield f"take {', '.join(f'`{symbol}`' for symbol in edit.old)} out of `{name}`"
            case _:
                label, text = told_of(edit, "to")
                yield f"change `{name}`: {label} {text}"


def difference_from(last: Schema, wanted: Schema) -> Iterator[str]:
    """How the last step differs from what is wanted, a line for each part that does."""
    paths: dict[str, list[str]] = {}
    for edit in edits(wanted, last):
        label, text = told_of(edit, "to")
        paths.setdefault(edit.path, []).append(f"{label} {text.replace(' (no alias says so; they look alike)', '')}")
    for path, rows in list(paths.items())[:MOST_EDITS]:
        yield f"{path}: {', '.join(rows)}"
