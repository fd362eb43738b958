"""Draft, adopted, superseded: what the days of adoption make of each edition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Literal
from uuid import UUID

State = Literal["draft", "adopted", "superseded"]


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The adopted editions in the order of their days: each holds until the day of the next."""

    adoptions: Sequence[Any]

    def state_of(self, edition: Any) -> State:
        """draft, adopted (the one adopted last) or superseded by a later one."""
        if edition.adopted is None:
            return "draft"
        return "superseded" if edition.id in self._ends else "adopted"

    def superseded_on(self, edition: Any) -> date | None:
        """The day from which the next edition held; None while this one does, or is a draft."""
        return self._ends.get(edition.id)

    @property
    def _ends(self) -> dict[UUID, date]:
        return {before.id: following.adopted for before, following in pairwise(self.adoptions)}
