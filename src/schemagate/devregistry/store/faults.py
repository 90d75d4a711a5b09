"""Why a schema is refused, in the words of Avro Java where they are known, else in ours."""

from __future__ import annotations

from collections.abc import Iterator

from schemagate.devregistry.store.payloads import Wanted
from schemagate.finding import Json, Problem
from schemagate.rules.catalog import BY_ID
from schemagate.schema.java_scalar import scalar
from schemagate.wire.values import Reference


def told(problem: Problem, value: Json) -> str:
    """One problem of a document whose JSON is ``value``."""
    args = problem.args
    if problem.rule == "undefined-type":
        return f"Undefined schema: {args['name']}"
    if problem.rule in ("bad-name", "name-not-ascii"):
        return f"Illegal character in: {args['name']}" if args["name"] else "Empty name"
    if problem.rule == "bad-namespace":
        return next(_bad_parts(str(args["namespace"])), "")
    if problem.rule == "duplicate-field":
        return _duplicate(problem, value) or _ours(problem)
    if problem.rule == "bad-default":
        return _bad_default(problem, value) or _ours(problem)
    return _ours(problem)


def _ours(problem: Problem) -> str:
    rule = BY_ID.get(problem.rule)
    words = problem.rule if rule is None else rule.words(problem.args)
    return f"{words} (at {problem.pointer})" if problem.pointer else words


def _bad_parts(namespace: str) -> Iterator[str]:
    for part in namespace.split("."):
        if not part:
            yield 'Namespace part "" is invalid: Empty name'
        elif not part.isidentifier() or not part.isascii():
            yield f'Namespace part "{part}" is invalid: Illegal character in: {part}'


def _duplicate(problem: Problem, value: Json) -> str | None:
    above, _, index = problem.pointer.rpartition("/")
    record = _at(value, above.rpartition("/")[0])
    if not isinstance(record, dict) or not index.isdigit():
        return None
    name = problem.args["name"]
    fields = record.get("fields", [])
    first = next(i for i, field in enumerate(fields) if isinstance(field, dict) and field.get("name") == name)
    kinds = [_kind(fields[i].get("type")) for i in (int(index), first)]
    places = f"{name} type:{kinds[0]} pos:{index} and {name} type:{kinds[1]} pos:{first}"
    return f"Duplicate field {name} in record {record.get('name')}: {places}."


def _bad_default(problem: Problem, value: Json) -> str | None:
    field = _at(value, problem.pointer)
    if not isinstance(field, dict) or isinstance(field.get("type"), dict | list):
        return None
    default, type_ = field.get("default"), field.get("type")
    if isinstance(default, dict | list):
        return None
    return f"Invalid default for field {field.get('name')}: {scalar(default)} not a {scalar(type_)}"


def _kind(type_: Json) -> str:
    if isinstance(type_, list):
        return "UNION"
    kind = type_.get("type") if isinstance(type_, dict) else type_
    return str(kind).upper()


def _at(value: Json, pointer: str) -> Json:
    """What an RFC 6901 pointer names; None if nothing."""
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        elif isinstance(value, dict):
            value = value.get(key)
        else:
            return None
    return value


def refused(subject: str, wanted: Wanted, why: str) -> str:
    """The whole message, as Confluent words it around the parser's own reason."""
    references = f"[{', '.join(map(_reference, wanted.references))}]"
    version = wanted.version or "null"
    given = "null" if wanted.id < 0 else wanted.id
    about = (
        f"{{subject={subject},version={version},id={given},guid={wanted.guid},schemaType={wanted.schema_type},"
        f"references={references},metadata={_shown(wanted.metadata)},ruleSet={_shown(wanted.rule_set)},"
        f"schema={wanted.text},schemaTags=null,ts=null,deleted=null}}"
    )
    kind = wanted.schema_type
    return (
        f"Invalid schema of type {kind}, details: Invalid schema {about} with refs {references} of type {kind}, "
        f"details: {why}"
    )


def _shown(value: Json) -> str:
    return "null" if value is None else "{...}"


def _reference(reference: Reference) -> str:
    return f"{{name='{reference.name or 'null'}', {_rest(reference)}}}"


def _rest(reference: Reference) -> str:
    return f"subject='{reference.subject or 'null'}', version={reference.version or 'null'}"


def invalid_reference(reference: Reference) -> str:
    return f"Invalid reference: {_reference(reference)}"


def missing_reference(reference: Reference) -> str:
    return f'No schema reference found for subject "{reference.subject}" and version {reference.version}'
