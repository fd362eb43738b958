"""The feed of new events, read as feed readers do."""

from typing import Any
from xml.etree import ElementTree

import httpx
from fastapi import FastAPI

from tests.events.conftest import NOW, Add

ATOM = {"a": "http://www.w3.org/2005/Atom"}


async def feed(client: httpx.AsyncClient, language: str = "en", **asked: Any) -> ElementTree.Element:
    answer = await client.get("/v1/events.atom", params=asked, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)


def said(entry: ElementTree.Element, name: str) -> str:
    return entry.findtext(f"a:{name}", namespaces=ATOM) or ""


async def titles(client: httpx.AsyncClient, language: str = "en", **asked: Any) -> list[str]:
    return [said(entry, "title") for entry in (await feed(client, language, **asked)).findall("a:entry", ATOM)]


class TestFeed:
    async def test_has_what_the_standard_asks_for(self, anybody: httpx.AsyncClient, add: Add) -> None:
        event = await add("Śniadanie <z> nauką & biznesem", place="Kraków", series="school")
        found = await feed(anybody, "pl")
        [entry] = found.findall("a:entry", ATOM)
        for one in (found, entry):
            assert all(said(one, name) for name in ("id", "title", "updated"))
            assert one.find("a:author/a:name", ATOM) is not None
        assert said(entry, "id") == f"urn:uuid:{event['id']}"
        assert said(entry, "title") == "Śniadanie <z> nauką & biznesem"
        assert said(entry, "published") == "2026-11-24T09:00:00Z"
        assert said(entry, "summary") == "2026-11-25 17:00-20:00 (Europe/Warsaw), Kraków"
        assert [one.get("term") for one in entry.findall("a:category", ATOM)] == ["networking", "school"]
        links = {one.get("rel"): one.get("href") for one in found.findall("a:link", ATOM)}
        assert links["self"] == "http://127.0.0.1:8000/v1/events.atom"

    async def test_is_a_feed_before_there_is_anything(
        self, anybody: httpx.AsyncClient, office: httpx.AsyncClient
    ) -> None:
        assert (await office.get("/v1/events")).json()["items"] == []
        assert said(await feed(anybody), "updated") == "1970-01-01T00:00:00Z"

    async def test_goes_by_when_an_event_was_published(
        self, app: FastAPI, anybody: httpx.AsyncClient, office: httpx.AsyncClient, add: Add
    ) -> None:
        draft = await add("Pierwszy szkic", state="draft")
        await add("Drugie")
        assert await titles(anybody) == ["Drugie"]
        app.state.clock = lambda: NOW.replace(hour=10)
        await office.post(f"/v1/events/{draft['id']}/publish")
        assert await titles(anybody) == ["Pierwszy szkic", "Drugie"]
        await office.post(f"/v1/events/{draft['id']}/cancel")
        assert await titles(anybody, "pl") == ["Odwołane: Pierwszy szkic", "Drugie"]

    async def test_leaves_out_what_is_not_for_everybody_and_what_came_in_as_over(
        self, anybody: httpx.AsyncClient, office: httpx.AsyncClient, add: Add, held: Add
    ) -> None:
        await add("Dla partnerów", visibility="partners")
        await held("2025-05-05")
        assert await titles(anybody) == await titles(office) == []

    async def test_takes_the_filters_of_the_list(self, anybody: httpx.AsyncClient, add: Add) -> None:
        await add("Szkolenie", type="training")
        await add("Śniadanie")
        assert await titles(anybody, counts_as="training") == ["Szkolenie"]
        own = (await feed(anybody, counts_as="training")).find("a:link[@rel='self']", ATOM)
        assert own is not None
        assert own.get("href") == "http://127.0.0.1:8000/v1/events.atom?counts_as=training"

    async def test_is_not_sent_twice(self, anybody: httpx.AsyncClient, add: Add) -> None:
        await add()
        etag = (await anybody.get("/v1/events.atom")).headers["etag"]
        assert (await anybody.get("/v1/events.atom", headers={"If-None-Match": etag})).status_code == 304
        polish = await anybody.get("/v1/events.atom", headers={"If-None-Match": etag, "Accept-Language": "pl"})
        assert polish.status_code == 200
