"""Reviews by the council: a decision a goal, corrections that flow into a draft, and nothing overwritten."""

from typing import Any

import httpx
import pytest

REVIEWS, OLD, DRAFT = "/v1/reviews", "/v1/strategy/editions/klsk-2022", "/v1/strategy/editions/klsk-2026"
ANY = {"If-Match": "*"}
TARGETS = [{"measure": "abroad", "target": {"change_percent": 50}}]
DECISIONS: list[dict[str, Any]] = [
    {"code": "C.1.1-1", "decision": "confirmed"},
    {
        "code": "C.1.3-1",
        "decision": "corrected",
        "reason": "44 against 33",
        "correction": {"targets": TARGETS, "printed": "+50%"},
    },
    {"code": "C.2.2-1", "decision": "dropped", "reason": "read with the participants"},
]
REVIEW: dict[str, Any] = {
    "on": "2026-11-05",
    "edition": "klsk-2022",
    "title": {"pl": "Przegląd 2026", "en": "Review of 2026"},
    "participants": [{"role": "Chair of the council"}],
    "decisions": DECISIONS,
}


@pytest.fixture
async def review(api: httpx.AsyncClient) -> str:
    answer = await api.post(REVIEWS, json=REVIEW)
    assert answer.status_code == 201, answer.text
    return answer.headers["location"]


@pytest.fixture
async def draft(api: httpx.AsyncClient) -> str:
    assert (await api.post(f"{OLD}/copy", json={"code": "klsk-2026"})).status_code == 201
    return DRAFT


def told(answer: httpx.Response) -> tuple[int, str, str]:
    error = answer.json()["errors"][0]
    return answer.status_code, error["pointer"], error["code"]


class TestReview:
    async def test_is_kept_found_and_changed_while_it_is_open(
        self, office: httpx.AsyncClient, anybody: httpx.AsyncClient, review: str
    ) -> None:
        read = (await anybody.get(review)).json()
        assert (read["state"], read["counts"]) == ("open", {"confirmed": 1, "corrected": 1, "dropped": 1})
        assert [one["code"] for one in read["decisions"]] == ["C.1.1-1", "C.1.3-1", "C.2.2-1"]
        for asked, count in (
            ({"indicator": "C.1.3-1", "decision": "corrected"}, 1),
            ({"indicator": "C.1.3-1", "decision": "dropped"}, 0),
            ({"edition": "klsk-2022", "since": "2026-11-05", "until": "2026-11-05", "state": "open"}, 1),
            ({"state": "applied"}, 0),
        ):
            assert (await anybody.get(REVIEWS, params={**asked, "count": "true"})).json()["total"] == count, asked

        fewer = await office.patch(review, json={"decisions": DECISIONS[:2], "on": "2026-11-06"}, headers=ANY)
        assert (fewer.status_code, fewer.json()["version"], len(fewer.json()["decisions"])) == (200, 2, 2)
        same = await office.patch(review, json={"decisions": DECISIONS[:2]}, headers=ANY)
        assert same.json()["version"] == 2
        history = (await anybody.get(f"{review}/history")).json()["items"]
        assert [sorted(one["changed"]) for one in history] == [["decisions", "on"], []]
        assert (await anybody.patch(review, json={"note": "x"}, headers=ANY)).status_code == 403
        assert (await office.delete(review, headers=ANY)).status_code == 204
        assert (await office.get(review)).json()["code"] == "review_not_found"

    async def test_is_refused_with_the_decision_that_is_wrong(self, api: httpx.AsyncClient) -> None:
        confirmed, corrected = DECISIONS[0], DECISIONS[1]
        other = {"targets": [{"measure": "nothing", "target": None}]}
        wrong: list[tuple[list[dict[str, Any]], str, str]] = [
            ([confirmed, {**confirmed, "decision": "dropped", "reason": "x"}], "/decisions/1/code", "decided_twice"),
            ([{**confirmed, "code": "C.9.9-9"}], "/decisions/0/code", "unknown_indicator"),
            ([{**corrected, "correction": other}], "/decisions/0/correction/targets/0/measure", "unknown_measure"),
            ([{**corrected, "correction": None}], "/decisions/0/correction", "correction"),
            ([{**confirmed, "decision": "dropped"}], "/decisions/0/reason", "reason_missing"),
        ]
        for decisions, pointer, code in wrong:
            assert told(await api.post(REVIEWS, json={**REVIEW, "decisions": decisions})) == (422, pointer, code)
        assert (await api.post(REVIEWS, json={**REVIEW, "edition": "nothing"})).status_code == 404


