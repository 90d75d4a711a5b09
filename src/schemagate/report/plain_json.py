"""JSON for programs: sorted, ASCII, and nothing in it that a CI system or a terminal takes for a command."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

from schemagate.finding import Json

DEEPEST = 32
"""Levels of a quoted schema value that are told; what nests deeper becomes ``"..."``."""


def text_of(value: Json) -> str:
    """The value as text with a final newline; equal values give equal texts."""
    text = json.dumps(value, indent=2, sort_keys=True, allow_nan=False)
    # Inside JSON strings, where alone they occur: GitHub and Azure run `##[command]`, terminals act on DEL.
    return text.replace("##", "#\\u0023").replace("\x7f", "\\u007f") + "\n"


def bounded(value: Json, levels: int = DEEPEST) -> Json:
    """``value`` as JSON can hold it; the recursion ends at ``levels``, however deep the value."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Mapping):
        return {str(key): bounded(item, levels - 1) for key, item in value.items()} if levels else "..."
    if isinstance(value, list | tuple):
        return [bounded(item, levels - 1) for item in value] if levels else "..."
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
