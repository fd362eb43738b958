"""The fixed texts of the report, in both languages."""

from typing import Final

from klaster_indicators.languages import OneLanguage
from klaster_indicators.scorecard.arithmetic import Status

TEXTS: Final[dict[OneLanguage, dict[str, str]]] = {
    "pl": {
        "report": "Sprawozdanie roczne ze strategii",
        "state_on": "Stan na dzień",
        "edition": "Edycja",
        "adopted": "przyjęta",
        "contents": "Spis treści",
        "summary": "Podsumowanie",
        "path": "Ścieżka",
        "vision": "Wizja",
        "effects": "Efekty (poziom B)",
        "programmes": "Programy i cele (poziom C)",
        "measures": "miary",
        "status": "Status",
        "count": "Liczba",
        "meaning": "Znaczenie",
        "indicator": "Wskaźnik i miara",
        "baseline": "Wartość bazowa",
        "target": "Cel",
        "latest": "Ostatnia wartość",
        "expected": "Oczekiwana",
        "progress": "Postęp",
        "course": "Przebieg",
        "coverage": "Pokrycie danymi",
        "with_baseline": "z liczbową wartością bazową",
        "with_target": "z liczbowym celem",
        "with_latest": "z wartością",
        "with_stale": "z wartością oznaczoną jako nieaktualna",
        "with_demonstration": "z wartością, w której są wiersze demonstracyjne",
        "of": "z",
        "quality": "Uwagi o jakości",
        "lacking": "Czego brakuje i dlaczego",
        "lacks": "Brakuje",
        "why": "Dlaczego",
        "ambiguous": "Co w dokumencie można czytać różnie",
        "nothing_lacks": "Niczego nie brakuje.",
        "nothing_ambiguous": "Nic takiego nie ma.",
        "sources": "Źródła",
        "source": "Źródło weryfikacji",
        "counted": "Liczone na żywo",
        "none": "–",
        "nothing_here": "Ta część strategii nie ma wskaźników.",
        "reading": "Jak czytać",
        "reading_status": (
            "Statusy są liczone, nigdy uśredniane: miary mają różne jednostki. Znak przed statusem powtarza go bez"
            " koloru."
        ),
        "reading_course": (
            "Przebieg: linia łączy wartości (ostatnia w każdym roku), linia przerywana to prosta droga od wartości"
            " bazowej do celu, romb to cel. ≈ stoi przed wartościami przybliżonymi, * za wartościami z danymi"
            " demonstracyjnymi."
        ),
        "reading_progress": (
            "Postęp to część drogi od wartości bazowej do celu; gdzie wartość bazowa nie jest liczbą, poziom:"
            " wartość podzielona przez cel. Po terminie celu wartością oczekiwaną jest cel."
        ),
    },
    "en": {
        "report": "Annual report of the strategy",
        "state_on": "State on",
        "edition": "Edition",
        "adopted": "adopted",
        "contents": "Contents",
        "summary": "Summary",
        "path": "Path",
        "vision": "Vision",
        "effects": "Effects (level B)",
        "programmes": "Programmes and goals (level C)",
        "measures": "measures",
        "status": "Status",
        "count": "Number",
        "meaning": "Meaning",
        "indicator": "Indicator and measure",
        "baseline": "Baseline",
        "target": "Target",
        "latest": "Latest value",
        "expected": "Expected",
        "progress": "Progress",
        "course": "Course",
        "coverage": "How much rests on data",
        "with_baseline": "with a baseline that is a number",
        "with_target": "with a target that is a number",
        "with_latest": "with a value",
        "with_stale": "with a value marked stale",
        "with_demonstration": "with a value that rests on demonstration rows",
        "of": "of",
        "quality": "Notes on quality",
        "lacking": "What lacks, and why",
        "lacks": "Lacks",
        "why": "Why",
        "ambiguous": "What in the document can be read in more than one way",
        "nothing_lacks": "Nothing lacks.",
        "nothing_ambiguous": "There is nothing of the kind.",
        "sources": "Sources",
        "source": "Source of verification",
        "counted": "Counted live",
        "none": "–",
        "nothing_here": "This part of the strategy has no indicators.",
        "reading": "How to read this",
        "reading_status": (
            "Statuses are counted, never averaged: measures have different units. The sign before a status repeats"
            " it without colour."
        ),
        "reading_course": (
            "Course: the line joins values (the last one of each year), the dashed line is the straight way from"
            " baseline to target, the diamond is the target. ≈ stands before approximate values, * behind values that"
            " rest on demonstration rows."
        ),
        "reading_progress": (
            "Progress is the share of the way from baseline to target; where the baseline has no number, the level:"
            " value divided by target. After the target's date the expected value is the target."
        ),
    },
}

SIGNS: Final[dict[Status, str]] = {
    "achieved": "●",
    "on_track": "▲",
    "at_risk": "◆",
    "off_track": "▼",
    "regressing": "◀",
    "missed": "✕",
    "no_target": "○",
    "no_baseline": "□",
    "no_data": "∅",
    "not_comparable": "≠",
    "stale": "◷",
    "not_assessed": "·",
}
"""A sign for each status: what a colour would say, in black and white."""

MEANINGS: Final[dict[Status, dict[OneLanguage, str]]] = {
    "achieved": {"pl": "cel spełniony", "en": "the target is met"},
    "on_track": {"pl": "co najmniej 95 % należnej drogi", "en": "at least 95 % of the way that is due"},
    "at_risk": {"pl": "co najmniej 60 % należnej drogi", "en": "at least 60 % of the way that is due"},
    "off_track": {"pl": "mniej niż 60 % należnej drogi", "en": "less than 60 % of the way that is due"},
    "regressing": {"pl": "gorzej niż wartość bazowa", "en": "behind the baseline"},
    "missed": {"pl": "termin celu minął, cel niespełniony", "en": "the target's date has passed, and it is not met"},
    "no_target": {"pl": "celu nie określono: sama zmiana", "en": "no target is set: the change alone"},
    "no_baseline": {"pl": "wartość bazowa nie jest liczbą: sam poziom", "en": "no baseline: the level alone"},
    "no_data": {"pl": "nie ma wartości", "en": "there is no value"},
    "not_comparable": {"pl": "inny okres lub jednostka", "en": "another period or unit"},
    "stale": {"pl": "wartość starsza niż rok", "en": "the value is more than a year old"},
    "not_assessed": {"pl": "pokazywane, nieoceniane", "en": "shown, not assessed"},
}

LACKS: Final[dict[str, dict[OneLanguage, str]]] = {
    "baseline": {"pl": "wartości bazowej", "en": "baseline"},
    "target": {"pl": "celu", "en": "target"},
    "latest": {"pl": "wartości", "en": "value"},
}
