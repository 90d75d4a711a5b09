"""Types that need no walk: names, primitives, and small shapes of them. Nearly all fields have one of these."""

from __future__ import annotations

from typing import Final

from schemagate.finding import Json
from schemagate.schema.hole import hole
from schemagate.schema.logical import keys_of, recognise
from schemagate.schema.members import extra
from schemagate.schema.model import NO_PROPS, PRIMITIVES, Factory, Logical, Node, Props
from schemagate.schema.naming import full_name

TYPE_KEYS: Final = frozenset({"type"})


class Leaves:
    """Makes them, and answers None for whatever needs more; no problem can be in them."""

    def __init__(self, factory: Factory) -> None:
        self.factory = factory
        self.hole = hole(factory)

    def plain(self, value: Json, namespace: str) -> Node | None:
        """A type by name or a primitive; None for any other."""
        if value.__class__ is str:
            return self.use(value, namespace)
        if value.__class__ is dict:
            kind = value.get("type")
            if kind.__class__ is str and kind in PRIMITIVES:
                return self.primitive(value, kind)
        return None

    def flat(self, value: Json, namespace: str) -> Node | None:
        """As ``plain``, and arrays and maps of such without properties."""
        node = self.plain(value, namespace)
        if node is None and value.__class__ is dict and len(value) == 2:
            if value.get("type") == "array" and "items" in value:
                inner = self.plain(value["items"], namespace)
                return None if inner is None else self.factory.array(inner)
            if value.get("type") == "map" and "values" in value:
                inner = self.plain(value["values"], namespace)
                return None if inner is None else self.factory.map(inner)
        return node

    def leaf(self, value: Json, namespace: str) -> Node | None:
        """What most fields are and no further step is needed for: as ``flat``, and unions of such."""
        if value.__class__ is not list:
            return self.flat(value, namespace)
        branches: list[Node] = []
        for item in value:
            branch = self.flat(item, namespace)
            if branch is None:
                return None
            branches.append(branch)
        distinct = len({branch.kind for branch in branches}) == len(branches)
        return self.factory.union(tuple(branches)) if distinct else None

    def use(self, name: str, namespace: str, props: Props = NO_PROPS) -> Node:
        """A type by its name. A short name means the enclosing namespace's type, else the null namespace's."""
        if name in PRIMITIVES:
            return self.factory.primitive(name)
        if namespace and "." not in name:
            return self.factory.ref(full_name(name, namespace), name, props)
        return self.factory.ref(name, "", props)

    def primitive(self, value: dict[str, Json], kind: str) -> Node:
        if len(value) == 1:
            return self.factory.primitive(kind)
        props, logical = split_logical(kind, None, extra(value, TYPE_KEYS))
        return self.factory.primitive(kind, logical, props)


def split_logical(kind: str, size: int | None, props: Props) -> tuple[Props, Logical | None]:
    """Splits what a recognised logical type uses from the properties."""
    if "logicalType" not in props:
        return props, None
    logical = recognise(kind, size, props)
    if logical is None:
        return props, None
    if len(props) == 1:
        return NO_PROPS, logical
    used = keys_of(logical)
    return {key: member for key, member in props.items() if key not in used} or NO_PROPS, logical
