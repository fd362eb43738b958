"""`kill -9` while a figure moves: the register moves `registered` by one, today alone, whoever is killed on the way."""

import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.running import Running

FIGURE = "registry.entities.registered"
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def office(stack: Running) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {stack.admin_key}"}
    with httpx.Client(base_url=stack.url, headers=headers, timeout=30, trust_env=False) as client:
        yield client


def insist(office: httpx.Client, path: str, body: dict[str, Any], *, key: str | None = None) -> httpx.Response:
    """Ask again until somebody answers for good: what a caller does while a service comes back."""
    headers = {"Idempotency-Key": key} if key else {}
    for _ in range(300):
        try:
            answer = office.post(path, json=body, headers=headers)
            if answer.status_code < 500 and answer.json().get("code") != "idempotency_in_progress":
                return answer
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise AssertionError(path)


def scores(office: httpx.Client, **parameters: str) -> dict[str, Any]:
    answer = office.get("/v1/scorecard", params=parameters)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def registered(card: dict[str, Any]) -> set[int]:
    """What the measures of the figure say: one number, if all is well."""
    return {item["latest"]["value"] for item in card["items"] if item["live"] == FIGURE}


def refresh(stack: Running, office: httpx.Client) -> None:
    """A refresh that ends well, however often it has to begin."""

    def done() -> bool:
        job = insist(office, "/v1/indicators/refresh", {})
        assert job.status_code == 202, job.text
        stack.until(lambda: office.get(job.headers["location"]).status_code == 200, 60)
        stack.until(lambda: office.get(job.headers["location"]).json()["state"] in {"succeeded", "failed"}, 90)
        result = office.get(job.headers["location"]).json()["result"] or {"sources": {"": "failed"}}
        return set(result["sources"].values()) == {"ok"}

    stack.until(done, 120)


class TestRegistering:
    @pytest.mark.parametrize("killed", ["registry", "indicators", "events", "gateway"])
    def test_moves_the_figure_by_one_today_alone(self, stack: Running, office: httpx.Client, killed: str) -> None:
        yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
        refresh(stack, office)
        before, past = registered(scores(office)), scores(office, as_of=yesterday)
        [count] = before
        name = {"names": [{"value": f"Pracownia {killed}"}], "interest_group": "BIOF"}
        created = insist(office, "/v1/entities", name, key=f"figures-{killed}")
        assert created.status_code == 201, created.text
        path = f"/v1/entities/{created.json()['id']}"
        assert insist(office, f"{path}/apply", {}).status_code == 200

        victim = stack.process_of(killed)
        insist(office, "/v1/indicators/refresh", {})
        os.kill(victim, signal.SIGKILL)
        # Done perhaps before it fell, and then a second time it is no step any more.
        assert insist(office, f"{path}/register", {}).status_code in {200, 409}
        assert office.get(path).json()["registration"] == "registered"
        refresh(stack, office)

        assert registered(scores(office)) == {count + 1}
        assert scores(office, as_of=yesterday) == past
        today = [item["latest"] for item in scores(office)["items"] if item["live"] == FIGURE]
        assert {value["stale"] for value in today} == {None}

    def test_is_replayed_by_what_was_known_before(self, stack: Running, office: httpx.Client) -> None:
        refresh(stack, office)
        then = datetime.now(UTC).isoformat()
        before = scores(office, known_at=then)
        created = insist(
            office,
            "/v1/entities",
            {"names": [{"value": "Pracownia późniejsza"}], "interest_group": "BIOF"},
            key="figures-later",
        )
        path = f"/v1/entities/{created.json()['id']}"
        for step in ("apply", "register"):
            assert insist(office, f"{path}/{step}", {}).status_code == 200
        os.kill(stack.process_of("indicators"), signal.SIGKILL)
        refresh(stack, office)

        assert scores(office, known_at=then) == before
        assert registered(scores(office)) != registered(before)
