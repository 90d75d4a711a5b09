"""Which proposed files mention names: `git grep` says it, and is asked only about contents that it has not searched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from schemagate.app.scope import Scope

if TYPE_CHECKING:
    from schemagate.adapters.mentions import Mentions

FEWEST: Final = 300
"""Files below which git searches them all faster than an answer is looked up."""
MOST_NEW: Final = 100
"""Files that git is asked about by name; of more, all are searched."""


class Searcher:
    """Searches the candidate of one run. What the cache holds only says which contents need no second search."""

    def __init__(self, scope: Scope, kept: Mentions | None = None) -> None:
        self._scope = scope
        self._kept = kept
        proposal = scope.proposal
        self._place = proposal.commit if proposal.kind == "HEAD" else proposal.kind
        self._specs = [spec for spec in scope.specs if spec.startswith("*")]
        self._files: dict[str, str | None] | None = None
        self._ids: frozenset[str | None] = frozenset()

    def hits(self, patterns: Collection[str], loaded: Collection[str]) -> list[str]:
        """The schema files that hold one of these texts and are not yet ``loaded``."""
        files, is_schema = self._scope.proposal.files, self._scope.settings.is_schema_path
        found = self._search(sorted(patterns), loaded)
        return [path for path in found if path not in loaded and path in files and is_schema(path)]

    def _search(self, patterns: Sequence[str], loaded: Collection[str]) -> list[str]:
        if self._kept is None:
            return self._grep(patterns, self._specs, loaded)
        from schemagate.adapters.git import literal
        from schemagate.adapters.mentions import Answer

        question = (*patterns, "", *self._specs)
        blobs = self._blobs()
        known = self._kept.recall(question) or Answer(frozenset(), frozenset())
        before = [path for path, blob in blobs.items() if blob in known.hits] if known.hits else []
        unknown = self._ids - known.asked
        new = [path for path, blob in blobs.items() if blob in unknown and path not in loaded] if unknown else []
        if not new:
            return before
        if len(new) > MOST_NEW:
            known, before, new = Answer(frozenset(), frozenset()), [], list(blobs)
            found = self._grep(patterns, self._specs, loaded)
        else:
            found = self._grep(patterns, [literal(path) for path in new], loaded)
        asked, hits = ({blob for path in paths if (blob := blobs.get(path))} for paths in (new, found))
        if asked:
            self._kept.keep(question, Answer(known.asked | asked, known.hits | hits))
        return before + found

    def _blobs(self) -> dict[str, str | None]:
        """The files that git searches, with the ids of their contents as far as git knows them."""
        if self._files is None:
            files, links = self._scope.proposal.files, self._scope.proposal.links
            suffixes = tuple(spec[1:] for spec in self._specs)
            self._files = {p: blob for p, blob in files.items() if p.endswith(suffixes) and p not in links}
            self._ids = frozenset(self._files.values())
        return self._files

    def _grep(self, patterns: Iterable[str], specs: Sequence[str], loaded: Collection[str]) -> list[str]:
        # What git does not track, or sees changed, is loaded as part of the change. What else has no blob are files
        # that it was told to take as unchanged: only its search of the untracked looks into those themselves, and that
        # passes over tracked files that are ignored.
        found = self._scope.repo.grep_names(patterns, self._place, specs, untracked=False)
        if any(blob is None and path not in loaded for path, blob in self._blobs().items()):
            found += self._scope.repo.grep_names(patterns, self._place, specs, untracked=True)
        return list(dict.fromkeys(found))


@contextmanager
def searcher(scope: Scope) -> Iterator[Searcher]:
    """A searcher with the cache of this repository, where there is one and contents are known by their blobs.

    A filter program may give the work tree what no blob tells.
    """
    files, kind = scope.proposal.files, scope.proposal.kind
    if not scope.cache or len(files) < FEWEST or (kind == "worktree" and scope.repo.may_filter(files)):
        yield Searcher(scope)
        return
    from schemagate.adapters.mentions import Mentions

    kept = Mentions(scope.cache, (scope.repo.root, "worktree" if kind == "worktree" else "blobs"))
    try:
        yield Searcher(scope, kept)
    finally:
        kept.close()
