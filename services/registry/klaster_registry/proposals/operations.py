"""Rules of proposals: a partner proposes a change to what is its own, the office decides."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.entities import operations as entities
from klaster_registry.entities.steps.operations import Moment
from klaster_registry.proposals import repository
from klaster_registry.proposals.errors import ProposalDecided, ProposalNotFound, ProposalOvertaken
from klaster_registry.proposals.models import Proposal
from klaster_registry.proposals.schemas import AcceptIn, ProposalCreate, ProposalListParameters, State
from klaster_registry.proposals.targets import TARGETS, Target
from klaster_shared.changes import Kind, record_change
from klaster_shared.database import act_on_proposal, acting
from klaster_shared.errors import FieldError, Forbidden, Invalid, invalid_values
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Language
from klaster_shared.rehearsal import rehearsal

COLLECTION = "proposals"
NEW = 0  # the version that stands for a record that is not there yet


async def speaker_of(session: AsyncSession, *, entity_id: UUID) -> UUID:
    """The entity that a partner speaks for: where it was merged into another, the other; raises EntityNotFound."""
    return await entities.resolve(session, reference=str(entity_id))


async def propose_change(session: AsyncSession, *, given: ProposalCreate, speaker: UUID, moment: Moment) -> Proposal:
    """Keep what a partner proposes: a change to the record of `speaker`, or a record in which it takes part.

    It is rehearsed: written as accepting it today would write it, and undone; whatever would refuse it then
    (wrong values, unknown codes, wrong identifiers, periods that overlap) refuses it now. Raises Invalid with
    pointers under `/change`, what the collection says where the record is not there, and Forbidden where the record is
    somebody else's.
    """
    target = TARGETS[given.target.collection]
    if given.target.id is None:
        about = await _rehearse_new(session, target, given, speaker, moment)
    else:
        about = await _rehearse_change(session, target, given.target.id, given, speaker, moment)
    proposal = Proposal(
        id=new_id(),
        entity_id=speaker,
        collection=given.target.collection,
        **about,
        note=given.note,
        state="pending",
        proposed_by=acting(session).subject,
        version=1,
        created_at=moment.now,
        updated_at=moment.now,
    )
    session.add(proposal)
    await session.flush()
    _note(session, proposal, "created")
    return proposal


async def _rehearse_change(
    session: AsyncSession, target: Target, record_id: UUID, given: ProposalCreate, speaker: UUID, moment: Moment
) -> dict[str, Any]:
    if target.schema is None:
        raise Invalid.field("/target/id", "new_only", "Here only new records can be proposed")
    change = _read(target.schema, given.change)
    record = await target.hold(session, record_id, change)
    if target.owner(record) not in (None, speaker):
        raise Forbidden("A partner proposes changes to its own record and to its own laboratories")
    version = record.version
    before = await target.stated(session, record, change.model_fields_set, moment.today)
    await _rehearse(session, target, record, change, before, speaker, moment)
    said = change.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return {"record_id": record_id, "record_version": version, "change": said, "before": before}


async def _rehearse_new(
    session: AsyncSession, target: Target, given: ProposalCreate, speaker: UUID, moment: Moment
) -> dict[str, Any]:
    if target.new is None or target.create is None:
        raise Invalid.field("/target/id", "id_needed", "Say which record; here no new one can be proposed")
    said, record_id = _read(target.new, given.change), new_id()
    with _under_change():
        async with rehearsal(session):
            record = await target.create(session, record_id, said, moment)
            await _require_part(session, target, record, speaker)
    change = said.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return {"record_id": record_id, "record_version": NEW, "change": change, "before": {}}


async def _require_part(session: AsyncSession, target: Target, record: Any, speaker: UUID) -> None:
    if target.takes_part is not None and not await target.takes_part(session, record, speaker):
        raise Forbidden("A partner proposes what it takes part in")


async def get_proposal(
    session: AsyncSession, *, proposal_id: UUID, speaker: UUID | None, held: bool = False
) -> Proposal:
    """One proposal; raises ProposalNotFound, also where it is not the entity's that `speaker` names."""
    proposal = await repository.find_proposal(session, proposal_id, held=held)
    if proposal is None or speaker not in (None, proposal.entity_id):
        raise ProposalNotFound(f"There is no proposal {proposal_id}")
    return proposal


