"""Messy strings and rows find the entity that they mean, or none; on both engines."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st

from klaster_shared.testing.servers import calling
from tests.examples import examples
from tests.registry.conftest import Add, Served
from tests.registry.shelves import ENGINES, Known, Shelf, filled, put

PATH = "/v1/registry/match"
JAGIELLONIAN: dict[str, Any] = {
    "names": [
        {"value": "Uniwersytet Jagielloński", "lang": "pl"},
        {"value": "Jagiellonian University", "lang": "en", "role": "alias"},
        {"value": "Akademia Krakowska", "lang": "pl", "role": "former"},
        {"value": "UJ", "role": "acronym"},
    ],
    "seat": {"city": "Kraków", "country": "PL", "subdivision": "PL-12"},
    "identifiers": [{"scheme": "nip", "value": "6750002236"}, {"scheme": "ror", "value": "03bqmcz70"}],
}
MINING: dict[str, Any] = {
    "names": [
        {"value": "Akademia Górniczo-Hutnicza im. Stanisława Staszica w Krakowie", "lang": "pl"},
        {"value": "AGH University of Krakow", "lang": "en", "role": "alias"},
        {"value": "AGH", "role": "acronym"},
    ],
    "seat": {"city": "Kraków", "country": "PL"},
}
TECHNICAL: dict[str, Any] = {
    "names": [
        {"value": "Politechnika Krakowska im. Tadeusza Kościuszki", "lang": "pl"},
        {"value": "PK", "role": "acronym"},
    ],
    "seat": {"city": "Kraków", "country": "PL"},
}
PHARMACOLOGY = "Instytut Farmakologii im. Jerzego Maja Polskiej Akademii Nauk"
# A registry of a few names makes every word rare: these make the common ones common.
OTHERS = [
    ("Uniwersytet Warszawski", "Warszawa"),
    ("Uniwersytet Łódzki", "Łódź"),
    ("Uniwersytet Medyczny w Lublinie", "Lublin"),
    ("Szpital Miejski", "Tarnów"),
    ("Instytut Ogrodnictwa", "Skierniewice"),
    ("Żyzna Łąka sp. z o.o.", "Łódź"),
    ("Politechnika Śląska", "Gliwice"),
    (PHARMACOLOGY, "Kraków"),
    ("Polska Akademia Nauk", "Warszawa"),
    ("Sieć Badawcza Łukasiewicz - Instytut Lotnictwa", "Warszawa"),
    ("Sieć Badawcza Łukasiewicz", "Warszawa"),
    ("Wojewódzki Szpital Specjalistyczny im. J. Gromkowskiego we Wrocławiu", "Wrocław"),
    ("Główny Urząd Statystyczny", "Warszawa"),
]


async def fill(admin: httpx.AsyncClient) -> Known:
    found = {
        key: await put(admin, "", **body) for key, body in (("uj", JAGIELLONIAN), ("agh", MINING), ("pk", TECHNICAL))
    }
    for name, city in OTHERS:
        found[name] = await put(admin, name, seat={"city": city, "country": "PL"})
    found["here"] = await put(admin, "Muzeum Przyrodnicze", seat={"city": "Kraków", "country": "PL"})
    await put(admin, "Muzeum Przyrodnicze", seat={"city": "Jelenia Góra", "country": "PL"})
    found["nip"] = await put(admin, "Inna", identifiers=[{"scheme": "nip", "value": "1234563218"}])
    registered = await put(admin, "Bajka")
    for step in ("apply", "register"):
        answer = await admin.post(f"/v1/entities/{registered['id']}/{step}", json={"on": "2020-01-01"})
    found["registered"] = answer.json()
    return found


@pytest.fixture(scope="module", params=ENGINES)
async def filled_shelf(request: pytest.FixtureRequest, served: Served) -> AsyncIterator[Shelf]:
    async with filled(request, served, fill) as shelf:
        yield shelf


@pytest.fixture
def shelf(filled_shelf: Shelf) -> Shelf:
    """A handful of organisations; tests only read them."""
    return filled_shelf.opened()


@pytest.fixture
def known(shelf: Shelf) -> dict[str, str]:
    """Their ids, by a short name."""
    return shelf.ids


@pytest.fixture
def reader(shelf: Shelf) -> httpx.AsyncClient:
    """A caller without a key."""
    return shelf.anybody


async def ask(client: httpx.AsyncClient, *queries: Any, limit: int = 5) -> list[dict[str, Any]]:
    answer = await client.post(PATH, json={"queries": list(queries), "limit": limit})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def matched(item: dict[str, Any]) -> str | None:
    found = [one["id"] for one in item["candidates"] if one["match"]]
    assert len(found) <= 1
    assert (item["outcome"] == "match") == bool(found)
    return found[0] if found else None


class TestNames:
    @pytest.mark.parametrize(
        "text",
        [
            "Uniwersytet Jagielloński",
            "uniwersytet jagiellonski",
            "  UNIWERSYTET   JAGIELLOŃSKI. ",
            "Jagiellonian University",
            "Akademia Krakowska",
            "Uniwersytet Jagieloński",
            "Wydział Lekarski Uniwersytetu Jagiellońskiego",
            "Katedra Biochemii, Uniwersytet Jagielloński, ul. Gołębia 24, 31-007 Kraków, Polska",
            "Department of Chemistry, Jagiellonian University, Gronostajowa 2, 30-387 Krakow, Poland",
            "UJ, Kraków",
            "Jagiellonian Univ, Fac Chem, PL-30387 Krakow, Poland",
            "Uniwersytet Jagielloński Wydz. Lekarski",
            "Instytut Zoologii, Uniwersytet Jagielloński",
            "Uniwersytet Jagielloński, Instytut Fizyki, Reymonta 4, 30-059 Kraków",
            "Instytut Zoologii - Uniwersytet Jagielloński",
        ],
    )
    async def test_are_found_however_they_are_written(
        self, reader: httpx.AsyncClient, known: dict[str, str], text: str
    ) -> None:
        [item] = await ask(reader, text)
        assert matched(item) == known["uj"], item

    @pytest.mark.parametrize(
        "text", ["Żyzna Łąka", "ZYZNA LAKA SP. Z O.O.", "Żyzna Łąka Spółka z ograniczoną odpowiedzialnością"]
    )
    async def test_are_compared_without_their_legal_form(
        self, reader: httpx.AsyncClient, known: dict[str, str], text: str
    ) -> None:
        [item] = await ask(reader, text)
        assert matched(item) == known["Żyzna Łąka sp. z o.o."], item

    @pytest.mark.parametrize(
        "text",
        [
            "Jagiellonian University Hospital",
            "Szpital Uniwersytetu Jagiellońskiego",
            "Szpital Uniwersytecki w Krakowie",
            "Uniwersytet Przyrodniczy w Lublinie",
            "Uniwersytet",
            "Kraków",
            "Jan Kowalski",
            "12345",
            "...",
        ],
    )
    async def test_of_somebody_else_match_nobody(
        self, reader: httpx.AsyncClient, known: dict[str, str], text: str
    ) -> None:
        [item] = await ask(reader, text)
        assert matched(item) is None, item

    async def test_of_another_kind_say_so(self, reader: httpx.AsyncClient, known: dict[str, str]) -> None:
        [item] = await ask(reader, "Szpital Żyzna Łąka")
        assert (item["outcome"], item["candidates"][0]["id"]) == ("other_kind", known["Żyzna Łąka sp. z o.o."])

    async def test_two_in_one_string_are_both_candidates_and_no_match(
        self, reader: httpx.AsyncClient, known: dict[str, str]
    ) -> None:
        [item] = await ask(reader, "Uniwersytet Jagielloński; Politechnika Śląska")
        assert (item["outcome"], matched(item)) == ("several", None)
        assert {one["id"] for one in item["candidates"][:2]} == {known["uj"], known["Politechnika Śląska"]}
        assert item["candidates"][0]["text"] in {"uniwersytet jagiellonski", "politechnika slaska"}

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            (
                "Instytutu Farmakologii im. Jerzego Maja PAN",
                PHARMACOLOGY,
            ),
            ("Instytut Farmakologii im. J. Maja PAN", PHARMACOLOGY),
            (
                "Instytut Farmakologii PAN, ul. Smętna 12",
                PHARMACOLOGY,
            ),
            ("Politechniki Krakowskiej, Wydz. Mechaniczny", "pk"),
            ("Akademia Górniczo-Hutnicza w Krakowie", "agh"),
            ("Polska Akademia Nauk", "Polska Akademia Nauk"),
            ("Łukasiewicz - Instytut Lotnictwa", "Sieć Badawcza Łukasiewicz - Instytut Lotnictwa"),
            (
                "SPZOZ Wojewódzki Szpital Specjalistyczny im. J. Gromkowskiego we Wrocławiu",
                "Wojewódzki Szpital Specjalistyczny im. J. Gromkowskiego we Wrocławiu",
            ),
        ],
    )
    async def test_are_found_as_people_shorten_them(
        self, reader: httpx.AsyncClient, known: dict[str, str], text: str, name: str
    ) -> None:
        [item] = await ask(reader, text)
        assert matched(item) == known[name], item

    @pytest.mark.parametrize(
        "text",
        [
            "Sieć Badawcza Łukasiewicz - Krakowski Instytut Technologiczny",
            "Polska Akademia Nauk, Instytut Botaniki, Kraków",
            "Instytut Botaniki PAN",
            "Główny Urząd Statystyczny, Urząd Statystyczny w Krakowie",
            "Uniwersytet Jagielloński - Collegium Medicum",
            "Wojewódzki Szpital Specjalistyczny we Wrocławiu",
            "Klub Uczelniany AZS Politechniki Krakowskiej",
            "Uniwersytet Jagielloński Trzeciego Wieku",
        ],
    )
    async def test_that_begin_like_one_mean_somebody_else(
        self, reader: httpx.AsyncClient, known: dict[str, str], text: str
    ) -> None:
        [item] = await ask(reader, text)
        assert matched(item) is None, item

    @pytest.mark.parametrize(
        "text",
        [
            "Uniwersytet Jagielloński i Politechnika Krakowska",
            "AGH i Politechnika Krakowska",
            "AGH; Politechnika Krakowska",
            "AGH, Politechnika Krakowska",
            "Uniwersytet Jagielloński / Politechnika Krakowska",
        ],
    )
    async def test_two_however_they_are_joined_are_no_match(
        self, reader: httpx.AsyncClient, known: dict[str, str], text: str
    ) -> None:
        [item] = await ask(reader, text)
        assert item["outcome"] == "several", item

    async def test_that_two_bear_match_where_the_town_tells_them_apart(
        self, reader: httpx.AsyncClient, known: dict[str, str]
    ) -> None:
        alone, row, text = await ask(
            reader,
            "Muzeum Przyrodnicze",
            {"name": "Muzeum Przyrodnicze", "city": "Krakow"},
            "Muzeum Przyrodnicze, Kraków",
        )
        assert (alone["outcome"], matched(alone)) == ("ambiguous", None)
        assert matched(row) == known["here"]
        assert matched(text) == known["here"]

    async def test_know_another_country_when_they_see_it(
        self, reader: httpx.AsyncClient, known: dict[str, str]
    ) -> None:
        [item] = await ask(reader, {"name": "Uniwersytet Łódzki", "country": "FR", "city": "Paris"})
        assert matched(item) is None


class TestIdentifiers:
    @pytest.mark.parametrize(
        "query",
        [
            "Ktoś zupełnie inny, NIP 675-000-22-36",
            "VAT: PL6750002236",
            "see https://ror.org/03bqmcz70",
            {"name": "", "identifiers": [{"scheme": "nip", "value": "675 000 22 36"}]},
            {"name": "cokolwiek", "identifiers": [{"scheme": "ror", "value": "https://ror.org/03bqmcz70"}]},
        ],
    )
    async def test_go_before_names(self, reader: httpx.AsyncClient, known: dict[str, str], query: Any) -> None:
        [item] = await ask(reader, query)
        assert matched(item) == known["uj"]
        assert item["candidates"][0]["score"] == 1
        assert item["candidates"][0]["features"]["identifier"] == 1
        assert item["identifiers"][0]["verdict"] == "valid"

    async def test_of_our_own_count_as_well(self, reader: httpx.AsyncClient, shelf: Shelf) -> None:
        entity = shelf.known["registered"]
        by_number, by_id = await ask(reader, f"faktura {entity['rbw_number']}", entity["id"])
        assert matched(by_number) == matched(by_id) == entity["id"]

    async def test_that_cannot_be_right_are_reported_and_lead_nowhere(
        self, reader: httpx.AsyncClient, known: dict[str, str]
    ) -> None:
        [item] = await ask(reader, "Ktoś, NIP 675-000-22-37")
        assert matched(item) is None
        assert item["identifiers"] == [
            {"scheme": "nip", "value": "675-000-22-37", "verdict": "invalid", "reason": "checksum"}
        ]

    @pytest.mark.parametrize(
        "query", [{"identifiers": [{"scheme": "nip", "value": "5260250995"}]}, "NIP 526-025-09-95"]
    )
    async def test_of_nobody_say_so(self, reader: httpx.AsyncClient, known: dict[str, str], query: Any) -> None:
        [item] = await ask(reader, query)
        assert (item["outcome"], item["candidates"]) == ("unknown", [])

    async def test_of_two_contradict_each_other(self, reader: httpx.AsyncClient, known: dict[str, str]) -> None:
        [item] = await ask(reader, "NIP 6750002236, NIP 1234563218")
        assert (item["outcome"], matched(item)) == ("conflicting_identifiers", None)
        assert {one["id"] for one in item["candidates"][:2]} == {known["uj"], known["nip"]}


@pytest.fixture
async def uj(add: Add) -> str:
    """The id of a university, in a registry of the test's own."""
    return str((await add("", **JAGIELLONIAN))["id"])


