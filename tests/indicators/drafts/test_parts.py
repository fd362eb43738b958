"""A draft's framework is edited part by part; the whole document is checked each time."""

import asyncio
from copy import deepcopy
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from klaster_indicators.drafts.operations import correct_in_draft
from klaster_shared.errors import Invalid

EDITIONS = "/v1/strategy/editions"
OLD, NEW = f"{EDITIONS}/klsk-2022", f"{EDITIONS}/klsk-2026"
SEEN = {"If-Match": "*"}
ADDED: dict[str, dict[str, Any]] = {
    "levels": {
        "code": "E",
        "name": {"pl": "Zasoby", "en": "Resources"},
        "controlled": "full",
        "indicators": {"pl": "Zasoby", "en": "Resources"},
    },
    "paths": {
        "n": 7,
        "code": "climate",
        "name": {"pl": "Klimat", "en": "Climate"},
        "vision": {"code": "A.7", "pl": "Tu dba się o klimat.", "en": "Here the climate is cared for."},
    },
    "effects": {"code": "B.7.1", "path": 7, "name": {"pl": "Mniej śladu", "en": "A smaller footprint"}},
    "indicators": {
        "code": "B.7.1-1",
        "effects": ["B.7.1"],
        "name": {"pl": "Ślad węglowy", "en": "Carbon footprint"},
        "measures": [{"code": "tonnes", "unit": "tCO2e", "period": "year", "baseline": {"status": "no_data"}}],
    },
    "goals": {
        "code": "C.1.1-9",
        "programme": "C.1.1",
        "name": {"pl": "Zielone firmy", "en": "Green companies"},
        "printed": {"baseline": "0", "target": "10"},
        "measures": [
            {
                "code": "companies",
                "unit": "entity",
                "period": "point",
                "baseline": {"value": 0},
                "target": {"value": 10},
            }
        ],
    },
    "tasks": {"code": "D.7.1", "path": 7, "kind": "task", "pl": "Liczyć ślad", "en": "Count the footprint"},
}


@pytest.fixture
async def draft(api: httpx.AsyncClient) -> str:
    """Next year's edition, begun as a copy."""
    answer = await api.post(f"{OLD}/copy", json={"code": "klsk-2026"})
    assert answer.status_code == 201
    return NEW


async def document(api: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await api.get(NEW)).json()["document"]
    return found


async def drop(api: httpx.AsyncClient, kind: str, code: str) -> httpx.Response:
    return await api.delete(f"{NEW}/{kind}/{code}", headers=SEEN)


class TestAdd:
    async def test_adds_one_of_every_kind_and_reads_it_back(
        self, api: httpx.AsyncClient, office: httpx.AsyncClient, draft: str
    ) -> None:
        for kind, item in ADDED.items():
            before = (await api.get(f"{draft}/{kind}")).json()["items"]
            answer = await office.post(f"{draft}/{kind}", json=item, headers=SEEN)
            assert (answer.status_code, answer.json()) == (201, item), answer.text
            assert answer.headers["location"] == f"{draft}/{kind}/{item['code']}"
            after = (await api.get(f"{draft}/{kind}")).json()["items"]
            assert [one for one in after if one not in before] == [item]
            assert (await api.get(answer.headers["location"])).json() == item

        programme = {
            "code": "C.7.1",
            "path": 7,
            "name": {"pl": "Zielony program", "en": "Green programme"},
            "goals": [{k: v for k, v in {**ADDED["goals"], "code": "C.7.1-1"}.items() if k != "programme"}],
        }
        assert (await api.post(f"{draft}/programmes", json=programme, headers=SEEN)).status_code == 201
        asked = {"edition": "klsk-2026", "path": "climate"}
        found = [one["code"] for one in (await api.get("/v1/indicators", params=asked)).json()["items"]]
        assert found == ["B.7.1-1", "C.7.1-1"]
        assert (await api.get("/v1/indicators/B.7.1-1")).status_code == 404

    async def test_refuses_what_is_there_and_what_rests_on_nothing(self, api: httpx.AsyncClient, draft: str) -> None:
        twice = await api.post(f"{draft}/levels", json={**ADDED["levels"], "code": "A"}, headers=SEEN)
        homeless = await api.post(f"{draft}/effects", json=ADDED["effects"], headers=SEEN)
        goal = {**ADDED["goals"], "programme": "C.9.9"}
        lost = await api.post(f"{draft}/goals", json=goal, headers=SEEN)
        polish = await api.post(f"{draft}/levels", json={**ADDED["levels"], "name": {"pl": "Zasoby"}}, headers=SEEN)
        unseen = await api.post(f"{draft}/levels", json=ADDED["levels"])

        assert (twice.status_code, twice.json()["code"]) == (409, "part_exists")
        assert [(e["pointer"], e["code"]) for e in homeless.json()["errors"]] == [("/path", "unknown_path")]
        assert lost.json()["errors"][0]["pointer"] == "/programme"
        assert (polish.status_code, polish.json()["errors"][0]["pointer"]) == (422, "/name/en")
        assert unseen.status_code == 428


