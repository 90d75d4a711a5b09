"""Rules on defaults and enum symbols: what readers get in place of what they do not find or do not know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schemagate.finding import Direction, Json, Severity
from schemagate.rules.kit import Change, Found, Rule, change, found
from schemagate.schema.model import MISSING, Enum, Field, freeze, short_name

BACKWARD, FORWARD = Direction.BACKWARD, Direction.FORWARD


@change(
    "default-changed",
    on=Field,
    severity=Severity.WARNING,
    message="the default of `{field}` changed from {old:json} to {new:json}",
)
def default_changed(change: Change[Field]) -> Iterator[Found]:
    """The same old message now means something else, depending on who reads it.

    A reader fills a field that the writer did not write from the default of its own schema. After the change, data
    from before the field existed has one value for consumers on the older version and another for new ones, and no
    registry looks at the value.

    Keep the default. If a missing value shall be told from a given one, `null` is the default that never needs to
    change.

    ```avsc fires
    {"type": "record", "name": "Order", "fields": [{"name": "discount", "type": "int", "default": 0}]}
    ---
    {"type": "record", "name": "Order", "fields": [{"name": "discount", "type": "int", "default": 100}]}
    ```

    ```avsc passes
    {"type": "record", "name": "Order", "fields": [{"name": "discount", "type": "int", "default": 0}]}
    ---
    {"type": "record", "name": "Order", "fields": [
      {"name": "discount", "type": "int", "default": 0, "doc": "In percent."}]}
    ```
    """
    old, new = change.old, change.new
    if old is None or new is None or not old.has_default or not new.has_default:
        return
    if not same_value(old.default, new.default):
        reason = f"data without `{new.name}` gets another value than it had so far"
        yield found(
            "default",
            directions=(BACKWARD,),
            reasons={BACKWARD: reason},
            field=new.name,
            old=old.default,
            new=new.default,
        )


def same_value(old: Json, new: Json) -> bool:
    """Whether two defaults say the same: ``0`` and ``0.0`` do, as the type decides which number it is."""
    if old is MISSING or new is MISSING:
        return old is new
    return _comparable(freeze(old)) == _comparable(freeze(new))


def _comparable(frozen: object) -> object:
    if not isinstance(frozen, tuple):
        return frozen
    tokens = frozen if frozen and isinstance(frozen[0], tuple) else (frozen,)
    return tuple(("number", t[0](t[1])) if isinstance(t, tuple) and t[0] in (int, float) else t for t in tokens)


@change(
    "default-removed",
    on=Field,
    severity=Severity.WARNING,
    message="the default of `{field}` was removed",
)
def default_removed(change: Change[Field]) -> Iterator[Found]:
    """Data from before the field existed can no longer be read, and the field can never be removed again.

    The check against the newest version passes, since that version always writes the field. What breaks is the way
    back: every version without the field. A registry that compares with the newest version only accepts the change
    step by step, until a consumer starts at the beginning of the topic.

    Put the default back.

    ```avsc fires
    {"type": "record", "name": "Order", "fields": [{"name": "discount", "type": "int", "default": 0}]}
    ---
    {"type": "record", "name": "Order", "fields": [{"name": "discount", "type": "int"}]}
    ```

    ```avsc passes
    {"type": "record", "name": "Order", "fields": [{"name": "discount", "type": "int"}]}
    ---
    {"type": "record", "name": "Order", "fields": [{"name": "discount", "type": "int", "default": 0}]}
    ```
    """
    old, new = change.old, change.new
    if old is not None and new is not None and old.has_default and not new.has_default:
        reason = f"data without `{new.name}` can no longer be read"
        yield found(directions=(BACKWARD,), reasons={BACKWARD: reason}, field=new.name)


@change(
    "enum-default-changed",
    on=Enum,
    severity=Severity.WARNING,
    message="enum {name} no longer falls back on `{old}`",
)
def enum_default_changed(change: Change[Enum]) -> Iterator[Found]:
    """A symbol that a reader does not know becomes another one than before, or an error.

    An enum's `default` is what its readers take for a symbol that they do not have. Another default gives the same
    data another meaning. Without one, the next symbol that anybody adds breaks every consumer on this version.

    Put the default back. A symbol that stands for "something newer" (`UNKNOWN`) is one that never needs to change.

    ```avsc fires
    {"type": "enum", "name": "Status", "symbols": ["UNKNOWN", "NEW"], "default": "UNKNOWN"}
    ---
    {"type": "enum", "name": "Status", "symbols": ["UNKNOWN", "NEW"], "default": "NEW"}
    ```

    ```avsc fires
    {"type": "enum", "name": "Status", "symbols": ["UNKNOWN", "NEW"], "default": "UNKNOWN"}
    ---
    {"type": "enum", "name": "Status", "symbols": ["UNKNOWN", "NEW"]}
    ```

    ```avsc passes
    {"type": "enum", "name": "Status", "symbols": ["UNKNOWN", "NEW"]}
    ---
    {"type": "enum", "name": "Status", "symbols": ["UNKNOWN", "NEW"], "default": "UNKNOWN"}
    ```
    """
    old, new = change.old, change.new
    if old is None or new is None or old.default is None or old.default == new.default:
        return
    reason = (
        "a symbol that they do not know is an error"
        if new.default is None
        else f"a symbol that they do not know becomes `{new.default}`"
    )
    yield found(
        "default" if new.default is not None else "",
        directions=(BACKWARD,),
        reasons={BACKWARD: f"{reason}, no longer `{old.default}`"},
        name=short_name(new.name),
        old=old.default,
        new=new.default,
    )


@change(
    "enum-symbol-swallowed",
    on=Enum,
    severity=Severity.WARNING,
    message="{edit} symbols of enum {name} silently become its default",
)
def enum_symbol_swallowed(change: Change[Enum]) -> Iterator[Found]:
    """A value that was written is read as the enum's default, and nobody notices.

    A reader whose enum has a `default` does not fail on a symbol that it does not have: PAID becomes UNKNOWN. That is
    what the default is for when a symbol is added: consumers on older versions get the default until they move, which
    is a notice. A symbol that is removed or replaced loses what is already written, which is a warning.

    Keep a symbol that was ever written, and add the new one beside it. Tell the teams on older versions before a new
    symbol is written.

    ```avsc fires
    {"type": "enum", "name": "Status", "symbols": ["UNKNOWN", "PAID"], "default": "UNKNOWN"}
    ---
    {"type": "enum", "name": "Status", "symbols": ["UNKNOWN", "SETTLED"], "default": "UNKNOWN"}
    ```

    ```avsc passes
    {"type": "enum", "name": "Status", "symbols": ["UNKNOWN", "PAID"], "default": "UNKNOWN"}
    ---
    {"type": "enum", "name": "Status", "symbols": ["UNKNOWN", "PAID"], "default": "UNKNOWN", "doc": "Of the payment."}
    ```
    """
    old, new = change.old, change.new
    if old is None or new is None or old.symbols == new.symbols:
        return
    before, after = set(old.symbols), set(new.symbols)
    removed = [symbol for symbol in old.symbols if symbol not in after]
    added = [symbol for symbol in new.symbols if symbol not in before]
    reasons = {}
    if removed and new.default in after:
        reasons[BACKWARD] = _become(removed, new.default)
    if added and old.default in before:
        reasons[FORWARD] = _become(added, old.default)
    if reasons:
        edit = "replaced" if removed and added else "removed" if removed else "added"
        yield found(
            "symbols",
            directions=tuple(reasons),
            reasons=reasons,
            severity=None if removed else Severity.NOTICE,
            name=short_name(new.name),
            edit=edit,
        )


MOST_NAMED = 5
"""Symbols that a reason lists."""


def _become(symbols: Sequence[str], default: str | None) -> str:
    named = ", ".join(f"`{symbol}`" for symbol in symbols[:MOST_NAMED])
    more = f" and {len(symbols) - MOST_NAMED} more" if len(symbols) > MOST_NAMED else ""
    return f"{named}{more} {'is' if len(symbols) == 1 else 'are'} read as `{default}`"


RULES: tuple[Rule, ...] = (default_changed, default_removed, enum_default_changed, enum_symbol_swallowed)
