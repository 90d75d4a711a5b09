"""What a command asks for, as a value: the command line reduced to what it means."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import msgspec

from schemagate.finding import Severity


class CheckRequest(msgspec.Struct, frozen=True):
    """One run of the gate. ``directory`` is where it was started; ``paths`` filter what is told, not what is read.

    ``env`` is the process's environment, from which the CI system and its base are known. ``stdin`` replaces the
    content of ``stdin_path``: an editor's unsaved buffer.
    """

    directory: str
    today: datetime.date
    env: Mapping[str, str]
    event: Mapping[str, object] | None = None
    paths: tuple[str, ...] = ()
    config: str | None = None
    no_config: bool = False
    against: str = ""
    candidate: str = ""
    """``worktree``, ``index`` or ``HEAD``; empty lets the surroundings decide."""
    everything: bool = False
    fail_on: Severity | None = None
    severities: Mapping[str, Severity] = msgspec.field(default_factory=dict)
    stdin: bytes | None = None
    stdin_path: str = ""
    overlay: Mapping[str, bytes] = msgspec.field(default_factory=dict)
    """Path → content that is judged in place of the file's: what a fix would write."""
    registry: str = ""
    """Which of several configured registries is asked."""
    offline: bool = False
    """Asks no registry, and says so."""
    ignore_deleted: bool = False
    """Leaves softly deleted versions of the registry out."""
    clients: bool = True
    """Whether client configuration is judged too. What is registered does not wait for the applications."""
    shard: tuple[int, int] | None = None
    """Which part of the subjects is judged, of how many: (2, 4). None judges all."""
