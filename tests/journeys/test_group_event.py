"""An event of a special interest group, through the gateway: who sees it, how it moves, what calendars say of it."""

import time
from typing import Any
from xml.etree import ElementTree

import pytest
from icalendar import Calendar

from tests.journeys.test_office_day import Caller, caller, id_of
from tests.running import Running

pytestmark = pytest.mark.timeout(300)  # the first test waits for a stack that is seeded

TOLD_WITHIN = 60.0  # events look at the registry's feed every ten seconds
EVENT = {
    "type": "sig_meeting",
    "sig": "talents",
    "visibility": "sig",
    "title": {"pl": "Talenty: spotkanie", "en": "Talents: a meeting"},
    "starts_at": "2030-03-30T17:00:00+01:00",
    "ends_at": "2030-03-30T19:00:00+01:00",
    "online": True,
    "online_url": "https://meet.example.org/talents",
    "state": "published",
}
SESSION = {
    "title": {"pl": "Otwarcie", "en": "Opening"},
    "starts_at": "2030-03-30T17:00:00+01:00",
    "ends_at": "2030-03-30T17:30:00+01:00",
}


def member_of_talents(office: Caller) -> str:
    """An entity of the register that joins the group."""
    body = {"names": [{"value": "Laboratorium Talentów"}], "interest_group": "BIOF"}
    entity = id_of(office.send("POST", "/v1/entities", body, expect=201).headers["location"])
    office.post("/v1/groups/talents/members", {"entity": entity, "from": "2024-04-01"}, expect=201)
    return entity


def entry(someone: Caller, path: str) -> Any:
    """The one entry of a calendar."""
    answer = someone.send("GET", path, expect=200)
    assert answer.headers["content-type"].startswith("text/calendar")
    [found] = Calendar.from_ical(answer.content).events
    return found


class TestGroupEvent:
    def test_is_seen_by_the_group_until_it_is_for_everybody(self, empty_stack: Running) -> None:
        with caller(empty_stack, empty_stack.admin_key) as office, caller(empty_stack, None) as anybody:
            entity = member_of_talents(office)
            event = office.post("/v1/events", {**EVENT, "organiser": self._other(office)}, expect=201)
            path = f"/v1/events/{event['id']}"
            office.post(f"{path}/sessions", SESSION, expect=201)
            wanted = {"name": "Laboratorium Talentów", "role": "partner", "entity": entity}
            with caller(empty_stack, office.post("/v1/keys", wanted, expect=201)["key"]) as partner:
                self._seen_by_its_group_alone(partner, anybody, path)
            self._moves(office, path)
            self._for_everybody(office, anybody, path, event["id"])

    @staticmethod
    def _other(office: Caller) -> str:
        body = {"names": [{"value": "Organizator Spotkań"}], "interest_group": "BIOF"}
        return id_of(office.send("POST", "/v1/entities", body, expect=201).headers["location"])

    @staticmethod
    def _seen_by_its_group_alone(partner: Caller, anybody: Caller, path: str) -> None:
        limit = time.monotonic() + TOLD_WITHIN
        while partner.client.get(path).status_code != 200:
            assert time.monotonic() < limit, "the registry's feed was not read"
            time.sleep(0.5)
        assert partner.get(path)["online_url"] is None
        assert "Opening" in entry(partner, "/v1/events.ics?sig=talents")["description"]
        for hidden in (path, f"{path}.ics", f"{path}/sessions"):
            assert anybody.get(hidden, expect=404)["code"] == "event_not_found"
        assert anybody.get("/v1/events?sig=talents&count=true")["total"] == 0

    @staticmethod
    def _moves(office: Caller, path: str) -> None:
        office.post(f"{path}/postpone", {"note": {"pl": "Później.", "en": "Later."}})
        assert entry(office, f"{path}.ics")["status"] == "TENTATIVE"
        times = {"starts_at": "2030-04-06T17:00:00+02:00", "ends_at": "2030-04-06T19:00:00+02:00"}
        office.post(f"{path}/reschedule", times)
        [session] = office.get(f"{path}/sessions")["items"]
        assert session["starts_at"] == "2030-04-06T15:00:00Z"
        assert entry(office, f"{path}.ics").sequence == 2

    @staticmethod
    def _for_everybody(office: Caller, anybody: Caller, path: str, event_id: str) -> None:
        office.send("PATCH", path, {"visibility": "public"}, expect=200, headers={"If-Match": "*"})
        assert entry(anybody, f"{path}.ics")["dtstart"].dt.strftime("%d %H:%M %z") == "06 17:00 +0200"
        feed = ElementTree.fromstring(anybody.send("GET", "/v1/events.atom?sig=talents", expect=200).content)
        ids = [one.text for one in feed.iter("{http://www.w3.org/2005/Atom}id")]
        assert f"urn:uuid:{event_id}" in ids
        linked = anybody.send("GET", path, expect=200, headers={"Accept": "application/ld+json"})
        assert linked.headers["content-type"] == "application/ld+json"
        assert linked.json()["eventAttendanceMode"] == "https://schema.org/OnlineEventAttendanceMode"
        assert "meet.example.org" not in linked.text
        told = [one for one in office.get("/v1/events/changes?limit=1000")["items"] if one["id"] == event_id]
        assert next(one["kind"] for one in told) == "created"
        assert "meet.example.org" not in str(told)
