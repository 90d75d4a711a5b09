"""Whether each value of a configuration is of the kind that the table of keys asks for."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping

import msgspec

from schemagate.config.issues import ConfigIssue, meant, shown
from schemagate.config.keys import DATE, MAX_SECONDS, Day, Flag, Form, Key, Named, Seconds, Table, Tables, Text, Texts
from schemagate.config.places import KeyPath, Places
from schemagate.finding import Json

_KINDS = (
    (bool, "true or false"),
    (str, "a string"),
    (int | float, "a number"),
    (dt.datetime, "a date with a time"),
    (dt.date, "a date"),
    (dt.time, "a time"),
    (list, "a list"),
    (dict, "a table"),
)


class Checker(msgspec.Struct, frozen=True):
    """Tells issues of one text. ``root`` is the path of the table that holds the settings."""

    path: str
    places: Places
    root: KeyPath

    def at_key(self, key: KeyPath, message: str, hint: str = "") -> ConfigIssue:
        """An issue with a key itself."""
        line, column = self.places.key(self.root + key)
        return ConfigIssue(message, self.path, line, column, hint)

    def at_value(self, key: KeyPath, message: str, hint: str = "") -> ConfigIssue:
        """An issue with what a key is set to."""
        line, column = self.places.value(self.root + key)
        return ConfigIssue(message, self.path, line, column, hint)

    def check(self, kind: Key, value: Json, key: KeyPath) -> Iterator[ConfigIssue]:
        """What is wrong with one value and all below it that the table of keys knows."""
        match kind:
            case Text():
                yield from self._text(kind, value, key)
            case Texts():
                yield from self._texts(kind, value, key)
            case Table():
                yield from self._table(kind, value, key)
            case Tables():
                yield from self._tables(kind, value, key)
            case Named():
                yield from self._named(kind, value, key)
            case Flag():
                if not isinstance(value, bool):
                    yield self._wrong(key, "true or false", value)
            case Seconds():
                yield from self._seconds(value, key)
            case Day():
                yield from self._day(value, key)

    def _wrong(self, key: KeyPath, expected: str, value: Json) -> ConfigIssue:
        return self.at_value(key, f"{label(key)} must be {expected}, found {described(value)}")

    def _text(self, kind: Text, value: Json, key: KeyPath) -> Iterator[ConfigIssue]:
        if not isinstance(value, str):
            yield self._wrong(key, "a string", value)
        elif kind.choices and value not in kind.choices:
            expected = ", ".join(kind.choices)
            found = f'found "{shown(value)}"' if key[0] != "registry" else "found something else"
            hint = meant(value, kind.choices)
            yield self.at_value(key, f"{label(key)} must be one of {expected}; {found}", hint)
        else:
            yield from self._forms(kind.forms, value, key)

    def _forms(self, forms: tuple[Form, ...], value: str, key: KeyPath) -> Iterator[ConfigIssue]:
        """The first form that a text breaks: what follows from it is not told."""
        for form in forms:
            if not fits(form, value):
                yield self.at_value(key, f"{label(key)} {form.expected}", form.hint)
                return

    def _texts(self, kind: Texts, value: Json, key: KeyPath) -> Iterator[ConfigIssue]:
        if kind.lone and isinstance(value, str):
            yield from self._text(kind.item, value, key)
        elif not isinstance(value, list):
            yield self._wrong(key, "a string or a list of strings" if kind.lone else "a list of strings", value)
        elif not value and kind.empty:
            yield self.at_value(key, f"{label(key)} is an empty list: it {kind.empty}")
        else:
            for index, item in enumerate(value):
                yield from self._text(kind.item, item, (*key, index))

    def _table(self, kind: Table, value: Json, key: KeyPath) -> Iterator[ConfigIssue]:
        if not isinstance(value, dict):
            yield self._wrong(key, "a table", value)
            return
        for name, item in value.items():
            if name in kind.keys:
                yield from self.check(kind.keys[name], item, (*key, name))
            elif name.replace("_", "-").lower() in kind.refused:
                yield self._secret((*key, name))
            else:
                where = f" in {label(key)}" if key else ""
                known = ", ".join(kind.keys)
                hint = meant(name, kind.keys, f"known here: {known}")
                yield self.at_key((*key, name), f"unknown key `{shown(name)}`{where}", hint)
        for name in kind.required:
            if name not in value:
                yield self.at_key(key, f"{label(key)} needs `{name}`")

    def _secret(self, key: KeyPath) -> ConfigIssue:
        registry = str(key[-2]).upper().replace("-", "_")
        hint = (
            f"set it in the environment instead: SCHEMAGATE_REGISTRY_{shown(registry)}_USERNAME, _PASSWORD or _TOKEN; "
            "if it was committed, it is known: change it"
        )
        return self.at_key(key, f"`{shown(str(key[-1]))}` does not belong in a file", hint)

    def _tables(self, kind: Tables, value: Json, key: KeyPath) -> Iterator[ConfigIssue]:
        if not isinstance(value, list):
            hint = f"write `[[{label(key).strip('`')}]]` with two brackets" if isinstance(value, dict) else ""
            yield self.at_value(key, f"{label(key)} must be a list of tables, found {described(value)}", hint)
            return
        for index, item in enumerate(value):
            yield from self._table(kind.table, item, (*key, index))

    def _named(self, kind: Named, value: Json, key: KeyPath) -> Iterator[ConfigIssue]:
        if not isinstance(value, dict):
            yield self._wrong(key, "a table", value)
            return
        for name, item in value.items():
            if not fits(kind.name, name):
                yield self.at_key((*key, name), f"`{shown(name)}` in {label(key)} {kind.name.expected}", kind.name.hint)
            else:
                yield from self.check(kind.value, item, (*key, name))

    def _seconds(self, value: Json, key: KeyPath) -> Iterator[ConfigIssue]:
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield self._wrong(key, "a number of seconds", value)
        elif not 0 < value <= MAX_SECONDS:
            yield self.at_value(key, f"{label(key)} must be more than 0 and at most {MAX_SECONDS} seconds")

    def _day(self, value: Json, key: KeyPath) -> Iterator[ConfigIssue]:
        if isinstance(value, dt.datetime) or not isinstance(value, dt.date | str):
            yield self._wrong(key, "a date such as 2026-12-31", value)
        elif day(value) is None:
            yield self.at_value(key, f'{label(key)} {DATE.expected}, found "{shown(str(value))}"')


def fits(form: Form, value: str) -> bool:
    """Whether a text has the form; a final ``$`` means the very end, as in ECMA 262."""
    pattern = f"{form.pattern[:-1]}\\Z" if form.pattern.endswith("$") else form.pattern
    return re.search(pattern, value) is not None


def day(value: Json) -> dt.date | None:
    """The date that a TOML value means; None if it means none."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    if not isinstance(value, str) or not re.fullmatch(DATE.pattern, value):
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


def label(key: KeyPath) -> str:
    """A key as people write it, without the positions in lists: `` `subjects.mode` ``."""
    words = shown(".".join(part for part in key if isinstance(part, str)))
    return f"`{words}`" if words else "the configuration"


def described(value: Json) -> str:
    """What kind of TOML value this is."""
    for kind, words in _KINDS:
        if isinstance(value, kind):
            return words
    return "something else"


def table_at(document: Mapping[str, Json], root: KeyPath) -> Json:
    """What stands at a path of keys; None if nothing does."""
    value: Json = document
    for part in root:
        if not isinstance(value, dict) or part not in value:
            return None
        value = value[part]
    return value
