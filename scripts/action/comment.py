"""Keeps the one comment of this job on a pull request up to date: finds it, changes it, writes it where it is needed.

A comment is an extra: whatever goes wrong here is told in one notice, and never changes what the gate said.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import requests

from schemagate.adapters.ci import read_event
from schemagate.errors import SchemagateError
from schemagate.report.github import annotation
from schemagate.report.layout import clip
from schemagate.report.markup import code

FIRST: Final = "<!-- schemagate -->"
"""The first line of the tool's own comment; the job's marker takes its place."""
CHARACTERS: Final = 65_000
"""GitHub refuses a comment above 65,536."""
PAGE: Final = 100
PAGES: Final = 100
"""Ten thousand comments; nobody reads on after that."""
ANSWER_BYTES: Final = 16 * 1024 * 1024
SECONDS: Final = 20
TRIES: Final = 3
PASSING: Final = {500, 502, 503, 504}
BOT: Final = "Bot"


class CommentError(Exception):
    """GitHub could not be asked or said no. The text holds nothing that was sent."""


class Job(NamedTuple):
    """Where the comment belongs, and whose it is."""

    api: str
    repository: str
    pull: int
    marker: str
    run: int
    link: str

    @property
    def comments(self) -> str:
        return f"{self.api}/repos/{quote(self.repository)}/issues/{self.pull}/comments"

    def comment(self, number: int) -> str:
        """One comment; its id is the repository's, not the pull request's."""
        return f"{self.api}/repos/{quote(self.repository)}/issues/comments/{number}"


def main() -> int:
    """0 always."""
    env = dict(os.environ)
    try:
        done = _posted(env)
    except (CommentError, SchemagateError, OSError) as problem:
        text = f"{problem}. The summary of this job has what the comment would say"
        sys.stdout.write(annotation("notice", {"title": "schemagate: no comment on the pull request"}, text) + "\n")
    else:
        sys.stdout.write(f"schemagate: {done}\n")
    return 0


def _posted(env: Mapping[str, str]) -> str:
    """What was done, in a word. Raises CommentError."""
    job = _job(env)
    token = env.get("SCHEMAGATE_ACTION_GITHUB_TOKEN", "")
    if not token:
        raise CommentError("There is no github-token")
    text = Path(env["SCHEMAGATE_ACTION_COMMENT"]).read_text(encoding="utf-8")
    body = clip(text.replace(FIRST, f"<!-- {job.marker} run {job.run} -->", 1), CHARACTERS - 500) + job.link
    github = GitHub(token)
    there = _found(github, job)
    if there is None:
        if env.get("SCHEMAGATE_ACTION_TELLING") != "true":
            return "nothing to say on the pull request"
        github.ask("POST", job.comments, {"body": body})
        return "commented on the pull request"
    if _run_of(there, job) > job.run:
        return "a later run has commented already"
    if there["body"] != body:
        github.ask("PATCH", job.comment(int(there["id"])), {"body": body})
    return "updated the comment on the pull request"


def _job(env: Mapping[str, str]) -> Job:
    event = read_event(env) or {}
    pull = event.get("pull_request")
    number = pull.get("number") if isinstance(pull, dict) else None
    if not isinstance(number, int):
        raise CommentError("The event names no pull request")
    where = env.get("SCHEMAGATE_ACTION_DIRECTORY", ".")
    names = [env.get("GITHUB_WORKFLOW", ""), env.get("GITHUB_JOB", ""), *([where] if where != "." else [])]
    head = pull.get("head") if isinstance(pull, dict) else None
    commit = str(head.get("sha", "")) if isinstance(head, dict) else ""
    server, run = env.get("GITHUB_SERVER_URL", ""), env.get("GITHUB_RUN_ID", "")
    page = f"{server}/{env.get('GITHUB_REPOSITORY', '')}/actions/runs/{run}"
    link = f"\n<sub>Commit {code(commit[:7])} · [this run]({quote(page, safe=':/')})</sub>\n" if commit else ""
    return Job(
        env.get("GITHUB_API_URL", "https://api.github.com").rstrip("/"),
        env.get("GITHUB_REPOSITORY", ""),
        number,
        f"schemagate {quote(':'.join(names), safe=': /').replace('--', '-%2D')}",
        int(env.get("GITHUB_RUN_NUMBER") or 0),
        link,
    )


def _found(github: GitHub, job: Job) -> dict[str, Any] | None:
    """This job's comment, by its marker and by who wrote it: others can write a marker too."""
    for number in range(1, PAGES + 1):
        page = github.ask("GET", f"{job.comments}?per_page={PAGE}&page={number}")
        if not isinstance(page, list):
            raise CommentError("GitHub's list of comments is no list")
        for comment in page:
            if isinstance(comment, dict) and _is_ours(github, comment, job):
                return comment
        if len(page) < PAGE:
            return None
    raise CommentError(f"Of this pull request's comments the first {PAGES * PAGE:,} are not ours")


def _is_ours(github: GitHub, comment: Mapping[str, Any], job: Job) -> bool:
    if not str(comment.get("body") or "").startswith(f"<!-- {job.marker} run "):
        return False
    user = comment.get("user") or {}
    return user.get("type") == BOT or user.get("login") == github.login(job.api)


def _run_of(comment: Mapping[str, Any], job: Job) -> int:
    number = str(comment["body"]).removeprefix(f"<!-- {job.marker} run ").partition(" ")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 18 else 0


class GitHub:
    """GitHub's REST interface, with one token."""

    def __init__(self, token: str) -> None:
        self._session = requests.Session()
        self._session.headers.update(
            {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28", "User-Agent": "schemagate"}
        )
        self._token = token
        self._login: str | None = None

    def login(self, api: str) -> str:
        """Whose token it is; a job's own token may not ask, and is a bot's."""
        if self._login is None:
            try:
                self._login = str(self.ask("GET", f"{api}/user").get("login") or "?")
            except CommentError:
                self._login = "?"
        return self._login

    def ask(self, method: str, url: str, body: object = None) -> Any:  # noqa: ANN401 - GitHub's JSON
        """The decoded answer. Raises CommentError for everything but a success; a POST is sent once."""
        for number in range(1, TRIES + 1):
            status, content = self._sent(method, url, body)
            if 200 <= status < 300:
                try:
                    return json.loads(content)
                except ValueError:
                    raise CommentError(f"GitHub's answer to {method} is no JSON") from None
            if status not in PASSING or method == "POST" or number == TRIES:
                break
            time.sleep(number)
        raise CommentError(_refusal(method, status))

    def _sent(self, method: str, url: str, body: object) -> tuple[int, bytes]:
        content = b""
        try:
            with self._session.request(
                method,
                url,
                json=body,
                auth=self._signed,  # a function, or requests would take a login from ~/.netrc instead
                timeout=SECONDS,
                allow_redirects=False,
                stream=True,
            ) as answer:
                for piece in answer.iter_content(64 * 1024):
                    content += piece
                    if len(content) > ANSWER_BYTES:
                        raise CommentError("GitHub's answer is larger than any page of comments")
                return answer.status_code, content
        except (requests.RequestException, OSError) as problem:
            raise CommentError(f"GitHub cannot be reached: {type(problem).__name__}") from None

    def _signed(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _refusal(method: str, status: int) -> str:
    what = "read the comments" if method == "GET" else "write a comment"
    why = {
        401: "the token is not valid",
        403: "the job needs `permissions: pull-requests: write`; a pull request from a fork never has it",
        404: "the token does not reach this repository, or the pull request is gone",
    }
    return f"GitHub lets this job not {what} (status {status}): {why.get(status, 'it may be busy')}"
