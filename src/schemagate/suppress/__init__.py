"""Findings that a person accepted: by a comment in the schema file or by a waiver in the configuration."""

from __future__ import annotations

from schemagate.suppress.allows import Allow, inline_allows
from schemagate.suppress.apply import Applied, Remark, Scope, apply, covers
from schemagate.suppress.fingerprints import fingerprint
from schemagate.suppress.write import waiver_text, waivers_file_edit

__all__ = [
    "Allow",
    "Applied",
    "Remark",
    "Scope",
    "apply",
    "covers",
    "fingerprint",
    "inline_allows",
    "waiver_text",
    "waivers_file_edit",
]
