"""Encodes and decodes data with fastavro, and says in plain words what it refuses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final, Literal, TypeAlias

import msgspec

from schemagate.schema.datum import PRIMITIVE, Chosen, Datum
from schemagate.schema.loadable import NOWHERE, Variant, loadable, mixes_namespaces
from schemagate.schema.model import Schema

Kind: TypeAlias = Literal["missing", "mismatch", "symbol", "text", "twice", "confused", "value", "short"]
"""Why data cannot be read: a field without a default, types that do not fit, an unknown symbol, bytes that are no
UTF-8, a field that fits two, types that the library takes for each other by their short name, a value that its logical
type does not allow, data that ends too early or goes on."""

NO_DEFAULT = re.compile(r"No default value for field (?P<field>.*) in (?P<record>.*)", re.DOTALL)
NO_SYMBOL = re.compile(r"(?P<symbol>.*) not found in reader symbol list (?P<enum>.*), known symbols: .*", re.DOTALL)


class DecodeError(Exception):
    """The reader's schema cannot read the data. ``words`` are plain; ``names`` are those that fastavro named."""

    def __init__(self, kind: Kind, words: str, names: Mapping[str, str] | None = None) -> None:
        super().__init__(words)
        self.kind: Kind = kind
        self.words = words
        self.names = dict(names or {})


class LoadError(Exception):
    """fastavro does not load the schema, or does not encode the datum, though Avro Java would."""


class Loaded(msgspec.Struct, frozen=True):
    """A schema as fastavro holds it. ``apart``: its types without a namespace got one."""

    parsed: Any
    apart: bool = False


def library() -> str:
    """Which library runs, with its version: ``fastavro 1.13.1``."""
    import fastavro

    return f"fastavro {fastavro.__version__}"


def load(schema: Schema | Variant, *, logical: bool = False, apart: bool | None = None) -> Loaded:
    """Hands a schema over, with its logical types if asked for.

    ``apart`` tells whether types without a namespace get one: a reader and its writer must agree; None decides by
    this schema alone.

    LoadError tells why fastavro does not take a schema that Avro Java takes.
    """
    import fastavro

    space = mixes_namespaces(schema) if apart is None else apart
    try:
        return Loaded(fastavro.parse_schema(loadable(schema, logical=logical, apart=space)), space)
    except (
        fastavro.schema.SchemaParseException,
        fastavro.schema.UnknownType,
        ValueError,
        TypeError,
        KeyError,
    ) as error:
        raise LoadError(f"fastavro does not load the schema: {_short(error)}") from error


def encode(schema: Loaded, datum: Datum) -> bytes:
    """The datum's Avro bytes; LoadError if fastavro does not take it for one of the schema.

    What a logical type stands for is given as it goes on the wire: fastavro encodes that as it is.
    """
    import fastavro

    out = BytesIO()
    try:
        fastavro.schemaless_writer(out, schema.parsed, native(datum, apart=schema.apart))
    except (ValueError, TypeError, KeyError, OverflowError, AttributeError) as error:
        raise LoadError(f"fastavro does not encode the datum: {_short(error)}") from error
    return out.getvalue()


def decode(data: bytes, writer: Loaded, reader: Loaded | None = None) -> Datum:
    """What a reader gets of one datum; DecodeError if it cannot be read, also where bytes are left over."""
    stream = BytesIO(data)
    value = decode_next(stream, writer, reader)
    left = len(data) - stream.tell()
    if left:
        raise DecodeError("short", f"{left} bytes are left over: it was written with another schema")
    return value


