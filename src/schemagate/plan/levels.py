"""Which compatibility mode a new subject is given before its first version."""

from __future__ import annotations

from schemagate.compat.modes import Mode, strictest
from schemagate.wire.values import SubjectConfig


def level_to_set(configured: str, found: SubjectConfig) -> tuple[str, str]:
    """(the level to set, why); an empty level means that what is in force stays, and ``why`` tells why, if it must.

    What the subject itself says is never lowered. What it inherits is left where it asks for everything that the
    configuration asks for and more; where it asks for the same, the subject still gets a level of its own, so that
    changing the registry's own does not weaken it.
    """
    wanted, known = _mode(configured), _mode(found.level)
    if wanted is None or wanted is Mode.NONE:
        return "", ""
    if known is None:
        return wanted.value, "a new subject gets the configured mode before its first version"
    union = strictest(wanted, known)
    if found.source == "subject":
        return ("", "") if union is known else (union.value, f"the subject is set to {known}, which is weaker")
    if union is known and known is not wanted:
        return "", f"the registry's {_who(found)} {known} is stricter than {wanted} and stays in force"
    if known is wanted:
        return wanted.value, f"keeps the new subject at {wanted}, whatever becomes of the {_who(found)} mode"
    return wanted.value, f"the {_who(found)} {known} would hold otherwise"


def covers(level: str, configured: str) -> bool:
    """Whether a registry's level asks for everything that the configured mode asks for."""
    wanted, known = _mode(configured), _mode(level)
    return wanted is None or (known is not None and strictest(wanted, known) is known)


def _who(found: SubjectConfig) -> str:
    return {"context": "context's", "global": "global", "default": "default"}.get(found.source, "registry's")


def _mode(name: str) -> Mode | None:
    return Mode(name) if name in list(Mode) else None
