"""The list of entities: filters, orders, pages."""

from typing import Any

import httpx
import pytest

from tests.registry.conftest import Add


async def names(client: httpx.AsyncClient, **parameters: Any) -> list[str]:
    answer = await client.get("/v1/entities", params=parameters)
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["items"]]


class TestSearch:
    async def test_finds_polish_letters_without_them(self, anybody: httpx.AsyncClient, add: Add) -> None:
        await add("Politechnika Łódzka", seat={"city": "Łódź", "country": "PL"})
        await add("Uniwersytet Jagielloński", seat={"city": "Kraków", "country": "PL"})
        assert await names(anybody, q="lodz") == ["Politechnika Łódzka"]
        assert await names(anybody, q="ŁÓDŹ") == ["Politechnika Łódzka"]
        assert await names(anybody, q="jagiellonski krakow") == ["Uniwersytet Jagielloński"]
        assert await names(anybody, q="jagiellonski lodz") == []

    async def test_looks_at_every_name_and_at_identifiers(self, api: httpx.AsyncClient) -> None:
        body = {
            "names": [{"value": "Akademia Górniczo-Hutnicza"}, {"value": "AGH", "role": "acronym"}],
            "identifiers": [{"scheme": "ror", "value": "00bas1c41"}],
        }
        await api.post("/v1/entities", json=body)
        for words in ("agh", "gorniczo", "00bas1c41"):
            assert await names(api, q=words) == ["Akademia Górniczo-Hutnicza"], words

    async def test_takes_wildcards_for_punctuation(self, anybody: httpx.AsyncClient, add: Add) -> None:
        await add("100% Zdrowia")
        await add("Sto Zdrowia")
        assert await names(anybody, q="100%") == ["100% Zdrowia"]
        assert await names(anybody, q="%") == await names(anybody, q="_") == []


class TestFilters:
    async def test_combine(self, anybody: httpx.AsyncClient, add: Add) -> None:
        await add("Ala", interest_group="MED", fields=["medicine"], seat={"city": "Kraków", "country": "PL"})
        await add("Ola", interest_group="MED", fields=["food"], seat={"city": "Warszawa", "country": "PL"})
        await add("Ela", interest_group="EDU", fields=["food", "medicine"], existence="inactive")
        assert await names(anybody, interest_group="MED") == ["Ala", "Ola"]
        assert await names(anybody, interest_group=["MED", "EDU"], field="medicine") == ["Ala", "Ela"]
        assert await names(anybody, city="krakow") == ["Ala"]
        assert await names(anybody, country="PL", field=["food"]) == ["Ola"]
        assert await names(anybody, existence="inactive") == ["Ela"]
        assert await names(anybody, health_care=False) == ["Ela"]

    async def test_ask_for_markets_and_kinds_on_a_day(self, anybody: httpx.AsyncClient, add: Add) -> None:
        await add(
            "Ala", markets=[{"code": "EU", "from": "2020-01-01", "to": "2021-12-31"}], kinds=[{"code": "company"}]
        )
        await add("Ola", markets=[{"code": "PL"}], kinds=[{"code": "bank", "from": "2022-01-01"}])
        assert await names(anybody, foreign_market=True, as_of="2021-12-31") == ["Ala"]
        assert await names(anybody, foreign_market=True, as_of="2022-01-01") == []
        assert await names(anybody, market="PL") == ["Ola"]
        assert await names(anybody, financial=True, as_of="2021-12-31") == []
        assert await names(anybody, kind=["company", "bank"]) == ["Ala", "Ola"]
        assert await names(anybody, business=True) == ["Ala"]

    async def test_ask_for_audits_up_to_a_day(self, anybody: httpx.AsyncClient, add: Add) -> None:
        await add("Ala", digital_audits=[{"on": "2021-11-15"}])
        assert await names(anybody, digital_audit=True, as_of="2021-11-14") == []
        assert await names(anybody, digital_audit=True, as_of="2021-11-15") == ["Ala"]

    async def test_ask_when_it_was_founded_or_first_listed(self, anybody: httpx.AsyncClient, add: Add) -> None:
        await add("Rok", founded_on="2020")
        await add("Miesiąc", founded_on="2020-06")
        await add("Lista", startup=True, startup_listed_year=2020)
        await add("Nie wiadomo")
        assert await names(anybody, founded_from="2020-01-01", founded_to="2020-12-31") == ["Miesiąc", "Rok"]
        assert await names(anybody, founded_from="2020-02-01") == ["Miesiąc"]
        assert await names(anybody, started_from="2020-01-01", started_to="2020-12-31") == ["Lista", "Miesiąc", "Rok"]
        assert await names(anybody, startup=True) == ["Lista"]

    @pytest.mark.parametrize(
        ("query", "pointer"),
        [
            ("nazwa=x", "query/nazwa"),
            ("registration=maybe", "query/registration/0"),
            ("as_of=2022-13-01", "query/as_of"),
            ("limit=501", "query/limit"),
            ("limit=0", "query/limit"),
            ("sort=colour", "query/sort"),
            ("cursor=nonsense", "query/cursor"),
            ("country=Poland", "query/country/0"),
        ],
    )
    async def test_are_refused_by_name_where_unknown_or_wrong(
        self, anybody: httpx.AsyncClient, query: str, pointer: str
    ) -> None:
        answer = await anybody.get(f"/v1/entities?{query}")
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == pointer


