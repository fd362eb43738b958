"""Editions as the contract shows them."""

from typing import Any

_ID = "01940000-0000-7000-8000-000000000001"
_EVENT_ID = "01935c1e-7a00-7000-8000-000000000001"
WINDOW: dict[str, Any] = {"day": 1, "from": "09:00", "until": "12:30"}
_SAID: dict[str, Any] = {
    "slot_minutes": 20,
    "break_minutes": 5,
    "windows": [WINDOW, {"day": 2, "from": "10:00", "until": "13:00"}],
    "acceptance": "opt_in",
    "requests_until": "2026-11-24T17:00:00Z",
    "answers_within_hours": 48,
    "cap_per_participant": 10,
}
_COMPANY: dict[str, Any] = {"code": "company", "may_ask": None, "cap": None}
_INVESTOR: dict[str, Any] = {"code": "investor", "may_ask": ["company"], "cap": 6}
NEW_EDITION: dict[str, Any] = {
    **_SAID,
    "event": _EVENT_ID,
    "kinds": [
        {**_COMPANY, "name": {"pl": "Firma", "en": "Company"}},
        {**_INVESTOR, "name": {"pl": "Inwestor", "en": "Investor"}},
    ],
}
CHANGE: dict[str, Any] = {"cap_per_participant": 12, "requests_until": None}
EDITION: dict[str, Any] = {
    "id": _ID,
    "event": {
        "id": _EVENT_ID,
        "title": "LifeScience Open Space",
        "state": "published",
        "starts_at": "2026-11-25T08:00:00Z",
        "ends_at": "2026-11-26T16:00:00Z",
        "zone": "Europe/Warsaw",
        "place": "Rynek Główny 1, Kraków",
        "online": False,
    },
    "state": "open",
    **_SAID,
    "kinds": [{**_COMPANY, "name": "Company"}, {**_INVESTOR, "name": "Investor"}],
    "slots": 15,
    "demonstration": False,
    "version": 2,
    "created_at": "2026-11-01T10:00:00Z",
    "updated_at": "2026-11-02T10:00:00Z",
}
_TABLE: dict[str, Any] = {"code": "T01", "room": "Sala 2", "online": False, "online_url": None, "windows": None}
NEW_TABLES: dict[str, Any] = {"tables": [_TABLE, {**_TABLE, "code": "T02", "windows": [WINDOW]}]}
TABLE_CHANGE: dict[str, Any] = {"room": "Sala 3"}
TABLE: dict[str, Any] = {
    "id": "01940000-0000-7000-8000-000000000002",
    **_TABLE,
    "withdrawn_at": None,
    "version": 1,
    "created_at": "2026-11-01T10:00:00Z",
    "updated_at": "2026-11-01T10:00:00Z",
}
SLOTS: dict[str, Any] = {
    "items": [{"starts_at": "2026-11-25T08:00:00Z", "ends_at": "2026-11-25T08:20:00Z", "tables": 24}]
}
