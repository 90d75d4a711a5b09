"""Reference order: what others refer to comes before them."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

from schemagate.plan.values import Desired


def reference_order(desired: Sequence[Desired]) -> tuple[tuple[Desired, ...], frozenset[str]]:
    """The subjects in reference order, else by name; and those that refer to each other in a circle: they come last."""
    known = {one.subject: one for one in desired}
    needs = {
        one.subject: {use.subject for wanted in one.wanted for use in wanted.uses} & known.keys() for one in desired
    }
    users: dict[str, list[str]] = {}
    for subject, needed in needs.items():
        for other in needed:
            users.setdefault(other, []).append(subject)
    waiting = {subject: len(needed) for subject, needed in needs.items()}
    ready = [subject for subject, count in waiting.items() if not count]
    heapq.heapify(ready)
    ordered: list[str] = []
    while ready:
        subject = heapq.heappop(ready)
        ordered.append(subject)
        for user in users.get(subject, ()):
            waiting[user] -= 1
            if not waiting[user]:
                heapq.heappush(ready, user)
    circle = frozenset(known) - set(ordered)
    return tuple(known[subject] for subject in (*ordered, *sorted(circle))), circle
