"""Whoever comes is told what became of the booking, and whom the owner names; what is no longer true is not said."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from klaster_events.messages.delivery import deliver
from tests.events.bookings.conftest import Book, step
from tests.events.conftest import NOW
from tests.events.mailing import Clock, Mailbox, Outbox, mail_server


@pytest.fixture
async def box() -> AsyncIterator[Mailbox]:
    """A mail server that takes everything."""
    async with mail_server() as found:
        yield found


@pytest.fixture
def outbox(app: FastAPI) -> Outbox:
    return Outbox(app.state.database, Clock())


class TestMessages:
    async def test_name_the_laboratory_and_the_time(
        self, outbox: Outbox, box: Mailbox, book: Book, owner: httpx.AsyncClient
    ) -> None:
        made = await book(9, language="en")
        assert await deliver(outbox.post(box.server)) == {"sent": 2}
        await step(owner, made, "approve", note="Bring your own tubes")
        assert await deliver(outbox.post(box.server)) == {"sent": 1}
        to = {str(message["To"]): str(message["Subject"]) for message in box.taken}
        assert to["Ola Opiekunka <ola@example.org>"] == "Nowa rezerwacja: Pracownia NMR"
        approved: str = box.taken[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
        assert box.taken[-1]["Subject"] == "Booking confirmed: NMR laboratory"
        assert "Wednesday, 25 November 2026, 09:00 – 10:00 (CET)" in approved
        assert "Bring your own tubes" in approved
        assert "because of a booking" in approved
        assert "None" not in approved
        received: str = box.taken[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
        assert "Ada" not in received or "Ola" not in received

    async def test_of_what_is_no_longer_true_are_dropped(
        self, outbox: Outbox, box: Mailbox, book: Book, startup: httpx.AsyncClient
    ) -> None:
        made = await book(9)
        await step(startup, made, "cancel")
        assert (await deliver(outbox.post(box.server)))["sent"] == 2
        kinds = {message.kind: (message.state, message.problem) for message in await outbox.messages()}
        assert kinds == {
            "booking_requested": ("dropped", "outdated"),
            "booking_received": ("dropped", "outdated"),
            "booking_cancelled": ("sent", None),
            "booking_given_back": ("sent", None),
        }

    async def test_come_too_late_once_it_is_over(self, outbox: Outbox, box: Mailbox, book: Book) -> None:
        await book(9)
        outbox.clock.now = NOW + timedelta(days=3)
        await deliver(outbox.post(box.server))
        assert {message.problem for message in await outbox.messages()} == {"too_late"}
        assert box.taken == []
