"""Who sees an event: everybody, partners, or those of a special interest group; and what feeds are told of it."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from klaster_events.events.operations import get_event
from klaster_events.events.visibility import organises
from klaster_events.resources.following import follow_registry
from klaster_shared.testing.servers import calling
from tests.events.conftest import FOUNDATION, STARTUP, Add, FakeRegistry

IN_TALENTS = [{"code": "talents", "from": "2022-04-01", "to": None}]


@pytest.fixture
async def partner(base_url: str, app: FastAPI, office: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """A partner who speaks for the startup."""
    async with calling(base_url, app, "partner", entity=STARTUP) as client:
        yield client


async def joins(app: FastAPI, registry: FakeRegistry, groups: list[dict[str, Any]]) -> None:
    """The registry tells the startup's groups, and then is away."""
    registry.knows(STARTUP, "Cardiomatics", startup=True, groups=groups)
    await follow_registry(app.state.database, app.state.registry)
    registry.away = True


async def titles(client: httpx.AsyncClient, **asked: Any) -> list[str]:
    page = (await client.get("/v1/events", params={"count": "true", "sort": "title", **asked})).json()
    assert page["total"] == len(page["items"])
    return [item["title"] for item in page["items"]]


async def told(client: httpx.AsyncClient, event_id: str) -> list[str]:
    """What a follower of the feed is told of an event."""
    items = (await client.get("/v1/events/changes")).json()["items"]
    return [item["kind"] for item in items if item["id"] == event_id]


class TestPartners:
    async def test_see_their_events_and_nobody_else_does(
        self,
        office: httpx.AsyncClient,
        partner: httpx.AsyncClient,
        anybody: httpx.AsyncClient,
        follower: httpx.AsyncClient,
        add: Add,
    ) -> None:
        event = await add("Dla partnerów", visibility="partners")
        await add("Dla wszystkich")
        assert await titles(office) == await titles(partner) == ["Dla partnerów", "Dla wszystkich"]
        assert await titles(anybody) == await titles(follower) == ["Dla wszystkich"]
        assert await titles(partner, visibility="partners") == ["Dla partnerów"]
        path = f"/v1/events/{event['id']}"
        assert [(await one.get(path)).status_code for one in (partner, anybody, follower)] == [200, 404, 404]
        assert (await partner.get(path)).headers["cache-control"] == "private, no-cache"
        assert (await partner.get("/v1/events")).headers["cache-control"] == "private, no-cache"

    async def test_see_no_drafts(self, partner: httpx.AsyncClient, add: Add) -> None:
        await add(state="draft", visibility="partners", organiser=str(STARTUP))
        assert await titles(partner) == []


class TestGroup:
    async def test_shows_its_events_to_its_partners_also_while_the_registry_is_away(
        self,
        app: FastAPI,
        registry: FakeRegistry,
        partner: httpx.AsyncClient,
        anybody: httpx.AsyncClient,
        add: Add,
    ) -> None:
        event = await add("Talenty", visibility="sig", sig="talents")
        await add("Finanse", visibility="sig", sig="funding")
        assert await titles(partner) == []
        await joins(app, registry, IN_TALENTS)
        assert await titles(partner) == ["Talenty"]
        assert (await partner.get(f"/v1/events/{event['id']}")).status_code == 200
        assert await titles(anybody) == []

    @pytest.mark.parametrize(
        ("first", "last", "seen"),
        [
            (None, None, True),
            ("2026-11-24", "2026-11-24", True),
            ("2022-04-01", "2026-11-23", False),
            ("2026-11-25", None, False),
        ],
    )
    async def test_is_that_of_today_with_both_ends(
        self,
        app: FastAPI,
        registry: FakeRegistry,
        partner: httpx.AsyncClient,
        add: Add,
        first: str | None,
        last: str | None,
        seen: bool,
    ) -> None:
        await add("Talenty", visibility="sig", sig="talents")
        await joins(app, registry, [{"code": "talents", "from": first, "to": last}])
        assert await titles(partner) == (["Talenty"] if seen else [])

    async def test_is_that_of_the_entity_one_lives_on_in(
        self, app: FastAPI, registry: FakeRegistry, partner: httpx.AsyncClient, add: Add
    ) -> None:
        survivor = uuid4()
        registry.knows(survivor, "Cardiomatics Grupa", groups=IN_TALENTS)
        registry.tell("merged", STARTUP, None, merged_into=str(survivor))
        await follow_registry(app.state.database, app.state.registry)
        await add("Talenty", visibility="sig", sig="talents")
        assert await titles(partner) == ["Talenty"]

    async def test_has_to_be_named(self, office: httpx.AsyncClient, add: Add) -> None:
        event = await add(sig="talents", visibility="sig")
        path, anything = f"/v1/events/{event['id']}", {"If-Match": "*"}
        answer = await office.patch(path, json={"sig": None}, headers=anything)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/sig")
        both = await office.patch(path, json={"sig": None, "visibility": "public"}, headers=anything)
        assert both.json()["visibility"] == "public"


