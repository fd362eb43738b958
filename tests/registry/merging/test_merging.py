"""Two entities become one: what moves, what stays, what is refused."""

from typing import Any

import httpx
import pytest

from tests.registry.conftest import Add

NIP, REGON = {"scheme": "nip", "value": "6762464304"}, {"scheme": "regon", "value": "122838510"}


async def merge(api: httpx.AsyncClient, gone: dict[str, Any], into: dict[str, Any], **how: Any) -> httpx.Response:
    return await api.post(f"/v1/entities/{gone['id']}/merge", json={"into": into["id"], **how})


async def post(api: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await api.post(path, json=body)
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


class TestDuplicates:
    async def test_become_one_record_from_the_beginning(
        self, api: httpx.AsyncClient, add: Add, registered: Add
    ) -> None:
        kept = await registered("Zakład Łaski", identifiers=[NIP], fields=["medicine"])
        gone = await add("Zaklad Laski sp. z o.o.", identifiers=[NIP, REGON], fields=["food"], interest_group="MED")
        assert kept["id"] != gone["id"]
        repository = await post(api, "/v1/data-repositories", {"name": "Dane", "operator": gone["id"]})
        answer = await merge(api, gone, kept)
        assert answer.status_code == 200, answer.text
        survivor = answer.json()
        assert {name["value"]: name["role"] for name in survivor["names"]} == {
            "Zakład Łaski": "official",
            "Zaklad Laski sp. z o.o.": "alias",
        }
        assert {(one["scheme"], one["conflict"]) for one in survivor["identifiers"]} == {
            ("nip", False),
            ("regon", False),
        }
        assert (survivor["fields"], survivor["interest_group"]) == (["food", "medicine"], "MED")
        moved = (await api.get(f"/v1/data-repositories/{repository['id']}")).json()
        assert moved["operator"]["id"] == kept["id"]
        listed = (await api.get("/v1/entities")).json()["items"]
        assert [one["id"] for one in listed] == [kept["id"]]
        assert (await api.get("/v1/entities?as_of=2020-06-01")).json()["items"][0]["id"] == kept["id"]
        assert (await api.get("/v1/registry/search?q=laski")).json()["items"][0]["id"] == kept["id"]

    async def test_lead_from_the_old_id_to_the_survivor_for_ever(self, api: httpx.AsyncClient, registered: Add) -> None:
        first, second, third = [await registered(name, on="2021-01-01") for name in ("Ala", "Bela", "Cela")]
        assert (await merge(api, first, second)).status_code == 200
        assert (await merge(api, second, third)).status_code == 200
        for reference in (first["id"], first["rbw_number"], second["id"], second["rbw_number"]):
            answer = await api.get(f"/v1/entities/{reference}")
            assert answer.status_code == 308
            assert answer.headers["location"] == f"/v1/entities/{third['id']}"
            assert answer.json()["code"] == "entity_moved"
        changes = (await api.get("/v1/registry/changes?limit=1000")).json()["items"]
        merged = [(one["id"], one["merged_into"]) for one in changes if one["kind"] == "merged"]
        assert merged == [
            (first["id"], second["id"]),
            (second["id"], third["id"]),
            (first["id"], third["id"]),
        ]
        history = (await api.get(f"/v1/entities/{first['id']}/history")).json()["items"]
        assert [one["kind"] for one in history[:2]] == ["merged", "merged"]
        # Whoever still writes the old id writes to the survivor.
        joined = await post(api, "/v1/groups/talents/members", {"entity": first["id"], "from": "2022-01-01"})
        assert joined["id"] == third["id"]


class TestMergers:
    async def test_count_both_until_the_day_and_one_from_then_on(self, api: httpx.AsyncClient, registered: Add) -> None:
        gone = await registered("Bela", markets=[{"code": "EU", "from": "2020-02-01"}])
        kept = await registered("Ala", markets=[{"code": "EU", "from": "2021-01-01", "to": "2021-12-31"}])
        for entity in (gone, kept):
            await post(api, "/v1/groups/talents/members", {"entity": entity["id"], "from": "2020-03-01"})
            await post(api, f"/v1/entities/{entity['id']}/partnerships", {"from": "2020-04-01"})
        answer = await merge(api, gone, kept, kind="merger", on="2023-05-01", note="Uchwała 7/2023")
        survivor = answer.json()
        assert [(one["kind"], one["label"]) for one in survivor["relations"]] == [("predecessor", "Bela")]
        assert survivor["markets"] == [
            {"code": "EU", "from": "2021-01-01", "to": "2021-12-31"},
            {"code": "EU", "from": "2023-05-01", "to": None},
        ]
        assert survivor["partnerships"] == [{"from": "2020-04-01", "to": None}]

        async def partners(day: str) -> int:
            found = (await api.get(f"/v1/entities?partner=true&in_group=true&as_of={day}")).json()["items"]
            return len(found)

        assert [await partners(day) for day in ("2023-04-30", "2023-05-01")] == [2, 1]
        states = [
            (await api.get(f"/v1/registry/figures?name=registry.entities.registered&as_of={day}")).json()["items"][0]
            for day in ("2023-04-30", "2023-05-01")
        ]
        assert [state["value"] for state in states] == [2, 1]
        notes = (await api.get(f"/v1/entities/{gone['id']}/registrations")).json()["items"]
        assert (notes[-1]["state"], notes[-1]["note"]) == ("merged", "Uchwała 7/2023")


class TestRefusals:
    @pytest.mark.parametrize(
        ("how", "rule"),
        [
            ({"kind": "merger", "on": "2027-01-01"}, "in_the_future"),
            ({"kind": "merger", "on": "2019-01-01"}, "before_founded"),
        ],
        ids=str,
    )
    async def test_name_the_rule(self, api: httpx.AsyncClient, registered: Add, how: dict[str, Any], rule: str) -> None:
        gone, kept = await registered("Ala", founded_on="2019-06"), await registered("Bela")
        answer = await merge(api, gone, kept, **how)
        assert (answer.status_code, answer.json()["rule"]) == (409, rule)

    async def test_keep_the_register_s_own_and_never_merge_into_itself(
        self, api: httpx.AsyncClient, add: Add, registered: Add
    ) -> None:
        known, other = await registered("Ala"), await add("Ala bis")
        assert (await merge(api, known, other)).json()["rule"] == "into_registered"
        assert (await merge(api, known, known)).json()["rule"] == "itself"
        assert (await merge(api, other, known)).status_code == 200
        assert (await merge(api, other, known)).json()["rule"] == "itself"
        wrong = await merge(api, other, known, on="2020-01-01")
        assert wrong.json()["errors"][0]["pointer"] == "/on"
        assert (await api.post(f"/v1/entities/{known['id']}/merge", json={"into": "RBW-999999"})).status_code == 404
