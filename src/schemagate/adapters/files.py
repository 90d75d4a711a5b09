"""Read files of a work tree that nobody vouches for: bounded, regular, and inside the repository."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

import msgspec

from schemagate.errors import UsageError

MAX_FILE_BYTES = 64 * 1024 * 1024
"""Larger files are not read into memory; the 10 MB at which a schema is a finding lies far below."""

_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_LFS_HEAD = b"version https://git-lfs.github.com/spec/v1\n"
_LFS_MOST_BYTES = 1024


class Unreadable(msgspec.Struct, frozen=True):
    """Why a path has no content for us; ``detail`` says it in words, to be told as a finding."""

    kind: Literal["missing", "outside", "not-a-file", "too-large", "refused"]
    detail: str


class WorkTree:
    """Reads files below ``root``; where a directory really lies is looked up once in the reader's life."""

    __slots__ = ("_directories", "_top")

    def __init__(self, root: str) -> None:
        self._top = os.path.realpath(root)
        self._directories: dict[str, str] = {"": self._top}

    def read(self, path: str, limit: int = MAX_FILE_BYTES) -> bytes | Unreadable:
        """The bytes of ``path`` (POSIX, relative to the root) as they are, line ends included.

        A symbolic link is followed only while it stays below the root; sockets, pipes and devices are not read.
        """
        directory, _, name = path.rpartition("/")
        real = self._directories.get(directory)
        if real is None:
            real = self._directories[directory] = os.path.realpath(os.path.join(self._top, *directory.split("/")))
        if real != self._top and not _below(real, self._top):
            return _outside(os.path.join(real, name))
        full = os.path.join(real, name)
        try:
            descriptor = _open(full)
        except OSError as problem:
            if not os.path.islink(full):
                return _refused(full, problem)
            target = os.path.realpath(full)
            if target != self._top and not _below(target, self._top):
                return _outside(target)
            try:
                descriptor = _open(target)
            except OSError as other:
                return _refused(target, other)
        return _content(descriptor, limit)


def read_file(root: str, path: str, limit: int = MAX_FILE_BYTES) -> bytes | Unreadable:
    """One file below ``root``, as ``WorkTree.read`` reads it."""
    return WorkTree(root).read(path, limit)


def _open(path: str) -> int:
    """A descriptor of ``path`` that neither follows a link nor waits for a pipe's other end."""
    if not _NO_FOLLOW and os.path.islink(path):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
    return os.open(path, os.O_RDONLY | _NO_FOLLOW | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))


def _outside(target: str) -> Unreadable:
    return Unreadable("outside", f"it leads outside the repository, to {_shown(target)}")


def _refused(path: str, problem: OSError) -> Unreadable:
    if os.path.islink(path):
        return Unreadable("outside", "its symbolic links form a loop")
    if isinstance(problem, FileNotFoundError | NotADirectoryError):
        return Unreadable("missing", "there is no such file")
    if problem.errno in {errno.ENXIO, errno.EISDIR} or os.path.isdir(path):
        return Unreadable("not-a-file", "it is not a regular file")
    return Unreadable("refused", f"the system refuses to open it: {problem.strerror}")


def _content(descriptor: int, limit: int) -> bytes | Unreadable:
    try:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            return Unreadable("not-a-file", "it is not a regular file")
        if about.st_size > limit:
            return Unreadable("too-large", f"it has {about.st_size:,} bytes; the most is {limit:,}")
        with open(descriptor, "rb", closefd=False) as stream:
            content = stream.read(limit + 1)
    finally:
        os.close(descriptor)
    if len(content) > limit:
        return Unreadable("too-large", f"it grew while it was read; the most is {limit:,} bytes")
    return content


def is_lfs_pointer(content: bytes) -> bool:
    """Whether this is what git LFS keeps in place of a file: the file itself was never downloaded."""
    return len(content) <= _LFS_MOST_BYTES and content.startswith(_LFS_HEAD) and b"\noid sha256:" in content


