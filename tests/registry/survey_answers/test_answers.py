"""Answers: who may write and see them, how they are added up, what a merge does to them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from klaster_registry.survey_answers.operations import move_entity
from klaster_registry.survey_answers.schemas import AnswerRead, ValueRead
from tests.registry.conftest import NOW, Add, As

EVIDENCE = {"evidence": "Sprawozdanie finansowe, nota 14"}
VERIFIED = {"state": "verified", **EVIDENCE}


@dataclass(frozen=True)
class Asked:
    """The survey of 2025 with two questions, three entities, and a client for the office."""

    office: httpx.AsyncClient
    entities: list[str]

    async def put(self, client: httpx.AsyncClient, at: int, values: dict[str, Any], **more: Any) -> httpx.Response:
        headers = {"If-Match": more.pop("match")} if "match" in more else {}
        year = more.pop("year", 2025)
        path = f"/v1/surveys/{year}/answers/{self.entities[at]}"
        return await client.put(path, json={"values": values, **more}, headers=headers)


@pytest.fixture
async def asked(api: httpx.AsyncClient, add: Add) -> Asked:
    for at, (code, unit) in enumerate((("sales", "PLN"), ("people_with_degree", "person"))):
        name = {"pl": code, "en": code.capitalize()}
        await api.post("/v1/survey-questions", json={"code": code, "name": name, "unit": unit, "position": at})
    for year in (2024, 2025):
        await api.post("/v1/surveys", json={"year": year})
    return Asked(api, [(await add(name))["id"] for name in ("Ryvu", "Selvita", "JCI")])


REFUSED: list[Any] = [
    ({"values": {"profit": 1}}, "/values/profit"),
    ({"values": {"sales": "1.234"}}, "/values/sales"),
    ({"values": {"sales": 1e16}}, "/values/sales"),
    ({"values": {"sales": "a lot"}}, "/values/sales"),
    ({"values": {"sales": None}, "state": "submitted"}, "/values"),
    ({"values": {"sales": 0}, "state": "verified"}, "/evidence"),
    ({"values": {}, "evidence_url": "javascript:alert(1)"}, "/evidence_url"),
    ({}, "/values"),
]


class TestPut:
    async def test_takes_an_answer_from_draft_to_verified(self, asked: Asked, speaking: As) -> None:
        partner, office = await speaking("partner", asked.entities[0]), await speaking("office")
        draft = await asked.put(partner, 0, {"sales": "1250000.55"})
        assert (draft.status_code, draft.headers["cache-control"]) == (201, "private, no-store")
        AnswerRead.model_validate(draft.json())
        assert draft.json()["values"] == {"sales": 1250000.55, "people_with_degree": None}
        assert (await asked.put(partner, 0, {})).status_code == 428
        sent = await asked.put(
            partner, 0, {"sales": "1250000.55"}, state="submitted", **EVIDENCE, match=draft.headers["etag"]
        )
        assert (sent.status_code, sent.json()["version"]) == (200, 2)
        stale = await asked.put(partner, 0, {"sales": 1}, match=draft.headers["etag"])
        assert stale.status_code == 412
        again = await asked.put(partner, 0, {"sales": 1}, match=sent.headers["etag"])
        assert (again.status_code, again.json()["code"]) == (409, "survey_answer_step_refused")
        seen = await office.get(f"/v1/surveys/2025/answers/{asked.entities[0]}")
        verified = await asked.put(office, 0, {"sales": "1250000.55"}, match=seen.headers["etag"], **VERIFIED)
        assert (verified.status_code, verified.json()["state"]) == (200, "verified")
        overwritten = await asked.put(office, 0, {"sales": 2}, match="*", **VERIFIED)
        assert overwritten.json()["code"] == "survey_answer_step_refused"
        silent = await asked.put(office, 0, {"sales": 2}, match="*")
        assert silent.json()["errors"][0]["pointer"] == "/note"
        returned = await asked.put(office, 0, {"sales": 2}, match="*", note="Kwota w tysiącach?")
        assert (returned.json()["state"], returned.json()["note"]) == ("draft", "Kwota w tysiącach?")
        same = await asked.put(office, 0, {"sales": 2}, match="*", note="Kwota w tysiącach?")
        assert same.json()["version"] == returned.json()["version"]
        path = f"/v1/survey-answers/{draft.json()['id']}/history"
        history = (await office.get(path)).json()["items"]
        assert [one["kind"] for one in history] == ["updated", "updated", "updated", "created"]
        path = f"/v1/surveys/2025/answers/{asked.entities[0]}"
        then = (await partner.get(path, params={"known_at": history[3]["at"]})).json()
        assert (then["state"], then["values"]["sales"]) == ("draft", 1250000.55)
        values = next(one for one in history[0]["changes"] if one["field"] == "values")
        assert (values["before"]["sales"], values["after"]["sales"]) == (1250000.55, 2)

    async def test_is_for_its_own_partner_while_the_survey_is_open(self, asked: Asked, speaking: As) -> None:
        partner, office = await speaking("partner", asked.entities[0]), await speaking("office")
        other = await asked.put(partner, 1, {"sales": 1})
        assert (other.status_code, other.json()["code"]) == (403, "forbidden")
        nobody = await asked.put(await speaking("partner"), 0, {"sales": 1})
        assert nobody.status_code == 403
        for role in ("anonymous", "integrator", "device"):
            assert (await asked.put(await speaking(role), 0, {"sales": 1})).status_code == 403
        assert (await asked.put(partner, 0, {"sales": 1}, **VERIFIED)).status_code == 403
        assert (await asked.put(partner, 0, {"sales": 1}, demonstration=True)).status_code == 403
        await office.patch("/v1/surveys/2025", json={"state": "closed"}, headers={"If-Match": "*"})
        assert (await asked.put(partner, 0, {"sales": 1})).json()["code"] == "survey_closed"
        assert (await asked.put(office, 0, {"sales": 1})).status_code == 201
        assert (await asked.put(partner, 0, {"sales": 2}, match="*")).json()["code"] == "survey_closed"
        assert (await asked.put(partner, 0, {"sales": 1}, year=2023)).json()["code"] == "survey_not_found"

    async def test_refuses_with_the_place_and_the_reason(self, asked: Asked) -> None:
        path = f"/v1/surveys/2025/answers/{asked.entities[0]}"
        for sent, pointer in REFUSED:
            answer = await asked.office.put(path, json=sent)
            assert answer.status_code == 422, (sent, answer.text)
            assert answer.json()["errors"][0]["pointer"] == pointer

    async def test_refuses_a_year_before_the_entity_was_founded(self, asked: Asked, add: Add) -> None:
        young = await add("Nowa", founded_on="2025-06")
        path = f"/v1/surveys/2024/answers/{young['id']}"
        answer = await asked.office.put(path, json={"values": {"sales": 1}})
        assert answer.json()["errors"][0]["code"] == "before_founded"
        nobody = "/v1/surveys/2024/answers/01900000-0000-7000-8000-000000000000"
        assert (await asked.office.put(nobody, json={"values": {"sales": 1}})).json()["code"] == "entity_not_found"


class TestSeeing:
    async def test_is_for_who_answered_and_the_office(self, asked: Asked, speaking: As) -> None:
        for at in (0, 1):
            assert (await asked.put(asked.office, at, {"sales": at})).status_code == 201
        partner = await speaking("partner", asked.entities[0])
        office = await speaking("office")
        own = (await partner.get("/v1/surveys/2025/answers?count=true")).json()
        assert ([one["entity"]["id"] for one in own["items"]], own["total"]) == ([asked.entities[0]], 1)
        assert len((await office.get("/v1/surveys/2025/answers")).json()["items"]) == 2
        first = await office.get("/v1/surveys/2025/answers?limit=1")
        assert len((await office.get(first.links["next"]["url"])).json()["items"]) == 1
        theirs = f"/v1/surveys/2025/answers/{asked.entities[1]}"
        assert (await partner.get(theirs)).status_code == 403
        assert (await partner.get(f"/v1/surveys/2025/answers?entity={asked.entities[1]}")).status_code == 403
        assert (await office.get(theirs)).json()["values"]["sales"] == 1
        empty = f"/v1/surveys/2025/answers/{asked.entities[2]}"
        assert (await office.get(empty)).json()["code"] == "survey_answer_not_found"
        for role in ("anonymous", "integrator"):
            stranger = await speaking(role)
            for path in ("/v1/surveys/2025/answers", theirs, "/v1/survey-answers"):
                assert (await stranger.get(path)).status_code == 403
        assert (await partner.get("/v1/survey-answers")).status_code == 403
        feed = (await (await speaking("integrator")).get("/v1/registry/changes?limit=1000")).json()["items"]
        assert "survey_answers" not in {one["collection"] for one in feed}
        assert (await asked.office.delete("/v1/surveys/2025", headers={"If-Match": "*"})).status_code == 409
        assert (await asked.office.delete(theirs, headers={"If-Match": "*"})).status_code == 204
        assert (await office.get(theirs)).status_code == 404


class TestSums:
    async def test_tell_nobody_what_one_of_two_said(self, asked: Asked, anybody: httpx.AsyncClient) -> None:
        for at, value in enumerate(("0.10", "0.20", "0.70")):
            people = {"people_with_degree": at} if at else {}
            assert (await asked.put(asked.office, at, {"sales": value} | people, **VERIFIED)).status_code == 201
        sums = (await anybody.get("/v1/surveys/2025/sums")).json()["items"]
        assert [(one["question"], one["sum"], one["answers"]) for one in sums] == [
            ("sales", 1, 3),
            ("people_with_degree", None, 2),
        ]
        assert sums[1]["reason"].startswith("Fewer than three")
        polish = await anybody.get("/v1/surveys/2025/sums", headers={"Accept-Language": "pl"})
        assert polish.json()["items"][1]["reason"].startswith("Odpowiedziało mniej")
        assert (await anybody.get("/v1/surveys/1999/sums")).status_code == 404

    async def test_feed_the_figures_with_verified_answers_alone(self, asked: Asked) -> None:
        name = "registry.surveys.sales"

        async def figure(first: str, last: str) -> dict[str, Any]:
            query = f"/v1/registry/figures?name={name}&from={first}&to={last}"
            [found] = (await asked.office.get(query)).json()["items"]
            rows = (await asked.office.get(found["rows"])).json()["items"]
            for row in rows:
                ValueRead.model_validate(row)
            stated = [row["value"] for row in rows if row["value"] is not None]
            assert (len(stated), len(rows) - len(stated)) == (found["counted"], found["without_value"])
            assert found["value"] in {None, sum(stated)}
            return found  # type: ignore[no-any-return]

        nothing = await figure("2025-01-01", "2025-12-31")
        assert (nothing["value"], nothing["reason"] is None) == (None, False)
        await asked.put(asked.office, 0, {"sales": 100}, **VERIFIED)
        await asked.put(asked.office, 0, {"sales": 10}, year=2024, **VERIFIED)
        await asked.put(asked.office, 1, {"people_with_degree": 5}, **VERIFIED)
        await asked.put(asked.office, 2, {"sales": 1000}, state="submitted")
        found = await figure("2025-01-01", "2025-12-31")
        assert (found["value"], found["counted"], found["without_value"]) == (None, 1, 1)
        assert found["reason"].startswith("Fewer than 3 entities")
        await asked.put(asked.office, 1, {"sales": 20}, year=2024, **VERIFIED)
        await asked.put(asked.office, 2, {"sales": 3}, year=2024, **VERIFIED)
        assert (await figure("2024-01-01", "2024-12-31"))["value"] == 33
        assert (await figure("2024-01-01", "2025-12-31"))["value"] == 133
        assert (await figure("2024-01-02", "2025-12-30"))["value"] is None
        page = await asked.office.get("/v1/survey-answers?limit=2&count=true")
        assert page.json()["total"] == 12
        following = await asked.office.get(page.links["next"]["url"])
        assert not {one["id"] for one in page.json()["items"]} & {one["id"] for one in following.json()["items"]}


class TestMoveEntity:
    async def test_keeps_the_survivor_s_answer_where_both_answered(self, app: FastAPI, asked: Asked) -> None:
        old, new = asked.entities[:2]
        await asked.put(asked.office, 0, {"sales": 1})
        await asked.put(asked.office, 1, {"sales": 2})
        await asked.put(asked.office, 0, {"sales": 3}, year=2024)
        async with app.state.database.write() as session:
            await move_entity(session, old=UUID(old), new=UUID(new), now=NOW)
        both = (await asked.office.get(f"/v1/surveys/2025/answers/{new}")).json()
        assert (both["values"]["sales"], old in both["note"]) == (2, True)
        moved = (await asked.office.get(f"/v1/surveys/2024/answers/{new}")).json()
        assert (moved["values"]["sales"], moved["note"]) == (3, None)
        left = (await asked.office.get(f"/v1/survey-answers?entity={old}")).json()["items"]
        assert left == []
        feed = (await asked.office.get("/v1/registry/changes?limit=1000")).json()["items"]
        [merged] = [one for one in feed if one["kind"] == "merged"]
        assert merged["merged_into"] == both["id"]
