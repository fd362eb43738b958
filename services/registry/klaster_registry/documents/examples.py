"""One realistic document, as it is written and as it is read."""

from typing import Any

_TITLE = {
    "pl": "Mapa drogowa rozwoju medycyny cyfrowej w regionie",
    "en": "Roadmap of digital medicine in the region",
}
_AUTHOR = "01936b6e-7a10-7c3e-9d4e-2f6b8c0a1d01"
_STATED: dict[str, Any] = {
    "kind": "roadmap",
    "fields": ["medicine"],
    "year": 2023,
    "published_on": "2023-04-12",
    "in_force": {"from": "2023-05-01", "to": "2027-12-31"},
    "url": "https://www.lifescience.pl/roadmap.pdf",
    "group": "infrastructure",
    "languages": ["pl", "en"],
}
_KEY = "01936b6e-7a10-7c3e-9d4e-2f6b8c0a1d03"

DOCUMENT_CREATE: dict[str, Any] = {"title": _TITLE, **_STATED, "entity": "RBW-000001"}
DOCUMENT_UPDATE: dict[str, Any] = {"in_force": {"from": "2023-05-01", "to": "2025-12-31"}}
DOCUMENT_READ: dict[str, Any] = {
    "id": _KEY,
    "title": _TITLE["en"],
    **_STATED,
    "entity": {"id": _AUTHOR, "name": "Fundacja Klaster LifeScience Kraków"},
    "note": None,
    "source": "office",
    "source_key": _KEY,
    "demonstration": False,
    "version": 1,
    "created_at": "2023-04-12T09:00:00Z",
    "updated_at": "2023-04-12T09:00:00Z",
}
