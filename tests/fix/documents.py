"""Schemas as people lay them out: any indent, line end and comment; and what a change means, worked out on values."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import strategies as st

from schemagate.fix.values import Arrange, Drop, Insert, Op, Put, Swap, Wrap

keys = st.sampled_from(["type", "name", "items", "default", "doc", "é", 'a"b', "a/b", "a~c"])
scalars = st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "null", "string", "a, b", "// no", "{"])
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=14,
)


@st.composite
def texts(draw: st.DrawFn, value: Any, *, commented: bool = True) -> str:
    """The value as somebody might write it; comments stand between its tokens, never behind the whole.

    There are none where it is not to be ``commented``.
    """
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    comments = commented and draw(st.booleans())

    def gap(*, must: bool = False) -> str:
        choices = ["", " ", newline + "  ", newline + "\t"]
        if comments:
            choices += [" /* x, y */ ", f' // it\'s, "so"{newline}', f"{newline}  // own line{newline}  "]
        return draw(st.sampled_from(choices)) or (" " if must else "")

    def write(item: Any) -> str:
        if isinstance(item, dict):
            rows = [f"{gap()}{json.dumps(key)}:{gap()}{write(inner)}{gap()}" for key, inner in item.items()]
            return "{" + (",".join(rows) or gap()) + "}"
        if isinstance(item, list):
            return "[" + (",".join(f"{gap()}{write(inner)}{gap()}" for inner in item) or gap()) + "]"
        return json.dumps(item, ensure_ascii=draw(st.booleans()))

    return write(value)


@st.composite
def changes(draw: st.DrawFn, value: Any) -> Op:
    """A change of some place in the value that fits what is there."""
    pointer, found = draw(st.sampled_from(list(_places(value, ""))))
    new = draw(values)
    if isinstance(found, dict) and draw(st.booleans()):
        return Put(pointer, draw(keys), new, tuple(draw(st.lists(keys, max_size=2))))
    if isinstance(found, list) and draw(st.booleans()):
        if len(found) > 1 and draw(st.booleans()):
            return Arrange(pointer, tuple(draw(st.permutations(range(len(found))))))
        return Insert(pointer, draw(st.integers(0, len(found))), tuple(draw(st.lists(values, min_size=1, max_size=2))))
    if pointer and draw(st.booleans()):
        return Drop(pointer)
    return draw(st.sampled_from([Swap(pointer, new), Wrap(pointer, ("null",))]))


def _places(value: Any, pointer: str) -> Any:
    yield pointer, value
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in rows:
        yield from _places(inner, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")


def meant(value: Any, op: Op) -> Any:
    """The value after the change."""
    box = {"": copy.deepcopy(value)}
    holder: Any = box
    step: Any = ""
    for raw in op.pointer.split("/")[1:]:  # type: ignore[union-attr]
        holder = holder[step]
        step = raw.replace("~1", "/").replace("~0", "~")
        step = int(step) if isinstance(holder, list) else step
    target = holder[step]
    if isinstance(op, Put):
        target[op.key] = op.value
    elif isinstance(op, Swap):
        holder[step] = op.value
    elif isinstance(op, Wrap):
        holder[step] = [*op.first, target]
    elif isinstance(op, Drop):
        del holder[step]
    elif isinstance(op, Insert):
        target[op.index : op.index] = op.values
    elif isinstance(op, Arrange):
        holder[step] = [target[i] for i in op.order]
    return box[""]
