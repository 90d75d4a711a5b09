"""Under which profile a part of a client file holds, and whether that is a developer's own machine."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

_FILE: Final = re.compile(
    r"(?P<family>(?:.*/)?(?:application|bootstrap|microprofile-config))(?:-(?P<profile>[^/]+))?\.(?:ya?ml|properties)"
)
_QUARKUS: Final = re.compile(r"%\{?([^}]*)\}?")
_ON: Final = ("spring.config.activate.on-profile", "spring.config.activate.onprofile", "spring.profiles")
_OR: Final = re.compile(r"[|,]")
_NAME: Final = re.compile(r"!?\s*[\w.@+-]+")


def family_of(path: str) -> tuple[str, str]:
    """The files that are read together, and the profile that this one's name tells; ``(path, "")`` for a lone file.

    ``conf/application-dev.yml`` belongs to ``conf/application`` with the profile ``dev``.
    """
    found = _FILE.fullmatch(path)
    return (path, "") if found is None else (found["family"], found["profile"] or "")


def selector(dotted: str) -> bool:
    """Whether a key says under which profile its document holds."""
    plain = re.sub(r"\[\d+\]$", "", dotted)
    return plain in _ON


def of_key(first: str) -> str:
    """The profile in Quarkus' ``%dev.`` before a key; empty for none."""
    found = _QUARKUS.fullmatch(first)
    return found[1] if found is not None else ""


def is_development(profile: str, names: Collection[str]) -> bool:
    """Whether a profile expression can only hold in development.

    ``a, b`` and ``a | b`` need every one of them to be a development profile, ``a & b`` one; ``!a`` never is.
    """
    known = {name.lower() for name in names}
    alternatives = [part for part in _OR.split(profile.replace("(", " ").replace(")", " ")) if part.strip()]
    if "&" in profile and len(alternatives) > 1:
        return all(name.strip().lower() in known for name in _NAME.findall(profile))
    return bool(alternatives) and all(
        any(name.strip().lower() in known for name in _NAME.findall(part)) for part in alternatives
    )


def joined(profiles: Sequence[str]) -> str:
    """Profiles that must hold together, as one expression."""
    return " & ".join(dict.fromkeys(profile for profile in profiles if profile))
