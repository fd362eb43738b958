"""The words of posts as they are compared: folded, without endings, without those that say nothing."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml

from klaster_shared.stems import stem
from klaster_shared.text import fold

MOST = 60  # words of one post: its title and keywords come first, and nobody finds it by the end of its text
_SHORTEST = 4
_WORD = re.compile(r"[^\W_]+")


@cache
def _empty() -> frozenset[str]:
    """What offers and needs say in any field, in both languages."""
    said = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))["empty"]
    return frozenset(stem(word) for word in str(said).split())


def stems_in(texts: Iterable[str | None]) -> dict[str, str]:
    """The stems of these texts, each with the word that it was read from first."""
    found: dict[str, str] = {}
    for text in texts:
        for word in _WORD.findall(text or ""):
            key = stem(fold(word))
            if _says_something(word, key) and key not in found:
                found[key] = word
                if len(found) == MOST:
                    return found
    return found


def _says_something(word: str, key: str) -> bool:
    if word.isupper() and len(word) > 1:  # AI, EKG, MDR: short, and precise
        return True
    if not word.isalpha() and any(character.isdigit() for character in word):
        return len(word) > 1 and not word.isdigit()
    return len(key) >= _SHORTEST and key not in _empty()
