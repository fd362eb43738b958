"""Who looks at events, as a value. What that means for rows stands in `filters`, the rules in `visibility`."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """What somebody who looks may see: all (office), partners' events, those of their groups, those they organise."""

    office: bool = False
    partner: bool = False
    own: frozenset[UUID] = frozenset()
    groups: frozenset[str] = frozenset()

    @property
    def sees_more(self) -> bool:
        """Whether answers may hold what not everybody sees: then no cache may keep them for others."""
        return self.office or self.partner


ANYBODY = Viewer()
OFFICE = Viewer(office=True, partner=True)
