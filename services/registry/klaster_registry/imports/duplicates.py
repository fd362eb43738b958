"""New rows that may be about somebody of another source: proposed, never merged."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.entities.identifiers import check
from klaster_registry.imports import repository
from klaster_registry.imports.models import Import
from klaster_registry.imports.rows import Plan
from klaster_registry.loading import ror
from klaster_shared.text import fold


async def proposed(session: AsyncSession, asked: Import, planned: Sequence[Plan]) -> list[Plan]:
    """New rows that name somebody of another source: by an identifier, or else by name and town."""
    new = [one for one in planned if one.verdict == "created" and one.given is not None]
    if not new or asked.duplicates == "add":
        return list(planned)
    source = asked.source if asked.format != "ror" else ror.SOURCE
    claims = {one.number: _claims(one) for one in new}
    names = {one.number: _names(one) for one in new}
    claimed = await repository.claimants(session, {claim for own in claims.values() for claim in own}, besides=source)
    named = await repository.namesakes(session, {name for own in names.values() for name, _ in own}, besides=source)
    because = {number: _why(own, claimed) or _why_named(names[number], named) for number, own in claims.items()}
    return [_proposal(one, because.get(one.number)) for one in planned]


def _claims(one: Plan) -> list[tuple[str, str]]:
    assert one.given is not None
    checked = [(given.scheme, check(given.scheme, given.value)) for given in one.given.identifiers]
    return [(scheme, found.value) for scheme, found in checked if found.verdict != "invalid"]


def _names(one: Plan) -> list[tuple[str, str]]:
    """The names of a row, each with its town; none where the town is not known."""
    assert one.given is not None
    town = one.given.seat.city if one.given.seat else None
    return [(fold(name.value), fold(town)) for name in one.given.names] if town else []


def _why(claims: Sequence[tuple[str, str]], claimed: Mapping[tuple[str, str], list[UUID]]) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for claim in claims:
        for entity_id in claimed.get(claim, ()):
            found.setdefault(entity_id, claim[0])
    return found


def _why_named(names: Sequence[tuple[str, str]], named: Mapping[tuple[str, str], list[UUID]]) -> dict[UUID, str]:
    return {entity_id: "name_and_town" for name in names for entity_id in named.get(name, ())}


def _proposal(one: Plan, because: Mapping[UUID, str] | None) -> Plan:
    if not because:
        return one
    found = [{"entity": str(entity_id), "because": why} for entity_id, why in because.items()]
    return replace(one, verdict="duplicate", duplicate_of=found)
