"""What was found of a lineage is told again only of a lineage that holds the same schemas."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schemagate.app.verdicts import Verdicts
from schemagate.compat.modes import Mode
from schemagate.engine.judge import Judge
from schemagate.engine.lineage import Lineage, Version
from schemagate.finding import VersionId
from schemagate.rules.catalog import CHANGE
from schemagate.schema.model import Factory
from schemagate.schema.names import schema_of


def _record(*fields):
    return {"type": "record", "name": "a.A", "fields": [{"name": name, "type": "int"} for name in fields]}


@pytest.fixture
def lineage():
    factory = Factory()
    old, new = (schema_of(_record(*names), factory, "a.avsc") for names in (("id",), ("id", "total")))
    version = Version(VersionId("v1"), old)
    return Lineage("a.A", "a.avsc", Mode.FULL_TRANSITIVE, new, (version,), version)


def _told(judged):
    return [(one.cause.rule, one.cause.path) for one in judged]


def test_a_lineage_that_nothing_changed_is_not_judged_again(lineage):
    verdicts = Verdicts(Judge(CHANGE))
    kept = verdicts.keep(lineage)

    assert _told(kept) == [("field-added-without-default", "$.total")]
    assert verdicts.of(replace(lineage, candidate=replace(lineage.candidate)), lineage) is kept


@pytest.mark.parametrize("change", ["candidate", "version"])
def test_a_lineage_with_another_schema_is_judged_anew(lineage, change):
    verdicts = Verdicts(Judge(CHANGE))
    verdicts.keep(lineage)
    version = replace(lineage.versions[0], schema=lineage.candidate)
    changed = {
        "candidate": replace(lineage, candidate=lineage.versions[0].schema),
        "version": replace(lineage, versions=(version,), newest=version),
    }

    assert _told(verdicts.of(changed[change], lineage)) == []
    assert _told(verdicts.of(lineage, lineage)) == [("field-added-without-default", "$.total")]


def test_a_lineage_that_was_never_kept_is_judged(lineage):
    assert _told(Verdicts(Judge(CHANGE)).of(lineage, lineage)) == [("field-added-without-default", "$.total")]
