"""Observations are drafted, verified, restated with a reason, and never overwritten."""

from typing import Any

import httpx
import pytest

PATH = "/v1/indicators/B.2.4-1/observations"  # people with higher education: nobody counts it live


def observation(**differences: Any) -> dict[str, Any]:
    """A point of the end of 2024, as the statistical office gave it."""
    body = {
        "value": 23100,
        "on": "2024-12-31",
        "source": "GUS",
        "evidence": ["https://stat.gov.pl/obszary-tematyczne/"],
        "printed": "23,1 tys.",
        "approximate": True,
    }
    return {**body, **differences}


async def latest(api: httpx.AsyncClient, **parameters: Any) -> dict[str, Any] | None:
    """The latest value of that measure on the scorecard."""
    items = (await api.get("/v1/scorecard", params=parameters)).json()["items"]
    found: dict[str, Any] | None = next(i["latest"] for i in items if i["indicator"]["code"] == "B.2.4-1")
    return found


class TestCreate:
    async def test_keeps_what_was_found_and_where(self, api: httpx.AsyncClient, office: httpx.AsyncClient) -> None:
        answer = await office.post(PATH, json=observation())

        assert answer.status_code == 201
        found = (await office.get(answer.headers["location"])).json()
        assert found == answer.json()
        assert (found["value"], found["printed"], found["approximate"]) == (23100, "23,1 tys.", True)
        assert (found["unit"], found["period"], found["from"], found["to"]) == (
            "person",
            "point",
            "2024-12-31",
            "2024-12-31",
        )
        assert (found["state"], found["origin"], found["recorded_by"]) == ("draft", "manual", "test:office")

    async def test_keeps_decimals_exactly(self, api: httpx.AsyncClient) -> None:
        answer = await api.post(PATH, json=observation(value=12.20703125))

        assert answer.json()["value"] == 12.20703125

    async def test_takes_a_draft_for_no_value_yet(self, api: httpx.AsyncClient) -> None:
        await api.post(PATH, json=observation())

        assert await latest(api) is None

    async def test_counts_once_it_is_verified(self, api: httpx.AsyncClient) -> None:
        await api.post(PATH, json=observation(state="verified"))

        value = await latest(api)
        assert value is not None
        assert (value["value"], value["source"], value["origin"]) == (23100, "GUS", "manual")

    async def test_asks_why_a_verified_value_is_restated(self, api: httpx.AsyncClient) -> None:
        await api.post(PATH, json=observation(state="verified"))

        answer = await api.post(PATH, json=observation(state="verified", value=23200))

        assert (answer.status_code, answer.json()["code"]) == (422, "reason_needed")

    async def test_keeps_the_old_value_with_the_reason(self, api: httpx.AsyncClient) -> None:
        old = (await api.post(PATH, json=observation(state="verified"))).json()

        new = (
            await api.post(PATH, json=observation(state="verified", value=23200, reason="the office corrected it"))
        ).json()

        kept = (await api.get(f"{PATH}/{old['id']}")).json()
        assert (new["supersedes"], new["reason"]) == (old["id"], "the office corrected it")
        assert (kept["state"], kept["value"]) == ("superseded", 23100)
        assert kept["superseded_reason"] == "the office corrected it"

    async def test_takes_a_status_in_place_of_a_value(self, api: httpx.AsyncClient) -> None:
        answer = await api.post(PATH, json=observation(value=None, status="no_data", printed="bd.", approximate=False))

        assert (answer.status_code, answer.json()["status"], answer.json()["value"]) == (201, "no_data", None)

    async def test_counts_none_as_zero(self, api: httpx.AsyncClient) -> None:
        await api.post(PATH, json=observation(value=None, status="none", state="verified"))

        value = await latest(api)
        assert value is not None
        assert (value["value"], value["status"]) == (0, "none")

    async def test_reads_a_year_as_its_days(self, api: httpx.AsyncClient) -> None:
        body = observation(on=None, year=2024)

        found = (await api.post("/v1/indicators/B.5.2-1/observations", json=body)).json()

        assert (found["period"], found["from"], found["to"]) == ("year", "2024-01-01", "2024-12-31")
        assert found["complete"] is True

    async def test_reads_a_window_as_three_years(self, api: httpx.AsyncClient) -> None:
        body = observation(on=None, year=2024, measure="foreign_hq")

        found = (await api.post("/v1/indicators/B.1.3-1/observations", json=body)).json()

        assert (found["period"], found["from"], found["to"]) == ("window_3y", "2022-01-01", "2024-12-31")

    @pytest.mark.parametrize(
        ("difference", "pointer"),
        [
            ({"on": "2026-11-25"}, "/on"),
            ({"on": None, "year": 2024}, "/on"),
            ({"period": "year"}, "/year"),
            ({"value": "23100"}, "/value"),
            ({"value": True}, "/value"),
            ({"status": "no_data"}, ""),
            ({"since": "2024-01-01"}, "/since"),
            ({"colour": "red"}, "/colour"),
        ],
    )
    async def test_refuses_what_makes_no_sense(
        self, api: httpx.AsyncClient, difference: dict[str, Any], pointer: str
    ) -> None:
        answer = await api.post(PATH, json=observation(**difference))

        assert answer.status_code == 422
        assert pointer in {error["pointer"] for error in answer.json()["errors"]} | {""}

    async def test_asks_which_measure_is_meant(self, api: httpx.AsyncClient) -> None:
        answer = await api.post("/v1/indicators/B.2.1-1/observations", json=observation())

        assert (answer.status_code, answer.json()["code"]) == (404, "measure_not_found")
        assert "rd_staff_total" in answer.json()["detail"]

    async def test_is_done_once_however_often_it_is_sent(self, api: httpx.AsyncClient) -> None:
        headers = {"Idempotency-Key": "november"}
        first, second = [await api.post(PATH, json=observation(), headers=headers) for _ in range(2)]

        assert first.json() == second.json()
        assert len((await api.get(PATH)).json()["items"]) == 1

    async def test_is_for_the_office(self, anybody: httpx.AsyncClient) -> None:
        assert (await anybody.post(PATH, json=observation())).status_code == 403


