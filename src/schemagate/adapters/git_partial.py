"""Bring what a partial clone left on its remote, all of it in one request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from schemagate.adapters.git_process import GitRunner
from schemagate.errors import GitError


class PartialClone:
    """``active`` tells whether the repository has a remote that holds objects back for it."""

    __slots__ = ("_present", "_remote", "_runner", "active")

    def __init__(self, runner: GitRunner, settings: Mapping[str, str]) -> None:
        promisors = [
            key.removeprefix("remote.").removesuffix(".promisor")
            for key, value in settings.items()
            if key.startswith("remote.") and key.endswith(".promisor") and value.lower() in {"true", "yes", "on", "1"}
        ]
        self._remote = settings.get("extensions.partialclone") or next(iter(promisors), "")
        self._runner = runner
        self._present: set[str] = set()
        self.active = bool(self._remote)

    def prefetch(self, ids: Iterable[str]) -> None:
        """Fetch those of ``ids`` that are not here. GitError where the remote does not answer."""
        wanted = set(ids) - self._present
        missing = self._missing(wanted) if self.active and wanted else []
        if missing:
            self._fetch(missing)
        self._present |= wanted

    def _missing(self, wanted: Iterable[str]) -> list[str]:
        """Those that are neither packed nor loose here: to ask git for them by id would fetch them one by one."""
        absent = {identifier.encode("ascii") for identifier in wanted}
        process = self._runner.start(
            "cat-file", "--batch-all-objects", "--batch-check=%(objectname)", "--unordered", "--buffer"
        )
        for line in process.stdout:
            absent.discard(line.rstrip())
        process.communicate()
        return sorted(identifier.decode("ascii") for identifier in absent)

    def _fetch(self, missing: list[str]) -> None:
        options = ("--no-tags", "--no-write-fetch-head", "--recurse-submodules=no", "--filter=blob:none", "--quiet")
        try:
            self._runner.run(
                *("fetch", *options, "--refmap=", "--no-prune", "--stdin", self._remote),
                stdin="".join(f"{identifier}\n" for identifier in missing).encode("ascii"),
            )
        except GitError as problem:
            raise GitError(
                f"this partial clone lacks {len(missing)} files of its history, and {self._remote} did not send them:"
                f" {problem.message}",
                hint="check network and credentials, or make a full clone: git fetch --refetch --no-filter "
                + self._remote,
            ) from problem
