"""People: private unless they consented, never in caches, logs or stored answers; erased so that counts stay."""

from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI
from sqlalchemy import text

from klaster_registry.people.operations import move_entity
from klaster_registry.people.schemas import PersonCreate, PersonRead
from tests.registry.conftest import NOW, Add, As

ADA = {"name": "Ada Łódzka", "title": "dr hab.", "email": "ada@example.org", "phone": "+48 12 000 00 00"}


def consent(purpose: str = "publication", given: str = "2023-01-10", **more: Any) -> dict[str, Any]:
    return {"purpose": purpose, "given_on": given, **more}


def role(entity: str, since: str | None = "2023-01-01", **more: Any) -> dict[str, Any]:
    return {"entity": entity, "role": "representative", "from": since, **more}


async def create(api: httpx.AsyncClient, **properties: Any) -> dict[str, Any]:
    answer = await api.post("/v1/people", json=ADA | properties)
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    person: dict[str, Any] = answer.json()
    return person


async def change(api: httpx.AsyncClient, person: dict[str, Any], **properties: Any) -> dict[str, Any]:
    answer = await api.patch(f"/v1/people/{person['id']}", json=properties, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    changed: dict[str, Any] = answer.json()
    return changed


async def names(client: httpx.AsyncClient, **parameters: Any) -> list[str]:
    answer = await client.get("/v1/people", params=parameters)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    return [one["name"] for one in answer.json()["items"]]


class TestSeeing:
    async def test_needs_a_consent_that_holds(self, api: httpx.AsyncClient, speaking: As, add: Add) -> None:
        entity = (await add("Ryvu"))["id"]
        bio = {"pl": "Życiorys", "en": "Life"}
        person = await create(api, roles=[role(entity)], bio=bio)
        path, strangers = f"/v1/people/{person['id']}", [await speaking("anonymous"), await speaking("integrator")]
        for stranger in strangers:
            assert await names(stranger) == []
            assert (await stranger.get(path)).json()["code"] == "person_not_found"
        await change(api, person, consents=[consent()])
        for stranger in strangers:
            seen = (await stranger.get(path)).json()
            PersonRead.model_validate(seen)
            assert (seen["name"], seen["title"], seen["roles"][0]["entity"]["name"]) == (
                "Ada Łódzka",
                "dr hab.",
                "Ryvu",
            )
            hidden = ("email", "phone", "bio", "consents", "source", "source_key")
            assert {name: seen[name] for name in hidden} == dict.fromkeys(hidden)
        await change(api, person, consents=[consent(), consent("contact")])
        assert (await strangers[0].get(path)).json()["email"] == "ada@example.org"
        # To be contacted is no consent to be published.
        await change(api, person, consents=[consent("contact"), consent(withdrawn_on="2026-11-24")])
        assert (await strangers[0].get(path)).status_code == 404
        assert await names(strangers[0]) == []
        await change(api, person, consents=[consent(given="2026-11-24")])
        assert await names(strangers[0], role="representative", entity=entity) == ["Ada Łódzka"]

    async def test_of_its_own_people_is_for_a_partner(self, api: httpx.AsyncClient, speaking: As, add: Add) -> None:
        own, other = [(await add(name))["id"] for name in ("Ryvu", "Selvita")]
        person = await create(api, roles=[role(own), role(other)], consents=[consent("newsletter")])
        await create(api, name="Bea Była", roles=[role(own, "2020-01-01", to="2021-12-31")])
        await create(api, name="Cyd Cudzy", roles=[role(other)])
        await create(api, name="Dan Drugi", roles=[role(other)], consents=[consent()])
        partner = await speaking("partner", own)
        assert await names(partner) == ["Ada Łódzka", "Dan Drugi"]
        seen = (await partner.get(f"/v1/people/{person['id']}")).json()
        assert (seen["email"], seen["consents"], len(seen["roles"])) == ("ada@example.org", None, 1)
        assert await names(partner, entity=other) == ["Dan Drugi"]
        assert await names(await speaking("partner")) == ["Dan Drugi"]
        assert len(await names(await speaking("office"))) == 4
        for method in ("PATCH", "DELETE"):
            refused = await partner.request(method, f"/v1/people/{person['id']}", json={}, headers={"If-Match": "*"})
            assert refused.status_code == 403
        assert (await partner.post("/v1/people", json=ADA)).status_code == 403

    async def test_by_what_is_private_is_for_the_office(self, api: httpx.AsyncClient, speaking: As) -> None:
        await create(api, consents=[consent(), consent("newsletter", withdrawn_on="2024-01-01")])
        anybody, office = await speaking("anonymous"), await speaking("office")
        for query in ("q=ada", "purpose=newsletter", "erased=true", "source=office", "source_key=x"):
            assert (await anybody.get(f"/v1/people?{query}")).status_code == 403
        assert await names(office, q="lodz") == ["Ada Łódzka"]
        assert await names(office, q="100%") == []
        assert await names(office, purpose="newsletter") == []
        assert await names(office, purpose="newsletter", as_of="2023-12-31") == ["Ada Łódzka"]


REFUSED: list[Any] = [
    ({"roles": [{"role": "representative"}]}, "/roles/0/entity", "one_place"),
    (
        {"roles": [{"role": "representative", "entity": "ENTITY", "body": "BOARD"}]},
        "/roles/0/entity",
        "one_place",
    ),
    ({"roles": [{"role": "king", "entity": "ENTITY"}]}, "/roles/0/role", "unknown_code"),
    ({"roles": [{"role": "expert", "body": "SENATE"}]}, "/roles/0/body", "unknown_code"),
    (
        {"roles": [{"role": "expert", "entity": "ENTITY", "from": "2019-04-30"}]},
        "/roles/0/from",
        "before_founded",
    ),
    (
        {"roles": [{"role": "expert", "body": "BOARD", "from": "2022-01-01", "to": "2021-01-01"}]},
        "/roles/0/to",
        "dates",
    ),
    ({"consents": [consent("fame")]}, "/consents/0/purpose", "unknown_code"),
    ({"consents": [consent(given="2026-11-25")]}, "/consents/0/given_on", "in_the_future"),
    ({"consents": [consent(withdrawn_on="2022-01-01")]}, "/consents/0/withdrawn_on", "dates"),
    ({"consents": [consent(), consent(given="2024-01-01")]}, "/consents", "overlap"),
    ({"name": "x" * 10_000}, "/name", "string_too_long"),
    ({"name": "\0"}, "/name", "value_error"),
    ({"email": "nobody"}, "/email", "string_pattern_mismatch"),
    ({"email": "\0@example.org"}, "/email", "value_error"),
]


class TestRoles:
    async def test_hold_from_day_to_day(self, api: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add) -> None:
        entity = (await add("Ryvu", founded_on="2019-05"))["id"]
        body = {"body": "BOARD", "role": "board_member", "from": "2021-01-01", "to": "2021-12-31"}
        said = {"function": {"pl": "prezeska", "en": "president"}}
        await create(api, roles=[role(entity, "2022-01-01", **said), body], consents=[consent()])
        assert await names(anybody, as_of="2021-12-31", body="BOARD") == ["Ada Łódzka"]
        for query in (
            {"as_of": "2022-01-01", "body": "BOARD"},
            {"as_of": "2021-12-31", "entity": entity},
            {"as_of": "2021-06-01", "role": "representative"},
            {"as_of": "2020-12-31"},
        ):
            assert await names(anybody, **query) == []
        [seen] = (await anybody.get("/v1/people", headers={"Accept-Language": "pl"})).json()["items"]
        assert [one["function"] for one in seen["roles"]] == [None, "prezeska"]
        assert (seen["roles"][0]["body"], seen["roles"][0]["to"]) == ("BOARD", "2021-12-31")

    async def test_and_all_else_is_refused_with_the_place_and_the_reason(
        self, api: httpx.AsyncClient, add: Add
    ) -> None:
        entity = (await add("Ryvu", founded_on="2019-05"))["id"]
        for properties, pointer, code in REFUSED:
            roles = [one | ({"entity": entity} if one.get("entity") else {}) for one in properties.get("roles", [])]
            answer = await api.post("/v1/people", json=ADA | properties | {"roles": roles})
            assert answer.status_code == 422, (properties, answer.text)
            error = answer.json()["errors"][0]
            assert (error["pointer"], error["code"]) == (pointer, code)

    async def test_follow_a_merge(self, app: FastAPI, api: httpx.AsyncClient, add: Add) -> None:
        old, new = [(await add(name))["id"] for name in ("Stara", "Nowa")]
        person = await create(api, roles=[role(old)])
        async with app.state.database.write() as session:
            await move_entity(session, old=UUID(old), new=UUID(new), now=NOW)
        moved = (await api.get(f"/v1/people/{person['id']}")).json()
        assert (moved["roles"][0]["entity"]["name"], moved["version"]) == ("Nowa", 2)


class TestWriting:
    def test_shows_an_example_that_is_valid(self) -> None:
        for shape in (PersonCreate, PersonRead):
            extra: Any = shape.model_config["json_schema_extra"]
            shape.model_validate(extra["examples"][0])

    async def test_leaves_no_name_in_logs_and_stored_answers(
        self, app: FastAPI, api: httpx.AsyncClient, speaking: As, add: Add
    ) -> None:
        key = {"Idempotency-Key": "ada"}
        made = await api.post("/v1/people", json=ADA, headers=key)
        assert UUID(made.json()["id"]).version == 4
        again = await api.post("/v1/people", json=ADA, headers=key)
        assert (again.status_code, again.headers["location"]) == (409, f"/v1/people/{made.json()['id']}")
        path = f"/v1/people/{made.json()['id']}"
        assert (await api.patch(path, json={"phone": None})).status_code == 428
        etag = made.headers["etag"]
        assert (await api.patch(path, json={"phone": None}, headers={"If-Match": etag})).status_code == 200
        assert (await api.patch(path, json={"phone": None}, headers={"If-Match": etag})).status_code == 412
        twice = await api.post("/v1/people", json=ADA | {"source_key": made.json()["source_key"]})
        assert twice.json()["code"] == "person_exists"
        feed = (await api.get("/v1/registry/changes?limit=1000")).json()["items"]
        same = ADA | {"phone": None, "roles": [], "consents": []}
        assert (await api.patch(path, json=same, headers={"If-Match": "*"})).json()["version"] == 2
        noted = [one for one in feed if one["collection"] == "people"]
        assert [(one["kind"], one["record"]) for one in noted] == [("created", None), ("updated", None)]
        assert noted[1]["changed"] == ["phone"]
        strangers = (await (await speaking("integrator")).get("/v1/registry/changes?limit=1000")).json()["items"]
        assert "people" not in {one["collection"] for one in strangers}
        history = (await api.get(f"{path}/history")).json()["items"]
        assert history[0]["changed"] == ["phone"]
        async with app.state.database.read() as session:
            for table in ("changes", "idempotency_keys"):
                rows = (await session.execute(text(f"SELECT * FROM {table}"))).all()
                assert "Łódzka" not in repr(rows)
                assert "ada@example" not in repr(rows)

    async def test_makes_findable_whom_everybody_may_see(self, app: FastAPI, api: httpx.AsyncClient) -> None:
        async def found() -> int:
            answer = await api.get("/v1/registry/search?q=lodzka")
            assert answer.status_code == 200, answer.text
            return len(answer.json()["items"])

        person = await create(api)
        assert await found() == 0
        await change(api, person, consents=[consent()])
        assert await found() == 1
        await change(api, person, consents=[consent(withdrawn_on="2024-01-01")])
        assert await found() == 0
        await change(api, person, consents=[consent()])
        for flags, count in (([], 0), (["publication"], 1)):
            purpose = "/v1/consent-purposes/publication"
            changed = await api.patch(purpose, json={"flags": flags}, headers={"If-Match": "*"})
            assert (changed.status_code, await found()) == (200, count)
        await api.delete(f"/v1/people/{person['id']}", headers={"If-Match": "*"})
        assert await found() == 0
        async with app.state.database.read() as session:
            for table in ("search_entries", "search_names", "search_texts", "search_words"):
                rows = repr((await session.execute(text(f"SELECT * FROM {table}"))).all())
                assert "lodzka" not in rows.lower()


class TestErase:
    async def test_leaves_a_random_id_and_the_periods_of_roles(
        self, app: FastAPI, api: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add
    ) -> None:
        entity = (await add("Ryvu"))["id"]
        said: dict[str, Any] = {"function": {"pl": "prezeska", "en": "president"}}
        person = await create(
            api, roles=[role(entity, **said)], consents=[consent(evidence="Ada podpisała"), consent("contact")]
        )
        path = f"/v1/people/{person['id']}"
        assert (await api.delete(path)).status_code == 428
        assert (await api.delete(path, headers={"If-Match": "*"})).status_code == 204
        assert (await api.delete(path, headers={"If-Match": "*"})).status_code == 404
        assert (await api.patch(path, json={}, headers={"If-Match": "*"})).status_code == 404
        assert (await anybody.get(path)).status_code == 404
        assert await names(anybody) == await names(api) == []
        assert await names(api, erased="true", entity=entity) == [None]
        left = (await api.get(path)).json()
        PersonRead.model_validate(left)
        assert (left["name"], left["email"], left["erased_on"]) == (None, None, "2026-11-24")
        assert (left["roles"][0]["function"], left["roles"][0]["from"]) == (None, "2023-01-01")
        assert {one["withdrawn_on"] for one in left["consents"]} == {"2026-11-24"}
        async with app.state.database.read() as session:
            for table in ("people", "person_details", "person_roles", "person_consents", "changes"):
                rows = repr((await session.execute(text(f"SELECT * FROM {table}"))).all())
                assert not [word for word in ("Łódzka", "ada@", "prezeska", "podpisała") if word in rows]

    async def test_leaves_nothing_of_demonstration_data(self, api: httpx.AsyncClient, add: Add) -> None:
        entity = (await add("Ryvu"))["id"]
        person = await create(api, roles=[role(entity)], consents=[consent()], demonstration=True)
        assert (await api.delete(f"/v1/entities/{entity}", headers={"If-Match": "*"})).status_code == 409
        assert (await api.delete(f"/v1/people/{person['id']}", headers={"If-Match": "*"})).status_code == 204
        assert await names(api, erased="true") == []
        assert (await api.delete(f"/v1/entities/{entity}", headers={"If-Match": "*"})).status_code == 204
