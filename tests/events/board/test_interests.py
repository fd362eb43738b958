"""Interest in posts: shown once, told to the two sides, and names for both of them when both agree."""

from typing import Any, NamedTuple
from uuid import UUID

import httpx
from fastapi import FastAPI
from sqlalchemy import select
from sqlmodel import col

from klaster_events.consents.operations import asked_today, check_given, withdraw
from klaster_events.links.operations import signing_links
from klaster_events.messages.composing import compose
from klaster_events.messages.relevance import pointless
from klaster_events.messages.subjects import subjects_of
from klaster_events.outbox.models import Message
from klaster_shared.identifiers import new_id
from klaster_shared.testing.servers import calling
from tests.events.board.conftest import BOARD, Post
from tests.events.conftest import FOUNDATION, NOW, STARTUP
from tests.events.mailing import SENDER

INTERESTS = "/v1/lsos/interests"


class Told(NamedTuple):
    """A message, as its reader sees it."""

    subject: str
    text: str


def interest_body(**properties: Any) -> dict[str, Any]:
    body = {"contact": {"name": "Ewa Wzorzec", "email": "ewa@example.org"}, "message": "Chętnie porozmawiamy."}
    return {**body, **properties}


async def shown(client: httpx.AsyncClient, post: dict[str, Any], **properties: Any) -> str:
    answer = await client.post(f"{BOARD}/{post['id']}/interests", json=interest_body(**properties))
    assert answer.status_code == 201, answer.text
    return f"{INTERESTS}/{answer.json()['id']}"


async def step(client: httpx.AsyncClient, path: str, what: str, **body: Any) -> httpx.Response:
    return await client.post(f"{path}/{what}", headers={"If-Match": "*"}, json=body or None)


class TestShow:
    async def test_is_told_to_both_sides_and_the_office_without_names(
        self,
        board: httpx.AsyncClient,
        startup: httpx.AsyncClient,
        foundation: httpx.AsyncClient,
        base_url: str,
        app: FastAPI,
        post: Post,
    ) -> None:
        path = await shown(foundation, await post())
        for client, direction in ((startup, "received"), (foundation, "sent")):
            page = (await client.get(INTERESTS, params={"direction": direction, "count": "true"})).json()
            assert (page["total"], page["items"][0]["entity"]["id"]) == (1, str(FOUNDATION))
            other = "sent" if direction == "received" else "received"
            assert (await client.get(INTERESTS, params={"direction": other})).json()["items"] == []
        full = await startup.get(path)
        assert (full.json()["message"], full.json()["contacts"]) == ("Chętnie porozmawiamy.", None)
        assert full.headers["cache-control"] == "private, no-store"
        async with calling(base_url, app, "partner", entity=new_id()) as stranger:
            assert (await stranger.get(path)).json()["code"] == "interest_not_found"
            assert (await stranger.get(INTERESTS)).json()["items"] == []
            assert (await step(stranger, path, "agree")).status_code == 404
        named = {"owner": str(STARTUP), "entity": str(FOUNDATION), "shown_from": "2026-11-24", "shown_to": "2026-11-24"}
        assert len((await board.get(INTERESTS, params=named)).json()["items"]) == 1
        assert (await board.get(INTERESTS, params={"state": "agreed"})).json()["items"] == []

    async def test_goes_page_by_page(self, board: httpx.AsyncClient, post: Post) -> None:
        for _ in range(3):
            await shown(board, await post(), entity=str(FOUNDATION))
        first = (await board.get(INTERESTS, params={"limit": 2})).json()
        rest = (await board.get(INTERESTS, params={"limit": 2, "cursor": first["next"]})).json()
        assert len({one["id"] for page in (first, rest) for one in page["items"]}) == 3
        assert rest["next"] is None

    async def test_is_refused_with_the_reason(
        self, board: httpx.AsyncClient, startup: httpx.AsyncClient, foundation: httpx.AsyncClient, post: Post
    ) -> None:
        made = await post()
        answered = await post(source="a", source_key="1", valid_until="2026-11-24")
        await board.post(f"{BOARD}/{answered['id']}/answer", headers={"If-Match": "*"})
        draft = await post(state="draft")
        await shown(foundation, made)

        async def refused(client: httpx.AsyncClient, to: dict[str, Any], **properties: Any) -> tuple[int, str]:
            answer = await client.post(f"{BOARD}/{to['id']}/interests", json=interest_body(**properties))
            return answer.status_code, answer.json()["code"]

        assert await refused(foundation, made) == (409, "interest_shown")
        assert await refused(startup, made) == (409, "own_post")
        assert await refused(foundation, answered) == (409, "post_not_open")
        assert await refused(foundation, draft) == (404, "post_not_found")
        assert await refused(foundation, made, entity=str(STARTUP)) == (403, "not_your_side")
        assert await refused(board, made) == (422, "invalid")
        assert len((await board.get(INTERESTS)).json()["items"]) == 1


