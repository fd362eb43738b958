"""Pages are stable under inserts, and every list is read whole, in any order."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Date, Integer, MetaData, Table, Text, column, create_engine, insert, select
from sqlalchemy.types import TypeEngine
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from klaster_shared.decimals import ExactDecimal
from klaster_shared.errors import Invalid
from klaster_shared.pagination import Order, after, decode_cursor, encode_cursor, parse_sort
from tests.examples import examples

ROWS = Table("rows", MetaData(), Column("id", Integer, primary_key=True), Column("name", Text), Column("day", Date))
ORDERS = [
    [Order("name", ROWS.c.name), Order("id", ROWS.c.id)],
    [Order("day", ROWS.c.day, descending=True), Order("id", ROWS.c.id, descending=True)],
    [Order("name", ROWS.c.name), Order("day", ROWS.c.day, descending=True), Order("id", ROWS.c.id)],
]


class TestAfter:
    @given(
        rows=st.lists(st.tuples(st.sampled_from("abcł"), st.dates()), max_size=25),
        limit=st.integers(1, 7),
        order=st.sampled_from(ORDERS),
    )
    @settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow])
    def test_reads_every_row_once_in_any_order(self, rows, limit, order) -> None:  # type: ignore[no-untyped-def]
        engine = create_engine("sqlite://")
        ROWS.create(engine)
        with engine.begin() as connection:
            for number, (name, day) in enumerate(rows):
                connection.execute(insert(ROWS).values(id=number, name=name, day=day))
            whole = connection.execute(after(select(ROWS), order, None)).all()
            pages, cursor = [], None
            while True:
                page = connection.execute(after(select(ROWS), order, cursor).limit(limit)).all()
                if not page:
                    break
                pages += page
                cursor = encode_cursor(order, [getattr(page[-1], part.name) for part in order])
        engine.dispose()
        assert pages == whole

    @pytest.mark.parametrize(
        "cursor", ["x", "", "eyJhIjoxfQ", urlsafe_b64encode(json.dumps([["id"], []]).encode()).decode()]
    )
    def test_refuses_a_cursor_that_is_none_of_ours(self, cursor: str) -> None:
        with pytest.raises(Invalid):
            decode_cursor(ORDERS[0], cursor)

    @pytest.mark.parametrize(
        "values", [[1, 2], ["a", "b"], [None, 1], ["a", True], ["a\0", 1], ["a", 2**40], [["a"], 1]]
    )
    def test_refuses_values_that_its_columns_cannot_hold(self, values: list[object]) -> None:
        forged = urlsafe_b64encode(json.dumps([["name", "id"], values]).encode()).decode()
        with pytest.raises(Invalid):
            decode_cursor(ORDERS[0], forged)

    @pytest.mark.parametrize(
        ("stored", "value"),
        [
            (UTCDateTime(), {"datetime": "2026-01-01T00:00:00"}),
            (UTCDateTime(), {"datetime": "0001-01-01T00:00:00+14:00"}),
            (UTCDateTime(), {"date": "2026-01-01"}),
            (UTCDateTime(), 1.5),
            (ExactDecimal(2), {"decimal": "NaN"}),
            (ExactDecimal(2), {"decimal": "0.001"}),
            (ExactDecimal(2), {"decimal": "1e999999"}),
            (ExactDecimal(2), 1),
            (AutoString(), 1),
            (AutoString(), "a\0"),
        ],
    )
    def test_refuses_what_a_type_of_ours_does_not_take(self, stored: TypeEngine[Any], value: object) -> None:
        forged = urlsafe_b64encode(json.dumps([["it"], [value]]).encode()).decode()
        with pytest.raises(Invalid):
            decode_cursor([Order("it", column("it", stored))], forged)

    @pytest.mark.parametrize(
        ("stored", "value"),
        [
            (UTCDateTime(), datetime(2026, 1, 1, tzinfo=UTC)),
            (ExactDecimal(2), Decimal("0.01")),
            (AutoString(), "a"),
        ],
    )
    def test_takes_what_they_hold(self, stored: TypeEngine[Any], value: object) -> None:
        order = [Order("it", column("it", stored))]
        assert decode_cursor(order, encode_cursor(order, [value])) == [value]

    def test_refuses_a_cursor_of_another_order(self) -> None:
        with pytest.raises(Invalid):
            decode_cursor(ORDERS[1], encode_cursor(ORDERS[0], ["a", 1]))


class TestParseSort:
    def test_names_what_a_list_sorts_by(self) -> None:
        with pytest.raises(Invalid) as refused:
            parse_sort("colour", columns={"name": ROWS.c.name}, default="name", unique=Order("id", ROWS.c.id))
        assert "name" in refused.value.errors[0]["detail"]


class TestPages:
    async def test_lead_from_one_to_the_next(self, office: httpx.AsyncClient) -> None:
        for name in "abcde":
            await office.post("/v1/notes", json={"text": name})
        first = await office.get("/v1/notes", params={"limit": 2})
        await office.post("/v1/notes", json={"text": "aa"})
        found = [item["text"] for item in first.json()["items"]]
        link = first.links["next"]["url"]
        while link:
            page = await office.get(link)
            found += [item["text"] for item in page.json()["items"]]
            link = page.links.get("next", {}).get("url")
        assert found == list("abcde")

    async def test_are_conditional(self, office: httpx.AsyncClient) -> None:
        first = await office.get("/v1/notes")
        again = await office.get("/v1/notes", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        await office.post("/v1/notes", json={"text": "a"})
        changed = await office.get("/v1/notes", headers={"If-None-Match": first.headers["etag"]})
        assert changed.status_code == 200

    @pytest.mark.parametrize("target", ["/v1/notes?q=%00", "/v1/notes?cursor=a%00b"])
    async def test_take_no_nul_characters(self, office: httpx.AsyncClient, target: str) -> None:
        answer = await office.get(target)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")

    @pytest.mark.parametrize("limit", ["0", "501", "x"])
    async def test_are_bounded(self, office: httpx.AsyncClient, limit: str) -> None:
        answer = await office.get("/v1/notes", params={"limit": limit})
        assert answer.json()["errors"][0]["pointer"] == "query/limit"
