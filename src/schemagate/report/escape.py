"""Makes untrusted text safe to print: no terminal escapes, no CI workflow commands, nothing invisible."""

from __future__ import annotations

import re
from unicodedata import category

NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}

# Control, format (bidi overrides, zero-width, BOM), surrogate, and the two Unicode line separators.
UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

# Emoji and Indic scripts need the joiners to be read at all; neither hides nor reorders anything.
JOINERS = frozenset("\u200c\u200d")

# Letters by category, blank on the screen.
BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f")

# GitHub runs `##[command]` found anywhere in a line, Azure `##vso[...]`, TeamCity `##teamcity[...]`.
BRACKET_COMMAND = re.compile(r"##[A-Za-z]*(?=\[)")

# GitHub runs a line that starts with `::` once trimmed. Any word may become the first of a wrapped line.
COLON_COMMAND = re.compile(r"(?<!\S)::")
COLON_COMMAND_LINE = re.compile(r"^(\s*)::")


def visible(text: str, *, ascii_only: bool = False) -> list[str]:
    r"""What to print for each code point of ``text``: itself, or a visible stand-in such as ``\n`` or ``\u{1b}``.

    Joined, it can neither move the cursor nor start a workflow command wherever it stands in a line. A backslash is
    left alone, so that shown text may be shown again unchanged. ``ascii_only`` shows other code points as ``\u{...}``.
    """
    if text.isascii() and text.isprintable():
        shown = list(text)
    else:
        shown = [_shown(char, ascii_only=ascii_only) for char in text]
    for match in BRACKET_COMMAND.finditer(text):
        shown[match.end()] = "\\["
    for match in COLON_COMMAND.finditer(text):
        shown[match.start()] = "\\:"
    return shown


def clean(text: str, *, ascii_only: bool = False) -> str:
    """``text`` as one printable line; unchanged, and of the same length, unless something in it must not be raw."""
    if text.isascii() and text.isprintable() and "##" not in text and "::" not in text:
        return text
    return "".join(visible(text, ascii_only=ascii_only))


def printable(text: str) -> str:
    """``text`` with a stand-in for every code point that cannot be seen: for surfaces where only people read."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(char, ascii_only=False) for char in text)


def guard(line: str) -> str:
    """A finished line that no CI system takes for a command, also where two clean pieces met and made one."""
    if "##" not in line and "::" not in line:
        return line
    return COLON_COMMAND_LINE.sub(r"\1\\::", BRACKET_COMMAND.sub(lambda match: match[0] + "\\", line))


def _shown(char: str, *, ascii_only: bool) -> str:
    if char in NAMED:
        return NAMED[char]
    if char in BLANK or (category(char) in UNPRINTABLE and char not in JOINERS) or (ascii_only and not char.isascii()):
        return f"\\u{{{ord(char):x}}}"
    return char
