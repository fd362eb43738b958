"""Files in: a verdict for each row, nothing half-written, and nothing written by a rehearsal."""

import csv
import gzip
import json
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import httpx
import pytest
import xlsxwriter
from fastapi import FastAPI

from klaster_registry.housekeeping import housekeeping_jobs
from klaster_registry.imports import running
from tests.registry.conftest import Add, As
from tests.registry.imports.conftest import PATH, Import, counted
from tests.registry.loading.test_files import lines as ror_lines
from tests.registry.loading.test_files import polish

TABLE = """Nazwa;NIP;Miejscowość;Kod kraju;Szerokość;Uwagi
Alfa sp. z o.o.;6762464304;Łódź;PL;51,77;pierwsza
;;;;;
"Beta ""Łódzka""; oddział";;Łódź;polska;;
Gamma;1234567890;Kraków;PL;;
"""


async def names_in(api: httpx.AsyncClient) -> list[str]:
    found = (await api.get("/v1/entities", params={"limit": 500})).json()["items"]
    return [entity["name"] for entity in found]


class TestTables:
    async def test_are_taken_in_row_by_row(self, api: httpx.AsyncClient, importing: Import) -> None:
        begun = await importing(TABLE.encode(), source="survey")
        read = await begun.run("apply")
        assert counted(read) == {"created": 3}
        assert (read["complete"], read["job"]["state"]) == (True, "succeeded")
        items = (await api.get("/v1/entities")).json()["items"]
        alfa, beta, gamma = items
        assert (alfa["seat"]["city"], alfa["seat"]["latitude"], alfa["source"]) == ("Łódź", 51.77, "survey")
        assert (beta["name"], beta["seat"]["country"]) == ('Beta "Łódzka"; oddział', "PL")
        assert gamma["identifiers"][0]["verdict"] == "invalid"

    async def test_change_nothing_the_second_time(self, api: httpx.AsyncClient, importing: Import) -> None:
        await (await importing(TABLE.encode(), source="survey")).run("apply")
        position = (await api.get("/v1/registry/changes", params={"limit": 1000})).json()["next"]
        again = await (await importing(TABLE.encode(), source="survey")).run("apply")
        assert counted(again) == {"unchanged": 3}
        told = (await api.get("/v1/registry/changes", params={"after": position})).json()["items"]
        assert {one["collection"] for one in told} == {"jobs"}  # that it was read, and nothing else

    async def test_are_only_looked_at_in_a_rehearsal(self, api: httpx.AsyncClient, importing: Import) -> None:
        begun = await importing(TABLE.encode())
        read = await begun.run("rehearse")
        assert (counted(read), read["purpose"]) == ({"created": 3}, "rehearsal")
        assert await names_in(api) == []
        assert counted(await begun.run("apply")) == {"created": 3}

    async def test_say_which_properties_differ(self, importing: Import) -> None:
        await (await importing(b"key,name,city,website\n1,Alfa,Krak,\n")).run("apply")
        begun = await importing(b"key,name,city,website\n1,Alfa,Tarn,alfa.pl\n")
        await begun.run("rehearse")
        [row] = await begun.rows()
        assert (row["verdict"], row["changed"]) == ("updated", ["links", "seat"])
        await begun.run("apply")
        assert (await begun.rows())[0]["verdict"] == "updated"

    async def test_propose_who_may_be_the_same_and_write_nothing(
        self, api: httpx.AsyncClient, add: Add, importing: Import
    ) -> None:
        known = await add("Całkiem inna", identifiers=[{"scheme": "nip", "value": "6762464304"}])
        namesake = await add("Beta", seat={"city": "Łódź", "country": "PL"})
        table = "nazwa,nip,miasto\nAlfa,676-246-43-04,Łódź\nBETA,,lodz\nBeta,,Kraków\n"
        begun = await importing(table.encode())
        assert counted(await begun.run("apply")) == {"duplicate": 2, "created": 1}
        first, second, _ = await begun.rows()
        assert first["duplicate_of"] == [{"entity": known["id"], "because": "nip"}]
        assert second["duplicate_of"] == [{"entity": namesake["id"], "because": "name_and_town"}]
        assert sorted(await names_in(api)) == ["Beta", "Beta", "Całkiem inna"]

    async def test_add_duplicates_where_that_is_asked_for(self, add: Add, importing: Import) -> None:
        await add("Alfa", identifiers=[{"scheme": "nip", "value": "6762464304"}])
        begun = await importing(b"name,nip\nAlfa,6762464304\n", duplicates="add")
        assert counted(await begun.run("apply")) == {"created": 1}

    async def test_reject_a_row_with_pointer_and_reason(self, api: httpx.AsyncClient, importing: Import) -> None:
        table = (
            "name,latitude,country,kinds,startup\nA,north,PL,,\nB,99,PL,,\n,,PL,,\nC,,,nothing,\nD,,,,maybe\nE,,,,\n"
        )
        begun = await importing(table.encode())
        assert counted(await begun.run("apply")) == {"rejected": 5, "created": 1}
        rows = await begun.rows(verdict="rejected")
        assert [row["row"] for row in rows] == [2, 3, 4, 5, 6]
        assert [row["errors"][0]["pointer"] for row in rows] == [
            "/latitude",
            "/latitude",
            "/name",
            "/kinds/0/code",
            "/startup",
        ]
        assert await names_in(api) == ["E"]

    async def test_take_the_first_of_two_rows_about_one(self, importing: Import) -> None:
        begun = await importing(b"key,name\n1,Alfa\n1,Beta\n")
        assert counted(await begun.run("apply")) == {"created": 1, "rejected": 1}
        assert (await begun.rows())[1]["errors"][0]["detail"] == "Row 2 is about the same organisation"

    async def test_are_what_was_exported(self, api: httpx.AsyncClient, add: Add, importing: Import) -> None:
        await add(
            "=1+1",
            names=[{"value": "=1+1"}, {"value": "'-x", "role": "acronym"}],
            seat={"city": "+Łódź", "country": "PL", "latitude": -1.5, "longitude": 19.0},
            identifiers=[{"scheme": "nip", "value": "6762464304"}, {"scheme": "grid", "value": "grid.1.2"}],
            kinds=[{"code": "company"}, {"code": "bank", "from": "2020-01-01", "to": "2021-01-01"}],
            links=[{"url": "https://alfa.pl/"}, {"type": "wikipedia", "url": "https://pl.wikipedia.org/"}],
            founded_on="1999-05",
        )
        await add("Zwykła", startup=True)
        content = (await api.get("/v1/registry/export", params={"format": "csv"})).content
        read = await (await importing(content)).run("apply")
        assert counted(read) == {"unchanged": 2}

    async def test_change_the_one_that_is_named_by_its_id(
        self, add: Add, api: httpx.AsyncClient, importing: Import
    ) -> None:
        entity = await add("Alfa", legal_form="S.A.")
        begun = await importing(f"id,legal form,inne nazwy\n{entity['id']},Fundacja,Alpha | ALF\n".encode())
        assert counted(await begun.run("apply")) == {"updated": 1}
        found = (await api.get(f"/v1/entities/{entity['id']}")).json()
        assert (found["name"], found["legal_form"]) == ("Alfa", "Fundacja")
        assert [name["value"] for name in found["names"]] == ["Alfa", "Alpha", "ALF"]

    async def test_name_an_id_that_nobody_has(self, importing: Import) -> None:
        begun = await importing(b"id,legal_form\n0190163d-8694-739b-aea5-966c26f8ad91,S.A.\n")
        assert counted(await begun.run("apply")) == {"rejected": 1}
        assert (await begun.rows())[0]["errors"][0]["code"] == "entity_not_found"


