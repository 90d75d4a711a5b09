"""The comment's poster, against a GitHub of the test's own: one comment a job, found, changed, never doubled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.action.fake_github import PERSON, GitHub

LAUNCH = Path(__file__).resolve().parents[2] / "scripts" / "action" / "launch.py"
TOKEN = "ghs_not-to-be-seen"  # noqa: S105 - of no account
BAD = "<!-- schemagate -->\n\n### ❌ schemagate check: failed\n"
GOOD = "<!-- schemagate -->\n\n### ✅ schemagate check: ok\n"
MARK = "<!-- schemagate CI:gate run 41 -->"


class Poster(NamedTuple):
    folder: Path
    github: GitHub

    def post(self, text: str, *, telling: bool = True, **env: str) -> str:
        """What one run of the job says."""
        (self.folder / "comment.md").write_text(text, encoding="utf-8")
        event = {"pull_request": {"number": 7, "head": {"sha": "4f2c1aa" + "0" * 33}}}
        (self.folder / "event.json").write_text(json.dumps(event), encoding="utf-8")
        told = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.github.url,
            "GITHUB_SERVER_URL": "https://github.example",
            "GITHUB_REPOSITORY": "acme/shop",
            "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
            "GITHUB_WORKFLOW": "CI",
            "GITHUB_JOB": "gate",
            "GITHUB_RUN_ID": "99",
            "GITHUB_RUN_NUMBER": "41",
            "SCHEMAGATE_ACTION_COMMENT": str(self.folder / "comment.md"),
            "SCHEMAGATE_ACTION_TELLING": "true" if telling else "false",
            "SCHEMAGATE_ACTION_GITHUB_TOKEN": TOKEN,
            **env,
        }
        line = [sys.executable, "-I", "-X", "utf8", str(LAUNCH), "comment"]
        ran = subprocess.run(line, env={**os.environ, **told}, capture_output=True, encoding="utf-8", check=False)

        assert (ran.returncode, ran.stderr) == (0, "")
        assert TOKEN not in ran.stdout
        return ran.stdout


@pytest.fixture
def poster(tmp_path, github):
    return Poster(tmp_path, github)


def test_a_comment_is_written_once_and_then_changed_in_place(poster):
    said = [poster.post(BAD), poster.post(BAD), poster.post(GOOD, telling=False)]

    assert said == [
        "schemagate: commented on the pull request\n",
        "schemagate: updated the comment on the pull request\n",
        "schemagate: updated the comment on the pull request\n",
    ]
    link = "<sub>Commit <code>4f2c1aa</code> · [this run](https://github.example/acme/shop/actions/runs/99)</sub>"
    assert poster.github.bodies == [f"{MARK}\n\n### ✅ schemagate check: ok\n\n{link}\n"]
    assert [request.partition(" ")[0] for request in poster.github.requests] == ["GET", "POST", "GET", "GET", "PATCH"]
    assert poster.github.tokens == {f"Bearer {TOKEN}"}


def test_nothing_is_written_where_there_is_nothing_to_say(poster):
    assert poster.post(GOOD, telling=False) == "schemagate: nothing to say on the pull request\n"
    assert poster.github.bodies == []


@pytest.mark.parametrize("before", [99, 100, 250])
def test_the_comment_is_found_behind_hundreds_of_others(poster, before):
    for number in range(before):
        poster.github.write(f"comment {number}", PERSON)
    poster.github.write(f"{MARK}\nold")

    poster.post(BAD)

    assert len(poster.github.comments) == before + 1
    assert poster.github.bodies[-1].startswith(f"{MARK}\n\n### ❌")


def test_each_job_has_a_comment_of_its_own(poster):
    poster.post(BAD)
    poster.post(BAD, GITHUB_JOB="other")
    poster.post(BAD, GITHUB_WORKFLOW="--> <b>x</b>")
    poster.post(BAD, SCHEMAGATE_ACTION_DIRECTORY="services/a")

    assert [body.splitlines()[0] for body in poster.github.bodies] == [
        MARK,
        "<!-- schemagate CI:other run 41 -->",
        "<!-- schemagate -%2D%3E %3Cb%3Ex%3C/b%3E:gate run 41 -->",
        "<!-- schemagate CI:gate:services/a run 41 -->",
    ]


def test_a_comment_with_our_marker_by_somebody_else_is_left_alone(poster):
    poster.github.write(f"{MARK}\nI was here first", PERSON)

    poster.post(BAD)

    assert poster.github.bodies[0] == f"{MARK}\nI was here first"
    assert len(poster.github.bodies) == 2


def test_an_earlier_run_does_not_overwrite_a_later_one(poster):
    poster.post(BAD, GITHUB_RUN_NUMBER="42")

    assert poster.post(GOOD) == "schemagate: a later run has commented already\n"
    assert "failed" in poster.github.bodies[0]


def test_a_long_comment_stays_within_what_github_takes(poster):
    poster.post(BAD + "x" * 100_000)

    assert 60_000 < len(poster.github.bodies[0]) < 65_536


@pytest.mark.parametrize(
    ("method", "statuses", "told"),
    [
        ("GET", [403], "read the comments (status 403): the job needs `permissions: pull-requests: write`"),
        ("POST", [403], "write a comment (status 403): the job needs `permissions: pull-requests: write`"),
        ("POST", [502], "write a comment (status 502): it may be busy"),
        ("GET", [502, 502, 502], "read the comments (status 502)"),
        ("GET", [401], "the token is not valid"),
        ("GET", [301], "read the comments (status 301)"),
    ],
)
def test_where_github_says_no_a_notice_points_to_the_summary(poster, method, statuses, told):
    poster.github.refusals[method] = statuses

    said = poster.post(BAD)

    assert said.startswith("::notice title=schemagate%3A no comment on the pull request::")
    assert told in said
    assert "The summary of this job has what the comment would say" in said
    assert poster.github.bodies == []


def test_a_passing_failure_is_asked_again(poster):
    poster.github.refusals["GET"] = [503]

    assert poster.post(BAD) == "schemagate: commented on the pull request\n"


def test_without_a_token_or_a_pull_request_nothing_is_asked(poster, tmp_path):
    (tmp_path / "push.json").write_text('{"ref": "refs/heads/main"}', encoding="utf-8")

    said = [
        poster.post(BAD, SCHEMAGATE_ACTION_GITHUB_TOKEN=""),
        poster.post(BAD, GITHUB_EVENT_PATH=str(tmp_path / "push.json")),
        poster.post(BAD, GITHUB_API_URL="http://127.0.0.1:9"),
    ]

    assert "no github-token" in said[0]
    assert "names no pull request" in said[1]
    assert "cannot be reached" in said[2]
    assert poster.github.requests == []
