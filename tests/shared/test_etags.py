"""A record is changed only by someone who has seen its present state."""

import httpx


class TestIfMatch:
    async def test_is_needed_and_must_be_the_present_one(self, office: httpx.AsyncClient) -> None:
        note = (await office.post("/v1/notes", json={"text": "a"})).json()
        path = f"/v1/notes/{note['id']}"
        assert (await office.patch(path, json={"text": "b"})).status_code == 428
        changed = await office.patch(path, json={"text": "b"}, headers={"If-Match": '"1"'})
        assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
        stale = await office.patch(path, json={"text": "c"}, headers={"If-Match": '"1"'})
        assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")

    async def test_takes_a_variant_of_the_same_version(self, office: httpx.AsyncClient) -> None:
        note = (await office.post("/v1/notes", json={"text": "a"})).json()
        answer = await office.patch(f"/v1/notes/{note['id']}", json={"text": "b"}, headers={"If-Match": '"1.pl"'})
        assert answer.status_code == 200
