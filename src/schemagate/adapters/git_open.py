"""Find the repository that a path belongs to, and which of a hook's variables speak of it."""

from __future__ import annotations

import os
from collections import Counter

import msgspec
from msgspec.structs import replace

from schemagate.adapters.git_process import (
    OLDEST_GIT,
    REPOSITORY_VARIABLES,
    GitRunner,
    Output,
    failure,
    printable,
    too_old,
    without_repository_variables,
)
from schemagate.errors import GitError

_QUESTIONS = (
    "--path-format=absolute",
    "--is-bare-repository",
    "--is-shallow-repository",
    "--show-object-format",
    "--absolute-git-dir",
    "--git-common-dir",
)


class Location(msgspec.Struct, frozen=True):
    """Where a repository lies. ``root`` is the work tree, of a bare repository the git directory; all absolute.

    ``prefix`` is where the search started, relative to ``root``, POSIX, empty or ending in a slash. ``head`` and
    ``head_ref`` are None on an unborn branch. ``environment`` binds later processes to this repository.
    """

    root: str
    prefix: str
    git_dir: str
    common_dir: str
    bare: bool
    shallow: bool
    object_format: str
    head: str | None
    head_ref: str | None
    environment: dict[str, str]


def locate(start: str, counters: Counter[str]) -> Location:
    """The repository around ``start``: by looking upwards, else the one that GIT_DIR names.

    A GIT_DIR inherited from another repository's hook is ignored, a GIT_DIR without any repository around
    ``start`` (a work tree kept apart from its git directory) is followed. Raises GitError.
    """
    start = os.path.abspath(start)
    directory = start if os.path.isdir(start) else os.path.dirname(start)
    if not os.path.isdir(directory):
        raise GitError(f"{printable(start)} does not exist", hint="name a directory inside a git repository")
    if not any(name in os.environ for name in REPOSITORY_VARIABLES):
        return _ask(directory, {}, counters)
    given = _hook_variables()
    try:
        with without_repository_variables():
            found = _ask(directory, {}, counters)
    except GitError as problem:
        if "GIT_DIR" not in given or "another user" in problem.message:
            raise
        return _ask(directory, given, counters)
    return _bound(found, given)


def _ask(directory: str, environment: dict[str, str], counters: Counter[str]) -> Location:
    runner = GitRunner(directory, environment, counters=counters)
    questions = (*_QUESTIONS, "--show-toplevel", "HEAD", "--symbolic-full-name", "HEAD")
    output = runner.run("rev-parse", *questions, accept=(0, 128))
    lines = output.text.splitlines()
    if len(lines) < 5 or lines[0] not in {"true", "false"}:
        raise _not_found(runner, directory, output)
    bare, shallow, object_format, git_dir, common_dir = lines[:5]
    if bare == "true":
        root, rest = git_dir, _bare_head(runner)
    elif len(lines) > 5:
        root, rest = lines[5], lines[6:]
    else:
        raise GitError(
            f"{printable(directory)} lies inside a .git directory, not in a work tree", hint="run it from the work tree"
        )
    if not os.path.isdir(root) or len(rest) > 2:
        raise GitError("the path of the repository holds a line break", hint="rename that directory")
    head = rest[0] if len(rest) == 2 else None
    return Location(
        root=os.path.normpath(root),
        prefix=_prefix(directory, root),
        git_dir=git_dir,
        common_dir=common_dir,
        bare=bare == "true",
        shallow=shallow == "true",
        object_format=object_format,
        head=head,
        head_ref=rest[1] if head and rest[1] != "HEAD" else None,
        environment=environment,
    )


def _bare_head(runner: GitRunner) -> list[str]:
    """A bare repository has no top level to print, and rev-parse stops at the first answer that it lacks."""
    output = runner.run("rev-parse", "HEAD", "--symbolic-full-name", "HEAD", accept=(0, 128))
    return output.text.splitlines() if output.status == 0 else []


def _not_found(runner: GitRunner, directory: str, output: Output) -> GitError:
    said = output.stderr
    if "ownership" in said or "unsafe repository" in said:
        return failure("rev-parse", output)
    if output.stdout.startswith(b"--path-format"):
        return too_old(runner.version())
    if "not a git repository" in said:
        return GitError(
            f"{printable(directory)} is not in a git repository",
            hint="run it inside a clone, or begin with `git init`; `schemagate lint` needs no git",
        )
    version = runner.version()
    return too_old(version) if version[:2] < OLDEST_GIT else failure("rev-parse", output)


def _prefix(directory: str, root: str) -> str:
    relative = os.path.relpath(os.path.realpath(directory), os.path.realpath(root)).replace(os.sep, "/")
    return "" if relative == "." or relative.startswith("..") else relative + "/"


def _hook_variables() -> dict[str, str]:
    """What the environment says of a repository, its relative paths made absolute."""
    given = {name: os.environ[name] for name in REPOSITORY_VARIABLES if os.environ.get(name)}
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"):
        if name in given:
            given[name] = os.path.abspath(given[name])
    return given


def _bound(found: Location, given: dict[str, str]) -> Location:
    """``found`` with an environment that keeps what belongs to it and overrides what belongs elsewhere.

    An index outside every git directory was chosen by the user, as git itself would take it.
    """
    own = os.path.realpath(found.git_dir)
    ours = "GIT_DIR" in given and os.path.realpath(given["GIT_DIR"]) == own
    environment = {"GIT_DIR": found.git_dir, "GIT_COMMON_DIR": found.common_dir, "GIT_PREFIX": "", "GIT_NAMESPACE": ""}
    if not found.bare:
        environment["GIT_WORK_TREE"] = found.root
    index = given.get("GIT_INDEX_FILE")
    if index is None or not (ours or _owner(index) in {own, None}):
        index = os.path.join(found.git_dir, "index")
    environment["GIT_INDEX_FILE"] = index
    for name in ("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"):
        if name in os.environ:
            other = os.path.join(found.common_dir, "objects") if name == "GIT_OBJECT_DIRECTORY" else ""
            environment[name] = given.get(name, other) if ours else other
    return replace(found, environment=environment)


def _owner(index: str) -> str | None:
    """The git directory that an index file lies in, or None."""
    directory = os.path.dirname(os.path.realpath(index))
    while True:
        if os.path.isfile(os.path.join(directory, "HEAD")) and (
            os.path.isdir(os.path.join(directory, "objects")) or os.path.isfile(os.path.join(directory, "commondir"))
        ):
            return directory
        above = os.path.dirname(directory)
        if above == directory:
            return None
        directory = above
