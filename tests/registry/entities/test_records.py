"""Entities as records: added, read, changed, deleted."""

import asyncio
from typing import Any

import httpx
import pytest

from klaster_registry.entities.schemas import EntityRead
from klaster_shared.pagination import Page
from tests.registry.conftest import Add

FOUNDATION: dict[str, Any] = {
    "interest_group": "MED",
    "fields": ["medicine", "food"],
    "founded_on": "2013-04",
    "seat": {"street": "ul. Bobrzyńskiego 14", "postal_code": "30-348", "city": "Kraków", "country": "PL"},
    "links": [{"url": "http://www.lifescience.pl/"}],
    "identifiers": [
        {"scheme": "krs", "value": "0000458418"},
        {"scheme": "nip", "value": "676-246-43-04"},
        {"scheme": "regon", "value": "122838510"},
    ],
    "kinds": [{"code": "coordinator"}],
    "markets": [{"code": "EU", "from": "2019-01-01", "to": "2021-12-31"}],
    "digital_audits": [{"kind": "roadmap", "on": "2021-11-15"}],
}


class TestCreate:
    async def test_answers_with_the_whole_record(self, add: Add) -> None:
        entity = await add("Fundacja Klaster LifeScience Kraków", **FOUNDATION)

        EntityRead.model_validate(entity)
        assert entity["registration"] == "none"
        assert entity["rbw_number"] is None
        assert [(item["scheme"], item["value"], item["verdict"]) for item in entity["identifiers"]] == [
            ("krs", "0000458418", "valid"),
            ("nip", "6762464304", "valid"),
            ("regon", "122838510", "valid"),
        ]
        assert entity["markets"] == [{"code": "EU", "from": "2019-01-01", "to": "2021-12-31"}]
        assert entity["interest_groups"] == [{"code": "MED", "from": None, "to": None}]

    async def test_gives_the_location_and_an_etag(self, api: httpx.AsyncClient) -> None:
        answer = await api.post("/v1/entities", json={"names": [{"value": "Selvita"}]})
        assert answer.headers["location"] == f"/v1/entities/{answer.json()['id']}"
        assert answer.headers["etag"] == '"1"'

    async def test_takes_the_first_official_name_for_its_own(self, api: httpx.AsyncClient) -> None:
        names = [
            {"value": "AGH", "role": "acronym"},
            {"value": "Akademia Górniczo-Hutnicza", "lang": "pl"},
            {"value": "AGH University of Krakow", "lang": "en"},
        ]
        answer = await api.post("/v1/entities", json={"names": names})
        assert answer.json()["name"] == "Akademia Górniczo-Hutnicza"

    async def test_refuses_a_nip_with_a_wrong_checksum(self, api: httpx.AsyncClient) -> None:
        body = {"names": [{"value": "Ryvu"}], "identifiers": [{"scheme": "nip", "value": "6762464305"}]}
        answer = await api.post("/v1/entities", json=body)
        assert answer.status_code == 422
        [error] = answer.json()["errors"]
        assert (error["pointer"], error["code"]) == ("/identifiers/0/value", "checksum")

    async def test_keeps_and_marks_a_wrong_identifier_of_another_source(self, add: Add) -> None:
        entity = await add("Ryvu", source="ror", identifiers=[{"scheme": "nip", "value": "6762464305"}])
        [identifier] = entity["identifiers"]
        assert (identifier["value"], identifier["verdict"], identifier["reason"]) == (
            "6762464305",
            "invalid",
            "checksum",
        )

    async def test_keeps_a_scheme_without_a_rule_unchecked(self, add: Add) -> None:
        entity = await add("Ryvu", identifiers=[{"scheme": "grid", "value": "grid.512190.e"}])
        assert entity["identifiers"][0]["verdict"] == "unchecked"

    @pytest.mark.parametrize(
        ("change", "pointer"),
        [
            ({"names": []}, "/names"),
            ({"names": [{"value": "x" * 10_000}]}, "/names/0/value"),
            ({"names": [{"value": "Kli\x00nika"}]}, "/names/0/value"),
            ({"names": [{"value": "Klinika", "lang": "Polish"}]}, "/names/0/lang"),
            ({"interest_group": "NOPE"}, "/interest_group"),
            ({"fields": ["medicine", "astrology"]}, "/fields/1"),
            ({"kinds": [{"code": "castle"}]}, "/kinds/0/code"),
            ({"markets": [{"code": "EU", "from": "2022-01-01", "to": "2021-01-01"}]}, "/markets/0/to"),
            ({"markets": [{"code": "EU"}, {"code": "EU", "from": "2021-01-01"}]}, "/markets"),
            ({"founded_on": "2020-13"}, "/founded_on"),
            ({"founded_on": "2020", "closed_on": "2019"}, "/closed_on"),
            ({"seat": {"country": "PL", "subdivision": "DE-BY"}}, "/seat/subdivision"),
            ({"seat": {"latitude": 91}}, "/seat/latitude"),
            ({"links": [{"url": "javascript:alert(1)"}]}, "/links/0/url"),
            ({"identifiers": [{"scheme": "NIP!", "value": "1"}]}, "/identifiers/0/scheme"),
            ({"colour": "green"}, "/colour"),
        ],
    )
    async def test_refuses_what_cannot_be_with_the_place_and_the_reason(
        self, api: httpx.AsyncClient, change: dict[str, Any], pointer: str
    ) -> None:
        answer = await api.post("/v1/entities", json={"names": [{"value": "Klinika"}], **change})
        assert answer.status_code == 422, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert pointer in [error["pointer"] for error in answer.json()["errors"]]

    async def test_refuses_a_source_key_that_is_taken(self, api: httpx.AsyncClient, add: Add) -> None:
        first = await add("intoDNA", source="strategy-2022", source_key="intodna")
        body = {"names": [{"value": "intoDNA"}], "source": "strategy-2022", "source_key": "intodna"}
        answer = await api.post("/v1/entities", json=body)
        assert answer.status_code == 409
        assert answer.json()["existing"] == first["id"]

    async def test_adds_once_under_one_idempotency_key(self, api: httpx.AsyncClient) -> None:
        headers = {"Idempotency-Key": "one"}
        answers = [
            await api.post("/v1/entities", json={"names": [{"value": "LEANGO"}]}, headers=headers) for _ in range(2)
        ]
        assert answers[0].content == answers[1].content
        assert (await api.get("/v1/entities?count=true")).json()["total"] == 1


