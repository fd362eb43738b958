"""Series and types: data of the office."""

import httpx
import pytest

from tests.events.conftest import Add, event_body


class TestSeries:
    async def test_live_from_creation_to_deletion(self, office: httpx.AsyncClient) -> None:
        body = {
            "code": "lsos-2027",
            "name": {"pl": "LSOS 2027", "en": "LSOS 2027"},
            "counts_as": ["lsos"],
            "starts_on": "2027-01-01",
        }
        assert (await office.post("/v1/series", json=body)).status_code == 201
        assert (await office.post("/v1/series", json=body)).json()["code"] == "series_taken"
        path = "/v1/series/lsos-2027"
        wrong = await office.patch(path, json={"ends_on": "2026-01-01"}, headers={"If-Match": '"1"'})
        assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/ends_on")
        changed = await office.patch(path, json={"ends_on": "2027-12-31"}, headers={"If-Match": '"1"'})
        assert (changed.json()["ends_on"], changed.json()["version"]) == ("2027-12-31", 2)
        assert (await office.delete(path, headers={"If-Match": "*"})).status_code == 204
        assert (await office.get(path)).status_code == 404

    async def test_with_events_stay(self, office: httpx.AsyncClient, add: Add) -> None:
        await add(series="school")
        assert (await office.delete("/v1/series/school", headers={"If-Match": "*"})).status_code == 409

    @pytest.mark.parametrize(
        ("asked", "codes"),
        [
            ({"counts_as": "training"}, ["biotech-basics"]),
            ({"as_of": "2019-12-31"}, []),
            ({"held_from": "2025-01-01", "held_to": "2025-12-31"}, ["accelerator"]),
            ({"held_from": "2025-06-01", "held_to": "2025-12-31"}, []),
        ],
    )
    async def test_are_listed_by_what_they_count_as_and_when_they_were_held(
        self, office: httpx.AsyncClient, held: Add, asked: dict[str, str], codes: list[str]
    ) -> None:
        await held("2025-05-05", series="accelerator")
        await held("2024-05-05", series="school")
        page = (await office.get("/v1/series", params={**asked, "count": "true"})).json()
        assert ([item["code"] for item in page["items"]], page["total"]) == (codes, len(codes))


class TestEventTypes:
    async def test_are_retired_rather_than_deleted(self, office: httpx.AsyncClient, add: Add) -> None:
        await add()
        path = "/v1/event-types/networking"
        etag = (await office.get(path)).headers["etag"]
        assert (await office.patch(path, json={"retired": True}, headers={"If-Match": etag})).json()["retired"]
        assert [item["code"] for item in (await office.get("/v1/event-types?retired=true")).json()["items"]] == [
            "networking"
        ]
        assert (await office.delete(path, headers={"If-Match": "*"})).status_code == 405

    async def test_that_are_retired_are_given_to_no_new_event_and_leave_the_old_ones_alone(
        self, office: httpx.AsyncClient, add: Add
    ) -> None:
        event = await add()
        await office.patch("/v1/event-types/networking", json={"retired": True}, headers={"If-Match": "*"})
        answer = await office.post("/v1/events", json=event_body())
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/type")
        change = {"type": "networking", "place": "Kraków"}
        changed = await office.patch(f"/v1/events/{event['id']}", json=change, headers={"If-Match": "*"})
        assert changed.json()["place"] == "Kraków"

    async def test_have_labels_in_the_language_asked_for(self, office: httpx.AsyncClient) -> None:
        body = {"code": "fair", "name": {"pl": "Targi", "en": "Fair"}}
        assert (await office.post("/v1/event-types", json=body)).status_code == 201
        for asked, name in (("pl", "Targi"), ("en", "Fair"), ("all", body["name"])):
            assert (await office.get("/v1/event-types/fair", params={"lang": asked})).json()["name"] == name
