"""Spreadsheets as they are written: what people's programs read in them."""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import httpx
from python_calamine import CalamineWorkbook

from klaster_registry.entities.lines import Column
from klaster_registry.exports import workbook
from klaster_registry.exports.workbook import Workbook
from tests.registry.conftest import Add

NAMED = [Column("name", "text", lambda record: record["name"])]


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def written(*records: Mapping[str, Any]) -> bytes:
    book = Workbook()
    return book.begin_sheet("entities", NAMED) + book.add(records) + book.end()


class TestWorkbook:
    async def test_has_a_sheet_for_each_collection_with_typed_cells(self, api: httpx.AsyncClient, add: Add) -> None:
        seat = {"city": "Łódź", "country": "PL", "latitude": 51.77, "longitude": 19.45}
        await add("=1+1 & <Łódź>", seat=seat, startup=True, identifiers=[{"scheme": "krs", "value": "0000458418"}])
        answer = await api.get("/v1/registry/export", params={"format": "xlsx"})
        found = sheets(answer.content)
        header, row = found["entities"]
        cells = dict(zip(header, row, strict=True))
        assert list(found)[:3] == ["entities", "labs", "lab_services"]
        assert (cells["name"], cells["krs"], cells["latitude"]) == ("'=1+1 & <Łódź>", "0000458418", 51.77)
        assert cells["startup"] is True
        assert isinstance(cells["created_at"], datetime)
        assert found["networks"][1][1] == "CEBR"

    async def test_keeps_its_header_in_sight(self, api: httpx.AsyncClient) -> None:
        answer = await api.get("/v1/registry/export", params={"format": "xlsx", "collection": "entities"})
        with ZipFile(BytesIO(answer.content)) as package:
            sheet = ElementTree.fromstring(package.read("xl/worksheets/sheet1.xml"))
            for name in package.namelist():
                ElementTree.fromstring(package.read(name))
        [pane] = sheet.iter("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}pane")
        assert (pane.get("state"), pane.get("ySplit")) == ("frozen", "1")

    def test_leaves_out_what_no_sheet_can_hold(self) -> None:
        _, row, long = sheets(written({"name": "a\x00b\ud800c"}, {"name": "x" * 40_000}))["entities"]
        assert row == ["abc"]
        assert len(long[0]) == workbook.MOST_TEXT

    def test_goes_on_with_another_sheet_where_one_is_full(self) -> None:
        book = Workbook(most_rows=2)
        content = book.begin_sheet("entities", NAMED)
        for start in (0, 2, 3):
            content += book.add([{"name": str(number)} for number in range(start, start + (2 if start != 2 else 1))])
        content += book.end()
        assert {name: len(found) for name, found in sheets(content).items()} == {
            "entities": 3,
            "entities 2": 2,
            "entities 3": 3,
        }