class TestRead:
    async def test_finds_it_by_id_number_and_identifier(self, anybody: httpx.AsyncClient, registered: Add) -> None:
        entity = await registered("Klaster", **FOUNDATION, on="2019-01-02")
        for reference in (entity["id"], "RBW-000001", "nip:676-246-43-04", "krs:0000458418"):
            answer = await anybody.get(f"/v1/entities/{reference}")
            assert answer.json() == entity, reference

    @pytest.mark.parametrize(
        "reference", ["nope", "RBW-000999", "nip:6762464304", "01890000-0000-7000-8000-000000000000"]
    )
    async def test_says_that_there_is_none(self, anybody: httpx.AsyncClient, reference: str) -> None:
        answer = await anybody.get(f"/v1/entities/{reference}")
        assert (answer.status_code, answer.json()["code"]) == (404, "entity_not_found")

    async def test_sends_nothing_to_who_has_it_already(self, anybody: httpx.AsyncClient, add: Add) -> None:
        entity = await add("minte.ai")
        answer = await anybody.get(f"/v1/entities/{entity['id']}", headers={"If-None-Match": '"1"'})
        assert (answer.status_code, answer.content) == (304, b"")


CLAIM = [{"scheme": "ror", "value": "https://ror.org/03bqmcz70"}]