class TestIndex:
    async def test_follows_what_is_written(self, api: httpx.AsyncClient, add: Add, uj: str) -> None:
        [before] = await ask(api, "Wydawnictwo Sowa")
        assert matched(before) is None
        owl = await add("Wydawnictwo Sowa")
        [added] = await ask(api, "Wydawnictwo Sowa")
        assert matched(added) == owl["id"]
        await api.patch(
            f"/v1/entities/{owl['id']}", json={"names": [{"value": "Oficyna Puchacz"}]}, headers={"If-Match": "*"}
        )
        renamed, old = await ask(api, "Oficyna Puchacz", "Wydawnictwo Sowa")
        assert (matched(renamed), matched(old)) == (owl["id"], None)
        await api.delete(f"/v1/entities/{owl['id']}", headers={"If-Match": "*"})
        [gone] = await ask(api, "Oficyna Puchacz")
        assert matched(gone) is None
        assert owl["id"] not in {one["id"] for one in gone["candidates"]}

    async def test_leads_from_who_was_merged_to_the_survivor(self, api: httpx.AsyncClient, add: Add, uj: str) -> None:
        twin = await add("Almae Matris Cracoviensis", identifiers=[{"scheme": "nip", "value": "1234563218"}])
        await ask(api, "x")
        await api.post(f"/v1/entities/{twin['id']}/merge", json={"into": uj})
        by_name, by_nip, by_id = await ask(api, "Almae Matris Cracoviensis", "NIP 1234563218", twin["id"])
        assert [matched(one) for one in (by_name, by_nip, by_id)] == [uj] * 3

    async def test_forgets_nothing_that_a_rolled_back_write_touched(
        self, app: FastAPI, api: httpx.AsyncClient, uj: str
    ) -> None:
        await ask(api, "x")
        refused = await api.patch(f"/v1/entities/{uj}", json={"names": []}, headers={"If-Match": "*"})
        assert refused.status_code == 422
        [item] = await ask(api, "Uniwersytet Jagielloński")
        assert matched(item) == uj

    async def test_of_an_empty_registry_finds_nothing(self, empty: httpx.AsyncClient) -> None:
        [item] = await ask(empty, "Uniwersytet Jagielloński")
        assert item == {"outcome": "nothing", "identifiers": [], "candidates": []}


