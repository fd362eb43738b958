"""Personal data stands where it may and nowhere else: every table, log line and answer is walked through.

Tables and operations are taken from the models and the contract: one that is new is looked at without being named here.
"""

import io
import logging
import sys
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
import structlog
from fastapi import FastAPI
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from klaster_events.consents.operations import give
from klaster_events.consents.schemas import ConsentGiven
from klaster_events.database import METADATA
from klaster_events.entities.operations import keep
from klaster_events.entities.schemas import EntityFacts
from klaster_events.links.operations import signing_links
from klaster_events.resources.copying import apply_changes
from klaster_events.retention.operations import tidy
from klaster_shared.database import Database
from klaster_shared.following import FeedChange
from klaster_shared.identifiers import new_id
from klaster_shared.logs import configure_logs
from klaster_shared.testing.servers import calling
from tests.events.bookings.conftest import LAB, booking_body, lab, rules
from tests.events.conftest import FOUNDATION, NOW, STARTUP, Add, FakeRegistry, contract
from tests.events.privacy.test_replaying import id_of

# Nobody else's name or address could contain these.
NAME, SURNAME, ADDRESS, ANSWER = "Wszebora", "Znakowska", "unmistakable", "quarkallergie"
MARKERS = (NAME, SURNAME, ADDRESS, ANSWER)
PERSON = {"name": f"{NAME} {SURNAME}", "email": f"{ADDRESS}@example.org"}
WALK_IN = {"name": f"{NAME} {SURNAME}", "email": f"{ADDRESS}.walkin@example.org"}
ASKER = UUID("01900000-0000-7000-8000-000000000003")
# The only tables that may hold something of a person; `privacy` erases both.
PERSONAL = {"people", "registration_answers", "interests", "bookings", "showcase_contacts", "meeting_texts"}


def found_in(what: str) -> list[str]:
    """Which markers a text holds, in whatever way they are spelt."""
    lowered = what.lower()
    return [marker for marker in MARKERS if marker.lower() in lowered]


def readable(cell: Any) -> str:
    return bytes(cell).decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)