class TestClaims:
    async def test_names_both_claimants_of_one_identifier(self, api: httpx.AsyncClient, add: Add) -> None:
        first, second = await add("Ala", identifiers=CLAIM), await add("Ola", identifiers=CLAIM)
        answer = await api.get("/v1/entities/ror:03bqmcz70")
        assert answer.status_code == 409
        assert [one["id"] for one in answer.json()["candidates"]] == [first["id"], second["id"]]

    async def test_marks_both_and_unmarks_who_stays(self, api: httpx.AsyncClient, add: Add) -> None:
        first, second = await add("Ala", identifiers=CLAIM), await add("Ola", identifiers=CLAIM)
        contested = (await api.get("/v1/entities?conflict=true")).json()["items"]
        assert [one["id"] for one in contested] == [first["id"], second["id"]]
        assert all(one["identifiers"][0]["conflict"] for one in contested)

        answer = await api.patch(f"/v1/entities/{second['id']}", json={"identifiers": []}, headers={"If-Match": '"1"'})

        assert answer.status_code == 200, answer.text
        left = (await api.get(f"/v1/entities/{first['id']}")).json()
        assert left["identifiers"][0]["conflict"] is False
        assert (await api.get("/v1/entities?conflict=true")).json()["items"] == []

    async def test_sees_two_claimants_that_come_at_once(self, api: httpx.AsyncClient) -> None:
        body = {"identifiers": CLAIM}
        answers = await asyncio.gather(
            *(api.post("/v1/entities", json={"names": [{"value": name}], **body}) for name in ("Ala", "Ola", "Ela"))
        )
        assert {answer.status_code for answer in answers} == {201}
        assert len((await api.get("/v1/entities?conflict=true")).json()["items"]) == 3


class TestChange:
    async def test_merges_what_is_said_and_leaves_the_rest(self, api: httpx.AsyncClient, add: Add) -> None:
        entity = await add("Klaster", **FOUNDATION)
        answer = await api.patch(
            f"/v1/entities/{entity['id']}",
            json={"startup": True, "legal_form": "fundacja", "founded_on": None},
            headers={"If-Match": '"1"'},
        )
        changed = answer.json()
        assert (changed["startup"], changed["legal_form"], changed["founded_on"]) == (True, "fundacja", None)
        assert (changed["version"], answer.headers["etag"]) == (2, '"2"')
        untouched = set(entity) - {"startup", "legal_form", "founded_on", "version", "updated_at"}
        assert {name: changed[name] for name in untouched} == {name: entity[name] for name in untouched}

    async def test_replaces_lists_as_a_whole(self, api: httpx.AsyncClient, add: Add) -> None:
        entity = await add("Klaster", **FOUNDATION)
        change = {"names": [{"value": "Inny"}], "fields": [], "markets": [], "links": [], "kinds": [{"code": "bank"}]}
        answer = await api.patch(f"/v1/entities/{entity['id']}", json=change, headers={"If-Match": "*"})
        changed = answer.json()
        assert changed["name"] == "Inny"
        assert (changed["fields"], changed["markets"], changed["links"]) == ([], [], [])
        assert [kind["code"] for kind in changed["kinds"]] == ["bank"]

    async def test_moves_to_another_interest_group_from_today_on(self, api: httpx.AsyncClient, add: Add) -> None:
        entity = await add("Klaster", interest_group="MED")
        await api.patch(f"/v1/entities/{entity['id']}", json={"interest_group": "EDU"}, headers={"If-Match": "*"})
        record = (await api.get(f"/v1/entities/{entity['id']}")).json()
        assert record["interest_groups"] == [
            {"code": "MED", "from": None, "to": "2026-11-23"},
            {"code": "EDU", "from": "2026-11-24", "to": None},
        ]
        for day, code in (("2026-11-23", "MED"), ("2026-11-24", "EDU")):
            listed = await api.get("/v1/entities", params={"as_of": day, "interest_group": code})
            assert [one["id"] for one in listed.json()["items"]] == [entity["id"]]

    async def test_writes_nothing_where_nothing_changes(self, api: httpx.AsyncClient, add: Add) -> None:
        entity = await add("Klaster", **FOUNDATION)
        before = (await api.get("/v1/registry/changes?after=0&limit=1000")).json()["next"]
        same = {
            "names": [{"value": "Klaster"}],
            "startup": False,
            "identifiers": FOUNDATION["identifiers"],
            "kinds": FOUNDATION["kinds"],
        }
        answer = await api.patch(f"/v1/entities/{entity['id']}", json=same, headers={"If-Match": "*"})
        assert answer.json() == entity
        assert (await api.get(f"/v1/registry/changes?after={before}")).json()["items"] == []

    @pytest.mark.parametrize(("headers", "status"), [({}, 428), ({"If-Match": '"7"'}, 412)])
    async def test_needs_the_record_as_it_was_read(
        self, api: httpx.AsyncClient, add: Add, headers: dict[str, str], status: int
    ) -> None:
        entity = await add("Klaster")
        answer = await api.patch(f"/v1/entities/{entity['id']}", json={"startup": True}, headers=headers)
        assert answer.status_code == status

    @pytest.mark.parametrize("change", [{"names": None}, {"startup": None}, {"closed_on": "1999"}, {"id": "x"}])
    async def test_refuses_to_empty_what_may_not_be_empty(
        self, api: httpx.AsyncClient, add: Add, change: dict[str, Any]
    ) -> None:
        entity = await add("Klaster", **FOUNDATION)
        answer = await api.patch(f"/v1/entities/{entity['id']}", json=change, headers={"If-Match": "*"})
        assert answer.status_code == 422

    async def test_lets_one_of_two_writers_through(self, api: httpx.AsyncClient, add: Add) -> None:
        entity = await add("Klaster")
        answers = await asyncio.gather(
            *(
                api.patch(f"/v1/entities/{entity['id']}", json={"legal_form": form}, headers={"If-Match": '"1"'})
                for form in ("fundacja", "spółka")
            )
        )
        assert sorted(answer.status_code for answer in answers) == [200, 412]


