"""Wire shapes of the tables at which people meet."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import MISSING, BaseModel, ConfigDict, Field

from klaster_events.editions.examples import NEW_TABLES, TABLE, TABLE_CHANGE
from klaster_events.editions.windows import WindowRead, Windows
from klaster_events.events.schemas import OnlineAddress
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth
from klaster_shared.texts import Code, ShortText

TableCode = Annotated[Code, Field(max_length=40)]
Room = Annotated[ShortText, Field(max_length=200)]


class TableCreate(BaseModel):
    """A table, or a place online."""

    model_config = ConfigDict(extra="forbid")

    code: TableCode
    room: Room | None = None
    online: Truth = False
    online_url: OnlineAddress | None = None
    windows: Windows | None = Field(None, description="When it can be used; null: whenever the edition meets")


class TablesCreate(BaseModel):
    """New tables: all of them, or none."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [NEW_TABLES]})

    tables: Annotated[list[TableCreate], Field(min_length=1, max_length=500)]


class TableUpdate(BaseModel):
    """A change (JSON Merge Patch)."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [TABLE_CHANGE]})

    code: TableCode | MISSING = MISSING
    room: Room | MISSING | None = MISSING
    online: Truth | MISSING = MISSING
    online_url: OnlineAddress | MISSING | None = MISSING
    windows: Windows | MISSING | None = MISSING


class TableRead(BaseModel):
    """A table, or a place online."""

    model_config = ConfigDict(json_schema_extra={"examples": [TABLE]})

    id: UUID
    code: str
    room: str | None
    online: bool
    online_url: str | None = Field(description="Null but for the office; who meets there finds it with the meeting")
    windows: list[WindowRead] | None
    withdrawn_at: datetime | None = Field(description="Since when nobody is put there")
    version: int
    created_at: datetime
    updated_at: datetime


class TablesRead(BaseModel):
    """The tables that were added."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [TABLE]}]})

    items: list[TableRead]


class TableListParameters(PageParameters):
    """Filters of the list of tables."""

    withdrawn: bool | None = Field(None, description="Only those that are, or are not, withdrawn")
    online: bool | None = None
