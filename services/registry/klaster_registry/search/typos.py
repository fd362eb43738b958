"""Words that a misspelt word may have meant. No queries here: the dictionary is asked for what this proposes."""

from collections.abc import Collection, Iterable, Sequence
from string import ascii_lowercase, digits

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

MISSPELT_FROM = 3  # letters: a shorter word is one slip away from half of the dictionary
CONSIDERED = 6  # words of one question, the longest: the others add little to what these tell
PROPOSED = 24  # corrections of one word
LONG = 5  # letters: shorter ones are mostly "of" and "the" with a slip, or a blank in the wrong place
_TWO_SLIPS_FROM = 6  # letters; a shorter word two slips away is another word


def considered(words: Iterable[str]) -> list[str]:
    """The words that tell most, in their order."""
    telling = [word for word in words if len(word) >= MISSPELT_FROM]
    longest = set(sorted(telling, key=len, reverse=True)[:CONSIDERED])
    return [word for word in telling if word in longest]


def one_slip_away(word: str) -> set[str]:
    """Every word that one slip makes of this one: a letter left out, doubled, wrong or swapped with the next.

    Some seven hundred for ten letters, to be looked up one by one: exact, and faster than any index of likenesses.
    """
    letters = sorted({*ascii_lowercase, *digits, *word})
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    found = {head + tail[1:] for head, tail in cuts if tail}
    found |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    found |= {head + letter + tail[1:] for head, tail in cuts if tail for letter in letters}
    found |= {head + letter + tail for head, tail in cuts for letter in letters}
    return {one for one in found - {word} if len(one) >= MISSPELT_FROM}


def halves(word: str) -> list[tuple[str, str]]:
    """What the word may be made of, where the blank between two words was missed or another key was hit for it."""
    ends = range(MISSPELT_FROM, len(word) - MISSPELT_FROM + 1)
    return [(word[:at], word[begin:]) for at in ends for begin in (at, at + 1) if len(word) - begin >= MISSPELT_FROM]


def two_slips_away(word: str, among: Iterable[str]) -> list[str]:
    """Those of these words that two slips make of a long one."""
    if len(word) < _TWO_SLIPS_FROM:
        return []
    return [one for one in among if OSA.distance(word, one, score_cutoff=2) <= 2]


def nearest(word: str, among: Collection[str]) -> list[str]:
    """The most likely corrections, the best first: few slips, and the same first letter, which is rarely wrong."""
    order = sorted(among, key=lambda one: (OSA.distance(word, one), one[0] != word[0], -fuzz.ratio(word, one), one))
    return order[:PROPOSED]


def likeness(key: str, names: Sequence[str]) -> float:
    """How like the whole question the most similar of these names is, from 0 to 100."""
    return max((fuzz.ratio(key, name) for name in names), default=0.0)
