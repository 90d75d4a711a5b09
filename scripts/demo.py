"""The gate at work on a small git repository: an accident on a branch caught, the compatible way accepted.

Runs the installed ``schemagate`` command and fails when an exit code is not the one that the story promises.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PUBLISHED = "schemas/avro/user_created_v1.avsc"
PROPOSED = "schemas/avro/user_created_v2.avsc"

USER_ID = '{"name": "user_id", "type": "string"}'
UUID = '{"name": "uuid", "type": "string"}'
NULLABLE_UUID = '{"name": "uuid", "type": ["null", "string"], "default": null}'

CLEAN, FINDINGS = 0, 1

KEPT = re.compile(
    "PATH|PATHEXT|SYSTEMROOT|COMSPEC|WINDIR|TEMP|TMP|TMPDIR|LANG|LC_.*|TERM|COLUMNS|NO_COLOR|FORCE_COLOR|PYTHON.*",
    re.IGNORECASE,
)
"""What a command sees of the surroundings: nothing of a CI system, of a hook's GIT_DIR or of anybody's git config."""


class SurpriseError(Exception):
    """The story did not go as it promises."""


class Repository:
    """A git repository in ``home`` with version 1 of the event published on ``main``.

    Names, dates and configuration are fixed, so that it has the same commits on every machine.
    """

    def __init__(self, home: Path) -> None:
        self.path = home / "shop"
        self.environment = _environment(home)
        self.version_1 = (ROOT / PUBLISHED).read_text(encoding="utf-8")
        self.path.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        self.write(PUBLISHED, self.version_1)
        self.git("add", ".")
        self.git("commit", "--quiet", "--message=Publish UserCreated")

    def git(self, *arguments: str) -> None:
        subprocess.run([_found("git"), *arguments], cwd=self.path, env=self.environment, check=True)

    def write(self, path: str, text: str) -> None:
        target = self.path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")

    def propose(self, *fields: str) -> None:
        """Write version 2: version 1 without its comments, with ``fields`` in the place of ``user_id``."""
        body = "".join(line for line in self.version_1.splitlines(keepends=True) if not re.match(r"\s*(//|$)", line))
        if USER_ID not in body:
            raise SurpriseError(f"{PUBLISHED} has no field {USER_ID}")
        self.write(PROPOSED, body.replace(USER_ID, ",\n    ".join(fields)))

    def schemagate(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run the installed command here; its output comes back, its complaints go where ours go."""
        scripts = sysconfig.get_path("scripts")
        return subprocess.run(
            [_found("schemagate", scripts), *arguments],
            cwd=self.path,
            env=self.environment | variables,
            check=False,
            encoding="utf-8",
            stdout=subprocess.PIPE,
        )


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="schemagate-demo-") as home:
        try:
            tell(Repository(Path(home)))
        except SurpriseError as surprise:
            print(f"\nThe demo failed: {surprise}", file=sys.stderr)
            return 1
    return 0


def tell(repository: Repository) -> None:
    """The story, in three acts."""
    say(f"A shop publishes an event, {PUBLISHED}, on the branch main:")
    print("    " + "  ".join(re.findall(r'\{"name": "(\w+)"', repository.version_1)))
    act(repository, CLEAN, "--all")

    say("On a branch, somebody finds that `uuid` is the better name for `user_id`.", "Version 2:")
    repository.git("switch", "--quiet", "--create", "better-name")
    propose(repository, UUID)
    act(repository, FINDINGS)

    say("Caught, before it is merged. The compatible way: `uuid` beside `user_id`.", "Version 2 now:")
    propose(repository, USER_ID, NULLABLE_UUID)
    act(repository, CLEAN)

    say("Accepted: every consumer, on either version, reads every producer's events.")


def say(*lines: str) -> None:
    print("\n" + "\n".join(lines), flush=True)


def propose(repository: Repository, *fields: str) -> None:
    repository.propose(*fields)
    if USER_ID not in fields:
        print(f"    - {USER_ID}")
    for field in fields:
        print(f"    {' ' if field == USER_ID else '+'} {field}")


def act(repository: Repository, expected: int, *options: str) -> None:
    """Run the gate, show what it says, and insist on its verdict."""
    print(f"\n$ {' '.join(('schemagate check', *options))}", flush=True)
    colour = {"FORCE_COLOR": "1"} if sys.stdout.isatty() and not os.environ.get("NO_COLOR") else {}
    result = repository.schemagate("check", *options, **colour)
    print(f"{result.stdout.rstrip()}\n[exit {result.returncode}]", flush=True)
    if result.returncode != expected:
        raise SurpriseError(f"exit {result.returncode} where {expected} was expected")


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if KEPT.fullmatch(name)}
    person = {"NAME": "Ada", "EMAIL": "ada@example.com", "DATE": "2026-01-05T09:00:00+00:00"}
    people = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in person.items()}
    folders = dict.fromkeys(("HOME", "USERPROFILE", "XDG_CACHE_HOME", "LOCALAPPDATA"), str(home))
    quiet = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "PYTHONUTF8": "1"}
    return kept | people | folders | quiet


def _found(command: str, folder: str | None = None) -> str:
    path = shutil.which(command, path=folder)
    if path is None:
        raise SurpriseError(f"there is no `{command}` command" + (f" in {folder}" if folder else ""))
    return path


if __name__ == "__main__":
    sys.exit(main())
