"""The drift of a registry for programs, field by field: a published format of its own."""

from __future__ import annotations

from typing import Literal

import msgspec

from schemagate._version import __version__
from schemagate.finding import Json
from schemagate.report.drift import Drift
from schemagate.report.plain_json import bounded, text_of
from schemagate.report.published import View, schema_of

FORMAT: Literal[1] = 1


class DriftHeader(View, frozen=True):
    """What this file is. `drift` is the version of the format, `version` that of the tool that wrote it."""

    drift: Literal[1]
    version: str


class RegistryView(View, frozen=True):
    """The registry that was asked; its address has no secret in it."""

    name: str
    url: str


class EditView(View, frozen=True):
    """One edit from the repository's schema to the registry's latest; `old` or `new` is null where there is nothing."""

    what: str
    path: str
    old: Json
    new: Json


class DivergenceView(View, frozen=True):
    """One way in which a subject differs. What does not count only explains. `versions` are the registry's."""

    kind: str
    counts: bool
    message: str
    versions: tuple[int, ...]
    edits: tuple[EditView, ...]


class StrayedView(View, frozen=True):
    """A subject of the repository that differs, and the file that defines it."""

    subject: str
    path: str
    found: tuple[DivergenceView, ...]


class UnmanagedView(View, frozen=True):
    """A subject that no file here defines; it counts as drift where a prefix says that it belongs here."""

    subject: str
    counts: bool


class DriftView(View, frozen=True):
    """All that one run has to tell."""

    schemagate: DriftHeader
    registry: RegistryView
    compared: str
    exit_code: Literal[0, 1]
    subjects: int
    strayed: tuple[StrayedView, ...]
    unmanaged: tuple[UnmanagedView, ...]
    notes: tuple[str, ...]


def dump(drift: Drift) -> str:
    """The drift as JSON."""
    view = DriftView(
        DriftHeader(FORMAT, __version__),
        RegistryView(drift.registry, drift.url),
        drift.judged,
        1 if drift.exit_code else 0,
        drift.subjects,
        tuple(
            StrayedView(
                one.subject,
                one.path,
                tuple(
                    DivergenceView(
                        found.kind,
                        found.counts,
                        found.text,
                        found.versions,
                        tuple(
                            EditView(edit.what, edit.path or edit.old_path, bounded(edit.old), bounded(edit.new))
                            for edit in found.edits
                        ),
                    )
                    for found in one.found
                ),
            )
            for one in drift.strayed
        ),
        tuple(UnmanagedView(one.subject, one.mine) for one in drift.unmanaged),
        drift.notes,
    )
    return text_of(msgspec.to_builtins(view))


def json_schema() -> dict[str, Json]:
    """The published JSON Schema of what :func:`dump` writes."""
    return schema_of(DriftView, "drift", FORMAT)
