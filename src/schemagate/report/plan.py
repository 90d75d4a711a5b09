"""A plan for people: what would be written, in order, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from schemagate.plan.outlook import Outlook
from schemagate.plan.values import BLOCKED, CREATE, NEW_VERSION, RE_REGISTER, SET_MODE, THERE, Action
from schemagate.report import layout
from schemagate.report.page import BLANK, Page, canvas, painted
from schemagate.report.paint import Line, Span, Style
from schemagate.report.words import count, summary
from schemagate.rules.phrases import listed

KINDS: Final = {
    SET_MODE: Style.NOTICE,
    CREATE: Style.GOOD,
    NEW_VERSION: Style.GOOD,
    RE_REGISTER: Style.WARNING,
    THERE: Style.DIM,
    BLOCKED: Style.ERROR,
}
INDENT: Final = 2
COLUMN: Final = 15
WIDEST_SUBJECT: Final = 40
MOST_THERE: Final = 12
"""Subjects with nothing to do that are listed unless more is asked for."""

SHORT: Final = 7


def render(
    outlook: Outlook,
    *,
    colour: bool,
    width: int,
    ascii: bool = False,  # noqa: A002
    verbose: bool = False,
) -> str:
    """The plan as a list in the order of the writes; nothing of the findings but their number."""
    return painted(_Told(Page(canvas(width, ascii_only=ascii)), verbose).plan(outlook), colour=colour)


class _Told(msgspec.Struct, frozen=True):
    page: Page
    verbose: bool

    def plan(self, outlook: Outlook) -> Iterator[Line]:
        yield from heading(self.page, "plan", outlook)
        yield BLANK
        if outlook.superseded:
            yield from superseded(self.page, outlook)
            return
        if outlook.plan.actions or not outlook.failed:
            yield from action_lines(self.page, outlook.plan.actions, verbose=self.verbose)
        yield from self._sum(outlook)

    def _sum(self, outlook: Outlook) -> Iterator[Line]:
        actions = outlook.plan.actions
        blocked, writes = outlook.plan.blocked, outlook.plan.writes
        if outlook.failed:
            text = f"{summary(outlook.report)}; as long as judging fails, `register` writes nothing"
            yield from self.page.labelled((Span("failed: ", Style.ERROR),), text, Style.STRONG)
        elif not actions:
            yield from self.page.prose("there is no schema to register", Style.STRONG)
        elif blocked:
            number = len({action.subject for action in blocked})
            every = count(len({action.subject for action in actions}), "subject")
            text = f"{number:,} of {every}; as long as one is, `register` writes nothing"
            yield from self.page.labelled((Span("blocked: ", Style.ERROR),), text, Style.STRONG)
        elif writes:
            yield from self.page.labelled((Span("to do: ", Style.NOTICE),), tally(actions), Style.STRONG)
            if not outlook.notes:
                yield from self.page.prose("`schemagate register` does it", Style.DIM)
        else:
            text = f"the registry has {subjects(actions)} as the repository has them"
            yield from self.page.labelled((Span("nothing to do: ", Style.GOOD),), text, Style.STRONG)


def heading(page: Page, what: str, outlook: Outlook) -> Iterator[Line]:
    """For which registry and which commit, and what the reader should know of it."""
    where = f" of {outlook.branch}" if outlook.branch else ""
    content = f"the work tree on {outlook.commit[:SHORT]}" if outlook.dirty else outlook.commit[:SHORT] + where
    yield from page.prose(f"{what}: {content}, registry {outlook.registry} ({outlook.url})", Style.FRAME, hang=INDENT)
    for note in outlook.notes:
        yield from page.labelled((Span("  note: ", Style.NOTICE),), note)


def superseded(page: Page, outlook: Outlook) -> Iterator[Line]:
    text = f"{outlook.superseded}. Nothing is written: the run for the newer commit registers it all"
    yield from page.labelled((Span("superseded: ", Style.NOTICE),), text, Style.STRONG)


def action_lines(page: Page, actions: Sequence[Action], *, verbose: bool) -> Iterator[Line]:
    """Each action with its reasons; many subjects with nothing to do become one line."""
    idle = [action for action in actions if action.kind == THERE]
    folded = len(idle) > MOST_THERE and not verbose
    shown = [action for action in actions if action.kind != THERE or not folded or action.notes]
    column = subject_column(page, shown)
    for action in shown:
        yield from action_line(page, action, column)
    hidden = len(actions) - len(shown)
    if hidden:
        lead = _lead(THERE)
        yield from page.labelled(lead, f"{count(hidden, 'subject')}; --verbose lists them", Style.DIM)
    if actions:
        yield BLANK


def subject_column(page: Page, actions: Sequence[Action]) -> int:
    """The cells that the subjects take, so that what follows them stands below each other."""
    return min(max((layout.width(page.text(action.subject)) for action in actions), default=0), WIDEST_SUBJECT)


def subject_span(page: Page, subject: str, column: int, style: Style) -> Line:
    """A subject, filled up to its column."""
    text = page.text(subject)
    return (Span(text, style), Span(" " * (max(column - layout.width(text), 0) + 2)))


def action_line(page: Page, action: Action, column: int) -> Iterator[Line]:
    """What is done to which subject, and below it why."""
    quiet = action.kind == THERE
    style = Style.DIM if quiet else Style.PLAIN
    lead = (*_lead(action.kind), *subject_span(page, action.subject, column, style if quiet else Style.STRONG))
    yield from page.labelled(lead, target(action, "->" if page.canvas.ascii_only else "→"), style)
    indent = INDENT + COLUMN
    for number, text in enumerate((action.why, *action.notes)):
        if number or not quiet:
            yield from page.prose(text, indent=indent, hang=INDENT)
    if action.help:
        yield from page.labelled((Span(" " * indent), Span("help: ", Style.GOOD)), action.help)


def _lead(kind: str) -> Line:
    return (Span(" " * INDENT), Span(f"{kind:<{COLUMN}}", KINDS[kind]))


def target(action: Action, arrow: str) -> str:
    """What the line is about beside the subject: the mode, or the version with its file and what it refers to."""
    if action.kind == SET_MODE:
        return action.level
    if action.kind == THERE:
        return action.why
    words = []
    if action.kind != BLOCKED and action.version is not None:
        words.append(
            f"{action.label} {arrow} version {action.version}" if action.label else f"version {action.version}"
        )
    elif action.label:
        words.append(action.label)
    words.append(f"({action.path})" if action.path else "")
    if action.pins and action.kind != BLOCKED:
        tied = [
            f"{pin.use.subject} {pin.version}" if pin.version is not None else f"the new {pin.use.subject}"
            for pin in action.pins
        ]
        words.append(f"with {listed(tied)}")
    return " ".join(word for word in words if word)


def tally(actions: Sequence[Action]) -> str:
    """``1 mode, 2 new versions and 1 blocked; 3 already there``."""
    numbers = {kind: sum(action.kind == kind for action in actions) for kind in KINDS}
    parts = [
        (numbers[CREATE], count(numbers[CREATE], "new subject")),
        (numbers[NEW_VERSION], count(numbers[NEW_VERSION], "new version")),
        (numbers[RE_REGISTER], f"{numbers[RE_REGISTER]:,} re-registered"),
        (numbers[SET_MODE], count(numbers[SET_MODE], "mode") + " to set"),
        (numbers[BLOCKED], f"{numbers[BLOCKED]:,} blocked"),
    ]
    told = listed([text for number, text in parts if number]) or "nothing to write"
    return told + (f"; {numbers[THERE]:,} already there" if numbers[THERE] else "")


def subjects(actions: Sequence[Action]) -> str:
    number = len({action.subject for action in actions})
    return "its one subject" if number == 1 else f"all {number:,} subjects"
