"""Rules of introductions: whom a participant is suggested to meet, and whom never.

Nobody is suggested people of their own entity, of competitors that either side named, or of an entity with which an
agreement was refused last; nor whom they may not ask by the rules of the edition, or meet, met or asked there already.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.board.words import stems_in
from klaster_events.competitors.operations import competitors_of
from klaster_events.editions.operations import Held
from klaster_events.editions.rules import may_ask
from klaster_events.entities import operations as entities
from klaster_events.interests.operations import standing_between
from klaster_events.introductions import repository
from klaster_events.introductions.features import Profile, compare, profile_of
from klaster_events.introductions.reasons import told
from klaster_events.introductions.repository import Found
from klaster_events.matches.features import Feature
from klaster_events.participants.models import Participant
from klaster_events.participants.operations import free_slots
from klaster_shared.labels import Language

COMPARED = 60  # so many are compared in full: those who share most terms, then whoever joined last


@dataclass(frozen=True, slots=True)
class Introduction:
    """Somebody to meet, and why."""

    found: Found
    features: Sequence[Feature]

    @property
    def score(self) -> float:
        return round(sum(feature.weight for feature in self.features), 2)


async def introductions_for(
    session: AsyncSession, *, edition: Held, participant: Found, limit: int
) -> list[Introduction]:
    """Whom a participant should meet, the best first."""
    own, registration = participant
    others = await _candidates(session, edition, own)
    profiles = await _profiles(session, edition, [own, *(one for one, _ in others)])
    known = Counter(word for profile in profiles.values() for word in profile.words)
    people = {other.person_id for _, other in others}
    met = await repository.met_before(session, registration.person_id, people)
    found = [
        Introduction((one, other), features)
        for one, other in others
        if other.person_id != registration.person_id
        and (features := compare(profiles[own.id], profiles[one.id], known=known, met=other.person_id in met))
    ]
    return sorted(found, key=lambda one: (-one.score, one.found[0].created_at, one.found[0].id))[:limit]


async def _candidates(session: AsyncSession, edition: Held, own: Participant) -> list[Found]:
    """Those who share a term, and some more; without those who are never suggested."""
    wanted = {
        "field": own.fields,
        "offers_word": stems_in(own.seeks),
        "seeks_word": stems_in(own.offers),
    }
    asked = {own.id, *await repository.asked_already(session, own.id)}
    limit = COMPARED + len(asked)
    ids = await repository.sharing(session, edition[0].id, wanted, limit=limit)
    if len(ids) < limit:
        ids = list(dict.fromkeys([*ids, *await repository.newest(session, edition[0].id, limit=limit)]))
    never = await _never(session, own)
    rows = await repository.found(session, [one for one in ids[:limit] if one not in asked])
    return [
        (one, registration)
        for one, registration in rows
        if one.entity_id not in never and may_ask(edition[0], asker=own.kind, asked=one.kind)
    ]


async def _never(session: AsyncSession, own: Participant) -> set[UUID]:
    """The entities whose people are never suggested: one's own, competitors, those that refused or were refused."""
    if own.entity_id is None:
        return set()
    ids = await entities.ids_of(session, entity_id=own.entity_id)
    between = await standing_between(session, ids=ids)
    return {*ids, *between.refused, *await competitors_of(session, ids=ids)}


async def _profiles(session: AsyncSession, edition: Held, participants: Sequence[Participant]) -> dict[UUID, Profile]:
    free = await free_slots(session, found=edition, participants=participants)
    known = await entities.profiles(session, ids={one.entity_id for one in participants if one.entity_id})
    groups = {entity_id: entity.interest_group for entity_id, entity in known.items()}
    return {
        one.id: profile_of(one, group=groups.get(one.entity_id) if one.entity_id else None, free=free[one.id])
        for one in participants
    }


def answers_of(
    introductions: Sequence[Introduction], records: Sequence[dict[str, Any]], *, language: Language
) -> list[dict[str, Any]]:
    """Suggestions as they are shown, each with its reasons."""
    return [
        {
            "participant": record,
            "score": one.score,
            "features": [told(feature, language) for feature in one.features],
        }
        for one, record in zip(introductions, records, strict=True)
    ]
