"""The image's Dockerfile, step by step, without a container engine: the same commands, in a folder in place of ``/``.

What this cannot show is the base image, and that ``apt-get`` finds git there.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.adapters.repos import POSIX_ONLY, Repo
from tests.app.scene import record
from tests.conftest import LEFT_OUT
from tests.integration.chosen import need

ROOT = Path(__file__).resolve().parents[2]
HOME = "/opt/schemagate"


def instructions() -> list[tuple[str, str]]:
    """``("RUN", "apt-get …")``, continuation lines joined, comments left out."""
    text = (ROOT / "templates" / "docker" / "Dockerfile").read_text(encoding="utf-8")
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    joined = re.sub(r"\\\n\s*", "", lines)
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in joined.splitlines() if line)]


def stages() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    found = instructions()
    first, second = (number for number, (word, _) in enumerate(found) if word == "FROM")
    return found[first:second], found[second:]


@pytest.fixture
def image() -> Iterator[Path]:
    """A folder that anybody may look into."""
    folder = Path(tempfile.mkdtemp(prefix="schemagate-image-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def nobody() -> dict[str, object]:
    """Who runs the image's program, where the tests may choose."""
    user, group = map(int, dict(stages()[1])["USER"].split(":"))
    return {"user": user, "group": group, "extra_groups": []} if os.geteuid() == 0 else {}


def interpreter() -> Path:
    """A Python that nobody may run, as the image's is: the tests' own may lie in somebody's home."""
    for path in (Path(sys.executable).resolve(), Path("/usr/bin/python3")):
        ask = [str(path), "-c", "import ensurepip, sys; sys.exit(sys.version_info < (3, 11))"]
        try:
            if subprocess.run(ask, capture_output=True, check=False, cwd="/", **nobody()).returncode == 0:
                return path
        except OSError:
            continue
    pytest.skip(f"{LEFT_OUT}no Python on this machine that another user may run")


def build(image: Path) -> Path:
    """The first stage."""
    home = image / HOME.lstrip("/")
    home.mkdir(parents=True)
    python = image / "python"
    python.symlink_to(interpreter())
    env = {"PATH": f"{image}{os.pathsep}{os.environ['PATH']}", "HOME": str(image)}
    for word, rest in stages()[0]:
        if word == "COPY":
            source, target = rest.split()
            copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
            copy(ROOT / source, home / target)
        elif word == "RUN":
            script = rest.replace(HOME, str(home))
            ran = subprocess.run(["sh", "-c", script], cwd=home, env=env, capture_output=True, text=True, check=False)
            assert ran.returncode == 0, ran.stdout + ran.stderr
    return home


@POSIX_ONLY
def test_the_steps_of_the_image_make_a_tool_that_nobody_can_run(image):
    need("python")
    home = build(image)
    last = dict(stages()[1])
    repo = Repo(image / "repo").write("user.avsc", record("User", id="string", user_id="string")).commit("one")
    repo.write("user.avsc", record("User", id="string", uuid="string"))
    (image / "gitconfig").write_text(f"[safe]\n\tdirectory = {repo.path}\n", encoding="utf-8")
    entry = [part.replace(HOME, str(home)) for part in json.loads(last["ENTRYPOINT"])]

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        env = {"PATH": os.environ["PATH"], "HOME": "/tmp", "GIT_CONFIG_SYSTEM": str(image / "gitconfig")}  # noqa: S108 - what the image says
        return subprocess.run(
            [*entry, *arguments], cwd=repo.path, env=env, capture_output=True, text=True, check=False, **nobody()
        )

    shown, checked = run(*json.loads(last["CMD"])), run("check")

    assert (shown.returncode, "Usage: schemagate" in shown.stdout) == (0, True), shown.stderr
    assert (checked.returncode, "error[field-renamed]" in checked.stdout) == (1, True), checked.stdout + checked.stderr


def test_the_image_has_git_allows_the_mounted_repository_and_runs_as_nobody():
    last = dict(stages()[1])

    assert last["USER"] == "65532:65532"
    assert last["ENV"] == "HOME=/tmp"
    assert last["WORKDIR"] == "/repo"
    assert "--no-install-recommends git " in last["RUN"]
    assert "git config --system --add safe.directory /repo" in last["RUN"]
