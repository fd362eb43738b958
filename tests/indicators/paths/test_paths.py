"""A path is read with everything on it, by number or code."""

import httpx


class TestList:
    async def test_shows_the_six_paths_with_their_visions(self, api: httpx.AsyncClient) -> None:
        items = (await api.get("/v1/paths")).json()["items"]

        assert [item["number"] for item in items] == [1, 2, 3, 4, 5, 6]
        assert [item["vision"]["code"] for item in items] == ["A.1", "A.2", "A.3", "A.4", "A.5", "A.6"]

    async def test_is_empty_before_a_strategy_is_adopted(self, empty: httpx.AsyncClient) -> None:
        assert (await empty.get("/v1/paths")).json() == {"items": []}


class TestRead:
    async def test_takes_number_or_code(self, api: httpx.AsyncClient) -> None:
        assert (await api.get("/v1/paths/2")).json() == (await api.get("/v1/paths/community")).json()

    async def test_keeps_indicators_of_effects_apart_from_goals(self, api: httpx.AsyncClient) -> None:
        page = (await api.get("/v1/paths/funding")).json()

        assert {indicator["level"] for indicator in page["indicators"]} == {"B"}
        assert [goal["code"] for programme in page["programmes"] for goal in programme["goals"]] == [
            "C.5.1-1",
            "C.5.2-1",
        ]

    async def test_names_the_indicators_of_each_effect(self, api: httpx.AsyncClient) -> None:
        effects = {effect["code"]: effect["indicators"] for effect in (await api.get("/v1/paths/1")).json()["effects"]}

        assert effects == {"B.1.1": ["B.1.1-1", "B.1.1-2"], "B.1.2": ["B.1.2-1"], "B.1.3": ["B.1.3-1"]}

    async def test_says_which_paths_there_are(self, api: httpx.AsyncClient) -> None:
        answer = await api.get("/v1/paths/7")

        assert (answer.status_code, answer.json()["code"]) == (404, "path_not_found")
        assert "1 (entities)" in answer.json()["detail"]
