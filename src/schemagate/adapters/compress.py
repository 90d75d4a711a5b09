"""The compressions that a producer may use, as far as this Python has them."""

from __future__ import annotations

import gzip
import importlib
from collections.abc import Callable, Mapping
from typing import Final

GZIP_LEVEL: Final = 6
ZSTD_LEVEL: Final = 3
"""What Kafka's producers use unless told otherwise (``compression.gzip.level``, ``compression.zstd.level``)."""
ZSTD_MODULES: Final = ("compression.zstd", "backports.zstd")
"""The standard library's from Python 3.14 on, and its backport, which the extra ``zstd`` installs."""

Compress = Callable[[bytes], bytes]


def compressions() -> Mapping[str, Compress]:
    """Name → what compresses at Kafka's own level; ``zstd`` only where a module for it can be imported."""
    found: dict[str, Compress] = {"gzip": lambda data: gzip.compress(data, GZIP_LEVEL, mtime=0)}
    for name in ZSTD_MODULES:
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        found["zstd"] = lambda data, module=module: module.compress(data, ZSTD_LEVEL)  # type: ignore[misc]
        break
    return found
