"""Tables of observations over HTTP: a verdict for each row, stored whole or not at all."""

from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import httpx

from klaster_indicators.imports.schemas import ObservationImportRead

IMPORT = "/v1/indicators/import"
CSV = {"Content-Type": "text/csv"}
XLSX = {"Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
POLISH = "\ufeffWskaźnik;Miara;Rok;Dzień;Wartość;Status;Przybliżona;Źródło;Dowody;Uwagi\r\n"
TABLE = (
    POLISH + "C.1.1-1;registered;;30.06.2024;190;;tak;RBW;https://example.org/a https://example.org/b;\r\n"
    "B.2.4-1;;;2024-12-31;23 393,5;;nie;GUS;;\r\n"
    "B.1.1-2;startups;2024;;6;;;GUS;;\r\n"
    "B.1.3-1;foreign_hq;2024;;30;;;GIN;;\r\n"
    "B.5.3-1;capital;2024;;;nieznana;;NCBR;;\r\n"
    ";;;;;;;;;\r\n"
    "B.5.2-1;;;;;;;;;\r\n"
)


async def send(
    api: httpx.AsyncClient, table: str | bytes, headers: dict[str, str] = CSV, **query: Any
) -> httpx.Response:
    content = table.encode() if isinstance(table, str) else table
    return await api.post(IMPORT, content=content, headers=headers, params=query, timeout=60)


async def stored(api: httpx.AsyncClient, indicator: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await api.get(f"/v1/indicators/{indicator}/observations")).json()["items"]
    return items


def verdicts(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["verdict"] for item in answer.json()["items"]]


class TestImport:
    async def test_stores_once_however_often_it_is_sent(self, api: httpx.AsyncClient) -> None:
        rehearsed = await send(api, TABLE, dry_run=True)
        assert await stored(api, "C.1.1-1") == []
        first = await send(api, TABLE)
        again = await send(api, TABLE)

        assert verdicts(rehearsed) == verdicts(first) == [*["created"] * 5, "skipped"]
        assert (rehearsed.json()["stored"], first.json()["stored"]) == (False, True)
        assert verdicts(again) == [*["unchanged"] * 5, "skipped"]
        [registered] = await stored(api, "C.1.1-1")
        assert (registered["value"], registered["to"], registered["approximate"]) == (190, "2024-06-30", True)
        assert registered["evidence"] == ["https://example.org/a", "https://example.org/b"]
        assert first.json()["items"][0]["observation"] == registered["id"]
        assert [(item["value"], item["status"]) for item in await stored(api, "B.5.3-1")] == [(None, "unknown")]
        [staff], [window] = await stored(api, "B.2.4-1"), await stored(api, "B.1.3-1")
        assert (staff["value"], window["period"], window["from"]) == (23393.5, "window_3y", "2022-01-01")

    async def test_restates_with_a_reason_alone(self, api: httpx.AsyncClient) -> None:
        head = "indicator,measure,on,value,source,reason\n"
        await send(api, head + "C.1.1-1,registered,2024-06-30,190,RBW,\n")

        silent = await send(api, head + "C.1.1-1,registered,2024-06-30,191,RBW,\n")
        said = await send(api, head + "C.1.1-1,registered,2024-06-30,191,RBW,counted anew\n")
        by_query = await send(api, head + "C.1.1-1,registered,2024-06-30,192,RBW,\n", reason="the office corrected it")

        assert (silent.status_code, silent.json()["code"]) == (422, "rows_rejected")
        assert silent.json()["errors"][0]["pointer"] == "/rows/2/reason"
        assert (verdicts(said), verdicts(by_query)) == (["restated"], ["restated"])
        states = {item["value"]: (item["state"], item["reason"]) for item in await stored(api, "C.1.1-1")}
        assert states == {
            190: ("superseded", None),
            191: ("superseded", "counted anew"),
            192: ("verified", "the office corrected it"),
        }

    async def test_stores_all_or_none_unless_told_otherwise(self, api: httpx.AsyncClient) -> None:
        table = (
            "indicator,measure,year,on,value,source\n"
            "C.1.1-1,registered,,2024-06-30,190,RBW\n"
            "C.1.1-1,registered,,2024-06-30,191,RBW\n"
            "C.1.1-1,,,2024-06-30,1,RBW\n"
            "C.9.9-9,,,2024-06-30,1,RBW\n"
            "B.1.1-2,startups,2024,,many,GUS\n"
            "B.1.1-2,startups,2099,,1,GUS\n"
            "B.1.1-2,startups,,2024-06-30,1,GUS\n"
            "B.1.1-2,startups,2023,,1,\n"
        )
        refused = await send(api, table)
        assert await stored(api, "C.1.1-1") == []
        partly = await send(api, table, partial=True)

        assert (refused.status_code, refused.json()["counts"]["rejected"]) == (422, 7)
        found = {error["pointer"]: error["code"] for error in refused.json()["errors"]}
        assert found == {
            "/rows/3/on": "duplicate",
            "/rows/4/measure": "measure_not_found",
            "/rows/5/indicator": "indicator_not_found",
            "/rows/6/value": "number",
            "/rows/7/year": "future",
            "/rows/8/year": "period",
            "/rows/9/source": "missing",
        }
        assert verdicts(partly) == ["created", *["rejected"] * 7]
        assert [item["value"] for item in await stored(api, "C.1.1-1")] == [190]

    async def test_reads_what_was_exported(self, api: httpx.AsyncClient) -> None:
        await send(api, TABLE)
        await send(api, "indicator,measure,on,value,status,source,note\nB.2.4-1,,2023-12-31,,none,GUS,=1+1\n")
        before = (await api.get("/v1/indicators/changes", params={"limit": 1000})).json()["next"]

        for query in ({"format": "csv"}, {"format": "csv", "lang": "pl"}, {"format": "xlsx", "lang": "pl"}):
            exported = await api.get("/v1/indicators/export", params=query, timeout=60)
            again = await send(api, exported.content, XLSX if query["format"] == "xlsx" else CSV)
            assert set(verdicts(again)) == {"unchanged", "skipped"}
            assert again.json()["counts"]["unchanged"] == 6
        assert (await api.get("/v1/indicators/changes", params={"after": before})).json()["items"] == []

    async def test_takes_drafts(self, api: httpx.AsyncClient, anybody: httpx.AsyncClient) -> None:
        first = await send(api, TABLE, state="draft")
        again = await send(api, TABLE, state="draft")

        assert (first.json()["counts"]["created"], again.json()["counts"]["unchanged"]) == (5, 5)
        assert await stored(anybody, "C.1.1-1") == []

    async def test_reads_the_csv_of_polish_offices(self, api: httpx.AsyncClient) -> None:
        answer = await send(api, TABLE.removeprefix("\ufeff").encode("cp1250"))

        assert answer.json()["counts"]["created"] == 5

    def test_has_an_example_that_holds(self) -> None:
        [example] = ObservationImportRead.model_json_schema()["examples"]

        assert ObservationImportRead.model_validate(example)


def bomb() -> bytes:
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"\0" * (80 << 20))
    return content.getvalue()


