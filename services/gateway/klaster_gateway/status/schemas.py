"""Wire shapes of the status page."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field


class ServiceStatus(BaseModel):
    """One service."""

    service: str
    state: Literal["up", "degraded", "down"]
    since: datetime | None = Field(description="When it started; null where it does not answer")
    version: str | None


class Status(BaseModel):
    """The stack at a glance."""

    state: Literal["up", "degraded"] = Field(description="`up` where every service is")
    services: list[ServiceStatus]
    checked_at: datetime
