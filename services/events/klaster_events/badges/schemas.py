"""Wire shapes of badges."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class BadgeRead(BaseModel):
    """What stands on a badge. No address, no answers."""

    name: str
    entity: str | None = Field(description="The entity that the person comes from")
    code: str | None = Field(description="What the QR at the door says")


class Badges(BaseModel):
    """The badges of an event, by name."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"items": [{"name": "Ada Przykładowa", "entity": "Cardiomatics", "code": "0123456789ABCDEF"}]}]
        }
    )

    items: list[BadgeRead]


class BadgeParameters(BaseModel):
    """In which form."""

    format: Literal["json", "csv"] = Field("json", description="CSV for printers and mail merges")