class TestRefusal:
    async def test_of_what_is_no_table(self, api: httpx.AsyncClient, anybody: httpx.AsyncClient) -> None:
        row = "C.1.1-1,registered,2024-06-30,190,RBW\n"
        head = "indicator,measure,on,value,source\n"
        answers = {
            "json": await send(api, "{}", {"Content-Type": "application/json"}),
            "empty": await send(api, ""),
            "no indicator": await send(api, "measure,value\nregistered,1\n"),
            "unknown column": await send(api, "indicator,colour\nC.1.1-1,red\n"),
            "too many rows": await send(api, head + row * 2001),
            "torn": await send(api, head + '"C.1.1-1'),
            "nul": await send(api, head + "\0"),
            "no workbook": await send(api, b"PK\x03\x04 no", XLSX),
            "bomb": await send(api, bomb(), XLSX),
            "parameter": await send(api, head + row, colour="red"),
            "anybody": await send(anybody, head + row),
        }

        assert {name: answer.status_code for name, answer in answers.items()} == {
            "json": 415,
            "empty": 422,
            "no indicator": 422,
            "unknown column": 422,
            "too many rows": 413,
            "torn": 400,
            "nul": 400,
            "no workbook": 400,
            "bomb": 400,
            "parameter": 422,
            "anybody": 403,
        }
        assert answers["unknown column"].json()["errors"][0]["pointer"] == "/columns/1"
        kinds = {answer.headers["content-type"] for answer in answers.values()}
        assert kinds == {"application/problem+json"}
