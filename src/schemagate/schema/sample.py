"""Makes data of a schema from a chooser: repeatable, bounded, within what the logical types mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Protocol

import msgspec

from schemagate.schema.datum import Chosen, Datum, Smallest, label
from schemagate.schema.model import Array, Decimal, Enum, Fixed, Map, Node, Primitive, Record, Schema, Union

BUDGET: Final = 200
"""Values of one datum after which every further one is the smallest of its type."""
LONGEST: Final = 4
"""Items of an array or a map."""
LEVELS: Final = 12
"""How deep free choice goes; below, everything is as small as its type allows."""

WORDS: Final = (
    "alpha", "order", "Berlin", "paid", "customer", "2024", "invoice", "mobile", "checkout", "eu-west-1",
    "anna@example.com", "pending review", "Straße", "日本", "🙂", "https://example.com/a?b=c",
)  # fmt: skip
DAY: Final = 86_400
FIRST_DAY: Final = 18_262
"""2020-01-01 in days since 1970; dates and timestamps lie in the ten years that follow."""
DAYS: Final = 3_652


class Chooser(Protocol):
    """Where choice comes from."""

    def below(self, bound: int) -> int:
        """A whole number from 0 to ``bound - 1``."""


class Seeded:
    """The same choices for the same seed, on every machine and Python.

    Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (SplitMix64).
    """

    __slots__ = ("_state",)

    def __init__(self, seed: int) -> None:
        self._state = seed % 2**64

    def below(self, bound: int) -> int:
        self._state = mixed = (self._state + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB & 0xFFFFFFFFFFFFFFFF
        return (mixed ^ (mixed >> 31)) % bound


def samples(schema: Schema, count: int, seed: int = 0, smallest: Smallest | None = None) -> Iterator[Datum]:
    """``count`` data of a schema, the same for the same seed; none if the schema has no datum of bounded size."""
    small = smallest or Smallest(schema)
    if small.fault():
        return
    chooser = Seeded(seed)
    for _ in range(count):
        yield sample(small, chooser)


def sample(small: Smallest, chooser: Chooser, budget: int = BUDGET) -> Datum:
    """One datum of ``small.schema``, of about ``budget`` values at most; ValueError if the schema has no datum."""
    return Sampler(small)(chooser, budget)


class Sampler:
    """:func:`sample` for one schema: what is possible where is worked out once for all its data."""

    def __init__(self, small: Smallest) -> None:
        self._small = small
        self._plans: dict[int, _Plan] = {}

    def __call__(self, chooser: Chooser, budget: int = BUDGET) -> Datum:
        small, plans = self._small, self._plans
        result: list[Datum] = [None]
        # What is found below is appended to the list that is gone through: level by level, as a queue would.
        queue: list[tuple[Node, Any, Any, int]] = [(small.schema.root, result, 0, 0)]
        for node, target, key, level in queue:
            plan = plans.get(id(node)) or self._plan(node)
            make = plan.make
            budget -= 1
            if budget < 0 or level > LEVELS:
                made: Datum = small.of(node)
            elif make is not None:
                made = make(chooser)
            elif plan.branches:
                branch, name = plan.branches[chooser.below(len(plan.branches))]
                made = Chosen(name, None)
                queue.append((branch, made, None, level))
            elif plan.fields is not None:
                made = dict.fromkeys(plan.fields)
                queue += [(kind, made, name, level + 1) for name, kind in plan.fields.items()]
            else:
                made = _many(plan.node, small, chooser, queue, level)  # type: ignore[arg-type]
            if key is None:
                target.value = made
            else:
                target[key] = made
        return result[0]

    def _plan(self, node: Node) -> _Plan:
        resolved = self._small.schema.resolve(node)
        made = self._plans[id(node)] = self._made(resolved)
        return made

    def _made(self, node: Node) -> _Plan:
        if isinstance(node, Primitive):
            return _Plan(node, make=maker(node))
        if isinstance(node, Enum | Fixed):
            return _Plan(node, make=lambda chooser: scalar(node, chooser))
        if isinstance(node, Record):
            return _Plan(node, fields={field.name: field.type for field in node.fields})
        if isinstance(node, Union):
            resolve, size = self._small.schema.resolve, self._small.size
            possible = [(branch, label(resolve(branch))) for branch in node.branches if size(branch) is not None]
            if not possible:
                raise ValueError("a union none of whose branches has a finite value")
            return _Plan(node, branches=possible)
        return _Plan(node)


class _Plan(msgspec.Struct, frozen=True, eq=False):
    """What is to be done for a type: its values are made, it has branches or fields, or it is an array or a map."""

    node: Node
    make: Callable[[Chooser], Datum] | None = None
    branches: list[tuple[Node, str]] | None = None
    fields: dict[str, Node] | None = None


def _many(
    node: Array | Map, small: Smallest, chooser: Chooser, queue: list[tuple[Node, Any, Any, int]], level: int
) -> Datum:
    inside = node.items if isinstance(node, Array) else node.values
    count = chooser.below(LONGEST) if small.size(inside) is not None else 0
    keys = [f"{WORDS[chooser.below(len(WORDS))]}{position}" for position in range(count)]
    made: Datum = [None] * count if isinstance(node, Array) else dict.fromkeys(keys)
    queue.extend((inside, made, at, level + 1) for at in (range(count) if isinstance(node, Array) else keys))
    return made


def scalar(node: Primitive | Enum | Fixed, chooser: Chooser) -> Datum:
    """A value of a type without parts; ValueError for an enum without symbols."""
    if isinstance(node, Enum):
        if not node.symbols:
            raise ValueError(f"{node.name} has no symbols")
        return node.symbols[chooser.below(len(node.symbols))]
    if isinstance(node, Fixed):
        if isinstance(node.logical, Decimal):
            return _digits(node.logical, chooser).to_bytes(node.size, "big", signed=True)
        return bytes(chooser.below(256) for _ in range(node.size)) if node.size <= 1_024 else bytes(node.size)
    return maker(node)(chooser)


def maker(node: Primitive) -> Callable[[Chooser], Datum]:
    """What makes values of a primitive type."""
    logical = node.logical
    if isinstance(logical, Decimal):
        return lambda chooser: _decimal_bytes(logical, chooser)
    return MEANT.get(logical.name if logical is not None else "") or PLAIN[node.kind]


def _decimal_bytes(decimal: Decimal, chooser: Chooser) -> bytes:
    number = _digits(decimal, chooser)
    return number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True)


def _digits(decimal: Decimal, chooser: Chooser) -> int:
    digits = 1 + chooser.below(min(decimal.precision, 18))
    number = chooser.below(10**digits)
    return -number if chooser.below(8) == 0 else number


def _whole(bits: int) -> Callable[[Chooser], int]:
    """Mostly small numbers, as people's data has, and now and then the ends of the range."""

    def make(chooser: Chooser) -> int:
        size = chooser.below(10)
        if size == 0:
            return (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1, -1, 0)[chooser.below(4)]
        number = chooser.below((100, 10_000, 2**31 - 1, 2 ** (bits - 1))[chooser.below(4)])
        return -number if size == 1 else number

    return make


