"""The route table finds what the services' own routers would find."""

from typing import Any

import pytest
from fastapi.routing import APIRoute
from starlette.routing import Match

from klaster_gateway.forwarding.table import MAX_BODY, RouteTable
from klaster_shared.errors import MethodNotAllowed, NotFound
from tests.services import INNER, build, committed, operations

ID = "01890000-0000-7000-8000-000000000000"


def table(*routes: tuple[str, str, str], uuids: tuple[str, ...] = ()) -> RouteTable:
    """A table of (method, path, operation id)."""
    paths: dict[str, dict[str, Any]] = {}
    for method, path, name in routes:
        paths.setdefault(path, {})[method] = {
            "operationId": name,
            "x-klaster-service": "registry",
            "x-klaster-role": "anonymous",
            "x-klaster-scope": "things:read",
            "parameters": [{"name": uuid, "in": "path", "schema": {"format": "uuid"}} for uuid in uuids],
        }
    return RouteTable({"paths": paths})


class TestFind:
    def test_takes_a_static_path_before_a_parameter(self) -> None:
        routes = table(("get", "/v1/things/{name}", "any"), ("get", "/v1/things/search", "search"))
        assert routes.find("/v1/things/search", "GET").id == "search"
        assert routes.find("/v1/things/other", "GET").id == "any"

    def test_takes_an_id_only_where_it_is_one(self) -> None:
        routes = table(("get", "/v1/things/{id}", "one"), uuids=("id",))
        assert routes.find(f"/v1/things/{ID}", "GET").id == "one"
        with pytest.raises(NotFound):
            routes.find("/v1/things/search", "GET")

    def test_takes_an_id_before_free_text(self) -> None:
        routes = table(("get", "/v1/things/{id}", "one"), ("get", "/v1/things/{name}/x", "other"), uuids=("id",))
        assert routes.find(f"/v1/things/{ID}", "GET").id == "one"
        assert routes.find(f"/v1/things/{ID}/x", "GET").id == "other"

    def test_reads_parameters_among_fixed_text(self) -> None:
        routes = table(("get", "/v1/e/{scheme}:{value}", "by_scheme"), ("get", "/v1/e/{id}.ics", "calendar"))
        assert routes.find("/v1/e/nip:123", "GET").id == "by_scheme"
        assert routes.find("/v1/e/abc.ics", "GET").id == "calendar"

    def test_goes_on_where_the_particular_path_lacks_the_method(self) -> None:
        routes = table(("post", "/v1/things/search", "search"), ("get", "/v1/things/{name}", "any"))
        assert routes.find("/v1/things/search", "GET").id == "any"

    def test_answers_head_by_get(self) -> None:
        routes = table(("get", "/v1/things", "list"), ("get", "/v1/things/{name}", "any"))
        assert routes.find("/v1/things", "HEAD").id == "list"
        assert routes.find("/v1/things/x", "HEAD").id == "any"

    @pytest.mark.parametrize(
        "path", ["/v1/thing", "/v1/things/", "/v1/things//", "v1/things", "", "/", "/v1/things/a/b"]
    )
    def test_knows_nothing_else(self, path: str) -> None:
        with pytest.raises(NotFound):
            table(("get", "/v1/things", "list"), ("get", "/v1/things/{name}", "any")).find(path, "GET")

    def test_names_the_methods_that_apply(self) -> None:
        routes = table(("get", "/v1/things", "list"), ("post", "/v1/things", "create"))
        with pytest.raises(MethodNotAllowed) as refused:
            routes.find("/v1/things", "DELETE")
        assert refused.value.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


class TestOperation:
    def test_knows_every_role_that_includes_the_least(self) -> None:
        operation = table(("get", "/v1/things", "list")).find("/v1/things", "GET")
        assert operation.allowed == {"anonymous", "integrator", "partner", "office", "admin"}
        assert operation.max_body == MAX_BODY


class TestContract:
    """Of the committed contract: no path that is written out is ever taken for an id, here or in its service."""

    def test_finds_every_static_path_as_itself(self) -> None:
        found = RouteTable(committed("gateway"))
        for operation in operations("gateway"):
            if "{" not in operation.path:
                assert found.find(operation.path, operation.method.upper()).id == operation.id

    @pytest.mark.parametrize("name", INNER)
    def test_agrees_with_the_service_s_own_router(self, name: str) -> None:
        routes = build(name).router.routes
        for operation in operations(name):
            if "{" not in operation.path:
                scope = {"type": "http", "path": operation.path, "method": operation.method.upper()}
                first = next(route for route in routes if route.matches(scope)[0] is Match.FULL)
                assert isinstance(first, APIRoute)
                assert first.unique_id == operation.id

    def test_tells_an_event_from_its_calendar(self) -> None:
        found, event = RouteTable(committed("gateway")), "/v1/events/01930000-0000-7000-8000-000000000001"
        ids = [found.find(path, "GET").id for path in (event, f"{event}.ics", "/v1/events.ics", "/v1/events.atom")]
        assert ids == ["get_event", "get_event_calendar", "get_events_calendar", "get_events_feed"]
        assert found.find("/v1/calendars/AZMA.c-d_e.ics", "GET").id == "get_personal_calendar"
