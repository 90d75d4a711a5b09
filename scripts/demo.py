"""The whole story on real input: registered, produced, consumed; an accident caught; the compatible way registered.

Runs the installed ``schemagate`` command with its embedded registry, and fails when an exit code or a message is not
the one that the story promises.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import shop
from schemagate.wire.frame import unpack
from shop import NULLABLE_UUID, PROPOSED, PUBLISHED, USER_ID, UUID, Registry, Repository, SurpriseError

CLEAN, FINDINGS = 0, 1

EVENT = {
    "event_id": "e-1",
    "timestamp": 1_767_600_000_000,
    "user_id": "u-42",
    "email": "ada@example.com",
    "referral_code": None,
}


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="schemagate-demo-") as home:
        try:
            with shop.registry() as registry:
                tell(Repository(Path(home), registry.url), registry)
        except SurpriseError as surprise:
            print(f"\nThe demo failed: {surprise}", file=sys.stderr)
            return 1
    return 0


def tell(repository: Repository, registry: Registry) -> None:
    """The story, in four acts."""
    title("1. Publish")
    say(f"A shop's event on the branch main, {PUBLISHED}:")
    print("    " + "  ".join(EVENT))
    say(f"A schema registry runs at {registry.url}. Only the pipeline registers, after the gate:")
    act(repository, CLEAN, "check", "--all")
    act(repository, CLEAN, "register")

    title("2. Produce and consume")
    version_1 = repository.read(PUBLISHED)
    message = produced(registry, version_1, EVENT)
    consumed(registry, version_1, message, EVENT)

    title("3. The accident")
    say("On a branch, somebody finds that `uuid` is the better name for `user_id`.", "Version 2:")
    repository.git("switch", "--quiet", "--create", "better-name")
    propose(repository, UUID)
    act(repository, FINDINGS, "check")
    say("Caught, before it is merged, with the message that would have crashed a consumer.")

    title("4. The compatible way")
    say("`uuid` beside `user_id`. Version 2 now:")
    propose(repository, USER_ID, NULLABLE_UUID)
    act(repository, CLEAN, "check")
    say("Merged into main. The pipeline registers version 2:")
    repository.commit("Add uuid beside user_id")
    repository.git("switch", "--quiet", "main")
    repository.git("merge", "--quiet", "--ff-only", "better-name")
    act(repository, CLEAN, "register")

    say("Every consumer, on either version, reads every producer's events:")
    version_2 = repository.read(PROPOSED)
    consumed(registry, version_2, message, EVENT | {"uuid": None}, who="A consumer on version 2 gets the old message")
    newer = produced(registry, version_2, EVENT | {"event_id": "e-2", "uuid": "7d3f"})
    consumed(registry, version_1, newer, EVENT | {"event_id": "e-2"}, who="A consumer still on version 1 gets it")


def title(text: str) -> None:
    print(f"\n{text}\n{'=' * len(text)}", flush=True)


def say(*lines: str) -> None:
    print("\n" + "\n".join(lines), flush=True)


def propose(repository: Repository, *fields: str) -> None:
    repository.propose(*fields)
    if USER_ID not in fields:
        print(f"    - {USER_ID}")
    for field in fields:
        print(f"    {' ' if field == USER_ID else '+'} {field}")


def act(repository: Repository, expected: int, *arguments: str) -> None:
    """Run the tool, show what it says, and insist on its verdict."""
    print(f"\n$ {' '.join(('schemagate', *arguments))}", flush=True)
    colour = {"FORCE_COLOR": "1"} if sys.stdout.isatty() and not os.environ.get("NO_COLOR") else {}
    result = repository.schemagate(*arguments, **colour)
    print(f"{result.stdout.rstrip()}\n[exit {result.returncode}]", flush=True)
    if result.returncode != expected:
        raise SurpriseError(f"exit {result.returncode} where {expected} was expected")


def produced(registry: Registry, avsc: str, event: dict[str, Any]) -> bytes:
    """Write one message and show its bytes: the id stands in the frame, no field name stands anywhere."""
    message = shop.produce(registry, avsc, event)
    names = len(json.dumps(event, separators=(",", ":")).encode())
    say(f"A producer asks for its schema's id and sends {len(message)} bytes (as JSON: {names}):")
    print(f"    {message[:1].hex()} {message[1:5].hex(' ')}  the frame: magic byte 0, id {unpack(message)[0]}")
    print(f"    {message[5:].hex(' ')[:64]}…  Avro's binary", flush=True)
    return message


def consumed(
    registry: Registry, avsc: str, message: bytes, expected: dict[str, Any], *, who: str = "A consumer gets it"
) -> None:
    """Read the message, show what comes out, and insist on it."""
    event = shop.consume(registry, avsc, message)
    say(f"{who}, asks what id {unpack(message)[0]} means, and reads:")
    print(f"    {json.dumps(event)}", flush=True)
    if event != expected:
        raise SurpriseError(f"{event} where {expected} was expected")


if __name__ == "__main__":
    sys.exit(main())
