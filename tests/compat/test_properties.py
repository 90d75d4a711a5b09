"""Properties over generated schemas: self-reading, an independent oracle, and what fastavro decodes."""

from __future__ import annotations

import io
import json
from typing import Any

import fastavro
from hypothesis import assume, given, strategies as st

from schemagate.compat.decode import decoder_conflicts
from schemagate.compat.explain import explain
from schemagate.compat.solve import Solver

from .schemas import pair

PRIMITIVES = ("null", "boolean", "int", "long", "float", "double", "bytes", "string")
NAMES = ("x.A", "y.A", "x.B", "y.B")
PROMOTED = {
    "long": {"int"},
    "float": {"int", "long"},
    "double": {"int", "long", "float"},
    "bytes": {"string"},
    "string": {"bytes"},
}


@st.composite
def schemas(draw: st.DrawFn, *, depth: int = 3, aliases: bool = True) -> Any:
    """Small schemas over few names, so that pairs meet; every name is full, a default only where it is valid."""
    return _type(draw, depth, [], aliases, in_union=False)


def _type(draw: st.DrawFn, depth: int, defined: list[str], aliases: bool, *, in_union: bool) -> Any:
    kinds = ["primitive"] * 2 + ["name"] * bool(defined) * 2
    if depth:
        kinds += ["record", "record", "enum", "fixed", "array", "map"] + ["union", "union"] * (not in_union)
    kind = draw(st.sampled_from(kinds))
    if kind == "primitive":
        return draw(st.sampled_from(PRIMITIVES))
    if kind == "name":
        return draw(st.sampled_from(defined))
    if kind == "array":
        return {"type": "array", "items": _type(draw, depth - 1, defined, aliases, in_union=False)}
    if kind == "map":
        return {"type": "map", "values": _type(draw, depth - 1, defined, aliases, in_union=False)}
    if kind == "union":
        return _union(draw, depth, defined, aliases)
    free = [name for name in NAMES if name not in defined]
    if not free:
        return draw(st.sampled_from(defined))
    return _named(draw, kind, draw(st.sampled_from(free)), depth, defined, aliases)


def _union(draw: st.DrawFn, depth: int, defined: list[str], aliases: bool) -> list[Any]:
    branches: dict[str, Any] = {}
    for _ in range(draw(st.integers(1, 4))):
        before = list(defined)
        branch = _type(draw, depth - 1, defined, aliases, in_union=True)
        key = branch if isinstance(branch, str) else branch.get("name", branch["type"])
        if key in branches:
            defined[:] = before
        else:
            branches[key] = branch
    return list(branches.values())


def _named(draw: st.DrawFn, kind: str, name: str, depth: int, defined: list[str], aliases: bool) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": kind, "name": name}
    defined.append(name)
    if aliases and draw(st.integers(0, 4)) == 0:
        schema["aliases"] = [draw(st.sampled_from(NAMES))]
    if kind == "fixed":
        schema["size"] = draw(st.integers(1, 2))
    elif kind == "enum":
        schema["symbols"] = draw(st.lists(st.sampled_from("PQR"), min_size=1, unique=True))
        if draw(st.booleans()):
            schema["default"] = schema["symbols"][0]
    else:
        schema["fields"] = []
        for field in draw(st.lists(st.sampled_from("abc"), max_size=3, unique=True)):
            type_ = _type(draw, depth - 1, defined, aliases, in_union=False)
            schema["fields"].append({"name": field, "type": type_})
            if aliases and draw(st.integers(0, 4)) == 0:
                schema["fields"][-1]["aliases"] = [draw(st.sampled_from("abcd"))]
            if type_ in ("int", "long") and draw(st.booleans()):
                schema["fields"][-1]["default"] = 1
    return schema


def definitions(schema: Any) -> dict[str, dict]:
    found: dict[str, dict] = {}
    if isinstance(schema, list):
        for branch in schema:
            found |= definitions(branch)
    elif isinstance(schema, dict):
        if "name" in schema:
            found[schema["name"]] = schema
        for part in (schema.get("items"), schema.get("values"), *(f["type"] for f in schema.get("fields", ()))):
            found |= definitions(part)
    return found


class Oracle:
    """The specification's rules, read off JSON; pairs of names are assumed readable until a round refutes them."""

    def __init__(self, reader: Any, writer: Any) -> None:
        self.reader, self.writer = definitions(reader), definitions(writer)
        self.bad: set[tuple[str, str]] = set()
        before = -1
        while before != len(self.bad):
            before = len(self.bad)
            for r, ours in self.reader.items():
                for w, theirs in self.writer.items():
                    if not self.named(ours, theirs):
                        self.bad.add((r, w))

    def reads(self, r: Any, w: Any) -> bool:
        if isinstance(w, list):
            return all(self.reads(r, branch) for branch in w)
        if isinstance(r, list):
            return any(self.reads(branch, w) for branch in r)
        r, w = (s.get("name", s) if isinstance(s, dict) else s for s in (r, w))
        if isinstance(r, dict) and isinstance(w, dict):
            inner = "items" if r["type"] == "array" else "values"
            return r["type"] == w["type"] and self.reads(r[inner], w[inner])
        if isinstance(r, dict) or isinstance(w, dict):
            return False
        if r in self.reader or w in self.writer:
            return r in self.reader and w in self.writer and (r, w) not in self.bad
        return r == w or w in PROMOTED.get(r, ())

    def named(self, r: dict, w: dict) -> bool:
        same_name = r["name"].split(".")[1] == w["name"].split(".")[1] or w["name"] in r.get("aliases", ())
        if r["type"] != w["type"] or not same_name:
            return False
        if r["type"] == "fixed":
            return r["size"] == w["size"]
        if r["type"] == "enum":
            return "default" in r or set(w["symbols"]) <= set(r["symbols"])
        theirs = {f["name"]: f["type"] for f in w["fields"]}
        for f in r["fields"]:
            hits = [theirs[name] for name in (f["name"], *f.get("aliases", ())) if name in theirs]
            if len(hits) > 1 or (not hits and "default" not in f) or (hits and not self.reads(f["type"], hits[0])):
                return False
        return True


