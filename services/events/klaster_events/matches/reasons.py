"""Features told as sentences, in both languages."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from klaster_events.board.regions import region_label
from klaster_events.matches.features import Feature
from klaster_events.post_kinds.models import PostKind
from klaster_shared.labels import Language, label_text

Kinds = Mapping[str, PostKind]


@cache
def _sentences() -> dict[str, dict[str, str]]:
    text = Path(__file__).with_name("reasons.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = yaml.safe_load(text)
    return found


def told(feature: Feature, language: Language, kinds: Kinds) -> dict[str, Any]:
    """A feature as it is written in answers."""
    sentences = _sentences()[feature.name]
    pl, en = (
        sentences[one].format(about=", ".join(_called(feature, code, place, kinds) for code in feature.about))
        for place, one in enumerate(("pl", "en"))
    )
    return {
        "name": feature.name,
        "weight": feature.weight,
        "about": list(feature.about),
        "reason": label_text(pl, en, language),
    }


def _called(feature: Feature, code: str, place: int, kinds: Kinds) -> str:
    if feature.name in {"offer_meets_need", "both_seek_partners"}:
        return kinds[code].name_en if place else kinds[code].name_pl
    if feature.name == "region_asked":
        return str(region_label(code, "en" if place else "pl")["name"])
    return code
