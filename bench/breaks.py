"""Changes to an event that hurt somebody: a published version that cannot read it, or cannot be read by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from bench.events import Event, Json


def break_it(event: Event) -> str:
    """Changes the event so that some version cannot read it or be read by it; says how."""
    breaks = list(BREAKS)
    event.rng.shuffle(breaks)
    for one in breaks:
        if one(event):
            return one.__name__.strip("_")
    raise AssertionError("a required field can always be added")


def _required_added(event: Event) -> bool:
    event.schema["fields"].append({"name": event.fresh(), "type": "string"})
    return True


def _required(event: Event) -> Iterator[tuple[Json, Json]]:
    """(record, field) where no default helps, past the first three."""
    return ((r, one) for r in event.records for one in r["fields"][3:] if "default" not in one)


def _required_removed(event: Event) -> bool:
    able = list(_required(event))
    if able:
        record, one = event.rng.choice(able)
        record["fields"].remove(one)
    return bool(able)


def _required_renamed(event: Event) -> bool:
    able = list(_required(event))
    if able:
        event.rng.choice(able)[1]["name"] = event.fresh()
    return bool(able)


def _retyped(event: Event) -> bool:
    able = [one for _, one in _required(event) if one["type"] in ("string", "boolean", "double")]
    if able:
        event.rng.choice(able)["type"] = "int"
    return bool(able)


def _widened(event: Event) -> bool:
    """New readers read old data; old readers do not read new data."""
    able = [one for _, one in _required(event) if one["type"] == "int"]
    if able:
        event.rng.choice(able)["type"] = "long"
    return bool(able)


def _null_removed(event: Event) -> bool:
    able = [one for r in event.records for one in r["fields"] if one["type"] in (["null", "string"], ["null", "long"])]
    if able:
        one = event.rng.choice(able)
        one["type"] = one["type"][1]
        one["default"] = "" if one["type"] == "string" else 0
    return bool(able)


def _symbol_removed(event: Event) -> bool:
    able = [enum for enum in event.enums if "default" not in enum]
    if able:
        event.rng.choice(able)["symbols"].pop()
    return bool(able)


def _removed_name_reused(event: Event) -> bool:
    """Breaks with old versions only: the newest one never had the field."""
    able = [
        (record, name)
        for record, name, type_ in event.removed
        if type_ in ("string", "long", "int", "boolean", "double") and any(record is one for one in event.records)
    ]
    if able:
        record, name = event.rng.choice(able)
        record["fields"].append({"name": name, "type": {"type": "array", "items": "int"}, "default": []})
    return bool(able)


BREAKS: Final[tuple[Callable[[Event], bool], ...]] = (
    _required_added, _required_removed, _required_renamed, _retyped, _widened, _null_removed, _symbol_removed,
    _removed_name_reused,
)  # fmt: skip
