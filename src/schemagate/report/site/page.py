"""The page as one HTML text: data, style and script inside, and a policy that lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from typing import Final

import msgspec

from schemagate._version import __version__
from schemagate.report.escape import printable
from schemagate.report.site.data import overview, subject_data
from schemagate.report.site.values import Site

SCRIPTS: Final = ("base", "overview", "subject", "lifelines", "matrix", "graph", "bytes", "start")
"""The script's parts, in the order in which they are put together."""
STYLES: Final = ("page", "pictures")
MOST_WITHOUT_SCRIPT: Final = 500
"""Subjects that a browser without scripts shows."""
ICON: Final = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cg fill='none' "
    "stroke='%232f5d9b' stroke-width='2' stroke-linecap='round'%3E%3Cpath d='M2 4h12M2 8h7M5 12h9'/%3E%3C/g%3E"
    "%3C/svg%3E"
)


class Assets(msgspec.Struct, frozen=True):
    """The page's own style and script, as text."""

    style: str
    script: str


def page(site: Site, assets: Assets) -> str:
    """The whole file. Nothing in it loads anything; the policy allows this very style and script alone."""
    script = f"(() => {{\n{assets.script}\n}})();"
    parts = [
        _head(site, assets.style, script),
        _frame(site),
        _data("overview", overview(site)),
        *(_data(f"subject-{number}", subject_data(subject)) for number, subject in enumerate(site.subjects)),
        f"<script>{script}</script>\n</body>\n</html>\n",
    ]
    return "\n".join(parts)


def _head(site: Site, style: str, script: str) -> str:
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_hash(script)}'",
            f"style-src '{_hash(style)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="schemagate {escape(__version__)}">
<meta name="referrer" content="no-referrer">
<title>{_shown(site.title)}: schema history</title>
<link rel="icon" href="{ICON}">
<style>{style}</style>
</head>"""


def _hash(text: str) -> str:
    """A source expression for one inline element (Content Security Policy Level 3, section 2.3.1)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _frame(site: Site) -> str:
    """What is there before the script runs; all there is where none may."""
    return f"""<body>
<a class="skip" href="#main">Skip to the content</a>
<header id="top"></header>
<main id="main" tabindex="-1"></main>
<footer id="foot"></footer>
<div id="tip" role="tooltip" hidden></div>
<noscript>{_without_script(site)}</noscript>"""


def _without_script(site: Site) -> str:
    shown = site.subjects[:MOST_WITHOUT_SCRIPT]
    rows = "".join(
        f"<tr><th scope=row>{_shown(s.name)}<td>{s.told.health(s.state)}<td>{len(s.published)}"
        f"<td>{_shown(s.last[:10]) or '-'}<td>{_shown(s.mode)}<td>{_shown(s.path)}"
        for s in shown
    )
    more = len(site.subjects) - len(shown)
    return (
        f"<h1>{_shown(site.title)}</h1><p>The pictures need JavaScript, which is switched off here. "
        "The subjects without them:</p><table><thead><tr><th>Subject<th>Health<th>Versions<th>Last change<th>Mode"
        f"<th>File</thead><tbody>{rows}</tbody></table>" + (f"<p>and {more:,} more</p>" if more else "")
    )


def _data(name: str, text: str) -> str:
    return f'<script type="application/json" id="{name}">{text}</script>'


def _shown(text: str) -> str:
    """Any text as HTML text."""
    return escape(printable(text).encode("utf-8", "replace").decode())
