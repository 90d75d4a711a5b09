"""Asks a remote where one of its branches is now, which only the remote knows."""

from __future__ import annotations

import os
from typing import Final, NamedTuple

from schemagate.adapters.git_process import GitRunner, printable
from schemagate.errors import GitError

SECONDS: Final = 30.0
"""How long a remote may take to answer."""
_HINT: Final = (
    "check network and credentials of this checkout (`git ls-remote` must work here; in CI keep the credentials that "
    "the checkout step used)"
)


class RemoteTip(NamedTuple):
    """A branch of the remote, and the commit that it points at."""

    branch: str
    sha: str


def ask_remote(runner: GitRunner, remote: str, branch: str, *, seconds: float = SECONDS) -> RemoteTip:
    """The remote's branch as it is now; without a name, its default branch. Raises GitError."""
    wanted = f"refs/heads/{branch}" if branch else "HEAD"
    name = printable(branch or "HEAD")
    try:
        output = runner.run("ls-remote", "--symref", "--", remote, wanted, seconds=seconds)
    except GitError as problem:
        raise GitError(f"{printable(remote)} does not say where {name} is: {problem.message}", hint=_HINT) from problem
    target = branch
    for line in output.text.splitlines():
        left, _, ref = line.partition("\t")
        if left.startswith("ref: ") and ref == "HEAD":
            target = left.removeprefix("ref: ").removeprefix("refs/heads/")
        elif ref == wanted and target:
            return RemoteTip(target, left)
    raise GitError(
        f"{printable(remote)} has no branch {name}",
        hint="set `baseline` to the branch whose merges are published",
    )


def quiet_ssh(ssh: str) -> tuple[str, ...]:
    """Settings by which ssh asks nobody for a password; none where somebody chose a command (``core.sshCommand``)."""
    if ssh or os.environ.get("GIT_SSH_COMMAND") or os.environ.get("GIT_SSH"):
        return ()
    return ("core.sshCommand=ssh -o BatchMode=yes",)
