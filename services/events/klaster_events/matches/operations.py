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
from klaster_events.board.operations import get_post, require_own
from klaster_events.board.records import record_of
from klaster_events.competitors.operations import competitors_of
from klaster_events.entities import operations as entities
from klaster_events.entities.operations import Profile
from klaster_events.events.viewers import Viewer
from klaster_events.interests.operations import standing_between
from klaster_events.matches import repository
from klaster_events.matches.features import Candidate, Feature, Wanted, compare, complementary, rarity, wanted
from klaster_events.matches.reasons import told
from klaster_events.post_kinds.models import PostKind
from klaster_events.post_kinds.operations import POST_KINDS
from klaster_shared.labels import Language

_JOINT = frozenset({"cooperation", "consortium"})  # both sides of such a post seek the same: somebody to do it with
_SIDES = ("offer", "need")
_BY_WORDS, _BY_FIELD = 50, 30  # so many posts are compared in full
_MORE = 20  # looked at with them: a few are over, or may not be suggested
_WORDS, _ENOUGH = 60, 1_500  # what more posts hold than these tells nothing apart, and costs time to look through


@dataclass(frozen=True, slots=True)
class _Found:
    """What speaks for a post, as an answer to which of one's own."""

    own: UUID | None
    features: Sequence[Feature]

    @property
    def score(self) -> float:
        return round(sum(feature.weight for feature in self.features), 2)


@dataclass(frozen=True, slots=True)
class Match(_Found):
    """A post that is suggested, for which post of one's own, and why."""

    post: BoardPost


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Matches, the best first, the kinds of posts by which their reasons are told, and whose the posts are."""

    matches: Sequence[Match]
    kinds: Mapping[str, PostKind]
    owners: Mapping[UUID, Profile]


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
    held = await repository.postings(session, weights)
    candidates = await _candidates(session, asked, weights, held, sought)
    owners = await entities.profiles(session, ids={owner, *(post.owner_id for post in candidates)})
    ranked = []
    for post in candidates:
        common = {word: weights[word] for word in held.get(post.id.hex, ())}
        pair = (_group(owners, owner), _group(owners, post.owner_id))
        found = _best(asked, post, common, joint, pair)
        if found is not None:
            ranked.append((post, found))
    ranked.sort(key=lambda one: (-one[1].score, -one[0].posted_at.timestamp(), one[0].id))
    chosen = ranked[:limit]
    posts = await repository.posts_by_id(session, [post.id for post, _ in chosen])
    matches = [Match(found.own, found.features, posts[post.id]) for post, found in chosen]
    return Suggestions(matches, kinds, owners)


def _group(known: Mapping[UUID, Profile], entity_id: UUID) -> str | None:
    profile = known.get(entity_id)
    return profile.interest_group if profile else None


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
    session: AsyncSession,
    asked: Sequence[Wanted],
    weights: Mapping[str, float],
    held: Mapping[str, Sequence[str]],
    sought: repository.Sought,
) -> Collection[Candidate]:
    """Posts worth a comparison: those that hold the rarest words, and the newest of the same fields."""
    if not asked:
        return await repository.newest(session, sought, limit=_BY_FIELD)
    found = await _by_words(session, weights, held, sought)
    fields = frozenset(field for one in asked for field in one.fields)
    if fields:
        found += await repository.newest_of_fields(session, fields, sought, limit=_BY_FIELD)
    return {post.id: post for post in found}.values()


async def _by_words(
    session: AsyncSession,
    weights: Mapping[str, float],
    held: Mapping[str, Sequence[str]],
    sought: repository.Sought,
) -> list[Candidate]:
    """The first posts that may be suggested, by the sum of the weights of the words that they hold."""
    order = sorted(held, key=lambda post_id: (-sum(map(weights.__getitem__, held[post_id])), post_id))
    at_once = _BY_WORDS * len(_SIDES) // len(sought.sides) + _MORE
    found: list[Candidate] = []
    for start in range(0, len(order), at_once):
        turn = [UUID(post_id) for post_id in order[start : start + at_once]]
        allowed = {post.id: post for post in await repository.of_ids(session, turn, sought)}
        found += [allowed[post_id] for post_id in turn if post_id in allowed]
        if len(found) >= _BY_WORDS:
            break
    return found[:_BY_WORDS]


def _best(
    asked: Sequence[Wanted],
    post: Candidate,
    common: Mapping[str, float],
    joint: Collection[str],
    groups: tuple[str | None, str | None],
) -> _Found | None:
    """For which of one's own posts it is the best answer; without any, whether its owner complements one."""
    if not asked:
        features = list(complementary(groups))
        return _Found(None, features) if features else None
    found = [
        _Found(one.id, features)
        for one in asked
        if (features := compare(one, post, common=common, joint=joint, groups=groups))
    ]
    return max(found, key=lambda one: one.score, default=None)


def answers_of(suggested: Suggestions, *, language: Language, today: date) -> list[dict[str, Any]]:
    """Matches as they are shown, each with its post and its reasons."""
    return [
        {
            "post": record_of(match.post, language, _owner(suggested, match.post.owner_id), today=today),
            "for_post": match.own,
            "score": match.score,
            "features": [told(feature, language, suggested.kinds) for feature in match.features],
        }
        for match in suggested.matches
    ]


def _owner(suggested: Suggestions, owner_id: UUID) -> dict[str, Any]:
    profile = suggested.owners.get(owner_id)
    return profile.named if profile else {"id": owner_id, "name": None}
