"""An event from its announcement to the scorecard, through the gateway and a real mail server.

Thirty people want twenty seats, three give theirs back, the queue moves, the door opens with one tablet offline, the
figures move by exactly those who came, and one of them asks to be forgotten.
"""

import re
import time
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.journeys.conftest import MailFolder
from tests.running import Running

pytestmark = pytest.mark.timeout(420)
PEOPLE, SEATS = 30, 20
FIGURES = {"count": "events.networking.count", "people": "events.networking.attendance"}
WITHIN = 120.0  # seconds until thirty messages are there; a few on a machine that does nothing else


class Day:
    """One event and everybody at it."""

    def __init__(self, office: httpx.Client, anybody: httpx.Client, mail: MailFolder) -> None:
        self.office, self.anybody, self.mail = office, anybody, mail
        self.mark = uuid4().hex[:8]
        self.event = self._published()
        self.links: dict[int, str] = {}

    def ok(self, answer: httpx.Response) -> Any:
        assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def address(self, number: int) -> str:
        return f"person-{self.mark}-{number}@example.org"

    def _published(self) -> str:
        entity = {"names": [{"value": f"Fundacja Spotkań {self.mark}"}], "interest_group": "BIOF"}
        organiser = self.ok(self.office.post("/v1/entities", json=entity))["id"]
        begins = datetime.now(UTC) + timedelta(hours=2)
        event = {
            "type": "networking",
            "organiser": organiser,
            "title": {"pl": "Śniadanie naukowe", "en": "Science breakfast"},
            "starts_at": begins.isoformat(),
            "ends_at": (begins + timedelta(hours=2)).isoformat(),
            "capacity": SEATS,
            "state": "published",
        }
        found: str = self.ok(self.office.post("/v1/events", json=event))["id"]
        return found

    @property
    def seats(self) -> dict[str, Any]:
        found: dict[str, Any] = self.ok(self.anybody.get(f"/v1/events/{self.event}"))["seats"]
        return found

    def everybody_registers(self) -> None:
        for number in range(PEOPLE):
            person = {"name": f"Osoba {number}", "email": self.address(number), "language": "en"}
            self.ok(self.anybody.post(f"/v1/events/{self.event}/registrations", json=person))
        assert self.seats == {"confirmed": 0, "held": SEATS, "waiting": PEOPLE - SEATS, "free": 0}
        for number in range(PEOPLE):
            self.links[number] = self.link(number)
            expected = "confirmed" if number < SEATS else "waiting"
            assert self.ok(self.anybody.post(f"{self.links[number]}/confirm"))["state"] == expected
        assert self.seats == {"confirmed": SEATS, "held": 0, "waiting": PEOPLE - SEATS, "free": 0}

    def link(self, number: int) -> str:
        limit = time.monotonic() + WITHIN
        while time.monotonic() < limit:
            for path in self.mail.folder.glob("new/*"):
                message = message_from_bytes(path.read_bytes(), policy=default)
                if self.address(number) in str(message["To"]):
                    body = message.get_body(("plain",))
                    assert body is not None
                    if found := re.search(r"https?://\S+(/v1/registration-links/\S+)", body.get_content()):
                        return found[1]
            time.sleep(0.2)
        raise AssertionError(f"no message to {self.address(number)}")

    def three_cancel(self) -> None:
        for number in (3, 7, 11):
            assert self.ok(self.anybody.post(f"{self.links[number]}/cancel"))["state"] == "cancelled"
        moved = [self.ok(self.anybody.get(self.links[number]))["state"] for number in range(SEATS, SEATS + 4)]
        assert moved == ["confirmed", "confirmed", "confirmed", "waiting"]
        assert self.seats == {"confirmed": SEATS, "held": 0, "waiting": PEOPLE - SEATS - 3, "free": 0}

    def tablet(self, name: str) -> dict[str, str]:
        key = self.ok(self.office.post("/v1/keys", json={"name": name, "role": "device"}))
        given = f"/v1/events/{self.event}/checkin/lists/{self.event}/devices/{key['id']}"
        self.ok(self.office.put(given, json={"name": name}))
        return {"Authorization": f"Bearer {key['key']}"}

    def codes(self) -> dict[int, str]:
        page = self.ok(self.office.get(f"/v1/events/{self.event}/registrations", params={"limit": 100}))
        named = {item["person"]["email"]: item["code"] for item in page["items"] if item["state"] == "confirmed"}
        return {number: named[self.address(number)] for number in range(PEOPLE) if self.address(number) in named}

    def scan(self, code: str, nonce: str, **more: Any) -> dict[str, Any]:
        return {"list": self.event, "secret": code, "nonce": nonce, "datetime": datetime.now(UTC).isoformat(), **more}

    def the_door_opens(self) -> int:
        """Twelve at one tablet, while the other has no network, with two of the twelve among its eight."""
        online, offline = self.tablet("tablet 1"), self.tablet("tablet 2")
        codes = list(self.codes().values())
        assert len(codes) == SEATS
        scans = f"/v1/events/{self.event}/checkin/scans"
        for number, code in enumerate(codes[:12]):
            answer = self.anybody.post(scans, json=self.scan(code, f"one-{number}"), headers=online)
            assert self.ok(answer)["accepted"], answer.text
        late = [self.scan(code, f"two-{number}", force=True) for number, code in enumerate(codes[10:18])]
        for batch in (late[4:], late, list(reversed(late))):
            self.ok(self.anybody.post(f"{scans}/batch", json={"scans": batch}, headers=offline))
        count = self.ok(self.anybody.get(f"/v1/events/{self.event}/checkin/count", headers=offline))
        assert (count["registered"], count["present"]) == (SEATS, 18)
        return 18

    def it_is_over(self) -> None:
        over = datetime.now(UTC) - timedelta(minutes=1)
        change = {"starts_at": (over - timedelta(hours=2)).isoformat(), "ends_at": over.isoformat()}
        self.ok(self.office.patch(f"/v1/events/{self.event}", json=change, headers={"If-Match": "*"}))
        assert self.ok(self.office.post(f"/v1/events/{self.event}/complete"))["present"] == 18

    def figures(self) -> dict[str, int]:
        """This year's figures, each with a list of exactly as many rows, or participations of as many people."""
        year = datetime.now(UTC).year
        asked = {"from": f"{year}-01-01", "to": f"{year}-12-31", "name": list(FIGURES.values())}
        found = {one["name"]: one for one in self.ok(self.anybody.get("/v1/events/figures", params=asked))["items"]}
        events = self.ok(self.anybody.get(found[FIGURES["count"]]["rows"] + "&count=true"))
        assert events["total"] == found[FIGURES["count"]]["value"]
        return {name: int(found[figure]["value"]) for name, figure in FIGURES.items()}

    def on_the_scorecard(self) -> dict[str, int]:
        """The running year of the networking measures, once the figures were taken in."""
        job = self.ok(self.office.post("/v1/indicators/refresh"))["id"]
        limit = time.monotonic() + WITHIN
        while self.ok(self.office.get(f"/v1/indicators/refresh/{job}"))["state"] in {"queued", "running"}:
            assert time.monotonic() < limit
            time.sleep(0.2)
        found = {}
        for name, measure in (("count", "events"), ("people", "participants")):
            page = self.ok(self.anybody.get("/v1/indicators/C.2.2-1/observations", params={"measure": measure}))
            year = str(datetime.now(UTC).year)
            values = [
                one["value"] for one in page["items"] if one["to"].startswith(year) and one["state"] == "verified"
            ]
            found[name] = int(values[0]) if values else 0
        return found

    def one_is_forgotten(self) -> None:
        wanted = {"email": self.address(0)}
        person = self.ok(self.office.post("/v1/privacy/people/find", json=wanted))["id"]
        self.ok(self.office.post(f"/v1/privacy/people/{person}/erase", json={"reason": "asked"}))
        assert self.office.post("/v1/privacy/people/find", json=wanted).status_code == 404
        left = self.anybody.get(self.links[0]).text
        assert self.address(0) not in left
        assert "Osoba 0" not in left


class TestEventDay:
    def test_moves_the_scorecard_by_exactly_those_who_came(self, empty_stack: Running, mail: MailFolder) -> None:
        headers = {"Authorization": f"Bearer {empty_stack.admin_key}"}
        with (
            httpx.Client(base_url=empty_stack.url, headers=headers, timeout=30, trust_env=False) as office,
            httpx.Client(base_url=empty_stack.url, timeout=30, trust_env=False) as anybody,
        ):
            day = Day(office, anybody, mail)
            before, shown = day.figures(), day.on_the_scorecard()
            assert before == shown
            day.everybody_registers()
            day.three_cancel()
            came = day.the_door_opens()
            assert day.figures() == before  # what is not over counts nowhere
            day.it_is_over()
            after = {"count": before["count"] + 1, "people": before["people"] + came}
            assert (day.figures(), day.on_the_scorecard()) == (after, after)
            day.one_is_forgotten()
            assert (day.figures(), day.on_the_scorecard()) == (after, after)
