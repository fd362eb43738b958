"""What the two are told of their meeting: when and where, by the link of their registration, while it is so."""

from sqlalchemy import select
from sqlmodel import col

from klaster_events.links.operations import signing_links
from klaster_events.messages.composing import Sender, compose
from klaster_events.messages.relevance import pointless
from klaster_events.messages.subjects import Subject, subjects_of
from klaster_events.outbox.models import Message
from tests.events.conftest import NOW
from tests.events.meetings.conftest import HALF_PAST_TEN, TEN, Forum

SENDER = Sender(address="forum@example.org", name="Klaster", public_url="https://klaster.example.org", confirm_hours=24)


async def subjects(forum: Forum, kind: str) -> list[Subject]:
    async with forum.app.state.database.write() as session:
        links = await signing_links(session, now=NOW)
        messages = (await session.scalars(select(Message).where(col(Message.kind) == kind))).all()
        return await subjects_of(session, messages=messages, links=links, now=NOW)


class TestLetter:
    async def test_says_when_and_where_and_is_not_sent_once_that_has_changed(self, forum: Forum) -> None:
        ada, ewa = await forum.guest("Ada"), await forum.guest("Ewa")
        agreed = await forum.agreed(ada, ewa, message="Pokażemy EKG")
        assert (await forum.step(ada, agreed, "schedule", starts_at=TEN)).status_code == 200
        told = await subjects(forum, "meeting_scheduled")
        assert [pointless(one, now=NOW) for one in told] == [None, None]
        body = compose(told[0], sender=SENDER, now=NOW).get_body(("plain",))
        assert body is not None
        text = body.get_content()
        assert "10:00" in text
        assert "A1" in text
        assert "/v1/registration-links/" in text
        assert "Pokażemy" not in text
        assert (await forum.step(ewa, agreed, "schedule", starts_at=HALF_PAST_TEN)).status_code == 200
        assert {pointless(one, now=NOW) for one in await subjects(forum, "meeting_scheduled")} == {"outdated"}
        assert {pointless(one, now=NOW) for one in await subjects(forum, "meeting_moved")} == {None}
        await forum.step(ewa, agreed, "cancel")
        assert {pointless(one, now=NOW) for one in await subjects(forum, "meeting_moved")} == {"outdated"}
        assert {pointless(one, now=NOW) for one in await subjects(forum, "meeting_cancelled")} == {None}
