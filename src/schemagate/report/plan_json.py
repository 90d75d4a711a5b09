"""A plan and a receipt for programs, field by field: two published formats."""

from __future__ import annotations

import json
from typing import Literal

import msgspec

from schemagate._version import __version__
from schemagate.finding import Json
from schemagate.plan.outlook import Outlook, Receipt
from schemagate.plan.values import THERE, Action, Entry
from schemagate.report import json_view
from schemagate.report.plain_json import text_of
from schemagate.report.receipt import fates

FORMAT: Literal[1] = 1


class _View(msgspec.Struct, frozen=True):
    """Every field is written, also where it is empty."""


class RegistryView(_View, frozen=True):
    name: str
    url: str
    """Without secrets."""


class PinView(_View, frozen=True):
    """A reference: the type's full name, the subject that defines it, and its version; null for one still to come."""

    name: str
    subject: str
    version: int | None


class ActionView(_View, frozen=True):
    """One line of the plan. `version` is the one that is there, or the number that is expected; `mode` is to be set."""

    action: str
    subject: str
    path: str
    label: str
    version: int | None
    id: int | None
    mode: str
    references: tuple[PinView, ...]
    fingerprint: str
    why: str
    notes: tuple[str, ...]
    help: str


class EntryView(_View, frozen=True):
    """What became of one version, or one mode.

    `result`: `created`, `existing` or `set`; `pending` was not reached, `failed` was refused, `unknown` got no answer.
    """

    subject: str
    action: str
    result: str
    version: int | None
    id: int | None
    guid: str
    fingerprint: str
    commit: str
    path: str
    label: str
    mode: str
    remark: str


def dump_plan(outlook: Outlook) -> str:
    """The plan as sorted ASCII JSON."""
    state = "superseded" if outlook.superseded else "failed" if outlook.failed else _state(outlook)
    value = {
        "schemagate": {"plan": FORMAT, "version": __version__},
        **_head(outlook),
        "state": state,
        "actions": [msgspec.to_builtins(_action(action)) for action in outlook.plan.actions],
        "report": _report(outlook),
    }
    return text_of(value)


def dump_receipt(receipt: Receipt) -> str:
    """The receipt as sorted ASCII JSON."""
    stop = receipt.stop
    value = {
        "schemagate": {"receipt": FORMAT, "version": __version__},
        **_head(receipt.outlook),
        "outcome": receipt.outcome,
        "stopped": None if stop is None else {"subject": stop.subject, "reason": stop.reason, "help": stop.help},
        "entries": [msgspec.to_builtins(entry) for entry in _entries(receipt)],
        "blocked": [msgspec.to_builtins(_action(action)) for action in receipt.outlook.plan.blocked],
        "report": _report(receipt.outlook) if receipt.outlook.failed else None,
    }
    return text_of(value)


def _report(outlook: Outlook) -> Json:
    """What judging found, in the report's own format; null where nothing was judged."""
    report = outlook.report
    judged = report.compared or report.findings or report.undecided
    return json.loads(json_view.dump(report)) if judged else None


def _state(outlook: Outlook) -> str:
    if outlook.plan.blocked:
        return "blocked"
    return "changes" if outlook.plan.writes else "nothing-to-do"


def _head(outlook: Outlook) -> dict[str, Json]:
    return {
        "registry": msgspec.to_builtins(RegistryView(outlook.registry, outlook.url)),
        "commit": outlook.commit,
        "branch": outlook.branch,
        "dirty": outlook.dirty,
        "superseded": outlook.superseded,
        "notes": list(outlook.notes),
    }


def _action(action: Action) -> ActionView:
    return ActionView(
        action.kind.replace(" ", "-"),
        action.subject,
        action.path,
        action.label,
        action.version,
        action.id,
        action.level,
        tuple(PinView(pin.use.name, pin.use.subject, pin.version) for pin in action.pins),
        action.fingerprint,
        action.why,
        action.notes,
        action.help,
    )


def _entries(receipt: Receipt) -> list[EntryView]:
    """In the plan's order: what was there already, and every write."""
    written = {id(action): (number, entry) for number, (action, entry) in enumerate(fates(receipt))}
    commit = receipt.outlook.commit
    found = []
    for action in receipt.outlook.plan.actions:
        if action.kind == THERE:
            entry = Entry(
                action.subject, "existing", action.version, action.id or 0, action.guid, action.fingerprint, action.path
            )
            found.append(_entry(action, msgspec.structs.replace(entry, label=action.label), commit))
        elif id(action) in written:
            number, done = written[id(action)]
            found.append(_entry(action, done or _unfinished(action, number, receipt), commit))
    return found


def _unfinished(action: Action, number: int, receipt: Receipt) -> Entry:
    stop = receipt.stop
    reached = stop is not None and number == len(receipt.entries)
    result = "pending" if not reached else "unknown" if stop is not None and stop.unknown else "failed"
    return Entry(
        action.subject,
        result,
        fingerprint=action.fingerprint,
        path=action.path,
        label=action.label,
        level=action.level,
        remark=stop.reason if reached and stop is not None else "",
    )


def _entry(action: Action, entry: Entry, commit: str) -> EntryView:
    return EntryView(
        entry.subject,
        action.kind.replace(" ", "-"),
        entry.result,
        entry.version,
        entry.id,
        entry.guid,
        entry.fingerprint,
        commit,
        entry.path,
        entry.label,
        entry.level,
        entry.remark,
    )
