"""Tables of bookings. The person who comes is a random id; what is written about the visit is erased with them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import Field

from klaster_events.database import Base


class Booking(Base, table=True):
    """That somebody of an entity uses a resource from one instant to another, or asks to."""

    __tablename__ = "bookings"
    __table_args__ = (
        CheckConstraint("state IN ('requested', 'approved', 'declined', 'cancelled', 'used')", name="state"),
        CheckConstraint("starts_at < ends_at", name="in_order"),
        Index("ix_bookings_starts_at_id", "starts_at", "id"),
        Index("ix_bookings_state_ends_at", "state", "ends_at"),
        Index("ix_bookings_resource_id_starts_at", "resource_id", "starts_at"),
        Index("ix_bookings_entity_id", "entity_id"),
        Index("ix_bookings_person_id", "person_id"),
    )

    id: UUID = Field(primary_key=True)
    resource_id: UUID = Field(foreign_key="resources.id")
    entity_id: UUID = Field(description="For whom")
    person_id: UUID = Field(description="Who comes")
    starts_at: datetime
    ends_at: datetime
    state: str = Field(max_length=20)
    ended_by: str | None = Field(
        default=None, max_length=20, description="visitor, booker, owner, office, erased, lapsed"
    )
    language: str = Field(max_length=2, description="Of messages to whoever comes")
    terms_version: int | None = Field(default=None, description="The terms that were accepted")
    purpose: str | None = Field(default=None, sa_type=Text)
    answer: str | None = Field(default=None, sa_type=Text, description="What the owner says of it")
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime


class BookingSlot(Base, table=True):
    """A quarter of an hour that a booking holds. Its key is why nothing is booked twice, whatever the grid is now."""

    __tablename__ = "booking_slots"
    __table_args__ = (Index("ix_booking_slots_booking_id", "booking_id"),)

    resource_id: UUID = Field(primary_key=True, foreign_key="resources.id", ondelete="CASCADE")
    starts_at: datetime = Field(primary_key=True)
    booking_id: UUID = Field(foreign_key="bookings.id", ondelete="CASCADE")


class Blackout(Base, table=True):
    """A time in which a resource takes no bookings, whatever its hours."""

    __tablename__ = "blackouts"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="in_order"),
        Index("ix_blackouts_resource_id_starts_at_id", "resource_id", "starts_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    resource_id: UUID = Field(foreign_key="resources.id", ondelete="CASCADE")
    starts_at: datetime
    ends_at: datetime
    note: str | None = Field(default=None, max_length=500)
    created_at: datetime
