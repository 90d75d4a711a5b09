"""Which commits are meant: refs, branches, merge bases, and what a shallow clone hides of them."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from schemagate.adapters.git_open import Location
from schemagate.adapters.git_process import GitRunner, printable
from schemagate.errors import GitError

_FULL_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_FIELDS = "--format=%(refname)%00%(objectname)%00%(objecttype)%00%(symref)"
_TAG_FIELDS = (
    "--format=%(refname:strip=2)%00%(objectname)%00%(objecttype)%00%(*objectname)%00%(*objecttype)"
    "%00%(creatordate:iso-strict)"
)


class Branch(NamedTuple):
    """A branch by its short name (``origin/main``) and the commit it points at."""

    name: str
    sha: str


class Tag(NamedTuple):
    """A tag by its short name, the commit it leads to, and when it was made (ISO 8601 with zone)."""

    name: str
    sha: str
    date_iso: str


class Refs:
    """Names → commits of one repository, each looked up once."""

    __slots__ = ("_location", "_parents", "_resolved", "_runner", "_settings", "_shallow")

    def __init__(
        self,
        runner: GitRunner,
        location: Location,
        settings: Mapping[str, str],
        parents: Callable[[str], Sequence[str]],
    ) -> None:
        self._parents = parents
        self._runner = runner
        self._location = location
        self._settings = settings
        self._resolved: dict[str, str] = {}
        self._shallow: frozenset[str] | None = None

    def find(self, ref: str) -> str | None:
        """The commit that ``ref`` names, or None."""
        if ref in self._resolved:
            return self._resolved[ref]
        if not ref or "\0" in ref:
            return None
        output = self._runner.run(
            "rev-parse", "--verify", "--quiet", "--end-of-options", ref + "^{commit}", accept=(0, 1, 128)
        )
        lines = output.text.split()
        if output.status != 0 or not lines or not _FULL_ID.fullmatch(lines[-1]):
            return None
        self._resolved[ref] = lines[-1]
        return lines[-1]

    def resolve(self, ref: str) -> str:
        """The commit that ``ref`` names; GitError says how to fetch it."""
        found = self.find(ref)
        if found is None:
            raise GitError(f"git knows no commit {printable(ref)!r} here", hint=self.fetch_hint(ref))
        return found

    def commit_id(self, ref: str) -> str:
        """``ref`` itself where it is a full id, else the commit that it names: fit to stand on a command line."""
        return ref if _FULL_ID.fullmatch(ref) else self.resolve(ref)

    def merge_base(self, one: str, other: str) -> str | None:
        """The best common ancestor of two commits, None where they share no history.

        In a shallow clone the answer stands only where nothing is cut off between it and both commits: git
        would otherwise name an older ancestor, or none. Then GitError.
        """
        one, other = self.commit_id(one), self.commit_id(other)
        output = self._runner.run("merge-base", one, other, accept=(0, 1))
        base = output.text.strip() or None
        if not self._location.shallow:
            return base
        between = ["rev-list", one, other] + ([f"^{base}"] if base else [])
        if base is None or any(self.is_cut(commit) for commit in self._runner.run(*between).text.split()):
            raise GitError(
                f"this clone is shallow: where {one[:12]} and {other[:12]} parted is not in it",
                hint=self.deepen_hint(),
            )
        return base

    def default_branch(self, configured: str = "") -> Branch | None:
        """The branch that publishes: ``configured``, else the remote's HEAD, else main or master.

        The remote's branch is preferred to the local one of the same name: what was not pushed is not published.
        A configured branch that does not exist raises GitError.
        """
        remote = self.remote()
        names = [configured] if configured else ["main", "master"]
        patterns = (
            [f"refs/remotes/{remote}/{name}" for name in ([] if configured else ["HEAD"]) + names] if remote else []
        )
        patterns += [f"refs/heads/{name}" for name in names]
        known = self._list(patterns)
        for pattern in patterns:
            if pattern in known:
                name, sha = known[pattern]
                return Branch(re.sub(r"^refs/(?:remotes|heads)/", "", name), sha)
        if not configured:
            return None
        chosen = self.find(configured)
        if chosen is None:
            raise GitError(
                f"the configured baseline branch {printable(configured)!r} is not in this clone",
                hint=self.fetch_hint(configured),
            )
        return Branch(configured, chosen)

    def upstream(self, branch: str) -> Branch | None:
        """What ``branch`` tracks, if that was fetched."""
        remote = self._settings.get(f"branch.{branch}.remote", "")
        merge = self._settings.get(f"branch.{branch}.merge", "")
        if not remote or not merge.startswith("refs/heads/"):
            return None
        name = merge.removeprefix("refs/heads/")
        ref = merge if remote == "." else f"refs/remotes/{remote}/{name}"
        known = self._list([ref])
        return Branch(name if remote == "." else f"{remote}/{name}", known[ref][1]) if ref in known else None

    def tags(self, not_containing: str = "") -> list[Tag]:
        """Every tag that leads to a commit; without those from which the commit ``not_containing`` can be reached."""
        limit = [f"--no-contains={self.commit_id(not_containing)}"] if not_containing else []
        found = []
        for line in self._runner.run("for-each-ref", _TAG_FIELDS, *limit, "refs/tags").text.splitlines():
            name, sha, kind, peeled, peeled_kind, date = line.split("\0")
            if "commit" in (kind, peeled_kind):
                found.append(Tag(name, peeled or sha, date))
        return found

    def remote(self) -> str:
        """``origin``, else the only remote there is, else empty."""
        remotes = sorted(
            {key[7:].rpartition(".")[0] for key in self._settings if key.startswith("remote.") and key.endswith(".url")}
        )
        return "origin" if "origin" in remotes else remotes[0] if len(remotes) == 1 else ""

    def is_cut(self, commit: str) -> bool:
        """Whether a shallow clone left out this commit's parents; git also lists roots that have none."""
        if self._shallow is None:
            try:
                with open(os.path.join(self._location.common_dir, "shallow"), encoding="ascii") as lines:
                    self._shallow = frozenset(lines.read().split())
            except FileNotFoundError:
                self._shallow = frozenset()
        return commit in self._shallow and bool(self._parents(commit))

    def deepen_hint(self) -> str:
        """The command that brings the history that a shallow clone lacks."""
        return f"run: git fetch --unshallow {shlex.quote(self.remote() or 'origin')}"

    def fetch_hint(self, ref: str) -> str:
        """The command that brings ``ref``."""
        remote = self.remote()
        if not remote:
            return "check its spelling; this repository has no remote to fetch it from"
        place = shlex.quote(remote)
        if _FULL_ID.fullmatch(ref):
            return f"run: git fetch --no-tags {place} {ref}"
        if not re.fullmatch(r"[\w./+@#-]+", ref) or ref.startswith("-"):
            return f"check its spelling, or run: git fetch {place}"
        name = ref.removeprefix("refs/remotes/").removeprefix("refs/heads/").removeprefix(remote + "/")
        return f"check its spelling, or run: git fetch {place} +refs/heads/{name}:refs/remotes/{remote}/{name}"

    def _list(self, patterns: list[str]) -> dict[str, tuple[str, str]]:
        """Asked name → (the name it stands for, commit) of those refs that exist."""
        if not patterns:
            return {}
        found: dict[str, tuple[str, str]] = {}
        for line in self._runner.run("for-each-ref", _FIELDS, *patterns).text.splitlines():
            name, sha, kind, target = line.split("\0")
            if kind == "commit" and name in patterns:
                found[name] = (target or name, sha)
        return found
