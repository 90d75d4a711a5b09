"""What a run looks at: the repository, the candidate, its base, and what changed in between."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import msgspec

from schemagate.app.proposal import Proposal
from schemagate.config import Retraction, Settings

if TYPE_CHECKING:
    from schemagate.adapters.base import Base
    from schemagate.adapters.ci import CiContext
    from schemagate.adapters.git import FileChange, GitRepo, History
    from schemagate.adapters.git_kept import KeptHistories


class Scope(msgspec.Struct, frozen=True):
    """What a run looks at: the candidate, its base, what changed in between."""

    repo: GitRepo
    proposal: Proposal
    settings: Settings
    former: Settings
    """The configuration at the diff base."""
    base: Base
    context: CiContext
    branch: str
    """The baseline's name, as versions are labelled with it."""
    changes: tuple[FileChange, ...]
    everything: bool
    specs: tuple[str, ...] = ("*.avsc",)
    """Git pathspecs of every file that the configuration may cover, and of the configuration."""
    only: tuple[str, ...] = ()
    """Files and directories whose findings are told; empty for all."""
    shard: tuple[int, int] | None = None
    """The part of the subjects that is judged, of how many; None for all."""
    cache: str = ""
    """The directory of what is kept between runs; empty where nothing is."""

    @property
    def narrow(self) -> bool:
        """Whether only what the change reaches is looked at: not where all is asked for or the rules changed."""
        return not self.everything and self.former is self.settings

    def schema_paths(self) -> list[str]:
        return [path for path in self.proposal.files if self.settings.is_schema_path(path)]

    def was_schema(self, path: str) -> bool:
        """Whether a file of the past may define types: the configuration of its day may have covered others."""
        return path.endswith(".avsc") or self.settings.is_schema_path(path)

    @property
    def wide(self) -> list[str]:
        """The pathspecs of every schema file, wherever it is."""
        return [spec for spec in self.specs if spec.startswith("*")]

    def touched(self) -> frozenset[str]:
        """Every path that the change adds, edits, renames or removes."""
        return frozenset(path for c in self.changes for path in (c.path, c.old_path) if path)


def retractions(scope: Scope) -> tuple[Retraction, ...]:
    """The retractions that count: the diff base's, where it says that only those do."""
    return scope.former.retracted if scope.former.waivers_from_base else scope.settings.retracted


MOST_PATHS = 500
"""Files whose history is asked for by name; of more, the whole history costs less."""


def whole_history(scope: Scope) -> History:
    """Everything that the baseline published: GitError where a shallow clone hides a part of it."""
    from schemagate.adapters.git import History

    return History([], {}) if scope.base.tip is None else _checked(scope, scope.base.tip, scope.wide)


def published_history(scope: Scope, loaded: Collection[str], kept: KeptHistories | None = None) -> History:
    """The baseline's first-parent history, as far as the run needs it; from what is ``kept``, if it is there.

    Where a narrow change only edits files, the history of the ``loaded`` ones is enough: nothing began, moved or
    ended, so that no other file's past could continue in them. GitError where a shallow clone hides a part of it.
    """
    from schemagate.adapters.git import History, literal

    if scope.base.tip is None:
        return History([], {})
    edits_only = scope.narrow and not scope.settings.release_tags and all(c.status == "M" for c in scope.changes)
    paths = [literal(path) for path in sorted(loaded)] if edits_only and len(loaded) <= MOST_PATHS else []
    limits = (*paths, "", *scope.wide)
    known = kept.recall(scope.base.tip, limits) if kept is not None else None
    if known is not None:
        return known
    history = _limited(scope, scope.base.tip, paths) if paths else None
    history = history or _checked(scope, scope.base.tip, scope.wide)
    if kept is not None:
        kept.keep(scope.base.tip, limits, history)
    return history


def _limited(scope: Scope, tip: str, specs: Sequence[str]) -> History | None:
    """The history of some files; None where one of them may continue another, which only the whole history shows."""
    history = _checked(scope, tip, specs)
    first = {path: changes[-1] for path, changes in history.changes.items()}
    began = {history.commits[c.commit_index].sha for c in first.values() if c.status == "A"}
    # A file that began where another ended may continue it.
    return None if scope.repo.removals(began, scope.wide) else history


def _checked(scope: Scope, tip: str, specs: Sequence[str]) -> History:
    from schemagate.adapters.base import hidden_history

    history = scope.repo.history(tip, specs)
    if history.truncated is not None:
        raise hidden_history(scope.repo, scope.context, history.truncated)
    return history
