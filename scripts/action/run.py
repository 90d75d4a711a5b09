"""The action's main step: runs the tool once and shows what it said: annotations, log, summary, outputs.

Nothing that came from a repository is printed where the runner would take it for a command: annotations are escaped by
the tool, everything else stands between `stop-commands` and its token.
"""

from __future__ import annotations

import base64
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import results
from asked import PREFIX, Asked, Files, RefusedError, asked

from schemagate.adapters.ci import read_event
from schemagate.adapters.registry.secrets import Secrets
from schemagate.errors import SchemagateError
from schemagate.report.github import annotation

USAGE: Final = 2
SUMMARY_BYTES: Final = 1024 * 1024
"""GitHub refuses the summary of a step that has more."""
KEPT: Final = 64 * 1024
"""Characters of standard error that are kept for the summary."""


class Ran(NamedTuple):
    """The tool's exit code, and what it wrote."""

    code: int
    out: str
    err: str


def main() -> int:
    """0 always: the action's last step ends with the tool's own exit code."""
    env = dict(os.environ)
    try:
        event = read_event(env) or {}
        files = Files(Path(tempfile.mkdtemp(prefix="schemagate-", dir=env.get("RUNNER_TEMP"))))
        directory = _directory(env)
        wanted = asked(env, event, files)
    except (RefusedError, SchemagateError) as problem:
        _say(annotation("error", {"title": "schemagate"}, str(problem)))
        _output(env, {"exit-code": str(problem.exit_code if isinstance(problem, SchemagateError) else USAGE)})
        return 0
    hidden = _masked(wanted.secrets)
    ran = _run(wanted, _tool_env(env, wanted, directory), directory, hidden)
    for path in (*files.folder.iterdir(), wanted.sarif):
        _scrub(path, hidden)
    result = results.of(wanted.command, ran.code, hidden.scrub(ran.out), hidden.scrub(ran.err), files)
    _show(wanted, result)
    _summarise(env, result.summary)
    _output(env, _outputs(wanted, result, files, event))
    return 0


def _directory(env: Mapping[str, str]) -> Path:
    directory = Path(env.get(f"{PREFIX}DIRECTORY") or ".")
    if not directory.is_dir():
        raise RefusedError("`working-directory` is no directory; is there a step before this one that checks out?")
    return directory


def _run(wanted: Asked, env: Mapping[str, str], directory: Path, hidden: Secrets) -> Ran:
    """The tool, in the judged repository. Its standard error appears in the log as it comes."""
    launcher = Path(__file__).with_name("launch.py")
    line = [sys.executable, "-I", "-X", "utf8", str(launcher), "schemagate", *wanted.arguments]
    kept = ""
    with tempfile.TemporaryFile() as out:
        with (
            _quoted(),
            subprocess.Popen(line, cwd=directory, env=env, stdout=out, stderr=subprocess.PIPE) as process,
        ):
            assert process.stderr is not None
            for row in process.stderr:
                text = hidden.scrub(row.decode("utf-8", "replace"))
                _say(text.rstrip("\r\n"))
                kept = (kept + text)[-KEPT:]
        out.seek(0)
        return Ran(process.returncode, out.read().decode("utf-8", "replace"), kept)


def _tool_env(env: Mapping[str, str], wanted: Asked, directory: Path) -> dict[str, str]:
    kept = {name: value for name, value in env.items() if not name.startswith(PREFIX)}
    token = env.get(f"{PREFIX}GITHUB_TOKEN", "")
    login = git_login(kept, directory, token) if wanted.command == "register" and token else {}
    return kept | wanted.env | login


def git_login(env: Mapping[str, str], directory: Path, token: str) -> dict[str, str]:
    """Lets git ask GitHub itself for a branch, where the checkout kept no credentials, as it should not.

    Two Authorization headers would be refused, so nothing is added where the checkout left one.
    """
    server = env.get("GITHUB_SERVER_URL", "")
    if not server.startswith("https://"):
        return {}
    key = f"http.{server.rstrip('/')}/.extraheader"
    known = subprocess.run(["git", "config", "--get-all", key], cwd=directory, env=dict(env), capture_output=True)  # noqa: PLW1510, S607 - no such key is an answer; the runner's git
    if known.stdout.strip():
        return {}
    login = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    _say(f"::add-mask::{login}")
    first = int(env.get("GIT_CONFIG_COUNT") or 0)
    return {
        "GIT_CONFIG_COUNT": str(first + 1),
        f"GIT_CONFIG_KEY_{first}": key,
        f"GIT_CONFIG_VALUE_{first}": f"AUTHORIZATION: basic {login}",
    }


def _masked(texts: Iterable[str]) -> Secrets:
    """The runner shows ``***`` for each from now on; so do the files that the tool wrote."""
    hidden = Secrets("action", {})
    for text in texts:
        hidden.hide(text)
        escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        _say(f"::add-mask::{escaped}")
    return hidden


def _scrub(path: Path, hidden: Secrets) -> None:
    if path.is_file():
        before = path.read_bytes()
        after = hidden.scrub_body(before)
        if after != before:
            path.write_bytes(after)


def _show(wanted: Asked, result: results.Result) -> None:
    for line in result.annotations:
        _say(line)
    if wanted.why_offline and result.not_asked:
        text = f"{wanted.why_offline}, so there are no credentials. {result.not_asked}"
        _say(annotation("notice", {"title": "schemagate: the registry was not asked"}, text))
    with _quoted():
        _say(result.log)


def _summarise(env: Mapping[str, str], text: str) -> None:
    path = Path(env.get("GITHUB_STEP_SUMMARY") or os.devnull)
    there = path.stat().st_size if path.exists() else 0
    data = text.encode("utf-8", "replace")
    if there + len(data) <= SUMMARY_BYTES:
        with path.open("ab") as stream:
            stream.write(data)


def _outputs(wanted: Asked, result: results.Result, files: Files, event: Mapping[str, Any]) -> dict[str, str]:
    found = {"exit-code": str(result.code), "findings": result.findings, "errors": result.errors}
    if files.report.exists():
        found["report"] = str(files.report)
    if wanted.command == "check":
        if wanted.sarif.exists():
            found["sarif"] = str(wanted.sarif)
        if isinstance(event.get("pull_request"), dict):
            found["comment"] = str(files.comment)
            found["telling"] = "true" if result.telling else "false"
    return found


def _output(env: Mapping[str, str], values: Mapping[str, str]) -> None:
    with Path(env.get("GITHUB_OUTPUT") or os.devnull).open("a", encoding="utf-8") as stream:
        for name, value in values.items():
            assert "\n" not in value
            stream.write(f"{name}={value}\n")


@contextmanager
def _quoted() -> Iterator[None]:
    """What is printed meanwhile is text, whatever it looks like: the token cannot be guessed."""
    token = secrets.token_hex(16)
    _say(f"::stop-commands::{token}")
    try:
        yield
    finally:
        _say(f"::{token}::")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
