"""Wire shapes of keys."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from klaster_shared.dates import Moment

KeyRole = Literal["integrator", "partner", "device", "office", "admin"]
KeyName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class KeyCreate(BaseModel):
    """A key to be made."""

    model_config = ConfigDict(extra="forbid")

    name: KeyName = Field(description="What or whom it is for", examples=["spreadsheet of the statistics office"])
    role: KeyRole = Field(description="What its holder may do")
    entity: UUID | None = Field(None, description="The entity that a partner's key speaks for; for partners alone")
    expires_at: Moment | None = Field(None, description="When it ends by itself; null: never")


class KeyRead(BaseModel):
    """A key, without its secret."""

    id: UUID
    prefix: str = Field(description="The key begins with `klk_<prefix>_`", examples=["k3m9x2pq"])
    name: str
    role: KeyRole
    entity: UUID | None
    created_at: datetime
    created_by: str = Field(description="An opaque id")
    expires_at: datetime | None
    revoked_at: datetime | None
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
    name: str | None = Field(description="Name of the key, if one was sent")
    expires_at: datetime | None
    issuer: str | None = Field(description="Of an access token: who issued it")
    issuer_subject: str | None = Field(description="Of an access token: what its issuer calls you; for `/v1/grants`")
    entities: list[UUID] = Field(description="Whom you represent; choose one with the header Klaster-Entity")
