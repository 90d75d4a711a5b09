"""What ``register`` did, for people: what is registered now, what is not, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from schemagate.plan.outlook import Receipt
from schemagate.plan.values import SET_MODE, THERE, Action, Entry
from schemagate.report.page import BLANK, Page, canvas, painted
from schemagate.report.paint import Line, Span, Style
from schemagate.report.plan import action_lines, heading, subject_column, subject_span, subjects, superseded, tally
from schemagate.report.words import count, summary
from schemagate.rules.phrases import listed

STYLES: Final = {
    "created": Style.GOOD,
    "set": Style.GOOD,
    "existing": Style.DIM,
    "unknown": Style.UNDECIDED,
    "pending": Style.DIM,
}
COLUMN: Final = 10


def render(
    receipt: Receipt,
    *,
    colour: bool,
    width: int,
    ascii: bool = False,  # noqa: A002
    verbose: bool = False,
) -> str:
    """Every write with what became of it, and the sum; a run that was refused shows the plan that it had."""
    return painted(_Told(Page(canvas(width, ascii_only=ascii)), verbose).receipt(receipt), colour=colour)


def fates(receipt: Receipt) -> list[tuple[Action, Entry | None]]:
    """Each write of the plan with its entry; None for one that was not finished."""
    entries: list[Entry | None] = [*receipt.entries]
    writes = receipt.outlook.plan.writes
    return list(zip(writes, [*entries, *[None] * (len(writes) - len(entries))], strict=True))


class _Told(msgspec.Struct, frozen=True):
    page: Page
    verbose: bool

    def receipt(self, receipt: Receipt) -> Iterator[Line]:
        page, outlook = self.page, receipt.outlook
        yield from heading(page, "register", outlook)
        yield BLANK
        match receipt.outcome:
            case "superseded":
                yield from superseded(page, outlook)
            case "refused":
                yield from action_lines(page, outlook.plan.blocked, verbose=self.verbose)
                text = f"nothing was written, since judging fails: {summary(outlook.report)}"
                yield from page.labelled((Span("failed: ", Style.ERROR),), text, Style.STRONG)
            case "blocked":
                yield from action_lines(page, outlook.plan.actions, verbose=self.verbose)
                text = f"nothing was written; {tally(outlook.plan.actions)}"
                yield from page.labelled((Span("blocked: ", Style.ERROR),), text, Style.STRONG)
            case "unchanged":
                told = outlook.plan.actions
                text = f"the registry has {subjects(told)} as the repository has them" if told else "there is no schema"
                yield from page.labelled((Span("nothing to do: ", Style.GOOD),), text, Style.STRONG)
            case _:
                yield from self._writes(receipt)

    def _writes(self, receipt: Receipt) -> Iterator[Line]:
        page, stop = self.page, receipt.stop
        column = subject_column(page, receipt.outlook.plan.writes)
        for number, (action, entry) in enumerate(fates(receipt)):
            failed = stop is not None and number == len(receipt.entries)
            unknown = failed and stop is not None and stop.unknown
            yield from self._write(action, entry, column, unknown=unknown, failed=failed)
        yield BLANK
        if stop is None:
            yield from self._done(receipt)
            return
        done = sum(entry.result != "existing" for entry in receipt.entries)
        left = len(receipt.outlook.plan.writes) - len(receipt.entries)
        what = f"{stop.subject}: {stop.reason}" if stop.subject else stop.reason
        yield from page.labelled((Span("stopped: ", Style.ERROR),), what, Style.STRONG)
        yield from page.labelled((Span("  help: ", Style.GOOD),), stop.help)
        yield from page.prose(f"{count(done, 'write')} done, {left:,} not; nothing has to be undone", indent=2)

    def _write(
        self, action: Action, entry: Entry | None, column: int, *, unknown: bool, failed: bool
    ) -> Iterator[Line]:
        page = self.page
        result = entry.result if entry is not None else "unknown" if unknown else "pending"
        word = "failed" if failed and not unknown else "not done" if result == "pending" else result
        style = Style.ERROR if word == "failed" else STYLES[result]
        lead = (
            Span("  "),
            Span(f"{word:<{COLUMN}}", style),
            *subject_span(page, action.subject, column, Style.STRONG if entry is not None else Style.PLAIN),
        )
        yield from page.labelled(lead, _what(action, entry), Style.PLAIN if entry is not None else Style.DIM)
        if entry is not None and entry.remark:
            yield from page.labelled((Span(" " * (COLUMN + 2)), Span("note: ", Style.NOTICE)), entry.remark)

    def _done(self, receipt: Receipt) -> Iterator[Line]:
        created = sum(entry.result == "created" for entry in receipt.entries)
        there = sum(entry.result == "existing" and entry.version is not None for entry in receipt.entries)
        there += sum(action.kind == THERE for action in receipt.outlook.plan.actions)
        modes = sum(entry.result == "set" for entry in receipt.entries)
        parts = [count(created, "version") + " created"] if created else []
        parts += [count(modes, "mode") + " set"] if modes else []
        parts += [f"{there:,} already there"] if there else []
        unjudged = [entry.subject for entry in receipt.entries if not entry.judged]
        text = listed(parts) + ("; every version was looked up and says what was sent" if created else "")
        if unjudged:
            yield from self.page.labelled(
                (Span("undecided: ", Style.UNDECIDED),), f"{text}. See the note on {listed(unjudged)}", Style.STRONG
            )
        else:
            yield from self.page.labelled((Span("registered: ", Style.GOOD),), text, Style.STRONG)


def _what(action: Action, entry: Entry | None) -> str:
    if action.kind == SET_MODE:
        return f"mode {action.level}"
    label = f"{action.label} as " if action.label else ""
    if entry is None:
        return f"{action.label or 'its next version'} ({action.path})"
    return f"{label}version {entry.version}, id {entry.id} ({action.path})"
