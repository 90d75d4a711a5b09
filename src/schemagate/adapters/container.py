"""Reads Avro object container files: the header, then one block of records after the other, each of bounded size."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO, Final, NamedTuple

from schemagate.errors import UndecidedError

MAGIC: Final = b"Obj\x01"
SYNC_BYTES: Final = 16
MOST_BLOCK: Final = 256 * 2**20
"""Bytes of one block, as it stands in the file and unpacked."""
MOST_HEADER: Final = 16 * 2**20
"""Bytes of one entry of the header: the schema is one."""
LAST_SHIFT: Final = 63


class Block(NamedTuple):
    """``records`` in number, one after the other in ``data``."""

    records: int
    data: bytes


class Container(NamedTuple):
    """An opened file: the writer's schema as its text stands in the header, and what the blocks are packed with."""

    schema: bytes
    codec: str
    blocks: Iterator[Block]


def open_container(file: BinaryIO) -> Container:
    """Reads the header. Raises UndecidedError, as the iterator does, for what is no container or cannot be unpacked.

    Source: the specification, "Object Container Files".
    """
    if file.read(len(MAGIC)) != MAGIC:
        raise UndecidedError("this is no Avro container file: it does not begin with `Obj` and 1")
    header = _header(file)
    codec = header.get("avro.codec", b"null").decode("utf-8", "replace")
    unpack = _unpacker(codec)
    if "avro.schema" not in header:
        raise UndecidedError("the container file's header has no schema")
    return Container(header["avro.schema"], codec, _blocks(file, unpack, _exactly(file, SYNC_BYTES)))


def _header(file: BinaryIO) -> dict[str, bytes]:
    entries: dict[str, bytes] = {}
    while count := _number(file):
        if count < 0:
            count = -count
            _number(file)
        for _ in range(min(count, 10_000)):
            key = _exactly(file, _size(file, MOST_HEADER)).decode("utf-8", "replace")
            entries[key] = _exactly(file, _size(file, MOST_HEADER))
    return entries


def _blocks(file: BinaryIO, unpack: Callable[[bytes], bytes], sync: bytes) -> Iterator[Block]:
    while True:
        first = file.read(1)
        if not first:
            return
        count = _number(file, first)
        packed = _exactly(file, _size(file, MOST_BLOCK))
        if count < 0 or _exactly(file, SYNC_BYTES) != sync:
            raise UndecidedError("the container file is damaged: a block does not end with the file's sync marker")
        try:
            yield Block(count, unpack(packed))
        except (zlib.error, OSError, EOFError, lzma.LZMAError, ValueError) as error:
            raise UndecidedError(f"the container file is damaged: a block cannot be unpacked ({error})") from error


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) < count:
        raise UndecidedError("the container file ends too early")
    return data


def _size(file: BinaryIO, most: int) -> int:
    size = _number(file)
    if not 0 <= size <= most:
        raise UndecidedError(f"the container file says that {size:,} bytes follow; at most {most:,} are read at once")
    return size


def _number(file: BinaryIO, first: bytes = b"") -> int:
    """A variable-length zig-zag number."""
    value = shift = 0
    byte = first[0] if first else _exactly(file, 1)[0]
    while byte & 0x80 and shift < LAST_SHIFT:
        value |= (byte & 0x7F) << shift
        shift += 7
        byte = _exactly(file, 1)[0]
    value |= (byte & 0x7F) << shift
    return (value >> 1) ^ -(value & 1)


def _unpacker(codec: str) -> Callable[[bytes], bytes]:
    found = CODECS.get(codec)
    if found is None:
        known = ", ".join(sorted(CODECS))
        raise UndecidedError(
            f"the container file is packed with {codec[:40]}, which is not read here",
            hint=f"write it again with one of {known}",
        )
    return found()


def _bounded(data: bytes) -> bytes:
    if len(data) > MOST_BLOCK:
        raise ValueError(f"it holds more than {MOST_BLOCK:,} bytes")
    return data


def _inflate(packed: bytes) -> bytes:
    return _bounded(zlib.decompressobj(-15).decompress(packed, MOST_BLOCK + 1))


def _zstd() -> Callable[[bytes], bytes]:
    try:
        from compression import zstd  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        try:
            from backports import zstd  # type: ignore[import-not-found,no-redef,unused-ignore]
        except ImportError:
            raise UndecidedError(
                "the container file is packed with zstandard, which needs a library",
                hint="pip install 'schemagate[zstd]'",
            ) from None
    return lambda packed: _bounded(zstd.ZstdDecompressor().decompress(packed, MOST_BLOCK + 1))


def _snappy() -> Callable[[bytes], bytes]:
    """Without the four bytes of checksum that Avro puts behind."""
    try:
        from cramjam import snappy  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        raise UndecidedError(
            "the container file is packed with snappy, which needs a library", hint="pip install cramjam"
        ) from None
    return lambda packed: _bounded(bytes(snappy.decompress_raw(packed[:-4])))


CODECS: Final[Mapping[str, Callable[[], Callable[[bytes], bytes]]]] = {
    "null": lambda: _bounded,
    "deflate": lambda: _inflate,
    "bzip2": lambda: lambda packed: _bounded(bz2.BZ2Decompressor().decompress(packed, MOST_BLOCK + 1)),
    "xz": lambda: lambda packed: _bounded(lzma.LZMADecompressor().decompress(packed, MOST_BLOCK + 1)),
    "zstandard": _zstd,
    "snappy": _snappy,
}
