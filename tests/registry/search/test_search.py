"""The search over HTTP, on either engine."""

import random
from collections import Counter
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from klaster_registry.search import operations
from klaster_registry.search.entries import Entry
from tests.registry.conftest import Add

PATH = "/v1/registry/search"


def entry(name: str, number: int = 0, **said: Any) -> Entry:
    said = {"collection": "entities", "record_id": f"{name}-{number}", "title_pl": name, "title_en": name} | said
    return Entry(**said)


async def fill(app: FastAPI, *entries: Entry) -> None:
    async with app.state.database.write() as session:
        await operations.put_many(session, entries)


async def ask(client: httpx.AsyncClient, **parameters: Any) -> dict[str, Any]:
    answer = await client.get(PATH, params=parameters)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


async def titles(client: httpx.AsyncClient, **parameters: Any) -> list[str]:
    return [item["title"] for item in (await ask(client, **parameters))["items"]]


async def every_page(client: httpx.AsyncClient, **parameters: Any) -> list[dict[str, Any]]:
    found, cursor = [], {}
    while True:
        page = await ask(client, **parameters, **cursor)
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


class TestSearch:
    async def test_finds_whatever_the_accents_the_case_the_order_and_the_part(
        self, app: FastAPI, anybody: httpx.AsyncClient
    ) -> None:
        await fill(
            app,
            entry("Politechnika Łódzka", texts=["Łódź", "PŁ"]),
            entry("Uniwersytet Jagielloński", texts=["Kraków", "nip:6750002236"], names=["UJ", "Alma Mater"]),
            entry("AT&T Polska S.A."),
            entry("100% Zdrowia"),
        )
        for q in ("lodz", "ŁÓDŹ", "ódzk", "łódzka politechnika", "polit lodz", "pł"):
            assert await titles(anybody, q=q) == ["Politechnika Łódzka"], q
        for q in ("krakow jagiellonski", "uj", "ALMA", "675000", "giello kra", "nip 6750002236"):
            assert await titles(anybody, q=q) == ["Uniwersytet Jagielloński"], q
        for q in ("at&t", "AT T", "s.a.", "s a polska"):
            assert await titles(anybody, q=q) == ["AT&T Polska S.A."], q

    async def test_takes_wildcards_quotes_and_nonsense_for_what_they_are(
        self, app: FastAPI, anybody: httpx.AsyncClient
    ) -> None:
        await fill(app, entry("100% Zdrowia"), entry("Biobank O'Neill"), entry("日本生命科学"))
        for q in (
            "%",
            "_",
            "\\",
            '"',
            "'",
            "%%%",
            "...",
            '" OR "',
            "*",
            "zdrowie" * 20,
            "xyz" * 60,
            "NEAR(",
            "a" * 200,
        ):
            assert await titles(anybody, q=q) == [], q
        assert await titles(anybody, q="100%") == ["100% Zdrowia"]
        assert await titles(anybody, q="o'neill") == ["Biobank O'Neill"]
        assert await titles(anybody, q='"biobank" -') == ["Biobank O'Neill"]
        assert await titles(anybody, q="生命科") == ["日本生命科学"]
        assert len(await titles(anybody, q="  ")) == 3
        assert (await anybody.get(PATH, params={"q": "a" * 201})).status_code == 422
        assert (await anybody.get(PATH, params={"qq": "a"})).status_code == 422
        for cursor in ("nonsense", (await ask(anybody, limit=1))["next"]):
            assert (await anybody.get(PATH, params={"q": "bio", "cursor": cursor})).status_code == 422

    async def test_shows_names_that_begin_so_before_all_others(self, app: FastAPI, anybody: httpx.AsyncClient) -> None:
        await fill(app, entry("Zakład Biotechnologii"))
        await fill(
            app,
            entry("Biotech Łódź"),
            entry("Alfa", names=["Biotechnika", "Biotech Alfa"]),
            entry("Bank Biotechu"),
        )
        page = await ask(anybody, q="biotech")
        assert [(item["title"], item["matched"]) for item in page["items"]] == [
            ("Alfa", "prefix"),
            ("Biotech Łódź", "prefix"),
            ("Zakład Biotechnologii", "text"),
            ("Bank Biotechu", "text"),
        ]
        by_title = ["Alfa", "Bank Biotechu", "Biotech Łódź", "Zakład Biotechnologii"]
        assert await titles(anybody, q="biotech", sort="title") == by_title
        assert await titles(anybody) == by_title
        for sort in ("relevance", "title"):
            for limit in (1, 2, 3):
                found = [item["title"] for item in await every_page(anybody, q="biotech", sort=sort, limit=limit)]
                assert found == await titles(anybody, q="biotech", sort=sort), (sort, limit)

    async def test_filters_combine_and_facets_count_the_rows(self, app: FastAPI, anybody: httpx.AsyncClient) -> None:
        await fill(app, *_many())
        for asked in (
            {},
            {"q": "bio"},
            {"q": "bio", "country": ["PL", "DE"], "field": "food"},
            {"q": "bi", "collection": "labs"},
            {"interest_group": "MED", "demonstration": "true", "subdivision": "PL-12", "registration": "registered"},
        ):
            page = await ask(anybody, **asked, facets="true", count="true", limit=500)
            rows = page["items"]
            assert page["total"] == len(rows) > 0, asked
            assert page["next"] is None
            for facet, values in page["facets"].items():
                key = "fields" if facet == "field" else facet
                told = Counter(value for row in rows for value in _listed(row[key]))
                assert {item["value"]: item["count"] for item in values} == told, (asked, facet)
                counts = [item["count"] for item in values]
                assert counts == sorted(counts, reverse=True)
            for name, wanted in asked.items():
                for row in rows if name != "q" else ():
                    value = row["fields" if name == "field" else name]
                    allowed = {str(one).lower() for one in _listed(wanted)}
                    assert allowed & {str(one).lower() for one in _listed(value)}, (asked, name)

    @pytest.mark.parametrize("sort", ["relevance", "title"])
    async def test_every_page_followed_is_the_whole_set(
        self, app: FastAPI, anybody: httpx.AsyncClient, sort: str
    ) -> None:
        await fill(app, *_many())
        for asked in ({}, {"q": "bio"}, {"q": "b"}, {"q": "ab la"}, {"q": "bio", "country": "DE"}):
            whole = (await ask(anybody, **asked, sort=sort, limit=500))["items"]
            paged = await every_page(anybody, **asked, sort=sort, limit=7)
            assert paged == whole, asked
            assert len({(item["collection"], item["id"]) for item in whole}) == len(whole) > 7

    async def test_shows_the_office_what_others_may_not_see(
        self, app: FastAPI, anybody: httpx.AsyncClient, empty: httpx.AsyncClient
    ) -> None:
        await fill(app, entry("Jawny"), entry("Jawny tajny", audience="office", collection="reports"))
        assert await titles(anybody, q="jawny", count="true", facets="true") == ["Jawny"]
        page = await ask(anybody, q="jawny", count="true", facets="true")
        assert (page["total"], page["facets"]["collection"]) == (1, [{"value": "entities", "count": 1}])
        assert await titles(empty, q="jawny") == ["Jawny", "Jawny tajny"]
        assert await titles(anybody, q="tajyn") == []
        assert await titles(empty, q="tajyn") == ["Jawny tajny"]
        answer = await anybody.get(PATH, params={"q": "jawny"})
        assert answer.headers["cache-control"] == "public, no-cache"
        again = await anybody.get(PATH, params={"q": "jawny"}, headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304
        assert (await empty.get(PATH)).headers["cache-control"] == "private, no-store"

    async def test_speaks_both_languages(self, app: FastAPI, anybody: httpx.AsyncClient) -> None:
        await fill(app, entry("Szpital", title_en="Hospital"))
        assert await titles(anybody, q="hosp", lang="pl") == ["Szpital"]
        assert await titles(anybody, q="szpi", lang="en") == ["Hospital"]
        assert await titles(anybody, lang="all") == [{"pl": "Szpital", "en": "Hospital"}]


class TestSuggest:
    async def test_names_come_before_words_and_parts_do_not_come(
        self, app: FastAPI, anybody: httpx.AsyncClient
    ) -> None:
        await fill(app, entry("Zakład Biologii"), entry("Biolab"), entry("Symbioza"))
        answer = await anybody.get("/v1/registry/suggest", params={"q": "bio"})
        assert [item["title"] for item in answer.json()["items"]] == ["Biolab", "Zakład Biologii"]
        for q in ("", "%"):
            assert (await anybody.get("/v1/registry/suggest", params={"q": q})).json() == {"items": []}


class TestSimilar:
    async def test_one_slip_is_forgiven(self, app: FastAPI, anybody: httpx.AsyncClient) -> None:
        chance = random.Random(20261124)
        names = list(dict.fromkeys(_name(chance) for _ in range(300)))
        await fill(app, *(entry(name) for name in names))
        missed = []
        asked = chance.sample(names, 60)
        for name in asked:
            typed = slip(name, chance)
            if name not in await titles(anybody, q=typed, limit=10):
                missed.append((name, typed))
        assert len(missed) <= 0.05 * len(asked), missed

    async def test_says_what_was_put_right(self, app: FastAPI, anybody: httpx.AsyncClient) -> None:
        await fill(app, entry("Uniwersytet Jagielloński"), entry("Uniwersytet Śląski"))
        for q, corrected in {
            "Uniwersytet Jagelloński": ["jagiellonski"],
            "Unwiersytet Jagielońskki": ["uniwersytet", "jagiellonski"],
            "uniwersytetjagiellonski": ["uniwersytet", "jagiellonski"],
            "uniwersytet jagiellonski krakw": [],
        }.items():
            [first, *_] = (await ask(anybody, q=q))["items"]
            assert (first["title"], first["matched"]) == ("Uniwersytet Jagielloński", "similar"), q
            assert first["corrected"] == corrected, q


class TestMatchingIds:
    async def test_narrow_a_list_by_the_same_words(self, api: httpx.AsyncClient, add: Add) -> None:
        for name in ("Łódzki Bank Tkanek", "Bank Krwi", "Łódzkie Centrum"):
            await add(name)
        for q, found in {"lodz": 2, "lodz bank": 1, "ank": 2, "b": 2, "tkanek %": 1, "%": 0, "nic": 0, " ": 3}.items():
            page = (await api.get("/v1/entities", params={"q": q, "count": "true"})).json()
            assert (len(page["items"]), page["total"]) == (found, found), q


class TestRecords:
    async def test_are_found_as_they_are_written(
        self, api: httpx.AsyncClient, add: Add, anybody: httpx.AsyncClient
    ) -> None:
        made = await add("Alfa Med", interest_group="MED", fields=["food"])
        hits = (await ask(anybody, q="alf"))["items"]
        assert [(hit["collection"], hit["path"], hit["interest_group"], hit["fields"]) for hit in hits] == [
            ("entities", f"/v1/entities/{made['id']}", "MED", ["food"])
        ]
        body = {"names": [{"value": "Beta Med"}], "fields": []}
        await api.patch(f"/v1/entities/{made['id']}", json=body, headers={"If-Match": "*"})
        assert await titles(anybody, q="alf") == []
        assert (await ask(anybody, q="bet"))["items"][0]["fields"] == []
        await api.delete(f"/v1/entities/{made['id']}", headers={"If-Match": "*"})
        assert await titles(anybody, q="bet") == []
        assert await titles(anybody, collection="groups", q="talents", lang="pl") == ["talents po polsku"]

    async def test_put_twice_stand_there_once(self, app: FastAPI, anybody: httpx.AsyncClient) -> None:
        for _ in range(2):
            await fill(app, entry("Gamma", fields=["food", "food"]), entry("Gamma", fields=["food"]), entry("Delta"))
        async with app.state.database.write() as session:
            await operations.drop(session, "entities", "Delta-0")
            await operations.drop(session, "entities", "Delta-0")
            counts = [await session.scalar(text(f"SELECT count(*) FROM search_{table}")) for table in _TABLES]
        expected = {"entries": 1, "entry_fields": 1, "names": 1, "texts": 1, "words": 2}
        assert dict(zip(_TABLES, counts, strict=True)) == expected
        await fill(app, entry("Omega"))
        assert await titles(anybody, q="elt") == []
        assert await titles(anybody, q="amm") == ["Gamma"]


_TABLES = ("entries", "entry_fields", "names", "texts", "words")
_PARTS = ("Bio", "Med", "Farm", "Gen", "Nutri", "Lab", "Tech", "Nano", "Zdrow", "Klin")
_ENDS = ("ika", "polis", "ex", "oma", "ovia", "itas", "ana", "enta", "ion", "ur")


def _word(chance: random.Random) -> str:
    return "".join((chance.choice(_PARTS), *chance.choices(_ENDS, k=chance.randint(1, 2)))).capitalize()


def _name(chance: random.Random) -> str:
    return " ".join(_word(chance) for _ in range(chance.randint(1, 4)))


def slip(name: str, chance: random.Random) -> str:
    """The name with one slip of the keyboard."""
    at = chance.randrange(len(name) - 1)
    head, letter, following, tail = name[:at], name[at], name[at + 1], name[at + 2 :]
    wrong = chance.choice("abcdefghijklmnopqrstuvwxyz")
    return chance.choice(
        [
            head + following + tail,
            head + following + letter + tail,
            head + wrong + following + tail,
            head + wrong + letter + following + tail,
        ]
    )


def _many() -> list[Entry]:
    chance = random.Random(7)
    return [
        entry(
            chance.choice(["Bio Lab", "Abbio Lab", "Lab Abba", "Symbioza", "Bio", "Labor"]),
            number,
            collection=chance.choice(["entities", "labs"]),
            texts=chance.choice([[], ["bio"], ["Łódź", "bioza"]]),
            names=chance.choice([[], ["Biolog", "Bioplast"]]),
            registration=chance.choice([None, "none", "registered"]),
            interest_group=chance.choice([None, "MED", "BIOF"]),
            country=chance.choice(["PL", "DE", None]),
            subdivision=chance.choice(["PL-12", None]),
            fields=chance.choice([[], ["food"], ["food", "medicine"]]),
            demonstration=chance.choice([True, False]),
        )
        for number in range(160)
    ]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
