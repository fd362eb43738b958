"""Events as the contract shows them."""

from typing import Any

QUESTION: dict[str, Any] = {
    "code": "diet",
    "kind": "choice",
    "label": {"pl": "Dieta", "en": "Diet"},
    "required": False,
    "options": [{"code": "vegan", "label": {"pl": "Wegańska", "en": "Vegan"}}],
}
_SAID: dict[str, Any] = {
    "type": "networking",
    "series": None,
    "sig": None,
    "path": "community",
    "languages": ["pl"],
    "visibility": "public",
    "starts_at": "2026-11-25T16:00:00Z",
    "ends_at": "2026-11-25T19:00:00Z",
    "zone": "Europe/Warsaw",
    "place": "Park LIFESCIENCE, ul. Bobrzyńskiego 14, Kraków",
    "online": True,
    "registration_from": None,
    "registration_until": "2026-11-25T10:00:00Z",
    "approval": False,
    "offer_hours": 12,
    "questions": [QUESTION],
    "capacity": 40,
}
NEW_EVENT: dict[str, Any] = {
    **_SAID,
    "organiser": "01900000-0000-7000-8000-000000000001",
    "co_organisers": ["01900000-0000-7000-8000-000000000002"],
    "title": {"pl": "Śniadanie biotechnologiczne", "en": "Biotech breakfast"},
    "description": {"pl": "Rozmowy przy kawie.", "en": "Conversations over coffee."},
    "online_url": "https://meet.example.org/breakfast",
    "state": "draft",
}
CHANGE: dict[str, Any] = {"place": "Klub uczelniany, Kraków", "capacity": 60}
NOTE: dict[str, Any] = {"note": {"pl": "Zapraszamy wiosną.", "en": "See you in spring."}}
RESCHEDULE: dict[str, Any] = {
    "starts_at": "2027-03-30T15:00:00Z",
    "ends_at": "2027-03-30T18:00:00Z",
    "note": {"pl": "Czekamy w tym samym miejscu.", "en": "We wait in the same place."},
}
EVENT: dict[str, Any] = {
    "id": "01930000-0000-7000-8000-000000000001",
    **_SAID,
    "organiser": {"id": "01900000-0000-7000-8000-000000000001", "name": "Fundacja Klaster LifeScience Kraków"},
    "co_organisers": [{"id": "01900000-0000-7000-8000-000000000002", "name": "Cardiomatics"}],
    "title": "Biotech breakfast",
    "description": "Conversations over coffee.",
    "online_url": None,
    "state": "published",
    "sequence": 1,
    "seats": {"confirmed": 31, "held": 2, "waiting": 0, "free": 7},
    "present": 0,
    "demonstration": False,
    "source": "office",
    "source_key": "01930000-0000-7000-8000-000000000001",
    "version": 4,
    "created_at": "2026-10-01T09:00:00Z",
    "updated_at": "2026-11-02T11:30:00Z",
}
