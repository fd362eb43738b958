"""An edition as it was recorded at an instant, where its tables say something else by now."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from klaster_indicators.document.strategy import StrategyDocument


@dataclass(frozen=True, slots=True)
class RecordedEdition:
    """What an edition said, with its whole document, read."""

    id: UUID
    code: str
    version: int
    adopted: date | None
    recorded_at: datetime
    document: StrategyDocument

    @property
    def created_at(self) -> datetime:
        return self.recorded_at

    @property
    def title_pl(self) -> str:
        return self.document.edition.title.pl

    @property
    def title_en(self) -> str:
        return self.document.edition.title.en

    @property
    def baseline_year_programme(self) -> int:
        return self.document.edition.baseline_year_programme

    @property
    def baseline_year_effect(self) -> int:
        return self.document.edition.baseline_year_effect

    @property
    def target_year(self) -> int:
        return self.document.edition.target_year


@lru_cache(maxsize=8)  # a revision never changes, and reading one takes some ten milliseconds
def _read(document: str) -> StrategyDocument:
    return StrategyDocument.model_validate_json(document)


def recorded_edition(revision: Any) -> RecordedEdition:
    """The edition of a revision."""
    return RecordedEdition(
        id=revision.edition_id,
        code=revision.code,
        version=revision.version,
        adopted=revision.adopted,
        recorded_at=revision.recorded_at,
        document=_read(revision.document),
    )
