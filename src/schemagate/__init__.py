"""The gate between a change to an Avro schema and everyone who reads the data.

The names below are the public API; each is loaded when it is first used.
"""

from __future__ import annotations

from schemagate._version import __version__

# What type checkers take for true; importing it from typing would triple the time of `schemagate --version`.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from schemagate.api import (
        Compatibility,
        Finding,
        Incompatibility,
        Mode,
        Schema,
        SchemaError,
        Witness,
        can_read,
        check_compatibility,
        find_witness,
        lint,
        parse,
    )

__all__ = [
    "Compatibility",
    "Finding",
    "Incompatibility",
    "Mode",
    "Schema",
    "SchemaError",
    "Witness",
    "__version__",
    "can_read",
    "check_compatibility",
    "find_witness",
    "lint",
    "parse",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from schemagate import api  # noqa: PLC0415 - importing schemagate stays as cheap as python itself

    value = globals()[name] = getattr(api, name)
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