class TestChange:
    async def test_replaces_what_is_named_and_nothing_else(self, api: httpx.AsyncClient, draft: str) -> None:
        before = await document(api)
        name = {"pl": "Efekt pierwszy", "en": "The first effect"}
        answer = await api.patch(f"{draft}/effects/B.1.1", json={"name": name}, headers=SEEN)

        assert (answer.status_code, answer.json()["name"]) == (200, name)
        expected = deepcopy(before)
        next(one for one in expected["effects"] if one["code"] == "B.1.1")["name"] = name
        assert await document(api) == expected
        stale = await api.patch(f"{draft}/effects/B.1.1", json={"note": "late"}, headers={"If-Match": '"1.effects"'})
        assert stale.status_code == 412
        read = await api.get(f"{draft}/effects/B.1.2")
        seen = await api.patch(
            f"{draft}/effects/B.1.1", json={"note": "seen"}, headers={"If-Match": read.headers["etag"]}
        )
        assert (seen.status_code, seen.json()["note"]) == (200, "seen")
        assert "note" not in (await api.patch(f"{draft}/effects/B.1.1", json={"note": None}, headers=SEEN)).json()

    async def test_lets_one_of_two_editors_through(self, api: httpx.AsyncClient, draft: str) -> None:
        seen = {"If-Match": (await api.get(f"{draft}/levels")).headers["etag"]}

        answers = await asyncio.gather(
            *(api.patch(f"{draft}/effects/{code}", json={"note": code}, headers=seen) for code in ("B.1.1", "B.1.2"))
        )

        assert sorted(answer.status_code for answer in answers) == [200, 412]
        assert (await api.get(draft)).json()["version"] == 2

    async def test_points_into_the_part_that_was_sent(self, api: httpx.AsyncClient, draft: str) -> None:
        goal = (await api.get(f"{draft}/goals/C.1.3-1")).json()
        goal["measures"][0]["target"]["resolves_to"] = 56
        wrong = await api.put(f"{draft}/goals/C.1.3-1", json=goal, headers=SEEN)
        renamed = await api.put(f"{draft}/goals/C.1.3-1", json={**goal, "code": "C.1.3-7"}, headers=SEEN)
        away = await api.patch(f"{draft}/paths/entities", json={"n": 8}, headers=SEEN)

        assert (wrong.status_code, wrong.json()["code"]) == (422, "contradictory_strategy")
        assert [e["pointer"] for e in wrong.json()["errors"]] == ["/measures/0/target/resolves_to"]
        assert renamed.json()["errors"][0]["code"] == "other_code"
        assert {e["pointer"] for e in away.json()["errors"]} == {""}
        assert "there is no path 1" in away.json()["errors"][0]["detail"]

    async def test_moves_a_goal_to_another_programme(self, api: httpx.AsyncClient, draft: str) -> None:
        await api.post(f"{draft}/goals", json=ADDED["goals"], headers=SEEN)
        answer = await api.patch(f"{draft}/goals/C.1.1-9", json={"programme": "C.2.1"}, headers=SEEN)
        last = await api.patch(f"{draft}/goals/C.1.1-1", json={"programme": "C.2.1"}, headers=SEEN)

        assert answer.json() == {**ADDED["goals"], "programme": "C.2.1"}
        codes = [goal["code"] for goal in (await api.get(f"{draft}/programmes/C.2.1")).json()["goals"]]
        assert codes[-1] == "C.1.1-9"
        assert last.status_code == 422
        assert last.json()["errors"][0]["detail"].startswith("programmes[0].goals: ")

    async def test_is_refused_once_adopted(self, api: httpx.AsyncClient) -> None:
        path = f"{OLD}/effects/B.1.1"
        item = (await api.get(path)).json()

        answers = [
            await api.put(path, json=item, headers=SEEN),
            await api.patch(path, json={"note": "no"}, headers=SEEN),
            await api.delete(path, headers=SEEN),
            await api.post(f"{OLD}/levels", json=ADDED["levels"], headers=SEEN),
        ]

        assert {(one.status_code, one.json()["code"]) for one in answers} == {(409, "edition_adopted")}


