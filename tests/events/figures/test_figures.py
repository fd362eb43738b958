"""Figures: every live name of the strategy, each with a link that lists exactly the rows counted."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
import yaml
from sqlalchemy import text

from klaster_events.figures.operations import COUNTABLE
from klaster_shared.figure_routes import load_figures
from tests.events.conftest import FOUNDATION, STARTUP, Add
from tests.services import ROOT

STRATEGY = ROOT / "services/indicators/klaster_indicators/strategy/strategy-2022.yaml"


async def figure(client: httpx.AsyncClient, name: str, **dates: str) -> dict[str, Any]:
    answer = await client.get("/v1/events/figures", params={"name": name, **dates})
    assert answer.status_code == 200, answer.text
    [found] = answer.json()["items"]
    assert isinstance(found, dict)
    return found


async def rows(client: httpx.AsyncClient, link: str) -> list[dict[str, Any]]:
    parts = urlsplit(link)
    page = await client.get(parts.path, params=[*parse_qsl(parts.query), ("limit", "500")])
    assert page.status_code == 200, page.text
    items: list[dict[str, Any]] = page.json()["items"]
    return items


@pytest.fixture
async def year(held: Add, office: httpx.AsyncClient) -> None:
    """A year with a little of everything, and its neighbours."""
    await held("2025-01-02", "ada@example.org", "jan@example.org")
    await held("2025-06-02", "ada@example.org", "ewa@example.org", demonstration=True)
    await held("2024-12-31", "ada@example.org")
    await held("2025-03-03", "ada@example.org", type="seminar", series="biotech-basics")
    await held("2025-04-03", "ada@example.org", "jan@example.org", type="workshop", series="biotech-basics")
    await held("2025-04-04", type="partner_event")
    await held("2025-05-05", "eryk@example.org", entity=STARTUP, type="workshop", series="accelerator")
    await held("2025-05-06", "eryk@example.org", entity=STARTUP, type="workshop", series="accelerator")
    await held("2025-05-07", "olga@example.org", entity=FOUNDATION, type="workshop", series="accelerator")
    await held("2025-09-01", type="partner_event", series="bridges")
    await held("2024-09-01", type="workshop", series="school")
    published = {"starts_at": "2025-10-01T10:00:00Z", "ends_at": "2025-10-01T12:00:00Z"}
    await held("2025-10-01", state="published", **published)


class TestDefinitions:
    def test_are_all_that_the_strategy_names(self) -> None:
        wanted = set(re.findall(r"live: (events\.[a-z_.]+)", STRATEGY.read_text(encoding="utf-8")))
        definitions = load_figures(ROOT / "services/events/klaster_events/figures/figures.yaml", COUNTABLE)
        assert wanted == set(definitions)

    def test_that_ask_a_list_for_what_it_does_not_know_are_refused(self, tmp_path: Path) -> None:
        wrong = {
            "name": "events.wrong",
            "definition": {"pl": "źle", "en": "wrong"},
            "unit": "event",
            "time_form": "period",
            "collection": "/v1/events",
            "filter": {"colour": "red"},
        }
        path = tmp_path / "figures.yaml"
        path.write_text(yaml.safe_dump([wrong]))
        with pytest.raises(ValueError, match="colour"):
            load_figures(path, COUNTABLE)


@pytest.mark.usefixtures("year")
class TestFigures:
    @pytest.mark.parametrize(
        ("name", "value", "participations", "demonstration"),
        [
            ("events.networking.count", 2, None, 1),
            ("events.networking.attendance", 3, 4, 2),
            ("events.partner_events.count", 2, None, 0),
            ("events.training.programmes", 1, None, 0),
            ("events.training.attendance", 4, 6, 0),
            ("events.programmes.startup_support", 1, None, 0),
            ("events.programmes.startups_supported", 1, 2, 0),
            ("events.programmes.education", 0, None, 0),
            ("events.programmes.campaigns", 1, None, 0),
        ],
    )
    async def test_count_exactly_the_rows_of_their_links(
        self,
        anybody: httpx.AsyncClient,
        office: httpx.AsyncClient,
        name: str,
        value: int,
        participations: int | None,
        demonstration: int,
    ) -> None:
        found = await figure(anybody, name)
        assert (found["value"], found["participations"], found["demonstration"]) == (
            value,
            participations,
            demonstration,
        )
        listed = await rows(office, found["rows"])
        assert len(listed) == (value if participations is None else participations)
        assert sum(1 for row in listed if row["demonstration"]) == demonstration
        if participations is not None:
            different = "entity_id" if name.endswith("startups_supported") else "person_id"
            assert len({row[different] for row in listed}) == value

    async def test_of_periods_that_follow_each_other_can_be_added(self, anybody: httpx.AsyncClient) -> None:
        name = "events.networking.count"
        whole = await figure(anybody, name, **{"from": "2024-01-01", "to": "2025-12-31"})
        parts = [await figure(anybody, name, as_of=f"{year}-06-30") for year in (2024, 2025)]
        assert whole["value"] == sum(part["value"] for part in parts) == 3

    async def test_survive_a_renamed_type_and_an_erased_person(
        self, app: Any, anybody: httpx.AsyncClient, office: httpx.AsyncClient
    ) -> None:
        before = await figure(anybody, "events.networking.attendance")
        name = {"name": {"pl": "Spotkanie", "en": "Get-together"}}
        assert (
            await office.patch("/v1/event-types/networking", json=name, headers={"If-Match": '"1"'})
        ).status_code == 200
        async with app.state.database.write() as session:
            await session.execute(text("DELETE FROM people"))
        after = await figure(anybody, "events.networking.attendance")
        assert (after["value"], after["participations"]) == (before["value"], before["participations"])


class TestRestricted:
    async def test_says_how_many_of_its_rows_not_everybody_sees(
        self, anybody: httpx.AsyncClient, office: httpx.AsyncClient, held: Add
    ) -> None:
        await held("2025-01-02")
        await held("2025-02-02", visibility="partners")
        await held("2025-03-02", visibility="sig", sig="talents")
        found = await figure(anybody, "events.networking.count")
        assert (found["value"], found["restricted"]) == (3, 2)
        seen = [len(await rows(client, found["rows"])) for client in (office, anybody)]
        assert seen == [found["value"], found["value"] - found["restricted"]]


class TestYears:
    async def test_end_at_midnight_in_the_cluster_s_zone(self, anybody: httpx.AsyncClient, add: Add) -> None:
        over_new_year = {"starts_at": "2024-12-31T20:00:00+01:00", "ends_at": "2025-01-01T02:00:00+01:00"}
        until_midnight = {"starts_at": "2024-12-31T20:00:00+01:00", "ends_at": "2025-01-01T00:00:00+01:00"}
        await add(state="completed", **over_new_year)
        await add(state="completed", **until_midnight)
        name = "events.networking.count"
        counts = [(await figure(anybody, name, as_of=f"{year}-06-30"))["value"] for year in (2024, 2025)]
        assert counts == [1, 1]
