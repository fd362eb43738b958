"""The main job, through the gateway: the strategy's measures, some of them counted live, each down to its rows."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from tests.running import Running

pytestmark = pytest.mark.timeout(300)  # the first test waits for a stack that is seeded

SERVICES = ("registry", "events")
DATES: list[dict[str, str]] = [{}, {"as_of": "2022-12-31"}, {"from": "2024-01-01", "to": "2024-12-31"}]


def all_rows(client: httpx.Client, link: str) -> list[dict[str, Any]]:
    """Every row of a list, page by page."""
    parts = urlsplit(link)
    parameters = parse_qsl(parts.query)
    rows, cursor = [], None
    while True:
        page = client.get(parts.path, params=[*parameters, ("limit", "500"), *([("cursor", cursor)] if cursor else [])])
        assert page.status_code == 200, page.text
        rows += page.json()["items"]
        cursor = page.json()["next"]
        if cursor is None:
            return rows


class TestScorecard:
    def test_holds_every_measure_of_the_strategy(self, public: httpx.Client) -> None:
        scorecard = public.get("/v1/scorecard").json()
        levels = [item["level"] for item in scorecard["items"]]
        assert (levels.count("B"), levels.count("C")) == (49, 31)

    def test_counts_part_of_them_live(self, public: httpx.Client) -> None:
        items = public.get("/v1/scorecard").json()["items"]
        counted = [item for item in items if (item["latest"] or {}).get("origin") == "live"]
        assert {item["live"].split(".")[0] for item in counted} == {"registry", "events"}
        for item in counted:
            assert item["latest"]["figure"] == item["live"]
            assert item["latest"]["stale"] is None
        # The demonstration is all there is: what was counted and is not zero rests on it, and says so.
        assert all(item["latest"]["demonstration"] > 0 for item in counted if item["latest"]["value"])

    def test_answers_the_past(self, public: httpx.Client) -> None:
        race = public.get("/v1/scorecard", params={"as_of": "2024-06-30"}).json()["items"]
        today = public.get("/v1/scorecard").json()["items"]
        assert "missed" not in {item["status"] for item in race}
        assert {"missed", "achieved"} <= {item["status"] for item in today}

    def test_is_not_sent_twice(self, public: httpx.Client) -> None:
        first = public.get("/v1/scorecard")
        assert public.get("/v1/scorecard", headers={"If-None-Match": first.headers["etag"]}).status_code == 304


OF_CODES = {"/v1/networks", "/v1/advisory-bodies", "/v1/fields"}


class TestFigures:
    @pytest.mark.parametrize("service", SERVICES)
    @pytest.mark.parametrize("dates", DATES, ids=lambda dates: next(iter(dates), "now"))
    def test_count_exactly_the_rows_of_their_links(
        self, public: httpx.Client, office: httpx.Client, service: str, dates: dict[str, str]
    ) -> None:
        figures = public.get(f"/v1/{service}/figures", params=dates).json()["items"]
        opened = 0
        for figure in figures:
            if figure["value"] is None:
                assert figure["reason"], figure["name"]
                continue
            rows = all_rows(office, figure["rows"])
            expected = next(
                number
                for number in (figure["participations"], figure["counted"], figure["value"])
                if number is not None
            )
            # The link of a share leads to those that have it, a sum's also to those that state no value.
            silent = 0 if figure["unit"] == "percent" else figure["without_value"] or 0
            assert len(rows) == expected + silent, figure["name"]
            # A code is no demonstration itself: such a figure says whether it rests on demonstration rows alone.
            if figure["rows"].split("?")[0] not in OF_CODES:
                assert sum(row["demonstration"] for row in rows) == figure["demonstration"], figure["name"]
            opened += 1
        assert opened > 5


class TestOffice:
    def test_registers_an_entity_and_sees_the_figure_move(self, office: httpx.Client, stack: Running) -> None:
        def registered(**when: str) -> int:
            figure = office.get("/v1/registry/figures", params={"name": "registry.entities.registered", **when})
            return int(figure.json()["items"][0]["value"])

        before, yesterday = registered(), registered(as_of="2026-11-01")
        created = office.post(
            "/v1/entities",
            json={"names": [{"value": "Nowa Pracownia Łąkowa"}], "interest_group": "BIOF"},
            headers={"Idempotency-Key": "journey-1"},
        )
        assert created.status_code == 201, created.text
        path = f"/v1/entities/{created.json()['id']}"
        for step in ("apply", "register"):
            done = office.post(f"{path}/{step}", json={})
            assert done.status_code == 200, done.text
        assert done.json()["rbw_number"].startswith("RBW-")
        assert (registered(), registered(as_of="2026-11-01")) == (before + 1, yesterday)
        refreshed = office.post("/v1/indicators/refresh", json={})
        assert refreshed.status_code == 202
        stack.until(lambda: office.get(refreshed.headers["location"]).json()["state"] == "succeeded", 60)
        [measure] = [
            item
            for item in office.get("/v1/scorecard", params={"level": "B"}).json()["items"]
            if item["live"] == "registry.entities.registered"
        ]
        assert measure["latest"]["value"] == before + 1
        etag = office.get(path).headers["etag"]
        assert office.delete(path, headers={"If-Match": etag}).status_code == 204


class TestStranger:
    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("POST", "/v1/entities", 401),
            ("GET", "/v1/registry/changes", 401),
            ("GET", "/v1/keys", 401),
            ("GET", "/v1/nothing", 404),
            ("DELETE", "/v1/scorecard", 405),
        ],
    )
    def test_gets_a_problem_document(self, public: httpx.Client, method: str, path: str, status: int) -> None:
        answer = public.request(method, path, json={} if method == "POST" else None)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["request_id"] == answer.headers["x-request-id"]

    def test_cannot_bring_an_internal_token(self, public: httpx.Client) -> None:
        answer = public.get("/v1/entities", headers={"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."})
        assert answer.status_code == 401
