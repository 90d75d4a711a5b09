"""The public API: schemas as text or values in, verdicts with reasons out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import msgspec

from schemagate.avsc.read import Document, read, read_text
from schemagate.compat.decode import DecoderConflict, decoder_conflicts
from schemagate.compat.explain import Incompatibility, explain
from schemagate.compat.modes import Mode
from schemagate.compat.solve import Memo, Solver
from schemagate.compat.witness import trials
from schemagate.config import Settings
from schemagate.engine.documents import document_findings
from schemagate.engine.tell import Grades, Teller
from schemagate.errors import SchemaError, UsageError
from schemagate.finding import Direction, Finding, Problem, Reading, Witness
from schemagate.rules.catalog import BY_ID
from schemagate.schema.build import Built, build
from schemagate.schema.datum import plain
from schemagate.schema.model import Enum, Factory, Fixed, Record, Schema
from schemagate.schema.names import Definition, link_built
from schemagate.schema.walk import definition_pointers
from schemagate.workspace import Located, Workspace

SchemaLike: TypeAlias = Schema | str | bytes | Mapping[str, Any]
"""A parsed schema, an ``.avsc`` file's text or bytes, or the decoded JSON object."""

MOST_TOLD: Final = 10
"""Problems that one error message spells out."""


class Compatibility(msgspec.Struct, frozen=True):
    """A verdict: ``ok``, or the reasons why not. True in a condition if ``ok``."""

    ok: bool
    incompatibilities: tuple[Incompatibility, ...] = ()

    def __bool__(self) -> bool:
        return self.ok


def parse(text: SchemaLike, *, name: str = "schema.avsc", references: Iterable[SchemaLike] = ()) -> Schema:
    """Read one schema as Avro Java 1.12 does, comments included.

    ``name`` is what messages call it; ``references`` define types that it uses, in any order, and may use each
    other's. A mapping may nest to any depth, a text at most 1,000 deep, as in Java.

    Raises :class:`SchemaError` for what Java refuses; ``problems`` has each problem, the message its line and column.

    >>> schema = parse('{"type": "enum", "name": "shop.Size", "symbols": ["S", "M", "L"]}')
    >>> schema.root.symbols
    ('S', 'M', 'L')
    >>> order = parse('{"type": "record", "name": "shop.Order", "fields": [{"name": "size", "type": "Size"}]}',
    ...               references=[schema])
    >>> sorted(order.types)
    ['shop.Order', 'shop.Size']
    >>> parse('{"type": "record", "name": "Order", "fields": ["size"]}')
    Traceback (most recent call last):
        ...
    schemagate.errors.SchemaError: schema.avsc:1:48: a field must be an object with a name and a type
    """
    return _parse(text, name, Factory(), references)


def can_read(reader: SchemaLike, writer: SchemaLike) -> Compatibility:
    """Whether ``reader`` can read everything that was written with ``writer``: the verdict of Avro's own checker.

    Raises :class:`SchemaError` for a schema that Java refuses, ``UndecidedError`` where the two are too entangled to
    decide.

    >>> old = {"type": "record", "name": "User", "fields": [{"name": "user_id", "type": "string"}]}
    >>> new = {"type": "record", "name": "User", "fields": [{"name": "uuid", "type": "string"}]}
    >>> can_read(old, old).ok
    True
    >>> result = can_read(reader=new, writer=old)
    >>> [(reason.kind, reason.path) for reason in result.incompatibilities]
    [('READER_FIELD_MISSING_DEFAULT_VALUE', '$.uuid')]
    """
    factory = Factory()
    return _judge(_parse(reader, "reader", factory), _parse(writer, "writer", factory), Memo())


