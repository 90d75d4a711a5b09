"""Parse git's ``--raw -z`` output: what happened to which file, and in which commit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from schemagate.adapters.git_process import printable

SYMLINK = "120000"
SUBMODULE = "160000"


class FileChange(NamedTuple):
    """One file that differs. ``status`` is A, M, D, T (kind changed) or R (renamed from ``old_path``).

    ``old_blob`` and ``blob`` are None where that side does not exist; ``blob`` is also None where only the work
    tree knows the content. Modes as git writes them.
    """

    status: str
    path: str
    blob: str | None
    old_path: str
    old_blob: str | None
    mode: str
    old_mode: str


class Change(NamedTuple):
    """One file that one commit of a history changed; ``commit_index`` counts in ``History.commits``."""

    commit_index: int
    status: str
    blob: str | None
    old_path: str
    old_blob: str | None
    mode: str


class CommitInfo(NamedTuple):
    """A commit: full id, committer date (ISO 8601 with zone), author's name, first line of the message."""

    sha: str
    date_iso: str
    author: str
    subject: str


class History(msgspec.Struct, frozen=True):
    """First-parent history, newest first, with what each commit changed, by the path that the change led to.

    ``truncated`` names the commit at which a shallow clone ends, or is None: what came before it is unknown, and
    that commit shows every file as added.
    """

    commits: list[CommitInfo]
    changes: dict[str, list[Change]]
    truncated: str | None = None


COMMIT_FORMAT = "--format=%H%x00%cI%x00%an%x00%s"


def parse_log(text: str) -> History:
    """What ``git log --raw -z`` with COMMIT_FORMAT printed."""
    commits: list[CommitInfo] = []
    changes: dict[str, list[Change]] = {}
    tokens = text.split("\0")
    position, end = 0, len(tokens) - 1
    while position < end:
        sha, date, author, subject = tokens[position : position + 4]
        position += 4
        commit = len(commits)
        commits.append(CommitInfo(sha, date, _clean(author), _clean(subject)))
        # A line break separates a commit from its changes; the next commit's id never starts with a colon.
        while position < end and (row := tokens[position].lstrip("\n")).startswith(":"):
            _, mode, old_blob, blob, status = row.split(" ")
            old_path = path = tokens[position + 1]
            position += 2
            letter = status[0]
            if letter in "RC":
                path = tokens[position]
                position += 1
            change = Change(commit, letter, _blob(blob), old_path, _blob(old_blob), mode)
            if path in changes:
                changes[path].append(change)
            else:
                changes[path] = [change]
    return History(commits, changes)


def parse_changes(text: str) -> Iterator[FileChange]:
    """What ``git diff-tree``, ``diff-index`` or ``diff-files`` printed with ``--raw -z``."""
    tokens = text.split("\0")
    position, end = 0, len(tokens) - 1
    while position < end:
        old_mode, mode, old_blob, blob, status = tokens[position][1:].split(" ")
        old_path = path = tokens[position + 1]
        position += 2
        if status[0] in "RC":
            path = tokens[position]
            position += 1
        yield FileChange(status[0], path, _blob(blob), old_path, _blob(old_blob), mode, old_mode)


def blob_ids(history: History) -> Sequence[str]:
    """Every blob that the history names, each once, newest commit first."""
    rows = sorted(
        (change.commit_index, change.blob) for rows in history.changes.values() for change in rows if change.blob
    )
    return list(dict.fromkeys(blob for _, blob in rows))


def _blob(identifier: str) -> str | None:
    return identifier if identifier.strip("0") else None


def _clean(text: str) -> str:
    return text if text.isascii() and text.isprintable() else printable(text)
