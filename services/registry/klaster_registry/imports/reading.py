"""A file that is kept in pieces, read as rows: cells of a table, or records. A row is held, and never the file."""

import codecs
import csv
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from json import JSONDecodeError, JSONDecoder
from typing import Any

from pydantic_core import from_json

from klaster_registry.imports.errors import FileUnreadable

MOST_TEXT = 2**20  # characters of one row
_BLANK = " \t\r\n,"


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its number; `wrong` says why it cannot be read."""

    number: int
    said: Any
    wrong: str | None = None


async def texts(pieces: AsyncIterator[bytes], encoding: str) -> AsyncIterator[str]:
    """The pieces as text."""
    name = "utf-8-sig" if encoding == "utf-8" else "cp1250"
    decoder = codecs.getincrementaldecoder(name)(errors="replace" if name == "cp1250" else "strict")
    async for piece in pieces:
        yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)


async def lines(parts: AsyncIterator[str]) -> AsyncIterator[str]:
    """The text line by line, without the ends; raises FileUnreadable for a line that never ends."""
    rest = ""
    async for part in parts:
        *whole, rest = (rest + part).split("\n")
        for line in whole:
            yield line.removesuffix("\r")
        if len(rest) > MOST_TEXT:
            raise FileUnreadable(f"A line has more than {MOST_TEXT:,} characters")
    if rest:
        yield rest.removesuffix("\r")


async def table_rows(parts: AsyncIterator[str], delimiter: str) -> AsyncIterator[Row]:
    """The rows of a table, the header included, numbered as a spreadsheet does; empty ones are passed over."""
    held, number, first = "", 0, 0
    async for line in lines(parts):
        number += 1
        first = first or number
        held = f"{held}\n{line}" if held else line
        if held.count('"') % 2:  # a line break inside quotation marks
            if len(held) > MOST_TEXT:
                raise FileUnreadable(f"Row {first}: a quotation mark is never closed")
            continue
        if held.strip():
            yield _row(first, held, delimiter)
        held, first = "", 0
    if held:
        raise FileUnreadable(f"Row {first}: a quotation mark is never closed")


def _row(number: int, text: str, delimiter: str) -> Row:
    try:
        cells = next(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error as error:
        return Row(number, None, f"The row cannot be read: {error}")
    return Row(number, cells)


def delimiter_of(header: str) -> str:
    """What parts the cells of a header."""
    return max(",;\t|", key=header.count)


async def records(parts: AsyncIterator[str]) -> AsyncIterator[Row]:
    """JSON objects, one a line or as one list, numbered from 1."""
    held, number, is_list = "", 0, False
    decoder = JSONDecoder()
    async for part in parts:
        held = (held + part).lstrip(_BLANK)
        if not number and held.startswith("["):
            is_list, held = True, held[1:].lstrip(_BLANK)
        if not is_list:
            *whole, held = held.split("\n")
            for line in whole:
                if line.strip():
                    number += 1
                    yield _record(number, line)
            _check_length(held, number)
            continue
        at = 0
        while at < len(held) and held[at] != "]":
            try:
                said, at = decoder.raw_decode(held, at)
            except JSONDecodeError:
                break
            except RecursionError as error:
                raise FileUnreadable(f"Record {number + 1} is nested too deeply") from error
            number += 1
            yield Row(number, said)
            while at < len(held) and held[at] in _BLANK:
                at += 1
        held = held[at:]
        _check_length(held, number)
    if is_list and held.strip() != "]":
        raise FileUnreadable(f"The list breaks off behind record {number}")
    if not is_list and held.strip():
        yield _record(number + 1, held)


def _record(number: int, line: str) -> Row:
    try:
        said = from_json(line, allow_inf_nan=False)
    except ValueError as error:
        return Row(number, None, f"The line is no JSON: {error}")
    return Row(number, said)


def _check_length(held: str, number: int) -> None:
    if len(held) > 2 * MOST_TEXT:
        raise FileUnreadable(f"Record {number + 1} never ends, or is no JSON")


def cells_of(row: Sequence[str], mapping: Sequence[str | None]) -> Mapping[str, str]:
    """What a row says, by field; empty cells say nothing."""
    return {
        field: text.strip() for field, text in zip(mapping, row, strict=False) if field is not None and text.strip()
    }
