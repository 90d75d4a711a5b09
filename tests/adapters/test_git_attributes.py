"""Whether the work tree may hold what no blob tells."""

from __future__ import annotations

import pytest

from schemagate.adapters.git_attributes import may_filter

LFS = {"filter.lfs.process": "git-lfs filter-process", "filter.lfs.smudge": "git-lfs smudge -- %f"}


@pytest.mark.parametrize(
    ("place", "text", "expected"),
    [
        (".gitattributes", "*.avsc filter=lfs\n", True),
        (".gitattributes", "*.AVSC filter=lfs\n", True),
        (".gitattributes", "*.png filter=lfs diff=lfs\n", False),
        (".gitattributes", "* text=auto\n", False),
        (".gitattributes", "* filter=lfs\n", True),
        (".gitattributes", "[attr]big filter=lfs\n*.png big\n", True),
        (".gitattributes", '"a b.avsc" filter=lfs\n', True),
        ("schemas/avro/.gitattributes", "*.avsc filter=lfs\n", True),
        ("elsewhere/.gitattributes", "*.avsc filter=lfs\n", False),
        (".git/info/attributes", "schemas/** filter=lfs\n", True),
    ],
)
def test_a_filter_that_attributes_name(tmp_path, place, text, expected):
    (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / place).write_text(text)
    paths = ["schemas/avro/a.avsc", "schemas/b.avsc"]

    assert may_filter(str(tmp_path), str(tmp_path / ".git"), LFS, paths) is expected
    assert not may_filter(str(tmp_path), str(tmp_path / ".git"), {"filter.lfs.clean": "git-lfs clean"}, paths)


def test_the_users_own_attributes(tmp_path):
    (tmp_path / "mine").write_text("*.avsc filter=lfs\n")
    settings = {**LFS, "core.attributesfile": str(tmp_path / "mine")}

    assert may_filter(str(tmp_path / "repo"), str(tmp_path / "repo/.git"), settings, ["a.avsc"])
