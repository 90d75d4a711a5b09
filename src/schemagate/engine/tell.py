"""From causes and problems to findings: graded, worded, placed and fingerprinted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from schemagate.config import Settings, SubjectRule
from schemagate.finding import (
    NO_ARGS,
    Against,
    Direction,
    Finding,
    Json,
    Place,
    Region,
    Related,
    Severity,
)
from schemagate.rules.advice import advice
from schemagate.rules.catalog import lint_rules
from schemagate.rules.kit import Rule
from schemagate.rules.presets import preset_severity
from schemagate.rules.run import Linter
from schemagate.suppress import fingerprint
from schemagate.workspace import Located, Workspace

if TYPE_CHECKING:  # what judges is not loaded by commands that only tell
    from schemagate.engine.judge import Judged
    from schemagate.engine.lineage import Lineage

WHO: Mapping[frozenset[Direction], str] = {
    frozenset(): "nobody on the other side can read it",
    frozenset({Direction.BACKWARD, Direction.FORWARD}): "nobody on the other side can read it",
    frozenset({Direction.BACKWARD}): "whoever reads old data cannot read it",
    frozenset({Direction.FORWARD}): "consumers on older versions cannot read it",
}


class Grades(msgspec.Struct, frozen=True):
    """How much each rule weighs: the rule's default, then preset, configuration, subject and command line."""

    settings: Settings
    flags: Mapping[str, Severity]
    _linters: dict[int, Linter] = msgspec.field(default_factory=dict)
    """By identity of the subject rule (which the settings keep), 0 for files without one."""

    def of(self, rule: Rule, path: str = "", own: Severity | None = None) -> Severity:
        """The severity of a rule for a file. ``own`` is what the rule says of this case; what people set wins."""
        return self._of(rule, self._subject(path), own)

    def _subject(self, path: str) -> SubjectRule | None:
        """The subject rule of a file, if it grades any rule."""
        subject = self.settings.subject_rule_for(path) if path and self.settings.subjects else None
        return subject if subject is not None and subject.rules else None

    def _of(self, rule: Rule, subject: SubjectRule | None, own: Severity | None = None) -> Severity:
        if rule.id in self.flags:
            return self.flags[rule.id]
        if subject is not None and rule.id in subject.rules:
            return subject.rules[rule.id]
        if rule.id in self.settings.rules:
            return self.settings.rules[rule.id]
        graded = preset_severity(self.settings.preset, rule)
        return graded if graded is not None else own if own is not None else rule.severity

    def linter(self, path: str) -> Linter:
        """What runs the lint rules that are not off for this file."""
        subject = self._subject(path)
        known = self._linters.get(id(subject) if subject else 0)
        if known is None:
            known = Linter(rule for rule in lint_rules() if self._of(rule, subject) is not Severity.OFF)
            self._linters[id(subject) if subject else 0] = known
        return known


class Teller(msgspec.Struct, frozen=True):
    """Makes findings about one workspace, without looking for their places where ``placing`` is not set."""

    workspace: Workspace
    grades: Grades
    rules: Mapping[str, Rule]
    placing: bool = True

    def judged(self, judged: Judged, lineage: Lineage) -> Finding | None:
        """A break or a change; None where its rule is off."""
        cause = judged.cause
        rule = self.rules[cause.rule]
        severity = self.grades.of(rule, lineage.path, cause.severity)
        if severity is Severity.OFF:
            return None
        directions = frozenset(a.direction for a in judged.against)
        words = {**cause.args, "who": WHO[directions], "path": cause.path}
        return Finding(
            cause.rule,
            min(severity, Severity.NOTICE) if judged.inherited else severity,
            rule.words(words),
            lineage.subject,
            cause.path,
            cause.args,
            self.region(Place(cause.document, cause.pointer, cause.part)),
            self._sites(cause.also_at, lineage),
            tuple(judged.against),
            "" if judged.inherited else advice(rule, {**cause.args, **cause.words}),
            fingerprint(cause.rule, lineage.subject, cause.path, cause.args),
            judged.inherited,
        )

    def _sites(self, also_at: Sequence[str], lineage: Lineage) -> tuple[Related, ...]:
        related = []
        if lineage.via:
            related.append(Related(f"`{lineage.subject}` is judged because it uses a type of {lineage.via}"))
        if also_at:
            shown = ", ".join(also_at[:5]) + (f" and {len(also_at) - 5} more" if len(also_at) > 5 else "")
            related.append(Related(f"the same type is also used at {shown}"))
        return tuple(related)

    def located(self, located: Located, subject: str = "") -> Finding | None:
        """What the reader or the names said of one document."""
        problem = located.problem
        place = Place(located.document, problem.pointer, problem.part, problem.span)
        related = tuple(Related(message, self.region(other)) for message, other in located.related)
        return self.told(
            problem.rule,
            located.document,
            problem.args,
            place,
            subject=subject,
            at=pointer_path(problem.pointer),
            related=related,
            own=located.severity,
            # A file that could not be read has no places of its own, but a name.
            region=None if located.document in self.workspace.documents else Region(located.document, 1, 1, 1, 1),
        )

    def told(
        self,
        rule_id: str,
        path: str,
        args: Mapping[str, Json] = NO_ARGS,
        place: Place | None = None,
        *,
        subject: str = "",
        at: str = "",
        related: tuple[Related, ...] = (),
        against: tuple[Against, ...] = (),
        own: Severity | None = None,
        region: Region | None = None,
    ) -> Finding | None:
        """A finding of any other kind: ``path`` is the file that it grades by, ``at`` the path inside the schema."""
        rule = self.rules[rule_id]
        severity = self.grades.of(rule, path, own)
        if severity is Severity.OFF:
            return None
        return Finding(
            rule_id,
            severity,
            rule.words(args),
            subject,
            at,
            args,
            region if region is not None else self.region(place) if place is not None else None,
            related,
            against,
            advice(rule, args),
            fingerprint(rule_id, subject or path, at, args),
        )

    def region(self, place: Place) -> Region | None:
        """Where a symbolic place stands; None for a document that this run does not hold."""
        document = self.workspace.documents.get(place.document) if self.placing else None
        if document is None:
            return None
        return document.region(place.pointer, place.part, place.span)


def pointer_path(pointer: str) -> str:
    """A pointer as the path of a finding about text that has no meaning yet."""
    return f"#{pointer}" if pointer else "#"
