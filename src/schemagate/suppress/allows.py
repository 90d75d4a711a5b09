"""Comments in a schema file that accept a finding: ``// schemagate: allow[rule-id] reason``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

_DIRECTIVE = re.compile(r"[\s/*]*schemagate\s*:(.*)", re.IGNORECASE | re.DOTALL)
_ALLOW = re.compile(r"\s*allow\s*\[([^\[\]]*)\](.*)", re.DOTALL)
_SEPARATORS = ":-\u2013\u2014"
"""What people put between the brackets and the reason."""

NOT_UNDERSTOOD = "is not understood: write `schemagate: allow[rule-id] reason`"
NO_RULE = "names no rule"
NO_REASON = "gives no reason"


class Allow(msgspec.Struct, frozen=True):
    """One comment. ``line`` is where it stands, ``applies_to_line`` where its findings are (both 1-based).

    ``problem`` completes "this comment ..."; a comment with a problem allows nothing.
    """

    rules: tuple[str, ...]
    reason: str
    line: int
    applies_to_line: int
    problem: str = ""


def inline_allows(comments: Sequence[tuple[int, str, bool]]) -> list[Allow]:
    """The allows among one document's comments, in the order of the lines.

    Each comment is (line of its start, text with or without its marks, whether its lines hold nothing else). Beside
    a value, it speaks of its own line; alone, of the first line below it that is no such comment (a blank line
    ends that: the comment stands on or above the line that the finding names). A ``/* */`` over several lines may
    hold several. Any text that begins with ``schemagate:`` is meant as an allow, so a mistyped one is told.
    """
    below = _lines_below(comments)
    allows = []
    for start, text, alone in sorted(comments):
        target = below[start] if alone else start
        for offset, row in enumerate(text.split("\n")):
            directive = _DIRECTIVE.match(row)
            if directive is not None:
                allows.append(_allow(directive[1], start + offset, target))
    return allows


def unknown_rules(allows: Iterable[Allow], known: Iterable[str]) -> Iterator[tuple[Allow, str]]:
    """Each rule id that an allow names and nobody knows."""
    ids = frozenset(known)
    for allow in allows:
        if not allow.problem:
            yield from ((allow, rule) for rule in allow.rules if rule not in ids)


def _lines_below(comments: Iterable[tuple[int, str, bool]]) -> dict[int, int]:
    """For each line that only a comment fills, the next line that is none of these."""
    filled = {line for start, text, alone in comments if alone for line in range(start, start + text.count("\n") + 1)}
    below: dict[int, int] = {}
    for line in sorted(filled, reverse=True):
        below[line] = below.get(line + 1, line + 1)
    return below


def _allow(body: str, line: int, target: int) -> Allow:
    parsed = _ALLOW.match(body)
    if parsed is None:
        return Allow((), "", line, target, NOT_UNDERSTOOD)
    rules = tuple(dict.fromkeys(rule.strip() for rule in parsed[1].split(",") if rule.strip()))
    reason = parsed[2].strip().removesuffix("*/").strip().lstrip(_SEPARATORS).strip()
    if not rules:
        return Allow((), reason, line, target, NO_RULE)
    return Allow(rules, reason, line, target, "" if reason else NO_REASON)