def _text(chooser: Chooser) -> str:
    return " ".join(WORDS[chooser.below(len(WORDS))] for _ in range(chooser.below(4)))


def _float(chooser: Chooser) -> float:
    """Eighths: a float of four bytes holds them exactly."""
    return (chooser.below(2_000_001) - 1_000_000) / 8


def _double(chooser: Chooser) -> float:
    return (chooser.below(2_000_000_001) - 1_000_000_000) / 1_000


def _uuid(chooser: Chooser) -> str:
    """A random one, version 4 (RFC 9562)."""
    number = chooser.below(2**64) << 64 | chooser.below(2**64)
    digits = f"{number & ~(0xF000 << 64) & ~(0xC000 << 48) | 0x4000 << 64 | 0x8000 << 48:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _big_decimal(chooser: Chooser) -> bytes:
    number, scale = chooser.below(100_000), chooser.below(5)
    digits = number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True)
    return bytes((2 * len(digits),)) + digits + bytes((2 * scale,))


def _moment(per_second: int) -> Callable[[Chooser], int]:
    return lambda chooser: (FIRST_DAY * DAY + chooser.below(DAYS * DAY)) * per_second + chooser.below(per_second)


PLAIN: Final[Mapping[str, Callable[[Chooser], Datum]]] = {
    "null": lambda _: None,
    "boolean": lambda chooser: chooser.below(2) == 1,
    "int": _whole(32),
    "long": _whole(64),
    "float": _float,
    "double": _double,
    "bytes": lambda chooser: bytes(chooser.below(256) for _ in range(chooser.below(12))),
    "string": _text,
}

MEANT: Final[Mapping[str, Callable[[Chooser], Datum]]] = {
    "uuid": _uuid,
    "big-decimal": _big_decimal,
    "date": lambda chooser: FIRST_DAY + chooser.below(DAYS),
    "time-millis": lambda chooser: chooser.below(DAY * 10**3),
    "time-micros": lambda chooser: chooser.below(DAY * 10**6),
    **{
        f"{where}timestamp-{unit}": _moment(per_second)
        for where in ("", "local-")
        for unit, per_second in (("millis", 10**3), ("micros", 10**6), ("nanos", 10**9))
    },
}