class TestAgree:
    async def test_names_both_to_both_when_both_agree_and_nobody_before_or_after(
        self, startup: httpx.AsyncClient, foundation: httpx.AsyncClient, post: Post
    ) -> None:
        path = await shown(foundation, await post())
        assert (await startup.post(f"{path}/agree")).status_code == 428
        first = await startup.post(f"{path}/agree", headers={"If-Match": '"1"'})
        assert (first.json()["state"], first.json()["asker_agreed_at"]) == ("shown", None)
        assert (await startup.get(path)).json()["contacts"] is None
        assert (await startup.post(f"{path}/agree", headers={"If-Match": '"1"'})).status_code == 412
        second = await step(foundation, path, "agree")
        assert (second.json()["state"], second.json()["version"]) == ("agreed", 3)
        assert (await step(foundation, path, "agree")).json()["version"] == 3
        for client in (startup, foundation):
            contacts = (await client.get(path)).json()["contacts"]
            assert [contacts[side]["email"] for side in ("owner", "asker")] == ["ada@example.org", "ewa@example.org"]
        assert (await step(foundation, path, "decline")).json()["code"] == "not_your_side"
        assert (await step(foundation, path, "withdraw")).json()["state"] == "withdrawn"
        assert (await startup.get(path)).json()["contacts"] is None
        assert (await step(startup, path, "agree")).json()["code"] == "wrong_interest_state"
        assert (await step(startup, path, "decline")).json()["code"] == "wrong_interest_state"

    async def test_lets_whoever_withdrew_show_it_anew_and_whoever_agreed_at_once_wait_for_the_owner(
        self, board: httpx.AsyncClient, startup: httpx.AsyncClient, foundation: httpx.AsyncClient, post: Post
    ) -> None:
        made = await post()
        assert (await step(foundation, await shown(foundation, made), "withdraw")).status_code == 200
        path = await shown(foundation, made, agrees=True)
        assert (await step(board, path, "agree")).json()["errors"][0]["pointer"] == "/side"
        assert (await step(startup, path, "agree", side="asker")).json()["code"] == "not_your_side"
        assert (await step(board, path, "agree", side="owner")).json()["state"] == "agreed"
        assert (await step(startup, path, "decline")).json()["state"] == "declined"


class TestConsent:
    async def test_is_given_to_the_words_in_force_and_ends_when_it_is_taken_back(
        self,
        app: FastAPI,
        board: httpx.AsyncClient,
        startup: httpx.AsyncClient,
        foundation: httpx.AsyncClient,
        post: Post,
    ) -> None:
        made = await post()
        for words in ("Pierwsze", "Drugie"):
            text = {"purpose": "contact", "occasion": "interest", "required": True, "text": {"pl": words, "en": words}}
            assert (await board.post("/v1/consent-texts", json=text)).status_code == 201
        asked = (await startup.get("/v1/consent-texts", params={"occasion": "interest"})).json()["items"]
        assert [(one["purpose"], one["version"]) for one in asked] == [("contact", 2)]
        assert (await startup.get("/v1/consent-texts", params={"occasion": "registration"})).json()["items"] == []
        current, older = [{"purpose": "contact", "version": 2}], [{"purpose": "contact", "version": 1}]

        wrong: list[tuple[list[dict[str, Any]], str]] = [([], "/consents"), (older, "/consents/0/version")]
        for consents, pointer in wrong:
            body = interest_body(agrees=True, consents=consents)
            refused = await foundation.post(f"{BOARD}/{made['id']}/interests", json=body)
            assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)
        assert (await foundation.get(INTERESTS)).json()["items"] == []
        path = await shown(foundation, made, agrees=True, consents=current)
        assert (await step(startup, path, "agree")).json()["errors"][0]["code"] == "consent_required"
        assert (await step(startup, path, "agree", consents=current)).json()["state"] == "agreed"

        contacts = (await startup.get(path)).json()["contacts"]
        person = UUID(contacts["asker"]["id"])
        held = (await board.get(f"/v1/privacy/people/{person}", params={"reason": "asked"})).json()["consents"]
        assert [(one["purpose"], one["version"], one["event_id"]) for one in held] == [("contact", 2, None)]
        async with app.state.database.write() as session:
            await withdraw(session, person_id=person, purpose="contact", now=NOW)
        assert (await startup.get(path)).json()["contacts"] is None

    async def test_is_not_asked_of_those_who_register(self, board: httpx.AsyncClient, app: FastAPI) -> None:
        text = {"purpose": "contact", "occasion": "interest", "required": True, "text": {"pl": "Tak", "en": "Yes"}}
        await board.post("/v1/consent-texts", json=text)
        async with app.state.database.read() as session:
            assert await asked_today(session) == {}
            await check_given(session, given=[])


