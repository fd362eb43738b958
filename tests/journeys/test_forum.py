"""A forum from the first offer to the scorecard, through the gateway, the registry and a real mail server.

Sixty entities post what they offer and seek, their people register and ask each other for meetings, the plan gives them
tables, one table breaks, people come and meet, one meeting becomes a project, a laboratory is booked, a result is shown
and a cluster abroad declares itself: five goals of the strategy move, each with its rows.
"""

import re
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from itertools import count
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.journeys.conftest import MailFolder
from tests.running import Running

pytestmark = pytest.mark.timeout(900)
ENTITIES, TABLES, SLOT = 60, 6, 15
ZONE = ZoneInfo("Europe/Warsaw")
TOPICS = ("analiza EKG", "sensory glukozy", "hodowle komórkowe", "badania kliniczne", "obrazowanie MRI", "probiotyki")
WITHIN = 180.0  # seconds until a job of the background is done; a few on a machine that does nothing else
GOALS = {
    ("C.2.2-1", "events"): "events.networking.count",
    ("C.2.2-1", "participants"): "events.networking.attendance",
    ("C.2.2-2", "events"): "events.partner_events.count",
    ("C.3.2-1", "users"): "events.lsos.resource_users",
    ("C.4.2-1", "results"): "events.lsos.results_promoted",
    ("C.6.3-1", "clusters"): "registry.gin_partners",
}
AT_ONCE = {"If-Match": "*"}
MEETING = dict[str, Any]


