"""Which changes a subscription is about, and what it is told of them."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from klaster_gateway.contract.committed import committed_contract
from klaster_gateway.webhooks.kinds import asks_for, body_of, matches, may_see, paths_of
from tests.gateway.webhooks.conftest import FIRST, PATHS, change

SECOND = "01900000-0000-7000-8000-000000000002"


@dataclass
class Wanted:
    types: list[str] = field(default_factory=lambda: ["registry", "events"])
    entities: list[str] = field(default_factory=list)
    event_types: list[str] = field(default_factory=list)


class TestPattern:
    @pytest.mark.parametrize(
        ("pattern", "kind", "means"),
        [
            ("registry", "registry.labs.created", True),
            ("registry.*", "registry.labs.created", True),
            ("registry.labs", "registry.labs.deleted", True),
            ("registry.labs.*", "registry.labs.deleted", True),
            ("registry.*.deleted", "registry.labs.deleted", True),
            ("registry.*.deleted", "registry.labs.created", False),
            ("registry.labs", "registry.lab_services.created", False),
            ("events", "registry.labs.created", False),
        ],
    )
    def test_means_types(self, pattern: str, kind: str, means: bool) -> None:
        assert matches(pattern, kind) is means


class TestFilters:
    @pytest.mark.parametrize(
        ("wanted", "more", "told"),
        [
            ({"entities": [FIRST]}, {}, True),
            ({"entities": [SECOND]}, {}, False),
            ({"entities": [SECOND]}, {"kind": "merged", "record": None, "merged_into": SECOND}, True),
            ({"entities": [SECOND]}, {"kind": "deleted", "record": None}, False),
            ({"entities": [SECOND]}, {"collection": "labs", "record": {"owner": {"id": SECOND}}}, True),
            ({"entities": [SECOND]}, {"collection": "labs", "record": {"owner": {"id": FIRST}}}, False),
            ({"entities": [SECOND]}, {"collection": "labs", "kind": "deleted", "record": None}, True),
            ({"event_types": ["seminar"]}, {}, True),
        ],
    )
    def test_say_whom_it_concerns(self, wanted: dict[str, Any], more: dict[str, Any], told: bool) -> None:
        assert asks_for(Wanted(**wanted), "registry", change(1, **more)) is told

    @pytest.mark.parametrize(
        ("record", "told"), [({"type": "seminar"}, True), ({"type": "training"}, False), (None, True)]
    )
    def test_say_which_events(self, record: dict[str, Any] | None, told: bool) -> None:
        news = change(1, collection="events", record=record)
        assert asks_for(Wanted(event_types=["seminar"]), "events", news) is told

    @pytest.mark.parametrize(("types", "told"), [(["registry.labs.created"], True), (["events"], False)])
    def test_let_nobody_miss_that_a_feed_begins_anew(self, types: list[str], told: bool) -> None:
        news = change(9, collection="feed", kind="reset", record=None)
        assert asks_for(Wanted(types=types, entities=[SECOND]), "registry", news) is told


class TestSight:
    @pytest.mark.parametrize(
        ("role", "audiences"),
        [
            ("integrator", {"anonymous", "integrator"}),
            ("partner", {"anonymous"}),
            ("office", {"anonymous", "integrator", "office"}),
            ("admin", {"anonymous", "integrator", "office"}),
            ("device", set()),
        ],
    )
    def test_is_that_of_the_feed(self, role: str, audiences: set[str]) -> None:
        every = ("anonymous", "integrator", "office", "admin")
        assert {audience for audience in every if may_see(role, audience)} == audiences


class TestBody:
    def told(self, **more: Any) -> Any:
        at = "2026-11-27T09:00:00Z"
        return json.loads(body_of("registry", change(7, **more), at=at, paths=PATHS, public_url="https://c.example"))

    def test_is_thin(self) -> None:
        assert self.told() == {
            "type": "registry.entities.updated",
            "timestamp": "2026-11-27T09:00:00Z",
            "data": {
                "service": "registry",
                "collection": "entities",
                "id": FIRST,
                "kind": "updated",
                "changed": ["name"],
                "position": "7",
                "merged_into": None,
                "url": f"https://c.example/v1/entities/{FIRST}",
                "feed": "https://c.example/v1/registry/changes?after=6&limit=1",
            },
        }

    def test_leads_to_nothing_that_is_gone(self) -> None:
        assert self.told(kind="deleted", record=None)["data"]["url"] is None

    def test_leads_to_records_where_the_contract_has_them(self) -> None:
        found = paths_of(committed_contract())
        assert found["registry", "entities"] == "/v1/entities/{}"
        assert found["registry", "lab_services"] == "/v1/lab-services/{}"
        assert found["events", "events"] == "/v1/events/{}"
        assert found["indicators", "indicators"] == "/v1/indicators/{}"
