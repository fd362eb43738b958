"""Services of laboratories: what is offered, by whom, when, to whom."""

from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

from klaster_registry.lab_services.schemas import LabServiceCreate, LabServiceRead
from klaster_registry.labs.operations import move_entity
from tests.registry.conftest import NOW, Add

NAME = {"pl": "Widma NMR", "en": "NMR spectra"}


async def lab_of(api: httpx.AsyncClient, owner: str) -> str:
    body = {"owner": owner, "name": {"pl": "Pracownia", "en": "Laboratory"}, "kind": "scientific"}
    answer = await api.post("/v1/labs", json=body)
    return str(answer.json()["id"])


async def create(api: httpx.AsyncClient, lab: str, **properties: Any) -> dict[str, Any]:
    answer = await api.post("/v1/lab-services", json={"lab": lab, "name": NAME, **properties})
    assert answer.status_code == 201, answer.text
    service: dict[str, Any] = answer.json()
    return service


async def found(api: httpx.AsyncClient, **parameters: Any) -> set[str]:
    answer = await api.get("/v1/lab-services", params=parameters)
    assert answer.status_code == 200, answer.text
    return {one["id"] for one in answer.json()["items"]}


REFUSED: list[Any] = [
    ({"lab": "01900000-0000-7000-8000-000000000000"}, 404, "lab_not_found"),
    ({"fields": ["alchemy"]}, 422, "/fields/0"),
    ({"name": {"pl": "x", "en": "x" * 10_000}}, 422, "/name/en"),
    ({"price": "\0"}, 422, "/price"),
    ({"shared": {"from": "2022-01-01", "to": "2021-01-01"}}, 422, "/shared/to"),
]


class TestLabServices:
    def test_show_an_example_that_is_valid(self) -> None:
        for shape in (LabServiceCreate, LabServiceRead):
            extra: Any = shape.model_config["json_schema_extra"]
            shape.model_validate(extra["examples"][0])

    async def test_say_what_is_offered_and_whose_it_is(
        self, api: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add
    ) -> None:
        owner = await add("Instytut")
        lab = await lab_of(api, owner["id"])
        said = {"description": NAME, "terms": NAME, "price": "od 180 PLN", "fields": ["medicine"]}
        service = await create(api, lab, **said)
        LabServiceRead.model_validate(service)
        assert (service["lab"], service["owner"]["name"]) == ({"id": lab, "name": "Laboratory"}, "Instytut")
        assert (service["description"], service["price"], service["shared"]) == ("NMR spectra", "od 180 PLN", None)
        polish = await anybody.get(f"/v1/lab-services/{service['id']}", headers={"Accept-Language": "pl"})
        assert (polish.json()["terms"], polish.json()["lab"]["name"]) == ("Widma NMR", "Pracownia")
        path, etag = f"/v1/lab-services/{service['id']}", polish.headers["etag"]
        same = await api.patch(path, json=said | {"lab": lab, "shared": None}, headers={"If-Match": etag})
        assert same.json()["version"] == 1
        change = {"description": None, "fields": ["food"], "partners_only": True, "shared": {"from": "2024-01-01"}}
        assert (await api.patch(path, json=change)).status_code == 428
        changed = (await api.patch(path, json=change, headers={"If-Match": etag})).json()
        assert (changed["description"], changed["fields"], changed["version"]) == (None, ["food"], 2)
        assert (await anybody.patch(path, json=change, headers={"If-Match": "*"})).status_code == 403
        assert (await api.delete(f"/v1/labs/{lab}", headers={"If-Match": "*"})).status_code == 409
        assert (await api.delete(path, headers={"If-Match": "*"})).status_code == 204
        assert (await api.get(path)).json()["code"] == "lab_service_not_found"

    async def test_are_found_by_owner_partnership_and_day(
        self, api: httpx.AsyncClient, add: Add, registered: Add
    ) -> None:
        partner, other = await registered("Partner"), await add("Inny")
        await api.post("/v1/groups/talents/members", json={"entity": partner["id"], "from": "2020-02-01"})
        await api.post(f"/v1/entities/{partner['id']}/partnerships", json={"from": "2021-01-01", "to": "2021-12-31"})
        labs = [await lab_of(api, one["id"]) for one in (partner, other)]
        shared = {"from": "2021-01-01", "to": "2022-12-31"}
        ours = (await create(api, labs[0], shared=shared, fields=["medicine"], partners_only=True))["id"]
        theirs = (await create(api, labs[1]))["id"]
        assert await found(api, lab=labs[1]) == await found(api, owner=other["id"]) == {theirs}
        assert await found(api, field="medicine") == await found(api, partners_only="true") == {ours}
        assert await found(api, owner_partner="true", as_of="2021-06-01") == {ours}
        assert await found(api, owner_partner="false", as_of="2021-06-01") == {theirs}
        assert await found(api, owner_partner="true", as_of="2022-06-01") == set()
        assert await found(api, shared="true", as_of="2022-12-31") == {ours}
        assert await found(api, shared="false", as_of="2022-12-31") == {theirs}
        assert await found(api, shared="true", as_of="2023-01-01") == set()
        for day, value in (("2020-12-31", 0), ("2022-12-31", 1), ("2023-01-01", 0)):
            query = f"name=registry.services.shared&as_of={day}"
            [figure] = (await api.get(f"/v1/registry/figures?{query}")).json()["items"]
            assert figure["value"] == value == len((await api.get(figure["rows"])).json()["items"])

    async def test_follow_their_laboratory_when_its_owner_is_merged(
        self, app: FastAPI, api: httpx.AsyncClient, add: Add
    ) -> None:
        old, new = [(await add(name))["id"] for name in ("Stara", "Nowa")]
        service = await create(api, await lab_of(api, old))
        async with app.state.database.write() as session:
            await move_entity(session, old=UUID(old), new=UUID(new), now=NOW)
        assert (await api.get(f"/v1/lab-services/{service['id']}")).json()["owner"]["id"] == new

    async def test_are_refused_with_the_place_and_the_reason(self, api: httpx.AsyncClient, add: Add) -> None:
        lab = await lab_of(api, (await add("JCI"))["id"])
        for properties, status, where in REFUSED:
            answer = await api.post("/v1/lab-services", json={"lab": lab, "name": NAME, **properties})
            problem = answer.json()
            assert answer.status_code == status, properties
            assert where in {problem["code"], *(one["pointer"] for one in problem["errors"])}