class TestOrganiser:
    async def test_sees_the_event_and_its_link(
        self, partner: httpx.AsyncClient, anybody: httpx.AsyncClient, office: httpx.AsyncClient, add: Add
    ) -> None:
        link = "https://meet.example.org/secret"
        own = await add("Własne", visibility="sig", sig="talents", co_organisers=[str(STARTUP)])
        other = await add("Cudze")
        for event in (own, other):
            body = {"online": True, "online_url": link}
            await office.patch(f"/v1/events/{event['id']}", json=body, headers={"If-Match": "*"})
        items = (await partner.get("/v1/events", params={"sort": "-title"})).json()["items"]
        assert [(item["title"], item["online_url"]) for item in items] == [("Własne", link), ("Cudze", None)]
        assert (await partner.get(f"/v1/events/{own['id']}")).json()["online_url"] == link
        assert (await office.get(f"/v1/events/{other['id']}")).json()["online_url"] == link
        assert (await anybody.get(f"/v1/events/{other['id']}")).json()["online_url"] is None

    async def test_is_whoever_the_entity_has_become(self, app: FastAPI, registry: FakeRegistry, add: Add) -> None:
        old, new = uuid4(), uuid4()
        for entity_id in (old, new):
            registry.knows(entity_id, str(entity_id))
        await follow_registry(app.state.database, app.state.registry)
        event = await add(co_organisers=[str(old)])
        registry.tell("merged", old, None, merged_into=str(new))
        await follow_registry(app.state.database, app.state.registry)
        async with app.state.database.read() as session:
            found = await get_event(session, event_id=UUID(event["id"]))
            answers = [await organises(session, event=found, entity=one) for one in (FOUNDATION, old, new, STARTUP)]
        assert answers == [True, True, True, False]


class TestFeed:
    async def test_creates_what_enters_an_audience_and_deletes_what_leaves_it(
        self, office: httpx.AsyncClient, follower: httpx.AsyncClient, add: Add
    ) -> None:
        event = await add(state="draft")
        path, anything = f"/v1/events/{event['id']}", {"If-Match": "*"}
        assert await told(follower, event["id"]) == []
        await office.post(f"{path}/publish")
        await office.patch(path, json={"place": "Kraków"}, headers=anything)
        await office.patch(path, json={"visibility": "partners"}, headers=anything)
        await office.patch(path, json={"place": "Łódź"}, headers=anything)
        await office.patch(path, json={"visibility": "public"}, headers=anything)
        assert await told(follower, event["id"]) == ["created", "updated", "deleted", "created"]
        items = (await follower.get("/v1/events/changes")).json()["items"]
        assert [item["record"]["place"] if item["record"] else None for item in items if item["id"] == event["id"]] == [
            None,
            "Kraków",
            None,
            "Łódź",
        ]

    async def test_that_has_lost_an_event_is_not_told_that_it_is_gone(
        self, office: httpx.AsyncClient, follower: httpx.AsyncClient, add: Add
    ) -> None:
        event = await add(visibility="partners")
        await office.delete(f"/v1/events/{event['id']}", headers={"If-Match": "*"})
        assert await told(follower, event["id"]) == []
        assert await told(office, event["id"]) == ["created", "deleted"]

    async def test_never_holds_the_link_to_join(self, office: httpx.AsyncClient, add: Add) -> None:
        event = await add(online=True, online_url="https://meet.example.org/secret")
        answer = await office.patch(
            f"/v1/events/{event['id']}",
            json={"online_url": "https://meet.example.org/other"},
            headers={"If-Match": "*"},
        )
        assert answer.json()["sequence"] == 1
        feed = (await office.get("/v1/events/changes")).text
        assert "online_url" in feed
        assert "meet.example.org" not in feed
