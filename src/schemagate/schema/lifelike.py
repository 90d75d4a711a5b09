"""Makes generated data look like what its fields' names promise: ids, addresses, moments, as long as real ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from schemagate.schema.datum import Chosen, Datum, label
from schemagate.schema.model import Array, Enum, Fixed, Node, Primitive, Record, Schema, Union
from schemagate.schema.sample import MEANT, Chooser

PEOPLE: Final = ("Anna", "Mehmet", "Chloé", "Jürgen", "Priya", "Tomasz", "Amara", "Luis", "Yuki", "Ingrid")
FAMILIES: Final = (
    "Schmidt",
    "Özdemir",
    "Dupont",
    "Müller",
    "Patel",
    "Kowalski",
    "Okafor",
    "García",
    "Tanaka",
    "Lindqvist",
)
CITIES: Final = ("Berlin", "İstanbul", "Paris", "München", "Mumbai", "Kraków", "Lagos", "Madrid", "Osaka", "Göteborg")
COUNTRIES: Final = ("DE", "TR", "FR", "AT", "IN", "PL", "NG", "ES", "JP", "SE")
MONEY: Final = ("EUR", "USD", "GBP", "TRY", "INR", "PLN", "JPY", "SEK")
WORDS: Final = (
    "order",
    "was",
    "left",
    "at",
    "the",
    "door",
    "customer",
    "asked",
    "for",
    "a",
    "call",
    "before",
    "delivery",
)
FIRST_MILLIS: Final = 1_735_689_600_000
"""2025-01-01 in milliseconds since 1970."""
YEAR_MILLIS: Final = 31_536_000_000

Make = Callable[[Chooser], Datum]


def _one(words: tuple[str, ...]) -> Make:
    return lambda chooser: words[chooser.below(len(words))]


def _mail(chooser: Chooser) -> str:
    return f"{_one(PEOPLE)(chooser)}.{_one(FAMILIES)(chooser)}@example.com".lower()


def _sentence(chooser: Chooser) -> str:
    return " ".join(WORDS[chooser.below(len(WORDS))] for _ in range(4 + chooser.below(9)))


def _link(chooser: Chooser) -> str:
    return f"https://shop.example.com/{WORDS[chooser.below(len(WORDS))]}/{chooser.below(100_000)}"


def _moment(chooser: Chooser) -> int:
    return FIRST_MILLIS + chooser.below(YEAR_MILLIS)


TEXTS: Final[tuple[tuple[re.Pattern[str], Make], ...]] = (
    (re.compile(r"(^|_)(id|uuid|guid|key|token|hash)$"), MEANT["uuid"]),
    (re.compile(r"mail"), _mail),
    (re.compile(r"(first|given)_?name"), _one(PEOPLE)),
    (re.compile(r"(last|family|sur)_?name"), _one(FAMILIES)),
    (re.compile(r"name$"), lambda c: f"{_one(PEOPLE)(c)} {_one(FAMILIES)(c)}"),
    (re.compile(r"city|town"), _one(CITIES)),
    (re.compile(r"country|locale|language"), _one(COUNTRIES)),
    (re.compile(r"currency"), _one(MONEY)),
    (re.compile(r"url|uri|link|href|referrer"), _link),
    (re.compile(r"phone|mobile"), lambda c: f"+49 30 {c.below(9_000_000) + 1_000_000}"),
    (re.compile(r"zip|postal"), lambda c: f"{c.below(90_000) + 10_000}"),
    (re.compile(r"street|address"), lambda c: f"{_one(FAMILIES)(c)}straße {1 + c.below(200)}"),
    (re.compile(r"message|comment|description|text|note|reason"), _sentence),
    (
        re.compile(r"(^|_)(at|time|timestamp|date)$"),
        lambda c: f"2025-0{1 + c.below(9)}-1{c.below(10)}T1{c.below(10)}:30:00Z",
    ),
    (re.compile(r"code|sku|number|ref|version"), lambda c: f"{'ABCDEFGH'[c.below(8)]}{c.below(900_000) + 100_000}"),
)
"""A field's name in snake case → texts that such a field holds; the first that fits counts."""
MOMENTS: Final = re.compile(r"(^|_)(at|time|timestamp|date|ts|created|updated)$")
COUNTS: Final = re.compile(r"quantity|count|total|number|size|percent|age|stars|hits|amount")


