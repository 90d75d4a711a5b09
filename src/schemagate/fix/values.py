"""What can be done to a document, symbolically, and a change that is offered for a finding."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from schemagate.finding import Json


class Put(msgspec.Struct, frozen=True):
    """Give the object at ``pointer`` the member ``key``: its value is replaced, or the member is inserted.

    A new member stands behind the last of ``after`` that the object has, else behind its last member.
    """

    pointer: str
    key: str
    value: Json
    after: tuple[str, ...] = ()


class Swap(msgspec.Struct, frozen=True):
    """Replace the value at ``pointer``."""

    pointer: str
    value: Json


class Wrap(msgspec.Struct, frozen=True):
    """Make the value at ``pointer`` the last element of an array that begins with ``first``; its text stays."""

    pointer: str
    first: tuple[Json, ...]


class Drop(msgspec.Struct, frozen=True):
    """Take out the element or member at ``pointer``; comments stay."""

    pointer: str


class Insert(msgspec.Struct, frozen=True):
    """Insert ``values`` into the array at ``pointer``, the first at ``index`` (from 0 to the array's length)."""

    pointer: str
    index: int
    values: tuple[Json, ...]


class Arrange(msgspec.Struct, frozen=True):
    """Bring the elements of the array at ``pointer`` into ``order``: the old index of each, in the new order."""

    pointer: str
    order: tuple[int, ...]


class Rewrite(msgspec.Struct, frozen=True):
    """Put ``text`` in place of what stands between two code-point offsets."""

    start: int
    end: int
    text: str


Op: TypeAlias = Put | Swap | Wrap | Drop | Insert | Arrange | Rewrite
"""All of one change's pointers and offsets are those of the document before the change."""


class Offer(msgspec.Struct, frozen=True):
    """A change that may repair a finding; nobody has judged it yet.

    ``title`` says in plain words what is done. ``shown`` is the piece of JSON that it comes down to, ``note`` what to
    know beyond it; both may be empty. ``safe`` changes pick no meaning for the author. One that is ``textual`` leaves
    every value as it is, which is proved by reading the text again; any other is proved by judging. ``bare`` takes the
    byte order mark away, ``utf8`` writes the text in that encoding. ``goal`` is what the way leads to in the end, as
    changes of the schema that the author wants: nothing where that can be reached as it is.
    """

    title: str
    ops: tuple[Op, ...] = ()
    safe: bool = False
    shown: str = ""
    note: str = ""
    textual: bool = False
    goal: tuple[Op, ...] = ()
    bare: bool = False
    utf8: bool = False


class Splice(msgspec.Struct, frozen=True):
    """Text that replaces what stands between two code-point offsets."""

    start: int
    end: int
    text: str
