"""Many people at once, a verdict for each: groups that a partner registers, lists that the office brings in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.registrations.errors import AlreadyRegistered
from klaster_events.registrations.placing import register_many
from klaster_events.registrations.schemas import RegistrationCreate
from klaster_events.registrations.wishes import Placed, Wish
from klaster_shared.errors import FieldError, Problem
from klaster_shared.rehearsal import rehearsal

RowVerdict = Literal["registered", "unchanged", "rejected"]


@dataclass(slots=True)
class Row:
    """One person of a list: the wish, or what is wrong with it."""

    number: int
    given: RegistrationCreate | None = None
    errors: Sequence[FieldError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What became of a row, or would."""

    row: int
    verdict: RowVerdict
    state: str | None = None
    id: UUID | None = None
    errors: Sequence[FieldError] = field(default_factory=list)


def read_row(number: int, given: Any) -> Row:
    """A row as a person who is to come, or what is wrong with it."""
    try:
        return Row(number, RegistrationCreate.model_validate(given))
    except ValidationError as error:
        found = error.errors(include_url=False)
        return Row(number, errors=[_field_error(item) for item in found])


def _field_error(item: Any) -> FieldError:
    steps = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in item["loc"])
    return FieldError(pointer=steps, code=str(item["type"]), detail=str(item["msg"]).removeprefix("Value error, "))


async def register_rows(
    session: AsyncSession,
    *,
    event_id: UUID,
    rows: Sequence[Row],
    wishes: Sequence[Wish | None],
    now: datetime,
    dry_run: bool = False,
) -> list[Judged]:
    """Carry out what can be carried out, or say what would become of it; raises EventNotFound.

    `wishes` go with the rows; None where a row is wrong by itself. A person whom an import meets again keeps what
    they have, and stays away who cancelled since.
    """
    asked = [wish for wish in wishes if wish is not None]
    if dry_run:
        async with rehearsal(session):
            verdicts = await register_many(session, event_id=event_id, wishes=asked, now=now)
    else:
        verdicts = await register_many(session, event_id=event_id, wishes=asked, now=now)
    found = iter(verdicts)
    return [
        Judged(row=row.number, verdict="rejected", errors=row.errors)
        if wish is None
        else _judged(row.number, next(found), hide_id=dry_run)
        for row, wish in zip(rows, wishes, strict=True)
    ]


def _judged(number: int, verdict: Placed | Problem, *, hide_id: bool) -> Judged:
    if isinstance(verdict, Placed):
        return Judged(row=number, verdict="registered", state=verdict.state, id=None if hide_id else verdict.id)
    if isinstance(verdict, AlreadyRegistered):
        known = verdict.extensions
        own_id = UUID(known["id"]) if "id" in known else None
        return Judged(row=number, verdict="unchanged", state=known.get("state"), id=own_id)
    errors = verdict.errors or [FieldError(pointer="", code=verdict.code, detail=verdict.detail)]
    return Judged(row=number, verdict="rejected", errors=errors)
