"""Everything that is held about a person comes out, to that person and to the office."""

import httpx
from fastapi import FastAPI
from sqlalchemy import text

from klaster_events.consents.operations import give
from klaster_events.consents.schemas import ConsentGiven
from klaster_events.database import METADATA
from tests.events.conftest import NOW, STARTUP, Add, ada
from tests.events.privacy.test_erasing import token
from tests.events.privacy.test_replaying import id_of

# Where a person's random id stands, and what shows it to them. A new table fails the test until somebody decides.
SHOWN = {
    "registrations": "registrations",
    "registration_answers": "registrations",
    "attendance": "attendance",
    "scans": "scans",
    "consents": "consents",
    "board_posts": "posts",
    "interests": "interests",
    "bookings": "bookings",
    "booking_rules": "resources",
    "showcase_items": "results",
    "showcase_contacts": "asked_contacts",
    "meeting_texts": "meetings",
    "messages": "messages",
    "personal_data_reads": "looks",
}
# Written when there is nobody left to show it to.
AFTERWARDS = {"erasures"}


class TestAsk:
    async def test_answers_the_same_whether_the_address_is_known_or_not(
        self, app: FastAPI, anybody: httpx.AsyncClient, held: Add
    ) -> None:
        await held("2026-03-01", "ada@example.org")
        for purpose in ("export", "erase"):
            answers = [
                await anybody.post(f"/v1/privacy/{purpose}", json={"email": email})
                for email in ("ada@example.org", "ADA@example.org", "nobody@example.org")
            ]
            assert {(answer.status_code, answer.text) for answer in answers} == {
                (202, f'{{"purpose":"{purpose}","hours":48}}')
            }
        async with app.state.database.read() as session:
            rows = (await session.execute(text("SELECT kind, state, context FROM messages ORDER BY key"))).all()
        assert [(row.kind, row.state, "export" in str(row.context)) for row in rows] == [
            ("privacy_link", "waiting", False),
            ("privacy_link", "waiting", True),
        ]

    async def test_refuses_what_is_no_address(self, anybody: httpx.AsyncClient) -> None:
        answer = await anybody.post("/v1/privacy/export", json={"email": "ada"})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/email")


class TestExport:
    async def test_holds_all_of_it(
        self, app: FastAPI, office: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add, held: Add
    ) -> None:
        await held("2026-03-01", "ada@example.org", entity=STARTUP)
        event = await add()
        await office.post(f"/v1/events/{event['id']}/registrations", json=ada())
        await office.post("/v1/consent-texts", json={"purpose": "photos", "text": {"pl": "Tak", "en": "Yes"}})
        person_id = await id_of(app.state.database, "ada@example.org")
        async with app.state.database.write() as session:
            agreed = [ConsentGiven(purpose="photos", version=1)]
            await give(session, pairs=[(person_id, agreed)], event_id=None, now=NOW)
        await office.get(f"/v1/events/{event['id']}/registrations")
        await anybody.post("/v1/privacy/export", json={"email": "ada@example.org"})
        path = f"/v1/privacy/export/{await token(app, 'export', person_id)}"
        answer = await anybody.get(path)
        assert "attachment" in answer.headers["content-disposition"]
        assert answer.headers["cache-control"] == "private, no-store"
        found = answer.json()
        assert (found["person"]["name"], found["person"]["email"]) == ("Ada Przykładowa", "ada@example.org")
        assert [one["event"]["id"] for one in found["registrations"]] == [event["id"]]
        assert [(one["present"], one["entity_id"]) for one in found["attendance"]] == [(True, str(STARTUP))]
        assert [(one["purpose"], one["text"]) for one in found["consents"]] == [("photos", {"pl": "Tak", "en": "Yes"})]
        assert "privacy_link" in [one["kind"] for one in found["messages"]]
        assert [(one["role"], one["shown"]) for one in found["looks"]] == [("office", "registrations")]
        page = await anybody.get(path, headers={"Accept": "text/html", "Accept-Language": "en"})
        assert "Download my data" in page.text
        download = await anybody.get(path, params={"format": "json"}, headers={"Accept": "text/html"})
        assert download.json()["person"] == found["person"]

    async def test_by_the_office_is_recorded_with_its_reason(
        self, app: FastAPI, office: httpx.AsyncClient, anybody: httpx.AsyncClient, held: Add
    ) -> None:
        await held("2026-03-01", "ada@example.org")
        found = await office.post("/v1/privacy/people/find", json={"email": "Ada@example.org"})
        path = f"/v1/privacy/people/{found.json()['id']}"
        assert (await office.get(path)).status_code == 422
        assert (await office.get(path, params={"reason": "asked"})).json()["person"]["email"] == "ada@example.org"
        assert (await anybody.get(path, params={"reason": "asked"})).status_code == 403
        async with app.state.database.read() as session:
            looks = (await session.scalars(text("SELECT list_name FROM personal_data_reads ORDER BY id"))).all()
        assert looks == ["find", "person (asked)"]
        assert (await office.post("/v1/privacy/people/find", json={"email": "x@example.org"})).status_code == 404

    async def test_of_somebody_erased_shows_nothing(
        self, app: FastAPI, office: httpx.AsyncClient, anybody: httpx.AsyncClient, held: Add
    ) -> None:
        await held("2026-03-01", "ada@example.org")
        person_id = await id_of(app.state.database, "ada@example.org")
        path = f"/v1/privacy/export/{await token(app, 'export', person_id)}"
        await office.post(f"/v1/privacy/people/{person_id}/erase", json={"reason": "asked"})
        assert (await anybody.get(path)).status_code == 404

    def test_knows_every_table_that_knows_a_person(self) -> None:
        tables = {table.name for table in METADATA.sorted_tables if "person_id" in table.columns}
        assert tables == SHOWN.keys() | AFTERWARDS


