"""Examples of indicators, as the contract shows them: a goal of the 2022 strategy."""

from typing import Any

PATH: dict[str, Any] = {"number": 1, "code": "entities", "name": "Entities and critical mass"}
BASELINE: dict[str, Any] = {
    "value": 44,
    "status": None,
    "printed": "44",
    "approximate": False,
    "ambiguous": False,
    "year": 2021,
    "since": None,
    "period": "point",
    "on": "2021-12-31",
    "by": None,
    "by_year": None,
    "source": None,
    "note": None,
}
TARGET: dict[str, Any] = {
    "value": None,
    "change_percent": 25,
    "growth_percent_per_year": None,
    "sum_of": None,
    "resolves_to": 55,
    "bound": None,
    "how": "44 + 25 %",
    "printed": "+25%",
    "year": 2025,
    "on": "2025-12-31",
}
_SAYS: dict[str, Any] = {
    "unit": "entity",
    "period": "point",
    "direction": "increase",
    "live": "registry.entities.active_abroad",
    "scope": "business entities only",
    "rule": None,
    "sig": None,
    "assessed": True,
    "ambiguous": False,
    "note": None,
}
MEASURE_BASELINE: dict[str, Any] = {"measure": "abroad", "unit": "entity", "baseline": BASELINE}
MEASURE_TARGET: dict[str, Any] = {
    "measure": "abroad",
    "unit": "entity",
    "direction": "increase",
    "target": TARGET,
    "interim": [],
}
INDICATOR: dict[str, Any] = {
    "id": "019ac3b0-0000-7000-8000-000000000001",
    "code": "C.1.3-1",
    "name": "More entities active abroad",
    "edition": "klsk-2022",
    "level": "C",
    "path": PATH,
    "effects": [],
    "programme": {"code": "C.1.3", "name": "Promote international activity of entities and experts"},
    "measures": [
        {
            "id": "019ac3b0-0000-7000-8000-000000000002",
            "code": "abroad",
            **_SAYS,
            "baseline": BASELINE,
            "target": TARGET,
            "interim": [],
        }
    ],
    "printed": {"baseline": "44", "target": "+25%", "note": "Dot. podmiotów gospodarczych"},
    "source": None,
    "links": [],
    "evidence": [],
    "context": [],
    "ambiguous": False,
    "note": None,
    "retired": None,
}
