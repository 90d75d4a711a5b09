"""What every run is told of its surroundings: where and when it began, in which environment, for which event."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from typing import TypedDict


class Surroundings(TypedDict):
    """The part of a CheckRequest that no option decides."""

    directory: str
    today: dt.date
    env: Mapping[str, str]
    event: Mapping[str, object] | None


def surroundings() -> Surroundings:
    """Of this process; ``event`` is the CI system's description of what started it, None outside of CI."""
    from schemagate.adapters.ci import read_event

    env = dict(os.environ)
    return Surroundings(directory=os.getcwd(), today=today(), env=env, event=read_event(env))


def today() -> dt.date:
    """The day in UTC, so that a waiver ends at the same moment everywhere."""
    return dt.datetime.now(tz=dt.UTC).date()