async def list_proposals(
    session: AsyncSession, *, parameters: ProposalListParameters, speaker: UUID | None
) -> tuple[Sequence[Proposal], int | None]:
    """One page, newest first, and one row more where there is more; how many in all where that was asked."""
    found = await repository.proposals_page(session, parameters, entity_id=speaker)
    if not parameters.count:
        return found, None
    return found, await repository.count_proposals(session, parameters, entity_id=speaker)


async def accept_proposal(session: AsyncSession, *, proposal_id: UUID, given: AcceptIn, moment: Moment) -> Proposal:
    """Write what was proposed, in the name of both.

    Raises ProposalDecided; ProposalOvertaken with the properties that say something else by now (unless `anyway`);
    EntityNotFound or LabNotFound where the record is gone (such a proposal can only be rejected); and Invalid where
    what was right when it was proposed is so no longer.
    """
    proposal = await _pending(session, proposal_id, speaker=None)
    target = TARGETS[proposal.collection]
    if proposal.record_version == NEW:
        await _write_new(session, target, proposal, moment)
    else:
        await _write_change(session, target, proposal, given, moment)
    return _decide(session, proposal, "accepted", given.note, moment.now)


async def _write_new(session: AsyncSession, target: Target, proposal: Proposal, moment: Moment) -> None:
    if target.new is None or target.create is None:
        raise AssertionError("no new record is proposed where none can be")
    said = _read(target.new, proposal.change)
    act_on_proposal(session, proposal.proposed_by)
    with _under_change():
        await target.create(session, proposal.record_id, said, moment)


async def _write_change(
    session: AsyncSession, target: Target, proposal: Proposal, given: AcceptIn, moment: Moment
) -> None:
    assert target.schema is not None, "no change is proposed where none can be"
    change = _read(target.schema, proposal.change)
    record = await target.hold(session, proposal.record_id, change)
    overtaken = [] if given.anyway else await _overtaken(session, proposal, target, record, moment.today)
    if overtaken:
        raise ProposalOvertaken(f"Changed since: {', '.join(one['pointer'] for one in overtaken)}", errors=overtaken)
    act_on_proposal(session, proposal.proposed_by)
    with _under_change():
        await target.change(session, record, change, moment)


async def reject_proposal(session: AsyncSession, *, proposal_id: UUID, note: str, now: datetime) -> Proposal:
    """Decline a proposal, saying why; raises ProposalNotFound, ProposalDecided."""
    return _decide(session, await _pending(session, proposal_id, speaker=None), "rejected", note, now)


async def withdraw_proposal(session: AsyncSession, *, proposal_id: UUID, speaker: UUID, now: datetime) -> Proposal:
    """Take a proposal of one's own back; raises ProposalNotFound, ProposalDecided."""
    return _decide(session, await _pending(session, proposal_id, speaker=speaker), "withdrawn", None, now)


async def move_entity(session: AsyncSession, *, old: UUID, new: UUID, now: datetime) -> None:
    """What was proposed by or for an entity is proposed by or for the one that it was merged into.

    One about the old record is about the survivor's, and overtaken where that one says something else.
    """
    for proposal in await repository.proposals_about(session, old):
        proposal.entity_id = new if proposal.entity_id == old else proposal.entity_id
        proposal.record_id = new if proposal.record_id == old else proposal.record_id
        _touch(session, proposal, ["target", "entity"], now)


