"""The documentation's pages as the site wants them: what links into the source tree gets an address, or loses its link.

Nothing here touches a file: texts go in and come out.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping
from typing import Final

import msgspec

ROOT_PAGES: Final = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
}
"""Pages that stand at the repository's root, where people and forges look for them, → where the site has them."""

DOCS: Final = "docs/"
RULES: Final = '  { "Rules" = ["rules/index.md"] },\n'
"""The line of zensical.toml in whose place every rule's page stands in the site's navigation."""
PROJECT: Final = "[project]\n"
SOURCE: Final = """
[[project.extra.social]]
icon = "lucide/git-branch"
name = "Source"
link = {}
"""

_FENCE = re.compile(r"^([ \t]*)(`{3,}|~{3,})[^\n]*\n.*?^\1\2[ \t]*$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_LINK = re.compile(r"(!?)\[([^\[\]]*)\]\(([^()\s]+)\)")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|#|/", re.IGNORECASE)
_FAMILY = re.compile(r"^## (.+)$|^\| \[`[\w-]+`\]\(([\w-]+\.md)\)", re.MULTILINE)


class StrayLinkError(Exception):
    """A page leads to a file that the repository does not have."""


def staged(sources: Mapping[str, str], known: frozenset[str], repository: str | None) -> dict[str, str]:
    """The site's pages by their path in the site, from the Markdown files by their path in the repository.

    ``known`` are all files and folders of the repository. ``repository`` is the address under which a browser finds
    them (``https://.../blob/<commit>``); without one, what a link into the source tree says stands there unlinked.
    Raises StrayLinkError for a link to what is not there.
    """
    places = {source: place for source in sources if (place := _place(source)) is not None}
    tree = _Tree(places, known, repository)
    return {place: tree.moved(source, sources[source]) for source, place in places.items()}


def configured(text: str, rules_index: str, address: str | None, repository: str | None) -> str:
    """zensical.toml with every rule in the navigation, and with the addresses that only the publisher knows.

    The repository is a link at the foot of the page. The theme's own setting for it would have every reader's browser
    ask the forge how many stars there are.
    """
    for line in (RULES, PROJECT):
        if text.count(line) != 1:
            raise ValueError(f"zensical.toml must have this line once: {line.strip()}")
    nav = f'  {{ "Rules" = [{", ".join(_families(rules_index))}] }},\n'
    head = f"{PROJECT}site_url = {json.dumps(address)}\n" if address else PROJECT
    home = (repository or "").partition("/blob/")[0]
    foot = SOURCE.format(json.dumps(home)) if home else ""
    return text.replace(RULES, nav).replace(PROJECT, head) + foot


def masked(text: str) -> str:
    """The text with its code blocks and code spans blanked, as long as before: what is in them is no link."""
    for code in (_FENCE, _SPAN):
        text = code.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    return text


def _place(source: str) -> str | None:
    """Where the site has a Markdown file; None where it has not."""
    return source.removeprefix(DOCS) if source.startswith(DOCS) else ROOT_PAGES.get(source)


def _families(index: str) -> list[str]:
    """The index of the rules and, by family, every rule's page, as TOML."""
    families: dict[str, list[str]] = {}
    family = ""
    for title, page in _FAMILY.findall(index):
        family = title.partition(":")[0] or family
        if page:
            families.setdefault(family, []).append(f"rules/{page}")
    return [
        '"rules/index.md"',
        *(f"{{ {json.dumps(name)} = {json.dumps(pages)} }}" for name, pages in families.items()),
    ]


class _Tree(msgspec.Struct, frozen=True):
    """Where everything is: pages by their path in the repository, all its files, and its address."""

    places: Mapping[str, str]
    known: frozenset[str]
    repository: str | None

    def moved(self, source: str, text: str) -> str:
        """The page with its links as they are from where the site has it."""
        pieces = []
        end = 0
        for match in _LINK.finditer(masked(text)):
            if _ELSEWHERE.match(match[3]):
                continue
            label = text[match.start() : match.start(3) - 1]
            pieces += [text[end : match.start()], self._link(source, label, match[3])]
            end = match.end()
        return "".join([*pieces, text[end:]])

    def _link(self, source: str, label: str, target: str) -> str:
        path, hash_, fragment = target.partition("#")
        meant = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
        if meant not in self.known:
            raise StrayLinkError(f"{source}: {target} is no file of the repository")
        place = self.places.get(meant) or (meant.removeprefix(DOCS) if meant.startswith(DOCS) else None)
        if place is not None:
            here = posixpath.dirname(self.places[source]) or "."
            return f"{label}({posixpath.relpath(place, here)}{hash_}{fragment})"
        if self.repository is not None and not label.startswith("!"):
            return f"{label}({self.repository}/{meant}{hash_}{fragment})"
        return label.removeprefix("!")[1:-1]
