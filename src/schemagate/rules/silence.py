"""Fields of which the rules have surely nothing to say, told at a glance without asking each rule."""

from __future__ import annotations

from typing import Final

from schemagate.rules.lint_logical import MOMENTS, PARTICIPLES, UNITS, names_a_moment
from schemagate.rules.spelling import reserved_in, styles_of
from schemagate.schema.model import Field, Union

SPOKEN_FOR: Final = frozenset(
    {
        "alias-shadows-field",
        "default-not-null-on-nullable",
        "logical-type-ignored",
        "name-style",
        "null-not-first-with-null-default",
        "nullable-without-default",
        "reserved-word",
        "timestamp-without-logical-type",
    }
)
"""The rules on fields that are known to say nothing of a silent one; any other has to be asked."""
_TAILS: Final = frozenset(word[-2:] for word in (*MOMENTS, *PARTICIPLES, *UNITS, "at", "time"))
"""How a name ends that may stand for a moment."""


class Silence:
    """Tells the silent fields of schemas whose fields are mostly spelled in one style.

    Most fields are: nothing extra, a name like the others, and null first with the default null where null is allowed.
    A field that is not silent may have nothing to be told of it either.
    """

    __slots__ = ("_names", "_style")

    def __init__(self, style: str) -> None:
        self._style = style
        self._names: set[str] = set()

    def of(self, field: Field) -> bool:
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


def _null_later(union: Union) -> bool:
    """Whether a union's first branch is not null."""
    return not union.branches or union.branches[0].kind != "null"
