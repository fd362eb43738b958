"""What a message says, and what it must not be made to say."""

import re
from datetime import UTC, datetime
from email.message import EmailMessage
from io import BytesIO
from typing import Any, get_args

import httpx
import pytest
import segno
from icalendar import Calendar
from PIL import Image

from klaster_events.messages.delivery import deliver
from klaster_events.messages.wording import wordings
from klaster_events.outbox.operations import MessageKind
from tests.events.conftest import Add
from tests.events.mailing import Mailbox, Outbox

LINK = "https://meet.example/secret"
ABOUT_A_REGISTRATION = {
    "confirm_address": {"state": "pending", "verified": False},
    "confirmed": {"state": "confirmed"},
    "waiting": {"state": "waiting"},
    "requested": {"state": "requested"},
    "declined": {"state": "declined"},
    "moved_up": {"state": "confirmed"},
    "offer": {"state": "offered"},
    "offer_expired": {"state": "cancelled"},
    "registration_cancelled": {"state": "cancelled"},
    "registered_already": {"state": "confirmed"},
    "changed": {"state": "confirmed"},
    "reminder": {"state": "confirmed"},
}


async def sent(outbox: Outbox, box: Mailbox, add: Add, kind: str, *, event: Any = None, **more: Any) -> EmailMessage:
    """The message of a kind as it arrives."""
    context = more.pop("context", {})
    shown = event or await add(place="Rynek Główny 1, Kraków", online=True, online_url=LINK)
    registration = await outbox.register(shown["id"], **{**ABOUT_A_REGISTRATION.get(kind, {}), **more})
    await outbox.tell(kind, registration, **context)
    assert await deliver(outbox.post(box.server)) == {"sent": 1}, await outbox.messages()
    return box.taken[-1]


def words(message: EmailMessage, subtype: str = "plain") -> str:
    """The text of a message, in one of its two forms."""
    body: Any = message.get_body((subtype,))
    return str(body.get_content())


def parts(message: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in message.walk() if not part.is_multipart()]


def entry_of(message: EmailMessage) -> tuple[Any, Any]:
    """The calendar that a message carries, and its only entry."""
    [attached] = [part for part in message.iter_attachments() if part.get_content_type() == "text/calendar"]
    content: Any = attached.get_payload(decode=True)
    calendar = Calendar.from_ical(content)
    [entry] = calendar.walk("VEVENT")
    assert attached.get_param("method") == str(calendar["METHOD"])
    return calendar, entry


class TestWords:
    def test_there_are_for_every_kind(self) -> None:
        assert set(wordings()) == set(get_args(MessageKind))

    @pytest.mark.parametrize("language", ["pl", "en"])
    async def test_name_the_event_its_time_and_the_way_to_the_registration(
        self, outbox: Outbox, box: Mailbox, add: Add, language: str
    ) -> None:
        event = await add(place="Rynek Główny 1, Kraków")
        for number, (kind, state) in enumerate(ABOUT_A_REGISTRATION.items(), 1):
            address = f"ada{number}@example.org"
            registration = await outbox.register(event["id"], ticket=number, email=address, language=language, **state)
            await outbox.tell(kind, registration)
        assert await deliver(outbox.post(box.server)) == {"sent": len(ABOUT_A_REGISTRATION)}
        hour = "25 listopada 2026, 17:00" if language == "pl" else "25 November 2026, 17:00"
        for message in box.taken:
            assert "Śniadanie naukowe" in message["Subject"]
            assert message["Content-Language"] == language
            assert message["Auto-Submitted"] == "auto-generated"
            for form in ("plain", "html"):
                assert hour in words(message, form)
                assert "https://klaster.example/v1/registration-links/" in words(message, form)
            assert "None" not in words(message)

    async def test_say_until_when_an_answer_is_waited_for_from_the_moment_they_are_sent(
        self, outbox: Outbox, box: Mailbox, add: Add
    ) -> None:
        far = await add(starts_at="2026-12-24T10:00:00Z", ends_at="2026-12-24T12:00:00Z")
        outbox.clock.move(hours=5)  # the mail server was away meanwhile
        message = await sent(outbox, box, add, "confirm_address", event=far, language="en", context={"hours": 2})
        assert "until Tuesday, 24 November 2026, 17:00" in words(message)

    async def test_show_what_changed_and_what_was_before(self, outbox: Outbox, box: Mailbox, add: Add) -> None:
        before = {"starts_at": "2026-11-25T09:00:00Z", "ends_at": "2026-11-25T10:00:00Z", "zone": "Europe/Warsaw"}
        context = {
            "changed": ["starts_at", "ends_at"],
            "before": before,
            "note": {"pl": "Tak wyszło.", "en": "So be it."},
        }
        message = await sent(outbox, box, add, "changed", language="en", context=context)
        for said in ("changed the event: time.", "So be it.", "Before: Wednesday, 25 November 2026, 10:00 – 11:00"):
            assert said in words(message)

    async def test_name_the_session_that_moved_or_is_gone(self, outbox: Outbox, box: Mailbox, add: Add) -> None:
        times = {"starts_at": "2026-11-25T16:30:00Z", "ends_at": "2026-11-25T17:30:00Z"}
        session = {
            "title": {"pl": "Otwarcie", "en": "Opening"},
            "before": {**times, "room": "A"},
            "after": {**times, "room": "B"},
        }
        for after, said in (
            (session["after"], "Session: Opening, Wednesday, 25 November 2026, 17:30 – 18:30, B"),
            (None, "Cancelled session: Opening, Wednesday, 25 November 2026, 17:30 – 18:30, A"),
        ):
            context = {"changed": ["agenda"], "session": {**session, "after": after}}
            message = await sent(outbox, box, add, "changed", language="en", context=context)
            assert "changed the event: agenda." in words(message)
            assert said in words(message)


