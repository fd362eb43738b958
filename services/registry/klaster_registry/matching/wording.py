"""What the features of a candidate are called where people read them."""

from functools import cache
from pathlib import Path

import yaml

from klaster_shared.labels import Language

_FILE = Path(__file__).with_name("wording.yaml")


@cache
def _wording() -> dict[str, dict[str, str]]:
    said: dict[str, dict[str, str]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return said


def sentence(feature: str, language: Language) -> str | None:
    """What a feature says; None where there is no such feature."""
    said = _wording().get(feature)
    return said["pl" if language == "pl" else "en"] if said else None
