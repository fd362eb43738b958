"""Figures are data: dates mean the same for all, and the rows link follows from the definition."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from klaster_shared.errors import Invalid
from klaster_shared.figures import (
    Counted,
    FigureDefinition,
    Span,
    check_dates,
    chosen,
    compute_figure,
    load_definitions,
    span_of,
)
from klaster_shared.labels import Label

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def definition(time_form: str, **more: object) -> FigureDefinition:
    given = {
        "name": f"notes.{time_form}",
        "definition": Label(pl="notatki", en="notes"),
        "unit": "note",
        "time_form": time_form,
        "collection": "/v1/notes",
        "filter": {"state": ["open", "done"]},
        **more,
    }
    return FigureDefinition.model_validate(given)


class TestSpanOf:
    @pytest.mark.parametrize(
        ("time_form", "dates", "span"),
        [
            ("point", (None, None, None), Span(TODAY, TODAY)),
            ("point", (date(2022, 6, 1), None, None), Span(date(2022, 6, 1), date(2022, 6, 1))),
            ("point", (None, date(2021, 1, 1), date(2021, 12, 31)), Span(date(2021, 12, 31), date(2021, 12, 31))),
            ("period", (None, None, None), Span(date(2025, 1, 1), date(2025, 12, 31))),
            ("period", (date(2022, 6, 1), None, None), Span(date(2022, 1, 1), date(2022, 12, 31))),
            ("period", (None, date(2022, 9, 1), date(2023, 8, 31)), Span(date(2022, 9, 1), date(2023, 8, 31))),
            ("window_3y", (None, None, None), Span(date(2023, 1, 1), date(2025, 12, 31))),
            ("window_3y", (date(2022, 6, 1), None, None), Span(date(2020, 1, 1), date(2022, 12, 31))),
        ],
    )
    def test_reads_the_dates_of_a_request(
        self, time_form: str, dates: tuple[date | None, date | None, date | None], span: Span
    ) -> None:
        as_of, from_, to = dates
        assert span_of(definition(time_form), as_of=as_of, from_=from_, to=to, today=TODAY) == span

    @pytest.mark.parametrize(
        "dates",
        [
            (date(2022, 1, 1), date(2022, 1, 1), date(2022, 2, 1)),
            (None, date(2022, 1, 1), None),
            (None, date(2022, 2, 1), date(2022, 1, 1)),
        ],
    )
    def test_refuses_dates_that_contradict_each_other(
        self, dates: tuple[date | None, date | None, date | None]
    ) -> None:
        with pytest.raises(Invalid):
            check_dates(*dates)


class TestComputeFigure:
    async def test_counts_under_the_very_parameters_of_its_rows_link(self) -> None:
        asked: list[dict[str, list[str]]] = []

        async def count(_definition: FigureDefinition, parameters: dict[str, list[str]]) -> Counted:
            asked.append(parameters)
            return Counted(Decimal(7), demonstration=2)

        span = Span(date(2025, 1, 1), date(2025, 12, 31))
        figure = await compute_figure(definition("period"), span, count=count, today=TODAY, now=NOW)
        assert figure.rows is not None
        link = urlsplit(figure.rows)
        assert link.path == "/v1/notes"
        assert parse_qs(link.query) == asked[0]
        assert asked[0]["state"] == ["open", "done"]
        assert (figure.value, figure.demonstration, figure.complete) == (7, 2, True)

    async def test_knows_a_period_that_is_still_running(self) -> None:
        async def count(_definition: FigureDefinition, _parameters: dict[str, list[str]]) -> Counted:
            return Counted(Decimal(0))

        span = Span(date(2026, 1, 1), date(2026, 12, 31))
        figure = await compute_figure(definition("period"), span, count=count, today=TODAY, now=NOW)
        assert (figure.complete, figure.value) == (False, 0)

    async def test_says_why_there_is_nothing_to_count(self) -> None:
        async def count(_definition: FigureDefinition, _parameters: dict[str, list[str]]) -> Counted:
            raise AssertionError("nothing is counted")

        empty = definition("point", collection=None, filter={}, unavailable=Label(pl="brak", en="not kept yet"))
        figure = await compute_figure(empty, Span(TODAY, TODAY), count=count, today=TODAY, now=NOW, language="pl")
        assert (figure.value, figure.reason, figure.rows) == (None, "brak", None)


class TestDefinitions:
    def test_are_asked_for_by_name(self) -> None:
        known = {"notes.point": definition("point"), "notes.period": definition("period")}
        assert [one.name for one in chosen(known, ["notes.period", "notes.period"])] == ["notes.period"]
        assert len(chosen(known, [])) == 2
        with pytest.raises(Invalid):
            chosen(known, ["notes.colour"])

    def test_are_refused_when_a_name_stands_twice(self, tmp_path: Path) -> None:
        line = "- {name: a, definition: {pl: a, en: a}, unit: note, time_form: point}\n"
        (tmp_path / "figures.yaml").write_text(line * 2)
        with pytest.raises(ValueError, match="twice"):
            load_definitions(tmp_path / "figures.yaml")
