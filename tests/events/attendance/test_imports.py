"""Signed sheets as files: a verdict for each row, in either language, and nothing written on a dry run."""

from io import BytesIO
from typing import Any
from uuid import UUID

import httpx
import pytest
import xlsxwriter
from fastapi import FastAPI
from sqlalchemy import text

from klaster_shared.tables import CSV, XLSX
from klaster_shared.testing.servers import calling
from tests.events.attendance.test_sheets import TODAY
from tests.events.conftest import STARTUP, Add, ada


async def brought(
    office: httpx.AsyncClient, path: str, content: str | bytes, media: str = CSV, **params: Any
) -> dict[str, Any]:
    body = content.encode() if isinstance(content, str) else content
    answer = await office.post(
        f"{path}/attendance/import", content=body, headers={"Content-Type": media}, params=params
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def verdicts(found: dict[str, Any]) -> list[str]:
    return [item["verdict"] for item in found["items"]]


@pytest.fixture
async def path(add: Add) -> str:
    return f"/v1/events/{(await add(**TODAY))['id']}"


@pytest.fixture
async def code(app: FastAPI, office: httpx.AsyncClient, path: str) -> str:
    """What stands on the badge of a registered person."""
    registered = (await office.post(f"{path}/registrations", json=ada(1))).json()["id"]
    async with app.state.database.read() as session:
        rows = (await session.execute(text("SELECT id, code FROM registrations"))).all()
    return str({UUID(str(row.id)): row.code for row in rows}[UUID(registered)])


class TestImport:
    async def test_reads_a_polish_sheet_with_codes_names_and_signatures(
        self, office: httpx.AsyncClient, path: str, code: str
    ) -> None:
        sheet = "\n".join(
            [
                "Imię i nazwisko;E-mail;Kod;Podpis;Godziny",
                f"Ada Przykładowa;;{code[:4]}-{code[4:].lower()};x;1,5",
                "Ewa Nowa;ewa@example.org;;tak;2",
                "Jan Nieobecny;jan@example.org;;;",
            ]
        )
        found = await brought(office, path, sheet.encode("cp1250"))
        assert verdicts(found) == ["recorded"] * 3
        assert (found["present"], found["counts"]["recorded"]) == (2, 3)
        listed = (await office.get(f"{path}/attendance")).json()["items"]
        told = {item["person"]["email"]: (item["status"], item["minutes"], item["origin"]) for item in listed}
        assert told == {
            "ada1@example.org": ("present", 90, "import"),
            "ewa@example.org": ("present", 120, "import"),
            "jan@example.org": ("absent", None, "import"),
        }
        again = await brought(office, path, sheet.encode("cp1250"))
        assert (verdicts(again), again["present"]) == (["unchanged"] * 3, 2)
        fewer = await brought(office, path, "email,present\newa@example.org,no\n")
        assert fewer["items"][0]["errors"][0]["pointer"] == "/name"
        fewer = await brought(office, path, "name,email,present\nEwa Nowa,ewa@example.org,no\n")
        assert (verdicts(fewer), fewer["present"]) == (["corrected"], 1)

    async def test_reads_a_spreadsheet(self, office: httpx.AsyncClient, path: str) -> None:
        content = BytesIO()
        with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
            notes, table = book.add_worksheet("Uwagi"), book.add_worksheet("Lista")
            notes.write_row(0, 0, ["O czym to jest"])
            table.write_row(0, 0, ["Name", "E-mail", "Minutes"])
            table.write_row(1, 0, ["Ewa Nowa", "ewa@example.org", 45])
        found = await brought(office, path, content.getvalue(), XLSX)
        assert [(item["sheet"], item["row"], item["verdict"]) for item in found["items"]] == [("Lista", 2, "recorded")]

    async def test_on_a_dry_run_writes_nothing(self, app: FastAPI, office: httpx.AsyncClient, path: str) -> None:
        sheet = "name,email\nEwa Nowa,ewa@example.org\n"
        dry = await brought(office, path, sheet, dry_run="true")
        assert (verdicts(dry), dry["present"], dry["dry_run"]) == (["recorded"], 1, True)
        assert (await office.get(f"{path}/attendance")).json()["items"] == []
        assert (await office.get(path)).json()["present"] == 0
        async with app.state.database.read() as session:
            assert await session.scalar(text("SELECT count(*) FROM people")) == 0
        assert verdicts(await brought(office, path, sheet)) == ["recorded"]

    async def test_rejects_wrong_rows_by_their_cell_and_writes_the_others(
        self, office: httpx.AsyncClient, path: str, code: str
    ) -> None:
        sheet = "\n".join(
            [
                "name,email,code,present,hours",
                "Ewa Nowa,ewa@example.org,,yes,2",
                "Ewa Nowa,ewa@example.org,,yes,2",
                "Jan,no address,,yes,2",
                ",,NOSUCHCODE,yes,2",
                "Ola,ola@example.org,,perhaps,2",
                "Ola,ola@example.org,,yes,many",
                f",,{code},yes,99999",
            ]
        )
        found = await brought(office, path, sheet)
        wrong = [(item["row"], item["errors"][0]["pointer"]) for item in found["items"] if item["errors"]]
        assert wrong == [(3, "/email"), (4, "/email"), (5, "/code"), (6, "/present"), (7, "/hours"), (8, "/minutes")]
        assert (found["counts"]["recorded"], found["counts"]["rejected"], found["present"]) == (1, 6, 1)

    @pytest.mark.parametrize(
        ("content", "media", "status", "problem"),
        [
            ("colour,email\nred,ada@example.org\n", CSV, 422, "invalid"),
            ("name\nAda\n", CSV, 422, "invalid"),
            ("", CSV, 422, "invalid"),
            ("a\0b", CSV, 400, "malformed"),
            ("no spreadsheet", XLSX, 400, "malformed"),
            ("{}", "application/json", 415, "unsupported_media_type"),
            ("email,name\n" + "a@example.org,A\n" * 2001, CSV, 413, "too_large"),
        ],
    )
    async def test_refuses_what_is_no_sheet(
        self, office: httpx.AsyncClient, path: str, content: str, media: str, status: int, problem: str
    ) -> None:
        answer = await office.post(f"{path}/attendance/import", content=content, headers={"Content-Type": media})
        assert (answer.status_code, answer.json()["code"]) == (status, problem)

    async def test_of_an_event_that_has_not_begun_is_refused(self, office: httpx.AsyncClient, add: Add) -> None:
        path = f"/v1/events/{(await add())['id']}"
        answer = await office.post(
            f"{path}/attendance/import", content="name,email\nAda,ada@example.org\n", headers={"Content-Type": CSV}
        )
        assert answer.json()["code"] == "nobody_can_have_come"

    async def test_is_for_the_organiser_and_the_office(self, base_url: str, app: FastAPI, path: str) -> None:
        async with calling(base_url, app, "partner", entity=STARTUP) as other:
            answer = await other.post(
                f"{path}/attendance/import", content="name,email\nAda,ada@example.org\n", headers={"Content-Type": CSV}
            )
            assert (answer.status_code, answer.json()["code"]) == (403, "not_your_event")
