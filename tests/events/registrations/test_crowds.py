"""Groups and lists: a verdict for each row, and nobody is kept away by another's mistake."""

import asyncio
from io import BytesIO
from typing import Any

import httpx
import pytest
from xlsxwriter import Workbook

from tests.events.conftest import FOUNDATION, STARTUP, Add, ada
from tests.events.registrations.conftest import Crowd, People
from tests.events.registrations.test_life import QUESTIONS

CSV = {"Content-Type": "text/csv"}
XLSX = {"Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
POLISH = "Imię;Nazwisko;E-mail;Język;Dieta;Dni;Autobus\r\n"
LIST = (
    POLISH + "Łucja;Żak;lucja@example.org;polski;Wegańska;Pierwszy, second;tak\r\n"
    "Ada;Przykładowa;ada@example.org;en;any;;\r\n"
    ";;;;;;\r\n"
    "Bez;Adresu;bez;pl;any;;\r\n"
    "Zła;Dieta;dieta@example.org;;mięso;;\r\n"
)


def verdicts(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["verdict"] for item in answer.json()["items"]]


class TestGroup:
    async def test_is_registered_with_a_verdict_for_each(
        self, office: httpx.AsyncClient, partner: httpx.AsyncClient, add: Add, crowd: Crowd
    ) -> None:
        people = crowd(await add(capacity=2))
        await office.post(people.path, json=ada(1))
        foreign, wrong = {**ada(4), "entity_id": str(FOUNDATION)}, {"name": "Ada", "email": "ada"}
        rows = [ada(1), ada(2), wrong, ada(3), foreign, ada(2)]
        answer = await partner.post(f"{people.path}/group", json={"people": rows})
        assert verdicts(answer) == ["unchanged", "registered", "rejected", "registered", "rejected", "unchanged"]
        found = answer.json()
        assert found["counts"] == {"registered": 2, "unchanged": 2, "rejected": 2}
        states = [item["state"] for item in found["items"]]
        assert states == [None, "confirmed", None, "waiting", None, "confirmed"]
        assert [item["errors"][0]["pointer"] for item in found["items"] if item["errors"]] == ["/email", "/entity_id"]
        assert {item["entity_id"] for item in await people.items(origin="partner")} == {str(STARTUP)}
        assert len(await people.items()) == 3

    async def test_sent_again_changes_nothing(self, partner: httpx.AsyncClient, add: Add, crowd: Crowd) -> None:
        people = crowd(await add(capacity=100))
        rows = {"people": [ada(number) for number in range(100)]}
        await asyncio.gather(*(partner.post(f"{people.path}/group", json=rows) for _ in range(2)))
        assert set(verdicts(await partner.post(f"{people.path}/group", json=rows))) == {"unchanged"}
        assert await people.seats() == {"confirmed": 100, "held": 0, "waiting": 0, "free": 0}

    @pytest.mark.parametrize("people", [[], [ada(number) for number in range(101)], "everybody"])
    async def test_of_nobody_or_too_many_is_refused(self, partner: httpx.AsyncClient, add: Add, people: Any) -> None:
        path = f"/v1/events/{(await add())['id']}/registrations/group"
        assert (await partner.post(path, json={"people": people})).status_code == 422

    async def test_is_nobody_s_who_speaks_for_nobody(self, anybody: httpx.AsyncClient, add: Add) -> None:
        path = f"/v1/events/{(await add())['id']}/registrations/group"
        assert (await anybody.post(path, json={"people": [ada()]})).status_code == 403


class TestImport:
    @pytest.fixture
    async def people(self, add: Add, crowd: Crowd) -> People:
        return crowd(await add(capacity=50, questions=QUESTIONS))

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250"])
    async def test_reads_what_offices_write(self, office: httpx.AsyncClient, people: People, encoding: str) -> None:
        answer = await office.post(f"{people.path}/import", content=LIST.encode(encoding), headers=CSV)
        assert verdicts(answer) == ["registered", "registered", "rejected", "rejected"]
        assert [item["row"] for item in answer.json()["items"]] == [2, 3, 5, 6]
        errors = [error for item in answer.json()["items"] for error in item["errors"]]
        assert [error["pointer"] for error in errors] == ["/email", "/answers/diet"]
        first, second = await people.items()
        assert (first["person"]["name"], first["language"], first["origin"]) == ("Łucja Żak", "pl", "import")
        assert first["answers"] == {"diet": "vegan", "days": ["first", "second"], "bus": True}
        assert (second["language"], second["state"], second["verified_at"] is not None) == ("en", "confirmed", True)

    async def test_is_rehearsed_without_a_trace(self, office: httpx.AsyncClient, people: People) -> None:
        before = (await office.get("/v1/events/changes", params={"limit": 1000})).json()["next"]
        dry = await office.post(f"{people.path}/import", content=LIST, headers=CSV, params={"dry_run": True})
        assert verdicts(dry) == ["registered", "registered", "rejected", "rejected"]
        assert [item["id"] for item in dry.json()["items"]] == [None] * 4
        assert await people.items() == []
        assert (await office.get("/v1/events/changes", params={"limit": 1000})).json()["next"] == before

    async def test_sent_again_changes_nothing_and_brings_nobody_back(
        self, office: httpx.AsyncClient, people: People
    ) -> None:
        await office.post(f"{people.path}/import", content=LIST, headers=CSV)
        await people.do("ada@example.org", "cancel")
        again = await office.post(f"{people.path}/import", content=LIST, headers=CSV)
        assert [item["state"] for item in again.json()["items"][:2]] == ["confirmed", "cancelled"]
        assert verdicts(again)[:2] == ["unchanged", "unchanged"]
        assert await people.states() == ["confirmed", "cancelled"]

    async def test_reads_spreadsheets(self, office: httpx.AsyncClient, people: People) -> None:
        content = BytesIO()
        with Workbook(content) as book:
            book.add_worksheet("Instrukcja").write(0, 0, "Wpisz osoby w drugim arkuszu")
            sheet = book.add_worksheet("Osoby")
            sheet.write_row(0, 0, ["Osoba", "Adres e-mail", "Diet"])
            sheet.write_row(1, 0, ["Łucja Żak", "lucja@example.org", "any"])
        answer = await office.post(f"{people.path}/import", content=content.getvalue(), headers=XLSX)
        assert verdicts(answer) == ["registered"]

    @pytest.mark.parametrize(
        ("content", "headers", "status", "code"),
        [
            (b"Osoba;Wiek\nAda;30\n", CSV, 422, "invalid"),
            (b"", CSV, 422, "invalid"),
            (b"PK no spreadsheet", XLSX, 400, "malformed"),
            (b"{}", {"Content-Type": "application/json"}, 415, "unsupported_media_type"),
        ],
    )
    async def test_refuses_what_is_no_list(
        self,
        office: httpx.AsyncClient,
        people: People,
        content: bytes,
        headers: dict[str, str],
        status: int,
        code: str,
    ) -> None:
        answer = await office.post(f"{people.path}/import", content=content, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code)

    async def test_names_entities_that_exist_or_refuses_the_row(
        self, office: httpx.AsyncClient, people: People
    ) -> None:
        unknown = "01900000-0000-7000-8000-0000000000ff"
        lines = f"name,email,entity,diet\nAda,a@example.org,{STARTUP},any\nEwa,e@example.org,{unknown},any\n"
        answer = await office.post(f"{people.path}/import", content=lines, headers=CSV)
        assert verdicts(answer) == ["registered", "rejected"]
        assert answer.json()["items"][1]["errors"][0]["pointer"] == "/entity_id"
