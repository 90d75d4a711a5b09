"""Which names Avro accepts: Java's letters and digits, and the specification's narrower ASCII."""

from __future__ import annotations

import re

ASCII_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def name_fault(name: str) -> str:
    """What Avro Java refuses in a name without namespace, in words; empty if nothing.

    Java judges UTF-16 units (``NameValidator.UTF_VALIDATOR``), so a letter beyond U+FFFF is none to it.
    """
    if ASCII_NAME.fullmatch(name):
        return ""
    if not name:
        return "it is empty"
    if not (name[0] == "_" or _is_letter(name[0])):
        return f"it starts with `{name[0]}`; a name starts with a letter or `_`"
    for char in name[1:]:
        if not (char == "_" or _is_letter(char) or (char.isdecimal() and char <= "\uffff")):
            return f"it contains `{char}`; a name has only letters, digits and `_`"
    return ""


def is_ascii_name(name: str) -> bool:
    """Whether the specification accepts it: ``[A-Za-z_][A-Za-z0-9_]*``."""
    return ASCII_NAME.fullmatch(name) is not None


def full_name(name: str, namespace: str) -> str:
    """A name as spelled, in ``namespace``: dots in the name win, and an empty namespace is the null one."""
    space, dot, short = name.rpartition(".")
    if not dot:
        space = namespace
    return f"{space}.{short}" if space else short


def _is_letter(char: str) -> bool:
    return char.isalpha() and char <= "\uffff"
