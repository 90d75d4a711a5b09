"""A subject's past for programs, field by field: a published format of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from schemagate._version import __version__
from schemagate.finding import Direction, Json
from schemagate.report.difference_json import EditView, edit_view
from schemagate.report.plain_json import text_of
from schemagate.report.published import View, schema_of
from schemagate.report.timeline import Entry, Step, Timeline

FORMAT: Literal[1] = 1


class HistoryHeader(View, frozen=True):
    """What this file is. `history` is the version of the format, `version` that of the tool that wrote it."""

    history: Literal[1]
    version: str


class PublicationView(View, frozen=True):
    """Where a version was published; `date` is ISO 8601 or empty, `title` the commit message's first line."""

    label: str
    path: str
    commit: str
    date: str
    author: str
    title: str


class StepView(View, frozen=True):
    """A version against the one before. `backward`: it reads what that wrote; null for the first and if undecided."""

    name: str
    mark: str
    published: tuple[PublicationView, ...]
    renamed_from: str
    edits: tuple[EditView, ...]
    backward: bool | None
    forward: bool | None
    undecided: str


class SubjectView(View, frozen=True):
    """A subject with its versions, newest first: all of them, unless the list was limited or not asked for."""

    subject: str
    path: str
    mode: str
    versions: int
    last: str
    state: str
    steps: tuple[StepView, ...]
    left_out: tuple[str, ...]


class HistoryView(View, frozen=True):
    """All that one run has to tell. `branch` is the baseline whose history is published."""

    schemagate: HistoryHeader
    branch: str
    subjects: tuple[SubjectView, ...]


def dump_list(entries: Sequence[Entry], branch: str) -> str:
    """The subjects as JSON, without their versions."""
    return _text(branch, [_subject(one, (), ()) for one in sorted(entries, key=lambda one: (one.subject, one.path))])


def dump(timeline: Timeline) -> str:
    """One subject as JSON."""
    dates = [p.place.date for step in timeline.steps for p in step.published[:1]]
    entry = Entry(timeline.subject, timeline.path, timeline.mode, timeline.total, next(iter(dates), ""))
    return _text(timeline.branch, [_subject(entry, timeline.steps, timeline.left_out)])


def json_schema() -> dict[str, Json]:
    """The published JSON Schema of what :func:`dump` and :func:`dump_list` write."""
    return schema_of(HistoryView, "history", FORMAT)


def _text(branch: str, subjects: list[SubjectView]) -> str:
    return text_of(msgspec.to_builtins(HistoryView(HistoryHeader(FORMAT, __version__), branch, tuple(subjects))))


def _subject(entry: Entry, steps: Sequence[Step], left_out: tuple[str, ...]) -> SubjectView:
    told = tuple(map(_step, steps))
    return SubjectView(entry.subject, entry.path, entry.mode, entry.versions, entry.last, entry.state, told, left_out)


def _step(step: Step) -> StepView:
    return StepView(
        step.name,
        step.mark,
        tuple(
            PublicationView(p.place.label, p.place.path, p.place.commit, p.place.date, p.author, p.title)
            for p in step.published
        ),
        step.renamed_from,
        tuple(map(edit_view, step.edits)),
        step.reads.get(Direction.BACKWARD),
        step.reads.get(Direction.FORWARD),
        step.undecided,
    )
