"""What a count of days, milliseconds, microseconds or nanoseconds means to each date and time type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

DAY: Final = 86_400 * 10**9


class Clock(NamedTuple):
    """A date or time type: what it tells, and how many nanoseconds one unit of it is."""

    tells: str
    unit: int


CLOCKS: Final[Mapping[str, Clock]] = {
    "date": Clock("date", DAY),
    "time-millis": Clock("time", 10**6),
    "time-micros": Clock("time", 10**3),
    "timestamp-millis": Clock("timestamp", 10**6),
    "timestamp-micros": Clock("timestamp", 10**3),
    "timestamp-nanos": Clock("timestamp", 1),
    "local-timestamp-millis": Clock("local timestamp", 10**6),
    "local-timestamp-micros": Clock("local timestamp", 10**3),
    "local-timestamp-nanos": Clock("local timestamp", 1),
}

NEW_YEAR: Final = 19_723 * DAY
"""2024-01-01 in nanoseconds since 1970."""
NOON: Final = DAY // 2


def mistaken(writer: str, reader: str) -> str:
    """What becomes of a sample value: ``2024-01-01 is read as 1970-01-20``."""
    wrote, reads = CLOCKS[writer], CLOCKS[reader]
    sample = NOON if wrote.tells == "time" else NEW_YEAR
    return f"{shown(wrote.tells, sample)} is read as {shown(reads.tells, sample // wrote.unit * reads.unit)}"


def shown(tells: str, nanos: int) -> str:
    """Nanoseconds since 1970 or since midnight, as people write them."""
    days, rest = divmod(nanos, DAY)
    if tells != "time":
        return day(days) + (f" {clock_face(rest)}" if rest and days < 36_525 and tells != "date" else "")
    return "no time of day at all" if days else clock_face(rest)


def clock_face(nanos: int) -> str:
    """``00:00:19.723``, to the millisecond."""
    seconds, rest = divmod(nanos, 10**9)
    hours, minutes = divmod(seconds // 60, 60)
    millis = rest // 10**6
    return f"{hours:02}:{minutes:02}:{seconds % 60:02}" + (f".{millis:03}" if millis else "")


def day(days: int) -> str:
    """A count of days since 1970-01-01 as a date of the Gregorian calendar, however far away.

    Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", ``civil_from_days``.
    """
    era, of_era = divmod(days + 719_468, 146_097)
    year_of_era = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    year = year_of_era + era * 400 + (month <= 2)
    if year > 9_999:
        return f"the year {year:,}"
    return f"{year:04}-{month:02}-{of_year - (153 * shifted + 2) // 5 + 1:02}"
