"""Input that nobody sends by mistake is refused with a problem document, on both engines alike."""

import json
from copy import deepcopy
from typing import Any

import httpx
import pytest

from tests.indicators.conftest import strategy

OBSERVATIONS = "/v1/indicators/B.2.4-1/observations"


BODIES = [
    b"",
    b"[]",
    b"{",
    b'{"value": NaN, "on": "2024-12-31", "source": "GUS"}',
    b'{"value": 1e400, "on": "2024-12-31", "source": "GUS"}',
    b'{"value": 1e30, "on": "2024-12-31", "source": "GUS"}',
    b'{"value": 1, "on": "0001-01-01", "source": "GUS"}',
    b'{"value": 1, "on": "2024-12-31", "source": "\\u0000"}',
    b'{"value": 1, "on": "2024-12-31", "source": "\\ud800"}',
    b'{"value": 1, "on": "2024-12-31", "source": "GUS", "evidence": ["javascript:alert(1)"]}',
    b'{"value": 1, "on": "2024-12-31", "source": "GUS", "unit": "' + b"x" * 61 + b'"}',
]
TARGETS = [
    "/v1/indicators?q=%00",
    "/v1/indicators?cursor=!!!",
    "/v1/indicators?cursor=W1sicG9zaXRpb24iXSxbIngiXV0",
    "/v1/indicators?limit=0",
    "/v1/indicators?limit=501",
    "/v1/indicators?limit=ten",
    f"{OBSERVATIONS}?since=2024-02-30",
    "/v1/scorecard?as_of=99999-01-01",
    "/v1/indicators/B.1.1-1%00",
    "/v1/paths/%00",
    "/v1/scorecard?known_at=yesterday",
    "/v1/scorecard?known_at=2026-11-24T09:00:00",
    "/v1/scorecard?known_at=0001-01-01T00:00:00%2B14:00",
    "/v1/indicators?known_at=9999-12-31T23:59:59-14:00",
    "/v1/indicators/B.1.1-1?as_of=2026-02-30",
    "/v1/strategy/editions/diff?from=%00&to=klsk-2022",
    "/v1/strategy/editions/klsk-2022/effects/%00",
    "/v1/strategy/editions/klsk-2022/colours",
]


def accepted(answers: dict[Any, httpx.Response]) -> dict[Any, str]:
    """What was not refused as it should have been."""
    refused = {400, 404, 422}
    return {
        sent: f"{answer.status_code} {answer.text[:200]}"
        for sent, answer in answers.items()
        if answer.status_code not in refused or answer.headers["content-type"] != "application/problem+json"
    }


class TestQueries:
    async def test_are_refused(self, api: httpx.AsyncClient) -> None:
        assert accepted({target: await api.get(target) for target in TARGETS}) == {}

    async def test_of_the_first_day_there_is_have_no_data(self, api: httpx.AsyncClient) -> None:
        assert (await api.get("/v1/scorecard", params={"as_of": "0001-01-01"})).json()["coverage"]["with_latest"] == 0


class TestBodies:
    async def test_of_observations_are_refused(self, api: httpx.AsyncClient) -> None:
        headers = {"Content-Type": "application/json"}

        assert accepted({body: await api.post(OBSERVATIONS, content=body, headers=headers) for body in BODIES}) == {}

    @pytest.mark.parametrize("text", ["\x00", "a\x07b", "\ud800"])
    async def test_of_editions_with_control_characters_are_refused(self, api: httpx.AsyncClient, text: str) -> None:
        document = deepcopy(strategy().model_dump(mode="json", by_alias=True, exclude_unset=True))
        document["edition"]["code"] = "klsk-2030"
        document["effects"][0]["name"]["pl"] = text

        answer = await api.put(
            "/v1/strategy/editions/klsk-2030",
            content=json.dumps(document),
            headers={"Content-Type": "application/json"},
        )

        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json()["errors"]] == ["/effects/0/name/pl"]

    async def test_of_parts_are_refused_with_the_place(self, api: httpx.AsyncClient) -> None:
        assert (await api.post("/v1/strategy/editions/klsk-2022/copy", json={"code": "klsk-2030"})).status_code == 201
        headers = {"Content-Type": "application/json", "If-Match": "*"}
        effect = "/v1/strategy/editions/klsk-2030/effects/B.1.1"
        sent = [b"", b"[]", b'{"path": 1e400}', b'{"path": true}', b'{"code": "B.9.9"}', b'{"name": null}', b'{"n": 1}']
        sent += [
            b'{"note": "\\u0000"}',
            b'{"note": "\\ud800"}',
            b'{"path": 98}',
            b'{"name": {"pl": "a\\u0007", "en": "b"}}',
        ]

        assert accepted({body: await api.patch(effect, content=body, headers=headers) for body in sent}) == {}
        answer = await api.patch(effect, content=sent[-1], headers=headers)
        assert [error["pointer"] for error in answer.json()["errors"]] == ["/name/pl"]

    async def test_of_more_than_a_mebibyte_are_refused(self, api: httpx.AsyncClient) -> None:
        body: dict[str, Any] = {"value": 1, "on": "2024-12-31", "source": "x" * 1_100_000}

        assert (await api.post(OBSERVATIONS, json=body)).status_code == 413
