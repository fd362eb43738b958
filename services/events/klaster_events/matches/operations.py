"""Rules of matches: who is suggested to whom, and who never is.

Nobody is suggested their own posts, posts of competitors that either side named, posts of an entity with which an
agreement was refused or taken back last, or posts that they have shown interest in already.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.board.models import BoardPost
from klaster_events.board.operations import get_post, records_of, require_own
from klaster_events.competitors.operations import competitors_of
from klaster_events.entities import operations as entities
from klaster_events.events.viewers import Viewer
from klaster_events.interests.operations import standing_between
from klaster_events.matches import repository
from klaster_events.matches.features import Feature, Wanted, compare, complementary, rarity, wanted
from klaster_events.matches.reasons import told
from klaster_events.post_kinds.models import PostKind
from klaster_events.post_kinds.operations import POST_KINDS
from klaster_shared.labels import Language

_JOINT = frozenset({"cooperation", "consortium"})  # both sides of such a post seek the same: somebody to do it with
_SIDES = ("offer", "need")
_WORDS, _ENOUGH = 60, 1_500  # what more posts hold than these tells nothing apart, and costs time to look through


@dataclass(frozen=True, slots=True)
class Match:
    """A post that is suggested, for which post of one's own, and why."""

    post: BoardPost
    own: UUID | None
    features: Sequence[Feature]

    @property
    def score(self) -> float:
        return round(sum(feature.weight for feature in self.features), 2)


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Matches, the best first, and the kinds of posts by which their reasons are told."""

    matches: Sequence[Match]
    kinds: Mapping[str, PostKind]


async def matches_for_post(
    session: AsyncSession, *, post_id: UUID, viewer: Viewer, today: date, limit: int
) -> Suggestions:
    """What answers a post; raises PostNotFound, or NotYourPost for anybody but its owner and the office."""
    post = await get_post(session, post_id=post_id, viewer=viewer)
    require_own(post, viewer)
    ids = await entities.ids_of(session, entity_id=post.owner_id)
    return await _matches(session, owner=post.owner_id, ids=ids, own=[post], today=today, limit=limit)


async def matches_for_entity(session: AsyncSession, *, entity_id: UUID, today: date, limit: int) -> Suggestions:
    """What answers the open posts of an entity; where it has none, what entities of other groups posted last."""
    ids = await entities.ids_of(session, entity_id=entity_id)
    own = await repository.open_posts_of(session, ids, today=today)
    return await _matches(session, owner=entity_id, ids=ids, own=own, today=today, limit=limit)


async def _matches(
    session: AsyncSession, *, owner: UUID, ids: frozenset[UUID], own: Sequence[BoardPost], today: date, limit: int
) -> Suggestions:
    asked = [wanted(post) for post in own]
    kinds = await POST_KINDS.by_code(session)
    joint = {code for code, kind in kinds.items() if _JOINT & set(kind.counts_as)}
    sought = await _sought(session, ids, _sides(asked, joint), today)
    weights = await _weights(session, asked)
    candidates = await _candidates(session, asked, weights, sought)
    held = await repository.words_held(session, [post.id for post in candidates], weights)
    groups = await entities.interest_groups(session, ids={owner, *(post.owner_id for post in candidates)})
    found = []
    for post in candidates:
        common = {word: weights[word] for word in held.get(post.id, ())}
        pair = (groups.get(owner), groups.get(post.owner_id))
        match = _best(asked, post, common, joint, pair)
        if match is not None:
            found.append(match)
    found.sort(key=lambda match: (-match.score, -match.post.posted_at.timestamp(), match.post.id))
    return Suggestions(found[:limit], kinds)


async def _weights(session: AsyncSession, asked: Sequence[Wanted]) -> dict[str, float]:
    """The rarest words of one's own posts that others hold too, as far as these are few posts, by how rare they are."""
    own = Counter(word for one in asked for word in one.words)
    counted = await repository.frequencies(session, own)
    others = sorted((posts, word) for word, posts in counted.items() if posts > own[word])
    looked_at, weights = 0, dict[str, float]()
    for posts, word in others[:_WORDS]:
        looked_at += posts
        if weights and looked_at > _ENOUGH:
            break
        weights[word] = rarity(posts)
    return weights


def _sides(asked: Sequence[Wanted], joint: Collection[str]) -> set[str]:
    """On which sides answers can be: across from each post, and beside one for which both sides seek partners."""
    across = {side for one in asked for side in _SIDES if side != one.side}
    return across | {one.side for one in asked if one.kind in joint} or set(_SIDES)


async def _sought(session: AsyncSession, ids: frozenset[UUID], sides: set[str], today: date) -> repository.Sought:
    between = await standing_between(session, ids=ids)
    return repository.Sought(
        today=today,
        sides=sides,
        excluded_owners={*ids, *between.refused, *await competitors_of(session, ids=ids)},
        excluded_posts=between.shown,
    )


async def _candidates(
    session: AsyncSession, asked: Sequence[Wanted], weights: Mapping[str, float], sought: repository.Sought
) -> Sequence[BoardPost]:
    if not asked:
        return await repository.posts_by_id(session, await repository.newest(session, sought))
    ids = set(await repository.by_words(session, weights, sought))
    fields = {field for one in asked for field in one.fields}
    if fields:
        ids.update(await repository.newest(session, sought, fields=fields))
    return await repository.posts_by_id(session, ids)


def _best(
    asked: Sequence[Wanted],
    post: BoardPost,
    common: Mapping[str, float],
    joint: Collection[str],
    groups: tuple[str | None, str | None],
) -> Match | None:
    """For which of one's own posts it is the best answer; without any, whether its owner complements one."""
    if not asked:
        features = list(complementary(groups))
        return Match(post, None, features) if features else None
    matches = [
        Match(post, one.id, features)
        for one in asked
        if (features := compare(one, post, common=common, joint=joint, groups=groups))
    ]
    return max(matches, key=lambda match: match.score, default=None)


async def answers_of(
    session: AsyncSession, *, suggested: Suggestions, language: Language, today: date
) -> list[dict[str, Any]]:
    """Matches as they are shown, each with its post and its reasons."""
    matches = suggested.matches
    posts = await records_of(session, posts=[match.post for match in matches], language=language, today=today)
    return [
        {
            "post": post,
            "for_post": match.own,
            "score": match.score,
            "features": [told(feature, language, suggested.kinds) for feature in match.features],
        }
        for match, post in zip(matches, posts, strict=True)
    ]
