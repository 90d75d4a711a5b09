"""A schema's JSON as Avro Java writes it back: the text that a registry stores, and whose MD5 is its guid.

Minified; attributes in Java's order; names of the enclosing namespace shortened; each type defined where it is first
used; what Java drops on the way (comments, a doc that is no string, properties of a name) is gone. It works on the
decoded JSON and not on nodes, since the order of properties and whether a scale was given are part of the text.
Source: ``Schema.toString`` of Avro Java 1.12.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Final, TypeAlias

import msgspec

from schemagate.finding import Json
from schemagate.schema.java_scalar import scalar
from schemagate.schema.logical import keys_of, recognise
from schemagate.schema.members import JAVA_RESERVED
from schemagate.schema.model import PRIMITIVES, Decimal
from schemagate.schema.naming import full_name

COMPLEX: Final = frozenset({"record", "enum", "array", "map", "union", "fixed"})
NAMED: Final = frozenset({"record", "error", "enum", "fixed"})
FIELD_RESERVED: Final = frozenset({"default", "doc", "name", "order", "type", "aliases"})
ENUM_RESERVED: Final = JAVA_RESERVED | {"default"}


class Spelled(msgspec.Struct, frozen=True):
    """A definition as a text spells it, and the namespace that encloses it there."""

    value: Mapping[str, Json]
    namespace: str


Spellings: TypeAlias = Mapping[str, Spelled]
"""Full name → its definition."""


class _Raw(str):
    """Text that is written as it is."""

    __slots__ = ()


class _Type(msgspec.Struct, frozen=True):
    """A type inside the text, still to be written, with the namespace where it stands."""

    value: Json
    namespace: str
    written_in: str
    """The namespace that the text written so far gives it: another where a definition moved to its first use."""


def java_text(value: Json, *, known: Container[str] = (), others: Spellings | None = None, normal: bool = False) -> str:
    """The text of a schema that Avro Java accepts; KeyError for a name that nothing defines.

    ``known`` are full names that other documents define: they stay names. ``others`` are definitions of other
    documents that are written out where they are first used. ``normal`` sorts properties and aliases as a Confluent
    registry does when it is asked to normalize.
    """
    own = spellings(value)
    return _Writer({**(others or {}), **own}, known, normal=normal).write(value)


def spellings(value: Json) -> dict[str, Spelled]:
    """Every definition in a schema's JSON; of one name the first."""
    found: dict[str, Spelled] = {}
    stack: list[tuple[Json, str]] = [(value, "")]
    while stack:
        item, namespace = stack.pop()
        if isinstance(item, list):
            stack.extend((branch, namespace) for branch in reversed(item))
        if not isinstance(item, dict):
            continue
        kind = item.get("type")
        if isinstance(kind, str) and kind in NAMED:
            name, own = _named(item, namespace)
            found.setdefault(name, Spelled(item, namespace))
            fields = item.get("fields") if kind in ("record", "error") else None
            stack.extend((f["type"], own) for f in reversed(fields or ()) if isinstance(f, dict) and "type" in f)
        elif kind in ("array", "map"):
            stack.append((item.get("items" if kind == "array" else "values"), namespace))
    return found


def _named(value: Mapping[str, Json], enclosing: str) -> tuple[str, str]:
    """Full name and namespace of a definition."""
    name = str(value.get("name", ""))
    space = value.get("namespace")
    full = full_name(name, space if isinstance(space, str) else enclosing)
    return full, full.rpartition(".")[0]


