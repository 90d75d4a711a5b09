"""The Java peer: Apache Avro from Maven, and ``AvroPeer.java`` compiled against it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from bench.measure import Command

HERE = Path(__file__).resolve().parent
TOOLS = ("java", "javac", "mvn")
QUIET = "-Dslf4j.internal.verbosity=ERROR"


def missing() -> list[str]:
    """Which tools of the peer this machine does not have."""
    return [tool for tool in TOOLS if shutil.which(tool) is None]


def peer(cache: Path, plain: Path) -> Command:
    """The command that judges ``plain``; jars and class files are made once, in ``cache``."""
    jars, classes = cache / "jars", cache / "classes"
    if not jars.is_dir():
        _run("mvn", "-q", "-B", "-f", HERE / "pom.xml", "dependency:copy-dependencies", f"-DoutputDirectory={jars}")
    libraries = str(jars / "*")
    compiled, source = classes / "AvroPeer.class", HERE / "AvroPeer.java"
    if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
        _run("javac", "-d", classes, "-cp", libraries, source)
    path = os.pathsep.join((str(classes), libraries))
    return Command("AvroPeer (Java)", (("java", QUIET, "-cp", path, "AvroPeer", str(plain)),))


def _run(*command: str | Path) -> None:
    subprocess.run([str(word) for word in command], check=True)