class TestConsents:
    async def test_are_listed_and_taken_back_by_the_office(
        self, app: FastAPI, office: httpx.AsyncClient, held: Add
    ) -> None:
        await held("2026-03-01", "ada@example.org")
        await office.post("/v1/consent-texts", json={"purpose": "photos", "text": {"pl": "Tak", "en": "Yes"}})
        person_id = await id_of(app.state.database, "ada@example.org")
        async with app.state.database.write() as session:
            agreed = [ConsentGiven(purpose="photos", version=1)]
            await give(session, pairs=[(person_id, agreed)], event_id=None, now=NOW)
        path = f"/v1/privacy/people/{person_id}/consents"
        [held_now] = (await office.get(path)).json()["items"]
        assert held_now["withdrawn_at"] is None
        [ended] = (await office.post(f"{path}/photos/withdraw")).json()["items"]
        assert ended["withdrawn_at"] == "2026-11-24T09:00:00Z"
        assert (await office.get(f"/v1/privacy/people/{STARTUP}/consents")).status_code == 404


class TestLooks:
    async def test_are_listed_for_admins_page_by_page_and_filtered(
        self, app: FastAPI, base_url: str, office: httpx.AsyncClient, held: Add
    ) -> None:
        from klaster_shared.testing.servers import calling

        event = await held("2026-03-01", "ada@example.org")
        for what in ("registrations", "attendance", "registrations"):
            await office.get(f"/v1/events/{event['id']}/{what}")
        assert (await office.get("/v1/privacy/looks")).status_code == 403
        async with calling(base_url, app, "admin") as admin:
            first = (await admin.get("/v1/privacy/looks", params={"limit": 2, "count": "true"})).json()
            rest = (await admin.get("/v1/privacy/looks", params={"cursor": first["next"]})).json()
            assert (first["total"], len(first["items"]), len(rest["items"]), rest["next"]) == (3, 2, 1, None)
            filters = {"shown": "attendance", "role": "office", "actor": "test:office", "event": event["id"]}
            [look] = (await admin.get("/v1/privacy/looks", params=filters)).json()["items"]
            assert (look["shown"], look["event_id"], look["person_id"]) == ("attendance", event["id"], None)
            since = {"since": "2026-11-24T09:00:01Z"}
            assert (await admin.get("/v1/privacy/looks", params=since)).json()["items"] == []
            until = {"until": "2026-11-24T09:00:01Z", "person": str(STARTUP)}
            assert (await admin.get("/v1/privacy/looks", params=until)).json()["items"] == []