def decode_next(stream: BytesIO, writer: Loaded, reader: Loaded | None = None) -> Datum:
    """The datum at the stream's position, which moves behind it; DecodeError if it cannot be read."""
    import fastavro

    try:
        return fastavro.schemaless_reader(stream, writer.parsed, reader.parsed if reader is not None else None)
    except fastavro.read.SchemaResolutionError as error:
        raise _refused(str(error)) from error
    except UnicodeDecodeError as error:
        raise DecodeError("text", "the bytes are no UTF-8 text") from error
    except KeyError as error:
        raise _twice(str(error.args[0]) if error.args else "", writer, reader) from error
    except EOFError as error:
        raise DecodeError("short", "the data ends too early: cut off, or written with another schema") from error
    except IndexError as error:
        raise DecodeError("short", "it names a branch or symbol that its schema does not have") from error
    except (ValueError, OverflowError, ArithmeticError, TypeError, AttributeError) as error:
        raise DecodeError("value", f"fastavro refuses the value: {_short(error)}") from error


def native(datum: Datum, *, apart: bool = False) -> Any:  # noqa: ANN401 - whatever fastavro takes
    """A datum as fastavro's writer takes it: a union's value as ``(branch, value)``. Iterative, for any depth."""
    result: list[Any] = [None]
    after: list[tuple[Any, Any, Chosen, list[Any]]] = []
    stack: list[tuple[Datum, Any, Any]] = [(datum, result, 0)]
    while stack:
        value, target, key = stack.pop()
        if isinstance(value, Chosen):
            cell: list[Any] = [value.value]
            after.append((target, key, value, cell))
            if value.value.__class__ in PARTED:
                stack.append((value.value, cell, 0))
        elif isinstance(value, dict):
            target[key] = made = value.copy()
            stack += [(item, made, name) for name, item in value.items() if item.__class__ in PARTED]
        elif isinstance(value, list):
            items: list[Any] = [None] * len(value)
            target[key] = items
            stack.extend((item, items, position) for position, item in enumerate(value))
        else:
            target[key] = value
    # Tuples cannot be filled later: inner ones are made first.
    for target, key, chosen, cell in reversed(after):
        branch = chosen.branch
        named = "." not in branch and branch not in UNNAMED
        target[key] = (f"{NOWHERE}.{branch}" if apart and named else branch, cell[0])
    return result[0]


PARTED: Final = frozenset({Chosen, dict, list})
"""What a datum consists of beside plain values."""

UNNAMED: Final = frozenset({*PRIMITIVE, "array", "map"})


LONGEST: Final = 200


def _refused(message: str) -> DecodeError:
    message = message.replace(f"{NOWHERE}.", "")
    found = NO_DEFAULT.fullmatch(message)
    if found:
        return DecodeError("missing", f"no default value for field {found['field']}", found.groupdict())
    found = NO_SYMBOL.fullmatch(message)
    if found:
        return DecodeError("symbol", f"{found['enum']} has no symbol {found['symbol']}", found.groupdict())
    return DecodeError("mismatch", "the written type is not the expected one")


def _twice(key: str, writer: Loaded, reader: Loaded | None) -> DecodeError:
    """The library looks something up that is not there: a member of another kind of type, or a field filled already."""
    name = _of_two_kinds(writer, reader) if key in MEMBERS else ""
    if name:
        words = f"fastavro goes by the short name `{name}`, which types of two kinds have, and takes one for the other"
        return DecodeError("confused", words, {"name": name})
    return DecodeError("twice", f"two of the written fields fit its field `{key}`", {"field": key})


MEMBERS: Final = frozenset({"fields", "symbols", "size"})


def _of_two_kinds(*schemas: Loaded | None) -> str:
    """A short name that is one kind of type's in one namespace and another's in another. Iterative, for any depth."""
    kinds: dict[str, str] = {}
    stack: list[Any] = [loaded.parsed for loaded in schemas if loaded is not None]
    while stack:
        part = stack.pop()
        if isinstance(part, list):
            stack.extend(part)
        elif isinstance(part, dict):
            stack.extend(part[key] for key in ("type", "items", "values", "fields") if key in part)
            if part.get("type") in ("record", "enum", "fixed", "error"):
                short = str(part["name"]).rpartition(".")[2]
                if kinds.setdefault(short, part["type"]) != part["type"]:
                    return short
    return ""


def _short(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
