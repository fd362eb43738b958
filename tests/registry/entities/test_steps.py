"""The life of an entity in the register and in the cluster."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.registry.conftest import Add


async def step(api: httpx.AsyncClient, entity: dict[str, Any], name: str, **body: Any) -> httpx.Response:
    return await api.post(f"/v1/entities/{entity['id']}/{name}", json=body)


async def join(api: httpx.AsyncClient, entity: dict[str, Any], code: str, **days: str) -> httpx.Response:
    return await api.post(f"/v1/groups/{code}/members", json={"entity": entity["id"], **days})


async def listed(api: httpx.AsyncClient, **parameters: Any) -> list[str]:
    answer = await api.get("/v1/entities", params=parameters)
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["items"]]


class TestRegistration:
    async def test_gives_a_number_that_people_can_write(self, api: httpx.AsyncClient, add: Add) -> None:
        entity = await add("Ala")
        assert (await step(api, entity, "apply", on="2020-02-01")).json()["registration"] == "applied"
        registered = (await step(api, entity, "register", on="2020-03-01")).json()
        assert (registered["registration"], registered["rbw_number"]) == ("registered", "RBW-000001")
        assert registered["registrations"] == [
            {"state": "applied", "from": "2020-02-01", "to": "2020-02-29"},
            {"state": "registered", "from": "2020-03-01", "to": None},
        ]

    async def test_answers_as_of_any_day(self, api: httpx.AsyncClient, add: Add) -> None:
        entity = await add("Ala")
        for name, day in (("apply", "2020-02-01"), ("register", "2020-03-01"), ("leave", "2022-05-10")):
            await step(api, entity, name, on=day)
        expected = {
            "2020-01-31": "none",
            "2020-02-01": "applied",
            "2020-02-29": "applied",
            "2020-03-01": "registered",
            "2022-05-09": "registered",
            "2022-05-10": "left",
            "2026-11-24": "left",
        }
        for day, state in expected.items():
            found = {
                asked: await listed(api, registration=asked, as_of=day)
                for asked in ("none", "applied", "registered", "left")
            }
            assert found == {asked: ["Ala"] if asked == state else [] for asked in found}, day

    async def test_leaves_no_trace_of_a_state_that_began_and_ended_on_one_day(
        self, api: httpx.AsyncClient, registered: Add
    ) -> None:
        entity = await registered("Ala", on="2020-01-01")
        assert [one["state"] for one in entity["registrations"]] == ["registered"]
        assert await listed(api, registration="registered", as_of="2020-01-01") == ["Ala"]

    async def test_keeps_the_number_of_whoever_comes_back(self, api: httpx.AsyncClient, registered: Add) -> None:
        entity = await registered("Ala")
        await registered("Ola")
        for name in ("leave", "apply", "register"):
            answer = await step(api, entity, name, on="2023-01-01")
        assert answer.json()["rbw_number"] == "RBW-000001"

    async def test_notes_why_an_application_was_rejected(self, api: httpx.AsyncClient, add: Add) -> None:
        entity = await add("Ala")
        await step(api, entity, "apply", on="2020-02-01")
        assert (await step(api, entity, "reject", on="2020-03-01")).status_code == 422
        rejected = (await step(api, entity, "reject", on="2020-03-01", note="poza zakresem")).json()
        assert rejected["registrations"][-1] == {"state": "rejected", "from": "2020-03-01", "to": None}

        noted = (await api.get(f"/v1/entities/{entity['id']}/registrations")).json()["items"]

        assert noted[-1] == {"state": "rejected", "from": "2020-03-01", "to": None, "note": "poza zakresem"}
        assert (await step(api, entity, "apply", on="2021-01-01")).json()["registration"] == "applied"

    async def test_keeps_notes_from_the_public_and_from_the_feed(
        self, api: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add
    ) -> None:
        entity = await add("Ala")
        await step(api, entity, "apply", on="2020-02-01", note="rozmowa z Janem Kowalskim")
        assert (await anybody.get(f"/v1/entities/{entity['id']}/registrations")).status_code == 403
        feed = await api.get("/v1/registry/changes?after=0&limit=1000")
        listed = await anybody.get("/v1/entities")
        assert "Kowalskim" not in feed.text + listed.text

    async def test_goes_back_to_none_when_an_application_is_withdrawn(self, api: httpx.AsyncClient, add: Add) -> None:
        entity = await add("Ala")
        await step(api, entity, "apply", on="2020-02-01")
        assert (await step(api, entity, "withdraw", on="2020-02-10")).json()["registration"] == "none"
        assert await listed(api, registration="applied", as_of="2020-02-09") == ["Ala"]
        assert await listed(api, registration="none", as_of="2020-02-10") == ["Ala"]
        answer = await step(api, entity, "apply", on="2020-02-05")
        assert (answer.status_code, answer.json()["rule"]) == (409, "before_last_step")

    @pytest.mark.parametrize(
        ("name", "body", "rule"),
        [
            ("register", {}, "wrong_state"),
            ("leave", {}, "wrong_state"),
            ("withdraw", {}, "wrong_state"),
            ("apply", {"on": "2026-11-25"}, "in_the_future"),
            ("apply", {"on": "2017-12-31"}, "before_founded"),
            ("apply", {"on": "2023-01-01"}, "after_closed"),
        ],
    )
    async def test_refuses_a_step_that_does_not_follow_and_names_the_rule(
        self, api: httpx.AsyncClient, add: Add, name: str, body: dict[str, str], rule: str
    ) -> None:
        entity = await add("Ala", founded_on="2018", closed_on="2022")
        answer = await step(api, entity, name, **body)
        assert (answer.status_code, answer.json()["code"], answer.json()["rule"]) == (409, "step_refused", rule)

    async def test_gives_every_one_of_many_at_once_a_number_of_its_own(self, api: httpx.AsyncClient, add: Add) -> None:
        entities = [await add(f"Firma {letter}") for letter in "ABCDEFGH"]
        for entity in entities:
            await step(api, entity, "apply", on="2020-01-01")
        answers = await asyncio.gather(*(step(api, entity, "register") for entity in entities))
        numbers = sorted(answer.json()["rbw_number"] for answer in answers)
        assert numbers == [f"RBW-{number:06d}" for number in range(1, 9)]

    async def test_lets_one_of_two_who_register_the_same_through(self, api: httpx.AsyncClient, add: Add) -> None:
        entity = await add("Ala")
        await step(api, entity, "apply", on="2020-01-01")
        answers = await asyncio.gather(*(step(api, entity, "register") for _ in range(2)))
        assert sorted(answer.status_code for answer in answers) == [200, 409]


class TestCooperation:
    async def test_holds_on_its_first_and_on_its_last_day(self, api: httpx.AsyncClient, registered: Add) -> None:
        entity = await registered("Ala")
        body = {"from": "2021-03-01", "to": "2022-06-30"}
        answer = await api.post(f"/v1/entities/{entity['id']}/cooperations", json=body)
        assert (answer.status_code, answer.json()["cooperations"]) == (201, [body])
        days = {"2021-02-28": [], "2021-03-01": ["Ala"], "2022-06-30": ["Ala"], "2022-07-01": []}
        assert {day: await listed(api, cooperating=True, as_of=day) for day in days} == days

    async def test_ends_on_the_day_the_entity_leaves(self, api: httpx.AsyncClient, registered: Add) -> None:
        entity = await registered("Ala")
        await api.post(f"/v1/entities/{entity['id']}/cooperations", json={"from": "2021-03-01"})
        left = (await step(api, entity, "leave", on="2022-01-01")).json()
        assert left["cooperations"] == [{"from": "2021-03-01", "to": "2021-12-31"}]

    async def test_can_be_ended_and_begun_again(self, api: httpx.AsyncClient, registered: Add) -> None:
        path = f"/v1/entities/{(await registered('Ala'))['id']}/cooperations"
        await api.post(path, json={"from": "2021-03-01"})
        assert (await api.post(f"{path}/end", json={"on": "2021-12-31"})).status_code == 200
        assert (await api.post(f"{path}/end", json={})).json()["rule"] == "nothing_open"
        assert (await api.post(path, json={"from": "2021-12-31"})).json()["rule"] == "overlap"
        again = await api.post(path, json={"from": "2022-01-01"})
        assert [one["from"] for one in again.json()["cooperations"]] == ["2021-03-01", "2022-01-01"]

    async def test_is_for_registered_entities(self, api: httpx.AsyncClient, add: Add) -> None:
        entity = await add("Ala")
        answer = await api.post(f"/v1/entities/{entity['id']}/cooperations", json={"from": "2021-03-01"})
        assert (answer.status_code, answer.json()["rule"]) == (409, "wrong_state")

    @pytest.mark.parametrize("body", [{}, {"from": None}, {"from": "2021-03-01", "to": "2021-02-28"}, {"from": "soon"}])
    async def test_needs_days_in_order(self, api: httpx.AsyncClient, registered: Add, body: dict[str, Any]) -> None:
        entity = await registered("Ala")
        assert (await api.post(f"/v1/entities/{entity['id']}/cooperations", json=body)).status_code == 422


class TestPartnership:
    async def test_is_refused_without_a_group_and_names_the_rule(self, api: httpx.AsyncClient, registered: Add) -> None:
        entity = await registered("Ala")
        answer = await api.post(f"/v1/entities/{entity['id']}/partnerships", json={"from": "2021-03-01"})
        assert (answer.status_code, answer.json()["code"]) == (409, "partner_in_sig")

    async def test_is_refused_where_a_day_of_it_lies_in_no_group(self, api: httpx.AsyncClient, registered: Add) -> None:
        entity = await registered("Ala")
        await join(api, entity, "talents", **{"from": "2021-01-01", "to": "2021-06-30"})
        await join(api, entity, "funding", **{"from": "2021-08-01"})
        answer = await api.post(f"/v1/entities/{entity['id']}/partnerships", json={"from": "2021-03-01"})
        assert answer.status_code == 409
        assert "2021-07-01" in answer.json()["detail"]

    async def test_holds_while_a_group_follows_the_other(self, api: httpx.AsyncClient, registered: Add) -> None:
        entity = await registered("Ala")
        await join(api, entity, "talents", **{"from": "2021-01-01"})
        path = f"/v1/entities/{entity['id']}/partnerships"
        assert (await api.post(path, json={"from": "2021-03-01"})).status_code == 201

        last = await api.post("/v1/groups/talents/members/leave", json={"entity": entity["id"], "on": "2022-01-31"})
        assert (last.status_code, last.json()["code"]) == (409, "partner_in_sig")

        await join(api, entity, "funding", **{"from": "2022-02-01"})
        left = await api.post("/v1/groups/talents/members/leave", json={"entity": entity["id"], "on": "2022-01-31"})
        assert left.status_code == 200
        assert await listed(api, partner=True, in_group=False) == []

    async def test_keeps_one_group_when_both_are_left_at_once(self, api: httpx.AsyncClient, registered: Add) -> None:
        entity = await registered("Ala")
        for code in ("talents", "funding"):
            await join(api, entity, code, **{"from": "2021-01-01"})
        await api.post(f"/v1/entities/{entity['id']}/partnerships", json={"from": "2021-03-01"})
        answers = await asyncio.gather(
            *(
                api.post(f"/v1/groups/{code}/members/leave", json={"entity": entity["id"]})
                for code in ("talents", "funding")
            )
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
