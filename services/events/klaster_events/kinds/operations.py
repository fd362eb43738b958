"""Rules of kinds: codes are unique and stay, kinds are retired rather than deleted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.kinds import repository
from klaster_events.kinds.base import Kind
from klaster_events.kinds.repository import AnyKind
from klaster_events.kinds.schemas import KindCreate, KindListParameters, KindUpdate
from klaster_shared.changes import record_change
from klaster_shared.errors import Conflict, Invalid, NotFound
from klaster_shared.labels import Language, label_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinds(Generic[AnyKind]):
    """The kinds of one noun: their table, what they are called, and where what has one names it."""

    model: type[AnyKind]
    collection: str
    called: str
    pointer: str
    not_found: type[NotFound]
    taken: type[Conflict]

    async def page(self, session: AsyncSession, *, parameters: KindListParameters) -> Sequence[AnyKind]:
        """One page by code, and one row more where there is more."""
        return await repository.kinds_page(session, self.model, parameters)

    async def count(self, session: AsyncSession, *, parameters: KindListParameters) -> int:
        """How many there are in all."""
        return await repository.count_kinds(session, self.model, parameters)

    async def get(self, session: AsyncSession, *, code: str, held: bool = False) -> AnyKind:
        """One kind; raises the noun's NotFound."""
        found = await repository.find_kind(session, self.model, code, held=held)
        if found is None:
            raise self.not_found(f"There is no {self.called} {code}")
        return found

    async def check(self, session: AsyncSession, *, code: str) -> None:
        """Refuse a kind that does not exist or is retired, naming the field; raises Invalid."""
        found = await repository.find_kind(session, self.model, code)
        if found is None or found.retired:
            raise Invalid.field(self.pointer, "unknown_code", f"There is no {self.called} {code} in use")

    async def counting_as(self, session: AsyncSession, *, codes: Collection[str]) -> list[str]:
        """The kinds that count as one of `codes`, retired ones too: what was counted stays counted."""
        return sorted(code for code, kind in (await self.by_code(session)).items() if set(kind.counts_as) & set(codes))

    async def by_code(self, session: AsyncSession) -> dict[str, AnyKind]:
        """Every kind, retired ones too: what was given one still has it."""
        return {kind.code: kind for kind in await repository.all_kinds(session, self.model)}

    async def create(self, session: AsyncSession, *, given: KindCreate, now: datetime) -> AnyKind:
        """Add a kind; raises the noun's Conflict where there is one of this code."""
        if await repository.find_kind(session, self.model, given.code) is not None:
            raise self.taken(f"There is a {self.called} {given.code} already")
        created = self.model(
            code=given.code,
            name_pl=given.name.pl,
            name_en=given.name.en,
            counts_as=sorted(set(given.counts_as)),
            retired=False,
            version=1,
            updated_at=now,
        )
        session.add(created)
        await session.flush()
        record = record_of(created, "all")
        record_change(session, kind="created", collection=self.collection, id=created.code, record=record)
        return created

    async def change(self, session: AsyncSession, *, kind: AnyKind, given: KindUpdate, now: datetime) -> AnyKind:
        """Change name or what it counts as, or retire it."""
        values: dict[str, Any] = given.model_dump()
        if "name" in values:
            label = values.pop("name")
            values |= {"name_pl": label["pl"], "name_en": label["en"]}
        if "counts_as" in values:
            values["counts_as"] = sorted(set(values["counts_as"]))
        changed = [name for name, value in values.items() if getattr(kind, name) != value]
        if not changed:
            return kind
        for name in changed:
            setattr(kind, name, values[name])
        kind.version += 1
        kind.updated_at = now
        record = record_of(kind, "all")
        record_change(session, kind="updated", collection=self.collection, id=kind.code, changed=changed, record=record)
        return kind


def record_of(kind: Kind, language: Language) -> dict[str, Any]:
    """A kind as it is written in answers and in the change log."""
    return {
        "code": kind.code,
        "name": label_text(kind.name_pl, kind.name_en, language),
        "counts_as": kind.counts_as,
        "retired": kind.retired,
        "version": kind.version,
        "updated_at": kind.updated_at,
    }
