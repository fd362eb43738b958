"""`kill -9` of events in the middle of a storm: what was acknowledged is there, nobody twice, no seat twice."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.running import Running

SEATS, PEOPLE, AT_A_TIME = 40, 160, 16
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def office(stack: Running) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {stack.admin_key}"}
    with httpx.Client(base_url=stack.url, headers=headers, timeout=60, trust_env=False) as client:
        yield client


def an_event(office: httpx.Client) -> str:
    organiser = office.post("/v1/entities", json={"names": [{"value": "Fundacja Burza"}]}).json()["id"]
    starts_at = datetime.now(UTC) + timedelta(days=30)
    body = {
        "type": office.get("/v1/event-types").json()["items"][0]["code"],
        "organiser": organiser,
        "title": {"pl": "Burza", "en": "Storm"},
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=2)).isoformat(),
        "capacity": SEATS,
        "state": "published",
    }
    answer = office.post("/v1/events", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


class TestStorm:
    def test_loses_nobody_and_sells_no_seat_twice(self, stack: Running, office: httpx.Client) -> None:
        path = f"/v1/events/{an_event(office)}"
        acknowledged: dict[int, dict[str, Any]] = {}
        cut_off: list[int] = []
        left, turn = list(range(PEOPLE)), threading.Lock()

        def come() -> None:
            with httpx.Client(base_url=stack.url, headers=office.headers, timeout=60, trust_env=False) as client:
                while True:
                    with turn:
                        if not left:
                            return
                        number = left.pop()
                    body = {"name": f"Osoba {number}", "email": f"osoba{number}@example.org"}
                    key = {"Idempotency-Key": f"storm-{number}"}
                    # Whoever is cut off sends the same request under the same key, until it is told.
                    for _ in range(300):
                        answer = client.post(f"{path}/registrations", json=body, headers=key)
                        if answer.status_code == 201:
                            acknowledged[number] = answer.json()
                            break
                        cut_off.append(answer.status_code)
                        time.sleep(0.2)

        people = [threading.Thread(target=come) for _ in range(AT_A_TIME)]
        for one in people:
            one.start()
        for share in (0.2, 0.5):
            stack.until(lambda share=share: len(acknowledged) > PEOPLE * share, 120)
            os.kill(stack.process_of("events"), signal.SIGKILL)
            stack.until(lambda: office.get(path).status_code == 200, 60)
        for one in people:
            one.join()

        assert len(acknowledged) == PEOPLE
        assert cut_off
        assert set(cut_off) <= {409, 429, 502, 503, 504}
        items = office.get(f"{path}/registrations", params={"limit": 500}).json()["items"]
        found = {item["id"]: item for item in items}
        assert len(found) == len({item["person"]["email"] for item in items}) == PEOPLE
        told = {one["id"]: one["state"] for one in acknowledged.values()}
        assert told == {one: item["state"] for one, item in found.items()}
        assert sorted(item["ticket"] for item in items) == list(range(1, PEOPLE + 1))
        seats = office.get(path).json()["seats"]
        assert (seats["confirmed"], seats["waiting"], seats["free"]) == (SEATS, PEOPLE - SEATS, 0)
