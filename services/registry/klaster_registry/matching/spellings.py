"""Other ways in which a name is written: `PAN` for an academy, a university without its patron. No queries here."""

from collections.abc import Iterator, Sequence

from klaster_registry.matching.vocabulary import vocabulary
from klaster_shared.stems import stem

_MOST = 6  # of one name
_PATRON = frozenset({"im", "imienia"})
_BEHIND = frozenset({"w", "we"})  # where a patron's name is over
Words = tuple[str, ...]


def spellings(words: Sequence[str]) -> list[Words]:
    """A name's folded words in other ways, itself left out."""
    own = tuple(words)
    found = dict.fromkeys(_abbreviated(own))
    for one in [own, *found]:
        if (short := _without_patron(one)) is not None:
            found[short] = None
    found.pop(own, None)
    return list(found)[:_MOST]


def _abbreviated(words: Words) -> Iterator[Words]:
    """The name with each of the ways in which a part of it is written; never a name that is nothing else."""
    stems = tuple(map(stem, words))
    for group in vocabulary().same:
        for known in group:
            looked_for = tuple(map(stem, known))
            at = next((at for at in range(len(words)) if stems[at : at + len(known)] == looked_for), None)
            if at is not None and len(known) < len(words):
                yield from (words[:at] + other + words[at + len(known) :] for other in group if other != known)
                break


def _without_patron(words: Words) -> Words | None:
    """`Politechnika Krakowska` for one that is named after somebody.

    Of hospitals and schools in the same town it is the patron alone that tells one from another: they keep theirs.
    """
    begin = next((at for at, word in enumerate(words) if word in _PATRON), None)
    if begin is None:
        return None
    known = vocabulary()
    before = [stem(word) for word in words[:begin] if word not in known.stop]
    if len(before) < 2 or known.patronised.isdisjoint(before[:2]):
        return None
    if all(one in known.kinds for one in before):
        return None
    last = {other[0] for group in known.same for other in group if len(other) == 1}
    end = next((at for at in range(begin, len(words)) if words[at] in _BEHIND or words[at] in last), len(words))
    return words[:begin] + words[end:]