class TestOrder:
    NAMES = ("Łódź", "Lublin", "Zakład", "Ćma", "Cyfra", "Żaba", "Ela", "Lwów", "ĄB", "Azot")
    SORTED = ("Azot", "ĄB", "Cyfra", "Ćma", "Ela", "Lublin", "Lwów", "Łódź", "Zakład", "Żaba")

    async def test_is_the_polish_alphabet(self, anybody: httpx.AsyncClient, add: Add) -> None:
        for name in self.NAMES:
            await add(name)
        assert await names(anybody) == list(self.SORTED)
        assert await names(anybody, sort="-name") == list(reversed(self.SORTED))

    async def test_can_be_by_founding_with_the_unknown_last(self, anybody: httpx.AsyncClient, add: Add) -> None:
        for name, founded in (("Ala", "2020"), ("Ola", None), ("Ela", "1364"), ("Ula", "2019-05")):
            await add(name, founded_on=founded)
        assert await names(anybody, sort="founded_on") == ["Ela", "Ula", "Ala", "Ola"]
        assert await names(anybody, sort="-founded_on,name") == ["Ola", "Ala", "Ula", "Ela"]

    @pytest.mark.parametrize("sort", ["name", "-name", "-founded_on", "rbw_number", "-updated_at", "founded_on,-name"])
    async def test_walks_every_page_once(
        self, anybody: httpx.AsyncClient, registered: Add, add: Add, sort: str
    ) -> None:
        for at in range(7):
            await add(f"Firma {at % 3}", founded_on=str(2015 + at % 2) if at % 3 else None)
        await registered("Ala")
        whole = await anybody.get("/v1/entities", params={"sort": sort})
        expected = [item["id"] for item in whole.json()["items"]]
        walked: list[str] = []
        url: str | None = f"/v1/entities?sort={sort}&limit=3&count=true"
        while url:
            answer = await anybody.get(url)
            assert answer.json()["total"] == 8
            walked += [item["id"] for item in answer.json()["items"]]
            link = answer.links.get("next")
            assert (link is None) == (answer.json()["next"] is None)
            url = link["url"] if link else None
        assert walked == expected

    async def test_is_stable_while_others_write(self, anybody: httpx.AsyncClient, add: Add) -> None:
        for name in ("Bela", "Cela", "Dela"):
            await add(name)
        first = (await anybody.get("/v1/entities?limit=2")).json()
        await add("Ala")
        second = (await anybody.get("/v1/entities", params={"limit": 2, "cursor": first["next"]})).json()
        assert [item["name"] for item in first["items"] + second["items"]] == ["Bela", "Cela", "Dela"]


class TestConditional:
    async def test_says_nothing_new_until_something_is(self, anybody: httpx.AsyncClient, add: Add) -> None:
        await add("Ala")
        etag = (await anybody.get("/v1/entities")).headers["etag"]
        again = await anybody.get("/v1/entities", headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")
        await add("Ola")
        assert (await anybody.get("/v1/entities", headers={"If-None-Match": etag})).status_code == 200
