"""Subjects and their contexts: ``:.context:subject``, and plain ``subject`` in the default context."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

DEFAULT_CONTEXT: Final = "."
EVERY_CONTEXT: Final = ":*:"
RESERVED: Final = frozenset({"__GLOBAL", "__EMPTY"})
GLOBAL_CONTEXT: Final = ".__GLOBAL"


def split(qualified: str) -> tuple[str, str]:
    """Context and name of a subject as it was sent."""
    if not qualified.startswith(":."):
        return DEFAULT_CONTEXT, qualified
    context, _, name = qualified[1:].partition(":")
    return context, name


def join(context: str, name: str) -> str:
    return name if context == DEFAULT_CONTEXT else f":{context}:{name}"


def normal(qualified: str) -> str:
    """The one spelling under which a subject is kept."""
    return join(*split(qualified))


def context_of(qualified: str) -> str:
    return split(qualified)[0]


def context_label(qualified: str) -> str:
    """A subject's context as messages write it: nothing for the default one."""
    return join(context_of(qualified), "")


def spelled_context(text: str) -> str:
    """A context as a path or a prefix may spell it: ``.ctx``, ``ctx``, ``:.ctx:``."""
    name = text.strip(":")
    return name if name.startswith(".") else f".{name}"


def valid(qualified: str, *, registering: bool) -> bool:
    """Whether a subject may be registered under, or, otherwise, configured."""
    context, name = split(qualified)
    if name in RESERVED or any(char < " " or "\x7f" <= char <= "\x9f" for char in qualified):
        return False
    return not registering or (bool(name) and name != "*" and context != GLOBAL_CONTEXT)


def prefix_filter(prefix: str) -> Callable[[str], bool]:
    """Which subjects a ``subjectPrefix`` means: ``:*:`` every context's, a plain one only the default context's."""
    if prefix.startswith(EVERY_CONTEXT):
        wanted = prefix.removeprefix(EVERY_CONTEXT)
        return lambda subject: split(subject)[1].startswith(wanted)
    context, start = split(prefix)

    def matches(subject: str) -> bool:
        own, name = split(subject)
        return own == context and name.startswith(start)

    return matches
