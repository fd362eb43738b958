"""Who registered is nobody's business but the office's."""

import re

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from tests.events.conftest import STARTUP, Add, FakeRegistry, ada


class TestRegister:
    async def test_tells_a_stranger_the_state_alone_first_and_again(self, anybody: httpx.AsyncClient, add: Add) -> None:
        event = await add()
        path = f"/v1/events/{event['id']}/registrations"
        first, second = [await anybody.post(path, json=ada()) for _ in range(2)]
        expires_at = "2026-11-25T09:00:00Z"  # a day to follow the link
        assert first.json() == {"event_id": event["id"], "state": "pending", "expires_at": expires_at, "id": None}
        assert (second.status_code, second.json()) == (first.status_code, first.json())
        assert "no-store" in first.headers["cache-control"]

    async def test_tells_the_office_that_a_person_is_registered_already(
        self, office: httpx.AsyncClient, add: Add
    ) -> None:
        path = f"/v1/events/{(await add())['id']}/registrations"
        placed = (await office.post(path, json=ada())).json()
        again = await office.post(path, json=ada())
        assert (again.status_code, again.json()["code"], again.json()["id"]) == (
            409,
            "already_registered",
            placed["id"],
        )

    @pytest.mark.parametrize(
        ("first", "second", "people"),
        [
            ("ada.p@gmail.com", "AdaP+news@googlemail.com", 1),
            ("Ada@Example.org", "ada@example.org", 1),
            ("ada.p@example.org", "adap@example.org", 2),
            ("ada+a@example.org", "ada+b@example.org", 2),
        ],
    )
    async def test_knows_one_person_by_their_address(
        self, office: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add, first: str, second: str, people: int
    ) -> None:
        path = f"/v1/events/{(await add())['id']}/registrations"
        for address in (first, second):
            assert (await anybody.post(path, json={"name": "Ada", "email": address})).status_code == 201
        assert len((await office.get(path)).json()["items"]) == people

    async def test_lets_nobody_rename_somebody(
        self, office: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add
    ) -> None:
        for name in ("Ada Przykładowa", "Podszywacz"):
            path = f"/v1/events/{(await add())['id']}/registrations"
            await anybody.post(path, json={"name": name, "email": "ada@example.org"})
        assert (await office.get(path)).json()["items"][0]["person"]["name"] == "Ada Przykładowa"

    @pytest.mark.parametrize("address", ["ada", "ada@", "ada@example", "a b@example.org", "ada@@example.org"])
    async def test_refuses_what_is_no_address(self, anybody: httpx.AsyncClient, add: Add, address: str) -> None:
        path = f"/v1/events/{(await add())['id']}/registrations"
        answer = await anybody.post(path, json={"name": "Ada", "email": address})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/email")

    async def test_takes_the_person_s_entity(
        self, office: httpx.AsyncClient, anybody: httpx.AsyncClient, registry: FakeRegistry, add: Add
    ) -> None:
        path = f"/v1/events/{(await add())['id']}/registrations"
        await anybody.post(path, json={**ada(), "entity_id": str(STARTUP)})
        assert (await office.get(path)).json()["items"][0]["entity_id"] == str(STARTUP)
        registry.away = True
        unknown = {**ada(2), "entity_id": "01900000-0000-7000-8000-0000000000ff"}
        assert (await anybody.post(path, json=unknown)).status_code == 503


class TestPersonalData:
    @pytest.mark.parametrize("what", ["registrations", "attendance"])
    async def test_is_shown_to_the_office_alone_and_every_look_is_written_down(
        self,
        app: FastAPI,
        office: httpx.AsyncClient,
        anybody: httpx.AsyncClient,
        follower: httpx.AsyncClient,
        device: httpx.AsyncClient,
        add: Add,
        what: str,
    ) -> None:
        path = f"/v1/events/{(await add())['id']}/{what}"
        for caller in (anybody, follower, device):
            assert (await caller.get(path)).status_code == 403
        answer = await office.get(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store")
        async with app.state.database.read() as session:
            looks = (await session.execute(text("SELECT actor, actor_role, list_name FROM personal_data_reads"))).all()
        assert [tuple(look) for look in looks] == [("test:office", "office", what)]

    async def test_stands_in_one_table_and_in_no_log(
        self, app: FastAPI, office: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add
    ) -> None:
        path = f"/v1/events/{(await add(starts_at='2026-11-24T10:00:00Z'))['id']}"
        key = {"Idempotency-Key": "one"}
        await anybody.post(f"{path}/registrations", json=ada(), headers=key)
        sheet = {"people": [{"person": ada(2)}]}
        assert (await office.post(f"{path}/attendance", json=sheet, headers=key)).status_code == 200
        feed = (await office.get("/v1/events/changes")).text
        assert '"collection":"people"' in feed
        for words in (feed, (await anybody.get(path)).text, (await anybody.get("/v1/events")).text):
            # Whole words, since a random id may hold the letters of a name.
            assert not re.search(r"\bada\d*\b", words, re.IGNORECASE)
        async with app.state.database.read() as session:
            for table in ("changes", "registrations", "attendance", "idempotency_keys", "events"):
                for row in (await session.execute(text(f"SELECT * FROM {table}"))).all():
                    assert "@example.org" not in str(row)
                    assert "Przykładowa" not in str(row)

    async def test_of_changes_is_logged_as_field_names_for_the_office(
        self, office: httpx.AsyncClient, follower: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add
    ) -> None:
        await anybody.post(f"/v1/events/{(await add())['id']}/registrations", json=ada())
        [change] = [
            item for item in (await office.get("/v1/events/changes")).json()["items"] if item["collection"] == "people"
        ]
        assert (change["kind"], change["changed"], change["record"]) == ("created", ["name", "email"], None)
        seen = {item["collection"] for item in (await follower.get("/v1/events/changes")).json()["items"]}
        assert not seen & {"people", "registrations"}
