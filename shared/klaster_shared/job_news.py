"""Jobs in the change log: whoever follows the feed, or the stream, watches them without asking again and again."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_shared.access import Role
from klaster_shared.changes import record_change
from klaster_shared.job_table import job_read

COLLECTION = "jobs"
AUDIENCE: Role = "office"  # who asks for imports and refreshes, and may look at them
SCHEDULE = "schedule:"  # how the keys of jobs begin that nobody asked for: nobody waits for those

Find = Callable[[AsyncSession, UUID], Awaitable[Any | None]]
"""The row of a job, or None."""


class JobNews:
    """Tells of the jobs of some kinds, in the transactions that move them."""

    def __init__(self, find: Find, *, kinds: Collection[str]) -> None:
        self._find = find
        self._kinds = frozenset(kinds)

    async def tell(self, session: AsyncSession, job_id: UUID, *changed: str) -> None:
        """Note what became of a job; without `changed`, that there is a new one."""
        if not self._kinds:
            return
        row = await self._find(session, job_id)
        if row is not None and self._is_told(row):
            self._note(session, "updated" if changed else "created", row.id, changed, job_read(row))

    def tell_gone(self, session: AsyncSession, rows: Sequence[Any]) -> None:
        """Note that jobs are no longer kept."""
        for row in rows:
            if self._is_told(row):
                self._note(session, "deleted", row.id, (), None)

    def _is_told(self, row: Any) -> bool:
        return row.kind in self._kinds and not (row.key or "").startswith(SCHEDULE)

    @staticmethod
    def _note(session: AsyncSession, kind: Any, job_id: Any, changed: Sequence[str], record: Any) -> None:
        record_change(
            session, kind=kind, collection=COLLECTION, id=job_id, changed=changed, record=record, audience=AUDIENCE
        )