class _Writer:
    """One text: what is still to be written is a stack, so that no depth needs the interpreter's."""

    def __init__(self, definitions: Spellings, known: Container[str], *, normal: bool) -> None:
        self.definitions = definitions
        self.known = known
        self.normal = normal
        self.written: set[str] = set()

    def write(self, value: Json) -> str:
        out: list[str] = []
        stack: list[Json] = [_Type(value, "", "")]
        while stack:
            piece = stack.pop()
            if isinstance(piece, _Raw):
                out.append(piece)
            elif isinstance(piece, _Type):
                stack.append(self.shape(piece))
            elif isinstance(piece, dict):
                stack.extend(reversed(list(_object(piece))))
            elif isinstance(piece, list):
                stack.extend(reversed(list(_array(piece))))
            else:
                out.append(scalar(piece))
        return "".join(out)

    def shape(self, use: _Type) -> Json:
        """The JSON of a type, with a :class:`_Type` for each type inside it."""
        value, space = use.value, use.namespace
        if isinstance(value, str):
            return self.name(value, use)
        if isinstance(value, list):
            return [_Type(branch, space, use.written_in) for branch in value]
        kind = value["type"]
        if kind in NAMED:
            return self.definition(value, use)
        if kind in ("array", "map"):
            inside = "items" if kind == "array" else "values"
            props = self.properties(value, JAVA_RESERVED)
            return {"type": kind, inside: _Type(value[inside], space, use.written_in), **props}
        if kind in PRIMITIVES:
            props = self.properties(value, JAVA_RESERVED)
            return {"type": kind, **props} if props else kind
        return self.name(kind, use)

    def name(self, name: str, use: _Type) -> Json:
        """A primitive, or a named type: by name once it is written or known, else its definition."""
        if name in PRIMITIVES:
            return name
        full = full_name(name, use.namespace)
        if full not in self.definitions and full not in self.known and "." not in name:
            full = name
        if full in self.written or full in self.known:
            return qualified(full, use.written_in)
        spelled = self.definitions[full]
        return self.definition(spelled.value, _Type(spelled.value, spelled.namespace, use.written_in))

    def definition(self, value: Mapping[str, Json], use: _Type) -> Json:
        full, own = _named(value, use.namespace)
        if full in self.written or full in self.known:
            return qualified(full, use.written_in)
        self.written.add(full)
        kind = value["type"]
        out: dict[str, Json] = {"type": kind, "name": full.rpartition(".")[2]}
        if own != use.written_in:
            out["namespace"] = own
        doc = value.get("doc")
        if isinstance(doc, str) and (doc or not self.normal):
            out["doc"] = doc
        reserved = JAVA_RESERVED
        if kind == "enum":
            reserved = ENUM_RESERVED
            out["symbols"] = value["symbols"]
            if isinstance(value.get("default"), str):
                out["default"] = value["default"]
        elif kind == "fixed":
            out["size"] = value["size"]
        else:
            out["fields"] = [self.field(field, own) for field in value["fields"]]
        out.update(self.properties(value, reserved))
        aliases = self.aliases([full_name(alias, own) for alias in value.get("aliases") or ()])
        if aliases:
            out["aliases"] = [qualified(alias, own) for alias in aliases]
        return out

    def field(self, field: Mapping[str, Json], namespace: str) -> Json:
        out: dict[str, Json] = {"name": field["name"], "type": _Type(field["type"], namespace, namespace)}
        if isinstance(field.get("doc"), str):
            out["doc"] = field["doc"]
        if "default" in field:
            default = _number(field["default"], field["type"], normal=self.normal)
            out["default"] = _sorted(default) if self.normal else default
        order = field.get("order", "ascending").lower()
        if order != "ascending":
            out["order"] = order
        aliases = self.aliases(field.get("aliases") or ())
        if aliases:
            out["aliases"] = aliases
        out.update(self.properties(field, FIELD_RESERVED))
        return out

    def aliases(self, names: Iterator[str] | list[str] | tuple[str, ...]) -> list[str]:
        distinct = list(dict.fromkeys(names))
        return sorted(distinct) if self.normal else distinct

    def properties(self, value: Mapping[str, Json], reserved: frozenset[str]) -> dict[str, Json]:
        """As the text has them; normalized, a logical type's own come first and the others are sorted."""
        props = {key: member for key, member in value.items() if key not in reserved}
        if not self.normal or not props:
            return props
        first: list[str] = []
        logical = recognise(value["type"], value.get("size"), props) if isinstance(value.get("type"), str) else None
        if logical is not None and reserved is not FIELD_RESERVED:
            zero = isinstance(logical, Decimal) and not logical.scale
            wanted = ("logicalType", "precision") if zero else ("logicalType", "precision", "scale")
            first = [key for key in wanted if key in keys_of(logical) and key in props]
        return {key: _sorted(props[key]) for key in (*first, *sorted(props.keys() - set(first)))}


def qualified(full: str, namespace: str) -> str:
    """A name as it is written in a namespace: short there, unless it would read as a kind of type."""
    space, _, short = full.rpartition(".")
    own = space and space == namespace and short not in COMPLEX and short not in PRIMITIVES
    return short if own else full


def _number(default: Json, type_: Json, *, normal: bool) -> Json:
    """Java takes a quoted number as the default of a float or a double."""
    kind = type_.get("type") if isinstance(type_, dict) else type_
    if kind not in ("float", "double"):
        return default
    if isinstance(default, str):
        try:
            return float(default)
        except ValueError:
            return default
    return float(default) if normal and isinstance(default, int) and not isinstance(default, bool) else default


def _sorted(value: Json) -> Json:
    """The same value with the keys of every object in order."""
    root: list[Json] = [value]
    stack: list[tuple[Json, Json]] = [(root, 0)]
    while stack:
        holder, key = stack.pop()
        item = holder[key]
        if isinstance(item, dict):
            holder[key] = copy = {name: item[name] for name in sorted(item)}
            stack.extend((copy, name) for name in copy)
        elif isinstance(item, list):
            holder[key] = items = list(item)
            stack.extend((items, index) for index in range(len(items)))
    return root[0]


def _object(value: Mapping[str, Json]) -> Iterator[Json]:
    yield _Raw("{")
    for index, (key, member) in enumerate(value.items()):
        yield _Raw(f"{',' if index else ''}{scalar(key)}:")
        yield member
    yield _Raw("}")


def _array(value: list[Json]) -> Iterator[Json]:
    yield _Raw("[")
    for index, item in enumerate(value):
        if index:
            yield _Raw(",")
        yield item
    yield _Raw("]")