def lifelike(datum: Datum, schema: Schema, chooser: Chooser) -> Datum:
    """The datum, anew, with the plain texts and numbers of its fields replaced.

    What has a logical type, or a name that promises nothing, stays. Texts in arrays and maps take the field's name.
    """
    return Retelling(schema)(datum, chooser)


class Retelling:
    """:func:`lifelike` for one schema: what its fields' names promise is worked out once for all its data."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._fields: dict[str, list[tuple[Node, str, str, Make | None]]] = {}
        self._branches: dict[tuple[int, str, str], tuple[Node, Make | None]] = {}

    def __call__(self, datum: Datum, chooser: Chooser) -> Datum:
        root = self._schema.resolve(self._schema.root)
        result: list[Datum] = [datum]
        stack: list[tuple[Node, Any, Any, str, Make | None]] = [] if _is_leaf(root) else [(root, result, 0, "", None)]
        while stack:
            node, target, key, name, make = stack.pop()
            value = target[key]
            if make is not None:
                target[key] = make(chooser)
            elif isinstance(value, Chosen):
                branch, make = self._branch(node, value.branch, name)  # type: ignore[arg-type]
                if make is not None:
                    target[key] = Chosen(value.branch, make(chooser))
                elif not _is_leaf(branch):
                    own = value.value.copy()
                    target[key] = Chosen(value.branch, own)
                    self._enter(branch, own, name, stack)
            else:
                # A container of its own: data that was made small shares its parts.
                target[key] = own = value.copy()
                self._enter(node, own, name, stack)
        return result[0]

    def _enter(self, node: Node, own: Datum, name: str, stack: list[tuple[Node, Any, Any, str, Make | None]]) -> None:
        if isinstance(node, Record):
            stack += [
                (kind, own, field, promised, make)
                for kind, field, promised, make in self._of_record(node)
                if make is not None or not isinstance(own[field], Chosen) or own[field].branch != "null"
            ]
            return
        inside = self._schema.resolve(node.items if isinstance(node, Array) else node.values)  # type: ignore[union-attr]
        make = _maker(inside, name)
        if make is not None or not _is_leaf(inside):
            stack += [(inside, own, at, name, make) for at in (range(len(own)) if isinstance(node, Array) else own)]

    def _of_record(self, record: Record) -> list[tuple[Node, str, str, Make | None]]:
        """Type, name, name in snake case and maker of each field that has something to replace."""
        known = self._fields.get(record.name)
        if known is None:
            known = self._fields[record.name] = []
            for field in record.fields:
                node, name = self._schema.resolve(field.type), _snake(field.name)
                make = _maker(node, name)
                if make is not None or not _is_leaf(node):
                    known.append((node, field.name, name, make))
        return known

    def _branch(self, union: Union, branch: str, name: str) -> tuple[Node, Make | None]:
        key = (id(union), branch, name)
        known = self._branches.get(key)
        if known is None:
            node = next(node for node in map(self._schema.resolve, union.branches) if label(node) == branch)
            known = self._branches[key] = (node, _maker(node, name))
        return known


def _is_leaf(node: Node) -> bool:
    return isinstance(node, Primitive | Enum | Fixed)


def _maker(node: Node, name: str) -> Make | None:
    """What makes a value for a field of this name; None where its name or its type promises nothing."""
    if not isinstance(node, Primitive) or node.logical is not None or not name:
        return None
    if node.kind == "string":
        return next((make for pattern, make in TEXTS if pattern.search(name)), None)
    if node.kind == "long" and MOMENTS.search(name):
        return _moment
    return _count if node.kind in ("int", "long") and COUNTS.search(name) else None


def _count(chooser: Chooser) -> int:
    return chooser.below(10) * chooser.below(12)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
