"""Rules of loading: what is new is added, what the source has changed is changed, what it says again is left alone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.entities import parts
from klaster_registry.entities.documents import Whole
from klaster_registry.entities.saving import save_many
from klaster_registry.entities.stated import restate_entity
from klaster_registry.loading import repository
from klaster_registry.loading.repository import Known
from klaster_registry.loading.schemas import EntityStated
from klaster_registry.taxonomies.operations import check_codes, codes_of, create_term
from klaster_registry.taxonomies.schemas import TermCreate
from klaster_shared.errors import FieldError, Invalid
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A record that cannot be kept as it is: where it stood, its key if it has one, and what is wrong with it."""

    line: int
    key: str | None
    errors: Sequence[FieldError]


@dataclass(frozen=True, slots=True)
class Stated:
    """A record of a source, the line it stood on, and a digest that is the same where the source says the same."""

    line: int
    given: EntityStated
    digest: str

    @classmethod
    def of(cls, line: int, given: EntityStated) -> "Stated":
        """A record that was read."""
        return cls(line, given, blake2b(given.model_dump_json().encode(), digest_size=16).hexdigest())

    @property
    def key(self) -> str:
        """Its key in the source."""
        return self.given.source_key or ""


@dataclass(slots=True)
class Outcome:
    """What came of records. `kept` are those that were written or merged here: that word goes before a source's."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)


async def load_entities(session: AsyncSession, *, batch: Sequence[Stated], now: datetime) -> Outcome:
    """Write the records of one source; of two under one key the later one holds.

    Kinds that the taxonomy lacks are added to it under their code, and named in the outcome. A record that names other
    codes that are not in use, or whose periods overlap, is rejected; the others are written all the same.
    """
    outcome = Outcome()
    by_key = {stated.key: stated for stated in batch}
    source = batch[0].given.source
    known = await repository.known_records(session, source, by_key.keys())
    new: list[tuple[Stated, Whole]] = []
    changed: list[tuple[Stated, Known]] = []
    for stated in by_key.values():
        found = known.get(stated.key)
        if found is None:
            whole = await _whole_of(session, stated, outcome, now)
            new += [(stated, whole)] if whole else []
        elif found.digest is None or found.is_merged:
            outcome.kept += 1
        elif found.digest == stated.digest:
            outcome.unchanged += 1
        else:
            changed.append((stated, found))
    outcome.kinds = await _add_kinds(session, [stated for stated, _ in (*new, *changed)], now)
    if new:
        await save_many(session, wholes=[whole for _, whole in new], now=now)
        outcome.created = len(new)
    loaded = [(stated.key, whole.entity.id, stated.digest) for stated, whole in new]
    for stated, found in changed:
        await restate_entity(session, entity_id=found.entity_id, given=stated.given, now=now)
        loaded.append((stated.key, found.entity_id, stated.digest))
        outcome.updated += 1
    if loaded:
        await repository.note_loaded(session, source, loaded, now=now)
    return outcome


async def what_is_known(session: AsyncSession, *, source: str, keys: Collection[str]) -> dict[str, Known]:
    """What stands under these keys of a source already."""
    return await repository.known_records(session, source, keys)


async def only_news(session: AsyncSession, *, batch: Sequence[Stated]) -> list[Stated]:
    """The records that are not there yet as they are: most loads find few, and need not keep other writers waiting."""
    known = await repository.known_records(session, batch[0].given.source, {stated.key for stated in batch})
    return [stated for stated in batch if stated.key not in known or known[stated.key].digest != stated.digest]


async def _whole_of(session: AsyncSession, stated: Stated, outcome: Outcome, now: datetime) -> Whole | None:
    try:
        others = [asked for asked in parts.codes_to_check(stated.given) if asked[0] != "kinds"]
        await check_codes(session, others)
        entity = parts.new_entity(stated.given, entity_id=new_id(), source_key=stated.key, now=now)
        return parts.new_whole(entity, stated.given, now, {})
    except Invalid as refusal:
        outcome.rejected.append(Rejection(line=stated.line, key=stated.key, errors=refusal.errors))
        return None


async def _add_kinds(session: AsyncSession, batch: Sequence[Stated], now: datetime) -> set[str]:
    named = {kind.code for stated in batch for kind in stated.given.kinds}
    missing = named - await codes_of(session, "kinds") if named else set()
    for code in sorted(missing):
        given = TermCreate(code=code, name=Label(pl=code, en=code), position=100_000)
        await create_term(session, taxonomy="kinds", given=given, now=now)
    return missing