def check_compatibility(
    new: SchemaLike, old: SchemaLike | Sequence[SchemaLike], mode: Mode | str = "FULL"
) -> Compatibility:
    """Whether ``new`` may follow ``old``, one schema or all its versions, oldest first, as a registry would judge.

    ``mode`` is one of the registry's seven names. The incompatibilities of all versions and directions are told,
    oldest version first; ``reader_document`` and ``writer_document`` (``new``, ``old``, ``old[0]`` ...) say which.
    A union as ``old`` must be a text or a :class:`Schema`, since a list holds versions.

    Raises :class:`SchemaError` for a schema that Java refuses, ``UsageError`` for an unknown mode.

    >>> result = check_compatibility('"long"', ['"int"', '"long"'], mode="FULL_TRANSITIVE")
    >>> [(r.reader_document, r.writer_document, r.expected, r.found) for r in result.incompatibilities]
    [('old[0]', 'new', 'int', 'long')]
    >>> check_compatibility('"long"', ['"int"', '"long"'], mode="BACKWARD_TRANSITIVE").ok
    True
    """
    asked = _mode(mode)
    factory, memo = Factory(), Memo()
    candidate = _parse(new, "new", factory)
    if isinstance(old, Schema | str | bytes | Mapping):
        versions = [_parse(old, "old", factory)]
    else:
        versions = [_parse(text, f"old[{index}]", factory) for index, text in enumerate(old)]
    reasons: list[Incompatibility] = []
    for index in asked.covers(len(versions)):
        for direction in asked.directions:
            pair = (candidate, versions[index])
            reader, writer = pair if direction is Direction.BACKWARD else pair[::-1]
            reasons.extend(_judge(reader, writer, memo).incompatibilities)
    return Compatibility(not reasons, tuple(reasons))


def find_witness(reader: SchemaLike, writer: SchemaLike) -> Witness | None:
    """A smallest datum that ``writer`` can write and ``reader`` cannot read, confirmed: fastavro refused it just now.

    Also where the checker is content and decoders are not (:func:`can_read` is ok, and a decoder takes a branch that
    does not fit). None if the reader reads everything; if no finite datum shows the difference; if fastavro does not
    load a schema; or if it reads what Avro's checker refuses.

    Raises :class:`SchemaError` for a schema that Java refuses, ``UndecidedError`` as :func:`can_read`.

    >>> old = {"type": "record", "name": "User", "fields": [{"name": "user_id", "type": "string"}]}
    >>> new = {"type": "record", "name": "User", "fields": [{"name": "uuid", "type": "string"}]}
    >>> witness = find_witness(reader=new, writer=old)
    >>> witness.datum, witness.readings[0].error
    ({'user_id': ''}, 'no default value for field uuid')
    >>> find_witness(reader='"long"', writer='"int"') is None
    True
    """
    factory = Factory()
    ours, theirs = _parse(reader, "reader", factory), _parse(writer, "writer", factory)
    solver = Solver(ours, theirs, Memo())
    causes: Sequence[Incompatibility | DecoderConflict]
    causes = decoder_conflicts(ours, theirs, solver) if solver.compatible() else explain(ours, theirs, solver)
    if not causes:
        return None
    from schemagate.adapters.confirm import Workbench, library  # noqa: PLC0415 - nothing heavy until it is used

    ran = Workbench().refusal(ours, theirs, trials(theirs, causes), sole=len(causes) == 1)
    if ran is None or not ran.error:
        return None
    name = ours.document if not ran.alone else f"{ours.document} for `{ran.alone}` alone"
    return Witness(plain(ran.trial.datum), theirs.document, (Reading(name, library(), error=ran.error),))


def lint(schema: SchemaLike, *, name: str = "schema.avsc") -> tuple[Finding, ...]:
    """What the validity and lint rules say of one schema, the worst first, with their default severities.

    Findings about a text have a ``location``; about a parsed schema or a mapping their ``path`` says where.

    Raises :class:`SchemaError` for what Java refuses.

    >>> text = '{"type": "record", "name": "x.User", "fields": [{"name": "mail", "type": ["null", "string"]}]}'
    >>> [(finding.rule, finding.path, finding.location.column) for finding in lint(text, name="user.avsc")]
    [('nullable-without-default', '$.mail', 74)]
    """
    factory = Factory()
    document = _document(schema, name)
    parsed = _parse(schema, name, factory)
    own = parsed.document
    problems = [*(document.problems if document is not None else ()), *parsed.problems]
    workspace = Workspace(
        factory,
        {own: document} if document is not None else {},
        {own: parsed},
        problems=tuple(Located(own, problem) for problem in problems),
    )
    teller = Teller(workspace, Grades(Settings(), {}), BY_ID)
    return tuple(sorted(document_findings(teller, None), key=lambda finding: -finding.severity))


