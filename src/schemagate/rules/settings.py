"""The rules about the gate's own configuration: names, waivers, inline allows, and what weakens it."""

from __future__ import annotations

from schemagate.finding import Severity
from schemagate.rules.kit import Rule, told

SUBJECT_NAME_NEEDED = told(
    "subject-name-needed",
    "config",
    Severity.WARNING,
    "a top-level {kind} has no name, so its subject must be configured",
    """
    The schema can be checked but not registered: nothing says which subject it belongs to.

    Only records, enums and fixed types have a name that a subject can be derived from. A union at the top (several
    events in one topic), an array, a map or a primitive has none.

    Add a `[[subjects]]` entry that matches the file, with a `name` that does not use the type's name:
    `name = ["{topic}-value"]` and `topic = "user-events"`, or `name = ["{stem}-value"]`.
    """,
)

GATE_WEAKENED = told(
    "gate-weakened",
    "config",
    Severity.NOTICE,
    "this change weakens its own gate: {what}",
    """
    What this change makes lawful is judged by rules that this change made weaker.

    A lower mode or severity, fewer paths, a later `history-from`, a retraction, a new waiver or inline allow in the
    same change as the schema can be right, and should be seen by whoever reviews it.

    Let the owners of the gate review it, or make the change of the configuration a pull request of its own. Raise this
    rule to `error` where the configuration must never move together with a schema.
    """,
)

UNUSED_WAIVER = told(
    "unused-waiver",
    "config",
    Severity.WARNING,
    "waiver {waiver} accepts nothing",
    """
    The waiver stays behind and will accept, unseen, the next break that looks the same.

    No finding of this run is the one that it was signed for: the break was repaired, or the subject is gone.

    Delete the entry from `[[waivers]]`.
    """,
)

EXPIRED_WAIVER = told(
    "expired-waiver",
    "config",
    Severity.ERROR,
    "waiver {waiver} expired on {expired}",
    """
    The finding that was accepted until then counts again.

    Whoever signed the waiver promised that the break would be gone by that day.

    Repair the break and delete the waiver, or let its owner sign a new date with a new reason.
    """,
)

UNUSED_ALLOW = told(
    "unused-allow",
    "config",
    Severity.WARNING,
    "the inline allow of {allowed} accepts nothing",
    """
    The comment stays behind and will accept, unseen, the next finding at this place.

    The rule notices nothing on the line of the comment or below it: the cause is gone, or the comment stands in the
    wrong place.

    Delete the comment, or move it onto or directly above the line of the finding.
    """,
)

BAD_ALLOW = told(
    "bad-allow",
    "config",
    Severity.ERROR,
    "this comment {problem}",
    """
    The comment looks like an exception and is none: what it was written for is still told.

    An inline allow is `// schemagate: allow[rule-id] reason`. The reason is required, since nobody can tell later
    whether an exception without one still holds, and the rule must be one that exists.

    Write the comment in that form, with why the rule does not apply here.
    """,
)

UNKNOWN_RULE = told(
    "unknown-rule",
    "config",
    Severity.ERROR,
    "there is no rule `{rule}`{hint}",
    """
    The setting has no effect: what was meant to be allowed, graded or accepted is not.

    Rules are named by ids such as `field-renamed`; `schemagate rules` lists them all.

    Correct the id.
    """,
)

RULES: tuple[Rule, ...] = (
    SUBJECT_NAME_NEEDED,
    GATE_WEAKENED,
    UNUSED_WAIVER,
    EXPIRED_WAIVER,
    UNUSED_ALLOW,
    BAD_ALLOW,
    UNKNOWN_RULE,
)
