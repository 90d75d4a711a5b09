"""Every key's place, however TOML lets it be written."""

from __future__ import annotations

import tomllib

from hypothesis import given, strategies as st

from schemagate.config.places import find_places

TEXT = '''\
# c
a = 1
"quoted.key" = "x # no"
b.c.'d e' = [1, [2, {x = 3, "y".z = [4]}], # c
  """multi
  ] line""", '\\\\', 1979-05-27 07:32:00]
[t]
k = { p = "}", q = [ ] }
[[s]]
m = 1
[[s]]
m = 2
[s.sub]
n = 3
[[s.subs]]
o = 4
[[ s . "subs" ]]
o = """a""""
'''


def test_every_key_is_found_where_it_is_written_first():
    assert dict(find_places(TEXT).keys) == {
        ("a",): (2, 1),
        ("quoted.key",): (3, 1),
        ("b",): (4, 1),
        ("b", "c"): (4, 3),
        ("b", "c", "d e"): (4, 5),
        ("b", "c", "d e", 1, 1, "x"): (4, 22),
        ("b", "c", "d e", 1, 1, "y"): (4, 29),
        ("b", "c", "d e", 1, 1, "y", "z"): (4, 33),
        ("t",): (7, 2),
        ("t", "k"): (8, 1),
        ("t", "k", "p"): (8, 7),
        ("t", "k", "q"): (8, 16),
        ("s",): (9, 3),
        ("s", 0): (9, 1),
        ("s", 0, "m"): (10, 1),
        ("s", 1): (11, 1),
        ("s", 1, "m"): (12, 1),
        ("s", 1, "sub"): (13, 4),
        ("s", 1, "sub", "n"): (14, 1),
        ("s", 1, "subs"): (15, 5),
        ("s", 1, "subs", 0): (15, 1),
        ("s", 1, "subs", 0, "o"): (16, 1),
        ("s", 1, "subs", 1): (17, 1),
        ("s", 1, "subs", 1, "o"): (18, 1),
    }


def test_values_are_found_where_they_begin():
    values = find_places(TEXT).values

    asked = [("a",), ("b", "c", "d e"), ("b", "c", "d e", 2), ("b", "c", "d e", 4), ("t", "k", "q")]
    assert [values[key] for key in asked] == [(2, 5), (4, 13), (5, 3), (6, 20), (8, 20)]


def test_what_is_not_written_is_placed_at_the_nearest_table_that_is():
    places = find_places(TEXT)

    assert places.key(("s", 1, "nothing")) == (11, 1)
    assert places.key(("nothing",)) == (1, 1)
    assert places.value(("t",)) == (7, 2)


def test_a_key_of_a_hundred_thousand_parts_is_no_burden():
    assert len(find_places(f"{'a.' * 100_000}a = 1").keys) == 32


SCALARS = st.one_of(
    st.integers(-99, 99).map(str),
    st.sampled_from(["true", "1.5", "2026-01-01", "07:32:00", "1979-05-27 07:32:00", "'''a'b''c'''"]),
    st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=5).map(
        lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[ {' , '.join(items)} ]"),
        st.lists(inner, max_size=3).map(
            lambda items: "{" + ", ".join(f"k{i} = {v}" for i, v in enumerate(items)) + "}"
        ),
    ),
    max_leaves=6,
)


@given(st.lists(VALUES, min_size=1, max_size=4), st.sampled_from(["\n", "\r\n", "\n\n# x\n"]))
def test_what_stands_at_a_value_s_place_is_that_value(values, gap):
    text = gap.join(f"key{index}  =  {value}" for index, value in enumerate(values)) + gap
    rows = text.split("\n")
    found = find_places(text).values

    for index, value in enumerate(values):
        line, column = found[(f"key{index}",)]
        assert rows[line - 1][column - 1 :].rstrip("\r") == value

    def leaves(value: object, path: tuple[str | int, ...]) -> set[tuple[str | int, ...]]:
        if isinstance(value, dict):
            return {path} - {()} | {leaf for key, item in value.items() for leaf in leaves(item, (*path, key))}
        if isinstance(value, list):
            return {path} | {leaf for i, item in enumerate(value) for leaf in leaves(item, (*path, i))}
        return {path}

    assert set(found) == leaves(tomllib.loads(text), ())


@given(st.text("ab.=[]{}\"'#,\\ \n1", max_size=40))
def test_any_text_has_an_end(text):
    rows = text.split("\n")

    for line, column in find_places(text).keys.values():
        assert rows[line - 1][column - 1 :] != ""
