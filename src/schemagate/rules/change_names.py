"""Rules on names that change where no reader fails: fields, aliases and namespaces."""

from __future__ import annotations

from collections.abc import Iterator

from schemagate.finding import Direction, Severity
from schemagate.rules.kit import Change, Found, Rule, change, found
from schemagate.schema.model import Enum, Field, Fixed, Named, Node, Record, Schema, Union, namespace_of, short_name

BACKWARD, FORWARD = Direction.BACKWARD, Direction.FORWARD


@change(
    "field-renamed-value-lost",
    on=Field,
    severity=Severity.WARNING,
    message="`{old}` became `{new}`: readers on the other side get the default instead of the value",
)
def field_renamed_value_lost(change: Change[Field]) -> Iterator[Found]:
    """The value that was written under one name is silently replaced by the default of the other.

    A field with a default may be missing, so nothing fails when it is renamed: new readers do not find the new name
    in old data and take the default, and consumers on older versions do the same with what is written from now on. An
    alias on the new field helps the new readers only. Where no alias says so, a rename is a guess from names and types.

    Keep the field and add the new one beside it; producers write both until no consumer needs the old one.

    ```avsc fires
    {"type": "record", "name": "User", "fields": [
      {"name": "user_name", "type": ["null", "string"], "default": null}]}
    ---
    {"type": "record", "name": "User", "fields": [
      {"name": "username", "type": ["null", "string"], "default": null}]}
    ```

    ```avsc fires
    {"type": "record", "name": "User", "fields": [
      {"name": "user_name", "type": ["null", "string"], "default": null}]}
    ---
    {"type": "record", "name": "User", "fields": [
      {"name": "login", "aliases": ["user_name"], "type": ["null", "string"], "default": null}]}
    ```

    ```avsc passes
    {"type": "record", "name": "User", "fields": [
      {"name": "user_name", "type": ["null", "string"], "default": null}]}
    ---
    {"type": "record", "name": "User", "fields": [
      {"name": "user_name", "type": ["null", "string"], "default": null},
      {"name": "username", "type": ["null", "string"], "default": null}]}
    ```
    """
    old, new = change.old, change.new
    if old is None or new is None or old.name == new.name:
        return
    reasons = {}
    if old.name not in new.aliases:
        reasons[BACKWARD] = f"what is in `{old.name}` is lost, `{new.name}` is always its default"
    if new.name not in old.aliases:
        reasons[FORWARD] = f"what is in `{new.name}` is lost, `{old.name}` is always its default"
    if reasons:
        yield found("name", directions=tuple(reasons), reasons=reasons, old=old.name, new=new.name)


@change(
    "alias-removed",
    on=(Field, Record, Enum, Fixed),
    severity=Severity.WARNING,
    message="the alias `{alias}` of {what} `{name}` was removed",
)
def alias_removed(change: Change[Field | Named]) -> Iterator[Found]:
    """Data that was written under the old name is no longer found under the new one.

    An alias tells readers what a field or a type was called when older data was written. The check against the newest
    version passes without it, since that version writes the new name already; the data from before the rename becomes
    unreadable, or its values silently turn into defaults.

    Put the alias back. It may go when no data under the old name is left in any topic.

    ```avsc fires
    {"type": "record", "name": "User", "fields": [{"name": "uuid", "type": "string", "aliases": ["user_id"]}]}
    ---
    {"type": "record", "name": "User", "fields": [{"name": "uuid", "type": "string"}]}
    ```

    ```avsc passes
    {"type": "record", "name": "User", "fields": [{"name": "uuid", "type": "string", "aliases": ["user_id"]}]}
    ---
    {"type": "record", "name": "User", "fields": [{"name": "uuid", "type": "string", "aliases": ["user_id", "id"]}]}
    ```
    """
    old, new = change.old, change.new
    if old is None or new is None or old.aliases == new.aliases:
        return
    what = "field" if isinstance(new, Field) else new.kind
    for alias in old.aliases:
        if alias not in new.aliases and alias != new.name:
            reason = f"what was written as `{alias}` is not found"
            name = new.name if isinstance(new, Field) else short_name(new.name)
            yield found(directions=(BACKWARD,), reasons={BACKWARD: reason}, alias=alias, what=what, name=name)


