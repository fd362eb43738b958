"""The tables of webhooks: who wants to know what, what they are to be told, and how that went."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, ForeignKey, Index, Text, Uuid
from sqlmodel import Field

from klaster_gateway.database import Base


class Webhook(Base, table=True):
    """A subscription: where to, what about, on whose behalf, and how its receiver is doing."""

    __tablename__ = "webhooks"
    __table_args__ = (
        CheckConstraint("(state = 'active') = (reason IS NULL)", name="reason"),
        Index("ix_webhooks_created_at_id", "created_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    url: str = Field(max_length=2000)
    description: str | None = Field(default=None, max_length=500)
    types: list[str] = Field(sa_type=JSON)
    entities: list[str] = Field(sa_type=JSON)
    event_types: list[str] = Field(sa_type=JSON)
    state: str = Field(max_length=20)
    reason: str | None = Field(default=None, max_length=20)
    secret: str = Field(max_length=100, description="Needed to sign, so it is kept as it is; it is given out once")
    previous_secret: str | None = Field(default=None, max_length=100)
    previous_until: datetime | None = None
    owner: str = Field(max_length=200)
    role: str = Field(max_length=20)
    entity: UUID | None = None
    issuer: str | None = Field(default=None, max_length=500)
    issuer_subject: str | None = Field(default=None, max_length=255)
    granted: bool = Field(description="Of a person: whether a grant, and not a claim, lets them act in this role")
    created_at: datetime
    lease_until: datetime = Field(description="Until then one sender has it to itself")
    rest_until: datetime = Field(description="Until then a receiver in trouble is left alone")
    failures: int = Field(description="In a row")
    failing_since: datetime | None = None
    delivered_at: datetime | None = None
    version: int


class Delivery(Base, table=True):
    """One message to one receiver: its bytes never change, however often it is sent."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index("ix_webhook_deliveries_webhook_id_state_due_at_id", "webhook_id", "state", "due_at", "id"),
        Index("ix_webhook_deliveries_webhook_id_id", "webhook_id", "id"),
        Index("ix_webhook_deliveries_state_created_at", "state", "created_at"),
    )

    id: UUID = Field(primary_key=True)
    webhook_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False))
    type: str = Field(max_length=150)
    service: str = Field(max_length=20)
    position: int | None = Field(default=None, sa_type=BigInteger)
    audience: str = Field(max_length=20)
    body: str = Field(sa_type=Text)
    state: str = Field(max_length=20)
    attempts: int
    due_at: datetime
    created_at: datetime
    settled_at: datetime | None = None
    last_status: int | None = None
    last_problem: str | None = Field(default=None, max_length=200)


class Attempt(Base, table=True):
    """One try to deliver: when, and what came of it. What receivers answer is not kept."""

    __tablename__ = "webhook_attempts"
    __table_args__ = (Index("ix_webhook_attempts_delivery_id_at", "delivery_id", "at"),)

    id: UUID = Field(primary_key=True)
    delivery_id: UUID = Field(
        sa_column=Column(Uuid, ForeignKey("webhook_deliveries.id", ondelete="CASCADE"), nullable=False)
    )
    at: datetime
    status: int | None = None
    problem: str | None = Field(default=None, max_length=200)
    milliseconds: int
