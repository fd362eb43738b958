"""What the registry shows as shared is known here, and how it is booked is its owner's to say."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from klaster_events.resources.following import follow_registry
from tests.events.bookings.conftest import *  # noqa: F403 # the same laboratory
from tests.events.bookings.conftest import HOSPITAL, LAB, RESOURCES, SERVICE, lab, rule, rules, service, wrong
from tests.events.conftest import FOUNDATION, FakeRegistry


async def shown(client: httpx.AsyncClient, **asked: Any) -> list[str]:
    answer = await client.get(RESOURCES, params={"lang": "pl", **asked})
    assert answer.status_code == 200, answer.text
    return [one["name"] for one in answer.json()["items"]]


async def heard(app: FastAPI) -> None:
    await follow_registry(app.state.database, app.state.registry)


@pytest.mark.usefixtures("shared")
class TestCopy:
    async def test_shows_what_is_shared_on_the_day(
        self, app: FastAPI, anybody: httpx.AsyncClient, registry: FakeRegistry
    ) -> None:
        assert await shown(anybody) == ["Pracownia NMR", "Widma NMR"]
        assert await shown(anybody, kind="service") == ["Widma NMR"]
        assert await shown(anybody, q="pracow", field="medicine", owner=str(FOUNDATION)) == ["Pracownia NMR"]
        assert await shown(anybody, as_of="2022-05-31") == []
        registry.shares(lab(shared={"from": "2022-06-01", "to": "2026-11-23"}))
        registry.shares(service(shared=None), "lab_services")
        await heard(app)
        assert await shown(anybody) == []
        assert await shown(anybody, as_of="2026-11-23") == ["Pracownia NMR"]

    async def test_reads_on_page_by_page_and_counts(self, anybody: httpx.AsyncClient) -> None:
        first = (await anybody.get(RESOURCES, params={"limit": 1, "count": "true"})).json()
        second = (await anybody.get(RESOURCES, params={"limit": 1, "cursor": first["next"]})).json()
        assert (first["total"], second["next"]) == (2, None)
        assert {one["id"] for page in (first, second) for one in page["items"]} == {str(LAB), str(SERVICE)}

    async def test_stays_as_it_is_while_the_registry_is_away(
        self, app: FastAPI, anybody: httpx.AsyncClient, registry: FakeRegistry
    ) -> None:
        registry.away = True
        await heard(app)
        assert await shown(anybody) == ["Pracownia NMR", "Widma NMR"]

    async def test_follows_a_laboratory_that_changes_hands_with_its_services(
        self, app: FastAPI, anybody: httpx.AsyncClient, registry: FakeRegistry
    ) -> None:
        registry.shares(lab(owner={"id": str(HOSPITAL), "name": "Szpital"}))
        await heard(app)
        assert await shown(anybody, owner=str(HOSPITAL)) == ["Pracownia NMR", "Widma NMR"]

    async def test_forgets_what_is_deleted_there_and_passes_over_what_it_cannot_read(
        self, app: FastAPI, anybody: httpx.AsyncClient, registry: FakeRegistry
    ) -> None:
        registry.tell("deleted", SERVICE, None, collection="lab_services")
        registry.shares(lab(name="no label"))
        await heard(app)
        assert await shown(anybody) == ["Pracownia NMR"]

    async def test_tells_its_own_feed_what_is_new_and_nothing_twice(
        self, app: FastAPI, follower: httpx.AsyncClient, registry: FakeRegistry
    ) -> None:
        async def told() -> list[str]:
            items = (await follower.get("/v1/events/changes", params={"after": 0, "limit": 1000})).json()["items"]
            return [one["record"]["name"]["pl"] for one in items if one["collection"] == "resources"]

        assert sorted(await told()) == ["Pracownia NMR", "Widma NMR"]
        registry.shares(lab())
        registry.shares(lab(price=None))
        await heard(app)
        assert len(await told()) == 2

    async def test_answers_404_for_what_is_not_shared(self, anybody: httpx.AsyncClient) -> None:
        answer = await anybody.get(f"{RESOURCES}/{HOSPITAL}")
        assert (answer.status_code, answer.json()["code"]) == (404, "resource_not_found")


@pytest.mark.usefixtures("shared")
class TestRules:
    async def test_are_the_owner_s_and_seen_by_everybody_but_for_the_contact(
        self, anybody: httpx.AsyncClient, owner: httpx.AsyncClient, stranger: httpx.AsyncClient
    ) -> None:
        path = f"{RESOURCES}/{LAB}/booking-rules"
        refused = await stranger.put(path, json=rules(), headers={"If-Match": "*"})
        assert await wrong(refused) == (403, "not_your_resource")
        record = await rule(owner, contact={"name": "Ola Opiekunka", "email": "ola@example.org"})
        assert (await owner.put(path, json=rules())).status_code == 428
        assert (record["booking"]["zone"], record["booking"]["terms"]["version"]) == ("Europe/Warsaw", 1)
        seen = await anybody.get(f"{RESOURCES}/{LAB}", params={"lang": "pl"})
        assert seen.json()["booking"]["terms"] == {"version": 1, "text": "Szkolenie na miejscu"}
        assert "Ola" not in seen.text
        assert (await owner.get(f"{RESOURCES}/{LAB}/contact")).json()["name"] == "Ola Opiekunka"
        assert (await stranger.get(f"{RESOURCES}/{LAB}/contact")).status_code == 403
        assert await shown(anybody, bookable="true") == ["Pracownia NMR"]
        assert await shown(anybody, bookable="false") == ["Widma NMR"]

    async def test_count_their_terms_and_keep_those_that_hold(self, owner: httpx.AsyncClient) -> None:
        versions = []
        for terms in ("Jedne", "Jedne", "Drugie", None, "Drugie"):
            record = await rule(owner, terms={"pl": terms, "en": terms} if terms else None)
            versions.append(record["booking"]["terms"] and record["booking"]["terms"]["version"])
        assert versions == [1, 1, 2, None, 2]

    async def test_that_make_no_sense_are_refused(self, owner: httpx.AsyncClient) -> None:
        monday = {"weekday": 1, "from": "08:00", "to": "16:00"}
        cases: list[tuple[dict[str, Any], str]] = [
            ({"hours": []}, "/hours"),
            ({"hours": [{**monday, "to": "08:00"}]}, "/hours/0/to"),
            ({"hours": [{**monday, "from": "08:10"}]}, "/hours/0/from"),
            ({"hours": [monday, {**monday, "from": "15:00"}]}, "/hours"),
            ({"slot_minutes": 50}, "/slot_minutes"),
            ({"slot_minutes": 1440, "most_slots": 8}, "/most_slots"),
            ({"colour": "red"}, "/colour"),
        ]
        for said, pointer in cases:
            answer = await owner.put(f"{RESOURCES}/{LAB}/booking-rules", json=rules(**said), headers={"If-Match": "*"})
            assert await wrong(answer) == (422, pointer), said
