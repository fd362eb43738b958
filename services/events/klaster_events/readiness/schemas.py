"""Wire shapes of declared readiness."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from klaster_events.proposing.schemas import FateRead
from klaster_shared.dates import Day
from klaster_shared.errors import wrong_field
from klaster_shared.texts import Country, ShortText, WebAddress

_CLUSTER: dict[str, Any] = {"name": "Health Cluster Portugal", "country": "PT"}


class ClusterIn(BaseModel):
    """A cluster abroad that the registry does not know yet."""

    model_config = ConfigDict(extra="forbid")

    name: ShortText
    country: Country
    city: ShortText | None = None
    url: WebAddress | None = None


class ReadinessCreate(BaseModel):
    """A cluster abroad declares, with this post, that it is ready to cooperate."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"cluster": _CLUSTER, "ready_from": "2026-11-24"}]}
    )

    foreign_hq: UUID | None = Field(None, description="The registry's organisation abroad, where it knows it")
    cluster: ClusterIn | None = Field(None, description="One that it does not know")
    ready_from: Day | None = Field(None, description="The first day; today where left out")

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        if (self.foreign_hq is None) == (self.cluster is None):
            raise wrong_field("cluster", "one_of", "Name the cluster by exactly one of foreign_hq, cluster")
        return self


class ReadinessRead(FateRead):
    """Declared readiness, and what became of it in the registry."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01930000-0000-7000-8000-00000000000c",
                    "foreign_hq": None,
                    **_CLUSTER,
                    "ready_from": "2026-11-24",
                    "created_at": "2026-11-24T09:00:00Z",
                    "state": "sent",
                    "proposal": "0190163d-8694-739b-aea5-966c26f8ad95",
                    "record": "/v1/foreign-hqs/0190163d-8694-739b-aea5-966c26f8ad90",
                    "problem": None,
                    "answer": None,
                    "decided_at": None,
                }
            ]
        }
    )

    id: UUID
    foreign_hq: UUID | None
    name: str
    country: str
    ready_from: date
    created_at: datetime


class HqFacts(BaseModel):
    """What the registry tells of an organisation abroad; the rest is passed over."""

    class Entity(BaseModel):
        """An entity that it works with."""

        id: UUID

    id: UUID
    name: str
    kind: str
    country: str
    ready: list[dict[str, Any]] = []
    partner_entities: list[Entity] = []
