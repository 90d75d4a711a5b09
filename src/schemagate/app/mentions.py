"""Which proposed files mention names: `git grep` says it, and is asked only about contents that it has not searched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from schemagate.app.proposal import ListedFiles
from schemagate.app.scope import Scope

if TYPE_CHECKING:
    from schemagate.adapters.cache import Cache
    from schemagate.adapters.mentions import Answer, Mentions

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
        self._specs = scope.wide
        self._suffixes = tuple(spec[1:] for spec in self._specs)
        self._listing: bytes | None = None
        self._ids: frozenset[str] | None = None

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
        known = self._kept.recall(question) or Answer()
        same = bool(known.listing) and known.listing == self._identity()
        unknown = known.unasked if same else self._every_id() - self._kept.asked(known)
        loose = [path for path in self._loose() if path not in loaded]
        if len(unknown) + len(loose) > MOST_NEW:
            known, same, before, asked, unknown = Answer(), False, [], self._searched(), self._every_id()
            found = self._grep(patterns, self._specs, loaded)
        else:
            before = self._of(known) if same else self._holding(known.hits)
            new = [*(path for path in self._holding(unknown) if path not in loaded), *loose]
            asked = self._blobs_of(new)
            found = self._grep(patterns, [literal(path) for path in new], loaded) if new else []
        if asked or not same:
            answer = Answer(known.hits | self._blobs_of(found), known.asked)
            if len(unknown - asked) <= MOST_NEW:
                paths = self._listed(answer.hits)
                answer = Answer(answer.hits, known.asked, self._identity(), unknown - asked, tuple(paths))
            self._kept.keep(question, answer, self._kept.asked(known) | asked if asked else None)
        return before + found

    def _identity(self) -> bytes:
        """What tells that every content git knows of is where it was; empty where that is not known."""
        if self._listing is None:
            proposal = self._scope.proposal
            if isinstance(proposal.files, ListedFiles):
                self._listing = proposal.files.listing.identity
            else:
                self._listing = b"" if proposal.overlay else proposal.commit.encode("ascii")
        return self._listing

    def _every_id(self) -> frozenset[str]:
        """The ids of all contents that git knows of, also of files that the work tree has otherwise."""
        if self._ids is None:
            files = self._scope.proposal.files
            self._ids = self._ids_in(files.listing.contents() if isinstance(files, ListedFiles) else files)
        return self._ids

    def _searched(self) -> frozenset[str]:
        """The ids of all contents that git searches."""
        files = self._scope.proposal.files
        as_listed = isinstance(files, ListedFiles) and files.as_listed
        return self._every_id() if as_listed else self._ids_in(files)

    def _ids_in(self, files: Mapping[str, str | None]) -> frozenset[str]:
        links = self._scope.proposal.links
        return frozenset(b for p, b in files.items() if b and p.endswith(self._suffixes) and p not in links)

    def _blobs_of(self, paths: Iterable[str]) -> frozenset[str]:
        files = self._scope.proposal.files
        return frozenset(blob for path in paths if (blob := files.get(path)))

    def _of(self, known: Answer) -> list[str]:
        """The files of an answer about the same listing that still hold what was hit."""
        files = self._scope.proposal.files
        return [path for path in known.paths if files.get(path) in known.hits]

    def _listed(self, blobs: Collection[str]) -> list[str]:
        """Those that hold one of these contents as git knows them, whatever the work tree has otherwise."""
        files, links = self._scope.proposal.files, self._scope.proposal.links
        if not isinstance(files, ListedFiles):
            return self._holding(blobs)
        found = files.listing.holding(blobs)
        return [path for path in found if path.endswith(self._suffixes) and path not in links]

    def _holding(self, blobs: Collection[str]) -> list[str]:
        """Those that hold one of these contents."""
        if not blobs:
            return []
        files, links = self._scope.proposal.files, self._scope.proposal.links
        if isinstance(files, ListedFiles):
            found = files.holding(blobs)
        else:
            found = [path for path, blob in files.items() if blob in blobs]
        return [path for path in found if path.endswith(self._suffixes) and path not in links]

    def _loose(self) -> list[str]:
        """Those whose content git does not surely know."""
        files, links = self._scope.proposal.files, self._scope.proposal.links
        loose = files.loose() if isinstance(files, ListedFiles) else self._scope.proposal.overlay
        return [path for path in loose if path.endswith(self._suffixes) and path not in links]

    def _grep(self, patterns: Iterable[str], specs: Sequence[str], loaded: Collection[str]) -> list[str]:
        # What git does not track, or sees changed, is loaded as part of the change. What else has no blob are files
        # that it was told to take as unchanged: only its search of the untracked looks into those themselves, and that
        # passes over tracked files that are ignored.
        found = self._scope.repo.grep_names(patterns, self._place, specs, untracked=False)
        if any(path not in loaded for path in self._loose()):
            found += self._scope.repo.grep_names(patterns, self._place, specs, untracked=True)
        return list(dict.fromkeys(found))


@contextmanager
def opened(scope: Scope) -> Iterator[Cache | None]:
    """What is kept between runs, for as long as it is used; None where nothing is, or where it would not pay."""
    if not scope.cache or len(scope.proposal.files) < FEWEST:
        yield None
        return
    import time

    from schemagate.adapters.cache import open_cache

    cache = open_cache(scope.cache, time.time)
    try:
        yield cache
    finally:
        if cache is not None:
            cache.close()


def searcher(scope: Scope, cache: Cache | None) -> Searcher:
    """A searcher with what the cache holds of this repository, where contents are known by their blobs.

    A filter program may give the work tree what no blob tells.
    """
    kind = scope.proposal.kind
    if cache is None or (kind == "worktree" and scope.repo.may_filter(scope.proposal.files)):
        return Searcher(scope)
    from schemagate.adapters.mentions import Mentions

    return Searcher(scope, Mentions(cache, (scope.repo.root, "worktree" if kind == "worktree" else "blobs")))
