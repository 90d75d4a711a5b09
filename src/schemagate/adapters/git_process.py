"""Start git through GitPython so that it only reads, runs nobody's programs and speaks plain C."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING

import msgspec

from schemagate.errors import GitError

if TYPE_CHECKING:
    import git as gitpython

OLDEST_GIT = (2, 31)
"""``rev-parse --path-format`` and ``log --diff-merges=first-parent`` came with it."""

# A repository's own settings must change neither what is read nor what is run.
_SETTINGS = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.pager=cat",
    "diff.external=",
    "diff.relative=false",
    "diff.orderFile=/dev/null",
    "log.follow=false",
    "log.showRoot=true",
    "log.showSignature=false",
    "submodule.recurse=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "fetch.negotiationAlgorithm=noop",
    # Half of git's own: whole histories are read at the same speed, with 50 MB less of it in memory.
    "core.deltaBaseCacheLimit=48m",
)

_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GCM_INTERACTIVE": "never",
    "GIT_PAGER": "cat",
    "GIT_LITERAL_PATHSPECS": "0",
    "GIT_GLOB_PATHSPECS": "0",
    "GIT_NOGLOB_PATHSPECS": "0",
    "GIT_ICASE_PATHSPECS": "0",
}

REPOSITORY_VARIABLES = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
)
"""What git sets for a hook, and what points a command at another repository than the one it stands in."""

_environment_lock = threading.RLock()


class Output(msgspec.Struct, frozen=True):
    """What a finished git process left: exit status, standard output as bytes, standard error as text."""

    status: int
    stdout: bytes
    stderr: str

    @property
    def text(self) -> str:
        """Standard output; bytes that are not UTF-8 become lone surrogates, as in Python's own file names."""
        return self.stdout.decode("utf-8", "surrogateescape")


class GitRunner:
    """Starts git processes in one directory and counts them by sub-command in ``counters``."""

    __slots__ = ("_git", "_settings", "counters", "environment")

    def __init__(
        self,
        directory: str,
        environment: Mapping[str, str] | None = None,
        settings: Sequence[str] = (),
        counters: Counter[str] | None = None,
    ) -> None:
        self._git: gitpython.Git = load_gitpython().Git(directory)
        self._settings = [part for setting in (*_SETTINGS, *settings) for part in ("-c", setting)]
        self.environment = {**_ENVIRONMENT, **(environment or {})}
        self.counters: Counter[str] = Counter() if counters is None else counters

    def start(self, command: str, *arguments: str) -> gitpython.Git.AutoInterrupt:
        """A running ``git COMMAND`` with its three streams as pipes."""
        self.counters[command] += 1
        line = [str(self._git.GIT_PYTHON_GIT_EXECUTABLE), *self._settings, command, *arguments]
        errors = _gitpython_errors()
        try:
            process = self._git.execute(line, istream=subprocess.PIPE, as_process=True, env=self.environment)
        except errors as problem:
            raise GitError(
                "git could not be started", hint=f"install git {_dotted(OLDEST_GIT)} or newer and put it on the PATH"
            ) from problem
        except ValueError as problem:
            raise GitError(f"git cannot be given this: {problem}", hint="remove the NUL character") from problem
        return process

    def run(
        self,
        command: str,
        *arguments: str,
        stdin: bytes = b"",
        accept: Sequence[int] = (0,),
        seconds: float | None = None,
    ) -> Output:
        """``git COMMAND`` to its end; a status that ``accept`` does not name raises GitError.

        After ``seconds`` it is killed, and GitError says so.
        """
        process = self.start(command, *arguments)
        try:
            stdout, stderr = process.communicate(stdin, timeout=seconds)
        except subprocess.TimeoutExpired as problem:
            _end(process)
            raise GitError(f"git {command} gave no answer within {seconds:g} seconds") from problem
        output = Output(int(process.returncode), stdout, stderr.decode("utf-8", "replace"))
        if output.status not in accept:
            raise failure(command, output)
        return output

    def version(self) -> tuple[int, ...]:
        """The installed git's version, ``(2, 39, 5)``."""
        found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", self.run("version").text)
        return tuple(int(part) for part in found.groups() if part) if found else (0,)


