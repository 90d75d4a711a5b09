"""Rules on enums."""

from __future__ import annotations

from collections.abc import Iterator

from schemagate.finding import Severity
from schemagate.rules.kit import Found, Rule, Visit, found, lint
from schemagate.schema.model import Enum, short_name


@lint(
    "enum-without-default",
    on=Enum,
    severity=Severity.WARNING,
    message="enum `{name}` has no default, so no symbol can ever be added to it",
)
def enum_without_default(visit: Visit[Enum]) -> Iterator[Found]:
    """An enum without a default can never get another symbol without breaking the readers that are deployed.

    A reader that meets a symbol it does not know takes its own enum's `default`, and without one it throws. What
    counts is the default in the reader's schema, that is in the version that is already out: it has to be there
    one version before the symbol is added. The default of the field does not help, it only fills a missing field.

    An enum of one symbol is mostly a constant, such as a type's tag, and gets a notice.

    Add a symbol such as `UNKNOWN` and `"default": "UNKNOWN"` to the enum in its first version. For one that is
    already published: add the default first (existing symbols only), the new symbols in a later version.

    ```avsc fires
    {"type": "enum", "name": "Plan", "namespace": "com.example", "symbols": ["FREE", "PAID"]}
    ```

    ```avsc passes
    {"type": "enum", "name": "Plan", "namespace": "com.example", "symbols": ["UNKNOWN", "FREE", "PAID"],
     "default": "UNKNOWN"}
    ```
    """
    enum = visit.node
    if enum.default is None:
        severity = Severity.NOTICE if len(enum.symbols) == 1 else None
        yield found("symbols", name=short_name(enum.name), severity=severity)


RULES: tuple[Rule, ...] = (enum_without_default,)
