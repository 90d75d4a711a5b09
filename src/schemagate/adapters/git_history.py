"""Read first-parent history: one ``git log`` for any number of files and commits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from schemagate.adapters.git_files import PLAIN_DIFF, RENAMES
from schemagate.adapters.git_process import GitRunner
from schemagate.adapters.git_raw import COMMIT_FORMAT, History, parse_log

_LOG = ("--no-color", "--no-decorate", "--no-notes", "--no-show-signature", "--no-mailmap", "--encoding=UTF-8")
_FIRST_PARENT = ("--first-parent", "--diff-merges=first-parent")


def read_history(
    runner: GitRunner,
    tip: str,
    pathspecs: Sequence[str],
    since: str | None,
    prefetch: Callable[[History], None] | None,
) -> History:
    """The commits on ``tip``'s first-parent line that changed ``pathspecs``, newest first.

    ``prefetch`` is handed the history without renames before contents are read to find renames: in a partial
    clone git would fetch them commit by commit.
    """
    limits = (*_FIRST_PARENT, *_since(since))
    if prefetch is not None:
        prefetch(_log(runner, (*limits, "--no-renames"), (tip,), pathspecs))
    return _log(runner, (*limits, *RENAMES), (tip,), pathspecs)


def find_cut(runner: GitRunner, tip: str, since: str | None, is_cut: Callable[[str], bool]) -> str | None:
    """The commit at which a shallow clone ends ``tip``'s first-parent line, or None."""
    roots = runner.run("rev-list", "--first-parent", "--max-parents=0", *_since(since), tip).text.split()
    return next(filter(is_cut, roots), None)


def find_removals(
    runner: GitRunner, commits: Iterable[str], pathspecs: Sequence[str], parent: Callable[[str], str | None]
) -> set[str]:
    """Those of the commits that took a file away, or moved it, on the first-parent line."""
    pairs = [(commit, parent(commit)) for commit in sorted(set(commits))]
    lines = "".join(f"{commit} {before}\n" for commit, before in pairs if before is not None)
    if not lines:
        return set()
    options = ("--stdin", "-r", *PLAIN_DIFF, "--diff-filter=D", "--no-renames", COMMIT_FORMAT, "--", *pathspecs)
    history = parse_log(runner.run("diff-tree", *options, stdin=lines.encode("ascii")).text)
    return {history.commits[change.commit_index].sha for changes in history.changes.values() for change in changes}


def _since(since: str | None) -> tuple[str, ...]:
    return (f"--since={since}",) if since else ()


def _log(runner: GitRunner, options: Sequence[str], starts: Sequence[str], pathspecs: Sequence[str]) -> History:
    arguments = (*options, *PLAIN_DIFF, *_LOG, COMMIT_FORMAT)
    lines = [*starts, *(("--", *pathspecs) if pathspecs else ())]
    if any("\n" in line for line in lines):
        output = runner.run("log", *arguments, "--end-of-options", *starts, "--", *pathspecs)
    else:
        text = "".join(line + "\n" for line in lines)
        output = runner.run("log", *arguments, "--stdin", stdin=text.encode("utf-8", "surrogateescape"))
    return parse_log(output.text)
