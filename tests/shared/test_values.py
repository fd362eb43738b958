"""Small tools: exact decimals, Polish order, partial dates, languages."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, insert, select
from sqlalchemy import func as sql

from klaster_shared.database import Database
from klaster_shared.dates import day_start, earliest, latest, today_in
from klaster_shared.decimals import ExactDecimal, as_number, rounded
from klaster_shared.labels import label_text, preferred_language
from klaster_shared.text import fold, sort_key


class TestExactDecimal:
    async def test_sums_exactly_on_both_engines(self, database: Database) -> None:
        areas = Table("areas", MetaData(), Column("id", Integer, primary_key=True), Column("m2", ExactDecimal(2)))
        async with database.write() as session:
            await (await session.connection()).run_sync(areas.create)
            await session.execute(insert(areas), [{"id": n, "m2": Decimal("0.10")} for n in range(30)])
            assert (await session.execute(select(sql.sum(areas.c.m2)))).scalar_one() == Decimal("3.00")

    def test_refuses_what_it_would_have_to_round(self) -> None:
        with pytest.raises(ValueError, match="2 places"):
            ExactDecimal(2).process_bind_param(Decimal("0.125"), None)  # type: ignore[arg-type]

    def test_is_written_as_a_number(self) -> None:
        assert as_number(Decimal("12.20703125")) == 12.20703125
        assert repr(as_number(Decimal("55.00"))) == "55"
        assert rounded(Decimal("0.125"), 2) == Decimal("0.12")
        assert rounded(Decimal("1200"), 2) == Decimal("1200")


class TestText:
    def test_folds_polish_letters(self) -> None:
        assert fold("  ŁÓDŹ  Zażółć\u00a0gęślą jaźń ") == "lodz zazolc gesla jazn"

    @given(st.text())
    def test_folding_twice_changes_nothing(self, text: str) -> None:
        assert fold(fold(text)) == fold(text)

    def test_orders_as_the_polish_alphabet_does(self) -> None:
        names = ["Zakład", "Łódź", "Lublin", "Ława", "Lwów", "Mielec", "Żywiec", "Źródło", "Ćma", "Cyrk", "3M"]
        expected = ["3M", "Cyrk", "Ćma", "Lublin", "Lwów", "Ława", "Łódź", "Mielec", "Zakład", "Źródło", "Żywiec"]
        assert sorted(names, key=sort_key) == expected


class TestDates:
    def test_knows_what_a_partial_date_can_mean(self) -> None:
        assert (earliest("2024-02"), latest("2024-02")) == (date(2024, 2, 1), date(2024, 2, 29))
        assert (earliest("2024"), latest("2024")) == (date(2024, 1, 1), date(2024, 12, 31))

    @pytest.mark.parametrize("wrong", ["24", "2024-13", "2024-02-30", "2024-2-1", "x"])
    def test_refuses_what_is_no_date(self, wrong: str) -> None:
        with pytest.raises(ValueError, match=r"."):
            earliest(wrong)

    def test_ends_the_day_at_the_cluster_s_midnight(self) -> None:
        late = datetime(2022, 12, 31, 23, 30, tzinfo=UTC)
        assert today_in("Europe/Warsaw", late) == date(2023, 1, 1)
        assert day_start(date(2023, 7, 1), "Europe/Warsaw") == datetime(2023, 6, 30, 22, tzinfo=UTC)


class TestLabels:
    @pytest.mark.parametrize(
        ("header", "language"),
        [
            ("pl", "pl"),
            ("de, pl;q=0.5", "pl"),
            ("pl;q=0.1, en-GB;q=0.9", "en"),
            ("de", "en"),
            (None, "en"),
            (";q=x", "en"),
        ],
    )
    def test_follow_the_reader(self, header: str | None, language: str) -> None:
        assert preferred_language(header) == language

    def test_come_in_both_languages_when_asked_for(self) -> None:
        assert label_text("a", "b", "all") == {"pl": "a", "en": "b"}