class TestMail:
    async def test_tells_each_side_what_concerns_it_in_its_language(
        self,
        app: FastAPI,
        board: httpx.AsyncClient,
        startup: httpx.AsyncClient,
        foundation: httpx.AsyncClient,
        post: Post,
    ) -> None:
        made = await post(contact={"name": "Ada", "email": "ada@example.org", "language": "en"})
        path = await shown(foundation, made, agrees=True)
        [told] = await self.letters(app)
        assert told.subject == "Interest in your post: Analiza EKG"
        assert "Klaster" in told.text
        assert "Chętnie" not in told.text
        await step(startup, path, "agree")
        subjects = [one.subject for one in await self.letters(app)]
        assert sorted(subjects[1:]) == ["Both sides agreed: Analiza EKG", "Obie strony się zgodziły: Analiza EKG"]
        await step(startup, path, "decline")
        # What is no longer true is not said.
        assert [one.subject for one in await self.letters(app)] == ["Odmowa: Analiza EKG"]

    async def test_says_nothing_of_demonstrations(
        self, app: FastAPI, foundation: httpx.AsyncClient, post: Post
    ) -> None:
        await step(foundation, await shown(foundation, await post(demonstration=True)), "withdraw")
        assert await self.letters(app) == []

    async def letters(self, app: FastAPI) -> list[Told]:
        """What would be sent now, the first first."""
        async with app.state.database.write() as session:
            links = await signing_links(session, now=NOW)
            messages = list((await session.scalars(select(Message).order_by(col(Message.id)))).all())
            subjects = await subjects_of(session, messages=messages, links=links, now=NOW)
        mails = [compose(one, sender=SENDER, now=NOW) for one in subjects if pointless(one, now=NOW) is None]
        bodies = [mail.get_body(("plain",)) for mail in mails]
        return [Told(str(mail["Subject"]), str(body)) for mail, body in zip(mails, bodies, strict=True)]


class TestPrivacy:
    async def test_shows_and_erases_what_a_person_wrote(
        self,
        board: httpx.AsyncClient,
        foundation: httpx.AsyncClient,
        startup: httpx.AsyncClient,
        follower: httpx.AsyncClient,
        post: Post,
    ) -> None:
        path = await shown(foundation, await post(), agrees=True)
        await step(startup, path, "agree")
        person = (await startup.get(path)).json()["contacts"]["asker"]["id"]
        held = (await board.get(f"/v1/privacy/people/{person}", params={"reason": "asked"})).json()
        assert [(one["message"], one["state"]) for one in held["interests"]] == [("Chętnie porozmawiamy.", "agreed")]
        assert {(look["role"], look["shown"]) for look in held["looks"]} == {("partner", "interest")}
        await board.post(f"/v1/privacy/people/{person}/erase", json={"reason": "asked"})
        after = (await startup.get(path)).json()
        assert (after["message"], after["contacts"]["asker"]["email"], after["state"]) == (None, None, "agreed")
        told = (await follower.get("/v1/events/changes?after=0")).json()["items"]
        assert [one for one in told if one["collection"] == "interests"] == []
        told = (await board.get("/v1/events/changes?after=0")).json()["items"]
        kinds = [(one["kind"], one["changed"]) for one in told if one["collection"] == "interests"]
        assert kinds == [("created", []), ("updated", ["owner_agreed_at", "state"])]
        assert not any("Chętnie" in str(one) or "ewa@" in str(one) for one in told)
