"""The files that the package carries for its page: style and script."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files


def site_asset(names: Iterable[str], suffix: str) -> str:
    """These parts of the page's style (``css``) or script (``js``) as one text."""
    folder = files("schemagate.report.site") / "assets"
    return "\n".join((folder / f"{name}.{suffix}").read_text(encoding="utf-8") for name in names)