@given(schemas(aliases=False))
def test_every_schema_reads_itself(schema) -> None:
    assert Solver(*pair(schema, schema)).compatible() is True


@given(schemas(), schemas())
def test_the_verdict_is_the_oracles_and_is_explained_if_negative(reader, writer) -> None:
    ours, theirs = pair(reader, writer)
    solver = Solver(ours, theirs)

    assert solver.reads(ours.root, theirs.root) is Oracle(reader, writer).reads(reader, writer)
    assert solver.compatible() is not bool(explain(ours, theirs, solver))


@st.composite
def edits(draw: st.DrawFn, *, aliases: bool = True) -> tuple[Any, Any]:
    """A record and itself less one field, symbol or branch, in either order."""
    defined = ["x.Top"]
    fields = [{"name": name, "type": _type(draw, 3, defined, aliases, in_union=False)} for name in "abc"]
    whole = {"type": "record", "name": "x.Top", "fields": fields}
    less = _without_one(whole, draw(st.integers(0, 9)))
    assume(set(definitions(less)) == set(definitions(whole)))
    return (less, whole) if draw(st.booleans()) else (whole, less)


@given(edits())
def test_the_verdict_is_the_oracles_where_one_thing_changed(readers_and_writers) -> None:
    reader, writer = readers_and_writers
    ours, theirs = pair(reader, writer)

    assert Solver(ours, theirs).reads(ours.root, theirs.root) is Oracle(reader, writer).reads(reader, writer)


def _without_one(schema: Any, position: int) -> Any:
    """The schema without its ``position``-th field, symbol or branch, in document order."""
    left = [position]

    def rebuilt(part: Any) -> Any:
        if isinstance(part, list):
            kept = [rebuilt(item) for item in part if not _skip(left)]
            return kept or part
        if isinstance(part, dict):
            return {key: rebuilt(v) if key in ("type", "items", "values", "fields") else v for key, v in part.items()}
        return part

    return rebuilt(schema)


def _skip(left: list[int]) -> bool:
    left[0] -= 1
    return left[0] == -1


def datum(draw: st.DrawFn, schema: Any, names: dict[str, dict], depth: int = 6) -> Any:
    """One value of a type; bytes are ASCII, since other bytes read as string are a class of their own."""
    assume(depth)
    if isinstance(schema, list):
        branch = draw(st.sampled_from(schema))
        value = datum(draw, branch, names, depth - 1)
        name = branch["name"] if isinstance(branch, dict) and "name" in branch else branch
        return (name, value) if isinstance(name, str) and name in names else value
    schema = names.get(schema, schema) if isinstance(schema, str) else schema
    if isinstance(schema, str):
        return draw(SIMPLE[schema])
    if schema["type"] == "array":
        return [datum(draw, schema["items"], names, depth - 1)] if depth > 2 and draw(st.booleans()) else []
    if schema["type"] == "map":
        return {"k": datum(draw, schema["values"], names, depth - 1)} if depth > 2 and draw(st.booleans()) else {}
    if schema["type"] == "enum":
        return draw(st.sampled_from(schema["symbols"]))
    if schema["type"] == "fixed":
        return b"f" * schema["size"]
    return {f["name"]: datum(draw, f["type"], names, depth - 1) for f in schema["fields"]}


SIMPLE = {
    "null": st.none(),
    "boolean": st.booleans(),
    "int": st.integers(-(2**31), 2**31 - 1),
    "long": st.integers(-(2**63), 2**63 - 1),
    "float": st.floats(width=32, allow_nan=False),
    "double": st.floats(allow_nan=False),
    "bytes": st.binary(max_size=0) | st.just(b"ascii"),
    "string": st.text(st.characters(codec="ascii"), max_size=3),
}


@given(edits(aliases=False), st.data())
def test_what_is_compatible_decodes_but_for_the_decoders_choice_of_branch(readers_and_writers, data) -> None:
    """Every type has a short name of its own: fastavro matches an enum's with a record's, and then fails."""
    text = json.dumps(readers_and_writers).replace("y.A", "y.C").replace("y.B", "y.D")
    reader, writer = json.loads(text)
    ours, theirs = pair(reader, writer)
    assume(Solver(ours, theirs).compatible() and not decoder_conflicts(ours, theirs))
    value = datum(data.draw, writer, definitions(writer))
    stream = io.BytesIO()
    fastavro.schemaless_writer(stream, fastavro.parse_schema(writer), value)
    stream.seek(0)

    fastavro.schemaless_reader(stream, fastavro.parse_schema(writer), fastavro.parse_schema(reader))

    assert stream.read() == b""
