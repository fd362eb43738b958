"""What OpenRefine sends is answered as Entity Reconciliation 0.2 asks for; on both engines."""

import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from klaster_registry.reconciliation.schemas import BATCH_SIZE, EXTENDED
from tests.registry.conftest import Served
from tests.registry.shelves import ENGINES, Known, Shelf, filled, put

BASE = "/v1/registry/reconcile"
MARKUP = '<script>alert(1)</script> & "Synowie"'


async def fill(admin: httpx.AsyncClient) -> Known:
    """A university, its namesake of another kind, and somebody whose name is markup."""
    university = await put(
        admin,
        "Uniwersytet Jagielloński",
        names=[
            {"value": "Uniwersytet Jagielloński", "lang": "pl"},
            {"value": "Jagiellonian University", "lang": "en", "role": "official"},
            {"value": "UJ", "role": "acronym"},
        ],
        seat={"city": "Kraków", "country": "PL", "latitude": 50.06},
        identifiers=[{"scheme": "nip", "value": "6750002236"}],
        founded_on="1364",
        kinds=[{"code": "coordinator"}],
    )
    company = await put(
        admin, "Bajka", seat={"city": "Łódź", "country": "PL"}, kinds=[{"code": "company"}], founded_on="2015-04-03"
    )
    bank = await put(admin, "Bajka", seat={"city": "Tarnów", "country": "PL"}, kinds=[{"code": "bank"}])
    odd = await put(admin, MARKUP, relations=[{"kind": "parent", "label": "Ktoś", "entity": university["id"]}])
    return {"university": university, "company": company, "bank": bank, "odd": odd}


@pytest.fixture(scope="module", params=ENGINES)
async def filled_shelf(request: pytest.FixtureRequest, served: Served) -> AsyncIterator[Shelf]:
    async with filled(request, served, fill) as shelf:
        yield shelf


@pytest.fixture
def known(filled_shelf: Shelf) -> Known:
    """What tests only read."""
    return filled_shelf.opened().known


@pytest.fixture
def reader(filled_shelf: Shelf) -> httpx.AsyncClient:
    """A caller without a key."""
    return filled_shelf.opened().anybody


