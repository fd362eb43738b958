"""Projects and consortia: their days, their partners, what they are worth."""

from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

from klaster_registry.projects.operations import move_entity, projects_by_group
from klaster_registry.projects.schemas import ProjectRead
from tests.registry.conftest import NOW, Add

TITLE = {"pl": "Wspólna ścieżka", "en": "A shared path"}


def titled(name: str) -> dict[str, str]:
    return {"pl": name, "en": f"{name} in English"}


async def create(api: httpx.AsyncClient, name: str, **properties: Any) -> dict[str, Any]:
    answer = await api.post("/v1/projects", json={"title": titled(name), **properties})
    assert answer.status_code == 201, answer.text
    project: dict[str, Any] = answer.json()
    return project


async def found(api: httpx.AsyncClient, **parameters: Any) -> list[str]:
    answer = await api.get("/v1/projects", params={**parameters, "lang": "pl"})
    assert answer.status_code == 200, answer.text
    return [one["title"] for one in answer.json()["items"]]


class TestDays:
    async def test_make_the_state_of_the_day_asked_for(self, api: httpx.AsyncClient) -> None:
        await create(api, "Bieżący", starts_on="2020-01-01", ends_on="2022-12-31")
        await create(api, "Odwołany", starts_on="2020-01-01", ends_on="2022-12-31", cancelled_on="2021-06-01")
        await create(api, "Nigdy", starts_on="2020-01-01", cancelled_on="2019-06-01")
        await create(api, "Zamysł")
        states = {
            day: [one["state"] for one in (await api.get(f"/v1/projects?as_of={day}&lang=pl")).json()["items"]]
            for day in ("2019-12-31", "2020-01-01", "2021-05-31", "2021-06-01", "2022-12-31", "2023-01-01")
        }
        # By title: Bieżący, Nigdy, Odwołany, Zamysł.
        assert states == {
            "2019-12-31": ["planned", "cancelled", "planned", "planned"],
            "2020-01-01": ["running", "cancelled", "running", "planned"],
            "2021-05-31": ["running", "cancelled", "running", "planned"],
            "2021-06-01": ["running", "cancelled", "cancelled", "planned"],
            "2022-12-31": ["running", "cancelled", "cancelled", "planned"],
            "2023-01-01": ["finished", "cancelled", "cancelled", "planned"],
        }
        for day, of_day in states.items():
            for state in ("planned", "running", "finished", "cancelled"):
                assert len(await found(api, state=state, as_of=day)) == of_day.count(state), (day, state)
        assert await found(api, running=True, as_of="2021-06-01") == ["Bieżący"]
        assert await found(api, running=False, as_of="2021-06-01") == ["Nigdy", "Odwołany", "Zamysł"]
        assert await found(api, running_from="2021-06-01", running_to="2021-12-31") == ["Bieżący"]
        assert await found(api, running_from="2019-01-01") == ["Bieżący", "Odwołany"]
        assert await found(api, started_from="2020-01-01", started_to="2020-12-31") == ["Bieżący", "Odwołany"]
        assert await found(api, started_from="2020-01-02") == []

    async def test_are_refused_the_wrong_way_round(self, api: httpx.AsyncClient) -> None:
        refused: list[tuple[Any, str]] = [
            ({"starts_on": "2022-01-01", "ends_on": "2021-12-31"}, "/ends_on"),
            ({"ends_on": "2021-12-31"}, "/starts_on"),
            ({"starts_on": "2020-01-01", "ends_on": "2021-12-31", "cancelled_on": "2022-01-01"}, "/cancelled_on"),
            ({"starts_on": "9999-12-31"}, "/starts_on"),
        ]
        for days, pointer in refused:
            answer = await api.post("/v1/projects", json={"title": TITLE, **days})
            assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer), answer.text


