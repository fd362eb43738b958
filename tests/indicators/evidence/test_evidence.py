"""Files of evidence over HTTP: kept once, named by observations, read by those who may, withdrawn."""

import asyncio
import hashlib
from datetime import datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from klaster_indicators.evidence import operations
from klaster_indicators.evidence.schemas import EvidenceParameters, EvidenceRead
from klaster_indicators.indicators.operations import get_indicator

FILES = "/v1/indicators/C.1.1-1/evidence"
OBSERVATIONS = "/v1/indicators/C.1.1-1/observations"
PDF = b"%PDF-1.7\nprotocol of the count\n%%EOF\n"
SEEN = {"If-Match": "*"}


async def send(
    api: httpx.AsyncClient, content: bytes = PDF, media: str = "application/pdf", path: str = FILES, **stated: Any
) -> httpx.Response:
    asked = {"name": "protokół 2024.pdf", **stated}
    return await api.post(path, content=content, headers={"Content-Type": media}, params=asked)


async def record(api: httpx.AsyncClient, *evidence: str) -> httpx.Response:
    given = {"measure": "registered", "value": 190, "on": "2024-06-30", "source": "RBW", "state": "verified"}
    return await api.post(OBSERVATIONS, json={**given, "evidence": list(evidence)})


class TestAdd:
    async def test_keeps_a_file_that_observations_name(
        self, api: httpx.AsyncClient, anybody: httpx.AsyncClient
    ) -> None:
        added = await send(api, public=True)
        file = EvidenceRead.model_validate(added.json())
        recorded = await record(api, "https://example.org/minutes", file.link)

        read = await anybody.get(added.headers["location"])
        assert (added.status_code, recorded.status_code, read.status_code) == (201, 201, 200)
        assert (file.size, file.sha256) == (len(PDF), hashlib.sha256(PDF).hexdigest())
        assert recorded.json()["evidence"] == ["https://example.org/minutes", file.link]
        assert (read.content, read.headers["content-type"]) == (PDF, "application/pdf")
        assert read.headers["content-disposition"] == "attachment; filename*=UTF-8''protok%C3%B3%C5%82%202024.pdf"
        assert (read.headers["x-content-type-options"], read.headers["cache-control"]) == (
            "nosniff",
            "public, no-cache",
        )
        unchanged = await anybody.get(file.link, headers={"If-None-Match": read.headers["etag"]})
        assert (unchanged.status_code, unchanged.content) == (304, b"")

    async def test_is_for_the_office_alone_where_nothing_else_is_said(
        self, office: httpx.AsyncClient, anybody: httpx.AsyncClient
    ) -> None:
        link = (await send(office)).json()["link"]

        hidden, listed = await anybody.get(link), (await anybody.get(FILES)).json()["items"]
        assert (hidden.status_code, hidden.json()["code"], listed) == (404, "evidence_not_found", [])
        shown = (await office.get(FILES, params={"count": True})).json()
        assert (shown["total"], shown["items"][0]["link"]) == (1, link)
        assert (await office.get(link)).headers["cache-control"] == "private, no-store"
        changes = (await office.get("/v1/indicators/changes", params={"after": 0, "limit": 500})).json()["items"]
        assert [one["id"] for one in changes if one["collection"] == "evidence"] == [link.rpartition("/")[2]]

    async def test_takes_the_same_content_once(self, api: httpx.AsyncClient, anybody: httpx.AsyncClient) -> None:
        first, again = await send(api), await send(api, name="again.pdf", public=True)

        assert (first.status_code, again.status_code) == (201, 200)
        assert again.json()["id"] == first.json()["id"]
        assert (again.json()["name"], again.json()["public"], again.json()["version"]) == ("again.pdf", True, 2)
        assert (await anybody.get(first.json()["link"])).status_code == 200
        other = await send(api, path="/v1/indicators/B.2.4-1/evidence")
        assert other.status_code == 201

    async def test_keeps_one_of_two_that_come_at_once(self, api: httpx.AsyncClient) -> None:
        both = await asyncio.gather(send(api), send(api))

        assert sorted(answer.status_code for answer in both) == [200, 201]
        assert (await api.get(FILES, params={"count": True})).json()["total"] == 1

    @pytest.mark.parametrize(
        ("content", "media", "name", "status"),
        [
            (b"", "application/pdf", "empty.pdf", 422),
            (b"<html>", "application/pdf", "no.pdf", 422),
            (b"<script>alert(1)</script>", "text/html", "page.html", 415),
            (b"<svg/>", "image/svg+xml", "picture.svg", 415),
            (b"a\0b", "text/csv", "table.csv", 422),
            (PDF, "application/pdf", "../../etc/passwd", 422),
            (PDF, "application/pdf", "", 422),
            (b"%PDF-" + b"x" * (1 << 20), "application/pdf", "large.pdf", 413),
        ],
    )
    async def test_refuses_what_is_no_evidence(
        self, api: httpx.AsyncClient, content: bytes, media: str, name: str, status: int
    ) -> None:
        refused = await send(api, content, media, name=name)

        assert refused.status_code == status, refused.text
        assert refused.headers["content-type"] == "application/problem+json"
        assert (await api.get(FILES)).json()["items"] == []

    async def test_is_for_the_office_to_do(self, anybody: httpx.AsyncClient) -> None:
        assert (await send(anybody)).status_code in {401, 403}

    async def test_ends_where_an_indicator_has_too_many(
        self, api: httpx.AsyncClient, app: FastAPI, now: datetime
    ) -> None:
        async with app.state.database.write() as session:
            indicator = await get_indicator(session, reference="C.1.1-1")
            for number in range(operations.MOST_FILES):
                content, stated = PDF + f"{number}".encode(), EvidenceParameters(name="one of many.pdf")
                await operations.add_evidence(
                    session, indicator=indicator, content=content, media="application/pdf", stated=stated, now=now
                )

        full = await send(api, PDF + b"more")
        assert (full.status_code, full.json()["code"]) == (409, "evidence_full")

    async def test_reads_page_after_page(self, api: httpx.AsyncClient) -> None:
        for number in range(3):
            await send(api, PDF + bytes([65 + number]))
        first = (await api.get(FILES, params={"limit": 2})).json()
        second = (await api.get(FILES, params={"limit": 2, "cursor": first["next"]})).json()

        assert (len(first["items"]), len(second["items"]), second["next"]) == (2, 1, None)
        assert len({one["id"] for one in (*first["items"], *second["items"])}) == 3


