"""Somebody without an account, through the gateway and a real mail server: from a form to a seat and back again."""

import re
import time
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.journeys.conftest import MailFolder
from tests.running import Running

pytestmark = pytest.mark.timeout(300)
BROWSER = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
FORM = {**BROWSER, "Content-Type": "application/x-www-form-urlencoded"}
WITHIN = 60.0  # seconds; two on a machine that does nothing else


@dataclass(frozen=True)
class Mailbox:
    """Everybody's mail."""

    folder: Path

    @property
    def mails(self) -> list[EmailMessage]:
        found: list[Any] = [message_from_bytes(path.read_bytes(), policy=SMTP) for path in self.folder.glob("new/*")]
        return found

    def mail(self, to: str, subject: str) -> EmailMessage:
        """The mail of this subject to an address, as soon as it is there."""
        limit = time.monotonic() + WITHIN
        while time.monotonic() < limit:
            for mail in self.mails:
                if to in str(mail["To"]) and str(mail["Subject"]).startswith(subject):
                    return mail
            time.sleep(0.1)
        raise AssertionError(f"no {subject!r} to {to}: {[(str(m['To']), str(m['Subject'])) for m in self.mails]}")


@pytest.fixture
def box(mail: MailFolder) -> Mailbox:
    """The mail of this stack; other journeys' as well."""
    return Mailbox(mail.folder)


@pytest.fixture
def stack(empty_stack: Running) -> Running:
    """A stack that sends mail."""
    return empty_stack


def published(office: httpx.Client) -> str:
    """An event with one seat; its id."""
    organiser = office.post("/v1/entities", json={"names": [{"value": "Fundacja Śniadań"}]}).json()["id"]
    event = {
        "type": "networking",
        "organiser": organiser,
        "title": {"pl": "Śniadanie naukowe", "en": "Science breakfast"},
        "starts_at": "2036-12-10T17:00:00+01:00",
        "ends_at": "2036-12-10T20:00:00+01:00",
        "capacity": 1,
        "state": "published",
    }
    answer = office.post("/v1/events", json=event)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def link_in(mail: EmailMessage, url: str) -> str:
    """The path of the link that a mail carries."""
    body: Any = mail.get_body(("plain",))
    found = re.search(rf"{re.escape(url)}(/v1/registration-links/\S+)", body.get_content())
    assert found, body.get_content()
    return found[1]


class TestSomebodyWithoutAnAccount:
    def test_gets_a_seat_by_mail_gives_it_back_and_the_next_one_is_told(
        self, stack: Running, public: httpx.Client, office: httpx.Client, box: Mailbox
    ) -> None:
        path = f"/v1/events/{published(office)}/registrations"
        ada = {"name": "Ada Przykładowa", "email": "ada-by-mail@example.org", "language": "pl"}
        eve = {"name": "Eve Example", "email": "eve-by-mail@example.org", "language": "en"}
        assert public.post(path, json=ada).json()["state"] == "pending"
        hers = link_in(box.mail("ada-by-mail@", "Potwierdź zapis: Śniadanie naukowe"), stack.url)
        # Whoever scans mail follows the link, and nothing happens.
        assert "Potwierdź adres" in public.get(hers, headers=BROWSER).text
        confirmed = public.post(f"{hers}/confirm?lang=pl", content=b"", headers=FORM)
        assert (confirmed.status_code, confirmed.headers["Location"]) == (303, f"{hers}?lang=pl")
        assert "Miejsce potwierdzone" in public.get(confirmed.headers["Location"], headers=BROWSER).text
        ticket = box.mail("ada-by-mail@", "Masz miejsce")
        assert [part.get_content_type() for part in ticket.iter_attachments()] == ["text/calendar"]

        assert public.post(path, json=eve).json()["state"] == "waiting"
        his = link_in(box.mail("eve-by-mail@", "Confirm your registration"), stack.url)
        assert public.post(f"{his}/confirm").json()["place_in_queue"] == 1
        box.mail("eve-by-mail@", "Waiting list")
        assert public.post(f"{hers}/cancel", content=b"", headers=FORM).status_code == 303
        box.mail("eve-by-mail@", "A seat fell free and is yours")
        box.mail("ada-by-mail@", "Zapis odwołany")
        assert public.get(his).json()["state"] == "confirmed"
        summary = office.get("/v1/messages/summary").json()
        assert summary["mail_server"] == "configured"
        identifiers = [str(mail["Message-ID"]) for mail in box.mails]
        assert len(identifiers) == len(set(identifiers))

    def test_finds_a_page_behind_a_link_that_was_cut(self, public: httpx.Client) -> None:
        answer = public.get("/v1/registration-links/cut", headers={**BROWSER, "Accept-Language": "pl"})
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
        assert answer.headers["Cache-Control"] == "private, no-store"
