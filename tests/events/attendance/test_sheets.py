"""Signed sheets: different people, counted once each, however the sheets come in."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.events.conftest import STARTUP, Add, ada

TODAY = {"starts_at": "2026-11-24T10:00:00Z", "ends_at": "2026-11-24T12:00:00Z"}


def sheet(*numbers: int, **more: Any) -> dict[str, Any]:
    """Walk-ins by number."""
    return {"people": [{"person": ada(number), **more} for number in numbers]}


class TestRecordSheet:
    async def test_counts_registered_people_and_walk_ins_once(
        self, office: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add
    ) -> None:
        path = f"/v1/events/{(await add(**TODAY))['id']}"
        registered = (await office.post(f"{path}/registrations", json={**ada(1), "entity_id": str(STARTUP)})).json()
        lines = [{"registration_id": registered["id"]}, {"person": ada(1)}, {"person": ada(2)}]
        first = (await office.post(f"{path}/attendance", json={"people": lines})).json()
        assert (first["recorded"], first["present"]) == (2, 2)
        again = (await office.post(f"{path}/attendance", json={"people": lines})).json()
        assert (again["recorded"], again["corrected"], again["unchanged"], again["present"]) == (0, 0, 2, 2)
        assert (await anybody.get(path)).json()["present"] == 2
        listed = (await office.get(f"{path}/attendance")).json()["items"]
        known = next(item for item in listed if item["registration_id"] == registered["id"])
        assert (known["person"]["email"], known["entity_id"]) == ("ada1@example.org", str(STARTUP))
        of_entity = await office.get("/v1/participations", params={"entity": str(STARTUP), "count": "true"})
        assert (of_entity.json()["total"], of_entity.json()["items"][0]["entity_id"]) == (1, str(STARTUP))

    async def test_lets_a_later_sheet_correct_an_earlier_one(self, office: httpx.AsyncClient, add: Add) -> None:
        path = f"/v1/events/{(await add(**TODAY))['id']}/attendance"
        await office.post(path, json=sheet(1, 2))
        answer = (await office.post(path, json=sheet(2, present=False))).json()
        assert (answer["corrected"], answer["present"]) == (1, 1)
        assert len((await office.get(path, params={"present": "false"})).json()["items"]) == 1

    async def test_takes_sheets_of_several_devices_at_once(self, office: httpx.AsyncClient, add: Add) -> None:
        path = f"/v1/events/{(await add(**TODAY))['id']}"
        parts = [sheet(*range(start, start + 12)) for start in range(0, 40, 4)]
        answers = await asyncio.gather(*(office.post(f"{path}/attendance", json=part) for part in parts))
        assert {answer.status_code for answer in answers} == {200}
        assert sum(answer.json()["recorded"] for answer in answers) == 48
        assert (await office.get(path)).json()["present"] == 48

    async def test_takes_five_hundred_lines_and_no_more(self, office: httpx.AsyncClient, add: Add) -> None:
        path = f"/v1/events/{(await add(**TODAY))['id']}/attendance"
        assert (await office.post(path, json=sheet(*range(500)))).json()["present"] == 500
        assert (await office.post(path, json=sheet(*range(501)))).status_code == 422

    async def test_refuses_a_registration_of_another_event_with_its_place(
        self, office: httpx.AsyncClient, add: Add
    ) -> None:
        other = f"/v1/events/{(await add(**TODAY))['id']}/registrations"
        registered = (await office.post(other, json=ada())).json()["id"]
        path = f"/v1/events/{(await add(**TODAY))['id']}/attendance"
        answer = await office.post(path, json={"people": [{"person": ada(2)}, {"registration_id": registered}]})
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json()["errors"]] == ["/people/1/registration_id"]
        assert (await office.get(path)).json()["items"] == []

    @pytest.mark.parametrize("state", ["draft", "published"])
    async def test_refuses_what_nobody_can_have_come_to(self, office: httpx.AsyncClient, add: Add, state: str) -> None:
        path = f"/v1/events/{(await add(state=state))['id']}/attendance"
        answer = await office.post(path, json=sheet(1))
        assert (answer.status_code, answer.json()["code"]) == (409, "nobody_can_have_come")

    async def test_needs_one_of_person_and_registration(self, office: httpx.AsyncClient, add: Add) -> None:
        path = f"/v1/events/{(await add(**TODAY))['id']}/attendance"
        assert (await office.post(path, json={"people": [{"present": True}]})).status_code == 422
