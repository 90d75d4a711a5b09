"""Checks on single members of a schema's JSON objects: name, namespace, aliases, symbols, size, doc, order."""

from __future__ import annotations

from typing import Final, TypeAlias

from schemagate.finding import Json, Problem
from schemagate.schema.model import MISSING, NO_PROPS, PRIMITIVES, Props
from schemagate.schema.naming import full_name, is_ascii_name, name_fault

At: TypeAlias = tuple[object, "str | int"] | None
"""A place as a linked list of steps, None at the root; it becomes a JSON pointer only where there is a problem."""

MAX_SIZE: Final = 2**31 - 9
"""The longest fixed, in bytes, that Avro Java makes (``SystemLimitException``)."""

ORDERS: Final = frozenset({"ascending", "descending", "ignore"})


JAVA_RESERVED: Final = frozenset(
    {"doc", "fields", "items", "name", "namespace", "size", "symbols", "values", "type", "aliases"}
)
"""Members that Avro Java never keeps as properties of a type, whatever its kind."""


def pointer(at: At) -> str:
    """RFC 6901."""
    steps: list[str] = []
    while at is not None:
        above, step = at
        steps.append(str(step).replace("~", "~0").replace("/", "~1"))
        at = above  # type: ignore[assignment]
    return "".join("/" + step for step in reversed(steps))


def extra(value: dict[str, Json], keywords: frozenset[str]) -> Props:
    """The members that are no keyword of their kind, in the order of the text."""
    if not value.keys() - keywords:
        return NO_PROPS
    return {key: member for key, member in value.items() if key not in keywords}