@change(
    "namespace-changed",
    on=(Record, Enum, Fixed),
    severity=Severity.WARNING,
    message="the namespace of {kind} {name} changed from {old} to {new}",
)
def namespace_changed(change: Change[Named]) -> Iterator[Found]:
    """Everything that goes by the full name loses the type: generated classes, subjects, references, some decoders.

    The registry compares names without their namespace and accepts the change. Code that imports the generated class,
    a `RecordNameStrategy` subject and a schema reference all name the type in full, and so does JavaScript's decoder.
    Java's looks for the enum or the fixed in a union by its full name as soon as anything else in that union differs,
    and throws "Found x.E, expecting union": an error. Types inside that share the namespace are told with the
    outermost one.

    Keep the namespace. An alias with the old full name helps new readers to read old data, not the deployed ones.

    ```avsc fires
    {"type": "record", "name": "User", "namespace": "com.example.users", "fields": []}
    ---
    {"type": "record", "name": "User", "namespace": "com.example.accounts", "fields": []}
    ```

    ```avsc passes
    {"type": "record", "name": "User", "namespace": "com.example.users", "fields": []}
    ---
    {"type": "record", "name": "com.example.users.User", "fields": []}
    ```
    """
    old, new = change.old, change.new
    if old is None or new is None or short_name(old.name) != short_name(new.name):
        return
    before, after = namespace_of(old.name), namespace_of(new.name)
    if before == after:
        return
    around = change.records
    if around is not None and (namespace_of(around[0].name), namespace_of(around[1].name)) == (before, after):
        return
    lost = _lost_in_union(change)
    yield found(
        "name",
        reasons={
            BACKWARD: _by_full_name(old, new, lost=lost),
            FORWARD: _by_full_name(new, old, lost=lost),
        },
        severity=Severity.ERROR if lost else None,
        kind=new.kind,
        name=short_name(new.name),
        old=before or "none",
        new=after or "none",
    )


def _by_full_name(writer: Named, reader: Named, *, lost: bool) -> str:
    if lost and writer.name not in reader.aliases:
        return f"Java finds no branch {writer.name} in the union"
    return f"whoever goes by full names finds {writer.name}, not {reader.name}"


def _lost_in_union(change: Change[Named]) -> bool:
    """Whether Java's decoder surely finds no branch: an enum or a fixed of a union that differs in something else.

    Source: ``Resolver.unionEquiv`` and ``ReaderUnion.firstMatchingBranch`` of Avro Java 1.12.
    """
    if not isinstance(change.new, Enum | Fixed) or change.how == "place":
        return False
    if change.fields is None:
        return getattr(change.old, "symbols", ()) != getattr(change.new, "symbols", ())
    old, new = (
        _branches(f.type, s) for f, s in zip(change.fields, (change.old_schema, change.new_schema), strict=True)
    )
    return len(old) != len(new) or any(_mark(a) != _mark(b) for a, b in zip(old, new, strict=True))


def _branches(node: Node, schema: Schema) -> list[Node]:
    return [schema.resolve(branch) for branch in (node.branches if isinstance(node, Union) else (node,))]


def _mark(node: Node) -> tuple[object, ...]:
    """What two branches must share to be one to Java, as far as the branches themselves show it."""
    if isinstance(node, Record):
        return node.kind, short_name(node.name), tuple(field.name for field in node.fields)
    if isinstance(node, Enum):
        return node.kind, short_name(node.name), node.symbols
    return (node.kind, short_name(node.name)) if isinstance(node, Fixed) else (node.kind,)


RULES: tuple[Rule, ...] = (field_renamed_value_lost, alias_removed, namespace_changed)
