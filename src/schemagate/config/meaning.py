"""What a configuration of the right kinds must still not say: keys that contradict or miss one another."""

from __future__ import annotations

from collections.abc import Iterator

from schemagate.config import names
from schemagate.config.check import Checker, day, label
from schemagate.config.issues import ConfigIssue, meant, shown
from schemagate.config.places import KeyPath
from schemagate.config.values import CLIENT_SUFFIXES
from schemagate.finding import Json

_NEEDED_BY_AUTH = {"oauth": ("token-url", "client-id"), "mtls": ("cert-file", "key-file")}


def contradictions(checker: Checker, table: Json) -> Iterator[ConfigIssue]:
    """Issues between keys. Values of a wrong kind were told already and are passed over."""
    if not isinstance(table, dict):
        return
    yield from _duplicate_matches(checker, table)
    for index, subject in _tables(table, "subjects"):
        yield from _names(checker, subject, ("subjects", index))
        yield from _shared(checker, subject, ("subjects", index))
    for index, client in _tables(table, "clients"):
        yield from _client(checker, client, ("clients", index), table.get("registry"))
    for index, waiver in _tables(table, "waivers"):
        yield from _identity(checker, waiver, ("waivers", index))
        yield from _days(checker, waiver, ("waivers", index))
    registries = table.get("registry")
    for name, registry in registries.items() if isinstance(registries, dict) else ():
        yield from _sign_in(checker, registry, ("registry", name))


def texts(value: Json) -> tuple[str, ...]:
    """One text or a list of texts, as a tuple; what is no text is left out."""
    items = value if isinstance(value, list) else [value]
    return tuple(item for item in items if isinstance(item, str))


def _tables(table: dict[str, Json], key: str) -> Iterator[tuple[int, dict[str, Json]]]:
    value = table.get(key)
    for index, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, dict):
            yield index, item


def _duplicate_matches(checker: Checker, table: dict[str, Json]) -> Iterator[ConfigIssue]:
    first: dict[str, int] = {}
    for index, subject in _tables(table, "subjects"):
        match = subject.get("match")
        for position, glob in enumerate(texts(match)):
            key: KeyPath = ("subjects", index, "match")
            if isinstance(match, list):
                key = (*key, position)
            if glob in first:
                message = f'"{shown(glob)}" is matched twice: line {first[glob]} comes first, so this never applies'
                yield checker.at_value(key, message, "merge the two, or make one match different files")
            else:
                first[glob] = checker.at_value(key, "").line


def _names(checker: Checker, subject: dict[str, Json], at: KeyPath) -> Iterator[ConfigIssue]:
    written = subject.get("name")
    for index, template in enumerate(texts(written)):
        key: KeyPath = (*at, "name", index) if isinstance(written, list) else (*at, "name")
        for fault in names.template_faults(template):
            yield checker.at_value(key, *_fault(fault))
        if names.uses(template, "topic") and "topic" not in subject:
            yield checker.at_value(key, "`{topic}` is used but no topic is set", 'add `topic = "..."` beside it')


def _fault(fault: str) -> tuple[str, str]:
    known = ", ".join(f"{{{name}}}" for name in names.PLACEHOLDERS)
    if fault in "{}":
        return f"a lone `{fault}` in a name", f"braces hold one of {known}"
    return f"unknown placeholder `{shown(fault)}`", meant(fault, known.split(", "), f"known are {known}")


def _shared(checker: Checker, subject: dict[str, Json], at: KeyPath) -> Iterator[ConfigIssue]:
    if subject.get("shared") is not True:
        return
    for key in ("name", "topic"):
        if key in subject:
            message = f"`{key}` contradicts `shared = true`: shared files have no subject"
            yield checker.at_key((*at, key), message, "remove one of the two")


def _client(checker: Checker, client: dict[str, Json], at: KeyPath, registries: Json) -> Iterator[ConfigIssue]:
    if client.get("development") is True and "development-profiles" in client:
        message = "`development-profiles` adds nothing to `development = true`: every profile is one of development"
        yield checker.at_key((*at, "development-profiles"), message, "remove one of the two")
    written = client.get("match")
    for index, glob in enumerate(texts(written)):
        stem, _, suffix = glob.rpartition("/")[2].rpartition(".")
        if stem and suffix.isalnum() and not glob.lower().endswith(CLIENT_SUFFIXES):
            key: KeyPath = (*at, "match", index) if isinstance(written, list) else (*at, "match")
            message = f'"{shown(glob)}" is no file whose format is known'
            hint = f"client configuration is read from {', '.join(CLIENT_SUFFIXES)}; end a directory with `/`"
            yield checker.at_value(key, message, hint)
    name = client.get("registry")
    known = registries if isinstance(registries, dict) else {}
    if isinstance(name, str) and name not in known:
        hint = meant(name, known, f"add a table `[registry.{shown(name)}]` with its `url`")
        yield checker.at_value((*at, "registry"), f"there is no registry `{shown(name)}`", hint)


def _identity(checker: Checker, waiver: dict[str, Json], at: KeyPath) -> Iterator[ConfigIssue]:
    missing = [key for key in ("rule", "subject", "path") if key not in waiver]
    if "fingerprint" not in waiver and missing:
        message = "a waiver needs `fingerprint`, or `rule`, `subject` and `path` together"
        yield checker.at_key(at, message, "paste the block that a failing `schemagate check` prints")


def _days(checker: Checker, waiver: dict[str, Json], at: KeyPath) -> Iterator[ConfigIssue]:
    signed, expires = day(waiver.get("signed")), day(waiver.get("expires"))
    if signed is not None and expires is not None and expires < signed:
        message = f"expires on {expires}, before it was signed on {signed}"
        yield checker.at_value((*at, "expires"), message)


def _sign_in(checker: Checker, registry: Json, at: KeyPath) -> Iterator[ConfigIssue]:
    if not isinstance(registry, dict):
        return
    auth = registry.get("auth")
    needed = _NEEDED_BY_AUTH.get(auth, ()) if isinstance(auth, str) else ()
    for key in needed:
        if key not in registry:
            yield checker.at_value((*at, "auth"), f'`auth = "{auth}"` needs `{key}` in {label(at)}')


__all__ = ["contradictions", "texts"]
