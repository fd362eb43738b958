"""The service is ready without its neighbours, and says that they are away."""

import httpx


class TestHealth:
    async def test_is_ready_while_its_neighbours_are_away(self, anybody: httpx.AsyncClient) -> None:
        assert (await anybody.get("/health/ready")).status_code == 200

    async def test_names_the_neighbours_that_are_away(self, anybody: httpx.AsyncClient) -> None:
        answer = await anybody.get("/health")

        assert (answer.status_code, answer.json()["state"]) == (200, "degraded")
        assert sorted(answer.json()["neighbours"]) == ["events", "registry"]
        assert all("degraded" in state for state in answer.json()["neighbours"].values())
