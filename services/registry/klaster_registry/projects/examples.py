"""One realistic project, as it is written and as it is read."""

from typing import Any

_TITLE = {"pl": "Wspólna ścieżka walidacji wyrobów medycznych", "en": "A shared path to validate medical devices"}
_RESULT = {"pl": "Przewodnik po walidacji", "en": "A guide to validation"}
_ENTITY = "01936b6e-7a10-7c3e-9d4e-2f6b8c0a1d01"
_RATE = "NBP, table A, 2024-02-01"

PROJECT_CREATE: dict[str, Any] = {
    "title": _TITLE,
    "acronym": "MEDPATH",
    "kinds": ["international", "rdi"],
    "group": "international",
    "partners": [
        {"entity": "RBW-000001", "role": "coordinator"},
        {"name": "Institut für Medizintechnik", "country": "DE", "from": "2024-03-01"},
    ],
    "starts_on": "2024-02-01",
    "ends_on": "2026-12-31",
    "value": {"amount": 250000, "currency": "EUR", "amount_pln": 1080000, "pln_rate_source": _RATE},
    "results": [{"title": _RESULT, "year": 2026}],
    "fields": ["medicine"],
    "origin": {"kind": "meeting", "url": "/v1/lsos/editions", "note": "Met at the forum of 2023"},
}
PROJECT_UPDATE: dict[str, Any] = {"ends_on": "2027-06-30", "results": [{"title": _RESULT, "year": 2026}]}
PROJECT_READ: dict[str, Any] = {
    "id": "01936b6e-7a10-7c3e-9d4e-2f6b8c0a1d02",
    "title": _TITLE["en"],
    "acronym": "MEDPATH",
    "kinds": ["international", "rdi"],
    "group": "international",
    "state": "running",
    "partners": [
        {
            "entity": {"id": _ENTITY, "name": "Fundacja Klaster LifeScience Kraków"},
            "foreign_hq": None,
            "name": None,
            "country": None,
            "role": "coordinator",
            "from": None,
            "to": None,
            "doubt": None,
        },
        {
            "entity": None,
            "foreign_hq": None,
            "name": "Institut für Medizintechnik",
            "country": "DE",
            "role": "partner",
            "from": "2024-03-01",
            "to": None,
            "doubt": None,
        },
    ],
    "starts_on": "2024-02-01",
    "ends_on": "2026-12-31",
    "cancelled_on": None,
    "value": {"amount": 250000, "currency": "EUR", "amount_pln": 1080000, "pln_rate_source": _RATE},
    "results": [{"title": _RESULT["en"], "year": 2026, "url": None}],
    "fields": ["medicine"],
    "origin": {"kind": "meeting", "url": "/v1/lsos/editions", "note": "Met at the forum of 2023"},
    "note": None,
    "source": "office",
    "source_key": "01936b6e-7a10-7c3e-9d4e-2f6b8c0a1d02",
    "demonstration": False,
    "version": 1,
    "created_at": "2024-01-15T09:00:00Z",
    "updated_at": "2024-01-15T09:00:00Z",
}
