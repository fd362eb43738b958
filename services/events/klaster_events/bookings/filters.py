"""What bookings can be asked for: conditions shared by the list and the figure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlmodel import col

from klaster_events.bookings.models import Booking
from klaster_events.bookings.schemas import BookingListParameters
from klaster_events.events.viewers import Viewer
from klaster_events.resources.models import Resource
from klaster_shared.dates import day_start


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list is asked for, by whom; entities under all their ids, None where not asked for."""

    parameters: BookingListParameters
    viewer: Viewer
    zone: str
    owners: Collection[UUID] | None
    entities: Collection[UUID] | None


def conditions(asked: Asked) -> list[ColumnElement[bool]]:
    """The rows that the parameters ask for and the viewer may see; resources are joined."""
    given = asked.parameters
    columns: list[tuple[Any, Collection[Any] | None]] = [
        (Booking.state, given.state or None),
        (Booking.resource_id, given.resource or None),
        (Booking.entity_id, asked.entities),
        (Resource.owner_id, asked.owners),
    ]
    found: list[ColumnElement[bool]] = [col(column).in_(values) for column, values in columns if values is not None]
    if given.demonstration is not None:
        found.append(col(Booking.demonstration).is_(given.demonstration))
    if given.starts_from is not None:
        found.append(col(Booking.starts_at) >= day_start(given.starts_from, asked.zone))
    if given.starts_to is not None:
        found.append(col(Booking.starts_at) < day_start(given.starts_to + timedelta(days=1), asked.zone))
    return [*found, *_ended(given.ended_from, given.ended_to, asked.zone), *_visible(asked)]


def _ended(first: date | None, last: date | None, zone: str) -> list[ColumnElement[bool]]:
    """As of events: what ends at midnight belongs to the day before, so each ends in exactly one day and year."""
    after = [col(Booking.ends_at) > day_start(first, zone)] if first is not None else []
    before = [col(Booking.ends_at) <= day_start(last + timedelta(days=1), zone)] if last is not None else []
    return [*after, *before]


def _visible(asked: Asked) -> list[ColumnElement[bool]]:
    received, sent = col(Resource.owner_id).in_(asked.viewer.own), col(Booking.entity_id).in_(asked.viewer.own)
    if asked.parameters.direction is not None:
        return [received if asked.parameters.direction == "received" else sent]
    return [] if asked.viewer.office else [or_(received, sent)]
