"""Somebody without an account, through the gateway and a real mail server: from a form to a seat and back again."""

import re
import time
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller

from tests.running import Running, free_ports, running_stack

pytestmark = pytest.mark.timeout(300)
BROWSER = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
FORM = {**BROWSER, "Content-Type": "application/x-www-form-urlencoded"}
WITHIN = 60.0  # seconds; two on a machine that does nothing else


class Mailbox:
    """Everybody's mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.port = free_ports()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        found: Any = message_from_bytes(envelope.content, policy=SMTP)
        self.mails.append(found)
        return "250 OK"

    def mail(self, to: str, subject: str) -> EmailMessage:
        """The mail of this subject to an address, as soon as it is there."""
        limit = time.monotonic() + WITHIN
        while time.monotonic() < limit:
            for mail in self.mails:
                if to in str(mail["To"]) and str(mail["Subject"]).startswith(subject):
                    return mail
            time.sleep(0.1)
        raise AssertionError(f"no {subject!r} to {to}: {[(str(m['To']), str(m['Subject'])) for m in self.mails]}")


@pytest.fixture(scope="module")
def box() -> Iterator[Mailbox]:
    """A mail server on this machine."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, box: Mailbox) -> Iterator[Running]:
    """A stack that sends mail."""
    told = {
        "EVENTS_SMTP_HOST": "127.0.0.1",
        "EVENTS_SMTP_PORT": str(box.port),
        "EVENTS_SMTP_SECURITY": "none",
        "EVENTS_MAIL_FROM": "events@klaster.example",
    }
    with running_stack(tmp_path_factory.mktemp("mail"), DEMO="0", **told) as stack:
        yield stack


@pytest.fixture
def anybody(stack: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stack.url, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture
def office(stack: Running) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {stack.admin_key}"}
    with httpx.Client(base_url=stack.url, headers=headers, timeout=30, trust_env=False) as client:
        yield client


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
        self, stack: Running, anybody: httpx.Client, office: httpx.Client, box: Mailbox
    ) -> None:
        path = f"/v1/events/{published(office)}/registrations"
        ada = {"name": "Ada Przykładowa", "email": "ada@example.org", "language": "pl"}
        eve = {"name": "Eve Example", "email": "eve@example.org", "language": "en"}
        assert anybody.post(path, json=ada).json()["state"] == "pending"
        hers = link_in(box.mail("ada@", "Potwierdź zapis: Śniadanie naukowe"), stack.url)
        # Whoever scans mail follows the link, and nothing happens.
        assert "Potwierdź adres" in anybody.get(hers, headers=BROWSER).text
        confirmed = anybody.post(f"{hers}/confirm?lang=pl", content=b"", headers=FORM)
        assert (confirmed.status_code, confirmed.headers["Location"]) == (303, f"{hers}?lang=pl")
        assert "Miejsce potwierdzone" in anybody.get(confirmed.headers["Location"], headers=BROWSER).text
        ticket = box.mail("ada@", "Masz miejsce")
        assert [part.get_content_type() for part in ticket.iter_attachments()] == ["text/calendar"]

        assert anybody.post(path, json=eve).json()["state"] == "waiting"
        his = link_in(box.mail("eve@", "Confirm your registration"), stack.url)
        assert anybody.post(f"{his}/confirm").json()["place_in_queue"] == 1
        box.mail("eve@", "Waiting list")
        assert anybody.post(f"{hers}/cancel", content=b"", headers=FORM).status_code == 303
        box.mail("eve@", "A seat fell free and is yours")
        box.mail("ada@", "Zapis odwołany")
        assert anybody.get(his).json()["state"] == "confirmed"
        summary = office.get("/v1/messages/summary").json()
        assert summary["mail_server"] == "configured"
        identifiers = [str(mail["Message-ID"]) for mail in box.mails]
        assert len(identifiers) == len(set(identifiers))

    def test_finds_a_page_behind_a_link_that_was_cut(self, anybody: httpx.Client) -> None:
        answer = anybody.get("/v1/registration-links/cut", headers={**BROWSER, "Accept-Language": "pl"})
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
        assert answer.headers["Cache-Control"] == "private, no-store"
