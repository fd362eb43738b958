"""Two neighbours on real sockets that count what a test tells them to."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from klaster_shared.testing.servers import serving
from klaster_shared.testing.servers import test_keys as keys_folder
from klaster_shared.tokens import Verifier

TODAY = date(2026, 11, 24)
REGISTERED = "registry.entities.registered"


@dataclass
class Figure:
    """What a neighbour says of one figure: `value` for every day, `on` for some of them."""

    value: float | None = 0
    form: str = "point"
    unit: str = "entity"
    definition: str = "What is counted"
    demonstration: int = 0
    reason: str | None = None
    on: dict[str, float] = field(default_factory=dict)


@dataclass
class Neighbour:
    """A service that counts figures."""

    name: str
    figures: dict[str, Figure] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    garbled: bool = False
    away: bool = False
    today: date = TODAY
    meanwhile: Callable[[], Awaitable[None]] | None = None

    def answer_at(self, app: FastAPI) -> None:
        """Answer for this service's path."""
        verifier = Verifier(self.name, keys_folder() / "jwks.json")

        @app.get(f"/v1/{self.name}/figures")
        async def figures(request: Request, as_of: date) -> Response:
            claims = verifier.verify(request.headers["authorization"].removeprefix("Bearer "))
            assert (claims.issuer, claims.scopes) == ("indicators", {"figures:read"})
            self.asked.append(as_of.isoformat())
            if self.meanwhile is not None:
                await self.meanwhile()
            if self.away:
                return Response(status_code=503)
            if self.garbled:
                return JSONResponse({"items": [{"name": "registry.entities.registered", "value": "many"}]})
            return JSONResponse({"items": [self._read(name, figure, as_of) for name, figure in self.figures.items()]})

    def _read(self, name: str, figure: Figure, as_of: date) -> dict[str, Any]:
        point = figure.form == "point"
        first, last = date(as_of.year - (2 if figure.form == "window_3y" else 0), 1, 1), date(as_of.year, 12, 31)
        key = as_of.isoformat() if point else str(as_of.year)
        return {
            "name": name,
            "value": figure.on.get(key, figure.value),
            "unit": figure.unit,
            "time_form": figure.form,
            "as_of": as_of.isoformat() if point else None,
            "from": None if point else first.isoformat(),
            "to": None if point else last.isoformat(),
            "complete": as_of <= self.today if point else last < self.today,
            "definition": {"pl": f"{figure.definition} (po polsku)", "en": figure.definition},
            "rows": f"/v1/things?as_of={as_of}",
            "demonstration": figure.demonstration,
            "reason": figure.reason,
            "counted": None,
            "without_value": None,
            "participations": None,
            "computed_at": "2026-11-24T09:00:00Z",
        }


@pytest.fixture
def registry() -> Neighbour:
    """Counts 73 registered entities, and 12 startups founded in 2025."""
    return Neighbour(
        "registry",
        {
            "registry.entities.registered": Figure(73),
            "registry.entities.startups_founded": Figure(9, form="period", on={"2025": 12, "2026": 3}),
        },
    )


@pytest.fixture
def events() -> Neighbour:
    """Counts 1,300 participants in 2025."""
    figures = {"events.networking.attendance": Figure(500, form="period", unit="person", on={"2025": 1300, "2026": 40})}
    return Neighbour("events", figures)


@pytest.fixture
async def neighbour_urls(registry: Neighbour, events: Neighbour) -> AsyncIterator[dict[str, str]]:
    """Both on one socket, which starts and stops faster than two."""
    app = FastAPI()
    registry.answer_at(app)
    events.answer_at(app)
    async with serving(app) as url:
        yield {"registry_url": url, "events_url": url}


Refresh = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def refresh(api: httpx.AsyncClient, app: FastAPI) -> Refresh:
    """Asks for a refresh, lets the worker carry it out, and gives its result."""

    async def run(**body: Any) -> dict[str, Any]:
        started = await api.post("/v1/indicators/refresh", json=body)
        assert started.status_code == 202, started.text
        while (job := (await api.get(started.headers["location"])).json())["state"] in {"queued", "running"}:
            assert await app.state.jobs.run_next()
        assert job["state"] == "succeeded", job
        result: dict[str, Any] = job["result"]
        return result

    return run


Measure = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def measure(api: httpx.AsyncClient) -> Measure:
    """One measure of the scorecard."""

    async def read(indicator: str, code: str | None = None, **parameters: Any) -> dict[str, Any]:
        items = (await api.get("/v1/scorecard", params=parameters)).json()["items"]
        found: dict[str, Any] = next(
            item for item in items if item["indicator"]["code"] == indicator and code in {None, item["measure"]}
        )
        return found

    return read


@pytest.fixture
def next_day(app: FastAPI, registry: Neighbour, events: Neighbour) -> Callable[[], None]:
    """Lets a night pass, here and at the neighbours."""

    def pass_night() -> None:
        later = app.state.clock() + timedelta(days=1)
        app.state.clock = lambda: later
        registry.today = events.today = later.date()

    return pass_night


async def observations(api: httpx.AsyncClient, indicator: str, **filters: Any) -> list[dict[str, Any]]:
    """The observations of an indicator, the newest period first."""
    answer = await api.get(f"/v1/indicators/{indicator}/observations", params={"limit": 500, **filters})
    items: list[dict[str, Any]] = answer.json()["items"]
    return items
