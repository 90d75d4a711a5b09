"""What never changes again, kept on disk between runs; whatever is wrong with the file is a miss."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3

FILE: Final = "cache-1.sqlite3"
"""The number counts the layouts; a newer one begins a new file."""
MOST_BYTES: Final = 256_000_000
"""Of the values; when they are more, the oldest go until a quarter of this is free."""
LARGEST: Final = 4_000_000
"""Bytes of one value; a larger one is not kept."""
BUSY_SECONDS: Final = 2.0
_CHECK: Final = 8
_STEP: Final = 500
_TABLE: Final = "CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, value BLOB NOT NULL, at INTEGER NOT NULL)"


def folder(env: Mapping[str, str]) -> str:
    """SCHEMAGATE_CACHE_DIR; else ``schemagate`` where this system keeps what may be deleted at any time."""
    told = env.get("SCHEMAGATE_CACHE_DIR", "")
    if told:
        return os.path.expanduser(told)
    if sys.platform == "win32":
        return os.path.join(env.get("LOCALAPPDATA") or os.path.expanduser("~"), "schemagate", "cache")
    if sys.platform == "darwin":
        return os.path.join(os.path.expanduser("~"), "Library", "Caches", "schemagate")
    base = env.get("XDG_CACHE_HOME", "")
    # The specification of base directories has relative paths ignored.
    return os.path.join(base if os.path.isabs(base) else os.path.join(os.path.expanduser("~"), ".cache"), "schemagate")


class Cache:
    """Bytes by key in one SQLite file that any number of processes use at once; thread-safe; never raises.

    Each value carries a checksum, so that a damaged one is a miss too. Once the file fails, the run goes on without.
    """

    __slots__ = ("_db", "_lock", "_now")

    def __init__(self, db: sqlite3.Connection, now: Callable[[], float]) -> None:
        self._db: sqlite3.Connection | None = db
        self._now = now
        self._lock = threading.Lock()

    def get(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """The values that are there and whole."""
        wanted = list(keys)
        found: dict[bytes, bytes] = {}
        with self._using() as db:
            for start in range(0, len(wanted), _STEP):
                if db is None:
                    break
                part = wanted[start : start + _STEP]
                marks = ",".join("?" * len(part))
                for key, value in db.execute(f"SELECT key, value FROM kept WHERE key IN ({marks})", part):  # noqa: S608 - marks only
                    whole = _opened(key, value)
                    if whole is not None:
                        found[key] = whole
        return found

    def put(self, values: Mapping[bytes, bytes]) -> None:
        """Keeps the values, in one transaction."""
        at = int(self._now())
        rows = [(key, _sealed(key, value), at) for key, value in values.items() if len(value) <= LARGEST]
        with self._using() as db:
            if db and rows:
                db.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", rows)
                _make_room(db)

    def drop(self, keys: Iterable[bytes]) -> None:
        """Forgets the values of these keys."""
        with self._using() as db:
            if db:
                db.executemany("DELETE FROM kept WHERE key = ?", [(key,) for key in keys])

    def close(self) -> None:
        with self._lock:
            if self._db is not None:
                with contextlib.suppress(*_errors()):
                    self._db.close()
            self._db = None

    @contextlib.contextmanager
    def _using(self) -> Iterator[sqlite3.Connection | None]:
        with self._lock:
            if self._db is None:
                yield None
                return
            try:
                with self._db:
                    yield self._db
            except _errors():
                # Locked for too long, full, damaged or gone: a cache is never worth failing for.
                with contextlib.suppress(*_errors()):
                    self._db.close()
                self._db = None


def key_of(*parts: str | int) -> bytes:
    """A key that tells nothing of what it was made from."""
    digest = hashlib.blake2b(digest_size=20)
    for part in parts:
        raw = str(part).encode("utf-8", "surrogatepass")
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.digest()


def open_cache(directory: str, now: Callable[[], float]) -> Cache | None:
    """The cache in a directory, which is made if need be; None where there can be none.

    A file that is no database is thrown away. Only its owner may read it: schemas can be confidential.
    """
    path = os.path.join(directory, FILE)
    for _ in range(2):
        try:
            os.makedirs(directory, mode=0o700, exist_ok=True)
            return Cache(_open(path), now)
        except OSError:
            return None
        except _errors() as problem:
            if not _is_damage(problem):
                return None
            for end in ("", "-wal", "-shm"):
                with contextlib.suppress(OSError):
                    os.unlink(path + end)
    return None


def _open(path: str) -> sqlite3.Connection:
    import sqlite3

    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        if hasattr(os, "geteuid") and os.fstat(handle).st_uid != os.geteuid():
            raise PermissionError("what somebody else wrote is not believed")
    finally:
        os.close(handle)
    db = sqlite3.connect(path, timeout=BUSY_SECONDS, check_same_thread=False)
    db.text_factory = bytes  # text has no business there, and decoding it could fail
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = OFF")  # a power cut may damage it: then it is thrown away
        with db:
            db.execute(_TABLE)
            db.execute("SELECT key, value, at FROM kept LIMIT 1").fetchone()
    except BaseException:
        db.close()
        raise
    return db


def _make_room(db: sqlite3.Connection) -> None:
    pages, size = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    free = db.execute("PRAGMA freelist_count").fetchone()[0]
    if (pages - free) * size <= MOST_BYTES:
        return
    (total,) = db.execute("SELECT sum(length(value)) FROM kept").fetchone()
    surplus = total - MOST_BYTES * 3 // 4
    gone: list[tuple[bytes]] = []
    for key, length in db.execute("SELECT key, length(value) FROM kept ORDER BY at, key"):
        if surplus <= 0:
            break
        gone.append((key,))
        surplus -= length
    db.executemany("DELETE FROM kept WHERE key = ?", gone)


def _sealed(key: bytes, value: bytes) -> bytes:
    return hashlib.blake2b(value, digest_size=_CHECK, key=key).digest() + value


def _opened(key: bytes, value: object) -> bytes | None:
    if not isinstance(value, bytes) or len(value) < _CHECK:
        return None
    whole = value[_CHECK:]
    return whole if hashlib.blake2b(whole, digest_size=_CHECK, key=key).digest() == value[:_CHECK] else None


def _errors() -> tuple[type[Exception], ...]:
    import sqlite3

    return (sqlite3.Error, OSError)


def _is_damage(problem: Exception) -> bool:
    import sqlite3

    return isinstance(problem, sqlite3.DatabaseError) and not isinstance(problem, sqlite3.OperationalError)
