"""What a repository wants of the gate: the text of its configuration turned into checked values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemagate.config.names import version_of
from schemagate.config.values import (
    DEFAULT_MODE,
    MODES,
    ClientRule,
    RegistrySettings,
    Retraction,
    Settings,
    SubjectRule,
    Waiver,
)

if TYPE_CHECKING:
    from schemagate.config.issues import ConfigIssue, InvalidConfigError
    from schemagate.config.json_schema import config_json_schema, config_json_schema_text
    from schemagate.config.parse import PYPROJECT_TABLE, check_rules, parse_config
    from schemagate.config.weaken import Weakening, weaker

__all__ = [
    "DEFAULT_MODE",
    "MODES",
    "PYPROJECT_TABLE",
    "ClientRule",
    "ConfigIssue",
    "InvalidConfigError",
    "RegistrySettings",
    "Retraction",
    "Settings",
    "SubjectRule",
    "Waiver",
    "Weakening",
    "check_rules",
    "config_json_schema",
    "config_json_schema_text",
    "parse_config",
    "version_of",
    "weaker",
]


def __getattr__(name: str) -> object:
    """What only a written configuration needs: a run without one is not kept waiting for it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in ("Weakening", "weaker"):
        from schemagate.config import weaken  # noqa: PLC0415 - see above

        return getattr(weaken, name)
    if name in ("config_json_schema", "config_json_schema_text"):
        from schemagate.config import json_schema  # noqa: PLC0415 - see above

        return getattr(json_schema, name)
    from schemagate.config import issues, parse  # noqa: PLC0415 - see above

    return getattr(issues if name in ("ConfigIssue", "InvalidConfigError") else parse, name)
