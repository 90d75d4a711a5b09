"""Why a run stops, or goes on with a remark: what happened, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from schemagate.plan.values import Action, Stop
from schemagate.plan.words import listed
from schemagate.wire.values import Registered, Verdict

NOT_ALLOWED = frozenset({401, 403})
"""Statuses with which a registry refuses who asks, not what is asked."""
UNKNOWN = 401
AGAIN = "run `schemagate register` again: it looks up what is there and does the rest"


def unasked(action: Action, message: str, help_: str) -> Stop:
    return Stop(action.subject, message, help_ or AGAIN)


def interrupted(action: Action, *, writing: bool) -> Stop:
    return Stop(action.subject, "it was interrupted", AGAIN, unknown=writing)


def unset(action: Action) -> Stop:
    return Stop(action.subject, f"the mode could not be set to {action.level}: the registry did not answer", AGAIN)


def unknown(action: Action, help_: str) -> Stop:
    reason = f"the registry answered this run so far, and does not accept its credentials any more (HTTP {UNKNOWN})"
    return Stop(action.subject, reason, f"{help_ or 'check the credentials'}. Then {AGAIN}")


def mode_refused(action: Action, status: int, message: str, help_: str) -> Stop:
    if status == UNKNOWN:
        return unknown(action, help_)
    if status in NOT_ALLOWED:
        return Stop(
            action.subject,
            f"the registry does not let this account set the subject's mode to {action.level} (HTTP {status})",
            "give the pipeline's account the permission to write the compatibility of its subjects "
            f"(PUT /config/{action.subject}; SUBJECT_COMPATIBILITY_WRITE in Confluent's words), or have somebody set "
            f"{action.level} for this subject or as the registry's own level; then run it again",
        )
    return Stop(action.subject, f"the registry refuses the mode {action.level}: {message}", help_ or AGAIN)


def inherited(action: Action, level: str) -> str:
    return (
        f"the registry does not let this account set the subject's own mode; {level}, which it inherits, asks for as "
        f"much as {action.level}"
    )


def changed(action: Action, latest: Registered | None, before: int) -> Stop:
    """Somebody else registered or deleted since the plan was made."""
    now = f"its latest version is now {latest.version}" if latest is not None else "it has no version any more"
    was = f"it was {before}" if before else "it had none"
    return Stop(
        action.subject,
        f"somebody else changed the subject while this ran: {now}, {was} when this was planned",
        "nothing was registered on top of it; run `schemagate plan` to see what is left to do",
    )


def incompatible(action: Action, verdict: Verdict) -> Stop:
    said = listed(verdict.messages) or "it gives no reason"
    return Stop(
        action.subject,
        f"asked once more just before the write, the registry refuses it: {said}",
        "what the registry holds has changed since the plan; run `schemagate check --all`",
    )


def refused(action: Action, status: int, message: str, help_: str) -> Stop:
    if status == UNKNOWN:
        return unknown(action, help_)
    if status in NOT_ALLOWED:
        return Stop(
            action.subject,
            f"the registry does not let this account register (HTTP {status}): {message}",
            "give the pipeline's account the permission to write its subjects "
            f"(POST /subjects/{action.subject}/versions; SUBJECT_WRITE in Confluent's words)",
        )
    return Stop(action.subject, f"the registry refused what it had found acceptable before: {message}", help_ or AGAIN)


def older(action: Action, found: Registered, latest: int) -> Stop:
    return Stop(
        action.subject,
        f"the registry holds this already as version {found.version}, and its latest is version {latest}",
        "nothing was registered; `schemagate plan` tells what to do about it",
    )


def differs(action: Action, found: Registered) -> Stop:
    return Stop(
        action.subject,
        f"the registry took it as version {found.version} (id {found.id}), but what it stores there is not what was "
        "sent: meaning, doc or properties differ",
        f"compare the two: `schemagate diff {action.path} {found.subject}:{found.version}`",
    )


def unverified(action: Action, *, accepted: bool, why: str, help_: str) -> Stop:
    if accepted:
        reason = "the registry accepted it, but does not find it afterwards"
    else:
        reason = "the registry did not answer, and it is not known whether it registered this version"
    return Stop(action.subject, f"{reason}: {why}" if why else reason, help_ or AGAIN, unknown=True)


def overtaken(others: Sequence[int], mine: int) -> str:
    told = listed([f"version {number}" for number in others])
    return (
        f"somebody else registered {told} just before this became version {mine}: the two were not judged against "
        "each other; run `schemagate check --all`"
    )
