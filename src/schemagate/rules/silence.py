"""Fields and types of which the rules have surely nothing to say, told at a glance without asking each rule."""

from __future__ import annotations

from typing import Final

from schemagate.rules.lint_logical import MOMENTS, PARTICIPLES, UNITS, names_a_moment
from schemagate.rules.spelling import PASCAL, STYLE_LABELS, deviants, reserved_in, styles_of
from schemagate.schema.logical import BASES
from schemagate.schema.model import Array, Enum, Field, Fixed, Map, Node, Primitive, Record, Ref, Union, short_name

SPOKEN_FOR: Final = frozenset(
    {
        "alias-shadows-field",
        "ambiguous-union",
        "decimal-without-precision",
        "default-not-null-on-nullable",
        "enum-without-default",
        "logical-type-ignored",
        "missing-namespace",
        "name-style",
        "null-not-first-with-null-default",
        "nullable-without-default",
        "reserved-word",
        "timestamp-without-logical-type",
        "unknown-logical-type",
    }
)
"""The rules that are known to say nothing of what is silent; any other on one of the ``KINDS`` has to be asked."""
KINDS: Final = (Field, Union, Array, Map, Primitive, Fixed, Enum)
"""What may be silent."""
_TAILS: Final = frozenset(word[-2:] for word in (*MOMENTS, *PARTICIPLES, *UNITS, "at", "time"))
"""How a name ends that may stand for a moment."""


class Silence:
    """Tells what is silent inside the records of schemas whose fields are mostly spelled in one style.

    Most is: nothing extra, names like the others, a default where one belongs, and null first with the default null
    where null is allowed. Of what is not silent there may be nothing to tell either.
    """

    __slots__ = ("_names", "_style", "_types")

    def __init__(self, style: str) -> None:
        self._style = style
        self._names: set[str] = set()
        self._types: set[str] = set()

    def of_type(self, node: Node) -> bool:
        """Whether none of the rules that are ``SPOKEN_FOR`` notices anything in a type that holds no record."""
        while not (node.free or isinstance(node, Record | Ref)):
            if isinstance(node, Union):
                if len(node.branches) != 2 or not (null := [b for b in node.branches if b.kind == "null"]):
                    return False
                if null[0].props:  # type: ignore[union-attr]
                    return False
                node = node.branches[1] if node.branches[0] is null[0] else node.branches[0]
                continue
            if isinstance(node, Enum):
                return node.default is not None and self._type_name(node.name) and _plain_symbols(node.symbols)
            if node.props:
                return False
            if isinstance(node, Array):
                node = node.items
            elif isinstance(node, Map):
                node = node.values
            else:
                known = node.logical is None or node.logical.name in BASES
                return known and (isinstance(node, Primitive) or self._type_name(node.name))
        return False

    def _type_name(self, full_name: str) -> bool:
        name = short_name(full_name)
        if name in self._types:
            return True
        if not name.isascii() or PASCAL not in styles_of(name) or reserved_in(name):
            return False
        self._types.add(name)
        return True

    def of_field(self, field: Field) -> bool:
        """Whether none of the rules that are ``SPOKEN_FOR`` notices anything about the field, its type apart."""
        if field.props or field.aliases:
            return False
        type_ = field.type
        if type_.__class__ is Union and (field.default is not None or _null_later(type_)):
            return False
        return field.name in self._names or self._name(field.name)

    def _name(self, name: str) -> bool:
        if not name.isascii() or self._style not in styles_of(name) or reserved_in(name):
            return False
        if (name[-2:].lower() in _TAILS or not name[-1].isalpha()) and names_a_moment(name):
            return False
        self._names.add(name)
        return True


def _plain_symbols(symbols: tuple[str, ...]) -> bool:
    """Whether all symbols share a style and none is reserved anywhere."""
    return not any(map(reserved_in, symbols)) and not deviants(symbols, STYLE_LABELS)[1]


def _null_later(union: Union) -> bool:
    """Whether a union's first branch is not null."""
    return not union.branches or union.branches[0].kind != "null"
