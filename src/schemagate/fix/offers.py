"""Which changes may repair a finding: every rule that has any, and the first to try first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from schemagate.fix.alone import ALONE
from schemagate.fix.case import Case
from schemagate.fix.fields import FIELDS
from schemagate.fix.kinds import KINDS
from schemagate.fix.textual import TEXTUAL
from schemagate.fix.values import Offer

COMPARING: Final = frozenset({*FIELDS, *KINDS})
"""The rules whose repairs need a published version to look at."""

REPAIRABLE: Final = frozenset({*TEXTUAL, *ALONE, *COMPARING})


def offers(case: Case, span: tuple[int, int]) -> Iterator[Offer]:
    """What to try for the finding that stands at ``span``, likeliest first; nothing of it is judged."""
    if case.rule in TEXTUAL:
        yield from TEXTUAL[case.rule](case, span)
    elif case.rule in ALONE:
        yield from ALONE[case.rule](case)
    elif case.rule in COMPARING and case.old is not None and case.new is not None:
        yield from (FIELDS.get(case.rule) or KINDS[case.rule])(case)
