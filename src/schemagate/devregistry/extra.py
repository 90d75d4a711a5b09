"""Whether the libraries that serve the embedded registry are installed."""

from __future__ import annotations

import importlib.util
from typing import Final

from schemagate.errors import UsageError

LIBRARIES: Final = ("starlette", "uvicorn")
INSTALL: Final = 'pip install "schemagate[registry]"'


def check() -> None:
    """UsageError with the command to run where one is missing."""
    missing = [name for name in LIBRARIES if importlib.util.find_spec(name) is None]
    if missing:
        raise UsageError(f"the embedded registry needs {' and '.join(missing)}", hint=INSTALL)
