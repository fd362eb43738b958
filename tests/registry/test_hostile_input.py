"""Input that nobody sends by accident is refused like any other, on both engines."""

import base64
import json

import httpx

from tests.registry.conftest import Add

NUL = "%00"


def cursor(shape: list[str], values: list[object]) -> str:
    return base64.urlsafe_b64encode(json.dumps([shape, values]).encode()).decode().rstrip("=")


TARGETS = [
    f"/v1/entities?q={NUL}",
    f"/v1/entities?city={NUL}",
    f"/v1/entities?source={NUL}",
    f"/v1/entities?source_key={NUL}",
    f"/v1/entities/nip:{NUL}",
    f"/v1/entities/ror:{NUL}",
    f"/v1/entities/{NUL}",
    f"/v1/labs?source_key={NUL}",
    f"/v1/interest-groups/{NUL}",
    f"/v1/groups/{NUL}/members",
    f"/v1/registry/figures?name={NUL}",
    "/v1/entities/RBW-999999999",
    "/v1/entities?as_of=0001-01-01&registration=none",
    "/v1/entities?as_of=9999-12-31&cooperating=true",
    "/v1/registry/figures?as_of=0001-01-01",
    "/v1/registry/figures?as_of=9999-12-31",
    "/v1/registry/figures?from=0001-01-01&to=9999-12-31",
    f"/v1/entities?cursor={cursor(['name', 'id'], [1, 2])}",
    f"/v1/entities?cursor={cursor(['name', 'id'], [None, None])}",
    f"/v1/entities?cursor={cursor(['name', 'id'], ['a', 'b'])}",
    f"/v1/entities?cursor={cursor(['name', 'id'], [[1], {'uuid': 'x'}])}",
    f"/v1/entities?sort=founded_on&cursor={cursor(['founded_on', 'id'], ['x', 'y'])}",
    f"/v1/labs?cursor={cursor(['name', 'id'], [True, 1.5])}",
    f"/v1/people?cursor={cursor(['name', 'id'], [1, None])}",
    f"/v1/surveys?cursor={cursor(['year'], ['x'])}",
    f"/v1/surveys?cursor={cursor(['year'], [1e300])}",
    f"/v1/survey-answers?cursor={cursor(['year', 'entity', 'question'], [2025, 'x', 1])}",
    "/v1/surveys/99999999999999999999",
    "/v1/surveys/2025.5/sums",
    "/v1/survey-answers?from=9999-12-31&to=0001-01-01",
    "/v1/labs?footprint_from=9999-12-31&footprint_to=0001-01-02",
    "/v1/people?as_of=0001-01-01&q=%25",
    f"/v1/projects?q={NUL}&source={NUL}&cursor={cursor(['title', 'id'], [1, 2])}",
    "/v1/projects?running_from=0001-01-01&started_to=9999-12-31&as_of=9999-12-31&state=planned&foreign_partner=true",
    f"/v1/documents?q={NUL}&source_key={NUL}&as_of=0001-01-01&in_force=false",
    "/v1/fields?document_kind=roadmap&as_of=9999-12-31&demonstration=false",
]


class TestQueries:
    async def test_never_fail_on_our_side(self, api: httpx.AsyncClient, add: Add) -> None:
        await add("Ala", identifiers=[{"scheme": "ror", "value": "03bqmcz70"}])
        for target in TARGETS:
            answer = await api.get(target)
            assert answer.status_code < 500, f"{target} {answer.text}"


BODIES = [
    b'{"names":[{"value":"\\u0000"}]}',
    b'{"names":[{"value":"\\ud800"}]}',
    b'{"names":[{"value":"Ala"}],"source_key":"\\u0000"}',
    b'{"names":[{"value":"Ala"}],"legal_form":"\\u0000"}',
    b'{"names":[{"value":"Ala"}],"seat":{"city":"\\u0000"}}',
    b'{"names":[{"value":"Ala"}],"identifiers":[{"scheme":"grid","value":"\\u0000"}]}',
    b'{"names":[{"value":"Ala"}],"links":[{"url":"http://a/\\u0000"}]}',
    b'{"names":[{"value":"Ala"}],"relations":[{"kind":"parent","label":"\\u0000"}]}',
    b'{"names":[{"value":"Ala"}],"startup_listed_year":1e400}',
    b'{"names":[{"value":"Ala"}],"seat":{"latitude":NaN}}',
    b'{"names":[{"value":"Ala"}],"founded_on":"0000"}',
    b'{"names":[{"value":"Ala"}],"markets":[{"code":"EU","from":"0001-01-01","to":"9999-12-31"}]}',
    b'{"names":[{"value":"Ala"}],"digital_audits":[{"on":"9999-12-31"}]}',
    b'{"names":' + b"[" * 3000 + b"]" * 3000 + b"}",
    b"[]",
    b"",
    b"\xff",
]


class TestBodies:
    async def test_never_fail_on_our_side(self, api: httpx.AsyncClient) -> None:
        for body in BODIES:
            answer = await api.post("/v1/entities", content=body, headers={"Content-Type": "application/json"})
            assert answer.status_code in {201, 400, 422}, f"{body[:100]!r} {answer.text}"

    async def test_are_refused_above_a_mebibyte(self, api: httpx.AsyncClient) -> None:
        answer = await api.post("/v1/entities", json={"names": [{"value": "x" * (1024 * 1024)}]})
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