class TestPartners:
    async def test_are_entities_organisations_abroad_or_only_named(self, api: httpx.AsyncClient, add: Add) -> None:
        entity = await add("Ala", seat={"city": "Kraków", "country": "PL"})
        german = await add("Charité", seat={"city": "Berlin", "country": "DE"})
        abroad = {"name": "MaaT", "kind": "company", "country": "FR"}
        hq = (await api.post("/v1/foreign-hqs", json=abroad)).json()
        project = await create(
            api,
            "Cztery",
            starts_on="2020-01-01",
            partners=[
                {"entity": entity["id"], "role": "coordinator"},
                {"foreign_hq": hq["id"], "from": "2021-01-01", "to": "2021-12-31"},
                {"name": "Uczelnia", "country": "CZ", "from": "2022-01-01"},
            ],
        )
        ProjectRead.model_validate(project)
        first, second, third = project["partners"]
        assert (first["entity"], first["role"]) == ({"id": entity["id"], "name": "Ala"}, "coordinator")
        assert second["foreign_hq"] == {"id": hq["id"], "name": "MaaT", "country": "FR"}
        assert (third["name"], third["country"], third["from"], third["to"]) == ("Uczelnia", "CZ", "2022-01-01", None)
        await create(api, "U nas", partners=[{"entity": entity["id"]}, {"name": "Sąsiad", "country": "PL"}])
        await create(api, "W Berlinie", partners=[{"entity": german["id"]}])
        assert await found(api, entity=entity["id"]) == ["Cztery", "U nas"]
        assert await found(api, foreign_partner=True) == ["Cztery", "W Berlinie"]
        assert await found(api, foreign_partner=False) == ["U nas"]
        assert await found(api, foreign_partner=True, as_of="2020-12-31") == ["W Berlinie"]
        assert await found(api, foreign_partner=False, home="DE", as_of="2020-12-31") == ["W Berlinie"]

    async def test_take_no_part_before_they_were_founded(self, api: httpx.AsyncClient, add: Add) -> None:
        entity = await add("Ala", founded_on="2021-06")
        early = {"title": TITLE, "starts_on": "2021-05-31", "partners": [{"name": "X"}, {"entity": entity["id"]}]}
        answer = await api.post("/v1/projects", json=early)
        assert answer.status_code == 422
        [error] = answer.json()["errors"]
        assert (error["pointer"], error["code"]) == ("/partners/1/from", "before_founded")
        kept = await create(api, "Z zewnątrz", **{**early, "title": TITLE, "source": "cordis"})
        assert [one["doubt"] for one in kept["partners"]] == [None, "before_founded"]
        fits = await create(api, "Później", starts_on="2021-06-01", partners=[{"entity": entity["id"]}])
        moved = await api.patch(
            f"/v1/projects/{fits['id']}", json={"starts_on": "2020-01-01"}, headers={"If-Match": "*"}
        )
        assert (moved.status_code, moved.json()["errors"][0]["pointer"]) == (422, "/starts_on")

    async def test_are_refused_with_the_place(self, api: httpx.AsyncClient) -> None:
        refused: list[tuple[Any, str]] = [
            ([{"role": "partner"}], "/partners/0/name"),
            ([{"entity": "RBW-000009", "name": "Ala"}], "/partners/0/name"),
            ([{"entity": "RBW-000009", "country": "PL"}], "/partners/0/country"),
            ([{"entity": "RBW-000009"}], "/partners/0/entity"),
            ([{"entity": "019ab000-0000-7000-8000-000000000000"}], "/partners/0/entity"),
            ([{"name": "A"}, {"foreign_hq": "019ab000-0000-7000-8000-000000000000"}], "/partners/1/foreign_hq"),
            ([{"name": "Ala"}, {"name": "ala", "from": "2022-01-01"}], "/partners"),
            ([{"name": "A", "role": "coordinator"}, {"name": "B", "role": "coordinator"}], "/partners"),
            ([{"name": "A", "country": "XX"}], "/partners/0/country"),
            ([{"name": "A", "from": "2022-01-01", "to": "2021-01-01"}], "/partners/0/to"),
            ([{"name": "A", "from": "9999-12-31"}], "/partners/0/from"),
        ]
        for partners, pointer in refused:
            answer = await api.post("/v1/projects", json={"title": TITLE, "partners": partners})
            assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer), answer.text

    async def test_follow_a_merge_and_become_one_stay(self, app: FastAPI, api: httpx.AsyncClient, add: Add) -> None:
        old, new = await add("Stara"), await add("Nowa")
        partners = [
            {"entity": new["id"], "from": "2021-01-01"},
            {"entity": old["id"], "role": "coordinator", "from": "2020-01-01", "to": "2021-12-31"},
        ]
        project = await create(api, "Wspólny", starts_on="2020-01-01", partners=partners)
        async with app.state.database.write() as session:
            await move_entity(session, old=UUID(old["id"]), new=UUID(new["id"]), now=NOW)
        read = (await api.get(f"/v1/projects/{project['id']}")).json()
        [partner] = read["partners"]
        assert (partner["entity"]["name"], partner["role"]) == ("Nowa", "coordinator")
        assert (partner["from"], partner["to"], read["version"]) == ("2020-01-01", None, 2)