class Members:
    """Reads members and collects what is wrong with them in ``problems``."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def note(self, rule: str, at: At, part: str = "", *, refused: bool = True, **args: Json) -> None:
        self.problems.append(Problem(rule, args, pointer(at), part, None, refused))

    def type_name(self, value: dict[str, Json], kind: str, enclosing: str, at: At) -> tuple[str, str]:
        """Full name and namespace of a definition; both checked, the name empty if there is none."""
        space = enclosing
        given = value.get("namespace", MISSING)
        if isinstance(given, str):
            space = given
        elif given is not MISSING and (given is not None or enclosing):
            self.note("bad-namespace-type", at, "namespace", refused=False, found=given, namespace=enclosing)
        name = value.get("name")
        if not isinstance(name, str):
            self.note("missing-name", at, kind=kind)
            return "", space
        dotted, dot, short = name.rpartition(".")
        self._name(short, kind, at, "name")
        if dot:
            space = dotted
            self._namespace(space, at, "name")
        elif isinstance(given, str):
            self._namespace(space, at, "namespace")
        full = full_name(short, space)
        if full in PRIMITIVES:
            self.note("name-is-primitive", at, "name", name=full)
        return full, space

    def _namespace(self, space: str, at: At, part: str) -> None:
        """Only where it is spelled: what is inherited was checked above."""
        if not space:
            return
        parts = space.split(".")
        if any(name_fault(each) for each in parts):
            self.note("bad-namespace", at, part, namespace=space)
        elif not all(is_ascii_name(each) for each in parts):
            self.note("name-not-ascii", at, part, refused=False, name=space)

    def _name(self, name: str, kind: str, at: At, part: str = "") -> None:
        if is_ascii_name(name):
            return
        fault = name_fault(name)
        if fault:
            self.note("bad-name", at, part, name=name, what=fault, kind=kind)
        else:
            self.note("name-not-ascii", at, part, refused=False, name=name)

    def field_name(self, value: dict[str, Json], seen: set[str], at: At) -> str:
        """A field's name, checked; ``seen`` are the record's earlier ones."""
        name = value.get("name")
        if not isinstance(name, str):
            self.note("missing-name", at, kind="field")
            return ""
        if not is_ascii_name(name):
            self._name(name, "field", at, "name")
        if name in seen:
            self.note("duplicate-field", at, "name", name=name)
        seen.add(name)
        return name

    def _alias_texts(self, value: dict[str, Json], at: At) -> list[tuple[int, str]]:
        given = value.get("aliases", MISSING)
        if given is MISSING:
            return []
        if not isinstance(given, list):
            self.note("bad-aliases", at, "aliases", found=given)
            return []
        texts: list[tuple[int, str]] = []
        for i, alias in enumerate(given):
            if isinstance(alias, str):
                texts.append((i, alias))
            else:
                self.note("bad-aliases", ((at, "aliases"), i), found=alias)
        return texts

    def type_aliases(self, value: dict[str, Json], namespace: str, at: At) -> tuple[str, ...]:
        """Full names. Java checks an alias's last part only, the specification all of it."""
        if "aliases" not in value:
            return ()
        names: dict[str, None] = {}
        for i, alias in self._alias_texts(value, at):
            place = ((at, "aliases"), i)
            space, _, short = alias.rpartition(".")
            if name_fault(short) or any(name_fault(part) for part in space.split(".") if space):
                self.note("bad-alias", place, refused=bool(name_fault(short)), alias=alias)
            elif not is_ascii_name(short):
                self.note("name-not-ascii", place, refused=False, name=alias)
            full = full_name(alias, namespace)
            if full in names:
                self.note("duplicate-alias", place, refused=False, alias=alias)
            names[full] = None
        return tuple(names)

    def field_aliases(self, value: dict[str, Json], at: At) -> tuple[str, ...]:
        """Java takes any string for a field's alias, the specification a name."""
        if "aliases" not in value:
            return ()
        names: dict[str, None] = {}
        for i, alias in self._alias_texts(value, at):
            if not is_ascii_name(alias):
                self.note("bad-field-alias", ((at, "aliases"), i), refused=False, alias=alias)
            if alias in names:
                self.note("duplicate-alias", ((at, "aliases"), i), refused=False, alias=alias)
            names[alias] = None
        return tuple(names)

    def doc(self, value: dict[str, Json], at: At) -> Json:
        """As it stands; Java ignores one that is not a string."""
        doc = value.get("doc")
        if doc is not None and doc.__class__ is not str:
            self.note("bad-doc", at, "doc", refused=False, found=doc)
        return doc

    def order(self, value: dict[str, Json], at: At) -> str:
        """In lower case; Java reads it in any."""
        order = value.get("order", MISSING)
        if order is MISSING:
            return "ascending"
        if not isinstance(order, str) or order.upper().lower() not in ORDERS:
            self.note("bad-order", at, "order", order=order)
            return "ascending"
        return order.upper().lower()

    def properties(self, value: dict[str, Json], keywords: frozenset[str], at: At) -> Props:
        """Those of a record, an array or a map, which Java copies, and no integer beyond 64 bits with them."""
        props = extra(value, keywords)
        for key, member in props.items():
            if key not in JAVA_RESERVED:
                number = _beyond_64_bits(member)
                if number is not None:
                    self.note("number-too-large", at, key, key=key, number=number)
        return props

    def size(self, value: dict[str, Json], at: At) -> int:
        size = value.get("size", MISSING)
        if size.__class__ is int and 0 <= size <= MAX_SIZE:
            return int(size)
        if size is MISSING:
            self.note("bad-size", at, found=None)
        else:
            self.note("bad-size", at, "size", found=size)
        return 0

    def symbols(self, value: dict[str, Json], at: At) -> tuple[str, ...]:
        given = value.get("symbols")
        if not isinstance(given, list):
            self.note("missing-symbols", at)
            return ()
        if all(symbol.__class__ is str and is_ascii_name(symbol) for symbol in given):
            symbols = tuple(given)
            if len(set(symbols)) == len(symbols):
                return symbols
        seen: dict[str, None] = {}
        for i, symbol in enumerate(given):
            place = ((at, "symbols"), i)
            if not isinstance(symbol, str) or name_fault(symbol):
                self.note("bad-symbol", place, symbol=symbol)
                continue
            if symbol in seen:
                self.note("duplicate-symbol", place, symbol=symbol)
            elif not is_ascii_name(symbol):
                self.note("name-not-ascii", place, refused=False, name=symbol)
            seen[symbol] = None
        return tuple(seen)

    def enum_default(self, value: dict[str, Json], symbols: tuple[str, ...], at: At) -> str | None:
        """None if there is none or, as for Java, if it is not a string."""
        default = value.get("default", MISSING)
        if default is MISSING:
            return None
        if not isinstance(default, str):
            self.note("bad-enum-default", at, "default", refused=False, default=default)
            return None
        if default not in symbols:
            self.note("bad-enum-default", at, "default", default=default)
        return default


def _beyond_64_bits(value: Json) -> int | None:
    stack = [value]
    while stack:
        item = stack.pop()
        if item.__class__ is int and not -(2**63) <= item < 2**63:
            return int(item)
        if isinstance(item, list):
            stack.extend(item)
        elif isinstance(item, dict):
            stack.extend(item.values())
    return None
