"""Read git objects by id through one ``cat-file --batch`` process for the whole run."""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import IO, TYPE_CHECKING, NamedTuple

import msgspec

from schemagate.adapters.git_process import GitRunner, Output, failure
from schemagate.errors import GitError

if TYPE_CHECKING:
    import git as gitpython

_WINDOW = 60
"""Requests that may wait unanswered: together below 4 KiB, the smallest pipe in use, so writing never blocks."""

_REQUESTS = re.compile(r"(?:[0-9a-f]{40}(?:[0-9a-f]{24})?\n)+")
_DISCARD_BYTES = 1 << 20
_TREE_MODE = "40000"
_MOST_KEPT_ENTRIES = 200_000
"""Trees of neighbouring commits share most of their subtrees, which are parsed once; about 50 MB at most."""


class TreeEntry(NamedTuple):
    """One row of a tree object; ``mode`` as git writes it: 40000 directory, 120000 symlink, 160000 submodule."""

    mode: str
    name: str
    id: str


class GitObject(NamedTuple):
    """An object's content; None where it is larger than the caller's bound."""

    id: str
    kind: str
    content: bytes | None


class _Stream(msgspec.Struct):
    """One caller's requests on the shared process: asked and unanswered, answered and not yet taken."""

    limit: int | None
    asked: deque[str] = msgspec.field(default_factory=deque)
    ready: deque[GitObject | GitError] = msgspec.field(default_factory=deque)