class TestBatches:
    async def test_answer_each_as_if_it_were_asked_alone(
        self, reader: httpx.AsyncClient, known: dict[str, str]
    ) -> None:
        asked = [
            "Uniwersytet Jagielloński",
            "AGH, Kraków",
            "nobody",
            {"name": "Politechnika Śląska", "city": "Gliwice"},
        ]
        together = await ask(reader, *asked)
        backwards = await ask(reader, *reversed(asked))
        alone = [(await ask(reader, one))[0] for one in asked]
        assert together == alone == backwards[::-1]

    async def test_say_what_they_cost(self, reader: httpx.AsyncClient, known: dict[str, str]) -> None:
        answer = await reader.post(PATH, json={"queries": ["a", "b", "c"]})
        assert answer.json()["cost"] == 3

    async def test_hold_a_hundred_without_a_key_and_five_hundred_with_one(
        self, reader: httpx.AsyncClient, shelf: Shelf
    ) -> None:
        refused = await reader.post(PATH, json={"queries": ["x"] * 101})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/queries")
        async with calling(str(reader.base_url), shelf.served.app, "integrator") as integrator:
            assert len(await ask(integrator, *["x"] * 500)) == 500
            over = await integrator.post(PATH, json={"queries": ["x"] * 501})
            assert (over.status_code, over.json()["errors"][0]["pointer"]) == (422, "/queries")

    async def test_need_a_handful_of_statements(self, reader: httpx.AsyncClient, shelf: Shelf) -> None:
        await ask(reader, "x")
        asked = 0
        database = shelf.database
        read = database.read

        def counted() -> Any:
            nonlocal asked
            asked += 1
            return read()

        database.read = counted
        try:
            await ask(reader, *["Uniwersytet Jagielloński, NIP 6750002236"] * 100)
        finally:
            del database.read
        assert asked <= 3

    @pytest.mark.parametrize(
        ("query", "pointer"),
        [
            ("x" * 2_001, "/queries/1/name"),
            ("", "/queries/1/name"),
            ("   ", "/queries/1/name"),
            ({}, "/queries/1/name"),
            ({"name": "x", "town": "y"}, "/queries/1/town"),
            ({"name": "x", "country": "XX"}, "/queries/1/country"),
            ({"name": "x", "identifiers": [{"scheme": "NIP!", "value": "1"}]}, "/queries/1/identifiers/0/scheme"),
            (5, "/queries/1"),
        ],
    )
    async def test_point_to_what_is_wrong(self, reader: httpx.AsyncClient, query: Any, pointer: str) -> None:
        answer = await reader.post(PATH, json={"queries": ["fine", query]})
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


