"""Whether git may hand the work tree other contents than the blobs: by a filter program that attributes name."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

_ONE_SUFFIX: Final = re.compile(rb"[^\s\"]*\.([A-Za-z0-9]+)")
_LARGEST: Final = 1 << 20


def may_filter(root: str, common_dir: str, settings: Mapping[str, str], paths: Collection[str]) -> bool:
    """Whether a configured filter program could apply to one of the paths. In doubt it could."""
    if not any(key.startswith("filter.") and key.endswith((".smudge", ".process")) for key in settings):
        return False
    suffixes = {path.rpartition(".")[2].lower().encode("utf-8", "surrogateescape") for path in paths}
    return any(_filters(place, suffixes) for place in _places(root, common_dir, settings, paths))


def _places(root: str, common_dir: str, settings: Mapping[str, str], paths: Iterable[str]) -> Iterator[str]:
    """Every file of attributes that git would look into."""
    yield os.path.join(common_dir, "info", "attributes")
    yield "/etc/gitattributes"
    home = os.path.expanduser("~")
    base = os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    yield os.path.expanduser(settings.get("core.attributesfile") or os.path.join(base, "git", "attributes"))
    directories = {""}
    for path in paths:
        directory = path.rpartition("/")[0]
        while directory not in directories:
            directories.add(directory)
            directory = directory.rpartition("/")[0]
    for directory in sorted(directories):
        yield os.path.join(root, directory, ".gitattributes")


def _filters(place: str, suffixes: Collection[bytes]) -> bool:
    try:
        with open(place, "rb") as file:
            data = file.read(_LARGEST)
    except OSError:
        return False
    if b"filter" not in data:
        return False
    if len(data) == _LARGEST:
        return True
    for line in data.splitlines():
        pattern, *attributes = line.split() or [b""]
        if any(b"filter" in attribute for attribute in attributes) or pattern.startswith(b"["):
            only = _ONE_SUFFIX.fullmatch(pattern)
            if only is None or only[1].lower() in suffixes:
                return True
    return False
