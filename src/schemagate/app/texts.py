"""A schema file's text for the registry: types of other files referred to, or written into it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from schemagate.config import Settings
from schemagate.errors import ConfigError
from schemagate.plan.texts import plain
from schemagate.plan.values import Use
from schemagate.schema.canonical import to_json
from schemagate.schema.model import Enum, Fixed, Named, Record, Schema
from schemagate.workspace import Workspace

INLINE = "inline"
REGISTRY = "registry"


class Written(msgspec.Struct, frozen=True):
    """A text with what it refers to."""

    text: str
    inlined: str
    uses: tuple[Use, ...] = ()
    obstacle: str = ""
    """Why no registry could put it together as the configuration wants it."""


class Referred(msgspec.Struct, frozen=True):
    """Document → the full name of its own type, for those that a text refers to; and what stands against that."""

    documents: Mapping[str, str] = msgspec.field(default_factory=dict)
    obstacle: str = ""


class Texts:
    """The texts of one workspace. ``subjects`` says under which subject a file's schema is referred to.

    A registry reads the texts that are referred to before the text itself, each once, and writes every type into the
    stored text that is not the own type of one of them. So only own types can be referred to, and no type may be in
    two texts that are read together; where that does not hold, and nobody chose ``registry``, all is written in.
    """

    def __init__(self, settings: Settings, workspace: Workspace, subjects: Mapping[str, str]) -> None:
        self._settings = settings
        self._workspace = workspace
        self._subjects = subjects
        self._referred: dict[str, Referred] = {}
        # What a file uses comes before it: a file needs all that those need, and them.
        for path in sorted(workspace.schemas, key=lambda path: (len(workspace.dependencies(path)), path)):
            self._referred[path] = self._refer(path)

    def of(self, path: str) -> Written:
        """The text of a file of the workspace that is a schema. Raises ConfigError where a use has no subject."""
        schema = self._workspace.schemas[path]
        own = plain(self._workspace.documents[path].text)
        if not schema.origins:
            return Written(own, own)
        inlined = to_json(schema)
        referred = self._referred[path]
        for document in referred.documents:
            self._require_subject(path, document)
        if not referred.documents:
            return Written(inlined, inlined, obstacle=referred.obstacle)
        leave = {name for document in referred.documents for name in self._types(document)}
        folded = frozenset(schema.origins) - leave
        text = to_json(schema, leave=leave) if folded else own
        uses = sorted(Use(name, self._subjects[document]) for document, name in referred.documents.items())
        return Written(text, inlined, tuple(uses), referred.obstacle)

    def _refer(self, path: str) -> Referred:
        """What a file refers to; nothing where it may choose, and references could not say it."""
        chosen = self._chosen(path)
        if chosen == INLINE:
            return Referred()
        schema = self._workspace.schemas[path]
        found: dict[str, str] = {}
        folded: set[str] = set()
        obstacle = ""
        pending, seen = sorted(schema.root.free), set[str]()
        while pending:
            name = _meant(schema, pending.pop())
            if name in seen:
                continue
            seen.add(name)
            document = schema.origins.get(name, "")
            if document and (chosen == REGISTRY or document in self._subjects):
                own = self._own_type(document)
                found.setdefault(document, own or name)
                if name != own:
                    obstacle = f"it uses `{name}`, which is not {document}'s own type: a registry refers to those only"
            elif document:
                folded.add(name)
                pending.extend(sorted(schema.types[name].free))
        obstacle = obstacle or next(self._clashes(found, folded), "")
        if obstacle and chosen != REGISTRY:
            return Referred()
        return Referred(found, obstacle)

    def _chosen(self, path: str) -> str:
        rule = self._settings.subject_rule_for(path)
        return rule.references if rule is not None else ""

    def _clashes(self, referred: Mapping[str, str], folded: set[str]) -> Iterator[str]:
        """Types that would be read twice: written in here and there, or into two of the texts referred to."""
        definers: dict[str, str] = {}
        for document in self._closure(referred):
            here = self._defined_in(document)
            for name in sorted(here & folded):
                yield f"`{name}` would be written into it and is in {document} too, to which it refers"
            for name in sorted(here & definers.keys()):
                yield f"{definers[name]} and {document}, to which it refers, both have `{name}` written into them"
            definers.update(dict.fromkeys(here, document))

    def _closure(self, referred: Mapping[str, str]) -> list[str]:
        """The documents that are referred to, directly or through others."""
        found = dict.fromkeys(sorted(referred))
        pending = list(found)
        while pending:
            for document in self._referred.get(pending.pop(), Referred()).documents:
                if document not in found:
                    found[document] = None
                    pending.append(document)
        return list(found)

    def _defined_in(self, document: str) -> frozenset[str]:
        """The types whose definition is in a document's text for the registry."""
        referred = self._referred.get(document, Referred()).documents
        left = {name for other in referred for name in self._types(other)}
        return frozenset(self._types(document)) - left

    def _types(self, document: str) -> Mapping[str, Named]:
        """What a file's schema reaches; nothing for one that is no schema, which is told elsewhere."""
        schema = self._workspace.schemas.get(document)
        return {} if schema is None else schema.types

    def _own_type(self, document: str) -> str:
        schema = self._workspace.schemas.get(document)
        root = schema.root if schema is not None else None
        return root.name if isinstance(root, Record | Enum | Fixed) else ""

    def _require_subject(self, path: str, document: str) -> None:
        if document in self._subjects:
            return
        rule = self._settings.subject_rule_for(path)
        raise ConfigError(
            f'{path} is to be registered with `references = "registry"`, but {document}, whose types it uses, has no '
            "subject to refer to",
            path=self._settings.path or "schemagate.toml",
            line=rule.line if rule is not None else None,
            hint=f'give {document} a subject (in place of `shared = true`: `name = "{{fullname}}"`), or write its '
            'types into each schema: `references = "inline"`',
        )


def _meant(schema: Schema, name: str) -> str:
    """A name of the null namespace may stand for one that is written without its own."""
    return name if name in schema.types else name.rpartition(".")[2]
