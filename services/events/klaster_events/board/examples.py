"""Posts as the contract shows them."""

from typing import Any

_SAID: dict[str, Any] = {
    "side": "offer",
    "kind": "technology",
    "fields": ["medicine"],
    "keywords": ["EKG", "uczenie maszynowe", "machine learning"],
    "readiness": 7,
    "visibility": "public",
    "valid_until": "2027-06-30",
}
_TITLE = {"pl": "Analiza EKG w chmurze", "en": "ECG analysis in the cloud"}
_TEXT = {
    "pl": "Algorytm rozpoznaje arytmie; szukamy szpitali do badań.",
    "en": "The algorithm recognises arrhythmias; we look for hospitals for studies.",
}
NEW_POST: dict[str, Any] = {
    **_SAID,
    "owner": "01900000-0000-7000-8000-000000000002",
    "contact": {"name": "Ada Przykładowa", "email": "ada@example.org"},
    "title": _TITLE,
    "text": _TEXT,
    "regions": ["142", "DE"],
    "state": "published",
}
CHANGE: dict[str, Any] = {"readiness": 8, "valid_until": "2027-12-31"}
POST: dict[str, Any] = {
    "id": "01930000-0000-7000-8000-000000000001",
    **_SAID,
    "owner": {"id": "01900000-0000-7000-8000-000000000002", "name": "Cardiomatics"},
    "title": _TITLE["en"],
    "text": _TEXT["en"],
    "regions": [{"code": "142", "name": "Asia"}, {"code": "DE", "name": "Germany"}],
    "international": True,
    "state": "published",
    "open": True,
    "posted_at": "2026-11-02T11:30:00Z",
    "demonstration": False,
    "source": "office",
    "source_key": "01930000-0000-7000-8000-000000000001",
    "version": 2,
    "created_at": "2026-11-02T11:00:00Z",
    "updated_at": "2026-11-02T11:30:00Z",
}
CONTACT: dict[str, Any] = {
    "id": "01930000-0000-7000-8000-000000000004",
    "name": "Ada Przykładowa",
    "email": "ada@example.org",
}