def repo_path(root: str, given: str, directory: str = "") -> str:
    """What the user typed, relative to ``directory`` (default: the current one), as a path below ``root``.

    Only the directories are resolved, so that a symbolic link keeps its own name. Empty for ``root`` itself.
    Raises UsageError where it lies outside.
    """
    full = os.path.join(os.path.abspath(directory or os.curdir), given)
    head, tail = os.path.split(os.path.normpath(full))
    real = os.path.join(os.path.realpath(head), tail)
    top = os.path.realpath(root)
    if real == top or os.path.realpath(real) == top:
        return ""
    if not _below(real, top):
        raise UsageError(f"{_shown(given)} lies outside {_shown(root)}", hint="name files of one repository in one run")
    return os.path.relpath(real, top).replace(os.sep, "/")


def walk(
    root: str, starts: Iterable[str], wanted: Callable[[str], bool], enters: Callable[[str], bool] | None = None
) -> Iterator[str]:
    """Paths below ``root``, each once and sorted within its start, of the files for which ``wanted(path)`` holds.

    A start that is a file is told whatever ``wanted`` says: it was named. Linked directories, those of git and those
    for which ``enters(path)`` does not hold are not entered; one that cannot be read raises UsageError.
    """
    seen: set[str] = set()
    for start in starts:
        full = os.path.join(root, *start.split("/")) if start else root
        found = _walk_directory(full, start, wanted, enters) if os.path.isdir(full) else iter((start,))
        for path in found:
            if path not in seen:
                seen.add(path)
                yield path


def _walk_directory(
    full: str, start: str, wanted: Callable[[str], bool], enters: Callable[[str], bool] | None
) -> Iterator[str]:
    waiting = [(full, start)]
    while waiting:
        directory, name = waiting.pop()
        try:
            with os.scandir(directory) as rows:
                entries = sorted(rows, key=lambda entry: entry.name)
        except OSError as problem:
            raise UsageError(f"{_shown(directory)} cannot be read: {problem.strerror}") from problem
        below: list[tuple[str, str]] = []
        for entry in entries:
            path = f"{name}/{entry.name}" if name else entry.name
            if entry.is_dir(follow_symlinks=False):
                if entry.name != ".git" and (enters is None or enters(path)):
                    below.append((entry.path, path))
            elif wanted(path):
                yield path
        waiting.extend(reversed(below))


def _below(path: str, top: str) -> bool:
    return path.startswith(top.rstrip(os.sep) + os.sep)


def _shown(path: str) -> str:
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in path)


def put_whole(full: str, content: bytes, mode: int | None = None) -> None:
    """Puts content under a name, as a whole or not at all; what has the name, a symbolic link too, is replaced.

    It is complete on disk before it takes the name. ``mode`` are its permissions; without it, those of any new file.
    Raises OSError, and then leaves nothing behind.
    """
    # Nobody can know this name beforehand and put a link in its place.
    temporary = os.path.join(os.path.dirname(full), f".schemagate-{os.urandom(8).hex()}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o666 if mode is None else 0o600)
    try:
        with open(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if mode is not None:
            os.chmod(temporary, mode)
        os.replace(temporary, full)
    except BaseException:
        os.unlink(temporary)
        raise


def replace_file(root: str, path: str, content: bytes) -> None:
    """Writes a whole file below ``root`` or nothing, through a symbolic link, keeping its permissions.

    Directories are made as needed. Raises UsageError where the path leads outside or cannot be written.
    """
    top = os.path.realpath(root)
    real = os.path.realpath(os.path.join(top, *path.split("/")))
    if not _below(real, top):
        raise UsageError(f"{_shown(path)} leads outside {_shown(root)}", hint="nothing is written there")
    try:
        os.makedirs(os.path.dirname(real), exist_ok=True)
        put_whole(real, content, os.stat(real).st_mode & 0o777 if os.path.exists(real) else 0o644)
    except OSError as error:
        raise UsageError(f"cannot write {_shown(path)}: {error.strerror}", hint="make it writable") from error
