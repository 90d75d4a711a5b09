"""The disk cache: shared by processes, bounded, private, and never a reason to fail."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading

import pytest

from schemagate.adapters import cache as cache_module
from schemagate.adapters.cache import FILE, key_of, open_cache
from schemagate.adapters.registry import cache_folder

KEY, OTHER = key_of("a", 1), key_of("a", 2)


def opened(folder):
    found = open_cache(str(folder), lambda: 1_000.0)
    assert found is not None
    return found


def test_what_is_put_is_there_in_the_next_run(tmp_path):
    opened(tmp_path).put({KEY: b"one", OTHER: b"two"})

    assert opened(tmp_path).get([KEY, OTHER, key_of("b")]) == {KEY: b"one", OTHER: b"two"}


def test_more_keys_than_a_statement_takes_are_asked_for_in_parts(tmp_path):
    values = {key_of(number): str(number).encode() for number in range(2_500)}
    cache = opened(tmp_path)
    cache.put(values)

    assert cache.get(values) == values


def test_what_is_dropped_is_gone(tmp_path):
    cache = opened(tmp_path)
    cache.put({KEY: b"one", OTHER: b"two"})
    cache.drop([KEY])

    assert cache.get([KEY, OTHER]) == {OTHER: b"two"}


def test_keys_are_not_confused_by_where_their_parts_end():
    assert len({key_of("ab", "c"), key_of("a", "bc"), key_of("abc"), key_of("ab", "c", "")}) == 4


@pytest.mark.parametrize("damage", [b"", b"no database", b"SQLite format 3\x00" + b"\xff" * 4096, None])
def test_a_file_that_is_no_database_is_made_anew(tmp_path, damage):
    if damage is None:
        cache = opened(tmp_path)
        cache.put({key_of(number): os.urandom(2_000) for number in range(200)})
        cache.close()
        whole = (tmp_path / FILE).read_bytes()
        damage = whole[: len(whole) // 2]
    (tmp_path / FILE).write_bytes(damage)

    first = opened(tmp_path)
    first.put({KEY: b"one"})
    first.close()
    second = opened(tmp_path)
    second.put({KEY: b"one"})

    assert opened(tmp_path).get([KEY]) in ({KEY: b"one"}, {})


def test_a_value_that_was_changed_on_disk_is_a_miss(tmp_path):
    opened(tmp_path).put({KEY: b"one", OTHER: b"two"})
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("UPDATE kept SET value = substr(value, 1, 10) || x'00' WHERE key = ?", (KEY,))
    db.close()

    assert opened(tmp_path).get([KEY, OTHER]) == {OTHER: b"two"}


@pytest.mark.parametrize("value", ["text", 7, b"", b"short"])
def test_a_value_of_another_kind_is_a_miss(tmp_path, value):
    opened(tmp_path).put({KEY: b"one"})
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("UPDATE kept SET value = ?", (value,))
    db.close()

    assert opened(tmp_path).get([KEY]) == {}


def test_a_file_with_another_table_is_left_alone(tmp_path):
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("CREATE TABLE kept (something TEXT)")
    db.close()

    assert open_cache(str(tmp_path), lambda: 0.0) is None


def test_without_a_directory_to_write_to_there_is_no_cache(tmp_path):
    (tmp_path / "file").write_text("x", encoding="ascii")

    assert open_cache(str(tmp_path / "file" / "below"), lambda: 0.0) is None


def test_a_cache_that_fails_is_a_miss_from_then_on(tmp_path):
    cache = opened(tmp_path)
    cache.put({KEY: b"one"})
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("DROP TABLE kept")
    db.close()

    assert cache.get([KEY]) == {}
    cache.put({KEY: b"two"})
    cache.drop([KEY])
    cache.close()


def test_a_cache_that_another_process_holds_is_done_without(tmp_path, monkeypatch):
    monkeypatch.setattr(cache_module, "BUSY_SECONDS", 0.01)
    cache = opened(tmp_path)
    holder = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")

    cache.put({KEY: b"one"})

    holder.execute("ROLLBACK")
    holder.close()
    assert opened(tmp_path).get([KEY]) == {}


def test_threads_share_it(tmp_path):
    cache = opened(tmp_path)

    def work(number):
        for step in range(20):
            cache.put({key_of(number, step): b"x"})
            cache.get([key_of(number, step)])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(cache.get(key_of(number, step) for number in range(4) for step in range(20))) == 80


PROCESS = """
import sys
from schemagate.adapters.cache import key_of, open_cache
for step in range(50):
    cache = open_cache(sys.argv[1], lambda: 0.0)
    cache.put({key_of(sys.argv[2], step): b"x" * 1000})
    assert cache.get([key_of(sys.argv[2], step)]), step
    cache.close()
"""


def test_processes_share_it(tmp_path):
    running = [subprocess.Popen([sys.executable, "-c", PROCESS, str(tmp_path), str(number)]) for number in range(3)]

    assert [process.wait(timeout=60) for process in running] == [0, 0, 0]
    assert len(opened(tmp_path).get(key_of(number, step) for number in range(3) for step in range(50))) == 150


def test_it_stays_below_its_bound_and_the_oldest_go_first(tmp_path, monkeypatch):
    monkeypatch.setattr(cache_module, "MOST_BYTES", 400_000)
    times = iter(range(100))
    cache = open_cache(str(tmp_path), lambda: next(times))

    keys = [key_of(number) for number in range(100)]
    for key in keys:
        cache.put({key: b"x" * 10_000})

    kept = cache.get(keys)
    cache.close()
    assert sum(map(len, kept.values())) <= 400_000
    assert len(kept) >= 20
    assert list(kept) == [] or keys[-1] in kept
    assert keys[0] not in kept
    assert (tmp_path / FILE).stat().st_size < 1_000_000


def test_what_is_very_large_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(cache_module, "LARGEST", 10)
    cache = opened(tmp_path)
    cache.put({KEY: b"x" * 11, OTHER: b"x" * 10})

    assert cache.get([KEY, OTHER]) == {OTHER: b"x" * 10}


@pytest.mark.skipif(sys.platform == "win32", reason="other rights")
def test_only_its_owner_may_read_it(tmp_path):
    opened(tmp_path / "new").put({KEY: b"one"})

    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "new" / FILE).stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="other folders")
def test_it_lies_where_disposable_files_lie(monkeypatch):
    monkeypatch.setenv("HOME", "/people/ada")

    assert cache_folder({"SCHEMAGATE_CACHE_DIR": "/c", "XDG_CACHE_HOME": "/x"}) == "/c"
    assert cache_folder({"XDG_CACHE_HOME": "/x"}) == "/x/schemagate"
    assert cache_folder({"XDG_CACHE_HOME": "relative"}) == "/people/ada/.cache/schemagate"
    assert cache_folder({}) == "/people/ada/.cache/schemagate"


@pytest.mark.skipif(sys.platform == "win32", reason="other rights")
def test_what_somebody_else_wrote_is_not_used(tmp_path, monkeypatch):
    opened(tmp_path).put({KEY: b"one"})
    monkeypatch.setattr(cache_module.os, "geteuid", lambda: os.getuid() + 1)

    assert open_cache(str(tmp_path), lambda: 0.0) is None
