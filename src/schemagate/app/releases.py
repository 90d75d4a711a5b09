"""Release tags: the trees that publish beside the baseline's history, where the configuration says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from schemagate.app.archive import Archive, Event
from schemagate.config import Settings, version_of
from schemagate.config.globs import covers

if TYPE_CHECKING:
    from schemagate.adapters.git import GitRepo


class Release(msgspec.Struct, frozen=True):
    """A tag and the schema files of its tree. ``index`` is the baseline's commit before it, as in the history."""

    tag: str
    commit: str
    date: str
    index: int
    files: Mapping[str, str]

    def events(self, paths: Collection[str]) -> Iterator[Event]:
        """What the tag published under one of these paths."""
        for path in paths:
            blob = self.files.get(path)
            if blob is not None:
                yield Event(self.index, path, blob)

    def series(self, series: str) -> Iterator[str]:
        """The tag's files of a ``_vN`` series."""
        for path in self.files:
            if path.startswith(series) and version_of(path)[0] == series and version_of(path)[1] is not None:
                yield path


def releases(repo: GitRepo, archive: Archive, settings: Settings, proposed: str) -> tuple[Release, ...]:
    """The release tags, oldest first; not those on the ``proposed`` commit or after it: they publish what is judged."""
    if not settings.release_tags:
        return ()
    trees: dict[str, dict[str, str]] = {}
    found = []
    for tag in repo.refs.tags(not_containing=proposed):
        if not covers(settings.release_tags, tag.name):
            continue
        if tag.sha not in trees:
            trees[tag.sha] = archive.tree(tag.sha)
            found.append(Release(tag.name, tag.sha, tag.date_iso, _index(archive, tag.date_iso), trees[tag.sha]))
    return tuple(sorted(found, key=lambda release: dt.datetime.fromisoformat(release.date)))


def missing_tags(settings: Settings, found: Sequence[Release]) -> Iterator[str]:
    """What to tell where no tag publishes though some should: a CI system may not have fetched them."""
    if settings.release_tags and not found:
        globs = ", ".join(settings.release_tags)
        yield f"no release tag of this clone matches {globs}; if there are some, fetch them: git fetch --tags"


def _index(archive: Archive, date: str) -> int:
    when = dt.datetime.fromisoformat(date)
    commits = archive.history.commits
    older = (n for n, commit in enumerate(commits) if dt.datetime.fromisoformat(commit.date_iso) <= when)
    return next(older, len(commits))
