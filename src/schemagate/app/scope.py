"""What a run looks at: the repository, the candidate, its base, and what changed in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemagate.app.proposal import Proposal
from schemagate.config import Settings

if TYPE_CHECKING:
    from schemagate.adapters.base import Base
    from schemagate.adapters.ci import CiContext
    from schemagate.adapters.git import FileChange, GitRepo, History


@dataclass(frozen=True, slots=True)
class Scope:
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

    def schema_paths(self) -> list[str]:
        return [path for path in self.proposal.files if self.settings.is_schema_path(path)]

    def was_schema(self, path: str) -> bool:
        """Whether a file of the past may define types: the configuration of its day may have covered others."""
        return path.endswith(".avsc") or self.settings.is_schema_path(path)

    def touched(self) -> frozenset[str]:
        """Every path that the change adds, edits, renames or removes."""
        return frozenset(path for c in self.changes for path in (c.path, c.old_path) if path)


def published_history(scope: Scope) -> History:
    """The baseline's first-parent history; GitError where a shallow clone hides a part of it."""
    from schemagate.adapters.base import hidden_history
    from schemagate.adapters.git import History

    if scope.base.tip is None:
        return History([], {})
    history = scope.repo.history(scope.base.tip, [spec for spec in scope.specs if spec.startswith("*")])
    if history.truncated is not None:
        raise hidden_history(scope.repo, scope.context, history.truncated)
    return history
