"""A POST that creates is carried out once, however often it is sent."""

import asyncio
from typing import Any

import httpx

KEY = {"Idempotency-Key": "one"}


class TestIdempotency:
    async def test_replays_the_first_answer(self, office: httpx.AsyncClient) -> None:
        first = await office.post("/v1/notes", json={"text": "a"}, headers=KEY)
        again = await office.post("/v1/notes", json={"text": "a"}, headers=KEY)
        assert again.status_code == first.status_code == 201
        assert again.content == first.content
        assert again.headers["location"] == first.headers["location"]
        assert again.headers["idempotency-replayed"] == "true"

    async def test_refuses_another_payload_under_the_same_key(self, office: httpx.AsyncClient) -> None:
        await office.post("/v1/notes", json={"text": "a"}, headers=KEY)
        answer = await office.post("/v1/notes", json={"text": "b"}, headers=KEY)
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")

    async def test_takes_what_names_no_version_any_more_for_another_request(self, office: httpx.AsyncClient) -> None:
        await office.post("/v1/notes", json={"text": "a"}, headers={**KEY, "If-Match": '"1"'})
        newer = await office.post("/v1/notes", json={"text": "a"}, headers={**KEY, "If-Match": '"2"'})
        without = await office.post("/v1/notes", json={"text": "a"}, headers=KEY)
        assert newer.headers["idempotency-replayed"] == "true"
        assert (without.status_code, without.json()["code"]) == (422, "idempotency_key_reused")

    async def test_keeps_the_keys_of_two_callers_apart(self, office: httpx.AsyncClient, as_role: Any) -> None:
        await office.post("/v1/notes", json={"text": "a"}, headers=KEY)
        async with as_role("admin") as admin:
            assert (await admin.post("/v1/notes", json={"text": "b"}, headers=KEY)).status_code == 201

    async def test_forgets_what_was_refused(self, office: httpx.AsyncClient) -> None:
        assert (await office.post("/v1/notes", json={"text": ""}, headers=KEY)).status_code == 422
        assert (await office.post("/v1/notes", json={"text": "a"}, headers=KEY)).status_code == 201

    async def test_never_stores_an_answer_that_carries_a_secret(self, as_role: Any) -> None:
        async with as_role("admin") as admin:
            assert (await admin.post("/v1/secrets", headers=KEY)).json() == {"secret": "only once"}
            again = await admin.post("/v1/secrets", headers=KEY)
        assert (again.status_code, again.json()["code"]) == (409, "secret_not_repeated")
        assert again.headers["location"] == "/v1/secrets/1"

    async def test_carries_out_one_of_many_at_once(self, office: httpx.AsyncClient) -> None:
        answers = await asyncio.gather(*(office.post("/v1/notes", json={"text": "a"}, headers=KEY) for _ in range(12)))
        assert {answer.status_code for answer in answers} <= {201, 409}
        assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
        assert len((await office.get("/v1/notes")).json()["items"]) == 1
