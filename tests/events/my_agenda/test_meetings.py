"""One's own meetings on the page of the agenda: everything that a letter asks for is done there, without a program."""

from datetime import timedelta
from typing import Any

import httpx
from fastapi import FastAPI

from tests.events.conftest import NOW
from tests.events.my_agenda.conftest import BROWSER, PROFILE, Come, Forum

LATER = NOW + timedelta(days=3)


async def join(anybody: httpx.AsyncClient, path: str) -> str:
    found: str = (await anybody.post(f"{path}/participation", json=PROFILE)).json()["participant"]["id"]
    return found


async def two(anybody: httpx.AsyncClient, forum: Forum, come: Come) -> tuple[str, str, dict[str, Any]]:
    """Two who take part, and the request of the first to the second."""
    first, second = await come(forum.event, 1), await come(forum.event, 2)
    ids = [
        (await anybody.post(f"{path}/participation", json=PROFILE)).json()["participant"]["id"]
        for path in (first, second)
    ]
    made = await anybody.post(f"{first}/meetings", json={"asked": ids[1], "message": "Pokażemy <b>EKG</b>\ndziś"})
    assert made.status_code == 201, made.text
    return first, second, made.json()


async def page(anybody: httpx.AsyncClient, path: str) -> str:
    answer = await anybody.get(f"{path}/agenda?lang=en", headers=BROWSER)
    assert answer.status_code == 200
    return answer.text


async def state(anybody: httpx.AsyncClient, path: str) -> str:
    [one] = (await anybody.get(f"{path}/meetings")).json()["items"]
    found: str = one["state"]
    return found


async def send(
    anybody: httpx.AsyncClient, path: str, meeting: dict[str, Any], step: str, **said: str
) -> httpx.Response:
    action = f"{path}/meetings/{meeting['id']}/{step}?lang=en"
    headers = {**BROWSER, "Content-Type": "application/x-www-form-urlencoded"}
    answer = await anybody.post(action, data=said, headers=headers)
    if answer.status_code == 303:
        assert answer.headers["location"] == f"{path}/agenda?lang=en#mine"
    return answer


class TestPage:
    async def test_takes_a_meeting_from_the_request_to_the_outcome(
        self, app: FastAPI, anybody: httpx.AsyncClient, forum: Forum, come: Come
    ) -> None:
        first, second, meeting = await two(anybody, forum, come)
        assert "would like to meet you" in (asked := await page(anybody, second))
        assert "Pokażemy &lt;b&gt;EKG&lt;/b&gt;" in asked
        assert f"{second}/meetings/{meeting['id']}/accept?lang=en" in asked
        assert "/accept" not in await page(anybody, first)
        assert (await send(anybody, second, meeting, "accept")).status_code == 303
        agreed = await page(anybody, first)
        assert "agreed, without a time so far" in agreed
        begins = (await anybody.get(f"{first}/meetings/{meeting['id']}/slots")).json()["items"][0]["starts_at"]
        assert begins.removesuffix("Z") in agreed
        assert (await send(anybody, first, meeting, "schedule", starts_at=begins)).status_code == 303
        assert await state(anybody, second) == "scheduled"
        assert "Did the meeting take place?" not in await page(anybody, first)
        app.state.clock = lambda: LATER
        assert "Did the meeting take place?" in await page(anybody, first)
        said = {"took_place": "true", "rating": "", "next_step": "project", "note": ""}
        assert (await send(anybody, first, meeting, "outcome", **said)).status_code == 303
        [told] = (await anybody.get(f"{first}/meetings")).json()["items"]
        assert told["outcome"] == {"took_place": True, "rating": None, "next_step": "project", "note": None}
        assert "Did the meeting take place?" not in await page(anybody, first)
        assert "Did the meeting take place?" in await page(anybody, second)

    async def test_declines_and_calls_off(self, anybody: httpx.AsyncClient, forum: Forum, come: Come) -> None:
        first, second, meeting = await two(anybody, forum, come)
        assert (await send(anybody, first, meeting, "cancel")).status_code == 303
        assert await state(anybody, second) == "cancelled"
        assert 'id="mine"' not in await page(anybody, second)
        third = await come(forum.event, 3)
        made = (await anybody.post(f"{first}/meetings", json={"asked": await join(anybody, third)})).json()
        assert (await send(anybody, third, made, "decline")).status_code == 303
        assert await state(anybody, third) == "declined"

    async def test_says_on_a_page_what_cannot_be(self, anybody: httpx.AsyncClient, forum: Forum, come: Come) -> None:
        first, second, meeting = await two(anybody, forum, come)
        for path, step, said in (
            (first, "accept", {}),
            (second, "schedule", {"starts_at": "2026-11-25T03:00:00+00:00"}),
            (second, "schedule", {"starts_at": "soon"}),
            (second, "outcome", {"took_place": "perhaps"}),
        ):
            answer = await send(anybody, path, meeting, step, **said)
            assert (answer.status_code in {403, 409, 422}, answer.headers["content-type"]) == (
                True,
                "text/html; charset=utf-8",
            ), (step, answer.text)
        assert await state(anybody, first) == "requested"