class TestValue:
    async def test_is_exact_and_never_converted(self, api: httpx.AsyncClient) -> None:
        await create(api, "Złote", value={"amount": "1000000.10", "currency": "PLN"})
        rate = {"amount_pln": "86000.05", "pln_rate_source": "NBP, table A, 2024-02-01"}
        await create(api, "Euro", value={"amount": 20000, "currency": "EUR", **rate})
        await create(api, "Same euro", value={"amount": 5, "currency": "EUR"})
        await create(api, "Bez wartości")
        values = {one["title"]: one["value"] for one in (await api.get("/v1/projects?lang=pl")).json()["items"]}
        assert values["Złote"]["amount_pln"] == 1000000.1
        assert values["Same euro"]["amount_pln"] is None
        assert values["Bez wartości"] is None
        assert await found(api, with_value=True) == ["Euro", "Złote"]
        assert await found(api, with_value=False) == ["Bez wartości", "Same euro"]

    async def test_adds_up_exactly_where_it_is_stated_in_pln(self, api: httpx.AsyncClient) -> None:
        async def figure(name: str, query: str) -> dict[str, Any]:
            answer = await api.get(f"/v1/registry/figures?name=registry.{name}&{query}")
            [found] = answer.json()["items"]
            return dict(found)

        running = {"starts_on": "2024-02-01", "ends_on": "2025-06-30", "kinds": ["research", "union"]}
        await create(api, "Bez", **running)
        empty = await figure("projects.value", "from=2024-01-01&to=2024-12-31")
        assert (empty["value"], empty["counted"], empty["without_value"]) == (None, 0, 1)
        assert empty["reason"] == "None of the projects counted states its value in PLN"
        for amount in ("0.10", "0.20"):
            await create(api, amount, value={"amount": amount, "currency": "PLN"}, **running)
        await create(api, "Euro", value={"amount": 7, "currency": "EUR"}, **running)
        full = await figure("projects.value", "from=2024-01-01&to=2024-12-31")
        assert (full["value"], full["counted"], full["without_value"], full["reason"]) == (0.3, 2, 2, None)
        assert (await figure("projects.international_value", "as_of=2025-06-30"))["value"] == 0.3
        assert (await figure("projects.international", "as_of=2025-07-01"))["value"] == 0
        assert (await figure("consortia", "as_of=2025-06-30"))["value"] == 4

    async def test_is_refused_with_the_place(self, api: httpx.AsyncClient) -> None:
        refused: list[tuple[Any, str]] = [
            ({"amount": "1.234", "currency": "PLN"}, "/value/amount"),
            ({"amount": -1, "currency": "PLN"}, "/value/amount"),
            ({"amount": 1, "currency": "XQQ"}, "/value/currency"),
            ({"amount": 1, "currency": "PLN", "amount_pln": 2}, "/value/amount_pln"),
            ({"amount": 1, "currency": "EUR", "amount_pln": 4}, "/value/pln_rate_source"),
            ({"amount": 1}, "/value/currency"),
        ]
        for value, pointer in refused:
            answer = await api.post("/v1/projects", json={"title": TITLE, "value": value})
            assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer), answer.text