class TestNames:
    async def test_refuses_a_file_that_is_not_there_or_another_s(self, api: httpx.AsyncClient) -> None:
        others = (await send(api, path="/v1/indicators/B.2.4-1/evidence")).json()["link"]
        nowhere = f"{FILES}/0199e1a4-7c1e-7c3a-9b1f-2f4e8a6d0c41"

        for link in (others, nowhere):
            refused = await record(api, "https://example.org", link)
            [error] = refused.json()["errors"]
            assert (refused.status_code, error["pointer"], error["code"]) == (422, "/evidence/1", "unknown_file")
        assert (await api.get(OBSERVATIONS)).json()["items"] == []

    async def test_are_read_from_tables_too(self, api: httpx.AsyncClient) -> None:
        link = (await send(api)).json()["link"]
        rows = f"C.1.1-1,registered,2024-06-30,190,RBW,{link}\nC.1.1-1,registered,2024-07-31,191,RBW,{link[:-4]}0000\n"
        table = "indicator,measure,on,value,source,evidence\n" + rows

        answer = await api.post(
            "/v1/indicators/import",
            content=table.encode(),
            headers={"Content-Type": "text/csv"},
            params={"partial": True},
        )

        assert [one["verdict"] for one in answer.json()["items"]] == ["created", "rejected"]
        assert answer.json()["items"][1]["errors"][0]["code"] == "unknown_file"
        exported = (await api.get("/v1/indicators/export", params={"format": "csv"})).text
        assert link in exported
        assert link not in (await api.get("/v1/indicators/export", params={"format": "iati"})).text


class TestWithdraw:
    async def test_takes_the_content_and_leaves_the_note(self, api: httpx.AsyncClient) -> None:
        link = (await send(api, public=True)).json()["link"]
        await record(api, link)

        unseen = await api.delete(link)
        gone = await api.delete(link, headers=SEEN)
        read, twice = await api.get(link), await api.delete(link, headers=SEEN)

        assert (unseen.status_code, gone.status_code) == (428, 204)
        assert (read.status_code, read.json()["code"], twice.status_code) == (409, "evidence_withdrawn", 409)
        [note] = (await api.get(FILES)).json()["items"]
        assert (note["name"], note["withdrawn_at"]) == ("protokół 2024.pdf", "2026-11-24T09:00:00Z")
        assert (await api.get(OBSERVATIONS)).json()["items"][0]["evidence"] == [link]
        assert (await record(api, link)).status_code == 422

    async def test_is_undone_by_the_same_file(self, api: httpx.AsyncClient) -> None:
        link = (await send(api)).json()["link"]
        await api.delete(link, headers=SEEN)

        assert (await send(api)).status_code == 200
        assert (await api.get(link)).content == PDF
