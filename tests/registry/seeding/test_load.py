"""The demonstration comes in through the API, once; and goes out the same way."""

import httpx

from tests.registry.conftest import Add, Demonstration, run

MARKED = {"demonstration": True}
MORE = ("advisory-bodies", "projects", "documents", "lab-services", "people", "surveys")


class TestLoad:
    async def test_brings_in_the_organisations_and_their_life(self, demonstration: Demonstration) -> None:
        counted = {
            name: len((await demonstration.admin.get(f"/v1/{name}", params={"limit": 500})).json()["items"])
            for name in ("labs", "data-repositories", "foreign-hqs", "groups", "networks", "interest-groups", *MORE)
        }
        assert counted == {
            "labs": 13,
            "data-repositories": 20,
            "foreign-hqs": 16,
            "groups": 4,
            "networks": 6,
            "interest-groups": 6,
            "advisory-bodies": 6,
            "projects": 20,
            "documents": 11,
            "lab-services": 30,
            "people": 12,
            "surveys": 5,
        }

    async def test_shows_strangers_who_consented_and_nobody_s_answers(self, demonstration: Demonstration) -> None:
        people = (await demonstration.anybody.get("/v1/people")).json()["items"]
        assert len(people) == 9
        assert len([one for one in people if one["email"]]) == 5
        sums = (await demonstration.anybody.get("/v1/surveys/2025/sums")).json()["items"]
        assert [one["sum"] for one in sums] == [1200, 315410000.75, 233150000.25]
        assert (await demonstration.anybody.get("/v1/surveys/2025/answers")).status_code == 403

    async def test_registers_them_in_the_order_of_their_days(self, demonstration: Demonstration) -> None:
        query = "/v1/entities?demonstration=true&registration=registered&registration=left&sort=rbw_number&limit=500"
        entities = (await demonstration.anybody.get(query)).json()["items"]
        assert [one["rbw_number"] for one in entities] == [f"RBW-{number:06d}" for number in range(1, 74)]
        periods = [one["registrations"] for one in entities]
        days = [next(one["from"] for one in life if one["state"] == "registered") for life in periods]
        assert days == sorted(days)

    async def test_marks_all_of_it(self, demonstration: Demonstration) -> None:
        answer = await demonstration.anybody.get("/v1/entities?demonstration=true&count=true&limit=1")
        assert answer.json()["total"] == 351

    async def test_leaves_imported_organisations_out_of_the_register(self, demonstration: Demonstration) -> None:
        answer = await demonstration.anybody.get("/v1/entities?registration=none&source=ror&count=true&limit=1")
        assert answer.json()["total"] == 317 - 39

    async def test_knows_the_coordinator_by_its_identifiers(self, demonstration: Demonstration) -> None:
        for reference in ("nip:6762464304", "regon:122838510", "krs:0000458418", "RBW-000001"):
            answer = await demonstration.anybody.get(f"/v1/entities/{reference}")
            assert answer.json()["name"] == "Fundacja Klaster LifeScience Kraków", reference

    async def test_keeps_every_partner_in_a_group(self, demonstration: Demonstration) -> None:
        for day in ("2019-12-31", "2022-12-31", "2026-11-24"):
            answer = await demonstration.anybody.get(f"/v1/entities?partner=true&in_group=false&as_of={day}")
            assert answer.json()["items"] == []

    async def test_shows_identifiers_that_two_records_claim(self, demonstration: Demonstration) -> None:
        contested = (await demonstration.anybody.get("/v1/entities?conflict=true")).json()["items"]
        assert sorted(one["source_key"] for one in contested) == ["01y11b825", "04kjrtp25"]

    async def test_changes_nothing_the_second_time(self, demonstration: Demonstration) -> None:
        admin = demonstration.admin
        before = (await admin.get("/v1/entities?sort=-updated_at&limit=1")).json()
        assert await run(admin) == {}
        assert (await admin.get("/v1/entities?sort=-updated_at&limit=1")).json() == before


class TestClear:
    async def test_takes_out_what_is_marked_and_nothing_else(self, api: httpx.AsyncClient, add: Add) -> None:
        real, marked = await add("Prawdziwa Firma"), await add("Pokaz", demonstration=True)
        name = {"pl": "Laboratorium", "en": "Laboratory"}
        lab = {"owner": marked["id"], "name": name, "kind": "commercial", "demonstration": True}
        added = await api.post("/v1/labs", json=lab)
        assert added.status_code == 201
        service = {"lab": added.json()["id"], "name": name, **MARKED}
        assert (await api.post("/v1/lab-services", json=service)).status_code == 201
        role = {"entity": marked["id"], "role": "expert"}
        assert (await api.post("/v1/people", json={"name": "Ada", "roles": [role], **MARKED})).status_code == 201
        for year in (2024, 2025):
            assert (await api.post("/v1/surveys", json={"year": year, **MARKED})).status_code == 201
        for year, entity, flag in ((2024, marked, True), (2025, marked, True), (2025, real, False)):
            path = f"/v1/surveys/{year}/answers/{entity['id']}"
            assert (await api.put(path, json={"values": {}, "demonstration": flag})).status_code == 201
        await api.post("/v1/data-repositories", json={"name": "Repozytorium", "operator": marked["id"], **MARKED})
        await api.post("/v1/foreign-hqs", json={"name": "MaaT", "kind": "company", "country": "FR", **MARKED})

        hq = (await api.get("/v1/foreign-hqs")).json()["items"][0]
        partners = [{"entity": marked["id"]}, {"foreign_hq": hq["id"]}]
        assert (await api.post("/v1/projects", json={"title": name, "partners": partners, **MARKED})).status_code == 201
        document = {"title": name, "kind": "report", "entity": marked["id"], **MARKED}
        assert (await api.post("/v1/documents", json=document)).status_code == 201

        done = await run(api, clear=True)

        assert sum(done.values()) == 11
        # The survey that a real company answered stays, with that answer alone.
        assert [one["year"] for one in (await api.get("/v1/surveys")).json()["items"]] == [2025]
        assert len((await api.get("/v1/surveys/2025/answers")).json()["items"]) == 1
        for collection in (
            "labs",
            "lab-services",
            "people",
            "data-repositories",
            "foreign-hqs",
            "projects",
            "documents",
        ):
            assert (await api.get(f"/v1/{collection}")).json()["items"] == []
        assert [one["id"] for one in (await api.get("/v1/entities")).json()["items"]] == [real["id"]]
        assert (await api.get("/v1/interest-groups")).json()["items"] != []


class TestTaxonomiesAlone:
    async def test_leave_the_registry_without_entities(self, empty: httpx.AsyncClient) -> None:
        assert list(await run(empty, demonstration=False)) == ["codes added"]
        assert (await empty.get("/v1/entities")).json()["items"] == []