def _document(schema: SchemaLike, name: str) -> Document | None:
    if isinstance(schema, str):
        return read_text(schema, name)
    return read(schema, name) if isinstance(schema, bytes) else None


def _judge(reader: Schema, writer: Schema, memo: Memo) -> Compatibility:
    solver = Solver(reader, writer, memo)
    if solver.compatible():
        return Compatibility(ok=True)
    return Compatibility(ok=False, incompatibilities=explain(reader, writer, solver))


def _mode(mode: Mode | str) -> Mode:
    try:
        return Mode(mode)
    except ValueError:
        names = ", ".join(known.value for known in Mode)
        raise UsageError(f"`{mode}` is no compatibility mode; expected one of {names}") from None


def _parse(text: SchemaLike, name: str, factory: Factory, references: Iterable[SchemaLike] = ()) -> Schema:
    if isinstance(text, Schema):
        return text
    index: dict[str, Definition] = {}
    pending: list[tuple[Built, Document | None]] = []
    for position, reference in enumerate(references):
        if isinstance(reference, Schema):
            own = f"references[{position}]" if reference.document == name else reference.document
            origins = reference.origins
            places = {key: pointer for key, (pointer, _) in definition_pointers(reference.root).items()}
            places.update(reference.pointers)
            index.update(
                {key: Definition(node, origins.get(key, own), places[key]) for key, node in reference.types.items()}
            )
            continue
        built, document = _build(reference, f"references[{position}]", factory)
        pending.append((built, document))
        root = built.root
        if root is not None:
            named = (root, *root.defines) if isinstance(root, Record | Enum | Fixed) else root.defines
            places = {key: pointer for key, (pointer, _) in definition_pointers(root).items()}
            index.update({node.name: Definition(node, built.document, places[node.name]) for node in named})
    for built, document in pending:
        _refuse(link_built(built, factory, index).problems, built.document, document)
    built, document = _build(text, name, factory)
    schema = link_built(built, factory, index)
    _refuse(schema.problems, name, document)
    return schema


def _build(text: SchemaLike, name: str, factory: Factory) -> tuple[Built, Document | None]:
    """The nodes, and the document if there is a text to point into."""
    if not isinstance(text, str | bytes):
        return build(text, factory, document=name), None
    document = read_text(text, name) if isinstance(text, str) else read(text, name)
    if not document.readable:
        _refuse(document.problems, name, document, always=True)
    _refuse(document.problems, name, document)
    return build(document.value, factory, document=name), document


def _refuse(problems: Iterable[Problem], name: str, document: Document | None, *, always: bool = False) -> None:
    """Raise for the problems that make Java refuse the text, or for ``always`` any."""
    refused = [problem for problem in problems if problem.refused or always]
    if not refused:
        return
    lines = [f"{_place(problem, name, document)}: {_words(problem)}" for problem in refused[:MOST_TOLD]]
    if len(refused) > MOST_TOLD:
        lines.append(f"and {len(refused) - MOST_TOLD} more")
    raise SchemaError("\n".join(lines), refused)


def _place(problem: Problem, name: str, document: Document | None) -> str:
    if document is None:
        return f"{name} at {problem.pointer or 'the root'}"
    region = document.region(problem.pointer, problem.part, problem.span)
    return f"{name}:{region.line}:{region.column}"


def _words(problem: Problem) -> str:
    rule = BY_ID.get(problem.rule)
    return problem.rule if rule is None else rule.words(problem.args)


__all__ = [
    "Compatibility",
    "Finding",
    "Incompatibility",
    "Mode",
    "Schema",
    "SchemaError",
    "SchemaLike",
    "Witness",
    "can_read",
    "check_compatibility",
    "find_witness",
    "lint",
    "parse",
]
