"""Words with a meaning of their own in names and affiliations: legal forms, parts, kinds, towns, countries."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel import Locale

from klaster_registry.search.folding import words_of
from klaster_shared.stems import stem

_FILE = Path(__file__).with_name("vocabulary.yaml")
_LANGUAGES = ("en", "pl", "de", "fr", "es", "it", "pt")
_SHORT_COUNTRIES = {
    "usa": "US",
    "uk": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "uae": "AE",
    "korea": "KR",
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words by what they mean; stems where endings differ."""

    legal_forms: frozenset[tuple[str, ...]]
    stop: frozenset[str]
    parts: frozenset[str]
    kinds: frozenset[str]
    hospitals: frozenset[str]
    address: frozenset[str]
    short: frozenset[str]
    towns: dict[str, str]
    same: tuple[tuple[tuple[str, ...], ...], ...]
    umbrellas: frozenset[tuple[str, ...]]
    patronised: frozenset[str]
    whole: frozenset[str]
    subordinate: frozenset[str]
    superior: frozenset[str]
    behind: frozenset[str]
    anywhere: frozenset[tuple[str, ...]]
    countries: dict[tuple[str, ...], str]


@cache
def vocabulary() -> Vocabulary:
    """Read once, when the first string is matched."""
    said: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return Vocabulary(
        legal_forms=frozenset(tuple(form.split()) for form in said["legal_forms"]),
        stop=frozenset(said["stop"]),
        parts=frozenset(map(stem, said["parts"])),
        kinds=frozenset(map(stem, said["kinds"])),
        hospitals=frozenset(map(stem, said["hospitals"])),
        address=frozenset(said["address"]),
        short=frozenset(said["short"]),
        towns={stem(name): stem(other) for name, other in said["towns"].items()},
        same=tuple(tuple(tuple(one.split()) for one in group) for group in said["same"]),
        umbrellas=frozenset(tuple(map(stem, one.split())) for one in said["umbrellas"]),
        patronised=frozenset(map(stem, said["patronised"])),
        whole=frozenset(map(stem, said["whole"])),
        subordinate=frozenset(map(stem, said["subordinate"])),
        superior=frozenset(map(stem, said["superior"])),
        behind=frozenset(map(stem, said["behind"])),
        anywhere=frozenset(tuple(form.split()) for form in said["anywhere"]),
        countries=_countries(),
    )


def _countries() -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for language in _LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and len(name) > 3:
                found.setdefault(tuple(words_of(name)), code)
    return found | {(name,): code for name, code in _SHORT_COUNTRIES.items()}
