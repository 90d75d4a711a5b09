"""What a repository wants of the gate: the text of its configuration turned into checked values."""

from __future__ import annotations

from schemagate.config.issues import ConfigIssue, InvalidConfigError
from schemagate.config.json_schema import config_json_schema, config_json_schema_text
from schemagate.config.names import version_of
from schemagate.config.parse import PYPROJECT_TABLE, check_rules, parse_config
from schemagate.config.values import (
    DEFAULT_MODE,
    MODES,
    RegistrySettings,
    Retraction,
    Settings,
    SubjectRule,
    Waiver,
)
from schemagate.config.weaken import Weakening, weaker

__all__ = [
    "DEFAULT_MODE",
    "MODES",
    "PYPROJECT_TABLE",
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