def _end(process: gitpython.Git.AutoInterrupt) -> None:
    """Kills a process whose output nobody reads any more: what it started may hold the pipes for long."""
    popen = process.proc
    if popen is not None:
        popen.kill()
        for stream in (popen.stdin, popen.stdout, popen.stderr):
            if stream is not None:
                stream.close()
        popen.wait()


def load_gitpython() -> ModuleType:
    """GitPython, also where git is missing: its import would otherwise raise ImportError with a page of text."""
    name = "GIT_PYTHON_REFRESH"
    with _environment_lock:
        told = os.environ.get(name)
        os.environ[name] = "quiet"
        try:
            import git
        finally:
            if told is None:
                del os.environ[name]
            else:
                os.environ[name] = told
    return git


def _gitpython_errors() -> tuple[type[BaseException], ...]:
    from git.exc import GitCommandNotFound

    return (GitCommandNotFound, OSError)


@contextmanager
def without_repository_variables() -> Iterator[None]:
    """Hide what a hook exported about its repository.

    GitPython hands every process a copy of ``os.environ`` and can add to it, not take away, and git tells an
    empty GIT_DIR from an absent one.
    """
    with _environment_lock:
        hidden = {name: os.environ.pop(name) for name in REPOSITORY_VARIABLES if name in os.environ}
        try:
            yield
        finally:
            os.environ.update(hidden)


def config_environment(rows: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Variables that set git's configuration, after those that the caller's environment sets already.

    ``-c`` cannot: a key whose subsection holds an equals sign would be cut there.
    """
    told = os.environ.get("GIT_CONFIG_COUNT", "")
    first = int(told) if told.isdecimal() else 0
    variables = {"GIT_CONFIG_COUNT": str(first + len(rows))}
    for number, (key, value) in enumerate(rows, first):
        variables[f"GIT_CONFIG_KEY_{number}"] = key
        variables[f"GIT_CONFIG_VALUE_{number}"] = value
    return variables


def failure(command: str, output: Output) -> GitError:
    """The GitError that a failed process deserves, with what to do about it."""
    said = output.stderr.strip()
    refused = re.search(r"(?:dubious ownership in repository at|unsafe repository \()\s*'([^'\n]+?)'", said)
    if refused:
        place = refused.group(1).split("' is owned by")[0]
        return GitError(
            f"git refuses to read {place}: it belongs to another user",
            hint=f"if you trust it, run: git config --global --add safe.directory {_shell_word(place)}",
        )
    first = said.splitlines()[0] if said else f"exit status {output.status}"
    hint = ""
    if "promisor remote" in said or "lazy fetching disabled" in said:
        hint = "this is a partial clone and its remote did not answer: check network and credentials, then run again"
    elif re.search(r"bad object|unable to read|not a valid object|bad tree object|corrupt", said):
        hint = "the repository lacks objects that its history names: run `git fsck`, or clone it again"
    return GitError(f"git {command} failed: {printable(first)}", hint=hint)


def printable(text: str) -> str:
    """Text from a repository without control characters or lone surrogates, fit for a terminal."""
    whole = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in whole)


def _shell_word(word: str) -> str:
    import shlex

    return shlex.quote(word)


def _dotted(version: Sequence[int]) -> str:
    return ".".join(str(part) for part in version)


def too_old(version: Sequence[int]) -> GitError:
    """The answer to a git that lacks what is needed."""
    return GitError(
        f"git {_dotted(version)} is too old: schemagate needs {_dotted(OLDEST_GIT)} or newer",
        hint=f"install git {_dotted(OLDEST_GIT)} or newer",
    )
