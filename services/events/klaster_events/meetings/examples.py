"""Meetings as the contract shows them."""

from typing import Any

_ENTITY = {"id": "01900000-0000-7000-8000-000000000002", "name": "Cardiomatics"}
_OTHER = {"id": "01900000-0000-7000-8000-000000000003", "name": "Szpital Uniwersytecki w Krakowie"}
ASKER: dict[str, Any] = {"id": "01940000-0000-7000-8000-000000000011", "kind": "company", "entity": _ENTITY}
ASKED: dict[str, Any] = {"id": "01940000-0000-7000-8000-000000000012", "kind": "hospital", "entity": _OTHER}
MESSAGE = "Chętnie pokażemy, jak algorytm czyta zapis EKG z Państwa oddziału."
TABLE: dict[str, Any] = {
    "id": "01940000-0000-7000-8000-000000000021",
    "code": "A1",
    "room": "Sala kominkowa",
    "online": False,
}
NEW_MEETING: dict[str, Any] = {"asked_by": ASKER["id"], "asked": ASKED["id"], "message": MESSAGE, "priority": 3}
MEETING: dict[str, Any] = {
    "id": "01940000-0000-7000-8000-000000000031",
    "edition": "01940000-0000-7000-8000-000000000001",
    "asked_by": ASKER,
    "asked": ASKED,
    "state": "scheduled",
    "mutual": False,
    "asker_priority": 3,
    "asked_priority": 2,
    "starts_at": "2027-05-20T08:20:00Z",
    "ends_at": "2027-05-20T08:40:00Z",
    "table": TABLE,
    "planned_by": "plan",
    "hindrance": None,
    "ended_by": None,
    "expires_at": "2027-05-10T09:00:00Z",
    "answered_at": "2027-05-08T10:00:00Z",
    "demonstration": False,
    "version": 3,
    "created_at": "2027-05-08T09:00:00Z",
    "updated_at": "2027-05-18T12:00:00Z",
}
_SIDE: dict[str, Any] = {"name": "Ada Przykładowa", "outcome": None}
OUTCOME: dict[str, Any] = {
    "took_place": True,
    "rating": 5,
    "next_step": "project",
    "note": "Wracamy do tego w czerwcu.",
}
IN_FULL: dict[str, Any] = {
    **MEETING,
    "message": MESSAGE,
    "online_url": None,
    "sides": {"asker": _SIDE, "asked": {"name": None, "outcome": None}},
    "project": None,
}
OWN: dict[str, Any] = {
    **MEETING,
    "side": "asked",
    "with": {**ASKER, "name": "Ada Przykładowa"},
    "message": MESSAGE,
    "online_url": None,
    "outcome": None,
    "project": None,
    "may": ["schedule", "cancel"],
}
FREE: dict[str, Any] = {
    "items": [{"starts_at": "2027-05-20T08:20:00Z", "ends_at": "2027-05-20T08:40:00Z", "tables": [TABLE]}]
}
PLACE: dict[str, Any] = {"starts_at": "2027-05-20T08:20:00Z", "table": TABLE["id"]}
PROJECT: dict[str, Any] = {
    "title": {"pl": "EKG w chmurze dla szpitali", "en": "ECG in the cloud for hospitals"},
    "kinds": ["rdi"],
    "note": "Po rozmowie na forum",
}