def workbook(write: Callable[[Any], None]) -> bytes:
    """A workbook with an empty sheet, and one that a test fills."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet("Opis").write(0, 0, "nic tu nie ma")
        write(book.add_worksheet("Firmy"))
    return buffer.getvalue()


class TestWorkbooks:
    async def test_are_read_with_what_is_merged(self, api: httpx.AsyncClient, importing: Import) -> None:
        def write(sheet: Any) -> None:
            for column, name in enumerate(("Nazwa", "Miejscowość", "Szerokość", "KRS")):
                sheet.write(0, column, name)
            sheet.merge_range(1, 1, 2, 1, "Łódź")
            for row, name in ((1, "Alfa"), (2, "Beta"), (4, "Gamma")):
                sheet.write(row, 0, name)
                sheet.write_number(row, 2, 51.77)
                sheet.write_string(row, 3, f"000045841{row}")

        begun = await importing(workbook(write))
        read = await begun.run("apply")
        assert (read["format"], read["mapping"]) == ("xlsx", ["name", "city", "latitude", "krs"])
        assert counted(read) == {"created": 3}
        assert [row["row"] for row in await begun.rows()] == [2, 3, 5]
        items = (await api.get("/v1/entities")).json()["items"]
        assert [(one["seat"]["city"], one["seat"]["latitude"]) for one in items] == [
            ("Łódź", 51.77),
            ("Łódź", 51.77),
            (None, 51.77),
        ]
        assert items[0]["identifiers"][0]["value"] == "0000458411"

    async def test_of_an_export_change_nothing(self, api: httpx.AsyncClient, add: Add, importing: Import) -> None:
        await add("=1+1", seat={"city": "Łódź", "country": "PL", "latitude": 51.77, "longitude": 19}, startup=True)
        content = (await api.get("/v1/registry/export", params={"format": "xlsx"})).content
        assert counted(await (await importing(content)).run("apply")) == {"unchanged": 1}

    @pytest.mark.parametrize(
        "parts", [{"a.txt": b"x"}, {"[Content_Types].xml": bytes(401 * 2**20)}], ids=["archive", "bomb"]
    )
    async def test_that_are_none_are_refused(self, importing: Import, parts: dict[str, bytes]) -> None:
        buffer = BytesIO()
        with ZipFile(buffer, "w", ZIP_DEFLATED) as package:
            for name, content in parts.items():
                package.writestr(name, content)
        answer = await (await importing()).send(buffer.getvalue())
        assert (answer.status_code, answer.json()["code"]) == (422, "file_unreadable")


class TestRecords:
    async def test_of_an_export_change_nothing(self, api: httpx.AsyncClient, add: Add, importing: Import) -> None:
        await add(
            "Alfa",
            identifiers=[{"scheme": "nip", "value": "6762464304"}],
            kinds=[{"code": "company", "from": "2020-01-01"}],
            branches=[{"city": "Łódź", "country": "PL"}],
            relations=[{"kind": "parent", "label": "Góra"}],
        )
        content = (await api.get("/v1/registry/export", params={"collection": "entities"})).content
        assert counted(await (await importing(content)).run("apply")) == {"unchanged": 1}

    async def test_mark_what_is_new_as_demonstration_and_nothing_that_is_there(
        self, api: httpx.AsyncClient, importing: Import
    ) -> None:
        record = {"names": [{"value": "Pokaz"}], "source_key": "1"}
        for number, marked in ((1, True), (2, False)):
            lines = [{**record, "demonstration": True}, {"names": [{"value": "Druga"}], "source_key": f"new {number}"}]
            lines[0]["legal_form"] = f"spółka {number}"
            lines[0]["demonstration"] = marked
            await (await importing("\n".join(map(json.dumps, lines)).encode(), source="survey")).run("apply")

        found = (await api.get("/v1/entities")).json()["items"]
        assert {one["source_key"]: one["demonstration"] for one in found} == {"1": True, "new 1": False, "new 2": False}
        assert {one["legal_form"] for one in found if one["source_key"] == "1"} == {"spółka 2"}

    async def test_change_what_they_say_otherwise(self, api: httpx.AsyncClient, add: Add, importing: Import) -> None:
        entity = await add("Alfa", startup=True)
        record = {"id": entity["id"], "names": [{"value": "Alpha", "lang": "en", "role": "official"}], "startup": True}
        begun = await importing(json.dumps(record).encode())
        assert counted(await begun.run("apply")) == {"updated": 1}
        assert (await begun.rows())[0]["changed"] == ["names"]
        assert await names_in(api) == ["Alpha"]

    async def test_are_rejected_one_by_one(self, importing: Import) -> None:
        content = b'{"names":[{"value":"Alfa"}]}\n{broken\n[1]\n{"names":[]}\n'
        begun = await importing(content)
        assert counted(await begun.run("apply")) == {"created": 1, "rejected": 3}
        assert [row["row"] for row in await begun.rows(verdict="rejected")] == [2, 3, 4]

    @pytest.mark.parametrize(
        "record",
        [
            {"names": [{"value": "A"}], "identifiers": ["nip"]},
            {"names": [{"value": "A"}], "branches": "Łódź"},
            {"names": [{"value": "A"}], "source": "a\u0000b", "source_key": "1"},
            {"names": [{"value": "A"}], "source_key": "a\u0000b"},
            {"names": [{"value": "A"}], "id": "\ud800", "seat": []},
            {"id": 5, "names": {"value": "A"}},
            {"rbw_number": "RBW-99999999999999", "names": [{"value": "A"}]},
        ],
        ids=["identifiers", "branches", "source", "key", "id", "names", "number"],
    )
    async def test_that_make_no_sense_are_rejected(self, importing: Import, record: dict[str, Any]) -> None:
        begun = await importing(json.dumps([record]).encode())
        read = await begun.run("apply")
        assert (read["job"]["state"], counted(read)) == ("succeeded", {"rejected": 1})

    async def test_nested_without_end_are_refused(self, importing: Import) -> None:
        begun = await importing(b"[" + b"[" * 200_000)
        assert (await begun.run("apply"))["job"]["problem"]["code"] == "file_unreadable"


class TestRor:
    @pytest.mark.parametrize("shape", ["lines", "list", "packed"])
    async def test_is_loaded_and_known_again(self, importing: Import, shape: str) -> None:
        content = b"\n".join(line for _, line in ror_lines(polish()))
        if shape == "list":
            content = json.dumps(polish(), indent=1).encode()
        if shape == "packed":
            content = gzip.compress(content)
        begun = await importing(content)
        read = await begun.run("apply")
        assert (read["format"], read["source"]) == ("ror", "ror")
        assert counted(read) == {"created": len(polish())}
        assert counted(await (await importing(content)).run("apply")) == {"unchanged": len(polish())}

    async def test_says_what_the_source_has_changed(self, importing: Import) -> None:
        first, *others = polish()
        await (await importing(json.dumps([first, *others]).encode())).run("apply")
        first = {**first, "established": 1801}
        begun = await importing(json.dumps([first, *others]).encode())
        assert counted(await begun.run("apply")) == {"updated": 1, "unchanged": len(others)}
        assert (await begun.rows(verdict="updated"))[0]["changed"] == ["founded_on"]


class TestFiles:
    async def test_of_offices_are_read(self, importing: Import) -> None:
        begun = await importing()
        read = await begun.sent("Nazwa;Miejscowość;;Nazwa\r\nŻółw;Łódź;;x\r\n".encode("cp1250"))
        assert (read["encoding"], read["mapping"]) == ("windows-1250", ["name", "city", None, None])
        await begun.run("apply")
        assert (await begun.rows())[0]["label"] == "Żółw"

    async def test_with_a_mark_at_their_beginning_are_read(self, importing: Import) -> None:
        begun = await importing()
        assert (await begun.sent("\ufeffnazwa\tmiasto\nŻółw\tŁódź\n".encode()))["mapping"] == ["name", "city"]
        assert counted(await begun.run("apply")) == {"created": 1}

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "The file is empty"),
            (b"PK\x03\x04" + b"x" * 100, "no workbook that can be read"),
            (b"\xd0\xcf\x11\xe0" + b"x" * 100, "A workbook of the old kind"),
            ("name\nAlfa\n".encode("utf-16"), "NUL characters"),
            (b"name\n" + b'"' + b"x" * 50, ""),
            (gzip.compress(b"name\nAlfa\n")[:-6], "its end is missing"),
            (gzip.compress(b"a" * 60 * 2**20), "It unpacks to more than"),
        ],
        ids=["empty", "archive", "old", "utf16", "open", "cut", "bomb"],
    )
    async def test_that_are_none_are_refused_in_a_sentence(self, importing: Import, content: bytes, said: str) -> None:
        begun = await importing()
        answer = await begun.send(content)
        if not said:  # what stands behind the header shows when it is read
            assert answer.status_code == 200
            failed = await begun.run("apply")
            assert failed["job"]["state"] == "failed"
            assert "never closed" in failed["job"]["problem"]["detail"]
            return
        assert (answer.status_code, answer.json()["code"]) == (422, "file_unreadable")
        assert said in answer.json()["detail"]
        assert (await begun.read())["format"] is None

    async def test_larger_than_it_takes_are_refused(self, importing: Import) -> None:
        begun = await importing()
        answer = await begun.send(b"x" * (100 * 2**20 + 1))
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


class TestSteps:
    async def test_correct_the_mapping(self, importing: Import) -> None:
        begun = await importing(b"Kto,Gdzie\nAlfa,Tarn\n")
        read = await begun.read()
        assert read["mapping"] == [None, None]
        change = {"mapping": ["name", "city"]}
        answer = await begun.api.patch(begun.path, json=change, headers={"If-Match": f'"{read["version"]}"'})
        assert answer.json()["mapping"] == ["name", "city"]
        assert counted(await begun.run("apply")) == {"created": 1}

    @pytest.mark.parametrize(
        ("mapping", "pointer"),
        [(["name"], "/mapping"), (["name", "name"], "/mapping/1"), (["name", "mame"], "/mapping/1")],
    )
    async def test_refuse_a_mapping_that_does_not_fit(
        self, importing: Import, mapping: list[str], pointer: str
    ) -> None:
        begun = await importing(b"Kto,Gdzie\nAlfa,Tarn\n")
        answer = await begun.api.patch(begun.path, json={"mapping": mapping}, headers={"If-Match": "*"})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"].startswith(pointer)

    async def test_need_a_file(self, importing: Import) -> None:
        begun = await importing()
        answer = await begun.api.post(begun.path + "/apply")
        assert (answer.status_code, answer.json()["code"]) == (409, "import_without_file")

    async def test_wait_for_each_other(self, importing: Import) -> None:
        begun = await importing(TABLE.encode())
        await begun.api.post(begun.path + "/apply")
        for refused in (await begun.api.post(begun.path + "/apply"), await begun.send(b"name\nx\n")):
            assert (refused.status_code, refused.json()["code"]) == (409, "import_running")

    async def test_can_be_called_off(self, api: httpx.AsyncClient, importing: Import) -> None:
        begun = await importing(TABLE.encode())
        await begun.api.post(begun.path + "/apply")
        assert (await begun.api.post(begun.path + "/cancel")).json()["job"]["state"] == "cancelled"
        assert await names_in(api) == []
        assert counted(await begun.run("apply")) == {"created": 3}

    async def test_need_the_version_that_was_read(self, importing: Import) -> None:
        begun = await importing(TABLE.encode())
        assert (await begun.api.patch(begun.path, json={})).status_code == 428
        assert (await begun.api.delete(begun.path, headers={"If-Match": '"99"'})).status_code == 412
        assert (await begun.api.put(begun.path + "/file", content=b"name\n")).status_code == 428

    async def test_end_with_forgetting(self, importing: Import) -> None:
        begun = await importing(TABLE.encode())
        await begun.run("apply")
        assert (await begun.api.delete(begun.path, headers={"If-Match": "*"})).status_code == 204
        for path in ("", "/rows", "/result"):
            answer = await begun.api.get(begun.path + path)
            assert (answer.status_code, answer.json()["code"]) == (404, "import_not_found")

    async def test_are_for_the_office(self, speaking: As, anybody: httpx.AsyncClient, importing: Import) -> None:
        await importing(TABLE.encode())
        assert (await anybody.get(PATH)).status_code == 403
        assert (await (await speaking("integrator")).post(PATH, json={})).status_code == 403
        assert len((await (await speaking("office")).get(PATH)).json()["items"]) == 1


class TestResult:
    async def test_is_a_file_with_a_line_a_row(self, importing: Import) -> None:
        begun = await importing(b"name,latitude\n=Alfa,\nBeta,north\n")
        await begun.run("apply")
        answer = await begun.api.get(begun.path + "/result")
        first, second = csv.DictReader(StringIO(answer.text, newline=""))
        assert (first["label"], first["verdict"]) == ("'=Alfa", "created")
        assert (second["pointer"], second["reason"]) == ("/latitude", "north is no number")
        told = await begun.api.get(begun.path + "/result", params={"format": "ndjson"})
        assert [json.loads(line)["row"] for line in told.text.splitlines()] == [2, 3]

    async def test_is_read_page_by_page(self, importing: Import) -> None:
        table = "name\n" + "".join(f"Firma {number}\n" for number in range(30))
        begun = await importing(table.encode())
        await begun.run("apply")
        seen: list[Any] = []
        cursor = ""
        while cursor is not None:
            page = (await begun.api.get(begun.path + "/rows", params={"limit": 20, "cursor": cursor})).json()
            seen += [row["row"] for row in page["items"]]
            cursor = page["next"]
        assert seen == list(range(2, 32))


class TestInterruption:
    async def test_leaves_whole_chunks_and_goes_on_behind_them(
        self, app: FastAPI, api: httpx.AsyncClient, importing: Import
    ) -> None:
        count = running.CHUNK + 40
        table = "key,name\n" + "".join(f"{number},Firma {number}\n" for number in range(count))
        begun = await importing(table.encode())
        await begun.api.post(begun.path + "/apply")
        # Cancelled as soon as it reports: the first chunk is written by then, the second is not.
        jobs = housekeeping_jobs(app.state.database)
        async with app.state.database.write() as session:
            job = (await begun.read())["job"]["id"]
            await session.execute(app.state.metadata.tables["jobs"].update().values(cancel=True))
        assert await jobs.run_next()
        stopped = await begun.read()
        assert stopped["job"]["id"] == job
        assert (stopped["job"]["state"], stopped["complete"]) == ("cancelled", False)
        assert counted(stopped) == {"created": running.CHUNK}
        assert counted(await begun.run("apply")) == {"created": count}
        total = (await api.get("/v1/entities", params={"limit": 1, "count": True})).json()["total"]
        assert total == count
