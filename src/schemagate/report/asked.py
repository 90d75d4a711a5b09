"""What a run says of the registry that it asked, of itself as a shard, and how the parts of both add up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schemagate.report.words import count
from schemagate.shard import Asked

MOST_NAMED = 5


def registry_notes(asked: Asked) -> Iterator[str]:
    """What was asked, so that silence is evidence, and what the reader should know of it."""
    known = count(asked.known, "subject")
    known = f"{known} of {asked.subjects}" if asked.known < asked.subjects else known
    yield f"registry {asked.name} ({asked.url}) holds {known} with {count(asked.versions, 'version')}{_answers(asked)}"
    if asked.deleted:
        what = "left out" if asked.ignores_deleted else "judged too, since data written with it may still be there"
        yield f"{count(asked.deleted, 'softly deleted version')} {what}"
    if asked.guessed:
        yield (
            f"{count(len(asked.guessed), 'subject')} without a configured name, such as {asked.guessed[0]}: the "
            "registry has none under its type's name; `[[subjects]]` says what a file is called there"
        )
    yield from asked.stricter


def sum_of(parts: Sequence[Asked]) -> Asked:
    """What several shards of one run asked, as one run would have."""
    first = parts[0]
    return Asked(
        first.name,
        first.url,
        sum(one.subjects for one in parts),
        sum(one.known for one in parts),
        sum(one.versions for one in parts),
        sum(one.deleted for one in parts),
        first.ignores_deleted,
        sum(one.proposed for one in parts),
        tuple(sorted({name for one in parts for name in one.refused})),
        tuple(sorted({name for one in parts for name in one.guessed})),
        tuple(sorted({said for one in parts for said in one.stricter})),
        tuple(sorted({name for one in parts for name in one.lost_as_java})),
        min((one.lost_at for one in parts if one.lost_at), default=""),
    )


def lost_words(subjects: Sequence[str]) -> str:
    """For which subjects a lookup would fail, where one finding tells of all."""
    return f"so it is for {shortened(subjects)}"


def shard_note(index: int, total: int) -> str:
    """What a shard says of itself."""
    return f"shard {index} of {total}: `schemagate merge` makes one report of the JSON reports of all {total}"


def shortened(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _answers(asked: Asked) -> str:
    """What the registry said of what is proposed, where it was asked."""
    if not asked.proposed:
        return ""
    refused = shortened(asked.refused) or "none"
    return f"; of {count(asked.proposed, 'proposed schema')} it refuses {refused}"
