"""Event schemas that live: each grows, loses, renames and rewords fields, and stays fully compatible with its past.

A field without a default stays for ever, with the type that it has; whatever comes later has a default. No name is
used twice. So every version reads every other one, until ``bench.breaks`` is let loose.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

Json = dict[str, Any]

_WORDS: Final = json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))
THINGS, TRAITS, VERBS, SYMBOLS = (_WORDS[kind] for kind in ("things", "traits", "verbs", "symbols"))
SENTENCES: Final = (
    "As the upstream system assigned it; not unique across regions.",
    "In minor units of the currency beside it.",
    "When the source last changed this record, in UTC.",
    "Kept for consumers of the first release; new ones read the total.",
    "What the customer typed, unchecked (naïve, Straße, 東京).",
    "One of the values that the data catalogue lists.",
    "Empty until the back office has confirmed the case.",
)
PLAIN: Final = (
    ("string", "", 40), ("long", 0, 12), ("int", 0, 9), ("boolean", False, 8), ("double", 0.0, 7), ("bytes", "", 3),
    ({"type": "long", "logicalType": "timestamp-millis"}, 0, 7),
    ({"type": "long", "logicalType": "timestamp-micros"}, 0, 4),
    ({"type": "int", "logicalType": "date"}, 0, 4),
    ({"type": "string", "logicalType": "uuid"}, "", 4),
    ({"type": "bytes", "logicalType": "decimal", "precision": 18, "scale": 4}, "", 4),
)  # fmt: skip
"""(type, its natural default, how often)."""
DEEPEST: Final = 3


@dataclass(slots=True)
class Event:
    """One event's schema as it stands, and what may happen to it next."""

    rng: random.Random
    schema: Json
    number: int
    records: list[Json] = field(default_factory=list)
    """Every record that is still part of the schema, the event itself first."""
    enums: list[Json] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    removed: list[tuple[Json, str, Any]] = field(default_factory=list)
    """(record, field name, type) of what was taken away."""

    @property
    def size(self) -> int:
        """How many fields there are, in nested records too."""
        return sum(len(record["fields"]) for record in self.records)

    def fresh(self, start: str = "") -> str:
        """A snake_case field name that this event never had."""
        while True:
            words = [self.rng.choice(THINGS), self.rng.choice(TRAITS)]
            if self.rng.random() < 0.4:
                words.append(self.rng.choice(TRAITS))
            name = "_".join([start, *words] if start else words)
            if name not in self.used:
                self.used.add(name)
                return name

    def type_name(self, end: str) -> str:
        """A name that no other event's type has: the event's own number is in it."""
        return f"{pascal(self.fresh())}{end}{self.number}"


def pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def born(rng: random.Random, number: int, fields: int, team: str = "") -> Event:
    """A new event with about so many fields; its name is unique by its number."""
    thing, verb = rng.choice(THINGS), rng.choice(VERBS)
    name = pascal(f"{thing}_{rng.choice(TRAITS)}_{verb}") + str(number)
    namespace = f"com.example.{team or thing}"
    doc = f"Told by the {thing} service when something is {verb}."
    schema: Json = {"type": "record", "name": name, "namespace": namespace, "doc": doc, "fields": []}
    event = Event(rng, schema, number)
    event.records.append(schema)
    money = {
        "type": "record",
        "name": f"Money{number}",
        "fields": [{"name": "units", "type": "long"}, {"name": "currency", "type": "string"}],
    }
    schema["fields"] = [
        {"name": "event_id", "type": {"type": "string", "logicalType": "uuid"}},
        {"name": "occurred_at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "total", "type": money},
    ]
    event.used |= {"event_id", "occurred_at", "total"}
    while event.size < fields:
        grow(event, required=rng.random() < 0.4)
    return event


def grow(event: Event, *, required: bool = False, record: Json | None = None, depth: int = 0) -> None:
    """One more field, after the first three, which define what later ones may name."""
    rng, record = event.rng, event.schema if record is None else record
    type_, default = _type(event, depth)
    told: Json = {"name": event.fresh(), "type": type_}
    if rng.random() < 0.35 or (not required and default is None):
        told |= {"type": ["null", type_], "default": None}
    elif not required:
        told["default"] = default
    if rng.random() < 0.4:
        told["doc"] = rng.choice(SENTENCES)
    fields = record["fields"]
    fields.insert(rng.randint(max(3, len(fields) - 4), max(3, len(fields))), told)


def _type(event: Event, depth: int) -> tuple[Any, Any]:
    """(a type, its natural default or None)."""
    rng, chance = event.rng, event.rng.random()
    if chance < 0.60:
        return plain(rng)
    if chance < 0.70:
        symbols = rng.sample(SYMBOLS, rng.randint(3, 10))
        enum: Json = {"type": "enum", "name": event.type_name("Kind"), "symbols": symbols}
        if rng.random() < 0.75:
            enum["default"] = symbols[0]
        event.enums.append(enum)
        return enum, symbols[0]
    if chance < 0.78:
        return {"type": "array", "items": plain(rng)[0]}, []
    if chance < 0.86:
        return {"type": "map", "values": plain(rng)[0]}, {}
    if chance < 0.89:
        return {"type": "fixed", "name": event.type_name("Digest"), "size": rng.choice((16, 20, 32))}, None
    if chance < 0.92 and not depth:
        return f"Money{event.number}", None
    if depth >= DEEPEST:
        return "string", ""
    record: Json = {"type": "record", "name": event.type_name("Part"), "fields": []}
    event.records.append(record)
    for _ in range(rng.randint(3, 9)):
        grow(event, required=rng.random() < 0.5, record=record, depth=depth + 1)
    return ({"type": "array", "items": record}, []) if rng.random() < 0.3 else (record, None)


def plain(rng: random.Random) -> tuple[Any, Any]:
    type_, default, _ = rng.choices(PLAIN, [often for *_, often in PLAIN])[0]
    return (dict(type_) if isinstance(type_, dict) else type_), default


def live(event: Event) -> None:
    """The next version: one to three small changes."""
    for _ in range(event.rng.choice((1, 1, 1, 2, 3))):
        move = event.rng.choices([move for move, _ in MOVES], [often for _, often in MOVES])[0]
        record = event.rng.choice(event.records) if event.rng.random() < 0.4 else event.schema
        move(event, record)


def _grow(event: Event, record: Json) -> None:
    grow(event, record=record, depth=0 if record is event.schema else 1)


def _shrink(event: Event, record: Json) -> None:
    spare = [one for one in record["fields"] if "default" in one]
    if spare and len(record["fields"]) > 4:
        gone = event.rng.choice(spare)
        record["fields"].remove(gone)
        event.removed.append((record, gone["name"], gone["type"]))
        _forget(event, gone["type"])


def _forget(event: Event, type_: object) -> None:
    """What a removed field defined does not evolve any more."""
    todo: list[object] = [type_]
    while todo:
        one = todo.pop()
        if isinstance(one, list):
            todo += one
        elif isinstance(one, dict):
            event.records = [record for record in event.records if record is not one]
            event.enums = [enum for enum in event.enums if enum is not one]
            todo += [inner["type"] for inner in one.get("fields", ())]
            todo += [one[key] for key in ("items", "values") if key in one]


def _learn_symbol(event: Event, record: Json) -> None:
    """An enum with a default learns a symbol; old readers fall back on their default."""
    del record
    able = [enum for enum in event.enums if "default" in enum and len(enum["symbols"]) < len(SYMBOLS)]
    if able:
        symbols = event.rng.choice(able)["symbols"]
        symbols.append(event.rng.choice([symbol for symbol in SYMBOLS if symbol not in symbols]))


def _reword(event: Event, record: Json) -> None:
    said = f"{event.rng.choice(SENTENCES)} (Ticket {event.rng.randint(100, 9999)}.)"
    event.rng.choice(record["fields"])["doc"] = said


def _reorder(event: Event, record: Json) -> None:
    fields = record["fields"]
    if len(fields) > 4:
        fields.append(fields.pop(event.rng.randrange(3, len(fields))))


def _rename(event: Event, record: Json) -> None:
    """Once in a field's life, with the old name as an alias."""
    able = [one for one in record["fields"] if "default" in one and "aliases" not in one]
    if able:
        one = event.rng.choice(able)
        one["aliases"] = [one["name"]]
        one["name"] = event.fresh()


def _string_or_bytes(event: Event, record: Json) -> None:
    """Text and bytes read each other."""
    able = [one for one in record["fields"] if one["type"] in ("string", "bytes")]
    if able:
        one = event.rng.choice(able)
        one["type"] = "bytes" if one["type"] == "string" else "string"


def _own(event: Event, record: Json) -> None:
    record["owner"] = f"team-{event.rng.randint(1, 30)}"


MOVES: Final[tuple[tuple[Callable[[Event, Json], None], int], ...]] = (
    (_grow, 50), (_shrink, 8), (_learn_symbol, 15), (_reword, 12), (_reorder, 4), (_rename, 4), (_string_or_bytes, 3),
    (_own, 4),
)  # fmt: skip
"""(what happens, how often of a hundred)."""
