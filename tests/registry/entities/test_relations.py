"""Relations: linked by the office, kept as sources state them, never impossible unnoticed."""

from typing import Any

import httpx

from tests.registry.conftest import Add


async def relate(api: httpx.AsyncClient, entity: dict[str, Any], *relations: dict[str, Any]) -> httpx.Response:
    return await api.patch(
        f"/v1/entities/{entity['id']}", json={"relations": list(relations)}, headers={"If-Match": "*"}
    )


async def seen(api: httpx.AsyncClient, entity: dict[str, Any], direction: str) -> list[tuple[Any, ...]]:
    answer = await api.get(f"/v1/entities/{entity['id']}/relations", params={"direction": direction})
    assert answer.status_code == 200, answer.text
    return [
        (one["kind"], one["label"], one["entity"] and one["entity"]["id"], one["flags"])
        for one in answer.json()["items"]
    ]


class TestLinked:
    async def test_are_seen_from_both_sides(self, api: httpx.AsyncClient, add: Add) -> None:
        university, faculty = await add("Uniwersytet"), await add("Wydział")
        answer = await relate(api, faculty, {"kind": "parent", "entity": university["id"]})
        assert answer.json()["relations"][0] == {
            "kind": "parent",
            "label": "Uniwersytet",
            "scheme": None,
            "value": None,
            "entity": university["id"],
        }
        assert await seen(api, faculty, "out") == [("parent", "Uniwersytet", university["id"], [])]
        assert await seen(api, university, "in") == [("child", "Wydział", faculty["id"], [])]

    async def test_refuse_itself_strangers_and_circles(self, api: httpx.AsyncClient, add: Add) -> None:
        top, middle, bottom = [await add(name) for name in ("Góra", "Środek", "Dół")]
        await relate(api, middle, {"kind": "parent", "entity": top["id"]})
        await relate(api, middle, {"kind": "parent", "entity": top["id"]}, {"kind": "child", "entity": bottom["id"]})
        for relation, code in (
            ({"kind": "branch", "entity": top["id"]}, "self_relation"),
            ({"kind": "parent", "entity": bottom["id"]}, "parent_cycle"),
            ({"kind": "parent", "entity": "nip:6762464304"}, "entity_not_found"),
        ):
            answer = await relate(api, top, relation)
            assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code), answer.text
            assert answer.json()["errors"][0]["pointer"] == "/relations/0/entity"
        both = await relate(api, bottom, {"kind": "child", "entity": top["id"]})
        assert both.json()["errors"][0]["code"] == "parent_cycle"
        assert (await relate(api, bottom, {"kind": "parent"})).json()["errors"][0]["pointer"] == "/relations/0/label"


class TestStatedBySources:
    async def test_are_kept_linked_where_known_and_flagged_where_impossible(
        self, api: httpx.AsyncClient, add: Add
    ) -> None:
        def ror(value: str) -> list[dict[str, str]]:
            return [{"scheme": "ror", "value": value}]

        one, other, lonely = "03bqmcz70", "00bas1c41", "0575jwx13"
        first = await add(
            "Pierwszy",
            source="ror",
            source_key=one,
            identifiers=ror(one),
            relations=[
                {"kind": "parent", "label": "Drugi", "scheme": "ror", "value": other},
                {"kind": "related", "label": "Nieznany", "scheme": "ror", "value": lonely},
            ],
        )
        second = await add(
            "Drugi",
            source="ror",
            source_key=other,
            identifiers=ror(other),
            relations=[
                {"kind": "parent", "label": "Pierwszy", "scheme": "ror", "value": one},
                {"kind": "related", "label": "Drugi", "scheme": "ror", "value": other},
            ],
        )
        assert await seen(api, first, "out") == [
            ("parent", "Drugi", second["id"], ["parent_cycle"]),
            ("related", "Nieznany", None, ["outside"]),
        ]
        flags = [flags for *_, flags in await seen(api, second, "out")]
        assert flags == [["parent_cycle"], ["self_relation"]]
        looping = (await api.get("/v1/entities?relation_issue=parent_cycle")).json()["items"]
        assert {one["id"] for one in looping} == {first["id"], second["id"]}
        own = (await api.get("/v1/entities?relation_issue=self_relation")).json()["items"]
        assert [one["id"] for one in own] == [second["id"]]
