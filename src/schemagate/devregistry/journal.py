"""What the registry was told, kept in SQLite: what has been written is there after the process is killed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, Final

from schemagate.devregistry.store.naming import context_of
from schemagate.devregistry.store.values import ConfigSet, Event, Gone, ModeSet, Put, Seen, Stored
from schemagate.errors import UndecidedError, UsageError
from schemagate.wire.values import Reference

MEMORY: Final = ":memory:"
APPLICATION: Final = 0x53474154
"""``application_id`` of our files: "SGAT"."""
LAYOUT: Final = 1
"""``user_version``: what the tables below are."""

TABLES: Final = """
CREATE TABLE contexts (name TEXT PRIMARY KEY, max_id INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE versions (
    subject TEXT NOT NULL, version INTEGER NOT NULL, id INTEGER NOT NULL, guid TEXT NOT NULL,
    schema_type TEXT NOT NULL, text TEXT NOT NULL, extras TEXT NOT NULL,
    ts INTEGER NOT NULL, deleted INTEGER NOT NULL,
    PRIMARY KEY (subject, version)
);
CREATE TABLE settings (
    kind TEXT NOT NULL, subject TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, subject)
) WITHOUT ROWID;
"""
SEEN: Final = (
    "INSERT INTO contexts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET max_id = max(max_id, excluded.max_id)"
)
PUT: Final = (
    "INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (subject, version) DO UPDATE SET deleted = excluded.deleted"
)
SET: Final = "INSERT OR REPLACE INTO settings VALUES (?, ?, ?)"


class Journal:
    """One database file, or ``:memory:``; a file is this process's alone while the journal is open.

    Raises UsageError for a file that is no database of ours, UndecidedError for one that another process serves.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=0)
        except sqlite3.OperationalError as error:
            raise _unusable(path, error) from None
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            self.close()
            raise _unusable(path, error) if isinstance(error, sqlite3.OperationalError) else _foreign(path) from None
        except UsageError:
            self.close()
            raise

    def _open(self) -> None:
        """Locked first: nothing is read that another process may be changing. The lock ends with the process."""
        run = self._connection.execute
        run("PRAGMA locking_mode = EXCLUSIVE")
        run("BEGIN EXCLUSIVE")
        application, layout = (run(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
        empty = not run("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if not empty and (application != APPLICATION or layout != LAYOUT):
            run("ROLLBACK")
            raise _foreign(self.path)
        if empty:
            for statement in filter(str.strip, TABLES.split(";\n")):
                run(statement)
            run(f"PRAGMA application_id = {APPLICATION}")
            run(f"PRAGMA user_version = {LAYOUT}")
        run("COMMIT")
        # An answer is sent once the log is on the disk: nothing that was answered is lost, power cuts included.
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = FULL")

    def events(self) -> Iterator[Event]:
        """Everything kept, as the events that lead to it; versions in the order in which they were registered."""
        run = self._connection.execute
        for name, max_id in run("SELECT name, max_id FROM contexts ORDER BY name"):
            yield Seen(name, max_id)
        columns = "subject, version, id, guid, schema_type, text, extras, ts, deleted"
        for row in run(f"SELECT {columns} FROM versions ORDER BY rowid"):  # noqa: S608 - our own column names
            yield Put(_version(row))
        for kind, subject, value in run("SELECT kind, subject, value FROM settings"):
            yield ConfigSet(subject, json.loads(value)) if kind == "config" else ModeSet(subject, json.loads(value))

    def write(self, events: Iterable[Event]) -> None:
        """All or nothing; returns when they are safe. UndecidedError if they cannot be kept (a full disk)."""
        run = self._connection.execute
        try:
            run("BEGIN IMMEDIATE")
            try:
                for event in events:
                    self._write(event)
                run("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    run("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise UndecidedError(f"{self.path}: cannot write: {error}") from error

    def _write(self, event: Event) -> None:
        run = self._connection.execute
        if isinstance(event, Put):
            version = event.version
            run(SEEN, (context_of(version.subject), version.id))
            run(PUT, _row(version))
        elif isinstance(event, Gone):
            run("DELETE FROM versions WHERE subject = ? AND version = ?", (event.subject, event.version))
        elif isinstance(event, Seen):
            run(SEEN, (event.context, event.max_id))
        else:
            kind, value = ("config", event.config) if isinstance(event, ConfigSet) else ("mode", event.mode)
            if value is None:
                run("DELETE FROM settings WHERE kind = ? AND subject = ?", (kind, event.subject))
            else:
                run(SET, (kind, event.subject, json.dumps(value)))

    def close(self) -> None:
        self._connection.close()


def _row(version: Stored) -> tuple[Any, ...]:
    extras = {
        "references": [[each.name, each.subject, each.version] for each in version.references],
        "metadata": version.metadata,
        "ruleSet": version.rule_set,
    }
    return (
        version.subject,
        version.version,
        version.id,
        version.guid,
        version.schema_type,
        version.text,
        json.dumps(extras),
        version.ts,
        version.deleted,
    )


def _version(row: tuple[Any, ...]) -> Stored:
    subject, number, schema_id, guid, schema_type, text, extras, ts, deleted = row
    more = json.loads(extras)
    references = tuple(Reference(*each) for each in more["references"])
    return Stored(
        subject,
        number,
        schema_id,
        guid,
        text,
        references,
        schema_type,
        more["metadata"],
        more["ruleSet"],
        ts,
        bool(deleted),
    )


def _unusable(path: str, error: sqlite3.OperationalError) -> UsageError | UndecidedError:
    if "locked" in str(error):
        return UndecidedError(
            f"{path} is in use: another process serves it",
            hint="stop that one, talk to it instead, or give this one a database of its own",
        )
    return UsageError(f"{path}: cannot open the database: {error}", hint="name a file in a writable directory")


def _foreign(path: str) -> UsageError:
    return UsageError(
        f"{path} is no database of the embedded registry, or one of another release",
        hint="name a file that does not exist yet; the existing one was left as it is",
    )
