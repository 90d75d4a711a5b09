"""What a rule is: one function whose docstring is its page and whose examples are its tests."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

import msgspec

from schemagate.avsc.tree import Comment, Span
from schemagate.finding import Direction, Json, Severity, no_args
from schemagate.schema.align import Change
from schemagate.schema.model import Schema
from schemagate.schema.walk import Visit

BOTH = (Direction.BACKWARD, Direction.FORWARD)
NO_REASONS: Mapping[Direction, str] = MappingProxyType({})


def _no_reasons() -> Mapping[Direction, str]:
    return NO_REASONS


class Found(msgspec.Struct, frozen=True):
    """What a rule noticed: never formatted, graded or placed here.

    ``part`` narrows the place to a member of the JSON object (``"default"``); ``directions`` are those in which the
    change does harm (change rules only); ``reasons`` complete "... : " for each direction in plain words. ``span``
    places what is no JSON value (a comment); it wins over ``part``.
    """

    part: str = ""
    args: Mapping[str, Json] = msgspec.field(default_factory=no_args)
    directions: tuple[Direction, ...] = BOTH
    reasons: Mapping[Direction, str] = msgspec.field(default_factory=_no_reasons)
    severity: Severity | None = None
    """Only where one rule grades its own cases; None is the rule's severity."""
    span: Span | None = None
    document: str = ""
    """The file that ``span`` is of, where a rule looks at several at once (client rules only)."""


RuleFunction: TypeAlias = Callable[[Any], Iterable[Found]]
"""A generator, or, for rules that are asked of every field, a function that mostly returns ``()``: that is faster."""


class FileVisit(msgspec.Struct, frozen=True):
    """A whole document, for the rules that look at more than one part of it.

    ``name`` is the file's repo-relative POSIX path, empty where there is no file (an editor's buffer, a registry).
    """

    name: str
    schema: Schema
    comments: tuple[Comment, ...] = ()

    @property
    def path(self) -> str:
        return "$"

    @property
    def pointer(self) -> str:
        return ""


class Example(msgspec.Struct, frozen=True):
    """A fenced example of a rule's page: one document to lint, the old and the new one, or a client's configuration."""

    fires: bool
    documents: tuple[str, ...]
    file_name: str = "example.avsc"


class Rule(msgspec.Struct, frozen=True):
    """A rule as a value. ``kind``: validity, lint, breaking, change, history, registry, client or config."""

    id: str
    kind: str
    severity: Severity
    message: str
    """``str.format`` template over the arguments, see :meth:`words`."""
    since: str
    page: str
    """Markdown: the first sentence says the consequence, then why, then what to do."""
    on: tuple[type, ...] = ()
    run: RuleFunction | None = None

    @property
    def summary(self) -> str:
        """The page's first sentence."""
        return " ".join(self.page.split("\n\n", 1)[0].split())

    def words(self, args: Mapping[str, Json]) -> str:
        """The message with its arguments filled in: ``{name}`` is plain, ``{name:json}`` a JSON value, cut if long."""
        return self.message.format_map({name: _Shown(value) for name, value in args.items()})

    @property
    def examples(self) -> tuple[Example, ...]:
        return tuple(_examples(self.page))


class _Shown(msgspec.Struct, frozen=True):
    """An argument as a message shows it: a list is an enumeration, what is neither list nor string is JSON."""

    value: Json

    def __format__(self, spec: str) -> str:
        if spec == "json":
            text = json.dumps(self.value, ensure_ascii=False)
            return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"
        if isinstance(self.value, str):
            return self.value
        if isinstance(self.value, list | tuple):
            return ", ".join(f"`{_Shown(item)}`" for item in self.value)
        return json.dumps(self.value, ensure_ascii=False)


LONGEST_VALUE = 80
"""Characters of a JSON value that a message shows."""

FENCE = re.compile(
    r"^```(?:avsc|properties|yaml|json|toml) (fires|passes)(?: file=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL
)


def _examples(page: str) -> Iterator[Example]:
    for match in FENCE.finditer(page):
        language = match[0][3 : match[0].index(" ")]
        documents = tuple(part + "\n" for part in example_parts(match))
        yield Example(match[1] == "fires", documents, match[2] or f"example.{language}")


def example_parts(fence: re.Match[str]) -> list[str]:
    """The documents of one fenced example: a line ``---`` separates schemas, and is YAML's own business elsewhere."""
    if not fence[0].startswith("```avsc"):
        return [fence[3].strip("\n")]
    return [part.strip("\n") for part in re.split(r"^---$", fence[3], flags=re.MULTILINE)]


def lint(
    id: str, *, on: type | tuple[type, ...], severity: Severity, message: str, since: str = "0.1"
) -> Callable[[RuleFunction], Rule]:
    """A rule on one schema: the function gets a :class:`Visit` of each node that is an ``on``.

    ``on=FileVisit`` gets each document once, as a whole.
    """
    return _rule("lint", id, on, severity, message, since)


def change(
    id: str, *, on: type | tuple[type, ...], severity: Severity, message: str, since: str = "0.1"
) -> Callable[[RuleFunction], Rule]:
    """A rule on an old and a new schema: the function gets a :class:`Change` whose sides are an ``on``.

    ``on=Decimal`` (any :class:`Logical`) gets changes of nodes that carry that logical type on both sides.
    """
    return _rule("change", id, on, severity, message, since)


def client(id: str, *, severity: Severity, message: str, since: str = "0.1") -> Callable[[RuleFunction], Rule]:
    """A rule on a producer's or consumer's configuration: the function gets a ``ClientVisit`` of each client."""
    return _rule("client", id, (), severity, message, since)


def _rule(
    kind: str, id: str, on: type | tuple[type, ...], severity: Severity, message: str, since: str
) -> Callable[[RuleFunction], Rule]:
    def wrap(function: RuleFunction) -> Rule:
        page = inspect.cleandoc(function.__doc__ or "")
        return Rule(id, kind, severity, message, since, page, on if isinstance(on, tuple) else (on,), function)

    return wrap


def told(id: str, kind: str, severity: Severity, message: str, page: str, *, since: str = "0.1") -> Rule:
    """A rule that something else notices (the reader, the solver, the history): its grade, words and page."""
    return Rule(id, kind, severity, message, since, inspect.cleandoc(page))


def found(
    part: str = "",
    *,
    directions: tuple[Direction, ...] = BOTH,
    reasons: Mapping[Direction, str] | None = None,
    severity: Severity | None = None,
    span: Span | None = None,
    **args: Json,
) -> Found:
    """What a rule yields."""
    return Found(part, args, directions, reasons or NO_REASONS, severity, span)


__all__ = [
    "BOTH",
    "Change",
    "Comment",
    "Example",
    "FileVisit",
    "Found",
    "Rule",
    "Span",
    "Visit",
    "change",
    "client",
    "example_parts",
    "found",
    "lint",
    "told",
]