class ObjectReader:
    """Objects by hexadecimal id, streamed in the order asked; streams may be interleaved and abandoned."""

    __slots__ = ("_active", "_kept", "_process", "_runner", "_said", "_trees")

    def __init__(self, runner: GitRunner) -> None:
        self._runner = runner
        self._process: gitpython.Git.AutoInterrupt | None = None
        self._active: _Stream | None = None
        self._said: deque[bytes] = deque(maxlen=50)
        self._trees: dict[str, tuple[TreeEntry, ...]] = {}
        self._kept = 0

    def stream(self, ids: Iterable[str], limit: int | None = None) -> Iterator[GitObject]:
        """Each object of ``ids``; one above ``limit`` bytes has no content. A missing one raises GitError."""
        mine = _Stream(limit)
        source = iter(ids)
        try:
            while True:
                if len(mine.asked) <= _WINDOW // 2 and (more := list(islice(source, _WINDOW - len(mine.asked)))):
                    self._send(mine, more)
                if mine.ready:
                    answer = mine.ready.popleft()
                    if isinstance(answer, GitError):
                        raise answer
                    yield answer
                elif mine.asked:
                    yield self._receive(mine)
                else:
                    return
        finally:
            self._settle(mine)

    def one(self, identifier: str, kind: str) -> bytes:
        """A commit's or tree's bytes; GitError where the id names something else."""
        found = next(self.stream((identifier,)))
        if found.kind != kind or found.content is None:
            raise GitError(f"{identifier} is a {found.kind}, not a {kind}", hint="name a commit")
        return found.content

    def commit(self, identifier: str) -> tuple[str, tuple[str, ...]]:
        """A commit's tree and its parents as the commit itself names them, also where a shallow clone cut them."""
        tree, parents = "", []
        for line in self.one(identifier, "commit").split(b"\n\n", 1)[0].decode("utf-8", "replace").split("\n"):
            word, _, value = line.partition(" ")
            if word == "tree":
                tree = value
            elif word == "parent":
                parents.append(value)
        return tree, tuple(parents)

    def tree_files(self, commit: str, wanted: Callable[[str], bool]) -> Iterator[tuple[str, TreeEntry]]:
        """Paths and entries of every file, symlink and submodule in ``commit`` for which ``wanted(path)`` holds."""
        if self._kept > _MOST_KEPT_ENTRIES:
            self._trees.clear()
            self._kept = 0
        level = [("", self.commit(commit)[0])]
        while level:
            self._load_trees([tree for _, tree in level])
            below: list[tuple[str, str]] = []
            for prefix, tree in level:
                for entry in self._trees[tree]:
                    path = prefix + entry.name
                    if entry.mode == _TREE_MODE:
                        below.append((path + "/", entry.id))
                    elif wanted(path):
                        yield path, entry
            level = below

    def close(self) -> None:
        """End the process; the reader may be used again and then starts another."""
        process, self._process = self._process, None
        self._active = None
        if process is not None:
            _end(process)

    def _load_trees(self, trees: Sequence[str]) -> None:
        unknown = [tree for tree in dict.fromkeys(trees) if tree not in self._trees]
        for found in self.stream(unknown):
            if found.kind != "tree" or found.content is None:
                raise GitError(f"{found.id} is a {found.kind}, not a tree", hint="run `git fsck`")
            rows = self._trees[found.id] = tuple(_tree_entries(found.content, len(found.id) // 2))
            self._kept += len(rows)

    def _send(self, mine: _Stream, ids: list[str]) -> None:
        if self._active is not None and self._active is not mine:
            self._settle(self._active)
        self._active = mine
        requests = "\n".join(ids) + "\n"
        if not _REQUESTS.fullmatch(requests):
            raise GitError("an object id that is not 40 or 64 hexadecimal digits was asked for", hint="name a commit")
        process = self._started()
        try:
            process.stdin.write(requests.encode("ascii"))
            process.stdin.flush()
        except OSError as problem:
            raise self._died() from problem
        mine.asked.extend(ids)

    def _receive(self, mine: _Stream) -> GitObject:
        process = self._started()
        header = process.stdout.readline().split()
        identifier = mine.asked.popleft()
        if len(header) < 2 or header[0] != identifier.encode("ascii"):
            mine.asked.clear()
            raise self._died()
        if len(header) == 2:
            raise GitError(
                f"the repository lacks the object {identifier}",
                hint="run `git fsck`; in a copy without all objects, `git fetch --refetch origin` brings them",
            )
        size, kind = int(header[2]), header[1].decode("ascii")
        if mine.limit is not None and size > mine.limit:
            left = size + 1
            while left > 0 and (dropped := process.stdout.read(min(left, _DISCARD_BYTES))):
                left -= len(dropped)
            return GitObject(identifier, kind, None)
        content = process.stdout.read(size + 1)
        if len(content) != size + 1:
            raise self._died()
        return GitObject(identifier, kind, content[:-1])

    def _settle(self, stream: _Stream) -> None:
        """Take the answers that git still owes ``stream``, so that the next request meets its own answer."""
        if self._active is stream:
            while stream.asked and self._process is not None:
                try:
                    stream.ready.append(self._receive(stream))
                except GitError as problem:
                    stream.ready.append(problem)  # it is told to whoever asked for that object, if they still listen
            self._active = None

    def _started(self) -> gitpython.Git.AutoInterrupt:
        if self._process is None:
            process = self._process = self._runner.start("cat-file", "--batch")
            # A full standard error would stop git, and with it the run.
            threading.Thread(target=_collect, args=(process.stderr, self._said), daemon=True).start()
        return self._process

    def _died(self) -> GitError:
        process, self._process = self._process, None
        status = -1 if process is None else _end(process)
        return failure("cat-file", Output(status, b"", b"".join(self._said).decode("utf-8", "replace")))


def _end(process: gitpython.Git.AutoInterrupt) -> int:
    """The exit status; GitPython's own ``wait`` would raise for one that is not zero."""
    with suppress(BrokenPipeError):
        process.stdin.close()
    process.stdout.close()
    return int(process.proc.wait()) if process.proc is not None else -1


def _collect(stream: IO[bytes], lines: deque[bytes]) -> None:
    with stream:
        lines.extend(stream)


def _tree_entries(content: bytes, id_bytes: int) -> Iterator[TreeEntry]:
    start, end = 0, len(content)
    while start < end:
        space = content.index(b" ", start)
        zero = content.index(b"\0", space)
        following = zero + 1 + id_bytes
        yield TreeEntry(
            content[start:space].decode("ascii"),
            content[space + 1 : zero].decode("utf-8", "surrogateescape"),
            content[zero + 1 : following].hex(),
        )
        start = following