class TestApply:
    async def test_writes_corrections_into_the_draft_and_closes_the_review(
        self, api: httpx.AsyncClient, review: str, draft: str
    ) -> None:
        body = {"measure": "events", "value": 70, "year": 2025, "source": "a count", "state": "verified"}
        observed = await api.post("/v1/indicators/C.2.2-1/observations", json=body)
        assert observed.status_code == 201, observed.text
        before = (await api.get(OLD)).json()["document"]

        unseen = await api.post(f"{review}/apply", json={"edition": "klsk-2026"})
        applied = await api.post(f"{review}/apply", json={"edition": "klsk-2026"}, headers={"If-Match": "*"})

        assert (unseen.status_code, applied.status_code) == (428, 200), applied.text
        assert (applied.json()["state"], applied.json()["applied"]["edition"]) == ("applied", "klsk-2026")
        assert [one["outcome"] for one in applied.json()["decisions"]] == ["kept", "retargeted", "retired"]
        goal = (await api.get(f"{draft}/goals/C.1.3-1")).json()
        assert (goal["measures"][0]["target"], goal["printed"]["target"]) == ({"change_percent": 50}, "+50%")
        assert (await api.get(f"{draft}/goals/C.2.2-1")).status_code == 404
        asked = {"from": "klsk-2022", "to": "klsk-2026"}
        counts = (await api.get("/v1/strategy/editions/diff", params=asked)).json()["counts"]
        assert counts["retargeted"] == 1
        assert (await api.get(OLD)).json()["document"] == before

        refused = [
            await api.post(f"{review}/apply", json={"edition": "klsk-2026"}, headers=ANY),
            await api.patch(review, json={"note": "late"}, headers=ANY),
            await api.delete(review, headers=ANY),
        ]
        assert {(one.status_code, one.json()["code"]) for one in refused} == {(409, "review_closed")}
        again = await api.post(REVIEWS, json={**REVIEW, "decisions": [DECISIONS[2]]})
        path = again.headers["location"]
        late = await api.post(f"{path}/apply", json={"edition": "klsk-2026"}, headers=ANY)
        assert [one["outcome"] for one in late.json()["decisions"]] == ["gone"]

    async def test_is_all_or_nothing(self, api: httpx.AsyncClient, draft: str) -> None:
        last = {"code": "C.6.3-1", "decision": "dropped", "reason": "the only goal of its programme"}
        added = await api.post(REVIEWS, json={**REVIEW, "decisions": [DECISIONS[1], last]})
        path = added.headers["location"]
        version = (await api.get(draft)).json()["version"]

        adopted = await api.post(f"{path}/apply", json={"edition": "klsk-2022"}, headers=ANY)
        missing = await api.post(f"{path}/apply", json={"edition": "nothing"}, headers=ANY)
        emptied = await api.post(f"{path}/apply", json={"edition": "klsk-2026"}, headers=ANY)

        assert [one.json()["code"] for one in (adopted, missing, emptied)] == [
            "edition_adopted",
            "edition_not_found",
            "part_in_use",
        ]
        assert (await api.get(draft)).json()["version"] == version
        assert (await api.get(path)).json()["state"] == "open"

    async def test_names_the_goal_that_the_drafts_arithmetic_refuses(self, api: httpx.AsyncClient, draft: str) -> None:
        wrong = {"targets": [{"measure": "abroad", "target": {"change_percent": 25, "resolves_to": 56}}]}
        added = await api.post(REVIEWS, json={**REVIEW, "decisions": [{**DECISIONS[1], "correction": wrong}]})

        answer = await api.post(f"{added.headers['location']}/apply", json={"edition": "klsk-2026"}, headers=ANY)

        error = answer.json()["errors"][0]
        assert (answer.status_code, answer.json()["code"], error["pointer"]) == (
            422,
            "contradictory_strategy",
            "/edition",
        )
        assert error["detail"].startswith("C.1.3-1/measures/0/target/resolves_to: ")