async def tables_with_markers(database: Database) -> dict[str, list[str]]:
    """Every table that holds one, with what it holds."""
    found: dict[str, list[str]] = {}
    async with database.read() as session:
        for table in METADATA.sorted_tables:
            for row in (await session.execute(select(table))).all():
                cells = [
                    bytes(cell).decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell) for cell in row
                ]
                if held := found_in(" ".join(cells)):
                    found.setdefault(table.name, []).extend(held)
    return found


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything that is logged, down to the last detail."""
    configure_logs(service="events", level="DEBUG", style="json")
    for module in [module for name, module in sys.modules.items() if name.startswith("klaster_")]:
        for value in vars(module).values():
            if isinstance(value, structlog._config.BoundLoggerLazyProxy):
                vars(value).pop("bind", None)  # it remembers how it was configured when it was first used
    handler = logging.getLogger().handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    stream = io.StringIO()
    handler.setStream(stream)
    yield stream
    configure_logs(service="test", level="WARNING")


@pytest.fixture
async def known(
    app: FastAPI,
    lines: io.StringIO,
    office: httpx.AsyncClient,
    anybody: httpx.AsyncClient,
    add: Add,
    registry: FakeRegistry,
) -> dict[str, str]:
    """One person went through everything that people go through; ids of what there is by the names of parameters."""
    question = {"code": "diet", "label": {"pl": "Dieta", "en": "Diet"}, "required": True}
    event = await add(questions=[question], starts_at="2026-11-24T10:00:00Z", online=True)
    path = f"/v1/events/{event['id']}"
    await office.post("/v1/consent-texts", json={"purpose": "photos", "text": {"pl": "Tak", "en": "Yes"}})
    body = {**PERSON, "answers": {"diet": ANSWER}, "consents": [{"purpose": "photos", "version": 1}]}
    for _ in range(2):
        assert (await anybody.post(f"{path}/registrations", json=body, headers=keyed("registers"))).status_code == 201
    assert (await anybody.post(f"{path}/registrations", json=body)).status_code == 201
    assert (await office.post(f"{path}/registrations", json=body)).status_code == 409
    for wrong in (
        {**body, "answers": {}},
        {**body, "consents": [{"purpose": ANSWER, "version": 1}]},
        {**body, ADDRESS: 1},
    ):
        assert (await anybody.post(f"{path}/registrations", json=wrong)).status_code == 422
    [registration] = (await office.get(f"{path}/registrations")).json()["items"]
    person_id = registration["person"]["id"]
    async with app.state.database.write() as session:
        links = await signing_links(session, now=NOW)
        agreed = [ConsentGiven(purpose="photos", version=1)]
        await give(session, pairs=[(UUID(person_id), agreed)], event_id=None, now=NOW)
    own = links.sign("registration", UUID(registration["id"]))
    assert (await anybody.post(f"/v1/registration-links/{own}/confirm", headers=keyed("confirms"))).status_code == 200
    await _at_the_door(office, path)
    sheet = {"people": [{"person": WALK_IN}, {"registration_id": registration["id"]}]}
    assert (await office.post(f"{path}/attendance", json=sheet, headers=keyed("came"))).status_code == 200
    await _together(office, path)
    whose = {"email": PERSON["email"]}
    for purpose in ("export", "erase"):
        assert (await anybody.post(f"/v1/privacy/{purpose}", json=whose, headers=keyed(purpose))).is_success
    assert (await office.post("/v1/privacy/people/find", json=whose, headers=keyed("find"))).is_success
    async with app.state.database.write() as session:
        await keep(session, facts=[EntityFacts(id=ASKER, name="Szpital")], now=NOW)
    post, interest = await _on_the_board(office)
    booking, result = await _in_the_laboratory(app, office, registry)
    await _provoke(app.state.database)
    await tidy(app.state.database, months=24, now=NOW)
    async with app.state.database.read() as session:
        message_id = str(await session.scalar(select(METADATA.tables["messages"].c.id).limit(1)))
    return {
        "event_id": event["id"],
        "registration_id": registration["id"],
        "person_id": person_id,
        "message_id": message_id,
        "session_id": str(new_id()),
        "list_id": event["id"],
        "post_id": post,
        **await _at_the_forum(office, event["id"], registration["id"]),
        "interest_id": interest,
        "booking_id": booking,
        "resource_id": str(LAB),
        "result_id": result,
        "blackout_id": str(new_id()),
        "outgoing_id": str(new_id()),
        "link": links.sign_for_a_while("export", UUID(person_id), now=NOW),
    }


async def _together(office: httpx.AsyncClient, path: str) -> None:
    """Sent in lists as well, good rows and bad ones."""
    group = {"people": [PERSON, {**PERSON, "email": f"{ADDRESS}@nowhere"}, {**WALK_IN, "answers": {"diet": ANSWER}}]}
    answer = await office.post(f"{path}/registrations/group", json=group, headers=keyed("group"))
    assert answer.status_code == 200, answer.text
    table = f"name;email;diet\n{NAME} {SURNAME};{ADDRESS}.listed@example.org;{ANSWER}\n{NAME};{ADDRESS};{ANSWER}\n"
    csv = {"Content-Type": "text/csv", **keyed("list")}
    answer = await office.post(f"{path}/registrations/import", content=table.encode(), headers=csv)
    assert answer.status_code == 200, answer.text


def keyed(what: str) -> dict[str, str]:
    """Sent with a key, the first answer is kept."""
    return {"Idempotency-Key": what}


async def _at_the_door(office: httpx.AsyncClient, path: str) -> None:
    door = {"name": {"pl": "Wejście", "en": "Door"}, "walk_ins": True}
    created = (await office.post(f"{path}/checkin/lists", json=door)).json()
    scan = {"list": created["id"], "person": WALK_IN, "datetime": NOW.isoformat(), "nonce": "n-1"}
    for _ in range(2):
        answer = await office.post(f"{path}/checkin/scans", json=scan, headers=keyed("scan"))
        assert answer.status_code == 200, answer.text


async def _on_the_board(office: httpx.AsyncClient) -> tuple[str, str]:
    """A post, and interest in it that both sides agreed to."""
    kind = {"code": "networking", "name": {"pl": "Inne", "en": "Other"}}
    assert (await office.post("/v1/lsos/post-kinds", json=kind)).status_code == 201
    said = {"side": "offer", "kind": "networking", "owner": str(FOUNDATION), "valid_until": "2027-06-30"}
    words = {"title": {"pl": "Oferta"}, "text": {"pl": "Oferujemy."}, "state": "published", "contact": PERSON}
    answer = await office.post("/v1/lsos/board", json={**said, **words}, headers=keyed("post"))
    assert answer.status_code == 201, answer.text
    path = f"/v1/lsos/board/{answer.json()['id']}/interests"
    interested = {"entity": str(ASKER), "contact": PERSON, "message": f"{NAME}: {ANSWER}", "agrees": True}
    shown = await office.post(path, json=interested, headers=keyed("interest"))
    assert shown.status_code == 201, shown.text
    agreed = f"/v1/lsos/interests/{shown.json()['id']}/agree"
    answered = await office.post(agreed, json={"side": "owner"}, headers={**keyed("agrees"), "If-Match": "*"})
    assert answered.json()["state"] == "agreed", answered.text
    return answer.json()["id"], shown.json()["id"]


async def _at_the_forum(office: httpx.AsyncClient, event_id: str, registration_id: str) -> dict[str, str]:
    """An edition of the event, and the person in it, who does not let others know the name."""
    kinds = [{"code": "company", "name": {"pl": "Firma", "en": "Company"}}]
    windows = [{"day": 2, "from": "17:00", "until": "18:00"}]
    made = await office.post("/v1/lsos/editions", json={"event": event_id, "windows": windows, "kinds": kinds})
    path = made.headers["location"]
    table = (await office.post(f"{path}/tables", json={"tables": [{"code": "T1"}]}, headers=keyed("table"))).json()
    assert (await office.post(f"{path}/open", headers={"If-Match": "*"})).status_code == 200
    profile = {"registration": registration_id, "kind": "company", "seeks": ["bank"]}
    joined = await office.post(f"{path}/participants", json=profile, headers=keyed("joins"))
    assert joined.status_code == 201, joined.text
    registered = (await office.get(f"/v1/events/{event_id}/registrations", params={"state": "confirmed"})).json()[
        "items"
    ]
    [other, *_] = [one["id"] for one in registered if one["id"] != registration_id]
    asked = await office.post(f"{path}/participants", json={**profile, "registration": other})
    wish = {"asked_by": joined.json()["id"], "asked": asked.json()["id"], "message": f"{ANSWER} {NAME}"}
    meeting = await office.post(f"{path}/meetings", json=wish, headers=keyed("asks"))
    assert meeting.status_code == 201, meeting.text
    return {
        "edition_id": made.json()["id"],
        "meeting_id": meeting.json()["id"],
        "plan_id": str(new_id()),
        "table_id": table["items"][0]["id"],
        "participant_id": joined.json()["id"],
    }


async def _in_the_laboratory(app: FastAPI, office: httpx.AsyncClient, registry: FakeRegistry) -> tuple[str, str]:
    """A booking with what it is for, and a result on show that somebody asked about."""
    change = FeedChange(position=1, kind="created", collection="labs", id=str(LAB), record=lab())
    async with app.state.database.write() as session:
        await apply_changes(session, [change], NOW)
    path = f"/v1/lsos/resources/{LAB}/booking-rules"
    answer = await office.put(path, json={**rules(), "contact": WALK_IN}, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    said = booking_body(entity=str(ASKER), person=PERSON, purpose=f"{NAME}: {ANSWER}")
    booked = await office.post("/v1/lsos/bookings", json=said, headers=keyed("booking"))
    assert booked.status_code == 201, booked.text
    declined = f"/v1/lsos/bookings/{booked.json()['id']}/decline"
    assert (
        await office.post(declined, json={"note": ANSWER}, headers={**keyed("declines"), "If-Match": "*"})
    ).is_success
    both = {"pl": "Wynik", "en": "Result"}
    project = str(new_id())
    registry.records[f"/v1/projects/{project}"] = {"id": project, "partners": []}
    shown = {"entity": str(FOUNDATION), "project": project, "contact": PERSON, "title": both, "text": both}
    result = await office.post("/v1/lsos/showcase", json={**shown, "state": "published"}, headers=keyed("result"))
    assert result.status_code == 201, result.text
    asked = {"entity": str(ASKER), "person": PERSON, "message": f"{NAME}: {ANSWER}"}
    contacts = f"/v1/lsos/showcase/{result.json()['id']}/contacts"
    assert (await office.post(contacts, json=asked, headers=keyed("contact"))).status_code == 201
    return booked.json()["id"], result.json()["id"]


async def _provoke(database: Database) -> None:
    """An error of the database whose own words hold what the statement was given."""
    row = {
        "id": new_id(),
        "name": PERSON["name"],
        "email": PERSON["email"],
        "email_key": PERSON["email"],
        "created_at": NOW,
    }
    with pytest.raises(IntegrityError) as raised:
        async with database.write() as session:
            await session.execute(insert(METADATA.tables["people"]), row)
    structlog.get_logger("klaster_shared.errors").error("provoked", exc_info=raised.value, error=repr(raised.value))


class TestTables:
    async def test_hold_nothing_of_a_person_but_a_few(self, app: FastAPI, known: dict[str, str]) -> None:
        found = await tables_with_markers(app.state.database)
        assert found.keys() == PERSONAL

    async def test_hold_nothing_at_all_once_the_person_is_erased(
        self, app: FastAPI, office: httpx.AsyncClient, known: dict[str, str]
    ) -> None:
        others = [await id_of(app.state.database, f"{ADDRESS}.{which}@example.org") for which in ("walkin", "listed")]
        for person_id in (known["person_id"], *others):
            answer = await office.post(f"/v1/privacy/people/{person_id}/erase", json={"reason": "asked"})
            assert answer.status_code == 200
        assert await tables_with_markers(app.state.database) == {}
        async with app.state.database.read() as session:
            assert await session.scalar(text("SELECT count(*) FROM consents")) == 0


class TestLogs:
    async def test_hold_neither_a_person_nor_what_opens_a_link(
        self, app: FastAPI, lines: io.StringIO, anybody: httpx.AsyncClient, known: dict[str, str]
    ) -> None:
        assert (await anybody.get(f"/v1/privacy/export/{known['link']}")).status_code == 200
        written = lines.getvalue()
        assert "/v1/privacy/export/..." in written
        assert "provoked" in written
        assert [line for line in written.splitlines() if found_in(line) or known["link"] in line] == []


class TestAnswers:
    @pytest.mark.parametrize("role", ["anonymous", "integrator", "device", "partner"])
    async def test_tell_nobody_who_may_not_know(
        self, app: FastAPI, base_url: str, known: dict[str, str], role: Any
    ) -> None:
        entity = STARTUP if role == "partner" else None  # a partner that does not organise the event
        async with calling(base_url, app, role, entity=entity) as client:
            answers = [await client.get(path) for path in paths(known)]
        assert {answer.status_code for answer in answers} <= {200, 403, 404, 422}
        assert [answer.url.path for answer in answers if found_in(answer.text)] == []

    @pytest.mark.parametrize("role", ["office", "partner"])
    async def test_that_name_people_are_kept_by_no_cache(
        self, app: FastAPI, base_url: str, known: dict[str, str], role: Any
    ) -> None:
        entity = FOUNDATION if role == "partner" else None
        async with calling(base_url, app, role, entity=entity) as client:
            answers = [await client.get(path) for path in paths(known)]
        naming = [answer for answer in answers if found_in(answer.text)]
        assert len(naming) >= 3
        assert {answer.headers["cache-control"] for answer in naming} == {"private, no-store"}

    async def test_are_recorded_as_looks(self, app: FastAPI, office: httpx.AsyncClient, known: dict[str, str]) -> None:
        for path in paths(known):
            before = await looks(app.state.database)
            answer = await office.get(path)
            if found_in(answer.text):
                assert await looks(app.state.database) == before + 1, path


def paths(known: dict[str, str]) -> list[str]:
    """Every path that can be read, with ids of what there is; links of one's own are somebody's own."""
    found = []
    for template, item in contract()["paths"].items():
        if "get" in item and "{token}" not in template:
            path = template
            for name, value in {**known, "code": "networking", "purpose": "photos"}.items():
                path = path.replace(f"{{{name}}}", value)
            reasons = [one["name"] for one in item["get"].get("parameters", ()) if one["name"] == "reason"]
            found.append(f"{path}?reason=asked" if reasons else path)
    return found


async def looks(database: Database) -> int:
    async with database.read() as session:
        return int(await session.scalar(text("SELECT count(*) FROM personal_data_reads")) or 0)
