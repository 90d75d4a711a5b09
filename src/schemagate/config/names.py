"""What a file is called: its place in a version series and the registry's subjects for it."""

from __future__ import annotations

import re
from collections.abc import Iterator

SUFFIX = ".avsc"
PLACEHOLDERS = ("topic", "fullname", "name", "namespace", "stem", "dir")
"""What a name template may use between braces."""

_VERSIONED = re.compile(r"([^/]+)_v([0-9]{1,9})\Z")
_PIECE = re.compile(r"\{([^{}]*)\}|([{}])")


def version_of(path: str) -> tuple[str, int | None]:
    """The series that a file belongs to and its number in it: ``a/user_v2.avsc`` is ``("a/user", 2)``.

    Only ``_v`` and decimal digits at the end of the file's stem make a version file (``-v2``, ``.v2`` and ``_V2`` do
    not); every other file evolves in place and has no number. The number is what the digits mean: ``_v02`` is 2.
    """
    series = path.removesuffix(SUFFIX)
    directory, slash, stem = series.rpartition("/")
    versioned = _VERSIONED.match(stem)
    if versioned is None:
        return series, None
    return f"{directory}{slash}{versioned[1]}", int(versioned[2])


def template_faults(template: str) -> Iterator[str]:
    """What stands between braces and is no placeholder; a lone brace is a fault of its own."""
    for piece in _PIECE.finditer(template):
        if piece[2] is not None:
            yield piece[2]
        elif piece[1] not in PLACEHOLDERS:
            yield piece[0]


def uses(template: str, placeholder: str) -> bool:
    """Whether the template asks for the placeholder."""
    return f"{{{placeholder}}}" in template


def expand(template: str, *, path: str, fullname: str, topic: str) -> str:
    """The subject that a template makes for a file; empty if a placeholder that must say something is empty.

    ``{dir}`` is the name of the directory that holds the file, ``{stem}`` the file's name without ``.avsc`` and
    without its ``_vN``. ``{namespace}`` may be empty: the null namespace is one.
    """
    series, _ = version_of(path)
    directory, _, stem = series.rpartition("/")
    namespace, _, name = fullname.rpartition(".")
    values = {
        "topic": topic,
        "fullname": fullname,
        "name": name,
        "namespace": namespace,
        "stem": stem,
        "dir": directory.rpartition("/")[2],
    }
    if any(not value and key != "namespace" and uses(template, key) for key, value in values.items()):
        return ""
    return _PIECE.sub(lambda piece: values[piece[1]], template).strip()
