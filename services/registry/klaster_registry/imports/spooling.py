"""A file on its way in: unpacked, looked at, and kept in pieces, with none of it held for longer than a piece.

Pieces lie in the service's own database: containers have no other place that lasts, and whoever works the import off
may be another process.
"""

import codecs
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from klaster_registry.imports import repository
from klaster_registry.imports.errors import FileUnreadable
from klaster_registry.imports.schemas import Format
from klaster_registry.imports.workbooks import PACKED, SheetReader, as_text
from klaster_shared.database import Database

MOST_RECEIVED = 100 * 2**20
MOST_UNPACKED = 600 * 2**20  # a dump of 120,000 organisations unpacks to 250 MiB; a bomb to thousands
SMALL, MOST_TIMES = 16 * 2**20, 60  # texts pack to a tenth, seldom to a thirtieth: what packs better is no table
PIECE = 2**20
HEAD = 64 * 1024
_GZIP, _OLE = b"\x1f\x8b", b"\xd0\xcf\x11\xe0"


@dataclass(slots=True)
class Spooled:
    """What is known of a file once it is kept."""

    size: int = 0
    pieces: int = 0
    encoding: str = "utf-8"
    head: bytes = b""
    workbook: bool = False


async def spool(database: Database, import_id: UUID, parts: AsyncIterator[bytes], *, sheets: SheetReader) -> Spooled:
    """Keep a file as text; raises FileUnreadable for what is none, or unpacks to too much."""
    spooled, decoder = Spooled(), codecs.getincrementaldecoder("utf-8-sig")()
    async for piece in _pieces(as_text(_unpacked(_noted(parts, spooled)), sheets)):
        if b"\0" in piece:
            raise FileUnreadable("A text with NUL characters is no table: save it as UTF-8")
        if spooled.encoding == "utf-8":
            try:
                decoder.decode(piece)
            except UnicodeDecodeError:
                spooled.encoding = "windows-1250"  # what spreadsheets of Polish offices still write as CSV
        if len(spooled.head) < HEAD:
            spooled.head += piece[: HEAD - len(spooled.head)]
        await keep(database, import_id, spooled, piece)
    if spooled.encoding == "utf-8" and decoder.getstate()[0]:
        spooled.encoding = "windows-1250"
    if not spooled.head.strip():
        raise FileUnreadable("The file is empty")
    return spooled


async def keep(database: Database, import_id: UUID, spooled: Spooled, piece: bytes) -> None:
    """Keep one piece, in a transaction of its own: a slow upload keeps nobody waiting."""
    async with database.write() as session:
        await repository.add_piece(session, import_id, spooled.pieces, piece)
    spooled.pieces += 1
    spooled.size += len(piece)


def kind_of(head: bytes) -> Format:
    """What a file is, from its beginning; raises FileUnreadable for what is read nowhere."""
    if head.startswith(_OLE):
        raise FileUnreadable("A workbook of the old kind (.xls), or one with a password: save it as .xlsx or CSV")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileUnreadable("A text in UTF-16: save it as UTF-8")
    text = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if text[:1] not in (b"{", b"["):
        return "csv"
    return "ror" if b'"https://ror.org/' in text and b'"geonames_details"' in text else "ndjson"


async def _noted(parts: AsyncIterator[bytes], spooled: Spooled) -> AsyncIterator[bytes]:
    """The parts; whether they are a workbook is seen from the first bytes."""
    first = b""
    async for part in parts:
        if len(first) < len(PACKED):
            first += part[: len(PACKED)]
            spooled.workbook = first.startswith(PACKED)
        yield part


async def _unpacked(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The parts as they are, or unpacked where they are gzip."""
    first, unpacking = True, None
    total, received = 0, 0
    async for part in parts:
        received += len(part)
        if first and part:
            first = False
            unpacking = zlib.decompressobj(wbits=31) if part.startswith(_GZIP) else None
        if unpacking is None:
            yield part
            continue
        packed = part
        while packed:
            try:
                unpacked = unpacking.decompress(packed, PIECE)
            except zlib.error as error:
                raise FileUnreadable("It is packed with gzip, and broken") from error
            total += len(unpacked)
            if total > MOST_UNPACKED or total > max(SMALL, MOST_TIMES * received):
                raise FileUnreadable("It unpacks to more than a table of its size does")
            yield unpacked
            packed = unpacking.unconsumed_tail
    if unpacking is not None and not unpacking.eof:
        raise FileUnreadable("It is packed with gzip, and its end is missing")


async def _pieces(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    held = bytearray()
    async for part in parts:
        held += part
        while len(held) >= PIECE:
            yield bytes(held[:PIECE])
            del held[:PIECE]
    if held:
        yield bytes(held)
