"""Wire shapes of editions."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from klaster_indicators.document.strategy import StrategyDocument
from klaster_shared.labels import LabelText


class EditionSummary(BaseModel):
    """An edition of the strategy."""

    id: UUID
    code: str
    title: LabelText
    state: Literal["draft", "adopted", "superseded"] = Field(description="adopted: the one in force")
    adopted: date | None
    baseline_year_programme: int
    baseline_year_effect: int
    target_year: int
    version: int
    created_at: datetime
    updated_at: datetime


class EditionRead(EditionSummary):
    """An edition with its whole document, as it was taken in."""

    document: StrategyDocument
