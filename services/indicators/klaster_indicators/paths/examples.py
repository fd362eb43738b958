"""Examples of paths, as the contract shows them."""

from typing import Any

from klaster_indicators.indicators.examples import INDICATOR, PATH

PATH_READ: dict[str, Any] = {
    **PATH,
    "vision": {"code": "A.1", "text": "A significant number of entities operates here."},
}
PATH_PAGE: dict[str, Any] = {
    **PATH_READ,
    "edition": "klsk-2022",
    "effects": [
        {
            "code": "B.1.1",
            "printed_code": "1.1",
            "name": "More biotech and life-science entities, startups among them",
            "note": None,
            "indicators": ["B.1.1-1", "B.1.1-2"],
        }
    ],
    "indicators": [],
    "programmes": [
        {
            "code": "C.1.3",
            "name": "Promote international activity of entities and experts",
            "note": None,
            "goals": [INDICATOR],
        }
    ],
    "tasks": [{"code": "D.1.1", "kind": "task", "name": "Support new ventures", "path_is_reading": False}],
}