class TestUpdate:
    async def test_verifies_a_draft(self, api: httpx.AsyncClient) -> None:
        draft = await api.post(PATH, json=observation())

        answer = await api.patch(
            draft.headers["location"], json={"state": "verified"}, headers={"If-Match": draft.headers["etag"]}
        )

        assert (answer.json()["state"], answer.json()["version"]) == ("verified", 2)
        assert await latest(api) is not None

    async def test_withdraws_with_a_reason(self, api: httpx.AsyncClient) -> None:
        verified = await api.post(PATH, json=observation(state="verified"))
        headers = {"If-Match": verified.headers["etag"]}

        silent = await api.patch(verified.headers["location"], json={"state": "superseded"}, headers=headers)
        said = await api.patch(
            verified.headers["location"], json={"state": "superseded", "reason": "a wrong table"}, headers=headers
        )

        assert (silent.status_code, said.status_code) == (422, 200)
        assert said.json()["superseded_reason"] == "a wrong table"
        assert await latest(api) is None

    async def test_never_wakes_what_is_superseded(self, api: httpx.AsyncClient) -> None:
        draft = await api.post(PATH, json=observation())
        gone = {"state": "superseded", "reason": "a wrong table"}
        after = await api.patch(draft.headers["location"], json=gone, headers={"If-Match": "*"})

        answer = await api.patch(
            draft.headers["location"], json={"state": "verified"}, headers={"If-Match": after.headers["etag"]}
        )

        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_transition")

    async def test_asks_for_the_state_that_was_read(self, api: httpx.AsyncClient) -> None:
        draft = await api.post(PATH, json=observation())

        blind = await api.patch(draft.headers["location"], json={"state": "verified"})
        late = await api.patch(draft.headers["location"], json={"state": "verified"}, headers={"If-Match": '"7"'})

        assert (blind.status_code, late.status_code) == (428, 412)

    async def test_leaves_one_verified_value_a_period(self, api: httpx.AsyncClient) -> None:
        old = (await api.post(PATH, json=observation(state="verified"))).json()
        draft = await api.post(PATH, json=observation(value=23200))

        answer = await api.patch(
            draft.headers["location"],
            json={"state": "verified", "reason": "the office corrected it"},
            headers={"If-Match": draft.headers["etag"]},
        )

        assert answer.json()["supersedes"] == old["id"]
        states = {item["value"]: item["state"] for item in (await api.get(PATH)).json()["items"]}
        assert states == {23100: "superseded", 23200: "verified"}


class TestList:
    async def test_hides_drafts_and_authors_from_the_public(
        self, api: httpx.AsyncClient, anybody: httpx.AsyncClient
    ) -> None:
        draft = await api.post(PATH, json=observation(on="2023-12-31"))
        await api.post(PATH, json=observation(state="verified"))

        [seen] = (await anybody.get(PATH)).json()["items"]

        assert (seen["state"], seen["recorded_by"]) == ("verified", None)
        assert (await anybody.get(draft.headers["location"])).status_code == 404

    async def test_is_paged_from_the_newest_period(self, api: httpx.AsyncClient) -> None:
        for year in range(2019, 2025):
            await api.post(PATH, json=observation(on=f"{year}-12-31", state="verified"))

        read: list[str] = []
        parameters: dict[str, Any] = {"limit": 4, "count": True}
        while True:
            page = (await api.get(PATH, params=parameters)).json()
            read += [item["to"] for item in page["items"]]
            if page["next"] is None:
                break
            parameters["cursor"] = page["next"]

        assert page["total"] == 6
        assert read == [f"{year}-12-31" for year in range(2024, 2018, -1)]

    async def test_is_filtered_by_days_and_state(self, api: httpx.AsyncClient) -> None:
        for year in range(2021, 2025):
            await api.post(PATH, json=observation(on=f"{year}-12-31", state="verified"))

        page = await api.get(PATH, params={"since": "2022-06-01", "until": "2023-12-31", "state": "verified"})

        assert [item["to"] for item in page.json()["items"]] == ["2023-12-31", "2022-12-31"]


class TestFeed:
    async def test_shows_drafts_to_the_office_alone(self, api: httpx.AsyncClient, base_url: str, app: Any) -> None:
        from klaster_shared.testing.servers import calling

        start = (await api.get("/v1/indicators/changes", params={"limit": 1000})).json()["next"]
        await api.post(PATH, json=observation())
        verified = (await api.post(PATH, json=observation(on="2023-12-31", state="verified"))).json()

        async with calling(base_url, app, "integrator") as integrator:
            public = (await integrator.get("/v1/indicators/changes", params={"after": start})).json()["items"]
        office = (await api.get("/v1/indicators/changes", params={"after": start})).json()["items"]

        assert [change["id"] for change in public] == [verified["id"]]
        assert len(office) == 2
        assert public[0]["record"]["recorded_by"] is None
        assert (public[0]["record"]["indicator"], public[0]["record"]["value"]) == ("B.2.4-1", 23100)
