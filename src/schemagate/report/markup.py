"""Untrusted text in Markdown: shown as it is, never as markup, a mention or a link."""

from __future__ import annotations

import re
from html import escape
from typing import Final

from schemagate.report.escape import clean

SPECIAL: Final = re.compile(r"[\\`*_\[\]#|~$^]|^[-+=>]|:(?=[/\w])|(?<=[wW])\.|(?<=^\d)[.)]")
MENTION: Final = re.compile(r"(?<!\w)@(?=\w)|@(?=[\w-]+\.[\w-])")
"""Somebody's name, or the middle of an address, which GitHub would make a link of."""
CODED: Final = re.compile(r"`([^`]*)`")


def code(text: str) -> str:
    """As code in a line or a table cell. HTML's element, since Markdown's own has no way to hold every text."""
    return f"<code>{_entities(clean(text))}</code>" if text else ""


def prose(text: str) -> str:
    """One paragraph; what stands between backticks, as in a finding's message, becomes code."""
    pieces = CODED.split(" ".join(text.split()))
    return "".join(code(piece) if number % 2 else _plain(piece) for number, piece in enumerate(pieces))


def fenced(text: str, language: str = "") -> str:
    """A block of code; its fence is longer than any run of backticks in it."""
    body = "\n".join(clean(line) for line in text.split("\n"))
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall(r"`{3,}", body))])
    return f"{fence}{language}\n{body}\n{fence}"


def _plain(text: str) -> str:
    """Nothing in it means anything: every sign is an entity, and an @ calls nobody."""
    return MENTION.sub("@<!-- -->", _entities(clean(text)))


def _entities(text: str) -> str:
    return SPECIAL.sub(lambda sign: f"&#{ord(sign[0])};", escape(text, quote=False))
