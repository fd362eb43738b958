"""Texts as the search compares them, the same for what is stored and for what is asked. No queries here."""

import re
import unicodedata
from collections.abc import Iterable

from klaster_shared.text import fold, sort_key

NAME_LENGTH = 200  # of a folded name: nobody types more, and an index row has room for it in any script
SORT_LENGTH = 400  # of a sort key, for the same index row; ids settle what is equal up to there
WORD_LENGTH = 60  # longer "words" are identifiers and addresses, and nobody misspells one into another
_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")


def words_of(text: str) -> list[str]:
    """The words of a text, folded: whatever is neither letter nor digit stands between words."""
    folded = fold(text)
    if folded.isascii():
        return _BETWEEN_WORDS.sub(" ", folded).split()
    return "".join(char if _in_word(char) else " " for char in folded).split()


def _in_word(char: str) -> bool:
    # Vowel signs of many scripts are marks, not letters: without them their words would fall apart.
    return char.isalnum() or unicodedata.category(char).startswith("M")


def name_key(text: str) -> str:
    """A name as its beginning is looked up: `Łódź S.A.` becomes `lodz s a`."""
    return " ".join(words_of(text))[:NAME_LENGTH]


def title_key(title: str) -> str:
    """What titles are ordered by: the Polish alphabet, cut to a length that any index holds."""
    return sort_key(title)[:SORT_LENGTH]


def searched_text(texts: Iterable[str]) -> str:
    """All texts as one: every word stands between blanks, and a bar between texts keeps matches inside one of them."""
    said = dict.fromkeys(" ".join(words_of(text)) for text in texts)
    return "".join(f" {text} |" for text in said if text)


def dictionary_words(text: str) -> set[str]:
    """The words of a searched text that a misspelt word may have meant."""
    return {word for word in text.split() if 3 <= len(word) <= WORD_LENGTH and not word.isdigit()}
