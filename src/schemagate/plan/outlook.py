"""A plan with where it was made for, and what came of carrying it out: what commands tell."""

from __future__ import annotations

from typing import Final

import msgspec

from schemagate.finding import Report
from schemagate.plan.values import Entry, Plan, Stop

CHANGES: Final = 4
"""The exit code of ``plan --exit-code`` where there is something to do."""


class Outlook(msgspec.Struct, frozen=True):
    """What ``register`` would do for one commit."""

    registry: str
    url: str
    """Without secrets."""
    commit: str
    branch: str = ""
    """The approved branch, where the commit is known to be, or to have been, its tip."""
    dirty: bool = False
    """Made of the work tree, not of the commit."""
    plan: Plan = Plan()
    report: Report = Report()
    """What judging found; where it fails, nothing is written."""
    superseded: str = ""
    """Why nothing is written: the branch has moved on."""
    notes: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether the judging itself forbids registering."""
        return self.report.exit_code != 0

    def exit_code(self, *, detailed: bool = False) -> int:
        """0; 1 where something is blocked or found; 3 undecided; if ``detailed``, 4 where there is something to do."""
        if self.superseded:
            return 0
        if self.failed:
            return self.report.exit_code
        if self.plan.blocked:
            return 1
        return CHANGES if detailed and self.plan.writes else 0


class Receipt(msgspec.Struct, frozen=True):
    """What one run of ``register`` did: every write of the plan with what became of it, and what was there already."""

    outlook: Outlook
    entries: tuple[Entry, ...] = ()
    stop: Stop | None = None

    @property
    def outcome(self) -> str:
        """``superseded``, ``refused`` (by our findings), ``blocked``, ``stopped``, ``registered`` or ``unchanged``."""
        if self.outlook.superseded:
            return "superseded"
        if self.outlook.failed:
            return "refused"
        if self.outlook.plan.blocked:
            return "blocked"
        if self.stop is not None:
            return "stopped"
        return "registered" if self.outlook.plan.writes else "unchanged"

    @property
    def exit_code(self) -> int:
        """0 done; 1 found or blocked before the first write; 3 undecided, stopped, or not judged against a version."""
        if self.stop is not None:
            return 3
        if any(not entry.judged for entry in self.entries):
            return 3
        return self.outlook.exit_code()