async def reconcile(client: httpx.AsyncClient, queries: Any, **headers: str) -> dict[str, Any]:
    """As OpenRefine sends it: a form with one field."""
    answer = await client.post(BASE, data={"queries": json.dumps(queries)}, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def one(client: httpx.AsyncClient, query: Any) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = (await reconcile(client, {"q0": query}))["q0"]["result"]
    return result


def matches(result: list[dict[str, Any]]) -> list[str]:
    return [candidate["id"] for candidate in result if candidate["match"]]


class TestManifest:
    async def test_says_where_everything_is_as_seen_from_outside(self, reader: httpx.AsyncClient) -> None:
        told = (await reader.get(BASE)).json()
        assert told["versions"] == ["0.2"]
        assert {"name", "identifierSpace", "schemaSpace"} <= told.keys()
        assert told["batchSize"] == BATCH_SIZE
        base = "http://127.0.0.1:8000/v1/registry/reconcile"
        assert told["preview"]["url"] == told["view"]["url"] == f"{base}/preview/{{{{id}}}}"
        for what in ("entity", "type", "property"):
            assert told["suggest"][what] == {
                "service_url": base,
                "service_path": f"/suggest/{what}",
                "flyout_service_path": f"/flyout/{what}/${{id}}",
            }
        assert told["extend"]["propose_properties"] == {"service_url": base, "service_path": "/properties"}

    async def test_is_open_and_passes_over_what_clients_add(self, reader: httpx.AsyncClient) -> None:
        answer = await reader.get(BASE, params={"callback": "jsonp123", "_": "1700000000"})
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        assert answer.json()["versions"] == ["0.2"]

    async def test_speaks_the_language_asked_for(self, reader: httpx.AsyncClient) -> None:
        polish = await reader.get(BASE, headers={"Accept-Language": "pl"})
        assert polish.json()["defaultTypes"] == [{"id": "organisation", "name": "Organizacja"}]


class TestQueries:
    async def test_of_openrefine_are_answered_by_their_keys(self, reader: httpx.AsyncClient, known: Known) -> None:
        queries = {
            f"q{at}": {"query": name, "limit": 3, "type_strict": "should"}
            for at, name in enumerate(
                ["Jagiellonian University", "Wydział Lekarski Uniwersytetu Jagiellońskiego", "nikt"]
            )
        }
        found = await reconcile(reader, queries)
        assert list(found) == ["q0", "q1", "q2"]
        assert matches(found["q0"]["result"]) == matches(found["q1"]["result"]) == [known["university"]["id"]]
        assert matches(found["q2"]["result"]) == []
        best = found["q0"]["result"][0]
        assert best["name"] == "Uniwersytet Jagielloński"
        assert best["description"] == "Kraków, PL"
        assert {"id": "organisation", "name": "Organisation"} in best["type"]
        assert {"id": "coordinator", "name": "coordinator in English"} in best["type"]
        assert {"id": "exact", "value": 1.0} in best["features"]
        assert 0 <= best["score"] <= 100

    async def test_may_come_in_the_address(self, reader: httpx.AsyncClient, known: Known) -> None:
        answer = await reader.get(BASE, params={"queries": '{"q0": {"query": "UJ, Kraków"}}', "_": "1"})
        assert matches(answer.json()["q0"]["result"]) == [known["university"]["id"]]

    @pytest.mark.parametrize("reference", ["id", "nip:6750002236", "NIP 675-000-22-36", "PL6750002236", "6750002236"])
    async def test_that_are_an_id_find_its_entity(
        self, reader: httpx.AsyncClient, known: Known, reference: str
    ) -> None:
        text = known["university"]["id"] if reference == "id" else reference
        result = await one(reader, {"query": text})
        assert matches(result) == [known["university"]["id"]]
        assert result[0]["score"] == 100

    async def test_tell_namesakes_apart_by_properties(self, reader: httpx.AsyncClient, known: Known) -> None:
        assert matches(await one(reader, {"query": "Bajka"})) == []
        by_city = await one(reader, {"query": "Bajka", "properties": [{"pid": "city", "v": "Lodz"}]})
        assert matches(by_city) == [known["company"]["id"]]
        by_nip = await one(reader, {"properties": [{"pid": "nip", "v": [{"id": "675-000-22-36"}, None]}]})
        assert matches(by_nip) == [known["university"]["id"]]
        other = await one(
            reader, {"query": "Uniwersytet Jagielloński", "properties": [{"pid": "country", "v": "Germany"}]}
        )
        assert matches(other) == []
        agreed = await one(
            reader,
            {
                "query": "Uniwersytet Jagielloński",
                "properties": [{"pid": "country", "v": "Poland"}, {"pid": "x", "v": 1}],
            },
        )
        assert matches(agreed) == [known["university"]["id"]]
        assert {"id": "property_country", "value": 1.0} in agreed[0]["features"]

    async def test_narrow_by_type(self, reader: httpx.AsyncClient, known: Known) -> None:
        company, bank = known["company"]["id"], known["bank"]["id"]
        every = await one(reader, {"query": "Bajka", "type": "organisation", "type_strict": "all"})
        assert {company, bank} <= {candidate["id"] for candidate in every}
        strict = await one(reader, {"query": "Bajka", "type": ["bank", "coordinator"], "type_strict": "any"})
        assert {candidate["id"] for candidate in strict} & {company, bank} == {bank}
        both = await one(reader, {"query": "Bajka", "type": ["bank", "company"], "type_strict": "all"})
        assert both == []
        soft = await one(reader, {"query": "Bajka", "type": "company", "type_strict": "should"})
        scores = {candidate["id"]: candidate["score"] for candidate in soft}
        assert scores[company] > scores[bank]

    async def test_are_cut_at_their_limit(self, reader: httpx.AsyncClient, known: Known) -> None:
        assert len(await one(reader, {"query": "Bajka", "limit": 1})) == 1

    async def test_of_an_empty_registry_find_nothing(self, empty: httpx.AsyncClient) -> None:
        assert await one(empty, {"query": "Bajka"}) == []


class TestRefusals:
    async def test_of_too_many(self, reader: httpx.AsyncClient) -> None:
        queries = {f"q{at}": {"query": "x"} for at in range(BATCH_SIZE + 1)}
        answer = await reader.post(BASE, data={"queries": json.dumps(queries)})
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
        extend = {"ids": ["x"] * (EXTENDED + 1), "properties": []}
        assert (await reader.post(BASE, data={"extend": json.dumps(extend)})).status_code == 413

    @pytest.mark.parametrize(
        ("text", "status", "pointer"),
        [
            ("{", 422, "/queries"),
            ("[" * 5_000, 422, "/queries"),
            ('{"q0": ' * 3_000 + "1" + "}" * 3_000, 422, "/queries"),
            ("[]", 422, "/queries"),
            ('{"q0": {}}', 422, "/queries/q0/query"),
            ('{"a/b": {"query": 5}}', 422, "/queries/a~1b/query"),
            ('{"q0": {"query": "x", "limit": 0}}', 422, "/queries/q0/limit"),
            ('{"q0": {"query": "x", "limit": Infinity}}', 422, "/queries/q0/limit"),
            ('{"q0": {"query": "x", "type_strict": "maybe"}}', 422, "/queries/q0/type_strict"),
        ],
    )
    async def test_point_to_what_is_wrong(
        self, reader: httpx.AsyncClient, text: str, status: int, pointer: str
    ) -> None:
        answer = await reader.post(BASE, data={"queries": text})
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["errors"][0]["pointer"] == pointer

    async def test_of_forms_that_are_none(self, reader: httpx.AsyncClient) -> None:
        assert (await reader.post(BASE, json={"queries": {}})).status_code == 415
        assert (await reader.post(BASE, data={"other": "x"})).json()["errors"][0]["pointer"] == "/queries"
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        assert (await reader.post(BASE, content=b"queries=%ff%fe", headers=form)).status_code == 400
        assert (await reader.post(BASE, content=b"&".join([b"a=1"] * 50), headers=form)).status_code == 400

    @pytest.mark.parametrize("text", ["x" * 10_000, "\x00\x01", "(" * 5_000, "\u202e" * 9, "ł" * 3_000])
    async def test_none_of_odd_cells(self, reader: httpx.AsyncClient, known: Known, text: str) -> None:
        assert matches(await one(reader, {"query": text})) == []


class TestSuggestions:
    async def test_of_entities_begin_with_what_was_typed(self, reader: httpx.AsyncClient, known: Known) -> None:
        answer = await reader.get(f"{BASE}/suggest/entity", params={"prefix": "uniw", "callback": "x", "_": "2"})
        assert answer.json() == {
            "result": [
                {"id": known["university"]["id"], "name": "Jagiellonian University", "description": "Kraków, PL"}
            ]
        }

    async def test_of_entities_know_ids_and_can_be_paged_through(self, reader: httpx.AsyncClient, known: Known) -> None:
        path = f"{BASE}/suggest/entity"
        by_id = await reader.get(path, params={"prefix": known["bank"]["id"]})
        assert [found["id"] for found in by_id.json()["result"]] == [known["bank"]["id"]]
        first = (await reader.get(path, params={"prefix": "bajka"})).json()["result"]
        second = (await reader.get(path, params={"prefix": "bajka", "cursor": 1})).json()["result"]
        assert first[1:] == second
        assert (await reader.get(path, params={"prefix": ""})).json() == {"result": []}
        assert (await reader.get(path, params={"prefix": "bajka", "cursor": 9_999})).json() == {"result": []}

    async def test_of_types_and_properties(self, reader: httpx.AsyncClient, known: Known) -> None:
        types = (await reader.get(f"{BASE}/suggest/type", params={"prefix": "bank"})).json()
        assert types == {"result": [{"id": "bank", "name": "bank in English"}]}
        properties = (await reader.get(f"{BASE}/suggest/property", params={"prefix": "city"})).json()
        assert properties == {"result": [{"id": "city", "name": "City"}]}
        every = (await reader.get(f"{BASE}/suggest/property")).json()["result"]
        rest = (await reader.get(f"{BASE}/suggest/property", params={"cursor": len(every)})).json()["result"]
        assert rest
        assert not {one["id"] for one in rest} & {one["id"] for one in every}

    async def test_fly_out_as_escaped_pieces_of_a_page(self, reader: httpx.AsyncClient, known: Known) -> None:
        entity = await reader.get(f"{BASE}/flyout/entity/{known['odd']['id']}")
        assert entity.json()["id"] == known["odd"]["id"]
        assert "<script" not in entity.json()["html"]
        kind = await reader.get(f"{BASE}/flyout/type/bank")
        assert kind.json() == {"id": "bank", "html": "<p>bank in English <code>bank</code></p>"}
        assert (await reader.get(f"{BASE}/flyout/property/nip")).status_code == 200
        assert (await reader.get(f"{BASE}/flyout/property/nothing")).status_code == 404


class TestExtension:
    async def test_proposes_properties(self, reader: httpx.AsyncClient) -> None:
        answer = await reader.get(f"{BASE}/properties", params={"type": "bank", "limit": 2})
        assert answer.json()["type"] == "bank"
        assert [one["id"] for one in answer.json()["properties"]] == ["name", "acronym"]

    async def test_tells_values_row_by_row(self, reader: httpx.AsyncClient, known: Known) -> None:
        ids = [known["university"]["id"], known["company"]["id"], known["odd"]["id"], "nobody"]
        wanted = ["city", "nip", "founded_on", "latitude", "parent", "name", "unheard_of"]
        asked = {"ids": ids, "properties": [{"id": pid} for pid in wanted]}
        answer = (await reader.post(BASE, data={"extend": json.dumps(asked)})).json()
        assert [meta["id"] for meta in answer["meta"]] == wanted
        university, company, odd, nobody = (answer["rows"][one] for one in ids)
        assert university["city"] == [{"str": "Kraków"}]
        assert university["nip"] == [{"str": "6750002236"}]
        assert university["founded_on"] == [{"str": "1364"}]
        assert university["latitude"] == [{"float": 50.06}]
        assert university["name"] == [{"str": "Uniwersytet Jagielloński"}, {"str": "Jagiellonian University"}]
        assert company["founded_on"] == [{"date": "2015-04-03T00:00:00Z"}]
        assert odd["parent"] == [{"id": ids[0], "name": "Ktoś"}]
        assert nobody == {pid: [] for pid in wanted}
        assert answer["meta"][4] == {
            "id": "parent",
            "name": "Parent",
            "type": {"id": "organisation", "name": "Organisation"},
        }

    async def test_keeps_to_the_settings(self, reader: httpx.AsyncClient, known: Known) -> None:
        university = known["university"]["id"]
        asked = {"ids": [university], "properties": [{"id": "name", "settings": {"limit": "1"}}]}
        answer = (await reader.post(BASE, data={"extend": json.dumps(asked)})).json()
        assert answer["rows"][university]["name"] == [{"str": "Uniwersytet Jagielloński"}]

    async def test_follows_mergers(self, api: httpx.AsyncClient) -> None:
        kept = await put(api, "Bajka", seat={"city": "Kraków", "country": "PL"})
        gone = await put(api, "Bajeczka")
        await api.post(f"/v1/entities/{gone['id']}/merge", json={"into": kept["id"]})
        moved = {"ids": [gone["id"]], "properties": [{"id": "city"}]}
        answer = (await api.get(BASE, params={"extend": json.dumps(moved)})).json()
        assert answer["rows"] == {gone["id"]: {"city": [{"str": "Kraków"}]}}


class TestPreview:
    async def test_is_a_small_page_that_can_do_nothing(self, reader: httpx.AsyncClient, known: Known) -> None:
        answer = await reader.get(f"{BASE}/preview/{known['odd']['id']}")
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "frame-ancestors *" in answer.headers["content-security-policy"]
        assert "<script" not in answer.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Synowie&quot;" in answer.text

    async def test_tells_what_tells_namesakes_apart(self, reader: httpx.AsyncClient, known: Known) -> None:
        page = (await reader.get(f"{BASE}/preview/{known['university']['id']}", headers={"Accept-Language": "pl"})).text
        for text in (
            '<html lang="pl">',
            "Kraków, PL",
            "Jagiellonian University",
            "6750002236",
            "1364",
            "coordinator po polsku",
        ):
            assert text in page

    @pytest.mark.parametrize("reference", ["nobody", "nip:1", "RBW-999999", "%3Cscript%3E"])
    async def test_of_nobody_is_a_problem(self, reader: httpx.AsyncClient, reference: str) -> None:
        answer = await reader.get(f"{BASE}/preview/{reference}", params=urlencode({"_": 1}))
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
