"""A report's file is written whole; what is no file stays what it is, and no link is followed."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest
from tests.adapters.repos import POSIX_ONLY

from schemagate.cli.output import place_of, write
from schemagate.errors import UsageError


def test_a_file_is_made_with_its_directories_and_replaced(tmp_path):
    for text in ("one\n", "two\n"):
        write(tmp_path / "a" / "b.txt", lambda text=text: text)

    assert (tmp_path / "a" / "b.txt").read_bytes() == b"two\n"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b.txt"]


def test_the_summary_of_a_step_on_github_is_added_to(tmp_path, monkeypatch):
    path = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    path.write_bytes(b"earlier\n")

    for text in ("one\n", "x" * 1024 * 1024):
        write(path, lambda text=text: text)
        kept = path.read_bytes()
        assert kept == {"one\n": b"earlier\n\none\n"}.get(text, text.encode())


@POSIX_ONLY
def test_a_pipe_is_written_to_and_not_replaced(tmp_path):
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    write(pipe, lambda: "one\n")
    reader.join()

    assert read == ["one\n"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@POSIX_ONLY
def test_a_symbolic_link_is_replaced_and_what_it_leads_to_is_left_alone(tmp_path):
    (tmp_path / "file").write_text("mine\n")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write(tmp_path / "link", lambda: "one\n")

    assert (tmp_path / "file").read_text() == "mine\n"
    assert (tmp_path / "link").read_text() == "one\n"
    assert not (tmp_path / "link").is_symlink()


@POSIX_ONLY
def test_a_link_where_a_partial_file_might_be_written_is_not_followed(tmp_path):
    (tmp_path / "file").write_text("mine\n")
    (tmp_path / "report.json.part").symlink_to(tmp_path / "file")
    write(tmp_path / "report.json", lambda: "one\n")

    assert (tmp_path / "file").read_text() == "mine\n"


@POSIX_ONLY
def test_a_device_stays_one():
    write(Path("/dev/null"), lambda: "one\n")

    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@POSIX_ONLY
def test_a_pipe_is_a_place_also_where_no_file_can_be_made(tmp_path, monkeypatch):
    """What a shell hands over for ``>(command)`` lies in a directory that nobody writes to."""
    monkeypatch.setattr(os, "access", lambda *_: False)
    os.mkfifo(tmp_path / "pipe")

    assert [place_of(name) for name in (f"{tmp_path}/pipe", "/dev/fd/63")] == [tmp_path / "pipe", Path("/dev/fd/63")]
    with pytest.raises(UsageError, match="cannot write"):
        place_of(f"{tmp_path}/report.json")


def test_a_directory_is_no_place_for_a_report(tmp_path):
    with pytest.raises(UsageError, match="cannot write"):
        write(tmp_path, lambda: "one\n")