class Forum:
    """The forum, and everybody at it."""

    def __init__(self, office: httpx.Client, anybody: httpx.Client, mail: MailFolder) -> None:
        self.office, self.anybody, self.mail = office, anybody, mail
        self.mark = uuid4().hex[:8]
        self.calls = count()
        self.entities: list[str] = []
        self.posts: list[str] = []
        self.guests: list[dict[str, Any]] = []

    def ok(self, answer: httpx.Response) -> Any:
        assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def get(self, path: str, **asked: Any) -> Any:
        return self.ok(self.office.get(path, params=asked))

    def post(self, path: str, **body: Any) -> Any:
        headers = {**AT_ONCE, "Idempotency-Key": f"forum-{self.mark}-{next(self.calls)}"}
        return self.ok(self.office.post(path, json=body, headers=headers))

    def until(self, found: Callable[[], Any]) -> Any:
        limit = time.monotonic() + WITHIN
        while not (value := found()):
            assert time.monotonic() < limit
            time.sleep(0.3)
        return value

    def partner(self, number: int) -> dict[str, str]:
        """The key of somebody who speaks for an entity, as a header."""
        key = self.post("/v1/keys", name=f"Partner {number}", role="partner", entity=self.entities[number])
        return {"Authorization": f"Bearer {key['key']}"}

    def address(self, number: int) -> str:
        return f"guest-{self.mark}-{number}@example.org"

    def said(self, number: int) -> tuple[str, str, str]:
        """On which side an entity stands, and what for: offers and needs of one topic follow each other."""
        side, other = ("offer", "need") if number % 2 == 0 else ("need", "offer")
        return side, other, TOPICS[number // 2 % len(TOPICS)]

    def they_post_offers_and_needs(self) -> None:
        groups = ("BIOF", "MED")
        last = (datetime.now(UTC) + timedelta(days=100)).date().isoformat()
        for number in range(ENTITIES):
            side, _other, topic = self.said(number)
            name = f"Podmiot {self.mark} {number}"
            entity = self.post("/v1/entities", names=[{"value": name}], interest_group=groups[number % 2])["id"]
            self.entities.append(entity)
            title = f"{'Oferujemy' if side == 'offer' else 'Szukamy'}: {topic}"
            post = self.post(
                "/v1/lsos/board",
                side=side,
                kind="technology",
                owner=entity,
                title={"pl": title},
                text={"pl": f"Dziedzina: {topic}."},
                keywords=[topic],
                fields=["medicine"],
                valid_until=last,
                state="published",
                contact={"name": f"Osoba {number}", "email": self.address(number)},
            )
            self.posts.append(post["id"])

    def posts_explain_themselves(self) -> None:
        """The needs that an offer answers come first, with reasons; interest names both once both agree."""
        asker, owner = self.partner(0), self.partner(1)
        items = self.ok(self.anybody.get("/v1/lsos/matches", params={"lang": "en"}, headers=asker))["items"]
        owners = {item["post"]["owner"]["id"] for item in items}
        assert self.entities[1] in owners
        best = next(item for item in items if item["post"]["owner"]["id"] == self.entities[1])
        reasons = [feature["reason"] for feature in best["features"]]
        assert {"An offer meets a need: Technology", "The same field: medicine"} <= set(reasons)
        contact = {"name": "Osoba 0", "email": self.address(0)}
        asked = self.ok(self.anybody.get("/v1/consent-texts", params={"occasion": "interest"}))["items"]
        consents = [{"purpose": text["purpose"], "version": text["version"]} for text in asked]
        body = {"contact": contact, "message": "Porozmawiajmy.", "agrees": True, "consents": consents}
        path = f"/v1/lsos/board/{best['post']['id']}/interests"
        shown = self.ok(self.anybody.post(path, json=body, headers=asker))["id"]
        path = f"/v1/lsos/interests/{shown}/agree"
        agreed = self.anybody.post(path, json={"consents": consents}, headers={**owner, **AT_ONCE})
        assert self.ok(agreed)["state"] == "agreed"

    def the_edition_opens(self) -> None:
        """In some hours, so that people can register; it is moved to now when they come."""
        code = f"forum-{self.mark}"
        names = {"pl": "Forum partnera", "en": "A partner's forum"}
        self.post("/v1/event-types", code=code, name=names, counts_as=["networking", "partner_event"])
        self.begins = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(hours=2)
        self.ends = self.begins + timedelta(hours=8)
        self.event = self.post(
            "/v1/events",
            type=code,
            organiser=self.entities[0],
            title={"pl": "LifeScience Open Space", "en": "LifeScience Open Space"},
            starts_at=self.begins.isoformat(),
            ends_at=self.ends.isoformat(),
            zone=ZONE.key,
            capacity=ENTITIES,
            state="published",
        )["id"]
        self.edition = self.post(
            "/v1/lsos/editions",
            event=self.event,
            slot_minutes=SLOT,
            windows=self.windows(self.begins, self.begins),
            requests_until=self.ends.isoformat(),
            kinds=[{"code": "company", "name": {"pl": "Firma", "en": "Company"}}],
        )["id"]
        self.path = f"/v1/lsos/editions/{self.edition}"
        tables = self.post(f"{self.path}/tables", tables=[{"code": f"T{number}"} for number in range(TABLES)])
        self.tables = [table["id"] for table in tables["items"]]
        assert self.post(f"{self.path}/open")["state"] == "open"

    def windows(self, event_begins: datetime, begins: datetime) -> list[dict[str, Any]]:
        """Three hours from then on, by the days of the event; midnight ends a window, as it ends a day."""
        first, local = event_begins.astimezone(ZONE).date(), begins.astimezone(ZONE)
        until = local + timedelta(hours=3)
        day = (local.date() - first).days + 1
        if until.date() == local.date():
            return [{"day": day, "from": f"{local:%H:%M}", "until": f"{until:%H:%M}"}]
        evening = {"day": day, "from": f"{local:%H:%M}", "until": "23:59"}
        night = {"day": day + 1, "from": "00:00", "until": f"{until:%H:%M}"}
        return [evening] if until.time() == datetime.min.time() else [evening, night]

    def they_take_part(self) -> None:
        for number, entity in enumerate(self.entities):
            side, _other, topic = self.said(number)
            person = {"name": f"Osoba {number}", "email": self.address(number), "entity_id": entity}
            registration = self.post(f"/v1/events/{self.event}/registrations", **person)["id"]
            guest = self.post(
                f"{self.path}/participants",
                registration=registration,
                kind="company",
                languages=["pl"],
                fields=["medicine"],
                offers=[topic] if side == "offer" else [],
                seeks=[topic] if side == "need" else [],
                listed=True,
            )
            self.guests.append(guest)

    def link(self, number: int) -> str:
        """The path of somebody's registration, as it was sent to them."""

        def sent() -> str | None:
            for path in self.mail.folder.glob("new/*"):
                message = message_from_bytes(path.read_bytes(), policy=default)
                body = message.get_body(("plain",))
                text = body.get_content() if body is not None and self.address(number) in str(message["To"]) else ""
                if found := re.search(r"https?://\S+(/v1/registration-links/\S+)", text):
                    return found[1]
            return None

        found: str = self.until(sent)
        return found

    def they_are_introduced(self) -> None:
        """By the link that was sent: whoever seeks what one offers comes first, never met before, and free."""
        items = self.ok(self.anybody.get(f"{self.link(0)}/suggestions", params={"lang": "en", "limit": 50}))["items"]
        seeking = {self.guests[number]["id"] for number in range(ENTITIES) if self.said(number)[0] == "need"}
        seeking &= {self.guests[number]["id"] for number in range(ENTITIES) if self.said(number)[2] == TOPICS[0]}
        first = {item["participant"]["id"] for item in items[: len(seeking)]}
        assert first == seeking
        names = {feature["name"] for feature in items[0]["features"]}
        assert {"offer_meets_need", "same_field", "common_language", "both_free", "never_met"} <= names

    def they_ask_each_other(self) -> None:
        """Everybody who offers asks two who seek the same; a few of those who are asked decline."""
        states = Counter[str]()
        for number in range(0, ENTITIES, 2):
            for other in ((number + 1) % ENTITIES, (number + 1 + 2 * len(TOPICS)) % ENTITIES):
                asked = self.post(
                    f"{self.path}/meetings", asked_by=self.guests[number]["id"], asked=self.guests[other]["id"]
                )
                step = "decline" if number % 10 == 8 and other == number + 1 else "accept"
                states[self.post(f"/v1/lsos/meetings/{asked['id']}/{step}")["state"]] += 1
        assert states == {"accepted": ENTITIES - 6, "declined": 6}
        self.accepted = states["accepted"]

    def it_begins(self) -> None:
        """The event is now, and the first slot in one or two minutes."""
        now = datetime.now(UTC).replace(second=0, microsecond=0)
        begins, first = now - timedelta(hours=1), now + timedelta(minutes=2)
        moved = {"starts_at": begins.isoformat()}
        self.ok(self.office.patch(f"/v1/events/{self.event}", json=moved, headers=AT_ONCE))
        windows = {"windows": self.windows(begins, first)}
        self.ok(self.office.patch(self.path, json=windows, headers=AT_ONCE))

    def scheduled(self) -> list[MEETING]:
        found: list[MEETING] = self.get(f"{self.path}/meetings", state="scheduled", limit=200)["items"]
        return found

    def the_plan_is_made(self) -> None:
        plan = self.post(f"{self.path}/plans", seconds=2, bound_seconds=0)["id"]

        def over() -> dict[str, Any] | None:
            found: dict[str, Any] = self.get(f"/v1/lsos/plans/{plan}")
            return found if found["state"] not in {"queued", "running"} else None

        made = self.until(over)
        assert (made["state"], made["placed"]) == ("applied", self.accepted), made
        self.nobody_is_in_two_places()

    def nobody_is_in_two_places(self) -> None:
        places, people = Counter[Any](), Counter[Any]()
        for meeting in self.scheduled():
            places[meeting["starts_at"], meeting["table"]["id"]] += 1
            people.update((meeting["starts_at"], meeting[side]["id"]) for side in ("asked_by", "asked"))
        assert places
        assert max(places.values()) == max(people.values()) == 1

    def a_table_breaks(self) -> None:
        """Whoever would have sat there sits elsewhere, and nobody else is moved."""
        before = {meeting["id"]: (meeting["starts_at"], meeting["table"]["id"]) for meeting in self.scheduled()}
        broken = max(self.tables, key=Counter(table for _, table in before.values()).__getitem__)
        self.post(f"{self.path}/tables/{broken}/withdraw")

        def healed() -> list[MEETING] | None:
            found = self.scheduled()
            whole = len(found) == self.accepted and all(one["table"]["id"] != broken for one in found)
            return found if whole else None

        after = self.until(healed)
        moved = {one["id"] for one in after if before[one["id"]] != (one["starts_at"], one["table"]["id"])}
        assert {one for one, (_, table) in before.items() if table == broken} <= moved
        self.nobody_is_in_two_places()

    def they_come(self) -> None:
        key = self.post("/v1/keys", name="tablet", role="device")
        given = f"/v1/events/{self.event}/checkin/lists/{self.event}/devices/{key['id']}"
        self.ok(self.office.put(given, json={"name": "tablet"}))
        page = self.get(f"/v1/events/{self.event}/registrations", limit=100)["items"]
        now = datetime.now(UTC).isoformat()
        scans = [
            {"list": self.event, "secret": one["code"], "nonce": one["id"], "datetime": now}
            for one in page
            if one["state"] == "confirmed"
        ]
        assert len(scans) == ENTITIES
        headers = {"Authorization": f"Bearer {key['key']}"}
        self.ok(
            self.anybody.post(f"/v1/events/{self.event}/checkin/scans/batch", json={"scans": scans}, headers=headers)
        )
        seen = self.ok(self.anybody.get(f"/v1/events/{self.event}/checkin/count", headers=headers))
        assert seen["present"] == ENTITIES

    def a_meeting_becomes_a_project(self) -> None:
        first = min(self.scheduled(), key=lambda meeting: str(meeting["starts_at"]))
        wait = (datetime.fromisoformat(first["starts_at"]) - datetime.now(UTC)).total_seconds()
        assert wait < SLOT * 60
        time.sleep(max(0.0, wait + 1))
        path = f"/v1/lsos/meetings/{first['id']}"
        said = self.post(f"{path}/outcome", side="asker", took_place=True, rating=5, next_step="project")
        assert said["state"] == "took_place"
        title = {"pl": f"Projekt z forum {self.mark}", "en": f"A project of the forum {self.mark}"}
        self.post(f"{path}/project", side="asker", title=title)
        record = self.accepted_proposal(lambda: self.get(path)["project"])
        assert self.get(record)["origin"]["url"] == path
        self.project, self.met = record.rpartition("/")[2], path

    def both_hear_of_it(self) -> None:
        """Events asks the registry, and writes to the two who met."""

        def decided() -> dict[str, Any] | None:
            found: dict[str, Any] = self.get(self.met)["project"]
            return found if found["state"] != "sent" else None

        found = self.until(decided)
        assert (found["state"], found["record"]) == ("accepted", f"/v1/projects/{self.project}")
        told = self.get("/v1/messages", kind="project_accepted", event=self.event, limit=100)["items"]
        assert len({one["person_id"] for one in told}) == 2

    def accepted_proposal(self, told: Callable[[], dict[str, Any]]) -> str:
        """What was proposed to the registry, once its office has accepted it: the path of the new record."""

        def sent() -> dict[str, Any] | None:
            found = told()
            return found if found["state"] != "waiting" else None

        proposed = self.until(sent)
        assert proposed["state"] == "sent", proposed
        self.post(f"/v1/proposals/{proposed['proposal']}/accept")
        record: str = told()["record"]
        return record

    def a_laboratory_is_booked(self) -> None:
        """Through its owner's rules; that somebody used it before is written down by the office."""
        shared = {"from": "2026-01-01"}
        name = {"pl": f"Pracownia {self.mark}", "en": f"Laboratory {self.mark}"}
        lab = self.post("/v1/labs", owner=self.entities[0], name=name, kind="scientific", shared=shared)["id"]
        path = f"/v1/lsos/resources/{lab}"
        self.until(lambda: self.office.get(path).status_code == 200)
        rules = {
            "hours": [{"weekday": day, "from": "00:00", "to": "24:00"} for day in range(1, 8)],
            "approval": "automatic",
        }
        self.ok(self.office.put(f"{path}/booking-rules", json=rules, headers=AT_ONCE))
        now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        person = {"name": "Osoba 1", "email": self.address(1)}
        for hours, more in ((48, {}), (-48, {"state": "used"})):
            begins = now + timedelta(hours=hours)
            ends = begins + timedelta(hours=1)
            when = {"starts_at": begins.isoformat(), "ends_at": ends.isoformat()}
            body = {"resource": lab, "entity": self.entities[1], "person": person, **when, **more}
            assert self.post("/v1/lsos/bookings", **body)["state"] == more.get("state", "approved")
            again = self.office.post("/v1/lsos/bookings", json=body)
            assert again.status_code == 409, again.text

    def a_result_is_shown(self) -> None:
        words = {"pl": "Wynik", "en": "A result"}
        contact = {"name": "Osoba 0", "email": self.address(0)}
        body = {"entity": self.entities[0], "project": self.project, "contact": contact, "title": words, "text": words}
        self.post("/v1/lsos/showcase", **body, state="published")

    def a_cluster_abroad_declares_itself(self) -> None:
        path = f"/v1/lsos/board/{self.posts[0]}/readiness"
        self.post(path, cluster={"name": f"Health Cluster {self.mark}", "country": "PT"})
        self.accepted_proposal(lambda: self.get(path))

    def it_is_over(self) -> None:
        over = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
        self.ok(self.office.patch(f"/v1/events/{self.event}", json={"ends_at": over}, headers=AT_ONCE))
        self.post(f"/v1/events/{self.event}/complete")

    def on_the_scorecard(self) -> dict[tuple[str, str], int]:
        """What the five goals stand at, once the figures were taken in; each links exactly the rows that it counts."""
        job = self.post("/v1/indicators/refresh")["id"]
        self.until(lambda: self.get(f"/v1/indicators/refresh/{job}")["state"] not in {"queued", "running"})
        today, found = datetime.now(UTC).date(), {}
        for (code, measure), figure in GOALS.items():
            page = self.get(f"/v1/indicators/{code}/observations", measure=measure, limit=100)["items"]
            counted = [
                one
                for one in page
                if (one["state"], one["figure"]) == ("verified", figure) and one["to"] >= f"{today.year}-01-01"
            ]
            newest = max(counted, key=lambda one: str(one["recorded_at"]), default=None)
            found[code, measure] = int(newest["value"]) if newest else 0
            if newest:
                rows = self.ok(self.office.get(f"{newest['rows']}&count=true"))["total"]
                assert rows == newest["value"], newest["rows"]
        return found


class TestForum:
    def test_moves_five_goals_from_the_first_offer_to_the_scorecard(
        self, empty_stack: Running, mail: MailFolder
    ) -> None:
        headers = {"Authorization": f"Bearer {empty_stack.admin_key}"}
        with (
            httpx.Client(base_url=empty_stack.url, headers=headers, timeout=60, trust_env=False) as office,
            httpx.Client(base_url=empty_stack.url, timeout=60, trust_env=False) as anybody,
        ):
            forum = Forum(office, anybody, mail)
            before = forum.on_the_scorecard()
            forum.they_post_offers_and_needs()
            forum.posts_explain_themselves()
            forum.the_edition_opens()
            forum.they_take_part()
            forum.they_are_introduced()
            forum.they_ask_each_other()
            forum.it_begins()
            forum.the_plan_is_made()
            forum.a_table_breaks()
            forum.they_come()
            forum.a_meeting_becomes_a_project()
            forum.a_laboratory_is_booked()
            forum.a_result_is_shown()
            forum.a_cluster_abroad_declares_itself()
            forum.both_hear_of_it()
            forum.it_is_over()
            moved = {goal: value - before[goal] for goal, value in forum.on_the_scorecard().items()}
            assert moved == {
                ("C.2.2-1", "events"): 1,
                ("C.2.2-1", "participants"): ENTITIES,
                ("C.2.2-2", "events"): 1,
                ("C.3.2-1", "users"): 1,
                ("C.4.2-1", "results"): 1,
                ("C.6.3-1", "clusters"): 1,
            }
