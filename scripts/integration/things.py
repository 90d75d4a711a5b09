"""What the integration tests run that this project did not write: what each needs, and whether it is there.

Everything lives in one folder, ``.integration`` (or what SCHEMAGATE_INTEGRATION_HOME names). A thing is installed when
its stamp holds the digest of the files that pin it, so that a changed pin installs it anew.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PINS = ROOT / "scripts" / "integration"
HOME = Path(os.environ.get("SCHEMAGATE_INTEGRATION_HOME") or ROOT / ".integration")

JVMS = ("/usr/lib/jvm/*/bin/java", "/Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java")
"""Where Linux distributions and macOS keep JDKs beside the one that is called ``java``."""


class Thing(NamedTuple):
    """Something to install. ``lacks`` says what this machine has not got for it, and is empty when all is there."""

    key: str
    title: str
    pins: tuple[Path, ...]
    lacks: Callable[[], str]

    @property
    def folder(self) -> Path:
        return HOME / self.key

    @property
    def stamp(self) -> Path:
        return HOME / f"{self.key}.installed"

    @property
    def digest(self) -> str:
        """Of the bytes of every file that pins it."""
        return hashlib.sha256(b"\0".join(path.read_bytes() for path in self.pins)).hexdigest()

    @property
    def installed(self) -> bool:
        return self.stamp.is_file() and self.stamp.read_text(encoding="utf-8").strip() == self.digest


def java(oldest: int, newest: int = 999) -> str | None:
    """A Java of these releases: JAVA_HOME's, the one on the path, then the oldest of the others that fits."""
    named = [Path(os.environ["JAVA_HOME"], "bin", "java")] if os.environ.get("JAVA_HOME") else []
    found = shutil.which("java")
    others = sorted({path.resolve() for pattern in JVMS for path in Path("/").glob(pattern[1:])})
    fitting = [(release, path) for path in others if oldest <= (release := _java_release(str(path))) <= newest]
    for candidate in [*map(str, named), *([found] if found else []), *(str(path) for _, path in sorted(fitting))]:
        if oldest <= _java_release(candidate) <= newest:
            return candidate
    return None


def _java_release(command: str) -> int:
    return _release(command, "-version", r'version "(?:1\.)?(\d+)')


def _release(command: str, option: str, pattern: str) -> int:
    """The release that a command says it is; 0 where there is none."""
    try:
        ran = subprocess.run([command, option], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    match = re.search(pattern, ran.stdout + ran.stderr)
    return int(match[1]) if match else 0


def _tools(*names: str) -> Iterator[str]:
    yield from (f"no {name} on this machine" for name in names if shutil.which(name) is None)


def _java_lacks(oldest: int) -> str:
    problems = [*([] if java(oldest) else [f"no Java {oldest} or newer on this machine"]), *_tools("mvn")]
    return ", ".join(problems)


def _jdk_lacks() -> str:
    """What a program in one Java file needs: it is compiled as it is started."""
    found = java(17)
    compiler = Path(found).resolve().with_name("javac" + (".exe" if os.name == "nt" else "")) if found else None
    return "" if compiler is not None and compiler.exists() else "no JDK 17 or newer on this machine"


def _go_lacks() -> str:
    return ", ".join(_tools("go"))


def _node_lacks() -> str:
    if problems := list(_tools("node", "npm")):
        return ", ".join(problems)
    release = _release("node", "--version", r"v(\d+)")
    return "" if release >= 20 else f"Node {release} on this machine, and 20 is needed"


def _groovy_lacks() -> str:
    return ", ".join(filter(None, [_node_lacks(), "" if groovy_java() else "no Java 17 to 21 on this machine"]))


def groovy_java() -> str | None:
    """Newer ones it cannot run on: its Groovy does not know their class files."""
    return java(17, 21)


THINGS = {
    thing.key: thing
    for thing in (
        Thing(
            "axonops",
            "AxonOps Schema Registry 0.2.1",
            (PINS / "axonops" / "go.mod", PINS / "axonops" / "go.sum"),
            _go_lacks,
        ),
        Thing(
            "apicurio",
            "Apicurio Registry 3.3.3",
            (PINS / "apicurio" / "pom.xml", PINS / "apicurio" / "SHA256SUMS"),
            lambda: _java_lacks(21),
        ),
        Thing(
            "kafka",
            "Apache Kafka 4.3.1",
            (PINS / "kafka" / "pom.xml", PINS / "kafka" / "SHA256SUMS"),
            lambda: _java_lacks(17),
        ),
        Thing(
            "python",
            "confluent-kafka 2.16 and python-schema-registry-client 2.6",
            (ROOT / "requirements" / "integration.txt",),
            lambda: "",
        ),
        Thing(
            "node",
            "@kafkajs/confluent-schema-registry 3.9 and @confluentinc/schemaregistry 1.10",
            (PINS / "node" / "package.json", PINS / "node" / "package-lock.json"),
            _node_lacks,
        ),
        Thing(
            "java",
            "Confluent's Java KafkaAvroSerializer 7.0.16",
            (PINS / "java" / "requirements.txt", PINS / "java" / "SHA256SUMS"),
            _jdk_lacks,
        ),
        Thing(
            "sarif",
            "SARIF multitool 5.7",
            (PINS / "sarif" / "package.json", PINS / "sarif" / "package-lock.json"),
            _node_lacks,
        ),
        Thing(
            "groovy",
            "npm-groovy-lint 16.2",
            (PINS / "groovy" / "package.json", PINS / "groovy" / "package-lock.json"),
            _groovy_lacks,
        ),
    )
}

FAST = ("axonops", "python", *(() if _node_lacks() else ("sarif",)), *(() if _groovy_lacks() else ("groovy",)))
"""What every run of CI installs: one real server, one real client and, where Node and Java are, the validators."""
