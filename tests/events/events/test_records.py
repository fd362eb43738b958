"""Events as records: created, read, changed, moved on, deleted."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.event import listen

from klaster_events.resources.following import follow_registry
from klaster_shared.errors import MEDIA_TYPE
from tests.events.conftest import FOUNDATION, STARTUP, Add, FakeRegistry, ada, event_body

DIET: dict[str, Any] = {
    "code": "diet",
    "kind": "choice",
    "label": {"pl": "Dieta", "en": "Diet"},
    "required": False,
    "options": [{"code": "vegan", "label": {"pl": "Wegańska", "en": "Vegan"}}],
}
UNKNOWN = "01900000-0000-7000-8000-0000000000ff"


class TestCreate:
    async def test_answers_with_the_record_its_place_and_its_version(self, office: httpx.AsyncClient) -> None:
        answer = await office.post("/v1/events", json=event_body(capacity=20, sig="talents", path="community"))
        record = answer.json()
        assert answer.status_code == 201
        assert answer.headers["location"] == f"/v1/events/{record['id']}"
        assert answer.headers["etag"].startswith('"1.')
        assert record["organiser"] == {"id": str(FOUNDATION), "name": "Fundacja"}
        assert record["seats"] == {"confirmed": 0, "held": 0, "waiting": 0, "free": 20}
        assert record["starts_at"] == "2026-11-25T16:00:00Z"
        assert (record["state"], record["present"]) == ("published", 0)

    async def test_is_carried_out_once_however_often_it_is_sent(self, office: httpx.AsyncClient) -> None:
        key = {"Idempotency-Key": "one"}
        first = await office.post("/v1/events", json=event_body(), headers=key)
        second = await office.post("/v1/events", json=event_body(), headers=key)
        assert (second.status_code, second.json()) == (201, first.json())

    @pytest.mark.parametrize(
        ("wrong", "pointer"),
        [
            ({"type": "ball"}, "/type"),
            ({"series": "unheard-of"}, "/series"),
            ({"zone": "Europe/Cracow"}, "/zone"),
            ({"starts_at": "2026-11-25T17:00:00"}, "/starts_at"),
            ({"capacity": 0}, "/capacity"),
            ({"colour": "red"}, "/colour"),
            ({"ends_at": "2026-11-25T17:00:00+01:00"}, ""),
        ],
    )
    async def test_refuses_what_cannot_be_with_its_place(
        self, office: httpx.AsyncClient, wrong: dict[str, Any], pointer: str
    ) -> None:
        answer = await office.post("/v1/events", json=event_body(**wrong))
        assert (answer.status_code, answer.headers["content-type"]) == (422, MEDIA_TYPE)
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]

    async def test_refuses_a_second_event_of_one_key(self, office: httpx.AsyncClient, add: Add) -> None:
        await add(source="crm", source_key="7")
        answer = await office.post("/v1/events", json=event_body(source="crm", source_key="7"))
        assert (answer.status_code, answer.json()["code"]) == (409, "event_exists")

    async def test_takes_as_completed_only_what_is_over(self, office: httpx.AsyncClient) -> None:
        answer = await office.post("/v1/events", json=event_body(state="completed"))
        assert (answer.status_code, answer.json()["code"]) == (409, "event_not_over")


class TestWhole:
    async def test_answers_with_all_that_was_said(self, office: httpx.AsyncClient, anybody: httpx.AsyncClient) -> None:
        said: dict[str, Any] = {
            "description": {"pl": "O nauce.\nI o kawie.", "en": "On science.\nAnd coffee."},
            "languages": ["pl", "en"],
            "online": True,
            "online_url": "https://meet.example.org/secret",
            "registration_from": "2026-11-01T08:00:00Z",
            "registration_until": "2026-11-25T12:00:00Z",
            "approval": True,
            "offer_hours": 12,
            "questions": [DIET],
        }
        made = (await office.post("/v1/events", params={"lang": "all"}, json=event_body(**said))).json()
        assert {name: made[name] for name in said} == said
        shown = (await anybody.get(f"/v1/events/{made['id']}", headers={"Accept-Language": "pl"})).json()
        assert (shown["description"], shown["online_url"]) == ("O nauce.\nI o kawie.", None)
        assert shown["questions"] == [DIET]

    @pytest.mark.parametrize(
        ("wrong", "pointer"),
        [
            ({"languages": ["polski"]}, "/languages/0"),
            ({"description": {"pl": "O nauce."}}, "/description/en"),
            ({"visibility": "sig"}, "/sig"),
            ({"visibility": "friends"}, "/visibility"),
            ({"online_url": "https://meet.example.org/secret"}, "/online_url"),
            ({"online": True, "online_url": "javascript:alert(1)"}, "/online_url"),
            ({"registration_until": "2026-11-25T20:00:01+01:00"}, "/registration_until"),
            ({"registration_from": "2026-11-25T20:00:00+01:00"}, "/registration_from"),
            (
                {"registration_from": "2026-11-20T10:00:00Z", "registration_until": "2026-11-20T10:00:00Z"},
                "/registration_from",
            ),
            ({"offer_hours": 0}, "/offer_hours"),
            ({"questions": [{**DIET, "options": []}]}, "/questions/0/options"),
            ({"questions": [DIET, DIET]}, "/questions/1/code"),
            ({"questions": [{**DIET, "kind": "essay"}]}, "/questions/0/kind"),
            ({"questions": [{**DIET, "options": [*DIET["options"], *DIET["options"]]}]}, "/questions/0/options/1/code"),
            ({"co_organisers": [str(STARTUP), UNKNOWN]}, "/co_organisers/1"),
        ],
    )
    async def test_refuses_what_cannot_be_new_or_changed(
        self, office: httpx.AsyncClient, add: Add, wrong: dict[str, Any], pointer: str
    ) -> None:
        path = f"/v1/events/{(await add())['id']}"
        answers = (
            await office.post("/v1/events", json=event_body(**wrong)),
            await office.patch(path, json=wrong, headers={"If-Match": "*"}),
        )
        for answer in answers:
            assert (answer.status_code, answer.headers["content-type"]) == (422, MEDIA_TYPE)
            assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
        assert (await office.get(path)).json()["version"] == 1

    async def test_can_be_taken_back_piece_by_piece(self, office: httpx.AsyncClient, add: Add) -> None:
        event = await add(
            description={"pl": "O nauce.", "en": "On science."},
            languages=["pl"],
            offer_hours=12,
            questions=[DIET],
            co_organisers=[str(STARTUP)],
        )
        nothing: dict[str, Any] = {
            "description": None,
            "languages": [],
            "offer_hours": None,
            "questions": [],
            "co_organisers": [],
        }
        path = f"/v1/events/{event['id']}"
        changed = (await office.patch(path, json=nothing, headers={"If-Match": "*"})).json()
        assert {name: changed[name] for name in nothing} == nothing
        again = await office.patch(path, json=nothing, headers={"If-Match": "*"})
        assert again.json()["version"] == changed["version"] == 2


class TestCoOrganisers:
    async def test_are_named_in_order_and_found_by(
        self, office: httpx.AsyncClient, registry: FakeRegistry, add: Add
    ) -> None:
        newcomer = uuid4()
        registry.knows(newcomer, "Nowa Pracownia")
        given = [str(newcomer), str(STARTUP), str(newcomer), str(FOUNDATION)]
        event = await add("Razem", co_organisers=given)
        assert [one["name"] for one in event["co_organisers"]] == ["Nowa Pracownia", "Cardiomatics"]
        await add("Sama")
        for entity in (newcomer, STARTUP):
            found = (await office.get("/v1/events", params={"organiser": str(entity)})).json()["items"]
            assert [item["title"] for item in found] == ["Razem"]

    async def test_that_takes_over_as_organiser_is_no_co_organiser_any_more(
        self, office: httpx.AsyncClient, add: Add
    ) -> None:
        event = await add(co_organisers=[str(STARTUP)])
        changed = await office.patch(
            f"/v1/events/{event['id']}", json={"organiser": str(STARTUP)}, headers={"If-Match": "*"}
        )
        assert (changed.json()["organiser"]["name"], changed.json()["co_organisers"]) == ("Cardiomatics", [])

    async def test_follow_merges(self, app: Any, office: httpx.AsyncClient, registry: FakeRegistry, add: Add) -> None:
        old, new = uuid4(), uuid4()
        for entity_id in (old, new):
            registry.knows(entity_id, f"Podmiot {entity_id}")
        await follow_registry(app.state.database, app.state.registry)
        event = await add(co_organisers=[str(old)])
        registry.tell("merged", old, None, merged_into=str(new))
        await follow_registry(app.state.database, app.state.registry)
        found = (await office.get("/v1/events", params={"organiser": str(new)})).json()["items"]
        assert [(item["id"], item["co_organisers"][0]["id"]) for item in found] == [(event["id"], str(new))]

    async def test_cost_a_list_no_query_each(self, app: Any, office: httpx.AsyncClient, add: Add) -> None:
        asked: list[str] = []
        for number in range(12):
            await add(f"Razem {number}", co_organisers=[str(STARTUP)])
        engine = app.state.database._reader.sync_engine
        listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
        counts = []
        for limit in (2, 12):
            asked.clear()
            page = await office.get("/v1/events", params={"limit": limit})
            assert len(page.json()["items"]) == limit
            counts.append(len(asked))
        assert counts[0] == counts[1] <= 5


class TestOrganiser:
    async def test_is_asked_of_the_registry_where_the_copy_does_not_know_it(
        self, office: httpx.AsyncClient, registry: FakeRegistry
    ) -> None:
        newcomer = uuid4()
        registry.knows(newcomer, "Nowa Pracownia")
        answer = await office.post("/v1/events", json=event_body(organiser=str(newcomer)))
        assert answer.json()["organiser"] == {"id": str(newcomer), "name": "Nowa Pracownia"}
        await office.post("/v1/events", json=event_body(organiser=str(newcomer)))
        assert len(registry.asked) == 1

    async def test_that_nobody_knows_is_refused_with_its_place(self, office: httpx.AsyncClient) -> None:
        answer = await office.post("/v1/events", json=event_body(organiser=str(uuid4())))
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/organiser"
        assert (await office.get("/v1/events")).json()["items"] == []

    async def test_of_the_copy_needs_no_registry(self, office: httpx.AsyncClient, registry: FakeRegistry) -> None:
        registry.away = True
        assert (await office.post("/v1/events", json=event_body())).status_code == 201

    async def test_cannot_be_checked_while_the_registry_is_away(
        self, office: httpx.AsyncClient, registry: FakeRegistry
    ) -> None:
        registry.away = True
        answer = await office.post("/v1/events", json=event_body(organiser=str(uuid4())))
        assert (answer.status_code, answer.json()["code"], answer.json()["service"]) == (503, "unavailable", "registry")


class TestChange:
    async def test_needs_the_version_that_was_read(self, office: httpx.AsyncClient, add: Add) -> None:
        event = await add()
        path = f"/v1/events/{event['id']}"
        assert (await office.patch(path, json={"place": "Kraków"})).status_code == 428
        assert (await office.patch(path, json={"place": "Kraków"}, headers={"If-Match": '"9"'})).status_code == 412
        etag = (await office.get(path)).headers["etag"]
        changed = await office.patch(path, json={"place": "Kraków"}, headers={"If-Match": etag})
        assert (changed.json()["place"], changed.json()["version"]) == ("Kraków", 2)
        assert (await office.patch(path, json={"place": None}, headers={"If-Match": etag})).status_code == 412

    async def test_is_found_under_its_new_words(self, office: httpx.AsyncClient, add: Add) -> None:
        event = await add("Śniadanie")
        path, title = f"/v1/events/{event['id']}", {"pl": "Wieczór w Łodzi", "en": "Evening"}
        await office.patch(path, json={"title": title, "organiser": str(STARTUP)}, headers={"If-Match": "*"})
        found = (await office.get("/v1/events", params={"q": "lodzi WIECZOR"})).json()["items"]
        assert [item["organiser"]["name"] for item in found] == ["Cardiomatics"]
        assert (await office.get("/v1/events", params={"q": "sniadanie"})).json()["items"] == []


class TestCapacity:
    async def test_below_what_is_confirmed_and_held_is_refused_with_the_numbers(
        self, app: Any, office: httpx.AsyncClient, add: Add
    ) -> None:
        path = f"/v1/events/{(await add(capacity=5))['id']}"
        async with app.state.database.write() as session:
            await session.execute(text("UPDATE events SET confirmed = 2, held = 1"))
        answer = await office.patch(path, json={"capacity": 2}, headers={"If-Match": "*"})
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (409, "seats_taken")
        assert (problem["confirmed"], problem["held"], problem["capacity"]) == (2, 1, 2)
        lowered = await office.patch(path, json={"capacity": 3}, headers={"If-Match": "*"})
        assert lowered.json()["seats"] == {"confirmed": 2, "held": 1, "waiting": 0, "free": 0}


class TestSteps:
    async def test_lead_from_draft_to_completed(
        self, app: Any, office: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add
    ) -> None:
        event = await add(state="draft")
        path = f"/v1/events/{event['id']}"
        assert (await anybody.get(path)).status_code == 404
        assert (await anybody.get("/v1/events")).json()["items"] == []
        assert (await anybody.post(f"{path}/registrations", json=ada())).status_code == 404
        assert (await office.post(f"{path}/publish")).json()["state"] == "published"
        assert (await anybody.get(path)).status_code == 200
        assert (await office.post(f"{path}/publish")).json()["code"] == "wrong_event_state"
        assert (await office.post(f"{path}/complete")).json()["code"] == "event_not_over"
        app.state.clock = lambda: datetime(2026, 11, 26, tzinfo=UTC)
        assert (await anybody.post(f"{path}/registrations", json=ada())).status_code == 409
        assert (await office.post(f"{path}/complete")).json()["state"] == "completed"
        assert (await office.post(f"{path}/cancel")).status_code == 409

    async def test_close_registration_when_cancelled(
        self, office: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add
    ) -> None:
        path = f"/v1/events/{(await add())['id']}"
        assert (await office.post(f"{path}/cancel")).json()["state"] == "cancelled"
        assert (await anybody.post(f"{path}/registrations", json=ada())).json()["code"] == "wrong_event_state"


class TestDelete:
    async def test_leaves_a_tombstone(self, office: httpx.AsyncClient, follower: httpx.AsyncClient, add: Add) -> None:
        event = await add()
        answer = await office.delete(f"/v1/events/{event['id']}", headers={"If-Match": "*"})
        assert answer.status_code == 204
        feed = (await follower.get("/v1/events/changes")).json()["items"]
        assert [(item["kind"], item["record"]) for item in feed if item["id"] == event["id"]][-1] == ("deleted", None)

    async def test_is_refused_where_people_registered_unless_it_is_demonstration(
        self, office: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add
    ) -> None:
        for demonstration, status in ((False, 409), (True, 204)):
            path = f"/v1/events/{(await add(demonstration=demonstration))['id']}"
            await anybody.post(f"{path}/registrations", json=ada())
            assert (await office.delete(path, headers={"If-Match": "*"})).status_code == status

    async def test_is_refused_where_somebody_ever_stood_on_the_list(self, office: httpx.AsyncClient, add: Add) -> None:
        path = f"/v1/events/{(await add())['id']}"
        made = (await office.post(f"{path}/registrations", json=ada())).json()
        await office.post(f"{path}/registrations/{made['id']}/cancel")
        answer = await office.delete(path, headers={"If-Match": "*"})
        assert (answer.status_code, answer.json()["code"]) == (409, "event_has_people")


class TestList:
    async def test_filters_sorts_and_pages(self, office: httpx.AsyncClient, add: Add) -> None:
        for number, title in enumerate(("Żaba", "Łąka", "Las", "Ćma")):
            day = f"2026-12-0{number + 1}"
            await add(title, starts_at=f"{day}T10:00:00Z", ends_at=f"{day}T12:00:00Z")
        asked: dict[str, Any] = {"sort": "title", "limit": 3, "count": "true"}
        first = (await office.get("/v1/events", params=asked)).json()
        assert ([item["title"] for item in first["items"]], first["total"]) == (["Ćma", "Las", "Łąka"], 4)
        rest = (await office.get("/v1/events", params={**asked, "cursor": first["next"]})).json()
        assert ([item["title"] for item in rest["items"]], rest["next"]) == (["Żaba"], None)
        within = {"from": "2026-12-02", "to": "2026-12-03", "sort": "-starts_at"}
        items = (await office.get("/v1/events", params=within)).json()["items"]
        assert [item["title"] for item in items] == ["Las", "Łąka"]

    async def test_says_which_parameter_it_does_not_know(self, office: httpx.AsyncClient) -> None:
        answer = await office.get("/v1/events", params={"colour": "red"})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "query/colour")

    async def test_is_not_sent_twice(self, anybody: httpx.AsyncClient, add: Add) -> None:
        await add()
        etag = (await anybody.get("/v1/events")).headers["etag"]
        assert (await anybody.get("/v1/events", headers={"If-None-Match": etag})).status_code == 304

    @pytest.mark.parametrize("path", ["/v1/events/figures", "/v1/events/changes"])
    async def test_takes_no_word_for_an_id(self, follower: httpx.AsyncClient, path: str) -> None:
        assert (await follower.get(path)).status_code == 200
        assert (await follower.get("/v1/events/nothing")).status_code == 404
