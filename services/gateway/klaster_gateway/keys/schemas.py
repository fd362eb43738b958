"""Wire shapes of keys."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from klaster_shared.dates import Moment
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Whole

KeyRole = Literal["integrator", "partner", "device", "office", "admin"]
Scope = Annotated[str, Field(pattern=r"^[a-z][a-z-]*:(read|write)$", max_length=60, examples=["entities:read"])]
KeyName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class KeyCreate(BaseModel):
    """A key to be made."""

    model_config = ConfigDict(extra="forbid")

    name: KeyName = Field(description="What or whom it is for", examples=["spreadsheet of the statistics office"])
    role: KeyRole = Field(description="What its holder may do")
    entity: UUID | None = Field(None, description="The entity that a partner's key speaks for; for partners alone")
    scopes: list[Scope] | None = Field(
        None,
        min_length=1,
        max_length=200,
        description="All that it may do of what its role may, `/v1/whoami` besides; null: all of it",
        examples=[["entities:read", "changes:read"]],
    )
    expires_at: Moment | None = Field(None, description="When it ends by itself; null: never")


class KeyRotate(BaseModel):
    """How a key gets another secret."""

    model_config = ConfigDict(extra="forbid")

    overlap_minutes: Whole = Field(
        24 * 60, ge=0, le=7 * 24 * 60, description="For how long the secret from before still works; 0: not at all"
    )


class KeyListParameters(PageParameters):
    """Filters of keys."""

    role: list[KeyRole] = Field([], max_length=5)
    entity: list[UUID] = Field([], max_length=50)
    active: bool | None = Field(None, description="Whether it opens something now")


class KeyRead(BaseModel):
    """A key, without its secret."""

    id: UUID
    prefix: str = Field(description="The key begins with `klk_<prefix>_`", examples=["k3m9x2pq"])
    name: str
    role: KeyRole
    entity: UUID | None
    scopes: list[str] | None = Field(description="What it is narrowed to; null: all that its role may")
    created_at: datetime
    created_by: str = Field(description="An opaque id")
    expires_at: datetime | None
    revoked_at: datetime | None
    rotated_at: datetime | None = Field(description="When it got its present secret, where that is not its first")
    previous_until: datetime | None = Field(description="Until when the secret before the last rotation works")
    last_used_at: datetime | None = Field(description="To the minute")
    version: int


class KeyCreated(KeyRead):
    """A key with its secret: the only time it is shown."""

    key: str = Field(description="Send as `Authorization: Bearer <key>`; it cannot be shown again")


class WhoAmI(BaseModel):
    """Who the caller is to us."""

    subject: str = Field(examples=["anonymous", "key:01930000-0000-7000-8000-000000000000"])
    role: Literal["anonymous", "integrator", "partner", "device", "office", "admin"]
    entity: UUID | None
    scopes: list[str] | None = Field(description="What your key is narrowed to; null: nothing")
    name: str | None = Field(description="Name of the key, if one was sent")
    expires_at: datetime | None
    issuer: str | None = Field(description="Of an access token: who issued it")
    issuer_subject: str | None = Field(description="Of an access token: what its issuer calls you; for `/v1/grants`")
    entities: list[UUID] = Field(description="Whom you represent; choose one with the header Klaster-Entity")
