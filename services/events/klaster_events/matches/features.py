"""What speaks for a match, as named features with weights. Pure: no queries, no clock.

Two posts match where one offers what the other needs (or both seek partners for a venture of the same kind), and they
have a field or words in common. The weights order suggestions; each is told with its reason, so that whoever reads a
suggestion can judge it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log
from typing import Literal, NamedTuple
from uuid import UUID

from klaster_events.board.models import BoardPost
from klaster_events.board.records import words_of
from klaster_events.board.regions import around

FeatureName = Literal[
    "offer_meets_need", "both_seek_partners", "same_field", "common_words", "region_asked", "complementary_group"
]
SAME_KIND, OTHER_KIND, JOINT = 3.0, 1.5, 2.0
FIELD, MORE_FIELDS = 1.0, 0.5  # there are few fields, and most posts share one
WORDS, MOST_WORDS = 2.0, 4.0
REGION, GROUP = 1.0, 0.5
SHOWN_WORDS = 5


@dataclass(frozen=True, slots=True)
class Feature:
    """One reason: its name, how much it weighs, and what it is about (codes, or words)."""

    name: str
    weight: float
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A post for which others are sought, with its words by their stems."""

    id: UUID
    side: str
    kind: str
    fields: frozenset[str]
    regions: tuple[str, ...]
    words: Mapping[str, str]


class Candidate(NamedTuple):
    """What of a post is compared, without its texts."""

    id: UUID
    owner_id: UUID
    side: str
    kind: str
    fields: Sequence[str]
    regions: Sequence[str]
    posted_at: datetime


def wanted(post: BoardPost) -> Wanted:
    """A post, as others are compared with it."""
    return Wanted(
        id=post.id,
        side=post.side,
        kind=post.kind,
        fields=frozenset(post.fields),
        regions=tuple(post.regions),
        words=words_of(post),
    )


def rarity(posts: int) -> float:
    """How much a word says that so many posts hold: 1 for one of them, a seventh for a thousand."""
    return 1 / (1 + log(max(posts, 1)))


def compare(
    own: Wanted, post: Candidate, *, common: Mapping[str, float], joint: Collection[str], groups: Sequence[str | None]
) -> list[Feature]:
    """What speaks for a post as an answer to one's own, the weightiest first; nothing where they are no match.

    common  the stems that both hold, with how rare each is
    joint   kinds for which both sides seek partners alike: cooperation, a consortium
    groups  the interest groups of both owners
    """
    sides = _sides(own, post, joint)
    if sides is None:
        return []
    shared = [*_fields(own, post), *_words(own, common)]
    if not shared:
        return []
    found = [sides, *shared, *_regions(own.regions, post.regions), *complementary(groups)]
    return sorted(found, key=lambda feature: -feature.weight)


def _sides(own: Wanted, post: Candidate, joint: Collection[str]) -> Feature | None:
    if own.side != post.side:
        weight = SAME_KIND if own.kind == post.kind else OTHER_KIND
        return Feature("offer_meets_need", weight, (post.kind,))
    if own.kind == post.kind and post.kind in joint:
        return Feature("both_seek_partners", JOINT, (post.kind,))
    return None


def _fields(own: Wanted, post: Candidate) -> Iterable[Feature]:
    shared = [field for field in post.fields if field in own.fields]
    if shared:
        yield Feature("same_field", FIELD + MORE_FIELDS * (len(shared) > 1), tuple(shared))


def _words(own: Wanted, common: Mapping[str, float]) -> Iterable[Feature]:
    known = {stem: weight for stem, weight in common.items() if stem in own.words}
    if known:
        rarest = sorted(known, key=lambda stem: (-known[stem], stem))[:SHOWN_WORDS]
        weight = min(MOST_WORDS, WORDS * sum(known.values()))
        yield Feature("common_words", round(weight, 2), tuple(own.words[stem] for stem in rarest))


def _regions(own: Sequence[str], asked: Sequence[str]) -> Iterable[Feature]:
    """Both look to the same part of the world: one asks for Asia, the other for Japan or for Asia."""
    met = [code for code in asked if any(code in around(one) or one in around(code) for one in own)]
    if met:
        yield Feature("region_asked", REGION, tuple(met))


def complementary(groups: Sequence[str | None]) -> Iterable[Feature]:
    """Their owners do different things: a company and a hospital have more to give each other than two companies."""
    mine, theirs = groups
    if mine is not None and theirs is not None and mine != theirs:
        yield Feature("complementary_group", GROUP, (mine, theirs))
