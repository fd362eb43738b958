"""Participants as the contract shows them."""

from typing import Any

_WINDOW: dict[str, Any] = {"day": 1, "from": "09:00", "until": "12:30"}
_SAID: dict[str, Any] = {
    "kind": "company",
    "languages": ["pl", "en"],
    "fields": ["medicine"],
    "seeks": ["szpital", "badania kliniczne"],
    "offers": ["analiza EKG"],
    "listed": True,
}
_PRIVATE: dict[str, Any] = {"availability": [_WINDOW], "cap": 8}
_ABOUT = {"pl": "Rozwijamy algorytmy dla kardiologii.", "en": "We develop algorithms for cardiology."}
PROFILE: dict[str, Any] = {**_SAID, "about": _ABOUT, **_PRIVATE}
NEW_PARTICIPANT: dict[str, Any] = {"registration": "01935c1e-7a00-7000-8000-000000000002", **PROFILE}
CHANGE: dict[str, Any] = {"availability": None, "cap": 5}
PARTICIPANT: dict[str, Any] = {
    "id": "01940000-0000-7000-8000-000000000003",
    "edition_id": "01940000-0000-7000-8000-000000000001",
    "name": "Ada Przykładowa",
    "entity": {"id": "01900000-0000-7000-8000-000000000002", "name": "Cardiomatics"},
    **_SAID,
    "about": _ABOUT["en"],
    "own": None,
    "withdrawn_at": None,
    "version": 1,
    "created_at": "2026-11-10T10:00:00Z",
    "updated_at": "2026-11-10T10:00:00Z",
}
IN_FULL: dict[str, Any] = {
    **PARTICIPANT,
    "own": {"registration_id": NEW_PARTICIPANT["registration"], **_PRIVATE, "at_most": 8},
}
AVAILABILITY: dict[str, Any] = {
    "items": [
        {"starts_at": "2026-11-25T08:00:00Z", "ends_at": "2026-11-25T08:20:00Z", "free": True, "why": None},
        {"starts_at": "2026-11-25T08:20:00Z", "ends_at": "2026-11-25T08:40:00Z", "free": False, "why": "session"},
    ]
}
