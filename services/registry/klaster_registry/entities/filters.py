"""What the list of entities can be asked: its parameters, and the one query that lists and figures share."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import ColumnElement, exists, or_, select
from sqlmodel import col

from klaster_registry.entities.models import (
    Entity,
    EntityBranch,
    EntityField,
    EntityIdentifier,
    EntitySector,
    EntityValidity,
)
from klaster_registry.entities.registration import Registration
from klaster_registry.entities.relations.schemas import RelationIssue
from klaster_registry.entities.schemas import Existence
from klaster_registry.periods import END, covers
from klaster_registry.search.filters import matching_ids
from klaster_shared.dates import Day
from klaster_shared.pagination import PageParameters
from klaster_shared.text import fold
from klaster_shared.texts import Code, Country, Subdivision

Codes = list[Code]


class EntityListParameters(PageParameters):
    """Filters of the list of entities. Repeated parameters mean "or", different ones "and"."""

    sort: str | None = Field(
        None, description="name, rbw_number, founded_on, created_at, updated_at; `-` in front: descending"
    )
    q: str | None = Field(
        None, max_length=200, description="Words in names, town or identifiers; accents do not matter"
    )
    as_of: Day | None = Field(None, description="The day that memberships, states and periods are asked for; today")
    registration: list[Registration] = Field([], description="Its state in the register on that day")
    existence: list[Existence] = Field([])
    interest_group: Codes = Field([])
    field: Codes = Field([], description="A code stands for those below it, too")
    sector: Codes = Field([], description="PKD or NACE; a code stands for those below it, too")
    kind: Codes = Field([])
    market: Codes = Field([])
    group: Codes = Field([], description="In one of these special interest groups on that day")
    network: Codes = Field([], description="In one of these networks on that day")
    advisory_body: Codes = Field([], description="In one of these advisory bodies on that day")
    startup: bool | None = None
    cooperating: bool | None = Field(None, description="A cooperation or a partnership covers that day")
    partner: bool | None = Field(None, description="A partnership covers that day")
    in_group: bool | None = Field(None, description="In at least one special interest group on that day")
    in_interest_group: bool | None = Field(None, description="Belongs to one of the interest groups on that day")
    digital_audit: bool | None = Field(None, description="A digital audit or roadmap is dated on or before that day")
    foreign_market: bool | None = Field(None, description="Active on at least one market flagged `foreign` on that day")
    abroad: bool | None = Field(
        None, description="Active abroad on that day: on a foreign market, or by a branch or subsidiary there"
    )
    health_care: bool | None = Field(None, description="Its interest group on that day is flagged `health_care`")
    financial: bool | None = Field(None, description="Of a kind flagged `financial` on that day")
    business: bool | None = Field(None, description="Of a kind flagged `business` on that day")
    international_network: bool | None = Field(None, description="In a network flagged `international` on that day")
    city: list[str] = Field([], max_length=50, description="Accents and case do not matter")
    subdivision: list[Subdivision] = Field([])
    country: list[Country] = Field([])
    source: list[str] = Field([], max_length=50)
    source_key: list[str] = Field([], max_length=500)
    demonstration: bool | None = None
    conflict: bool | None = Field(None, description="An identifier of it is claimed by another entity, too")
    invalid_identifier: bool | None = Field(
        None, description="An identifier of it, as its source states it, cannot be: see its verdict and reason"
    )
    relation_issue: list[RelationIssue] = Field([], description="A relation of it, as its source states it, cannot be")
    founded_from: Day | None = Field(
        None, description="Founded on or after: the whole of a partial date must lie there"
    )
    founded_to: Day | None = Field(None, description="Founded on or before")
    started_from: Day | None = Field(None, description="As founded_from; the year of listing where only that is known")
    started_to: Day | None = None


SORTS: dict[str, Any] = {
    "name": col(Entity.sort_name),
    "rbw_number": col(Entity.number_order),
    "founded_on": col(Entity.founded_first),
    "created_at": col(Entity.created_at),
    "updated_at": col(Entity.updated_at),
}
SELF_CONTAINED = frozenset(
    {"cursor", "limit", "count", "sort", "q", "as_of", "registration", "existence", "interest_group", "kind", "market"}
    | {"group", "network", "advisory_body", "startup", "cooperating", "partner", "in_group", "digital_audit", "city"}
    | {"subdivision", "country", "source", "source_key", "demonstration", "conflict"}
    | {"founded_from", "founded_to", "started_from", "started_to"}
)
"""The parameters for which nothing has to be read from taxonomies or relations first."""


@dataclass(frozen=True, slots=True)
class Flagged:
    """The codes behind the flags that filters speak of, read from the taxonomies."""

    fields: Sequence[str] = ()
    sectors: Sequence[str] = ()
    at_odds: Collection[UUID] = ()
    markets: Sequence[str] = ()
    health_care: Sequence[str] = ()
    financial: Sequence[str] = ()
    business: Sequence[str] = ()
    networks: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class When:
    """The day that is asked for, and whether every row of that day is wanted, or one page of them."""

    day: date
    every: bool


def conditions(
    parameters: EntityListParameters, *, flagged: Flagged, today: date, every: bool = False
) -> list[ColumnElement[bool]]:
    """The rows that the parameters ask for.

    `every` says that all of them are wanted (to be counted): the same question put the way round that suits it. A page
    looks up the few entities it walks past; a count gathers the periods first. With 100,000 entities on SQLite each
    way is twenty times as fast as the other at its own.
    """
    when = When(parameters.as_of or today, every)
    return [
        col(Entity.listed_until) > when.day,
        *_plain(parameters),
        *_classified(parameters, flagged),
        *_in_time(parameters, when),
        *_by_flag(parameters, flagged, when),
        *_dated(parameters),
    ]


def _classified(asked: EntityListParameters, flagged: Flagged) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.field:
        of = col(EntityField.entity_id) == Entity.id
        found.append(exists(select(1).where(of, col(EntityField.field).in_(flagged.fields))))
    if asked.sector:
        of = col(EntitySector.entity_id) == Entity.id
        found.append(exists(select(1).where(of, col(EntitySector.sector).in_(flagged.sectors))))
    if asked.invalid_identifier is not None:
        of = col(EntityIdentifier.entity_id) == Entity.id
        wrong = exists(select(1).where(of, col(EntityIdentifier.verdict) == "invalid"))
        found.append(_wanted(wrong, asked.invalid_identifier))
    if asked.relation_issue:
        found.append(col(Entity.id).in_(flagged.at_odds))
    return found


def _plain(asked: EntityListParameters) -> list[ColumnElement[bool]]:
    columns: list[tuple[Any, Sequence[Any]]] = [
        (Entity.existence, asked.existence),
        (Entity.city_folded, [fold(city) for city in asked.city]),
        (Entity.subdivision, asked.subdivision),
        (Entity.country, asked.country),
        (Entity.source, asked.source),
        (Entity.source_key, asked.source_key),
    ]
    found: list[ColumnElement[bool]] = [col(column).in_(values) for column, values in columns if values]
    switches: list[tuple[Any, bool | None]] = [
        (Entity.startup, asked.startup),
        (Entity.demonstration, asked.demonstration),
        (Entity.has_conflict, asked.conflict),
    ]
    found += [col(column).is_(value) for column, value in switches if value is not None]
    if asked.q and asked.q.strip():
        found.append(col(Entity.id).in_(matching_ids("entities", asked.q)))
    return found


def _in_time(asked: EntityListParameters, when: When) -> list[ColumnElement[bool]]:
    found = []
    if asked.registration:
        found.append(_registered_as(asked.registration, when, by_column=asked.as_of is None))
    aspects = (
        ("interest_group", asked.interest_group),
        ("kind", asked.kind),
        ("market", asked.market),
        ("group", asked.group),
        ("network", asked.network),
        ("advisory_body", asked.advisory_body),
    )
    found += [_held(aspect, values, when) for aspect, values in aspects if values]
    switches = (
        (asked.cooperating, ("cooperation", "partnership")),
        (asked.partner, ("partnership",)),
        (asked.in_group, ("group",)),
        (asked.in_interest_group, ("interest_group",)),
        (asked.digital_audit, ("digital_audit",)),
    )
    found += [_wanted(_held_any(aspects, when), value) for value, aspects in switches if value is not None]
    return found


def _registered_as(states: Sequence[Registration], when: When, *, by_column: bool) -> ColumnElement[bool]:
    # No step lies in the future, so the current column is today's truth; other days ask the periods.
    if by_column:
        return col(Entity.registration).in_(states)
    held_states = [state for state in states if state != "none"]
    found: list[ColumnElement[bool]] = []
    if held_states:
        found.append(_held("registration", held_states, when))
    if "none" in states:
        found.append(~_held_any(("registration",), when))
    return or_(*found)


def _by_flag(asked: EntityListParameters, flagged: Flagged, when: When) -> list[ColumnElement[bool]]:
    switches = (
        (asked.foreign_market, "market", flagged.markets),
        (asked.health_care, "interest_group", flagged.health_care),
        (asked.financial, "kind", flagged.financial),
        (asked.business, "kind", flagged.business),
        (asked.international_network, "network", flagged.networks),
    )
    found = [_wanted(_held(aspect, codes, when), value) for value, aspect, codes in switches if value is not None]
    if asked.abroad is not None:
        somewhere = or_(_held("market", flagged.markets, when), _has_branch_abroad(when))
        found.append(_wanted(somewhere, asked.abroad))
    return found


def _has_branch_abroad(when: When) -> ColumnElement[bool]:
    rows = EntityBranch
    there = (col(rows.abroad).is_(True), covers(col(rows.valid_from), col(rows.valid_until), when.day))
    if when.every:
        return col(Entity.id).in_(select(col(rows.entity_id)).where(*there))
    return exists(select(1).where(col(rows.entity_id) == Entity.id, *there))


def _dated(asked: EntityListParameters) -> list[ColumnElement[bool]]:
    bounds = (
        (asked.founded_from, col(Entity.founded_first).__ge__),
        (asked.started_from, col(Entity.started_first).__ge__),
        (asked.founded_to, col(Entity.founded_last).__le__),
        (asked.started_to, col(Entity.started_last).__le__),
    )
    found = [compare(day) for day, compare in bounds if day is not None]
    if asked.founded_from is not None:
        found.append(col(Entity.founded_first) < END)  # not known is not late
    if asked.started_from is not None:
        found.append(col(Entity.started_first) < END)
    return found


def _held(aspect: str, values: Sequence[str], when: When) -> ColumnElement[bool]:
    return _has(col(EntityValidity.aspect) == aspect, col(EntityValidity.value).in_(values), when=when)


def _held_any(aspects: Sequence[str], when: When) -> ColumnElement[bool]:
    return _has(col(EntityValidity.aspect).in_(aspects), when=when)


def _has(*clauses: ColumnElement[bool], when: When) -> ColumnElement[bool]:
    """SQL: a period of the entity says so at the end of that day."""
    rows = EntityValidity
    on_day = covers(col(rows.valid_from), col(rows.valid_until), when.day)
    if when.every:
        return col(Entity.id).in_(select(col(rows.entity_id)).where(*clauses, on_day))
    return exists(select(1).where(col(rows.entity_id) == Entity.id, *clauses, on_day))


def _wanted(clause: ColumnElement[bool], value: bool) -> ColumnElement[bool]:
    return clause if value else ~clause