class TestRecords:
    async def test_are_found_by_what_they_are(self, app: FastAPI, api: httpx.AsyncClient) -> None:
        await create(api, "Łódź", acronym="LDZ", kinds=["intl", "research"], group="talents", starts_on="2020-01-01")
        await create(api, "Związek", kinds=["union"], fields=["medicine"], demonstration=True)
        assert await found(api, international=True) == ["Łódź", "Związek"]
        assert await found(api, international=True, rdi=True) == ["Łódź"]
        assert await found(api, rdi=False) == ["Związek"]
        assert await found(api, consortium=True) == ["Związek"]
        assert await found(api, kind=["research", "union"]) == ["Łódź", "Związek"]
        assert await found(api, group="talents") == await found(api, in_group=True) == ["Łódź"]
        assert await found(api, in_group=False) == await found(api, field="medicine") == ["Związek"]
        assert await found(api, q="lodz") == await found(api, q="ldz") == ["Łódź"]
        assert await found(api, demonstration=True) == ["Związek"]
        async with app.state.database.read() as session:
            by_group = {day: await projects_by_group(session, day=NOW.date().replace(year=day)) for day in (2019, 2026)}
        assert by_group == {2019: {}, 2026: {"talents": 1}}

    async def test_can_be_changed_and_deleted(self, api: httpx.AsyncClient) -> None:
        project = await create(
            api,
            "Projekt",
            origin={"kind": "meeting", "url": "/v1/lsos/meetings/1"},
            value={"amount": 1, "currency": "PLN"},
        )
        path = f"/v1/projects/{project['id']}"
        etag = (await api.get(path)).headers["etag"]
        change = {
            "title": titled("Inny"),
            "kinds": ["intl"],
            "value": None,
            "results": [{"title": TITLE, "year": 2024, "url": "https://example.org/r"}],
            "partners": [{"name": "Ala", "country": "PL"}],
        }
        changed = (await api.patch(path, json=change, headers={"If-Match": etag})).json()
        assert (changed["kinds"], changed["value"], changed["version"]) == (["intl"], None, 2)
        assert changed["results"] == [{"title": "A shared path", "year": 2024, "url": "https://example.org/r"}]
        assert changed["origin"] == {"kind": "meeting", "url": "/v1/lsos/meetings/1", "note": None}
        assert (await api.patch(path, json=change, headers={"If-Match": etag})).status_code == 412
        assert (await api.patch(path, json=change, headers={"If-Match": "*"})).json()["version"] == 2
        newest = (await api.get(f"{path}/history")).json()["items"][0]
        assert set(newest["changed"]) == {"title", "kinds", "value", "results", "partners"}
        assert (await api.delete(path, headers={"If-Match": "*"})).status_code == 204
        assert (await api.get(path)).json()["code"] == "project_not_found"

    async def test_come_once_from_one_source_with_codes_that_exist(self, api: httpx.AsyncClient) -> None:
        await create(api, "Projekt", source="cordis", source_key="101")
        body = {"title": TITLE, "source": "cordis", "source_key": "101"}
        assert (await api.post("/v1/projects", json=body)).json()["code"] == "project_exists"
        wrong = {"title": TITLE, "kinds": ["intl", "nope"], "group": "nope", "fields": ["nope"]}
        refused = (await api.post("/v1/projects", json=wrong)).json()
        assert {error["pointer"] for error in refused["errors"]} == {"/kinds/1", "/group", "/fields/0"}
        long = await api.post("/v1/projects", json={"title": {"pl": "x" * 10_000, "en": "\u0007"}})
        assert {error["pointer"] for error in long.json()["errors"]} == {"/title/pl", "/title/en"}
