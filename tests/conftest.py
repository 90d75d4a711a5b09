"""What every test starts from: no traces of the machine's CI system, git hooks or git configuration."""

from __future__ import annotations

import os
import re
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings

# `ci` (also where CI is set) tries the same examples in each run, so that a red run can be repeated; `dev` tries new
# ones; `deep` is for an evening. No deadlines: machines are shared.
settings.register_profile("dev", deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("dev"), derandomize=True, database=None, print_blob=True)
settings.register_profile("deep", settings.get_profile("dev"), max_examples=20_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))

SURROUNDINGS = re.compile(
    r"(GIT|GITHUB|GITLAB|CI|BUILDKITE|BUILD|SYSTEM|CHANGE|PRE_COMMIT|JENKINS|RUNNER|XDG)_.*|CI|TF_BUILD|GITLAB_CI"
    r"|SCHEMAGATE_(?!CONFORMANCE).*|NO_COLOR|FORCE_COLOR|COLUMNS|TTY_.*|CLICOLOR.*|TERM"
)


@pytest.fixture(autouse=True)
def _clean_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A test that is about such a variable sets it itself; people and dates of commits are always the same."""
    for name in [name for name in os.environ if SURROUNDINGS.fullmatch(name)]:
        monkeypatch.delenv(name)
    home = str(tmp_path_factory.getbasetemp() / "home")
    for name in ("HOME", "USERPROFILE", "LOCALAPPDATA"):
        monkeypatch.setenv(name, home)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@example.com")
        monkeypatch.setenv(f"GIT_{role}_DATE", "2026-01-05T09:00:00+00:00")


LEFT_OUT = "left out: "
"""What the reason of a skip begins with where the tests use something that this project did not write."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Names what a run left out, with the reason and the number of tests: a green run must not look like more."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = [report.longrepr[2].removeprefix("Skipped: ") for report in skipped if isinstance(report.longrepr, tuple)]
    counted = Counter(reason for reason in reasons if reason.startswith(LEFT_OUT))
    for reason, count in sorted(counted.items()):
        terminalreporter.write_line(f"{reason} ({count} test{'s' if count > 1 else ''})", yellow=True)
