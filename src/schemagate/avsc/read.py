"""One document: what its bytes say, what is wrong with its text, and where everything in it stands."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from schemagate.avsc.locate import Locator
from schemagate.avsc.scan import scan
from schemagate.avsc.strict import strict
from schemagate.avsc.text import Lines, Text, decode
from schemagate.avsc.tree import NO_VALUE, Comment, Tree
from schemagate.finding import Json, Place, Problem, Region

MAX_BYTES: Final = 8 * 1024 * 1024
"""Larger files are not parsed: no schema is, and Java's own limits lie in the same range."""

_OTHER_FILES: Final = (
    (
        ".avdl",
        "an Avro IDL file",
        "make .avsc files of it with `avro-tools idl2schemata FILE.avdl DIR` and check those",
    ),
    (
        ".avpr",
        "an Avro protocol",
        "keep each type of its `types` in an .avsc file of its own; the protocol's messages are not judged",
    ),
)


class Document:
    """A read document. ``value`` is its JSON, or ``NO_VALUE``; the line index is made when first asked for.

    ``readable`` tells that ``value`` is what the author meant, so that a schema can be built from it; ``refused``
    that Avro Java 1.12 refuses the text. Offsets count code points of ``text``, which has no byte order mark.
    ``places`` tells where everything stands.
    """

    __slots__ = ("_lines", "comments", "data", "name", "places", "problems", "readable", "text", "value")

    def __init__(self, name: str, data: bytes, text: Text, value: Json, places: Tree | Locator) -> None:
        self.name = name
        self.data = data
        self.text = text.text
        self.value = value
        self.problems = text.problems
        self.readable = value is not NO_VALUE
        self.places = places
        self.comments: tuple[Comment, ...] = ()
        self._lines: Lines | None = None

    @property
    def refused(self) -> bool:
        """Whether a problem of the text makes Avro Java refuse it."""
        return any(problem.refused for problem in self.problems)

    @property
    def plain(self) -> bool:
        """Whether ``strict`` takes the text: nothing in it but JSON, and nothing to tell of it."""
        return isinstance(self.places, Locator)

    def release(self) -> None:
        """Let go of ``value``, many times larger than the text, once what it means is built: it is ``NO_VALUE`` then.

        All the rest stays as it was.
        """
        self.value = NO_VALUE
        if isinstance(self.places, Tree):
            self.places.value = NO_VALUE

    @property
    def lines(self) -> Lines:
        if self._lines is None:
            self._lines = Lines(self.text)
        return self._lines

    def line_text(self, line: int) -> str:
        """The text of a 1-based line without its end; empty for a line that does not exist."""
        return self.lines.line_text(line)

    def region(self, place: Place | str = "", part: str = "", span: tuple[int, int] | None = None) -> Region:
        """Lines and columns of a place, or of an RFC 6901 pointer and the member ``part`` there.

        ``span`` wins. What does not exist gives its nearest ancestor; a document without a tree its first line.
        """
        if isinstance(place, Place):
            return self.region(place.pointer, place.part, place.span)
        start, end = span or self.places.span(place, part)
        return Region(self.name, *self.lines.position(start), *self.lines.position(end))


def read(data: bytes, name: str = "") -> Document:
    """Read a file's bytes. Never raises: everything wrong with them is in ``problems``."""
    if len(data) > MAX_BYTES:
        problem = Problem("file-too-large", {"size": len(data), "limit": MAX_BYTES}, span=(0, 0), refused=False)
        return _unread(name, data, Text("", bom=False, encoding="utf-8"), problem)
    return _read(name, data, decode(data))


def read_text(text: str, name: str = "") -> Document:
    """Read a text that is already decoded; unlike in a file, Java refuses a byte order mark in it."""
    data = text.encode("utf-8", "surrogatepass")
    if len(data) > MAX_BYTES:
        return read(data, name)
    if text.startswith("\ufeff"):
        span = (0, min(1, len(text) - 1))
        return _read(
            name, data, Text(text[1:], bom=True, encoding="utf-8", problems=(Problem("byte-order-mark", span=span),))
        )
    return _read(name, data, Text(text, bom=False, encoding="utf-8"))


def _read(name: str, data: bytes, decoded: Text) -> Document:
    text = decoded.text
    for suffix, kind, advice in _OTHER_FILES:
        if name.lower().endswith(suffix):
            problem = Problem("not-an-avsc", {"kind": kind, "advice": advice}, span=(0, 0))
            return _unread(name, data, decoded, problem)
    value = strict(text)
    if value is not NO_VALUE:
        document = Document(name, data, decoded, value, Locator(text))
    else:
        tree = scan(text)
        document = Document(name, data, decoded, tree.value, tree)
        document.comments = tree.comments
        document.problems += tree.problems
        document.readable = tree.value is not NO_VALUE and tree.certain
    if any(problem.refused for problem in decoded.problems if problem.rule == "wrong-encoding"):
        document.readable = False
        document.problems = decoded.problems  # What follows from a wrong encoding is no cause of its own.
    elif document.readable and _is_protocol(document.value):
        _, kind, advice = _OTHER_FILES[1]
        document.readable = False
        document.problems += (Problem("not-an-avsc", {"kind": kind, "advice": advice}, part="protocol"),)
    return document


def _unread(name: str, data: bytes, decoded: Text, problem: Problem) -> Document:
    """A document that is not parsed at all."""
    text = replace(decoded, problems=(problem,))
    return Document(name, data, text, NO_VALUE, Tree(NO_VALUE, (), (), [], {}, certain=False))


def _is_protocol(value: Json) -> bool:
    return isinstance(value, dict) and "type" not in value and isinstance(value.get("protocol"), str)
