"""Rules on names: of types, fields, symbols, aliases and namespaces, for people and for generated code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from schemagate.finding import Severity
from schemagate.rules.kit import Found, Rule, Visit, found, lint
from schemagate.rules.phrases import listed
from schemagate.rules.spelling import (
    CAMEL,
    PASCAL,
    SNAKE,
    STYLE_LABELS,
    UPPER,
    deviants,
    field_style,
    reserved_in,
    styles_of,
)
from schemagate.schema.model import Enum, Field, Fixed, Record, namespace_of, short_name

_MOST_SLIPS = 3
"""Up to so many fields of a record in another style are told one by one."""


@lint(
    "missing-namespace",
    on=(Record, Enum, Fixed),
    severity=Severity.WARNING,
    message="{kind} `{name}` has no namespace",
)
def missing_namespace(visit: Visit[Record | Enum | Fixed]) -> Iterator[Found]:
    """A type without a namespace collides with every other type of its short name, and Java code cannot import it.

    Registries with references, subjects named after records and class generators all go by the full name. A
    namespace that is added later renames the type for all of them.

    Add `"namespace"` to the outermost type; the types inside inherit it.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "fields": []}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "fields": [
      {"name": "plan", "type": {"type": "enum", "name": "Plan", "symbols": ["FREE"], "default": "FREE"}}
    ]}
    ```
    """
    node = visit.node
    if visit.record is None and not namespace_of(node.name):
        yield found("name", kind=node.kind, name=node.name)


@lint(
    "name-style",
    on=(Record, Enum, Fixed, Field),
    severity=Severity.NOTICE,
    message="{what} `{name}` is not {expected}",
)
def name_style(visit: Visit[Record | Enum | Fixed | Field]) -> Iterable[Found]:
    """Names in mixed styles come out of code generators as mixed styles, and nobody remembers which field has which.

    Types are PascalCase, as the classes that are generated from them. Fields are snake_case or camelCase, and one
    of the two throughout a schema: the rule goes by what most of its fields use. The symbols of an enum share one
    style, UPPER_CASE where nothing else is settled.

    Choose the style before the first version is published. A published name cannot be changed without a break:
    allow the rule there and keep the style for what comes next.

    ```avsc fires
    {"type": "record", "name": "user_created", "namespace": "com.example", "fields": []}
    ```

    ```avsc fires
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "fields": [
      {"name": "event_id", "type": "string"},
      {"name": "user_id", "type": "string"},
      {"name": "referralCode", "type": "string"}
    ]}
    ```

    ```avsc fires
    {"type": "enum", "name": "Plan", "namespace": "com.example", "symbols": ["FREE_TRIAL", "PAID", "onHold"],
     "default": "FREE_TRIAL"}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "fields": [
      {"name": "eventId", "type": "string"},
      {"name": "email", "type": "string"}
    ]}
    ```
    """
    node = visit.node
    if isinstance(node, Field):
        style = field_style(visit.schema)
        if style in styles_of(node.name) or not node.name.isascii():
            return ()
        return _field_style(node, visit.record, style)
    return _type_style(node, visit)


def _field_style(field: Field, record: Record | None, style: str) -> tuple[Found, ...]:
    """One finding a field, and one for a record where many fields differ: there it is one decision, not many slips."""
    fields = record.fields if record is not None else (field,)
    odd = [one.name for one in fields if one.name.isascii() and style not in styles_of(one.name)]
    expected = f"{style}, as the others are"
    if len(odd) > _MOST_SLIPS:
        if field.name != odd[0]:
            return ()
        expected = f"{style}, as most others are, nor are {len(odd) - 1} more of its record"
    return (found("name", what="field", name=field.name, expected=expected),)


def _type_style(node: Record | Enum | Fixed, visit: Visit[Record | Enum | Fixed | Field]) -> Iterator[Found]:
    name = short_name(node.name)
    if name.isascii() and PASCAL not in styles_of(name):
        yield found("name", what=node.kind, name=name, expected=PASCAL)
    if isinstance(node, Record) and visit.record is None and field_style(visit.schema) in (PASCAL, UPPER):
        # One finding for a schema that is consistent in an unusual style, not one a field.
        odd = [field.name for field in node.fields if not styles_of(field.name) & {SNAKE, CAMEL}]
        for name in odd[:1]:
            yield found("fields", what="field", name=name, expected=f"{SNAKE} or {CAMEL}")
    if isinstance(node, Enum):
        style, others = deviants(node.symbols, STYLE_LABELS)
        for symbol in others:
            yield found("symbols", what="symbol", name=symbol, expected=f"{style}, as the others are")


@lint(
    "reserved-word",
    on=(Record, Enum, Fixed, Field),
    severity=Severity.NOTICE,
    message="{what} `{word}` is a reserved word in {languages}",
)
def reserved_word(visit: Visit[Record | Enum | Fixed | Field]) -> Iterable[Found]:
    """A name that is a keyword comes out of code generators under another name, or as code that does not compile.

    Java's generator turns a field `class` into `class$`, C# needs `@class`, in Python `event.class` is a syntax
    error. A part of a namespace becomes a part of a Java package, where older generators write the keyword as it
    is. Checked are the keywords of Java, Python and C#, for the names that generators take over unchanged.

    Choose a longer word before the first version is published: `user_class`, `valid_from`, `event_type`.

    ```avsc fires
    {"type": "record", "name": "Seat", "namespace": "com.example", "fields": [{"name": "class", "type": "string"}]}
    ```

    ```avsc fires
    {"type": "record", "name": "Seat", "namespace": "com.example.new", "fields": []}
    ```

    ```avsc passes
    {"type": "record", "name": "Seat", "namespace": "com.example", "fields": [
      {"name": "seat_class", "type": "string"},
      {"name": "type", "type": "string"}
    ]}
    ```
    """
    node = visit.node
    if isinstance(node, Field):
        return _reserved("name", "field", node.name) if reserved_in(node.name) else ()
    return _reserved_in_type(node, outermost=visit.record is None)


def _reserved_in_type(node: Record | Enum | Fixed, *, outermost: bool) -> Iterator[Found]:
    yield from _reserved("name", node.kind, short_name(node.name))
    if isinstance(node, Enum):
        for symbol in filter(reserved_in, node.symbols):
            yield from _reserved("symbols", "symbol", symbol)
    if outermost:
        for part in namespace_of(node.name).split("."):
            if "Java" in reserved_in(part):
                yield found("namespace", what="namespace part", word=part, languages="Java")


def _reserved(part: str, what: str, word: str) -> Iterator[Found]:
    languages = reserved_in(word)
    if languages:
        yield found(part, what=what, word=word, languages=listed(languages))


@lint(
    "alias-shadows-field",
    on=Field,
    severity=Severity.ERROR,
    message="field `{field}` has the alias `{alias}`, which is also {what}",
)
def alias_shadows_field(visit: Visit[Field]) -> Iterable[Found]:
    """An alias that is another field's name takes that field's values, or stops Java readers altogether.

    A reader renames the writer's fields by its own aliases before it looks for names. If `a` has the alias `b` and
    there is a field `b`, the writer's `b` becomes `a`: Java throws "Duplicate field a" if the writer has both, and
    the reader's own `b` finds nothing. If two fields share an alias, only one of them gets the value.

    Remove the alias. An alias names what a field was called once, and a name that is in use was not given up.

    ```avsc fires
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "fields": [
      {"name": "uuid", "type": "string", "aliases": ["user_id"]},
      {"name": "user_id", "type": "string"}
    ]}
    ```

    ```avsc fires
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "fields": [
      {"name": "uuid", "type": "string", "aliases": ["id"]},
      {"name": "user_id", "type": "string", "aliases": ["id"]}
    ]}
    ```

    ```avsc passes
    {"type": "record", "name": "UserCreated", "namespace": "com.example", "fields": [
      {"name": "uuid", "type": "string", "aliases": ["id", "uuid"]},
      {"name": "user_id", "type": "string", "aliases": ["member_id"]}
    ]}
    ```
    """
    field, record = visit.node, visit.record
    return _shadowing(field, record) if field.aliases and record is not None else ()


def _shadowing(field: Field, record: Record) -> Iterator[Found]:
    others = [other for other in record.fields if other.name != field.name]
    names = {other.name for other in others}
    for alias in field.aliases:
        if alias in names:
            yield found("aliases", field=field.name, alias=alias, what="the name of a field")
            continue
        before = [other.name for other in record.fields[: record.fields.index(field)] if alias in other.aliases]
        if before:
            yield found("aliases", field=field.name, alias=alias, what=f"an alias of `{before[0]}`")


RULES: tuple[Rule, ...] = (missing_namespace, name_style, reserved_word, alias_shadows_field)
