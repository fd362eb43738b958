"""Examples of observations, as the contract shows them."""

from typing import Any

CREATE: dict[str, Any] = {
    "measure": "abroad",
    "value": 47,
    "on": "2024-12-31",
    "state": "verified",
    "source": "Survey of partners, January 2025",
    "evidence": ["https://example.org/survey-2024"],
}
READ: dict[str, Any] = {
    "id": "019ac3b0-0000-7000-8000-000000000003",
    "indicator": "C.1.3-1",
    "measure": "abroad",
    "state": "verified",
    "origin": "manual",
    "value": 47,
    "status": None,
    "approximate": False,
    "printed": None,
    "unit": "entity",
    "period": "point",
    "from": "2024-12-31",
    "to": "2024-12-31",
    "complete": True,
    "source": "Survey of partners, January 2025",
    "evidence": ["https://example.org/survey-2024"],
    "note": None,
    "figure": None,
    "definition": None,
    "rows": None,
    "demonstration": 0,
    "pulled_at": None,
    "checked_at": None,
    "reason": "Two companies had been counted twice",
    "supersedes": "019ac3b0-0000-7000-8000-000000000004",
    "superseded_at": None,
    "superseded_reason": None,
    "recorded_at": "2025-01-20T09:00:00Z",
    "recorded_by": None,
    "version": 1,
}
