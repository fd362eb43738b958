"""Indicators are found by path, level, effect, programme, word and source; by id or code."""

from typing import Any

import httpx
import pytest


async def codes(api: httpx.AsyncClient, **parameters: Any) -> list[str]:
    answer = await api.get("/v1/indicators", params={"limit": 500, **parameters})
    assert answer.status_code == 200, answer.text
    return [item["code"] for item in answer.json()["items"]]


class TestList:
    async def test_is_empty_before_a_strategy_is_adopted(self, empty: httpx.AsyncClient) -> None:
        answer = await empty.get("/v1/indicators", params={"count": True})

        assert answer.json() == {"items": [], "next": None, "total": 0}

    async def test_can_be_read_page_by_page(self, api: httpx.AsyncClient) -> None:
        whole = await codes(api)
        read: list[str] = []
        parameters: dict[str, Any] = {"limit": 7}
        while True:
            answer = await api.get("/v1/indicators", params=parameters)
            read += [item["code"] for item in answer.json()["items"]]
            if answer.json()["next"] is None:
                assert "link" not in answer.headers
                break
            assert 'rel="next"' in answer.headers["link"]
            parameters["cursor"] = answer.json()["next"]

        assert len(whole) == 50
        assert read == whole

    async def test_is_filtered_by_level(self, api: httpx.AsyncClient) -> None:
        assert len(await codes(api, level="B")) == 32
        assert len(await codes(api, level="C")) == 18
        assert len(await codes(api, level=["B", "C"])) == 50

    @pytest.mark.parametrize("path", ["6", "international"])
    async def test_is_filtered_by_path_number_or_code(self, api: httpx.AsyncClient, path: str) -> None:
        assert await codes(api, path=path) == [
            "B.6.1-1",
            "B.6.2-1",
            "B.6.3-1",
            "B.6.4-1",
            "C.6.1-1",
            "C.6.2-1",
            "C.6.3-1",
        ]

    async def test_is_filtered_by_effect_and_programme(self, api: httpx.AsyncClient) -> None:
        assert await codes(api, effect="B.3.2") == ["B.3.1-1", "B.3.1-2", "B.3.1-3", "B.3.1-4"]
        assert await codes(api, programme="C.2.2") == ["C.2.2-1", "C.2.2-2"]

    async def test_is_filtered_by_group(self, api: httpx.AsyncClient) -> None:
        assert await codes(api, sig=["talents", "international"]) == ["C.2.1-1", "C.6.2-1"]

    async def test_is_filtered_by_whether_another_service_counts(self, api: httpx.AsyncClient) -> None:
        live, other = await codes(api, live=True), await codes(api, live=False)

        assert len(live) + len(other) == 50
        assert "B.1.1-1" in live
        assert "B.2.4-1" in other

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            ("ślad węglowy", "B.3.1-4"),
            ("SLAD weglowy", "B.3.1-4"),
            ("b.6.4-1", "B.6.4-1"),
            ("venture capital", "B.5.3-1"),
        ],
    )
    async def test_is_searched_in_both_languages_without_accents(
        self, api: httpx.AsyncClient, words: str, code: str
    ) -> None:
        assert await codes(api, q=words) == [code]

    async def test_takes_a_percent_sign_as_it_is(self, api: httpx.AsyncClient) -> None:
        assert await codes(api, q="%") == []

    async def test_has_nothing_on_a_path_that_does_not_exist(self, api: httpx.AsyncClient) -> None:
        assert await codes(api, path="7") == []

    async def test_names_a_parameter_that_it_does_not_know(self, api: httpx.AsyncClient) -> None:
        answer = await api.get("/v1/indicators", params={"colour": "red"})

        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "query/colour")

    async def test_shows_labels_in_the_language_asked_for(self, api: httpx.AsyncClient) -> None:
        polish = (await api.get("/v1/indicators", headers={"Accept-Language": "pl"})).json()["items"][0]
        both = (await api.get("/v1/indicators", params={"lang": "all"})).json()["items"][0]

        assert polish["name"] == "Liczba podmiotów zarejestrowanych w RBW LifeScience"
        assert both["name"] == {"pl": polish["name"], "en": "Entities registered in the RBW"}


class TestRead:
    async def test_takes_id_or_code(self, api: httpx.AsyncClient) -> None:
        by_code = (await api.get("/v1/indicators/C.1.4-1")).json()

        assert (await api.get(f"/v1/indicators/{by_code['id']}")).json() == by_code

    @pytest.mark.parametrize("reference", ["B.9.9-9", "01a20b0a-0cb8-7055-97d2-b4fc01c98511"])
    async def test_answers_not_found(self, api: httpx.AsyncClient, reference: str) -> None:
        answer = await api.get(f"/v1/indicators/{reference}")

        assert (answer.status_code, answer.json()["code"]) == (404, "indicator_not_found")

    async def test_never_takes_another_word_for_an_indicator(self, api: httpx.AsyncClient) -> None:
        assert (await api.get("/v1/indicators/changes")).json()["next"] != ""
        assert (await api.get("/v1/indicators/anything")).json()["code"] == "not_found"

    async def test_is_not_sent_twice(self, api: httpx.AsyncClient, anybody: httpx.AsyncClient) -> None:
        etag = (await anybody.get("/v1/indicators/B.1.1-1")).headers["etag"]
        again = await anybody.get("/v1/indicators/B.1.1-1", headers={"If-None-Match": etag})

        assert (again.status_code, again.content) == (304, b"")

    async def test_keeps_exact_numbers(self, api: httpx.AsyncClient) -> None:
        [_, starting] = (await api.get("/v1/indicators/C.1.4-1/targets")).json()["items"]
        [sales] = (await api.get("/v1/indicators/B.4.2-2/baselines")).json()["items"]

        assert starting["target"]["resolves_to"] == 12.20703125
        assert sales["baseline"]["value"] == 65575926000
