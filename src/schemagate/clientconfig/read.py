"""One client file: its bytes read by the reader of its format, with what it sets and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from schemagate.avsc.text import BOMS, decode
from schemagate.clientconfig import json_text, profiles, properties_text, secrets_in, toml_text
from schemagate.clientconfig.listing import Listing
from schemagate.clientconfig.names import Named, named, steps
from schemagate.clientconfig.placeholders import resolve
from schemagate.clientconfig.values import MOST_BYTES, Entry, Fault, Parsed, Setting

FORMATS = {
    ".properties": "properties",
    ".yml": "yaml",
    ".yaml": "yaml",
    ".json": "json",
    ".toml": "toml",
}
"""How a file's name ends → its format."""


class Placed(msgspec.Struct, frozen=True):
    """A setting with the part of the file that it is for and the profile under which it holds."""

    setting: Setting
    named: Named
    profile: str = ""


class ClientFile(msgspec.Struct, frozen=True):
    """A file as it was understood. Where a fault is fatal there are no settings."""

    path: str
    format: str
    listing: Listing
    placed: tuple[Placed, ...] = ()
    faults: tuple[Fault, ...] = ()


def read(path: str, data: bytes) -> ClientFile:
    """Never raises: what cannot be read is a fault of the file."""
    form = next((form for suffix, form in FORMATS.items() if path.lower().endswith(suffix)), "")
    if not form:
        known = ", ".join(FORMATS)
        return _faulty(path, "", Fault(f"no format is known by its name; known are {known}"))
    if len(data) > MOST_BYTES:
        return _faulty(path, form, Fault(f"{len(data):,} bytes, and at most {MOST_BYTES:,} are read"))
    text, fault = _text(data, form)
    if fault is not None:
        return _faulty(path, form, fault)
    parsed = _parsed(text, form)
    listing = Listing(path, text, secrets_in.places(text, parsed.entries), parsed.comments)
    if any(one.fatal for one in parsed.faults):
        return ClientFile(path, form, listing, faults=parsed.faults)
    return ClientFile(path, form, listing, tuple(_placed(path, parsed.entries)), parsed.faults)


def _faulty(path: str, form: str, fault: Fault) -> ClientFile:
    return ClientFile(path, form, Listing(path, ""), faults=(fault,))


def _text(data: bytes, form: str) -> tuple[str, Fault | None]:
    """The file's text. Properties that are not UTF-8 are ISO 8859-1, as Java reads them."""
    if form == "properties" and not any(data.startswith(mark) for mark, _ in BOMS):
        try:
            return data.decode(), None
        except UnicodeDecodeError:
            return data.decode("latin-1"), None
    text = decode(data)
    bad = next((one for one in text.problems if one.refused), None)
    if bad is not None:
        return "", Fault(f"not {bad.args['expected']}: {bad.args['found']}")
    return text.text, None


def _parsed(text: str, form: str) -> Parsed:
    if form == "yaml":
        from schemagate.clientconfig import yaml_text  # noqa: PLC0415 - PyYAML is loaded only for YAML

        return yaml_text.parse(text)
    if form == "properties":
        return properties_text.parse(text)
    return json_text.parse(text) if form == "json" else toml_text.parse(text)


def _placed(path: str, entries: tuple[Entry, ...]) -> Iterator[Placed]:
    of_file = profiles.family_of(path)[1]
    of_part: dict[int, str] = {}
    for entry in entries:
        if profiles.selector(".".join(entry.keys)):
            of_part[entry.part] = profiles.joined([of_part.get(entry.part, ""), entry.value])
    for entry in entries:
        way = steps(entry.keys)
        of_key = profiles.of_key(way[0]) if way else ""
        found = named(way[1:] if of_key else way, len(steps(entry.keys[-1:])))
        if found is not None:
            profile = profiles.joined([of_file, of_part.get(entry.part, ""), of_key])
            yield Placed(_setting(path, entry, found), found, profile)


def _setting(path: str, entry: Entry, found: Named) -> Setting:
    resolved = resolve(entry.value)
    return Setting(
        name=found.name,
        written=entry.value,
        value=resolved.value,
        path=path,
        key=entry.key,
        place=entry.place,
        raw=".".join(entry.keys),
        open=resolved.open,
        secret=secrets_in.holds_secret(found.name, entry.value),
    )
