"""Strings are read as people meant them: words, segments, places, identifiers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klaster_registry.matching.reading import MAX_WORDS, name_words, read
from klaster_shared.stems import stem


def roles(text: str) -> dict[str, str]:
    return {word.text: word.role for word in read(text).words}


class TestStems:
    @pytest.mark.parametrize(
        "forms",
        [
            ("uniwersytet", "uniwersytetu", "uniwersytetem"),
            ("jagiellonski", "jagiellonskiego", "jagiellonskim"),
            ("politechnika", "politechniki", "politechnice"),
            ("akademia", "akademii"),
            ("slaska", "slaskiej"),
            ("krakow", "krakowa", "krakowie"),
            ("lodz", "lodzi"),
            ("fundacja", "fundacji"),
        ],
    )
    def test_are_one_for_all_cases_of_a_word(self, forms: tuple[str, ...]) -> None:
        assert len({stem(form) for form in forms}) == 1

    def test_keep_short_words_and_numbers(self) -> None:
        assert [stem(word) for word in ("agh", "uj", "4tu", "2024")] == ["agh", "uj", "4tu", "2024"]


class TestReading:
    def test_splits_where_affiliations_do(self) -> None:
        words = read("Katedra Chemii, Uniwersytet Łódzki; ul. Długa 5 | Polska").words
        assert [(word.text, word.segment) for word in words if word.role not in {"address", "number"}] == [
            ("katedra", 0), ("chemii", 0), ("uniwersytet", 1), ("lodzki", 1), ("polska", 3)
        ]  # fmt: skip

    @pytest.mark.parametrize("text", ["UJ, Gronostajowa 7", "UJ; ul. Długa 5a", "UJ, al. Jana Pawła II 37"])
    def test_knows_a_street_by_its_number(self, text: str) -> None:
        assert {word.role for word in read(text).words if word.segment} <= {"address", "number"}

    def test_takes_no_numbered_name_for_a_street(self) -> None:
        assert roles("Uniwersytet Medyczny, Szpital Kliniczny nr 2")["kliniczny"] == ""
        assert roles("4. Wojskowy Szpital Kliniczny")["wojskowy"] == ""

    def test_counts_groups_where_two_may_be_named(self) -> None:
        reading = read("Instytut Fizyki i Politechnika Śląska; Uniwersytet Łódzki")
        assert {word.text: word.group for word in reading.words} == {
            "instytut": 0, "fizyki": 0, "i": 0, "politechnika": 1, "slaska": 1, "uniwersytet": 2, "lodzki": 2
        }  # fmt: skip
        assert reading.joined == {1}

    def test_knows_what_words_are(self) -> None:
        found = roles("Zakład Badań i Szpital, ul. Prosta 7, Republic of Korea, Żyzna Łąka Sp. z o.o.")
        assert (found["zaklad"], found["szpital"], found["i"], found["7"], found["ul"]) == (
            "part", "kind", "stop", "number", "address"
        )  # fmt: skip
        assert [found[word] for word in ("sp", "z", "o")] == ["legal"] * 3
        assert found["zyzna"] == found["laka"] == ""

    @pytest.mark.parametrize(
        ("text", "code"), [("Kraków, Polska", "PL"), ("Boston, USA", "US"), ("Seoul, South Korea", "KR")]
    )
    def test_knows_countries(self, text: str, code: str) -> None:
        assert read(text).countries == {code}

    def test_reads_no_more_than_an_affiliation_may_hold(self) -> None:
        assert len(read("a " * 5_000).words) == MAX_WORDS

    @pytest.mark.parametrize("name", ["Sp. z o.o.", "S.A.", "GmbH"])
    def test_leaves_a_name_that_is_a_legal_form_alone(self, name: str) -> None:
        assert name_words(name)


class TestIdentifiers:
    @pytest.mark.parametrize(
        ("text", "claim"),
        [
            ("NIP: 676-246-43-04", ("nip", "6762464304", "valid")),
            ("nip 6762464305", ("nip", "6762464305", "invalid")),
            ("VAT UE PL6762464304", ("nip", "6762464304", "valid")),
            ("KRS 0000458418", ("krs", "0000458418", "valid")),
            ("REGON: 122838510", ("regon", "122838510", "valid")),
            ("https://ror.org/03bqmcz70", ("ror", "03bqmcz70", "valid")),
            ("03bqmcz70", ("ror", "03bqmcz70", "valid")),
            ("https://www.wikidata.org/wiki/Q189441", ("wikidata", "Q189441", "valid")),
            ("0000 0001 2162 9631", ("isni", "0000000121629631", "valid")),
            ("UJ (Wikidata: Q189441)", ("wikidata", "Q189441", "valid")),
            ("UJ, grid.5522.0, Kraków", ("grid", "grid.5522.0", "unchecked")),
            ("https://doi.org/10.13039/501100004281", ("fundref", "501100004281", "unchecked")),
            ("676-246-43-04", ("nip", "6762464304", "valid")),
            ("6762464304", ("nip", "6762464304", "valid")),
        ],
    )
    def test_are_found_with_their_verdict(self, text: str, claim: tuple[str, str, str]) -> None:
        assert claim in [(one.scheme, one.value, one.verdict) for one in read(text).claims]

    @pytest.mark.parametrize("text", ["tel. 12 664 00 00", "30-059 Kraków", "room 03", "2024-11-26", "Q1 report"])
    def test_are_not_seen_in_other_numbers(self, text: str) -> None:
        assert read(text).claims == []

    def test_are_no_words_of_a_name(self) -> None:
        assert [word.text for word in read("Bajka, NIP 676-246-43-04, Łódź").words] == ["bajka", "lodz"]

    @settings(max_examples=50)
    @given(st.text(max_size=400))
    def test_never_fail_to_be_looked_for(self, text: str) -> None:
        reading = read(text)
        assert reading.segments() <= max(1, len(reading.words))
