"""One trace for one request, whatever services it touches; sent by OTLP to whoever receives it."""

import time
from collections.abc import Callable
from secrets import token_hex

import httpx
import pytest

from tests.watching.conftest import Watched
from tests.watching.receiver import Span

pytestmark = pytest.mark.timeout(420)
WITHIN = 20.0  # seconds; spans are sent five times a second


def spans_of(watched: Watched, trace: str, enough: Callable[[list[Span]], bool]) -> list[Span]:
    """The spans of a trace, as soon as they are enough."""
    limit = time.monotonic() + WITHIN
    while not enough(found := watched.receiver.of_trace(trace)):
        assert time.monotonic() < limit, [(span.service, span.name) for span in found]
        time.sleep(0.1)
    return found


class TestTraces:
    def test_of_a_forwarded_request_go_from_the_caller_through_the_gateway_to_the_service(
        self, watched: Watched, office: httpx.Client
    ) -> None:
        trace, caller = token_hex(16), token_hex(8)

        answer = office.get("/v1/labs", headers={"traceparent": f"00-{trace}-{caller}-01"})

        both = {("klaster-gateway", "list_labs"), ("klaster-registry", "GET /v1/labs")}
        found = spans_of(watched, trace, lambda spans: both <= {(span.service, span.name) for span in spans})
        [door] = [span for span in found if span.name == "list_labs"]
        [inside] = [span for span in found if span.name == "GET /v1/labs"]
        assert answer.status_code == 200
        assert (door.parent, inside.parent) == (caller, door.id)

    def test_of_a_composed_page_hold_every_service_that_it_was_made_of(
        self, watched: Watched, office: httpx.Client
    ) -> None:
        trace = token_hex(16)

        answer = office.get("/v1/overview", headers={"traceparent": f"00-{trace}-{token_hex(8)}-01"})

        services = {"klaster-gateway", "klaster-registry", "klaster-indicators", "klaster-events"}

        def is_whole(found: list[Span]) -> bool:
            known = {span.id for span in found}
            roots = [span.name for span in found if span.parent not in known]
            return services <= {span.service for span in found} and roots == ["get_overview"]

        assert answer.status_code == 200
        spans_of(watched, trace, is_whole)

    def test_of_background_work_hold_what_it_asked_others(self, watched: Watched) -> None:
        def of_jobs() -> dict[str, Span]:
            return {span.id: span for span in tuple(watched.receiver.spans) if span.name == "job follow_registry"}

        limit = time.monotonic() + WITHIN
        while True:
            asked = {
                inside.service
                for span in tuple(watched.receiver.spans)
                if span.parent in of_jobs()
                for inside in tuple(watched.receiver.spans)
                if inside.parent == span.id
            }
            if "klaster-registry" in asked:
                return
            assert time.monotonic() < limit, of_jobs()
            time.sleep(0.5)

    def test_begin_at_the_door_where_nobody_brings_one(self, watched: Watched, office: httpx.Client) -> None:
        before = len(watched.receiver.spans)

        office.get("/v1/entities", params={"limit": 1})

        limit = time.monotonic() + WITHIN
        while True:
            new = tuple(watched.receiver.spans)[before:]
            doors = [span for span in new if span.name == "list_entities" and not span.parent]
            if doors and any(span.parent == doors[0].id for span in new):
                return
            assert time.monotonic() < limit, [(span.service, span.name) for span in new]
            time.sleep(0.1)
