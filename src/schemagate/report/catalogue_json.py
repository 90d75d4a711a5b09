"""The rules for programs, field by field: a published format of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from schemagate._version import __version__
from schemagate.finding import Json
from schemagate.report.catalogue import Listed, ordered
from schemagate.report.plain_json import text_of
from schemagate.report.published import View, schema_of
from schemagate.report.view import SeverityName

FORMAT: Literal[1] = 1


class RulesHeader(View, frozen=True):
    """What this file is. `rules` is the version of the format, `version` that of the tool that wrote it."""

    rules: Literal[1]
    version: str


class ListedView(View, frozen=True):
    """A rule. `severity` is what holds here, `default` without any configuration; `page` is Markdown."""

    id: str
    kind: str
    severity: SeverityName
    default: SeverityName
    summary: str
    message: str
    since: str
    page: str


class RulesView(View, frozen=True):
    """The rules that were asked for."""

    schemagate: RulesHeader
    rules: tuple[ListedView, ...]


def dump(rules: Sequence[Listed]) -> str:
    """The rules as JSON."""
    views = tuple(_listed(one) for one in ordered(rules))
    return text_of(msgspec.to_builtins(RulesView(RulesHeader(FORMAT, __version__), views)))


def json_schema() -> dict[str, Json]:
    """The published JSON Schema of what :func:`dump` writes."""
    return schema_of(RulesView, "rules", FORMAT)


def _listed(one: Listed) -> ListedView:
    rule = one.rule
    severity: SeverityName = one.severity.label  # type: ignore[assignment]
    default: SeverityName = rule.severity.label  # type: ignore[assignment]
    return ListedView(rule.id, rule.kind, severity, default, rule.summary, rule.message, rule.since, rule.page)
