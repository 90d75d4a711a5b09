"""The sentence that a witness is told in: the datum, who wrote it, what each reader makes of it."""

from __future__ import annotations

import json
import re
from typing import Final

from schemagate.finding import Direction, Finding, Json, Reading, Witness
from schemagate.report.plain_json import bounded

LONGEST: Final = 120
"""Characters of a datum that is shown whole; of a longer one only what leads to the place that it is about."""
NAMES = re.compile(r"[^.\[\]{}<>]+")


def proof(witness: Witness, ellipsis: str = "…", *, about: str = "") -> str:
    """``{"user_id": ""} written as v1, read with this schema: no default value for field uuid (fastavro 1.13.1)``.

    ``about`` is the path of the finding, by which a large datum is cut. What was run is told before what is known.
    """
    way = "as" if witness.direction is Direction.BACKWARD and not witness.writer.startswith("a ") else "with"
    said = [f"{shown(witness.datum, witness.path or about, ellipsis)} written {way} {witness.writer}"]
    reader = ""
    for reading in sorted(witness.readings, key=lambda one: not one.ran):
        lead = f", read with {reading.reader}: " if reading.reader != reader else "; "
        said.append(lead + outcome(reading, ellipsis))
        reader = reading.reader
    return "".join(said)


def words_of_proof(finding: Finding) -> list[str]:
    """``proof: …`` or ``known: …``; nothing for a finding without a witness."""
    if finding.witness is None:
        return []
    return [f"{standing(finding.witness)}: {proof(finding.witness, about=finding.path)}"]


def standing(witness: Witness) -> str:
    """``proof`` where a decoder was run and showed it; what was not run is only ``known`` of a library."""
    return "proof" if witness.confirmed else "known"


def outcome(reading: Reading, ellipsis: str = "…") -> str:
    """What one reader makes of it: ``fastavro 1.13.1 reads 123.45``, ``Avro Java takes the reader's scale: 1.2345``."""
    if reading.ran and reading.error:
        return f"{reading.error} ({reading.library})"
    value = shown(reading.value, "", ellipsis, ordered=True)
    if reading.ran:
        return f"{reading.library} reads {value}"
    if reading.error:
        return f"{reading.library} {reading.how or 'fails'}: {reading.error}"
    return (
        f"{reading.library} {reading.how}: {value}" if reading.value is not None else f"{reading.library} {reading.how}"
    )


def shown(value: Json, path: str = "", ellipsis: str = "…", *, ordered: bool = False) -> str:
    """A value as JSON in one line, ``ordered`` by its keys; of a large one what the path leads to, else its start."""
    text = json.dumps(bounded(value), ensure_ascii=False, sort_keys=ordered)
    if len(text) <= LONGEST:
        return text
    names = set(NAMES.findall(path))
    text = _members(value, names, ellipsis) if names and isinstance(value, dict) else text
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}{ellipsis}"


def _members(value: dict[str, Json], names: set[str], ellipsis: str) -> str:
    """The members that the path names, one level after the other, and a mark for the others."""
    text, opened = "", ""
    inside: Json = value
    while isinstance(inside, dict | list) and inside:
        if isinstance(inside, list):
            text, opened, inside = f"{text}[", f"]{opened}", inside[0]
            continue
        key = next((key for key in inside if key in names), None)
        if key is None and not text:
            return json.dumps(bounded(value), ensure_ascii=False)
        if key is None:
            break
        mark = f", {ellipsis}" if len(inside) > 1 else ""
        text, opened, inside = f"{text}{{{json.dumps(key, ensure_ascii=False)}: ", f"{mark}}}{opened}", inside[key]
    return text + _inner(inside, ellipsis) + opened


def _inner(value: Json, ellipsis: str) -> str:
    """What stands at the place itself: whole, or of a long text its start, of anything else long only a mark."""
    text = json.dumps(bounded(value), ensure_ascii=False)
    if len(text) <= LONGEST // 2:
        return text
    if not isinstance(value, str):
        return f"[{ellipsis}]" if isinstance(value, list) else f"{{{ellipsis}}}"
    start, length = "", 0
    for one in value[:LONGEST]:
        length += len(json.dumps(one, ensure_ascii=False)) - 2
        if length > LONGEST // 4:
            break
        start += one
    return f'{json.dumps(start, ensure_ascii=False)[:-1]}{ellipsis}"'
