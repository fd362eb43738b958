"""Workbooks on their way in: handed to the reading process, and taken back as CSV."""

from collections.abc import AsyncIterator
from typing import Protocol

from klaster_registry.imports.errors import FileUnreadable

MODULE = "klaster_registry.imports.sheets"
SECONDS = 120.0
MOST_PACKED = 20 * 2**20  # bytes; some 100,000 rows of an export
READ, REFUSED = b"+", b"-"
PACKED = b"PK\x03\x04"
_PORTION = 2**20


class SheetReader(Protocol):
    """Reads a workbook somewhere else."""

    async def ask(self, question: bytes) -> bytes: ...


async def as_text(parts: AsyncIterator[bytes], sheets: SheetReader) -> AsyncIterator[bytes]:
    """The parts as they are, or as CSV where they are a workbook; raises FileUnreadable."""
    content: bytearray | None = None
    first = True
    async for part in parts:
        if first and part:
            first = False
            content = bytearray() if part.startswith(PACKED) else None
        if content is None:
            yield part
            continue
        content += part
        if len(content) > MOST_PACKED:
            raise FileUnreadable(f"A workbook of more than {MOST_PACKED >> 20} MiB: save its sheet as CSV")
    if content is not None:
        answer = await sheets.ask(bytes(content))
        if answer.startswith(REFUSED):
            raise FileUnreadable(answer[1:].decode(errors="replace"))
        for start in range(1, len(answer), _PORTION):
            yield answer[start : start + _PORTION]
