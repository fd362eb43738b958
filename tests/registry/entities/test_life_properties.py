"""Whatever an office tries, in whatever order: what is refused leaves no trace, and every day keeps its truth."""

from datetime import date, timedelta
from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from klaster_registry.entities.registration import STATES, STEPS, Life, Refusal, Step, next_state
from tests.examples import examples
from tests.registry.conftest import NOW

TODAY = NOW.date()
DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
TRIED = st.lists(st.tuples(st.sampled_from(STEPS), DAYS), min_size=1, max_size=8)
SLOW = settings(
    max_examples=examples(12),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


async def add(api: httpx.AsyncClient, name: str = "Firma") -> dict[str, Any]:
    entity: dict[str, Any] = (await api.post("/v1/entities", json={"names": [{"value": name}]})).json()
    return entity


async def states_on(api: httpx.AsyncClient, entity_id: str, day: date) -> list[str]:
    """Every state in which the list shows the entity on a day."""
    found = []
    for state in STATES:
        page = await api.get("/v1/entities", params={"registration": state, "as_of": day.isoformat(), "limit": 500})
        found += [state for item in page.json()["items"] if item["id"] == entity_id]
    return found


class TestRegistration:
    @SLOW
    @given(tried=TRIED)
    async def test_says_for_every_day_what_was_true_then(
        self, api: httpx.AsyncClient, tried: list[tuple[Step, date]]
    ) -> None:
        entity = await add(api)
        life, taken = Life(state="none", since=None), [(date(2023, 1, 1), "none")]
        for step, on in tried:
            expected = next_state(life, step, on=on, today=TODAY)
            body = {"on": on.isoformat(), "note": "powód"}
            answer = await api.post(f"/v1/entities/{entity['id']}/{step}", json=body)
            assert answer.status_code == (409 if isinstance(expected, Refusal) else 200), answer.text
            if not isinstance(expected, Refusal):
                life = Life(state=expected, since=on)
                taken.append((on, expected))
        days = {day for on, _ in taken for day in (on - timedelta(days=1), on, on + timedelta(days=1))}
        for day in days:
            true = [state for on, state in taken if on <= day][-1] if day >= taken[0][0] else "none"
            assert await states_on(api, entity["id"], day) == [true], day


class TestPartnership:
    @SLOW
    @given(
        tried=st.lists(
            st.tuples(st.sampled_from(["talents", "funding", "sign", "end"]), st.booleans(), DAYS), max_size=10
        )
    )
    async def test_never_has_a_day_without_a_group(
        self, api: httpx.AsyncClient, tried: list[tuple[str, bool, date]]
    ) -> None:
        entity = await add(api)
        for step in ("apply", "register"):
            await api.post(f"/v1/entities/{entity['id']}/{step}", json={"on": "2024-01-01"})
        for what, joins, day in tried:
            path = f"/v1/entities/{entity['id']}/partnerships"
            if what == "sign":
                answer = await api.post(path, json={"from": day.isoformat()})
            elif what == "end":
                answer = await api.post(f"{path}/end", json={"on": day.isoformat()})
            elif joins:
                body = {"entity": entity["id"], "from": day.isoformat()}
                answer = await api.post(f"/v1/groups/{what}/members", json=body)
            else:
                body = {"entity": entity["id"], "on": day.isoformat()}
                answer = await api.post(f"/v1/groups/{what}/members/leave", json=body)
            assert answer.status_code in {200, 201, 409}, answer.text
        found = await api.get(f"/v1/entities/{entity['id']}")
        edges = [period[end] for period in found.json()["partnerships"] for end in ("from", "to") if period[end]]
        edges += [period[end] for period in found.json()["groups"] for end in ("from", "to") if period[end]]
        days = {date.fromisoformat(edge) + timedelta(days=offset) for edge in edges for offset in (-1, 0, 1)}
        for day in days:
            page = await api.get(f"/v1/entities?partner=true&in_group=false&as_of={day}")
            assert page.json()["items"] == [], day
