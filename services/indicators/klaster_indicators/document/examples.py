"""One small strategy, part by part, as the contract shows it."""

from typing import Any

Example = dict[str, Any]

LEVEL: Example = {
    "code": "B",
    "name": {"pl": "Efekt klastra", "en": "Cluster effect"},
    "controlled": "influence",
    "indicators": {"pl": "Kluczowe czynniki sukcesu ścieżek rozwoju", "en": "Key success factors of the paths"},
}
PATH: Example = {
    "n": 1,
    "code": "entities",
    "name": {"pl": "Podmioty i Masa Krytyczna", "en": "Entities and critical mass"},
    "vision": {
        "code": "A.1",
        "pl": "Tutaj prowadzi działalność znacząca liczba podmiotów.",
        "en": "A significant number of entities operates here.",
    },
}
EFFECT: Example = {
    "code": "B.1.3",
    "path": 1,
    "name": {"pl": "Obecność podmiotów za granicą", "en": "Presence of entities abroad"},
}
INDICATOR: Example = {
    "code": "B.1.3-1",
    "effects": ["B.1.3"],
    "name": {"pl": "Podmioty z siedzibą za granicą", "en": "Entities with headquarters abroad"},
    "measures": [{"code": "entities", "unit": "entity", "period": "point", "baseline": {"value": 28, "printed": "28"}}],
}
GOAL: Example = {
    "code": "C.1.3-1",
    "name": {"pl": "Wzrost liczby firm aktywnych za granicą", "en": "More companies active abroad"},
    "printed": {"baseline": "44", "target": "+ 25%"},
    "measures": [
        {
            "code": "abroad",
            "unit": "entity",
            "period": "point",
            "baseline": {"value": 44},
            "target": {"change_percent": 25, "resolves_to": 55},
        }
    ],
}
PROGRAMME: Example = {
    "code": "C.1.3",
    "path": 1,
    "name": {"pl": "Wsparcie internacjonalizacji", "en": "Support of internationalisation"},
    "goals": [GOAL],
}
TASK: Example = {
    "code": "D.1.1",
    "path": 1,
    "kind": "task",
    "pl": "Prowadzenie bazy podmiotów",
    "en": "Keeping the base of entities",
}
EDITION: Example = {
    "code": "klsk-2027",
    "title": {"pl": "Strategia Rozwoju Klastra, 2027", "en": "Development Strategy, 2027"},
    "mission": {"pl": "Budujemy ekosystem innowacji.", "en": "We build an ecosystem of innovation."},
    "vision": {"pl": "Ekosystem innowacji dla zdrowia.", "en": "An ecosystem of innovation for health."},
    "vision_year": 2030,
    "baseline_year_programme": 2021,
    "baseline_year_effect": 2022,
    "target_year": 2025,
}
DOCUMENT: Example = {
    "edition": EDITION,
    "levels": [LEVEL, {**LEVEL, "code": "C"}, {**LEVEL, "code": "D"}],
    "paths": [PATH],
    "effects": [EFFECT],
    "effect_indicators": [INDICATOR],
    "programmes": [PROGRAMME],
    "tasks": [TASK],
}
