"""A neighbour is asked with patience, but not for ever, and its nonsense is noticed."""

from collections.abc import Callable

import httpx
import pytest
from pydantic import BaseModel

from klaster_shared.clients import Neighbour
from klaster_shared.errors import NotFound, Unavailable, UpstreamFailed, UpstreamTimeout
from klaster_shared.logs import set_request_id
from klaster_shared.testing.servers import signer


class Note(BaseModel):
    text: str


def neighbour(answer: Callable[[httpx.Request], httpx.Response]) -> Neighbour:
    return Neighbour("notes", "http://notes", signer=signer("events"), transport=httpx.MockTransport(answer))


class TestGet:
    async def test_signs_and_names_the_request(self) -> None:
        seen: list[httpx.Request] = []

        def answer(request: httpx.Request) -> httpx.Response:
            seen.append(request)
            return httpx.Response(200, json={"text": "a"})

        set_request_id("request-1")
        note = await neighbour(answer).read(Note, "/v1/notes/1", scopes=["notes:read"])
        assert note.text == "a"
        assert seen[0].headers["x-request-id"] == "request-1"
        assert seen[0].headers["authorization"].startswith("Bearer ey")

    async def test_tries_again_where_the_neighbour_was_away(self) -> None:
        answers = [httpx.Response(503), httpx.ConnectError("refused"), httpx.Response(200, json={"text": "a"})]

        def answer(_request: httpx.Request) -> httpx.Response:
            following = answers.pop(0)
            if isinstance(following, Exception):
                raise following
            return following

        assert (await neighbour(answer).read(Note, "/")).text == "a"

    @pytest.mark.parametrize(
        ("answer", "raised"),
        [
            (httpx.Response(404), NotFound),
            (httpx.Response(503), Unavailable),
            (httpx.Response(403), UpstreamFailed),
            (httpx.Response(200, text="<html>"), UpstreamFailed),
            (httpx.Response(200, json={"txet": 1}), UpstreamFailed),
            (httpx.ConnectError("refused"), Unavailable),
            (httpx.ReadTimeout("slow"), UpstreamTimeout),
        ],
    )
    async def test_raises_one_kind_of_failure(
        self, answer: httpx.Response | Exception, raised: type[Exception]
    ) -> None:
        def respond(_request: httpx.Request) -> httpx.Response:
            if isinstance(answer, Exception):
                raise answer
            return answer

        with pytest.raises(raised):
            await neighbour(respond).read(Note, "/")
