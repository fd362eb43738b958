"""A printer gets names, entities and codes, and nothing else."""

import csv
from io import StringIO

import httpx
from fastapi import FastAPI

from klaster_shared.testing.servers import calling
from tests.events.conftest import FOUNDATION, STARTUP, Add


class TestExport:
    async def test_holds_what_a_badge_needs_by_name(self, office: httpx.AsyncClient, add: Add) -> None:
        path = f"/v1/events/{(await add(capacity=3))['id']}"
        people = [("Łucja", "l@example.org"), ("Anna", "a@example.org"), ("=Bot()", "b@example.org"), ("Zoe", "z@e.pl")]
        for name, email in people:
            body = {"name": name, "email": email, "entity_id": str(STARTUP)}
            assert (await office.post(f"{path}/registrations", json=body)).status_code == 201
        items = (await office.get(f"{path}/badges")).json()["items"]
        assert [item["name"] for item in items] == ["=Bot()", "Anna", "Łucja"]
        assert {item["entity"] for item in items} == {"Cardiomatics"}
        assert all(set(item) == {"name", "entity", "code"} and len(item["code"]) == 16 for item in items)
        table = await office.get(f"{path}/badges", params={"format": "csv"})
        assert (table.headers["content-type"], table.headers["cache-control"]) == (
            "text/csv; charset=utf-8",
            "private, no-store",
        )
        rows = list(csv.reader(StringIO(table.text)))
        assert [row[0] for row in rows] == ["name", "'=Bot()", "Anna", "Łucja"]
        assert "@" not in table.text

    async def test_of_nobody_is_empty(self, office: httpx.AsyncClient, add: Add) -> None:
        path = f"/v1/events/{(await add())['id']}/badges"
        assert (await office.get(path)).json() == {"items": []}
        assert (await office.get(path, params={"format": "csv"})).text == "name,entity,code\r\n"

    async def test_is_for_office_and_organiser_and_every_look_is_recorded(
        self, app: FastAPI, base_url: str, office: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add
    ) -> None:
        path = f"/v1/events/{(await add())['id']}/badges"
        assert (await anybody.get(path)).status_code == 403
        async with calling(base_url, app, "partner", entity=STARTUP) as partner:
            assert (await partner.get(path)).status_code == 403
        async with calling(base_url, app, "partner", entity=FOUNDATION) as organiser:
            assert (await organiser.get(path)).status_code == 200
        async with calling(base_url, app, "admin") as admin:
            looks = (await admin.get("/v1/privacy/looks", params={"shown": "badges"})).json()["items"]
        assert [look["role"] for look in looks] == ["partner"]
