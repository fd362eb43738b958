"""Groups, networks and advisory bodies: who is a member, and when."""

import httpx

from tests.registry.conftest import Add


class TestMembers:
    async def test_are_listed_by_name_with_their_days(
        self, api: httpx.AsyncClient, anybody: httpx.AsyncClient, registered: Add
    ) -> None:
        for name, days in (("Żaba", {"from": "2020-05-01"}), ("Łódź", {"from": "2020-02-01", "to": "2020-12-31"})):
            entity = await registered(name)
            answer = await api.post("/v1/groups/talents/members", json={"entity": entity["rbw_number"], **days})
            assert answer.status_code == 201
            assert answer.json()["groups"] == [{"code": "talents", "from": days["from"], "to": days.get("to")}]
        members = (await anybody.get("/v1/groups/talents/members")).json()["items"]
        assert [(one["name"], one["from"], one["to"]) for one in members] == [
            ("Łódź", "2020-02-01", "2020-12-31"),
            ("Żaba", "2020-05-01", None),
        ]
        of_day = (await anybody.get("/v1/groups/talents/members?as_of=2021-01-01")).json()["items"]
        assert [one["name"] for one in of_day] == ["Żaba"]

    async def test_walk_their_pages_once(self, api: httpx.AsyncClient, add: Add) -> None:
        for at in range(5):
            entity = await add(f"Firma {at}")
            await api.post("/v1/networks/CEBR/members", json={"entity": entity["id"], "from": "2020-01-01"})
        walked: list[str] = []
        url: str | None = "/v1/networks/CEBR/members?limit=2"
        while url:
            answer = await api.get(url)
            walked += [item["name"] for item in answer.json()["items"]]
            url = answer.links["next"]["url"] if "next" in answer.links else None
        assert walked == [f"Firma {at}" for at in range(5)]

    async def test_are_refused_twice_at_a_time_and_before_they_were_founded(
        self, api: httpx.AsyncClient, add: Add
    ) -> None:
        entity = await add("Ala", founded_on="2019-06")
        body = {"entity": entity["id"], "from": "2020-01-01"}
        assert (await api.post("/v1/groups/talents/members", json=body)).status_code == 201
        again = await api.post("/v1/groups/talents/members", json=body)
        assert (again.status_code, again.json()["rule"]) == (409, "overlap")
        early = await api.post("/v1/groups/funding/members", json={**body, "from": "2019-05-31"})
        assert (early.status_code, early.json()["rule"]) == (409, "before_founded")

    async def test_need_a_group_and_an_entity_that_exist(self, api: httpx.AsyncClient, add: Add) -> None:
        entity = await add("Ala")
        body = {"entity": entity["id"], "from": "2020-01-01"}
        nowhere = await api.post("/v1/groups/nope/members", json=body)
        assert nowhere.json()["code"] == "term_not_found"
        nobody = await api.post("/v1/groups/talents/members", json={**body, "entity": "RBW-000009"})
        assert nobody.json()["code"] == "entity_not_found"
        assert (await api.get("/v1/groups/nope/members")).status_code == 404

    async def test_leave_on_their_last_day(self, api: httpx.AsyncClient, add: Add) -> None:
        entity = await add("Ala")
        await api.post("/v1/groups/talents/members", json={"entity": entity["id"], "from": "2020-01-01"})
        early = await api.post("/v1/groups/talents/members/leave", json={"entity": entity["id"], "on": "2019-12-31"})
        assert early.json()["rule"] == "before_begin"
        await api.post("/v1/groups/talents/members/leave", json={"entity": entity["id"], "on": "2021-12-31"})
        for day, inside in (("2021-12-31", 1), ("2022-01-01", 0)):
            found = await api.get(f"/v1/entities?group=talents&as_of={day}")
            assert len(found.json()["items"]) == inside


class TestNetworks:
    async def test_can_be_asked_for_by_flag_and_by_a_member_s_kind(self, api: httpx.AsyncClient, add: Add) -> None:
        entity = await add("Koordynator", kinds=[{"code": "coordinator"}], demonstration=True)
        for code in ("CEBR", "KKK"):
            await api.post(f"/v1/networks/{code}/members", json={"entity": entity["id"], "from": "2020-01-01"})

        async def codes(query: str) -> list[str]:
            return [one["code"] for one in (await api.get(f"/v1/networks?{query}")).json()["items"]]

        assert await codes("international=true&member_kind=coordinator") == ["CEBR"]
        assert await codes("international=false") == ["KKK"]
        assert await codes("member_kind=coordinator&as_of=2019-12-31") == []
        assert await codes("member_kind=coordinator&demonstration=false") == []
        assert await codes("member_kind=coordinator&demonstration=true") == ["CEBR", "KKK"]

    async def test_are_programmes_where_they_say_so(self, api: httpx.AsyncClient) -> None:
        body = {"code": "EDIH", "name": {"pl": "EDIH", "en": "EDIH"}, "flags": ["programme"]}
        assert (await api.post("/v1/networks", json=body)).status_code == 201
        found = await api.get("/v1/networks?programme=true")
        assert [one["code"] for one in found.json()["items"]] == ["EDIH"]
        assert (await api.get("/v1/networks?count=true&limit=1")).json()["total"] == 3
        refused = await api.get("/v1/groups?programme=true")
        assert refused.json()["errors"][0]["pointer"] == "query/programme"


class TestAdvisoryBodies:
    async def test_are_found_by_flags_and_by_members_from_the_register(
        self, api: httpx.AsyncClient, add: Add, registered: Add
    ) -> None:
        stranger, member = await add("Obcy"), await registered("Nasz", demonstration=True)
        for entity, code in ((stranger, "COUNCIL"), (member, "BOARD")):
            body = {"entity": entity["id"], "from": "2021-01-01"}
            assert (await api.post(f"/v1/advisory-bodies/{code}/members", json=body)).status_code == 201

        async def codes(query: str) -> list[str]:
            return [one["code"] for one in (await api.get(f"/v1/advisory-bodies?{query}")).json()["items"]]

        assert await codes("with_member=true") == ["BOARD"]
        assert await codes("with_member=false") == ["COUNCIL"]
        assert await codes("with_member=true&as_of=2020-12-31") == []
        assert await codes("with_member=true&demonstration=true") == ["BOARD"]
        assert await codes("with_member=true&demonstration=false") == []
        assert await codes("advisory=true") == await codes("international=false") == ["COUNCIL"]
        assert await codes("decision=true&international=true") == ["BOARD"]
        assert await codes("decision=true&advisory=true") == []
        record = (await api.get(f"/v1/entities/{member['id']}")).json()
        assert record["advisory_bodies"] == [{"code": "BOARD", "from": "2021-01-01", "to": None}]
        found = await api.get("/v1/entities?advisory_body=BOARD&as_of=2021-01-01")
        assert [one["id"] for one in found.json()["items"]] == [member["id"]]
