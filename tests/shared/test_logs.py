"""What stands in a log line, and what never does."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Literal

import pytest
import structlog

from klaster_shared.app import is_routine
from klaster_shared.logs import configure_logs, harmless, set_actor

TOKEN = "AZAAAAAAcACAAAAAAAAAAQ.aRvXkg.h2kpt7yHlJ4pVZ3z0vYh7qYz5pA"
DETAIL = 'duplicate key value violates unique constraint "uq_people"\nDETAIL:  Key (email)=(ada@example.org) is taken.'


class TestHarmless:
    @pytest.mark.parametrize(
        ("text", "told"),
        [
            (f"/v1/privacy/erase/{TOKEN}", "/v1/privacy/erase/..."),
            (f"/v1/registration-links/{TOKEN.replace('.aRvXkg', '')}/cancel", "/v1/registration-links/.../cancel"),
            (
                "/v1/events/01930000-0000-7000-8000-000000000001.ics",
                "/v1/events/01930000-0000-7000-8000-000000000001.ics",
            ),
            (DETAIL, DETAIL.split("DETAIL", maxsplit=1)[0] + "DETAIL: <left out>"),
            ("sent with klk_abcdefgh_Rr5-x_yZ1 twice", "sent with klk_abcdefgh_... twice"),
            ("Bearer eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2ln", "Bearer ..."),
            (
                "DataError: invalid input for query argument $3: 'Ada'",
                "DataError: invalid input for query argument $3: <left out>",
            ),
        ],
    )
    def test_leaves_out_what_is_personal_or_opens_something(self, text: str, told: str) -> None:
        assert harmless(text) == told


class TestRoutine:
    @pytest.mark.parametrize(
        ("path", "status", "actor", "routine"),
        [
            ("/health/live", 200, "", True),
            ("/metrics", 200, "", True),
            ("/v1/registry/changes", 200, "service:events", True),
            ("/v1/registry/changes", 503, "service:events", False),
            ("/v1/registry/changes", 200, "key:01930000-0000-7000-8000-000000000001", False),
            ("/v1/entities", 200, "service:indicators", False),
        ],
    )
    def test_is_what_is_asked_all_the_time_and_goes_well(
        self, path: str, status: int, actor: str, routine: bool
    ) -> None:
        set_actor(actor, "integrator")
        assert is_routine(path, status) is routine
        set_actor("", "")


class TestLines:
    @pytest.fixture(params=["json", "console"])
    def lines(self, request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
        style: Literal["json", "console"] = request.param
        configure_logs(service="test", style=style)
        handler = logging.getLogger().handlers[0]
        assert isinstance(handler, logging.StreamHandler)
        stream = io.StringIO()
        handler.setStream(stream)
        yield stream
        configure_logs(service="test", level="WARNING")

    def test_hold_neither_values_nor_links_in_tracebacks_either(self, lines: io.StringIO) -> None:
        log = structlog.get_logger("test.lines")
        try:
            raise RuntimeError(DETAIL)
        except RuntimeError as error:
            log.error("failed", exc_info=error, error=repr(error), path=f"/v1/privacy/export/{TOKEN}")
        text = lines.getvalue()
        assert "duplicate key" in text
        assert "ada@example.org" not in text
        assert TOKEN not in text
        if text.startswith("{"):
            assert json.loads(text)["path"] == "/v1/privacy/export/..."
