"""Features told as sentences, in both languages."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from klaster_events.board.regions import region_label
from klaster_events.matches.features import Feature
from klaster_events.post_kinds.models import PostKind
from klaster_shared.labels import Language, label_text

Kinds = Mapping[str, PostKind]
Spoken = Literal["pl", "en"]


@cache
def _sentences() -> dict[str, dict[str, str]]:
    text = Path(__file__).with_name("reasons.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = yaml.safe_load(text)
    return found


def told(feature: Feature, language: Language, kinds: Kinds) -> dict[str, Any]:
    """A feature as it is written in answers."""
    return sentence(
        feature, _sentences()[feature.name], language, lambda code, spoken: _called(feature, code, spoken, kinds)
    )


def sentence(
    feature: Feature, sentences: Mapping[str, str], language: Language, called: Callable[[str, Spoken], str]
) -> dict[str, Any]:
    """A feature with its sentence; `called`: what a code is called in a language."""
    spoken: tuple[Spoken, ...] = ("pl", "en")
    pl, en = (sentences[one].format(about=", ".join(called(code, one) for code in feature.about)) for one in spoken)
    return {
        "name": feature.name,
        "weight": feature.weight,
        "about": list(feature.about),
        "reason": label_text(pl, en, language),
    }


def _called(feature: Feature, code: str, spoken: Spoken, kinds: Kinds) -> str:
    if feature.name in {"offer_meets_need", "both_seek_partners"}:
        return kinds[code].name_en if spoken == "en" else kinds[code].name_pl
    if feature.name == "region_asked":
        return str(region_label(code, spoken)["name"])
    return code
