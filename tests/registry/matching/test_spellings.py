"""Other ways in which a name is written: those that people use, and none that would mean somebody else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klaster_registry.matching.reading import name_words
from klaster_registry.matching.spellings import spellings


def others(name: str) -> set[str]:
    return {" ".join(words) for words in spellings(name_words(name))}


class TestSpellings:
    @pytest.mark.parametrize(
        ("name", "other"),
        [
            ("Instytut Geofizyki PAN", "instytut geofizyki polska akademia nauk"),
            ("Instytut Geofizyki Polskiej Akademii Nauk", "instytut geofizyki pan"),
            ("Institute of Geophysics, Polish Academy of Sciences", "institute of geophysics pas"),
            ("Instytut Farmakologii im. Jerzego Maja Polskiej Akademii Nauk", "instytut farmakologii pan"),
            ("Politechnika Krakowska im. Tadeusza Kościuszki", "politechnika krakowska"),
            ("Akademia Muzyczna im. Krzysztofa Pendereckiego w Krakowie", "akademia muzyczna w krakowie"),
            ("Sieć Badawcza Łukasiewicz - Instytut Lotnictwa", "lukasiewicz instytut lotnictwa"),
        ],
    )
    def test_are_those_that_people_use(self, name: str, other: str) -> None:
        assert other in others(name)

    @pytest.mark.parametrize(
        "name",
        [
            "Polska Akademia Nauk",
            "PAN",
            "Uniwersytet Jagielloński",
            "Uniwersytet im. Adama Mickiewicza w Poznaniu",
            "Wojewódzki Szpital Specjalistyczny im. J. Gromkowskiego we Wrocławiu",
            "Szkoła Podstawowa im. Jana Matejki w Krakowie",
            "Fundacja im. Kazimierza Pułaskiego",
        ],
    )
    def test_are_none_where_they_might_mean_another(self, name: str) -> None:
        assert others(name) == set()

    @settings(max_examples=30)
    @given(
        st.lists(st.sampled_from(["pan", "im", "polska", "akademia", "nauk", "w", "instytut", "x", "pib"]), max_size=12)
    )
    def test_are_few_and_never_empty(self, words: list[str]) -> None:
        found = spellings(words)
        assert len(found) <= 6
        assert all(found)
        assert tuple(words) not in found