async def records_of(
    session: AsyncSession, *, proposals: Sequence[Proposal], language: Language, office: bool
) -> list[dict[str, Any]]:
    """Proposals as they are written in answers; who decided, the office alone is told."""
    owners = await entities.names_of(session, ids=[one.entity_id for one in proposals])
    names = {
        collection: await target.names(
            session, [one.record_id for one in proposals if one.collection == collection], language
        )
        for collection, target in TARGETS.items()
    }
    return [
        {
            **_log(one),
            "target": {
                "collection": one.collection,
                "id": one.record_id,
                "name": names[one.collection].get(one.record_id),
            },
            "entity": {"id": one.entity_id, "name": owners[one.entity_id]} if one.entity_id in owners else None,
            "decided_by": one.decided_by if office else None,
        }
        for one in proposals
    ]


async def _rehearse(
    session: AsyncSession,
    target: Target,
    record: Any,
    change: BaseModel,
    before: dict[str, Any],
    speaker: UUID,
    moment: Moment,
) -> None:
    with _under_change():
        async with rehearsal(session):
            await target.change(session, record, change, moment)
            await _require_part(session, target, record, speaker)
            after = await target.stated(session, record, change.model_fields_set, moment.today)
    if after == before:
        raise Invalid.field("/change", "no_change", "The record says so already")


async def _pending(session: AsyncSession, proposal_id: UUID, *, speaker: UUID | None) -> Proposal:
    proposal = await get_proposal(session, proposal_id=proposal_id, speaker=speaker, held=True)
    if proposal.state != "pending":
        raise ProposalDecided(f"It is {proposal.state} already", state=proposal.state)
    return proposal


async def _overtaken(
    session: AsyncSession, proposal: Proposal, target: Target, record: Any, day: date
) -> list[FieldError]:
    now = await target.stated(session, record, proposal.before, day)
    found = [
        FieldError(pointer=f"/change/{name}", code="overtaken", detail=f"{name} says something else by now")
        for name, value in proposal.before.items()
        if now[name] != value
    ]
    if target.owner(record) not in (None, proposal.entity_id):
        found.append(FieldError(pointer="/target", code="overtaken", detail="The record is somebody else's by now"))
    return found


def _decide(session: AsyncSession, proposal: Proposal, state: State, answer: str | None, now: datetime) -> Proposal:
    proposal.state, proposal.answer = state, answer
    proposal.decided_by, proposal.decided_at = acting(session).subject, now
    _touch(session, proposal, ["state", "answer", "decided_by", "decided_at"], now)
    return proposal


def _touch(session: AsyncSession, proposal: Proposal, changed: Sequence[str], now: datetime) -> None:
    proposal.version += 1
    proposal.updated_at = now
    _note(session, proposal, "updated", changed)


def _note(session: AsyncSession, proposal: Proposal, kind: Kind, changed: Sequence[str] = ()) -> None:
    record_change(
        session,
        kind=kind,
        collection=COLLECTION,
        id=proposal.id,
        changed=changed,
        record=_log(proposal),
        audience="office",
    )


def _log(proposal: Proposal) -> dict[str, Any]:
    """A proposal as it is kept in the change log."""
    found = proposal.model_dump(exclude={"collection", "record_id", "entity_id"})
    found["target"] = {"collection": proposal.collection, "id": proposal.record_id}
    found["entity"] = {"id": proposal.entity_id}
    return found


def _read(shape: type[BaseModel], change: dict[str, Any]) -> Any:
    try:
        return shape.model_validate(change)
    except ValidationError as error:
        raise invalid_values(error, under="change") from error


@contextmanager
def _under_change() -> Iterator[None]:
    """What is wrong with the record's change is wrong under `/change` of the proposal."""
    try:
        yield
    except Invalid as error:
        errors = [FieldError(**{**one, "pointer": f"/change{one['pointer']}"}) for one in error.errors]
        raise Invalid(error.detail, errors=errors) from error