class TestHostileInput:
    @pytest.mark.parametrize(
        "text",
        ["\x00", "\x01\x02 Kraków", "a\u202eb", "(" * 2_000, ", " * 1_000, "NIP " * 500, "0 " * 1_000,
         "\U0001f600" * 900,
         "%_'\";--", "sa " * 600, "Uniwersytet " * 160, "{{7*7}}", "\n\t\r" * 600],
    )  # fmt: skip
    async def test_is_answered_like_any_other(
        self, reader: httpx.AsyncClient, known: dict[str, str], text: str
    ) -> None:
        answer = await reader.post(PATH, json={"queries": [text]})
        assert answer.status_code in {200, 422}, answer.text

    async def test_of_great_depth_is_refused(self, reader: httpx.AsyncClient) -> None:
        body = '{"queries": ' + "[" * 5_000 + "]" * 5_000 + "}"
        answer = await reader.post(PATH, content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in {400, 422}


# Halves of names and what stands between them: random letters alone would find nobody.
PIECES = st.sampled_from(
    ["Uniwersytet", "Jagielloński", "Akademii", "Nauk", "PAN", "im.", "J.", "Instytut", "Wydział", "Szpital", "Kraków",
     "PL", "i", ";", ", ", " - ", "(", "ul.", "5", "SP ZOZ", "Polska", "Univ", "Łukasiewicz", "6750002236",
     "sp. z o.o."]
)  # fmt: skip


class TestWhateverIsAsked:
    @settings(max_examples=examples(40))
    @given(
        texts=st.lists(
            st.one_of(st.text(min_size=1, max_size=80), st.lists(PIECES, min_size=1, max_size=12).map(" ".join)).filter(
                lambda text: text.strip()
            ),
            min_size=1,
            max_size=5,
        )
    )
    async def test_scores_lie_between_0_and_1_and_one_is_a_match_at_most(
        self, filled_shelf: Shelf, texts: list[str]
    ) -> None:
        for item in await ask(filled_shelf.opened().anybody, *texts):
            scores = [one["score"] for one in item["candidates"]]
            assert all(0 <= score <= 1 for score in scores)
            assert all(0 <= value <= 1 for one in item["candidates"] for value in one["features"].values())
            matched(item)
