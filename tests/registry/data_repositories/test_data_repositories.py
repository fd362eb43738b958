"""Data repositories: available from day to day, kept by an entity where one is known."""

import httpx

from klaster_registry.data_repositories.schemas import DataRepositoryRead
from tests.registry.conftest import Add


class TestDataRepositories:
    async def test_are_available_from_their_first_to_their_last_day(self, api: httpx.AsyncClient, add: Add) -> None:
        keeper = await add("Uniwersytet Jagielloński")
        body = {
            "name": "Repozytorium UJ",
            "operator": keeper["id"],
            "url": "https://ruj.uj.edu.pl/",
            "fields": ["medicine", "food"],
            "available": {"from": "2019-01-14", "to": "2023-12-31"},
        }
        added = await api.post("/v1/data-repositories", json=body)
        assert added.status_code == 201, added.text
        record = DataRepositoryRead.model_validate(added.json())
        assert record.operator is not None
        assert record.operator.name == "Uniwersytet Jagielloński"
        for day, available in (("2019-01-13", 0), ("2019-01-14", 1), ("2023-12-31", 1), ("2024-01-01", 0)):
            listed = await api.get(f"/v1/data-repositories?available=true&as_of={day}&count=true")
            assert listed.json()["total"] == available, day
        of_field = await api.get("/v1/data-repositories?field=food&operator=" + keeper["id"])
        assert [one["name"] for one in of_field.json()["items"]] == ["Repozytorium UJ"]

    async def test_can_be_changed_and_deleted(self, api: httpx.AsyncClient) -> None:
        added = await api.post("/v1/data-repositories", json={"name": "CEON", "fields": ["food"]})
        path, etag = added.headers["location"], added.headers["etag"]
        change = {"fields": ["medicine"], "url": None, "name": "CEON 2"}
        changed = (await api.patch(path, json=change, headers={"If-Match": etag})).json()
        assert (changed["fields"], changed["name"], changed["version"]) == (["medicine"], "CEON 2", 2)
        assert (await api.delete(path, headers={"If-Match": etag})).status_code == 412
        assert (await api.delete(path, headers={"If-Match": '"2"'})).status_code == 204
        assert (await api.get(path)).json()["code"] == "data_repository_not_found"

    async def test_are_refused_with_fields_that_do_not_exist(self, api: httpx.AsyncClient) -> None:
        answer = await api.post("/v1/data-repositories", json={"name": "CEON", "fields": ["food", "astrology"]})
        assert answer.json()["errors"][0]["pointer"] == "/fields/1"

    async def test_come_once_from_one_source(self, api: httpx.AsyncClient) -> None:
        body = {"name": "CEON", "source": "strategy-2022", "source_key": "ceon"}
        first = await api.post("/v1/data-repositories", json=body)
        again = await api.post("/v1/data-repositories", json=body)
        assert (again.status_code, again.json()["existing"]) == (409, first.json()["id"])
