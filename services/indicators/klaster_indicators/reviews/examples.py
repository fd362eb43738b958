"""Examples of reviews, as the contract shows them."""

from typing import Any

_CORRECTION: dict[str, Any] = {
    "targets": [{"measure": "abroad", "target": {"value": 60}}],
    "printed": "60 podmiotów",
}
_CORRECTED: dict[str, Any] = {
    "code": "C.1.3-1",
    "decision": "corrected",
    "reason": "Two counts disagreed (44 and 33); the target is stated as a number",
    "correction": _CORRECTION,
}
REVIEW_CREATE: dict[str, Any] = {
    "on": "2026-11-05",
    "edition": "klsk-2022",
    "title": {"pl": "Przegląd strategii 2026", "en": "Review of the strategy, 2026"},
    "participants": [{"role": "Chair of the council"}, {"role": "Coordinator of SIG Talents"}],
    "decisions": [_CORRECTED],
}
REVIEW_READ: dict[str, Any] = {
    "id": "0199e1a4-7c1e-7c3a-9b1f-2f4e8a6d0c31",
    "on": "2026-11-05",
    "edition": "klsk-2022",
    "title": "Review of the strategy, 2026",
    "participants": [
        {"role": "Chair of the council", "entity": None, "name": None},
        {"role": "Coordinator of SIG Talents", "entity": None, "name": None},
    ],
    "decisions": [{**_CORRECTED, "outcome": None}],
    "counts": {"confirmed": 0, "corrected": 1, "dropped": 0},
    "state": "open",
    "applied": None,
    "note": None,
    "demonstration": False,
    "version": 1,
    "created_at": "2026-11-05T14:00:00Z",
    "updated_at": "2026-11-05T14:00:00Z",
}
