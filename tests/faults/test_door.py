"""`kill -9` while devices scan: what they send again ends in the state of everything that they scanned."""

import os
import signal
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.running import Running

PEOPLE, DEVICES = 24, 3
pytestmark = pytest.mark.timeout(300)


def calling(stack: Running, key: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.Client(base_url=stack.url, headers=headers, timeout=30, trust_env=False)


@pytest.fixture
def office(stack: Running) -> Iterator[httpx.Client]:
    with calling(stack, stack.admin_key) as client:
        yield client


def made(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code in {200, 201}, answer.text
    found: dict[str, Any] = answer.json()
    return found


class Door:
    """An event of this evening, its people, and devices with keys of their own."""

    def __init__(self, stack: Running, office: httpx.Client) -> None:
        organiser = made(office.post("/v1/entities", json={"names": [{"value": "Fundacja Bram"}]}))
        starts_at = datetime.now(UTC) + timedelta(hours=3)
        event = {
            "type": "networking",
            "organiser": organiser["id"],
            "title": {"pl": "Wieczór", "en": "Evening"},
            "starts_at": starts_at.isoformat(),
            "ends_at": (starts_at + timedelta(hours=3)).isoformat(),
            "state": "published",
        }
        self.stack = stack
        self.id = made(office.post("/v1/events", json=event))["id"]
        self.path = f"/v1/events/{self.id}"
        self.people = [
            made(office.post(f"{self.path}/registrations", json={"name": "Ada", "email": f"ada{n}@example.org"}))["id"]
            for n in range(PEOPLE)
        ]
        keys = [made(office.post("/v1/keys", json={"name": f"Tablet {n}", "role": "device"})) for n in range(DEVICES)]
        for key in keys:
            given = f"{self.path}/checkin/lists/{self.id}/devices/{key['id']}"
            made(office.put(given, json={"name": "Tablet"}))
        self.keys = [key["key"] for key in keys]

    def scans(self, device: int) -> list[dict[str, Any]]:
        """Every device sees everybody, in an order of its own."""
        now = datetime.now(UTC).isoformat()
        order = self.people[device * 7 :] + self.people[: device * 7]
        return [
            {"list": self.id, "registration_id": one, "datetime": now, "nonce": f"tablet-{device}:{number}"}
            for number, one in enumerate(order)
        ]


class TestKill:
    def test_loses_no_scan_that_was_answered_and_counts_nobody_twice(
        self, stack: Running, office: httpx.Client
    ) -> None:
        door = Door(stack, office)
        scanned = [door.scans(device) for device in range(DEVICES)]
        answered: dict[str, dict[str, Any]] = {}
        refused: set[int] = set()

        def scan(device: int) -> None:
            with calling(stack, door.keys[device]) as client:
                for one in scanned[device]:
                    answer = client.post(f"{door.path}/checkin/scans", json=one)
                    if answer.status_code == 200:
                        answered[one["nonce"]] = answer.json()
                    else:
                        refused.add(answer.status_code)

        devices = [threading.Thread(target=scan, args=(device,)) for device in range(DEVICES)]
        for thread in devices:
            thread.start()
        stack.until(lambda: len(answered) > PEOPLE // 2, 60)
        os.kill(stack.process_of("events"), signal.SIGKILL)
        for thread in devices:
            thread.join()
        assert refused <= {502, 503, 504}
        stack.until(lambda: office.get(door.path).status_code == 200, 60)
        first, again = self._sent(stack, door, scanned), self._sent(stack, door, scanned)
        assert first == again
        kept = ("accepted", "reason", "received_at")
        assert all(
            [first[nonce][name] for name in kept] == [verdict[name] for name in kept]
            for nonce, verdict in answered.items()
        )
        count = made(office.get(f"{door.path}/checkin/count"))
        assert (count["present"], count["lists"][0]["entered"], count["lists"][0]["inside"]) == (PEOPLE,) * 3
        history = made(office.get(f"{door.path}/checkin/scans", params={"count": "true"}))
        assert history["total"] == PEOPLE * DEVICES
        assert sum(verdict["accepted"] for verdict in first.values()) == PEOPLE

    def _sent(self, stack: Running, door: Door, scanned: list[list[dict[str, Any]]]) -> dict[str, dict[str, Any]]:
        """Every device sends all that it scanned, in one batch."""
        found = {}
        for device, scans in enumerate(scanned):
            with calling(stack, door.keys[device]) as client:
                for verdict in made(client.post(f"{door.path}/checkin/scans/batch", json={"scans": scans}))["items"]:
                    found[verdict["nonce"]] = verdict
        return found
