"""Waivers as TOML, ready to paste or appended to a configuration."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from schemagate.errors import ConfigError, UsageError
from schemagate.finding import Finding, VersionId

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_SHORT_ESCAPE = 0xFFFF
"""The last code point of a ``\\uXXXX``."""
_WIDTH = 100
"""Characters of a list that stays on one line."""


def waiver_text(
    finding: Finding,
    owner: str = "",
    expires: dt.date | None = None,
    *,
    reason: str = "",
    table: str | None = None,
) -> str:
    """The ``[[waivers]]`` block that accepts a finding, one line feed at its end.

    It covers the versions that the finding breaks now, so that a version published later is judged again. Without
    a reason the block is complete but for it, and refused until somebody says why. ``table`` is the table that
    holds the settings (``tool.schemagate`` in a pyproject.toml).
    """
    lines = [f"[[{table + '.' if table else ''}waivers]]"]
    said = (
        ("fingerprint", finding.fingerprint),
        ("rule", finding.rule),
        ("subject", finding.subject),
        ("path", finding.path),
    )
    lines += [f"{key} = {quoted(text)}" for key, text in said if text.strip() and _encodable(text)]
    labels = list(dict.fromkeys(_label(against.version) for against in finding.against))
    if labels:
        lines.append(f"versions = {_list(labels)}")
    lines.append(f"reason = {quoted(reason)}" if reason.strip() else 'reason = ""  # say why this is acceptable')
    if owner.strip():
        lines.append(f"owner = {quoted(owner)}")
    if expires is not None:
        lines.append(f"expires = {expires.isoformat()}")
    return "\n".join(lines) + "\n"


def waivers_file_edit(
    config_text: str,
    findings: Sequence[Finding],
    reason: str,
    owner: str = "",
    expires: dt.date | None = None,
    *,
    path: str = "schemagate.toml",
    table: str | None = None,
) -> str:
    """The configuration's text with a waiver for each finding at its end, all before it left as it is.

    Line ends are the text's own. Raises :class:`UsageError` without a reason, and :class:`ConfigError` if the text
    is not a usable configuration or cannot take ``[[waivers]]`` tables at its end.
    """
    import tomllib  # noqa: PLC0415 - as below

    from schemagate.config import parse_config  # noqa: PLC0415 - printing a waiver needs no parser

    if not reason.strip():
        raise UsageError("a waiver needs a reason", hint="say in one sentence why the findings are acceptable")
    before = parse_config(config_text, path, table=table)
    blocks = list(_blocks(findings, owner, expires, reason, table))
    if not blocks:
        return config_text
    newline = "\r\n" if "\r\n" in config_text else "\n"
    head = config_text if not config_text.strip("\ufeff") or config_text.endswith("\n") else config_text + newline
    gap = newline if head.strip("\ufeff \t\r\n") else ""
    edited = head + gap + "\n".join(blocks).replace("\n", newline)
    try:
        tomllib.loads(edited.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError:
        line, column = before.positions.get(("waivers",), (None, None))
        message = "`waivers` is written so that no `[[waivers]]` table can follow"
        hint = f"write each waiver as a table of its own, `[[{table + '.' if table else ''}waivers]]`"
        raise ConfigError(message, path=path, line=line, column=column, hint=hint) from None
    parse_config(edited, path, table=table)
    return edited


def quoted(text: str) -> str:
    """A text as a TOML basic string on one line; what a terminal would act on is escaped."""
    return f'"{"".join(_escaped(char) for char in text)}"'


def _blocks(
    findings: Iterable[Finding], owner: str, expires: dt.date | None, reason: str, table: str | None
) -> Iterator[str]:
    yield from dict.fromkeys(waiver_text(f, owner, expires, reason=reason, table=table) for f in findings)


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable():
        return char
    code = ord(char)
    if not _encodable(char):
        return "\ufffd"
    return f"\\U{code:08X}" if code > _SHORT_ESCAPE else f"\\u{code:04X}"


def _encodable(text: str) -> bool:
    """Whether TOML can hold the text: half of a surrogate pair it cannot."""
    return not any("\ud800" <= char <= "\udfff" for char in text)


def _label(version: VersionId) -> str:
    """How a waiver names a version: by its publication in git where there is one."""
    labels = sorted(version.published, key=lambda publication: publication.source != "git")
    return labels[0].label if labels else version.name


def _list(texts: Sequence[str]) -> str:
    line = f"[{', '.join(map(quoted, texts))}]"
    if len(line) <= _WIDTH:
        return line
    return "[\n" + "".join(f"    {quoted(text)},\n" for text in texts) + "]"
