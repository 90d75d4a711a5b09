"""Every default of one document against its type, once names are known."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from schemagate.finding import Problem
from schemagate.schema.defaults import Matcher, RecursiveDefaultError, scalar_fit
from schemagate.schema.hole import HOLE
from schemagate.schema.java_order import Forward, recursive_defaults
from schemagate.schema.members import At, pointer
from schemagate.schema.model import Array, Field, Map, Named, Node, Primitive, Ref, Union
from schemagate.schema.survey import Defined, Survey, Use

UNKNOWN = Primitive("null", None, HOLE)
"""What an undefined name means here: its own finding says enough."""


def default_problems(seen: Survey, types: Mapping[str, Named], early: Collection[Use]) -> Iterator[Problem]:
    """``early`` are the uses of names before their definition's end."""
    forward: Forward = {(use.field, use.ref) for use in early}

    def target(ref: Ref) -> Node:
        return types.get(ref.name) or types.get(ref.fallback) or UNKNOWN

    checker = _Checker(target, forward)
    for field, at in seen.defaults:
        if not obvious(field):
            problem = checker.check(field, at)
            if problem is not None:
                yield problem
    if checker.opened and forward:
        yield from _copying(seen, target, forward, checker.recursive)


def obvious(field: Field) -> bool:
    """Whether a default fits at first sight, as nearly all do."""
    node, value = field.type, field.default
    if isinstance(node, Union):
        return value is None and any(branch.kind == "null" for branch in node.branches)
    if isinstance(node, Array | Map):
        return not value and isinstance(value, list if isinstance(node, Array) else dict)
    return scalar_fit(node, value, exact=True) is True


class _Checker:
    def __init__(self, target: Callable[[Ref], Node], forward: Forward) -> None:
        self.forward = forward
        self.java = Matcher(lambda ref, _: target(ref), exact=False)
        self.specification = Matcher(lambda ref, _: target(ref), exact=True)
        self.parsing = Matcher(lambda ref, field: None if (field, ref) in forward else target(ref), exact=False)
        self.opened = False
        self.recursive: set[Field] = set()

    def check(self, field: Field, at: At) -> Problem | None:
        java = self.java
        java.named = java.opened = False
        try:
            fits = java.fits(field)
        except RecursiveDefaultError as error:
            self.recursive.add(field)
            return recursive(at, error.record)
        self.opened = self.opened or java.opened
        if not fits:
            return _misfit("bad-default", at, java)
        if java.named and self.forward and not self.parsing.fits(field):
            return _misfit("bad-default", at, self.parsing)
        try:
            exact = self.specification.fits(field)
        except RecursiveDefaultError:
            exact = True
        return None if exact else _misfit("default-not-exact", at, self.specification, refused=False)


def _copying(
    seen: Survey, target: Callable[[Ref], Node], forward: Forward, told: Collection[Field]
) -> Iterator[Problem]:
    """Defaults that only fail while Java copies its records."""
    first: dict[str, Named] = {}
    for event in seen.events:
        if isinstance(event, Defined):
            first.setdefault(event.node.name, event.node)
    places = dict(reversed(seen.defaults))
    for field, record in recursive_defaults(list(first.values()), target, forward).items():
        if field not in told and field in places:
            yield recursive(places[field], record)


def recursive(at: At, record: str) -> Problem:
    return Problem("recursive-default", {"name": record}, pointer(at), "default")


def _misfit(rule: str, at: At, matcher: Matcher, *, refused: bool = True) -> Problem:
    value, wanted = matcher.fault
    return Problem(rule, {"default": value, "expected": wanted}, pointer(at), "default", None, refused)
