"""Why a line of a plan says what it says, in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from schemagate.plan.values import Judgement, Pin, Wanted
from schemagate.rules import phrases
from schemagate.wire.values import Registered, SubjectState, Verdict

MOST_TOLD = 3
"""Reasons of one kind that a line tells in full."""
MAX_BYTES = 1_000_000
"""A registry keeps its schemas in a Kafka topic, whose messages hold a megabyte unless somebody raised that."""

WAYS_ON = (
    "schemagate never forces and never lowers a mode. The ways on: a new subject, a compatibility group in the "
    "registry, or a person who lowers the subject's mode for this one version"
)
UNWRITABLE = {
    "READONLY": "is read-only",
    "READONLY_OVERRIDE": "is read-only",
    "IMPORT": "is in import mode, which takes versions with ids of another registry only",
}


def listed(names: Sequence[str], most: int = MOST_TOLD) -> str:
    """``a, b and 3 more``."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def unwritable(state: SubjectState) -> tuple[str, str]:
    """(why nothing can be registered in this subject, what to do); empty where something can."""
    kind = UNWRITABLE.get(state.mode)
    if kind is not None:
        return f"the subject {kind} (mode {state.mode})", "whoever administers the registry sets it to READWRITE"
    if state.config.alias:
        return (
            f"the subject is an alias of {state.config.alias} in the registry",
            f"name the subject {state.config.alias} in the configuration, or remove the alias",
        )
    if state.foreign:
        return (
            f"the subject holds {listed(state.foreign)} schemas, and this one is Avro",
            "name another subject in the configuration",
        )
    return "", ""


def too_large(wanted: Wanted) -> str:
    """Why no registry takes so long a text; empty where it may."""
    size = len(wanted.text.encode("utf-8", "surrogatepass"))
    if size <= MAX_BYTES:
        return ""
    return f"the schema has {size:,} bytes of JSON; a registry takes {MAX_BYTES:,} at most"


def refused(verdict: Verdict, judgement: Judgement) -> tuple[str, str]:
    """(why, what to do) where the registry said no in advance."""
    said = "; ".join(verdict.messages[:MOST_TOLD]) or "it gives no reason"
    against = f" (version {listed([str(n) for n in verdict.versions])})" if verdict.versions else ""
    if judgement.accepted:
        return f"the registry refuses what was accepted here: {listed(judgement.accepted)}{against}: {said}", WAYS_ON
    help_ = (
        "our own engine finds nothing that breaks: the two disagree. `schemagate check --all` compares the modes and "
        "what the registry holds"
    )
    return f"the registry refuses it{against}: {said}", help_


def found(failing: Sequence[str]) -> tuple[str, str]:
    """(why, what to do) where the gate itself fails."""
    return f"the gate finds {listed(failing)}", "`schemagate check --all` tells each with what to do"


def broken(judgement: Judgement) -> tuple[str, str]:
    """(why, what to do) where our engine says no."""
    return (
        f"it breaks what the registry holds: {listed(judgement.breaks)}",
        "`schemagate check --all` tells each with what to do",
    )


def differs(tip: Registered, latest: Registered) -> tuple[str, str]:
    """(why, what to do) where the wanted version is there and an older one."""
    why = (
        f"it is registered as version {tip.version}, but the latest is version {latest.version}: clients that take "
        "the latest get another schema than the repository has"
    )
    help_ = (
        f"bring version {latest.version} into the repository (`schemagate pull`), or have it deleted: no registry "
        "makes an older version the latest"
    )
    return why, help_


def already(tip: Registered, label: str) -> str:
    return f"{label or 'this content'} is version {tip.version}, the latest, with id {tip.id}"


def unkept(missing: Sequence[str], version: int) -> str:
    """What the repository has and the registry does not keep: no version is made for a change of those alone."""
    return (
        f"only its {phrases.listed(missing)} differ from version {version}: the registry takes it for that version and "
        "keeps no other for such a change, so there is nothing to register"
    )


def mistaken(missing: Sequence[str], version: int) -> tuple[str, str]:
    """(why, what to do) where the registry takes a schema for one that means something else."""
    why = (
        f"the registry takes it for version {version}, although their {phrases.listed(missing)} differ: it would store "
        "nothing, and whoever looks this schema up would get that one"
    )
    return why, "this registry cannot hold both: register the new schema under another name or subject"


def moved(pins: Sequence[Pin], latest: Registered) -> str:
    """What refers to other versions than the latest version does, whose text is the same."""
    tied = {r.subject: r.version for r in latest.payload.references}
    told = []
    for pin in pins:
        was, now = tied.get(pin.use.subject), pin.version
        if was != now or now is None:
            after = f"version {now}" if now is not None else "the new version"
            told.append(f"{pin.use.name} moves from version {was} to {after}" if was else f"{pin.use.name} is {after}")
    return f"its text is that of version {latest.version}, but {listed(told) or 'its references differ'}"


def created(state: SubjectState) -> str:
    if any(version.deleted for version in state.versions):
        return "every version of the subject is deleted; this one begins it again"
    return "the registry has no such subject yet"


def added(wanted: Wanted, state: SubjectState, before: Sequence[str]) -> str:
    """What makes a version new, and what follows from it."""
    latest = state.latest
    name = wanted.label or "this content"
    if before:
        return f"{name} is not registered either; it follows {before[-1]}"
    if latest is None:
        return f"{name} is not registered"
    count = len(state.live)
    if count == 1:
        return "the subject's one version has another content"
    return f"none of the subject's {count} versions has this content"


def agreed(state: SubjectState, judgement: Judgement, verdict: Verdict | None) -> str:
    """Who was asked, and found it compatible."""
    if not state.exists:
        return ""
    accepted = f", but for what was accepted: {listed(judgement.accepted)}" if judgement.accepted else ""
    both = "our engine and the registry find" if verdict is not None else "our engine finds"
    return f"{both} it compatible{accepted}"


def left_out(wanted: Wanted) -> str:
    return (
        f"{wanted.label or wanted.path} is older than what is registered and is left out: registering it now would "
        "make it the latest"
    )