class TestPersonal:
    async def test_link_of_an_online_event_is_for_those_who_have_a_seat(
        self, outbox: Outbox, box: Mailbox, add: Add
    ) -> None:
        seated = await sent(outbox, box, add, "changed")
        waits = await sent(outbox, box, add, "changed", state="waiting", email="eve@example.org")
        assert LINK in words(seated)
        assert LINK not in waits.as_string()

    async def test_name_is_left_out_where_the_address_was_never_confirmed(
        self, outbox: Outbox, box: Mailbox, add: Add
    ) -> None:
        message = await sent(outbox, box, add, "confirm_address", name="You have won https://evil.example")
        assert "evil.example" not in message.as_string()

    async def test_names_and_titles_write_no_headers(self, outbox: Outbox, box: Mailbox, add: Add) -> None:
        name = "Ada\r\nBcc: everybody@example.org\r\n\r\nBuy"
        message = await sent(outbox, box, add, "confirmed", name=name)
        assert message["Bcc"] is None
        assert box.recipients == ["ada@example.org"]
        assert message["To"].addresses[0].display_name == "Ada Bcc: everybody@example.org Buy"
        assert "Ada Bcc: everybody@example.org Buy" in words(message).splitlines()[0]

    async def test_names_and_titles_are_text_and_no_markup(self, outbox: Outbox, box: Mailbox, add: Add) -> None:
        event = await add('<script>alert("1")</script> & {{ 7 * 7 }}')
        message = await sent(outbox, box, add, "confirmed", event=event, name='<img src=x onerror="1">')
        html = words(message, "html")
        assert "<script>" not in html
        assert "<img src=x" not in html
        assert "&lt;script&gt;" in html
        assert "{{ 7 * 7 }}" in words(message)


class TestCode:
    async def test_is_shown_as_a_picture_that_holds_exactly_it(self, outbox: Outbox, box: Mailbox, add: Add) -> None:
        message = await sent(outbox, box, add, "confirmed")
        assert parts(message) == ["text/plain", "text/html", "image/png", "text/calendar"]
        assert 'src="cid:code@klaster"' in words(message, "html")
        [picture] = [part for part in message.walk() if part.get_content_type() == "image/png"]
        assert picture["Content-ID"] == "<code@klaster>"
        content: Any = picture.get_payload(decode=True)
        code = words(message).split("Kod przy wejściu: ")[1].split()[0]
        assert modules_of(content) == [list(row) for row in segno.make(code, micro=False, error="m").matrix]

    async def test_is_not_shown_to_whoever_waits(self, outbox: Outbox, box: Mailbox, add: Add) -> None:
        assert parts(await sent(outbox, box, add, "waiting")) == ["text/plain", "text/html"]


def modules_of(png: bytes) -> list[list[int]]:
    """The modules of a picture of a QR code, eight pixels each, without the quiet zone of four."""
    picture = Image.open(BytesIO(png)).convert("L")
    size = picture.width // 8
    return [
        [1 if picture.getpixel((8 * x + 4, 8 * y + 4)) == 0 else 0 for x in range(4, size - 4)]
        for y in range(4, size - 4)
    ]


class TestCalendar:
    async def test_invites_whoever_has_a_seat(self, outbox: Outbox, box: Mailbox, add: Add) -> None:
        event = await add(place="Rynek Główny 1", online=True, online_url=LINK)
        calendar, entry = entry_of(await sent(outbox, box, add, "confirmed", event=event))
        assert str(calendar["METHOD"]) == "REQUEST"
        assert str(entry["UID"]) == f"{event['id']}@events.klaster"
        assert entry["DTSTART"].dt.astimezone(UTC) == datetime(2026, 11, 25, 16, tzinfo=UTC)
        assert entry["DTSTART"].params["TZID"] == "Europe/Warsaw"
        assert len(calendar.walk("VTIMEZONE")) == 1
        assert (int(entry["SEQUENCE"]), str(entry["STATUS"])) == (0, "CONFIRMED")
        assert LINK in str(entry["DESCRIPTION"])
        assert str(entry["ATTENDEE"]) == "mailto:ada@example.org"

    async def test_takes_the_entry_out_where_the_seat_was_given_back(
        self, outbox: Outbox, box: Mailbox, add: Add
    ) -> None:
        calendar, entry = entry_of(await sent(outbox, box, add, "registration_cancelled"))
        assert (str(calendar["METHOD"]), str(entry["STATUS"])) == ("CANCEL", "CANCELLED")

    async def test_is_no_business_of_whoever_waits(self, outbox: Outbox, box: Mailbox, add: Add) -> None:
        assert "text/calendar" not in parts(await sent(outbox, box, add, "changed", state="waiting"))


class TestPrivacyLink:
    @pytest.mark.parametrize("purpose", ["export", "erase"])
    async def test_is_signed_when_it_goes_out_and_opens_what_was_asked_for(
        self, office: httpx.AsyncClient, outbox: Outbox, box: Mailbox, add: Add, purpose: str
    ) -> None:
        await outbox.register((await add())["id"])
        asked = await office.post(f"/v1/privacy/{purpose}", json={"email": "ada@example.org", "language": "en"})
        assert asked.status_code == 202, asked.text
        assert await deliver(outbox.post(box.server)) == {"sent": 1}
        found = re.search(r"https://klaster.example(/v1/privacy/\S+)", words(box.taken[0]))
        assert found
        assert (await office.get(found[1])).status_code == 200
        [message] = await outbox.messages()
        assert message.context == {"purpose": purpose}
