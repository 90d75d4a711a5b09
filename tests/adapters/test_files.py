"""Files of a work tree: only what is regular, bounded and inside, and exactly as it is."""

from __future__ import annotations

import os

import pytest
from tests.adapters.repos import LINUX_ONLY, POSIX_ONLY

from schemagate.adapters.files import Unreadable, is_lfs_pointer, read_file, repo_path, walk
from schemagate.errors import UsageError


def test_bytes_come_as_they_are(tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "a.avsc").write_bytes(b"\xef\xbb\xbf{}\r\n\xff")

    assert read_file(str(tmp_path), "x/a.avsc") == b"\xef\xbb\xbf{}\r\n\xff"


@LINUX_ONLY
def test_a_name_that_is_not_utf_8_is_read(tmp_path):
    name = os.fsdecode(b"caf\xe9.avsc")
    (tmp_path / name).write_bytes(b"1")

    assert read_file(str(tmp_path), name) == b"1"


@POSIX_ONLY
def test_a_link_is_followed_only_inside(tmp_path):
    root, outside = tmp_path / "root", tmp_path / "secret"
    root.mkdir()
    outside.write_text("secret")
    (root / "a.avsc").write_text("inside")
    (root / "in.avsc").symlink_to("a.avsc")
    (root / "out.avsc").symlink_to(outside)
    (root / "dir").symlink_to(tmp_path)
    (root / "nothing.avsc").symlink_to("gone")
    (root / "loop.avsc").symlink_to("loop.avsc")
    away = Unreadable("outside", f"it leads outside the repository, to {outside}")

    assert read_file(str(root), "in.avsc") == b"inside"
    assert read_file(str(root), "out.avsc") == away
    assert read_file(str(root), "dir/secret") == away
    assert read_file(str(root), "../secret") == away
    assert read_file(str(root), "nothing.avsc") == Unreadable("missing", "there is no such file")
    assert read_file(str(root), "loop.avsc") == Unreadable("outside", "its symbolic links form a loop")


@POSIX_ONLY
def test_a_root_that_is_itself_a_link_is_no_obstacle(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.avsc").write_text("1")
    (tmp_path / "link").symlink_to("real")

    assert read_file(str(tmp_path / "link"), "a.avsc") == b"1"


@POSIX_ONLY
def test_what_is_no_regular_file_is_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.avsc")
    (tmp_path / "dir.avsc").mkdir()
    irregular = Unreadable("not-a-file", "it is not a regular file")

    assert read_file(str(tmp_path), "pipe.avsc") == irregular
    assert read_file(str(tmp_path), "dir.avsc") == irregular
    assert read_file(str(tmp_path), "gone.avsc") == Unreadable("missing", "there is no such file")


def test_the_bound_is_exact(tmp_path):
    (tmp_path / "a.avsc").write_bytes(b"12345")

    assert read_file(str(tmp_path), "a.avsc", limit=5) == b"12345"
    assert read_file(str(tmp_path), "a.avsc", limit=4) == Unreadable("too-large", "it has 5 bytes; the most is 4")


def test_an_lfs_pointer_is_known_by_its_form():
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12\n"

    assert is_lfs_pointer(pointer)
    assert not is_lfs_pointer(b'{"type": "string"}')
    assert not is_lfs_pointer(pointer + b" " * 2000)


@POSIX_ONLY
def test_typed_paths_become_paths_of_the_repository(tmp_path):
    root = tmp_path / "root"
    (root / "x").mkdir(parents=True)
    (root / "link.avsc").symlink_to("/etc/hostname")

    assert repo_path(str(root), "a.avsc", str(root / "x")) == "x/a.avsc"
    assert repo_path(str(root), "../link.avsc", str(root / "x")) == "link.avsc"
    assert repo_path(str(root), str(root / "x")) == "x"
    assert repo_path(str(root), "..", str(root / "x")) == ""
    with pytest.raises(UsageError):
        repo_path(str(root), "../rootling/a.avsc", str(root))


@POSIX_ONLY
def test_a_walk_is_sorted_and_skips_git_and_linked_directories(tmp_path):
    for name in ("b.avsc", "a/z.avsc", "a/y.txt", ".git/c.avsc", "sub/.git/d.avsc", "sub/e.avsc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "again").symlink_to("a")

    def wanted(path):
        return path.endswith(".avsc")

    assert list(walk(str(tmp_path), [""], wanted)) == ["b.avsc", "a/z.avsc", "sub/e.avsc"]
    assert list(walk(str(tmp_path), ["a/y.txt", "a", "a"], wanted)) == ["a/y.txt", "a/z.avsc"]
