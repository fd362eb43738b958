"""Wire shapes of webhooks and their deliveries."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import MISSING, BaseModel, ConfigDict, Field, StringConstraints

from klaster_gateway.webhooks.kinds import PATTERN
from klaster_shared.dates import Moment
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth, Whole
from klaster_shared.texts import Code, ShortText

WebhookState = Literal["active", "paused", "disabled"]
PauseReason = Literal["asked", "failing", "gone", "owner_gone"]
DeliveryState = Literal["waiting", "delivered", "dead", "withheld"]
Url = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Kinds = Annotated[
    list[Annotated[str, StringConstraints(pattern=PATTERN, max_length=150)]],
    Field(
        min_length=1,
        max_length=50,
        description="`<service>.<collection>.<kind>`, `*` for any: `registry.entities.*`, `events.events.updated`",
        examples=[["registry.entities.*", "events.events"]],
    ),
]
Entities = Annotated[
    list[UUID],
    Field(max_length=100, description="Only what is about one of these: their own records, and what names them"),
]
EventTypes = Annotated[
    list[Code],
    Field(max_length=50, description="Of events, only those of these types"),
]
_ASKED: dict[str, Any] = {
    "url": "https://example.org/klaster",
    "description": "The register of the statistics office",
    "types": ["registry.entities.*", "events.events.updated"],
    "entities": [],
    "event_types": ["networking"],
}
_READ: dict[str, Any] = {
    "id": "01930000-0000-7000-8000-000000000003",
    **_ASKED,
    "state": "active",
    "reason": None,
    "owner": "key:01930000-0000-7000-8000-000000000000",
    "role": "integrator",
    "entity": None,
    "created_at": "2026-11-27T09:00:00Z",
    "failing_since": None,
    "delivered_at": None,
    "previous_secret_until": None,
    "version": 1,
}
_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAAAAAAAAAAA="  # noqa: S105 # shown in the contract
_DELIVERY: dict[str, Any] = {
    "id": "01930000-0000-7000-8000-000000000004",
    "message": "msg_019300000000700080000000000000004",
    "type": "registry.entities.updated",
    "service": "registry",
    "position": "1042",
    "state": "waiting",
    "attempts": 1,
    "due_at": "2026-11-27T09:00:06Z",
    "created_at": "2026-11-27T09:00:00Z",
    "settled_at": None,
    "last_status": 503,
    "last_problem": "It answered 503",
}


class WebhookCreate(BaseModel):
    """A subscription to be made."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_ASKED]})

    url: Url = Field(description="Where to: https, on the public internet")
    description: ShortText | None = None
    types: Kinds
    entities: Entities = []
    event_types: EventTypes = []


class WebhookUpdate(BaseModel):
    """A change (JSON Merge Patch); `active` pauses it, or lets it go on."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"active": False}]})

    url: Url | MISSING = MISSING
    description: ShortText | MISSING | None = MISSING
    types: Kinds | MISSING = MISSING
    entities: Entities | MISSING = MISSING
    event_types: EventTypes | MISSING = MISSING
    active: Truth | MISSING = MISSING


class WebhookRead(BaseModel):
    """A subscription, without its secret."""

    model_config = ConfigDict(json_schema_extra={"examples": [_READ]})

    id: UUID
    url: str
    description: str | None
    types: list[str]
    entities: list[UUID]
    event_types: list[str]
    state: WebhookState
    reason: PauseReason | None = Field(description="Why it is not active: `gone` is the receiver's 410")
    owner: str = Field(description="Who made it: an opaque id")
    role: str = Field(description="In which role: it is told what that role may see")
    entity: UUID | None
    created_at: datetime
    failing_since: datetime | None = Field(description="Since when nothing has arrived; three days pause it")
    delivered_at: datetime | None = Field(description="When something arrived last")
    previous_secret_until: datetime | None = Field(description="Until when the secret before signs as well")
    version: int


class WebhookCreated(WebhookRead):
    """A subscription with its secret: the only time it is shown."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**_READ, "secret": _SECRET}]})

    secret: str = Field(description="Verify messages with it; it cannot be shown again")


class WebhookListParameters(PageParameters):
    """What the list of webhooks may be asked for."""

    state: list[WebhookState] = Field([], description="Only these")


class RotationCreate(BaseModel):
    """How long the secret before goes on signing."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"overlap_hours": 24}]})

    overlap_hours: Whole = Field(24, ge=0, le=168, description="0: it has leaked, it ends at once")


class DeliveryRead(BaseModel):
    """One message to a receiver, and how far it has come."""

    model_config = ConfigDict(json_schema_extra={"examples": [_DELIVERY]})

    id: UUID
    message: str = Field(description="The header webhook-id: the same each time it is sent")
    type: str
    service: str
    position: str | None = Field(description="In the service's feed")
    state: DeliveryState = Field(
        description="`dead`: tried often enough; `withheld`: its owner may not see it any more"
    )
    attempts: int
    due_at: datetime = Field(description="When it is tried next, where it waits")
    created_at: datetime
    settled_at: datetime | None
    last_status: int | None
    last_problem: str | None


class AttemptRead(BaseModel):
    """One try."""

    at: datetime
    status: int | None = Field(description="What the receiver answered; null: it did not")
    problem: str | None
    milliseconds: int


class DeliveryDetail(DeliveryRead):
    """A message with its body and every try."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_DELIVERY,
                    "body": {"type": "registry.entities.updated", "timestamp": "2026-11-27T09:00:00Z", "data": {}},
                    "tries": [
                        {"at": "2026-11-27T09:00:01Z", "status": 503, "problem": "It answered 503", "milliseconds": 41}
                    ],
                }
            ]
        }
    )

    body: dict[str, Any]
    tries: list[AttemptRead] = Field(description="The newest first; at most 50")


class DeliveryListParameters(PageParameters):
    """What the list of deliveries may be asked for."""

    state: list[DeliveryState] = Field([], description="Only these; `dead` is the list of dead letters")


class ReplayCreate(BaseModel):
    """Which messages to send again: those of a time."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"from": "2026-11-26T00:00:00Z", "to": "2026-11-27T00:00:00Z"}]},
        validate_by_name=True,
    )

    since: Moment = Field(alias="from", description="Messages that came up at or after this")
    until: Moment | None = Field(None, alias="to", description="and before this; now, where left out")
    states: list[Literal["dead", "delivered"]] = Field(
        ["dead"], min_length=1, max_length=2, description="Which of them"
    )


class ReplayRead(BaseModel):
    """How many messages are sent again."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"replayed": 12}]})

    replayed: int
