"""One event in its forms: the record, with its agenda, and as schema.org's Event."""

from typing import Any

import httpx
import pytest

from tests.events.conftest import STARTUP, Add

LINK = "https://meet.example.org/secret"
SESSION = {
    "title": {"pl": "Otwarcie", "en": "Opening"},
    "starts_at": "2026-11-25T17:00:00+01:00",
    "ends_at": "2026-11-25T17:30:00+01:00",
    "room": "Sala A",
    "speakers": [{"name": "Olga Wzorcowa"}],
}


async def linked(client: httpx.AsyncClient, path: str, **asked: str) -> dict[str, Any]:
    answer = await client.get(path, params=asked, headers={"Accept": "application/ld+json"})
    assert answer.headers["content-type"] == "application/ld+json"
    document: dict[str, Any] = answer.json()
    return document


class TestAgenda:
    async def test_stands_in_the_record_where_it_is_asked_for(
        self, anybody: httpx.AsyncClient, office: httpx.AsyncClient, add: Add
    ) -> None:
        path = f"/v1/events/{(await add())['id']}"
        await office.post(f"{path}/sessions", json=SESSION)
        plain = await anybody.get(path)
        assert "sessions" not in plain.json()
        assert plain.headers["cache-control"] == "public, no-cache"
        full = await anybody.get(path, params={"include": "sessions"})
        assert [one["speakers"][0]["name"] for one in full.json()["sessions"]] == ["Olga Wzorcowa"]
        assert full.headers["cache-control"] == "private, no-store"
        assert (await anybody.get(path, params={"include": "people"})).status_code == 422

    async def test_leaves_the_version_good_for_a_change(self, office: httpx.AsyncClient, add: Add) -> None:
        path = f"/v1/events/{(await add())['id']}"
        etag = (await office.get(path, params={"include": "sessions"})).headers["etag"]
        assert (await office.patch(path, json={"place": "A"}, headers={"If-Match": etag})).status_code == 200


class TestLinkedData:
    async def test_says_what_search_engines_ask_for(
        self, anybody: httpx.AsyncClient, office: httpx.AsyncClient, add: Add
    ) -> None:
        event = await add(
            place="Kraków",
            online=True,
            online_url=LINK,
            capacity=20,
            languages=["pl", "en"],
            co_organisers=[str(STARTUP)],
            series="school",
            description={"pl": "O nauce.", "en": "On science."},
        )
        path = f"/v1/events/{event['id']}"
        await office.post(f"{path}/sessions", json=SESSION)
        document = await linked(anybody, path)
        assert document["@type"] == "Event"
        assert document["startDate"] == "2026-11-25T17:00:00+01:00"
        assert document["eventStatus"] == "https://schema.org/EventScheduled"
        assert document["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
        assert [one["@type"] for one in document["location"]] == ["Place", "VirtualLocation"]
        assert [one["name"] for one in document["organizer"]] == ["Fundacja", "Cardiomatics"]
        assert (document["remainingAttendeeCapacity"], document["inLanguage"]) == (20, ["pl", "en"])
        assert document["offers"][0]["availability"] == "https://schema.org/InStock"
        assert document["superEvent"]["@type"] == "EventSeries"
        assert document["subEvent"][0]["name"] == "Opening"
        assert not {LINK, "Wzorcowa"} & set(str(document).split())
        assert LINK not in str(document)
        assert "Wzorcowa" not in str(document)

    @pytest.mark.parametrize(("step", "status"), [("postpone", "EventPostponed"), ("cancel", "EventCancelled")])
    async def test_says_what_became_of_it(
        self, anybody: httpx.AsyncClient, office: httpx.AsyncClient, add: Add, step: str, status: str
    ) -> None:
        path = f"/v1/events/{(await add())['id']}"
        await office.post(f"{path}/{step}")
        assert (await linked(anybody, path))["eventStatus"] == f"https://schema.org/{status}"

    async def test_is_chosen_by_parameter_before_the_header(self, anybody: httpx.AsyncClient, add: Add) -> None:
        path = f"/v1/events/{(await add())['id']}"
        assert (await anybody.get(path, params={"format": "jsonld"})).headers["content-type"] == "application/ld+json"
        asked = await anybody.get(path, params={"format": "json"}, headers={"Accept": "application/ld+json"})
        assert asked.headers["content-type"] == "application/json"
        assert asked.headers["vary"] == "Accept, Accept-Language"
        both = await linked(anybody, path, lang="all")
        assert [one["@language"] for one in both["name"]] == ["pl", "en"]

    async def test_is_not_sent_twice(self, anybody: httpx.AsyncClient, add: Add) -> None:
        path = f"/v1/events/{(await add())['id']}?format=jsonld"
        etag = (await anybody.get(path)).headers["etag"]
        assert (await anybody.get(path, headers={"If-None-Match": etag})).status_code == 304

    async def test_of_what_one_may_not_see_is_not_there(self, anybody: httpx.AsyncClient, add: Add) -> None:
        path = f"/v1/events/{(await add(visibility='partners'))['id']}"
        assert (await anybody.get(path, params={"format": "jsonld"})).status_code == 404
