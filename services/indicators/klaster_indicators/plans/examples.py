"""Examples of action plans and their items, as the contract shows them."""

from typing import Any

_KEY = "0199e1a4-7c1e-7c3a-9b1f-2f4e8a6d0c21"
_PLAN_KEY = "0199e1a4-7c1e-7c3a-9b1f-2f4e8a6d0c20"
_STAMPS: dict[str, Any] = {
    "demonstration": False,
    "version": 1,
    "created_at": "2026-09-01T09:00:00Z",
    "updated_at": "2026-09-01T09:00:00Z",
}
_PLAN: dict[str, Any] = {"year": 2026, "state": "draft", "edition": "klsk-2022", "note": None}
PLAN_CREATE: dict[str, Any] = {
    "year": 2026,
    "title": {"pl": "Plan działania KLSK 2026-2027", "en": "KLSK action plan 2026-2027"},
    "edition": "klsk-2022",
}
PLAN_READ: dict[str, Any] = {
    "id": _PLAN_KEY,
    **_PLAN,
    "title": "KLSK action plan 2026-2027",
    "from": "2026-09-01",
    "to": "2027-08-31",
    "items": 0,
    **_STAMPS,
}
_ITEM: dict[str, Any] = {
    "plan": 2026,
    "from": "2026-10-01",
    "to": "2027-06-30",
    "state": "running",
    "unit": "event",
    "planned": 12,
    "done": [{"on": "2026-10-14", "quantity": 2, "note": "LifeScience Open Space"}],
    "resources": [
        {"kind": "money", "amount": 24000, "unit": "PLN"},
        {"kind": "people", "amount": 0.5, "unit": "FTE"},
    ],
    "note": None,
}
ITEM_CREATE: dict[str, Any] = {
    **_ITEM,
    "task": "D.2.1",
    "title": {"pl": "Spotkania networkingowe", "en": "Networking meetings"},
    "responsible": {"sig": "talents"},
}
ITEM_READ: dict[str, Any] = {
    "id": _KEY,
    **_ITEM,
    "task": {"code": "D.2.1", "name": "Organise regular networking meetings", "path": 2},
    "title": "Networking meetings",
    "responsible": {"entity": None, "name": None, "sig": "talents", "text": None},
    "quantity_done": 2,
    **_STAMPS,
}
SUMS: dict[str, Any] = {
    "plan": 2026,
    "edition": "klsk-2022",
    "as_of": "2026-11-24",
    "items": [
        {
            "task": ITEM_READ["task"],
            "unit": "event",
            "planned": 12,
            "done": 2,
            "items": 1,
            "without_quantity": 0,
            "cancelled": 0,
            "demonstration": 0,
        }
    ],
    "without_items": ["D.1.1"],
}