class TestDelete:
    async def test_removes_it_and_leaves_a_tombstone(self, api: httpx.AsyncClient, registered: Add) -> None:
        entity = await registered("Klaster", **FOUNDATION, on="2019-01-02")
        answer = await api.delete(f"/v1/entities/{entity['id']}", headers={"If-Match": "*"})
        assert answer.status_code == 204
        assert (await api.get(f"/v1/entities/{entity['id']}")).status_code == 404
        change = (await api.get("/v1/registry/changes?after=0&limit=1000")).json()["items"][-1]
        assert (change["kind"], change["id"], change["record"]) == ("deleted", entity["id"], None)

    async def test_never_gives_its_number_again(self, api: httpx.AsyncClient, registered: Add) -> None:
        first = await registered("Ala")
        await api.delete(f"/v1/entities/{first['id']}", headers={"If-Match": "*"})
        assert (await registered("Ola"))["rbw_number"] == "RBW-000002"

    async def test_refuses_while_a_laboratory_names_it(self, api: httpx.AsyncClient, add: Add) -> None:
        entity = await add("Ala")
        lab = {"owner": entity["id"], "name": {"pl": "Laboratorium", "en": "Laboratory"}, "kind": "commercial"}
        assert (await api.post("/v1/labs", json=lab)).status_code == 201
        answer = await api.delete(f"/v1/entities/{entity['id']}", headers={"If-Match": "*"})
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


class TestFeed:
    async def test_carries_what_followers_need(self, api: httpx.AsyncClient, registered: Add) -> None:
        entity = await registered("Klaster", interest_group="MED", startup=True, startup_listed_year=2021)
        changes = (await api.get("/v1/registry/changes?after=0&limit=1000")).json()["items"]
        mine = [change for change in changes if change["collection"] == "entities"]
        assert [change["kind"] for change in mine] == ["created", "updated", "updated"]
        assert mine[-1]["record"] == entity
        assert {"registration", "registrations", "rbw_number"} <= set(mine[-1]["changed"])


class TestListedDocuments:
    async def test_are_what_the_contract_says(self, api: httpx.AsyncClient, registered: Add) -> None:
        await registered("Klaster", **FOUNDATION, on="2019-01-02")
        page = Page[EntityRead].model_validate_json((await api.get("/v1/entities")).content)
        assert page.items[0].name == "Klaster"