class TestRemove:
    async def test_retires_what_was_measured_and_deletes_the_rest(self, api: httpx.AsyncClient, draft: str) -> None:
        body = {"measure": "registered", "value": 90, "on": "2025-12-31", "source": "a count", "state": "verified"}
        assert (await api.post("/v1/indicators/C.1.1-1/observations", json=body)).status_code == 201
        await api.post(f"{draft}/goals", json=ADDED["goals"], headers=SEEN)
        await api.post(f"{draft}/goals", json={**ADDED["goals"], "code": "C.1.1-8"}, headers=SEEN)

        measured, new = await drop(api, "goals", "C.1.1-1"), await drop(api, "goals", "C.1.1-9")
        told = [(one["outcome"], one["observations"]) for answer in (measured, new) for one in answer.json()["items"]]
        assert told == [("retired", 1), ("deleted", 0)]

        assert (await api.get("/v1/indicators/C.1.1-1")).json()["retired"] is None
        await api.post(f"{draft}/adopt", json={"on": "2026-11-01"}, headers=SEEN)
        shown = (await api.get("/v1/indicators/C.1.1-1")).json()
        assert (shown["edition"], shown["retired"]) == ("klsk-2022", {"edition": "klsk-2026", "on": "2026-11-01"})
        assert len((await api.get("/v1/indicators/C.1.1-1/observations")).json()["items"]) == 1
        assert (await api.get("/v1/indicators/C.1.1-1", params={"edition": "klsk-2026"})).status_code == 404
        late = await api.post("/v1/indicators/C.1.1-1/observations", json={**body, "on": "2026-11-20"})
        assert late.status_code == 404
        codes = {one["indicator"]["code"] for one in (await api.get("/v1/scorecard")).json()["items"]}
        assert "C.1.1-1" not in codes

    async def test_takes_a_programme_with_its_goals_and_refuses_what_others_rest_on(
        self, api: httpx.AsyncClient, draft: str
    ) -> None:
        programme = (await api.get(f"{draft}/programmes/C.2.2")).json()

        gone = await drop(api, "programmes", "C.2.2")
        used = [await drop(api, kind, code) for kind, code in (("effects", "B.1.1"), ("paths", "entities"))]
        nowhere = await drop(api, "tasks", "D.9.9")

        codes = [one["code"] for one in gone.json()["items"]]
        assert codes == ["C.2.2", *[goal["code"] for goal in programme["goals"]]]
        assert {(one.status_code, one.json()["code"]) for one in used} == {(409, "part_in_use")}
        assert (nowhere.status_code, nowhere.json()["code"]) == (404, "part_not_found")


class TestCorrect:
    async def test_writes_a_correction_into_the_draft(self, app: FastAPI, draft: str, api: httpx.AsyncClient) -> None:
        name = {"pl": "Poprawione", "en": "Corrected"}
        clock = app.state.clock()
        async with app.state.database.write() as session:
            edition = await correct_in_draft(
                session, edition_code="klsk-2026", code="C.1.1-1", changes={"name": name}, now=clock
            )
            assert edition.version == 2
            with pytest.raises(Invalid) as refused:
                await correct_in_draft(
                    session, edition_code="klsk-2026", code="C.1.1-1", changes={"colour": "red"}, now=clock
                )

        assert refused.value.errors[0]["pointer"] == "/colour"
        assert (await api.get(f"{draft}/goals/C.1.1-1")).json()["name"] == name
