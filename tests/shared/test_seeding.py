"""A seed gets through to a gateway that comes and goes, and does nothing twice."""

from collections.abc import Iterator

import httpx
import pytest

from klaster_shared.seeding import Gateway, SeedError, seed_arguments


def gateway(*answers: httpx.Response | Exception) -> tuple[Gateway, list[httpx.Request]]:
    """A client whose requests meet these answers, one after the other; and the requests that were made."""
    given: Iterator[httpx.Response | Exception] = iter(answers)
    asked: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        answer = next(given)
        if isinstance(answer, Exception):
            raise answer
        return answer

    client = httpx.AsyncClient(transport=httpx.MockTransport(handle), base_url="http://gateway")
    return Gateway(client), asked


BUSY = httpx.Response(503, headers={"Retry-After": "0"})
RESET = httpx.ReadError("connection reset")


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(_seconds: float) -> None: ...

    monkeypatch.setattr("asyncio.sleep", at_once)


class TestArguments:
    @pytest.mark.parametrize(
        ("told", "given", "demo"),
        [({}, [], True), ({"DEMO": "1"}, [], True), ({"DEMO": "0"}, [], False), ({"DEMO": "0"}, ["--demo"], True)],
    )
    def test_bring_the_demonstration_unless_they_say_no(
        self, told: dict[str, str], given: list[str], demo: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("DEMO", raising=False)
        for name, value in told.items():
            monkeypatch.setenv(name, value)

        assert seed_arguments(None).parse_args(["--gateway", "http://gateway", *given]).demo is demo


class TestPost:
    async def test_is_sent_again_under_the_same_key(self) -> None:
        client, asked = gateway(BUSY, RESET, httpx.Response(201, json={"id": "1"}))
        assert await client.post("/v1/notes", {"text": "a"}, counted="notes added") == {"id": "1"}
        assert len({request.headers["idempotency-key"] for request in asked}) == 1
        assert client.done == {"notes added": 1}

    async def test_gives_up_with_the_answer_of_who_refuses(self) -> None:
        client, _ = gateway(httpx.Response(422, text="no"))
        with pytest.raises(SeedError, match="422 no"):
            await client.post("/v1/notes", {}, counted="notes added")

    async def test_gives_up_where_nobody_ever_answers(self) -> None:
        client, asked = gateway(*[RESET] * 9)
        with pytest.raises(httpx.ReadError):
            await client.post("/v1/notes", {}, counted="notes added")
        assert len(asked) == 5


class TestDelete:
    async def test_is_done_where_the_first_try_did_it(self) -> None:
        client, _ = gateway(RESET, httpx.Response(404))
        await client.delete("/v1/notes/1", counted="notes deleted")
        assert client.done == {"notes deleted": 1}

    async def test_is_refused_for_what_never_was(self) -> None:
        client, _ = gateway(httpx.Response(404))
        with pytest.raises(SeedError):
            await client.delete("/v1/notes/1", counted="notes deleted")


class TestEvery:
    async def test_reads_all_pages(self) -> None:
        pages = [{"items": [{"id": 1}], "next": "x"}, {"items": [{"id": 2}], "next": None}]
        client, asked = gateway(*(httpx.Response(200, json=page) for page in pages))
        assert await client.every("/v1/notes") == [{"id": 1}, {"id": 2}]
        assert asked[1].url.params["cursor"] == "x"
