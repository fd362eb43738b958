"""Surveys: one a year, open or closed."""

import httpx

from klaster_registry.surveys.schemas import SurveyRead


class TestSurveys:
    async def test_are_opened_closed_and_deleted_by_the_office(
        self, api: httpx.AsyncClient, anybody: httpx.AsyncClient
    ) -> None:
        note = {"pl": "Za rok 2025", "en": "About 2025"}
        begun = await api.post("/v1/surveys", json={"year": 2025, "deadline": "2026-03-31", "note": note})
        assert (begun.status_code, begun.headers["location"]) == (201, "/v1/surveys/2025")
        SurveyRead.model_validate(begun.json())
        assert (await api.post("/v1/surveys", json={"year": 2025})).json()["code"] == "survey_exists"
        assert (await anybody.post("/v1/surveys", json={"year": 2024})).status_code == 403
        await api.post("/v1/surveys", json={"year": 2024, "state": "closed", "demonstration": True})
        path = "/v1/surveys/2025"
        read = await anybody.get(path, headers={"Accept-Language": "pl"})
        assert (read.json()["state"], read.json()["note"]) == ("open", "Za rok 2025")
        closing = {"state": "closed", "note": None}
        assert (await api.patch(path, json=closing)).status_code == 428
        closed = (await api.patch(path, json=closing, headers={"If-Match": read.headers["etag"]})).json()
        assert (closed["state"], closed["note"], closed["deadline"], closed["version"]) == (
            "closed",
            None,
            "2026-03-31",
            2,
        )
        history = (await anybody.get(f"{path}/history")).json()["items"]
        assert [(one["kind"], one["actor"]) for one in history] == [("updated", None), ("created", None)]
        then = await anybody.get(path, params={"known_at": history[1]["at"], "lang": "pl"})
        assert (then.json()["state"], then.json()["note"]) == ("open", "Za rok 2025")
        assert [one["year"] for one in (await anybody.get("/v1/surveys")).json()["items"]] == [2024, 2025]
        first = await anybody.get("/v1/surveys?limit=1&count=true")
        assert first.json()["total"] == 2
        assert [one["year"] for one in (await anybody.get(first.links["next"]["url"])).json()["items"]] == [2025]
        assert len((await anybody.get("/v1/surveys?demonstration=true&state=closed")).json()["items"]) == 1
        assert (await api.delete(path, headers={"If-Match": "*"})).status_code == 204
        assert (await api.get(path)).json()["code"] == "survey_not_found"
        assert (await api.post("/v1/surveys", json={"year": 1492})).json()["errors"][0]["pointer"] == "/year"
