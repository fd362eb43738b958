"""A partner proposes a change to what is its own; the office decides, and the history names both."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import httpx
import pytest

from klaster_registry.proposals.schemas import ProposalRead
from klaster_shared.testing.servers import calling
from tests.registry.conftest import Add, Served

PartnerOf = Callable[[dict[str, Any]], Any]
NIP = {"scheme": "nip", "value": "6762464304"}


@pytest.fixture
async def partner_of(api: httpx.AsyncClient, served: Served) -> AsyncIterator[PartnerOf]:
    """Somebody who speaks for an entity."""
    async with AsyncExitStack() as stack:

        async def open_client(entity: dict[str, Any]) -> httpx.AsyncClient:
            url = str(served.admin.base_url)
            return await stack.enter_async_context(calling(url, served.app, "partner", entity=UUID(entity["id"])))

        yield open_client


async def propose(
    partner: httpx.AsyncClient, record: dict[str, Any], change: dict[str, Any], collection: str = "entities"
) -> dict[str, Any]:
    answer = await send(partner, record, change, collection)
    assert answer.status_code == 201, answer.text
    proposal: dict[str, Any] = answer.json()
    ProposalRead.model_validate(proposal)
    return proposal


async def send(
    partner: httpx.AsyncClient, record: dict[str, Any], change: dict[str, Any], collection: str = "entities"
) -> httpx.Response:
    body = {"target": {"collection": collection, "id": record["id"]}, "change": change, "note": "Po zmianie w KRS"}
    return await partner.post("/v1/proposals", json=body)


async def decide(api: httpx.AsyncClient, proposal: dict[str, Any], verb: str, **body: Any) -> httpx.Response:
    return await api.post(f"/v1/proposals/{proposal['id']}/{verb}", json=body)


class TestPropose:
    async def test_changes_nothing_until_the_office_accepts(
        self, api: httpx.AsyncClient, add: Add, partner_of: PartnerOf
    ) -> None:
        entity = await add("Selvita", legal_form="sp. z o.o.", identifiers=[NIP])
        partner = await partner_of(entity)
        proposal = await propose(partner, entity, {"legal_form": "S.A.", "identifiers": [NIP]})
        assert (proposal["state"], proposal["decided_at"], proposal["record_version"]) == ("pending", None, 1)
        assert proposal["target"] == {"collection": "entities", "id": entity["id"], "name": "Selvita"}
        said_before = {"legal_form": "sp. z o.o.", "identifiers": [{**NIP, "source": "office"}]}
        assert proposal["before"] == said_before
        assert (await api.get(f"/v1/entities/{entity['id']}")).json() == entity
        feed = (await api.get("/v1/registry/changes?limit=1000")).json()["items"]
        assert [one["kind"] for one in feed if one["collection"] == "proposals"] == ["created"]
        assert [one["kind"] for one in feed if one["collection"] == "entities"] == ["created"]

        accepted = await decide(api, proposal, "accept", note="Zgodnie z KRS")
        assert accepted.status_code == 200, accepted.text
        assert (accepted.json()["state"], accepted.json()["answer"]) == ("accepted", "Zgodnie z KRS")
        assert accepted.json()["decided_by"] == "test:admin"
        assert (await partner.get(f"/v1/proposals/{proposal['id']}")).json()["decided_by"] is None
        assert (await api.get(f"/v1/entities/{entity['id']}")).json()["legal_form"] == "S.A."
        last = (await api.get(f"/v1/entities/{entity['id']}/history")).json()["items"][0]
        assert (last["actor"], last["proposed_by"], last["changed"]) == ("test:admin", "test:partner", ["legal_form"])
        decisions = (await api.get(f"/v1/proposals/{proposal['id']}/history")).json()["items"]
        assert [one["kind"] for one in decisions] == ["updated", "created"]

    async def test_says_under_change_what_is_wrong(
        self, api: httpx.AsyncClient, add: Add, partner_of: PartnerOf
    ) -> None:
        entity = await add("Selvita", founded_on="2007")
        partner = await partner_of(entity)
        wrong: list[tuple[dict[str, Any], str, str]] = [
            ({"names": []}, "/change/names", "too_short"),
            ({"registration": "registered"}, "/change/registration", "extra_forbidden"),
            ({"seat": {"country": "PL", "subdivision": "DE-BE"}}, "/change/seat/subdivision", "other_country"),
            ({"fields": ["alchemy"]}, "/change/fields/0", "unknown_code"),
            ({"identifiers": [{"scheme": "nip", "value": "1"}]}, "/change/identifiers/0/value", "length"),
            ({"closed_on": "2001"}, "/change/closed_on", "dates"),
            ({"startup": False}, "/change", "no_change"),
            ({}, "/change", "too_short"),
        ]
        for change, pointer, code in wrong:
            answer = await send(partner, entity, change)
            assert answer.status_code == 422, answer.text
            [error] = answer.json()["errors"]
            assert (error["pointer"], error["code"]) == (pointer, code)
        # What was rehearsed and refused has left nothing behind.
        assert (await api.get(f"/v1/entities/{entity['id']}")).json() == entity
        assert (await partner.get("/v1/proposals?count=true")).json() == {"items": [], "next": None, "total": 0}

    async def test_is_for_the_own_record_and_the_own_laboratories(
        self, api: httpx.AsyncClient, add: Add, partner_of: PartnerOf
    ) -> None:
        own, other = await add("Selvita"), await add("Ryvu")
        body = {"name": {"pl": "Pracownia", "en": "Laboratory"}, "kind": "commercial"}
        lab = (await api.post("/v1/labs", json={**body, "owner": own["id"]})).json()
        foreign = (await api.post("/v1/labs", json={**body, "owner": other["id"]})).json()
        partner, stranger = await partner_of(own), await partner_of(other)
        area = {"areas": [{"area_m2": 120.5, "from": "2022-01-01"}]}
        proposal = await propose(partner, lab, area, "labs")
        assert proposal["target"]["name"] == "Laboratory"
        assert (await send(partner, other, {"startup": True})).status_code == 403
        assert (await send(partner, foreign, area, "labs")).status_code == 403
        assert (await send(partner, {"id": own["id"]}, area, "labs")).json()["code"] == "lab_not_found"
        assert (await send(api, own, {"startup": True})).status_code == 403

        assert (await stranger.get("/v1/proposals")).json()["items"] == []
        assert (await stranger.get(f"/v1/proposals/{proposal['id']}")).json()["code"] == "proposal_not_found"
        assert (await decide(stranger, proposal, "withdraw")).status_code == 404
        assert (await decide(partner, proposal, "accept")).status_code == 403

        assert (await decide(api, proposal, "accept")).status_code == 200
        assert (await api.get(f"/v1/labs/{lab['id']}")).json()["area_m2"] == 120.5


class TestDecide:
    async def test_is_refused_where_the_record_says_something_else_by_now(
        self, api: httpx.AsyncClient, add: Add, partner_of: PartnerOf
    ) -> None:
        entity = await add("Selvita", legal_form="sp. z o.o.")
        partner = await partner_of(entity)
        proposal = await propose(partner, entity, {"legal_form": "S.A.", "startup": True})
        for change in ({"founded_on": "2007"}, {"legal_form": "P.S.A."}):
            etag = (await api.get(f"/v1/entities/{entity['id']}")).headers["etag"]
            await api.patch(f"/v1/entities/{entity['id']}", json=change, headers={"If-Match": etag})
        refused = await decide(api, proposal, "accept")
        assert (refused.status_code, refused.json()["code"]) == (409, "proposal_overtaken")
        assert [one["pointer"] for one in refused.json()["errors"]] == ["/change/legal_form"]
        assert (await decide(api, proposal, "accept", anyway=True)).status_code == 200
        assert (await api.get(f"/v1/entities/{entity['id']}")).json()["legal_form"] == "S.A."

    async def test_happens_once(self, api: httpx.AsyncClient, add: Add, partner_of: PartnerOf) -> None:
        entity = await add("Selvita")
        partner = await partner_of(entity)
        contested = await propose(partner, entity, {"startup": True})
        answers = await asyncio.gather(
            decide(api, contested, "accept"), decide(api, contested, "reject", note="Nie jest startupem")
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        [lost] = [answer for answer in answers if answer.status_code == 409]
        assert lost.json()["code"] == "proposal_decided"

        rejected = await propose(partner, entity, {"founded_on": "2007"})
        assert (await decide(api, rejected, "reject")).status_code == 422
        assert (await decide(api, rejected, "reject", note="KRS mówi 2008")).json()["answer"] == "KRS mówi 2008"
        withdrawn = await propose(partner, entity, {"founded_on": "2008"})
        assert (await decide(partner, withdrawn, "withdraw")).json()["state"] == "withdrawn"
        assert (await decide(api, withdrawn, "accept")).status_code == 409

        async def ids(query: str) -> list[str]:
            return [one["id"] for one in (await api.get(f"/v1/proposals?{query}")).json()["items"]]

        assert await ids(f"entity={entity['id']}") == [withdrawn["id"], rejected["id"], contested["id"]]
        assert await ids("state=rejected&state=withdrawn&collection=entities&limit=1") == [withdrawn["id"]]
        assert await ids(f"collection=labs&target={entity['id']}") == []

    async def test_follows_a_merger_and_survives_a_deletion(
        self, api: httpx.AsyncClient, add: Add, partner_of: PartnerOf
    ) -> None:
        gone, kept, deleted = (
            await add("Ala", legal_form="S.A."),
            await add("Bela", legal_form="S.A."),
            await add("Cela"),
        )
        partner, other = await partner_of(gone), await partner_of(deleted)
        proposal = await propose(partner, gone, {"legal_form": "P.S.A."})
        orphan = await propose(other, deleted, {"startup": True})
        merged = await api.post(f"/v1/entities/{gone['id']}/merge", json={"into": kept["id"], "kind": "duplicate"})
        assert merged.status_code == 200, merged.text
        # Whoever spoke for the one speaks for the other, and what was proposed is proposed there.
        [seen] = (await partner.get("/v1/proposals")).json()["items"]
        assert (seen["id"], seen["target"]["id"], seen["entity"]["name"]) == (proposal["id"], kept["id"], "Bela")
        assert (await decide(api, proposal, "accept")).status_code == 200
        assert (await api.get(f"/v1/entities/{kept['id']}")).json()["legal_form"] == "P.S.A."

        await api.delete(f"/v1/entities/{deleted['id']}", headers={"If-Match": "*"})
        assert (await decide(api, orphan, "accept")).json()["code"] == "entity_not_found"
        answer = (await decide(api, orphan, "reject", note="Rekord usunięto")).json()
        assert (answer["state"], answer["entity"], answer["target"]["name"]) == ("rejected", None, None)


class TestNewRecords:
    async def test_are_proposed_by_whoever_takes_part_and_get_the_id_that_was_kept_for_them(
        self, api: httpx.AsyncClient, add: Add, partner_of: PartnerOf
    ) -> None:
        own, other = await add("Selvita"), await add("Ryvu")
        partner = await partner_of(own)
        change = {
            "title": {"pl": "Wspólny projekt", "en": "A project together"},
            "partners": [{"entity": own["id"], "role": "coordinator"}, {"entity": other["id"]}],
            "source": "lsos",
            "source_key": "meeting-1",
        }
        body = {"target": {"collection": "projects"}, "change": change}
        answer = await partner.post("/v1/proposals", json=body)
        assert answer.status_code == 201, answer.text
        proposal = answer.json()
        assert (proposal["record_version"], proposal["before"], proposal["target"]["name"]) == (0, {}, None)
        path = f"/v1/projects/{proposal['target']['id']}"
        assert (await api.get(path)).status_code == 404

        again = (await partner.post("/v1/proposals", json=body)).json()
        accepted = await decide(api, proposal, "accept")
        assert accepted.status_code == 200, accepted.text
        assert accepted.json()["target"]["name"] == "A project together"
        project = (await api.get(path)).json()
        assert (project["source"], [one["entity"]["name"] for one in project["partners"]]) == (
            "lsos",
            ["Selvita", "Ryvu"],
        )
        last = (await api.get(f"{path}/history")).json()["items"][0]
        assert (last["kind"], last["actor"], last["proposed_by"]) == ("created", "test:admin", "test:partner")
        # The same source and key are never written twice, however often they were proposed.
        assert (await decide(api, again, "accept")).json()["code"] == "project_exists"
        assert (await decide(api, again, "reject", note="Jest już")).status_code == 200

    async def test_that_would_be_refused_are_refused_at_once(
        self, api: httpx.AsyncClient, add: Add, partner_of: PartnerOf
    ) -> None:
        own, other = await add("Selvita"), await add("Ryvu")
        partner = await partner_of(own)
        title = {"pl": "Projekt", "en": "Project"}

        async def refused(collection: str, change: dict[str, Any], record_id: str | None = None) -> tuple[int, str]:
            target = {"collection": collection, "id": record_id}
            answer = await partner.post("/v1/proposals", json={"target": target, "change": change})
            errors = answer.json()["errors"]
            return answer.status_code, errors[0]["pointer"] if errors else ""

        assert await refused("projects", {"title": title, "partners": [{"entity": other["id"]}]}) == (403, "")
        assert await refused("projects", {"title": title, "kinds": ["none"]}) == (422, "/change/kinds/0")
        assert await refused("projects", {"partners": []}) == (422, "/change/title")
        assert await refused("projects", {"note": "x"}, own["id"]) == (422, "/target/id")
        assert await refused("entities", {"startup": True}) == (422, "/target/id")
        assert (await api.get("/v1/projects?count=true")).json()["total"] == 0
        assert (await partner.get("/v1/proposals?count=true")).json()["total"] == 0

    async def test_of_a_cluster_abroad_that_is_there_add_to_what_it_declared(
        self, api: httpx.AsyncClient, add: Add, partner_of: PartnerOf
    ) -> None:
        own = await add("Selvita")
        partner = await partner_of(own)
        said = {"name": "Health Cluster Portugal", "kind": "cluster", "country": "PT"}
        hq = (await api.post("/v1/foreign-hqs", json=said)).json()
        ready = {"ready": [{"from": "2026-11-01"}]}
        assert (await send(partner, hq, ready, "foreign_hqs")).status_code == 403
        proposal = await propose(partner, hq, {**ready, "partner_entities": [own["id"]]}, "foreign_hqs")
        assert proposal["target"]["name"] == "Health Cluster Portugal"
        assert (await decide(api, proposal, "accept")).status_code == 200
        found = (await api.get(f"/v1/foreign-hqs/{hq['id']}")).json()
        assert found["ready"] == [{"from": "2026-11-01", "to": None}]
        new = await partner.post(
            "/v1/proposals",
            json={"target": {"collection": "foreign_hqs"}, "change": {**said, "partner_entities": [own["id"]]}},
        )
        assert new.status_code == 201, new.text
