"""Features of suggested meetings told as sentences, in both languages."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel import Locale

from klaster_events.matches.features import Feature
from klaster_events.matches.reasons import sentence
from klaster_shared.labels import Language


@cache
def _sentences() -> dict[str, dict[str, str]]:
    text = Path(__file__).with_name("reasons.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = yaml.safe_load(text)
    return found


def told(feature: Feature, language: Language) -> dict[str, Any]:
    """A feature as it is written in answers."""
    return sentence(feature, _sentences()[feature.name], language, lambda code, spoken: _called(feature, code, spoken))


def _called(feature: Feature, code: str, spoken: str) -> str:
    return _languages(spoken).get(code, code) if feature.name == "common_language" else code


@cache
def _languages(spoken: str) -> dict[str, str]:
    return dict(Locale(spoken).languages)
