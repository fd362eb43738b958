"""Rules of kinds of posts: codes are unique and stay, kinds are retired rather than deleted."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.post_kinds import repository
from klaster_events.post_kinds.errors import PostKindNotFound, PostKindTaken
from klaster_events.post_kinds.models import PostKind
from klaster_events.post_kinds.schemas import PostKindCreate, PostKindListParameters, PostKindUpdate
from klaster_shared.changes import record_change
from klaster_shared.errors import Invalid
from klaster_shared.labels import Language, label_text

COLLECTION = "post_kinds"


async def list_kinds(session: AsyncSession, *, parameters: PostKindListParameters) -> Sequence[PostKind]:
    """One page by code, and one row more where there is more."""
    return await repository.kinds_page(session, parameters)


async def count_kinds(session: AsyncSession, *, parameters: PostKindListParameters) -> int:
    """How many there are in all."""
    return await repository.count_kinds(session, parameters)


async def get_kind(session: AsyncSession, *, code: str, held: bool = False) -> PostKind:
    """One kind; raises PostKindNotFound."""
    found = await repository.find_kind(session, code, held=held)
    if found is None:
        raise PostKindNotFound(f"There is no kind of post {code}")
    return found


async def check_kind(session: AsyncSession, *, code: str) -> None:
    """Refuse a kind that does not exist or is retired, naming the field; raises Invalid."""
    found = await repository.find_kind(session, code)
    if found is None or found.retired:
        raise Invalid.field("/kind", "unknown_code", f"There is no kind of post {code} in use")


async def kinds_counting_as(session: AsyncSession, *, codes: Collection[str]) -> list[str]:
    """The kinds that count as one of `codes`."""
    counts = await repository.counts_by_code(session)
    return sorted(code for code, found in counts.items() if set(found) & set(codes))


async def kinds_by_code(session: AsyncSession) -> dict[str, PostKind]:
    """Every kind, retired ones too: posts of theirs are still there."""
    return {kind.code: kind for kind in await repository.all_kinds(session)}


async def create_kind(session: AsyncSession, *, given: PostKindCreate, now: datetime) -> PostKind:
    """Add a kind; raises PostKindTaken."""
    if await repository.find_kind(session, given.code) is not None:
        raise PostKindTaken(f"There is a kind of post {given.code} already")
    created = PostKind(
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
    record_change(session, kind="created", collection=COLLECTION, id=created.code, record=record_of(created, "all"))
    return created


async def change_kind(session: AsyncSession, *, kind: PostKind, given: PostKindUpdate, now: datetime) -> PostKind:
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
    record_change(session, kind="updated", collection=COLLECTION, id=kind.code, changed=changed, record=record)
    return kind


def record_of(kind: PostKind, language: Language) -> dict[str, Any]:
    """A kind as it is written in answers and in the change log."""
    return {
        "code": kind.code,
        "name": label_text(kind.name_pl, kind.name_en, language),
        "counts_as": kind.counts_as,
        "retired": kind.retired,
        "version": kind.version,
        "updated_at": kind.updated_at,
    }
