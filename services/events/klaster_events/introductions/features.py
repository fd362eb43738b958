"""What speaks for a meeting, as named features with weights. Pure: no queries, no clock.

Two should meet where one offers what the other seeks, or they have a field or words in common; they have to be free at
the same time, and to speak a language that both know. Weights order suggestions, as those of posts do.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from klaster_events.board.words import stems_in
from klaster_events.matches.features import (
    FIELD,
    MORE_FIELDS,
    MOST_WORDS,
    SHOWN_WORDS,
    WORDS,
    Feature,
    complementary,
    rarity,
)
from klaster_events.participants.models import Participant

ReasonName = Literal[
    "offer_meets_need",
    "same_field",
    "common_words",
    "common_language",
    "both_free",
    "complementary_group",
    "never_met",
]
SOUGHT, MOST_SOUGHT = 2.0, 6.0
LANGUAGE, FREE, NEVER_MET = 0.5, 0.5, 0.5
ENOUGH_SLOTS = 4  # so many free times find a table; more say nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A participant, as others are compared with them: words by their stems, and when they are free."""

    id: UUID
    group: str | None
    languages: frozenset[str]
    fields: tuple[str, ...]
    seeks: Mapping[str, str]
    offers: Mapping[str, str]
    words: Mapping[str, str]
    free: frozenset[object]


def profile_of(participant: Participant, *, group: str | None, free: Collection[object]) -> Profile:
    """A participant, as others are compared with them."""
    said = (*participant.seeks, *participant.offers, participant.about_pl, participant.about_en)
    return Profile(
        id=participant.id,
        group=group,
        languages=frozenset(participant.languages),
        fields=tuple(participant.fields),
        seeks=stems_in(participant.seeks),
        offers=stems_in(participant.offers),
        words=stems_in(said),
        free=frozenset(free),
    )


def compare(own: Profile, other: Profile, *, known: Mapping[str, int], met: bool) -> list[Feature]:
    """What speaks for a meeting of two, the weightiest first; nothing where they should not be brought together.

    known  how many of those compared hold each word
    met    whether they have met before
    """
    both_free = len(own.free & other.free)
    languages = sorted(own.languages & other.languages)
    speechless = own.languages and other.languages and not languages
    content = [*_sought(own, other), *_fields(own, other), *_words(own, other, known)]
    if not content or not both_free or speechless:
        return []
    found = [*content, *complementary((own.group, other.group))]
    if languages:
        found.append(Feature("common_language", LANGUAGE, tuple(languages)))
    found.append(Feature("both_free", round(FREE * min(1, both_free / ENOUGH_SLOTS), 2), (str(both_free),)))
    if not met:
        found.append(Feature("never_met", NEVER_MET, ()))
    return sorted(found, key=lambda feature: -feature.weight)


def _sought(own: Profile, other: Profile) -> list[Feature]:
    """What one offers and the other seeks, in either direction."""
    words = [word for stem, word in own.seeks.items() if stem in other.offers]
    words += [word for stem, word in own.offers.items() if stem in other.seeks]
    shown = tuple(dict.fromkeys(words))[:SHOWN_WORDS]
    return [Feature("offer_meets_need", min(MOST_SOUGHT, SOUGHT * len(words)), shown)] if words else []


def _fields(own: Profile, other: Profile) -> list[Feature]:
    shared = tuple(field for field in other.fields if field in own.fields)
    return [Feature("same_field", FIELD + MORE_FIELDS * (len(shared) > 1), shared)] if shared else []


def _words(own: Profile, other: Profile, known: Mapping[str, int]) -> list[Feature]:
    """Words of both, but for those that are sought and offered: these count already."""
    counted = own.seeks.keys() & other.offers.keys() | own.offers.keys() & other.seeks.keys()
    common = {stem: rarity(known[stem]) for stem in own.words if stem in other.words and stem not in counted}
    if not common:
        return []
    rarest = sorted(common, key=lambda stem: (-common[stem], stem))[:SHOWN_WORDS]
    weight = round(min(MOST_WORDS, WORDS * sum(common.values())), 2)
    return [Feature("common_words", weight, tuple(own.words[stem] for stem in rarest))]
