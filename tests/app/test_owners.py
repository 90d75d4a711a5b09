"""Who owns a file, by the repository's CODEOWNERS."""

from __future__ import annotations

import pytest

from schemagate.app.owners import read_owners


def owner(text: str, path: str) -> str:
    return " ".join(read_owners(text).of(path))


@pytest.mark.parametrize(
    ("pattern", "owned", "not_owned"),
    [
        ("*", ["a.avsc", "x/y/b.avsc"], []),
        ("*.avsc", ["a.avsc", "x/b.avsc"], ["a.json"]),
        ("/a.avsc", ["a.avsc"], ["x/a.avsc"]),
        ("orders/", ["orders/a.avsc", "x/orders/y/a.avsc"], ["orders.avsc"]),
        ("/schemas/orders", ["schemas/orders/a/b.avsc", "schemas/orders"], ["x/schemas/orders/a.avsc"]),
        ("docs/*", ["docs/a.md"], ["docs/x/a.md"]),
        ("schemas/**/v1.avsc", ["schemas/v1.avsc", "schemas/a/b/v1.avsc"], ["v1.avsc"]),
        ("a\\ b.avsc", ["a b.avsc"], ["a"]),
        ("v?.avsc", ["v1.avsc"], ["v10.avsc"]),
    ],
)
def test_patterns_own_what_git_would_ignore(pattern, owned, not_owned):
    assert [path for path in [*owned, *not_owned] if owner(f"{pattern} @team", path)] == owned


def test_the_last_pattern_that_fits_counts_also_without_an_owner():
    text = "# who owns what\n* @all\norders/ @orders @second # a comment\norders/open/\n"

    assert owner(text, "a.avsc") == "@all"
    assert owner(text, "orders/a.avsc") == "@orders @second"
    assert not owner(text, "orders/open/a.avsc")


def test_a_section_of_gitlab_names_owners_for_its_lines():
    text = "[Payments][2] @payments\npay/\nrefund/ @refunds\n^[Rest]\n*.md @docs\n"

    assert [owner(text, path) for path in ("pay/a.avsc", "refund/a.avsc", "a.md")] == ["@payments", "@refunds", "@docs"]
