"""Makes generated data look like what its fields' names promise: ids, addresses, moments, as long as real ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from schemagate.schema.datum import Chosen, Datum, label
from schemagate.schema.model import Array, Map, Node, Primitive, Record, Schema, Union
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
    result: list[Datum] = [datum]
    stack: list[tuple[Node, Any, Any, str]] = [(schema.root, result, 0, "")]
    while stack:
        node, target, key, name = stack.pop()
        node = schema.resolve(node)
        chosen = isinstance(target, Chosen)
        value = target.value if chosen else target[key]
        if isinstance(node, Primitive):
            made = _made(node, name, chooser)
            if made is not None and chosen:
                target.value = made
            elif made is not None:
                target[key] = made
        else:
            own = _copied(value)
            if chosen:
                target.value = own
            else:
                target[key] = own
            stack.extend(_inside(node, own, name, schema))
    return result[0]


def _copied(value: Datum) -> Datum:
    """A container of its own: data that was made small shares its parts."""
    if isinstance(value, dict | list):
        return value.copy()
    return Chosen(value.branch, value.value) if isinstance(value, Chosen) else value


def _inside(node: Node, value: Datum, name: str, schema: Schema) -> Iterator[tuple[Node, Any, Any, str]]:
    if isinstance(node, Record):
        yield from ((field.type, value, field.name, _snake(field.name)) for field in node.fields)
    elif isinstance(node, Array):
        yield from ((node.items, value, position, name) for position in range(len(value)))
    elif isinstance(node, Map):
        yield from ((node.values, value, key, name) for key in value)
    elif isinstance(node, Union) and isinstance(value, Chosen):
        for branch in node.branches:
            if label(schema.resolve(branch)) == value.branch:
                yield branch, value, None, name


def _made(node: Primitive, name: str, chooser: Chooser) -> Datum:
    """A value for a field of this name; None where its name or its type promises nothing."""
    if node.logical is not None or not name:
        return None
    if node.kind == "string":
        return next((make(chooser) for pattern, make in TEXTS if pattern.search(name)), None)
    if node.kind == "long" and MOMENTS.search(name):
        return _moment(chooser)
    if node.kind in ("int", "long") and COUNTS.search(name):
        return chooser.below(10) * chooser.below(12)
    return None


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
