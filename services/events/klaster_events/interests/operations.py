"""Rules of interest in posts: one entity shows it once, and nobody is named before both sides agree.

Each agreement is kept with its time. Whoever takes theirs back ends it: from then on the other side is shown nobody.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.board.models import BoardPost
from klaster_events.board.operations import get_post
from klaster_events.board.records import is_open, words_in
from klaster_events.consents import operations as consents
from klaster_events.consents.schemas import ConsentGiven
from klaster_events.entities import operations as entities
from klaster_events.entities.checking import Checked
from klaster_events.events.viewers import Viewer
from klaster_events.interests import repository
from klaster_events.interests.errors import (
    InterestNotFound,
    InterestShown,
    NotYourSide,
    OwnPost,
    PostNotOpen,
    WrongInterestState,
)
from klaster_events.interests.letters import letters_on
from klaster_events.interests.models import Interest
from klaster_events.interests.schemas import Agreement, InterestCreate, InterestListParameters, InterestSide
from klaster_events.outbox.operations import tell
from klaster_events.people import operations as people
from klaster_shared.changes import record_change
from klaster_shared.errors import Invalid
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Language

COLLECTION = "interests"
Shown = tuple[Interest, BoardPost]
"""An interest with its post."""


async def list_interests(
    session: AsyncSession, *, parameters: InterestListParameters, viewer: Viewer, zone: str
) -> Sequence[Shown]:
    """One page of what a side may see, the last first, and one row more where there is more."""
    return await repository.interests_page(session, await _asked(session, parameters, viewer, zone))


async def count_interests(
    session: AsyncSession, *, parameters: InterestListParameters, viewer: Viewer, zone: str
) -> int:
    """How many there are in all."""
    return await repository.count_interests(session, await _asked(session, parameters, viewer, zone))


async def _asked(
    session: AsyncSession, parameters: InterestListParameters, viewer: Viewer, zone: str
) -> repository.Asked:
    owners = await entities.one_with(session, ids=parameters.owner) if parameters.owner else None
    askers = await entities.one_with(session, ids=parameters.entity) if parameters.entity else None
    return repository.Asked(parameters=parameters, viewer=viewer, zone=zone, owners=owners, entities=askers)


async def show_interest(
    session: AsyncSession,
    *,
    post_id: UUID,
    given: InterestCreate,
    asker: UUID,
    checked: Checked,
    viewer: Viewer,
    now: datetime,
    today: date,
) -> Shown:
    """Show the interest of an entity in a post.

    Raises PostNotFound, PostNotOpen where the post waits for no answer, OwnPost, and InterestShown the second time.
    """
    [person_id] = await people.find_or_add_people(session, given=[given.contact], now=now)
    await entities.keep(session, facts=checked.new, now=now)
    post = await get_post(session, post_id=post_id, viewer=viewer, held=True)
    living = checked.living[asker]
    ids = await entities.ids_of(session, entity_id=living)
    if not is_open(post, today=today):
        raise PostNotOpen(f"It is {post.state}, and holds until {post.valid_until}")
    if post.owner_id in ids:
        raise OwnPost("Nobody answers a post of their own")
    if await repository.is_shown(session, post_id, ids):
        raise InterestShown("Read what there is: /v1/lsos/interests")
    if given.agrees:
        await _consent(session, person_id, given.consents, now)
    shown = Interest(
        id=new_id(),
        post_id=post_id,
        entity_id=living,
        person_id=person_id,
        contact_language=given.contact.language,
        message=given.message,
        state="shown",
        asker_agreed_at=now if given.agrees else None,
        version=1,
        created_at=now,
        updated_at=now,
    )
    session.add(shown)
    await session.flush()
    await _log(session, (shown, post), "created", [])
    await _tell(session, (shown, post), now)
    return shown, post


async def _consent(session: AsyncSession, person_id: UUID, given: Sequence[ConsentGiven], now: datetime) -> None:
    """Somebody agrees to be named, in the words in force; raises Invalid where these are others, or left out."""
    await consents.check_given(session, given=given, occasion="interest")
    await consents.give(session, pairs=[(person_id, given)], event_id=None, now=now)


async def _tell(session: AsyncSession, shown: Shown, now: datetime) -> None:
    """Write to those whom the new state concerns."""
    interest, post = shown
    named = await entities.names(session, ids=[interest.entity_id, post.owner_id])
    await tell(session, letters=letters_on(interest, post, named=named), now=now)


async def get_interest(session: AsyncSession, *, interest_id: UUID, viewer: Viewer, held: bool = False) -> Shown:
    """One of them, for either side and the office; raises InterestNotFound, also for everybody else."""
    if held:
        await repository.hold_interest(session, interest_id)
    found = await repository.find_interest(session, interest_id)
    if found is None or not (viewer.office or sides_of(found, viewer)):
        raise InterestNotFound(f"There is no interest {interest_id}")
    return found


def sides_of(shown: Shown, viewer: Viewer) -> list[InterestSide]:
    """On which side somebody stands; on both after a merge of the two entities."""
    interest, post = shown
    sides: list[InterestSide] = []
    if post.owner_id in viewer.own:
        sides.append("owner")
    if interest.entity_id in viewer.own:
        sides.append("asker")
    return sides


async def agree(session: AsyncSession, *, shown: Shown, given: Agreement, viewer: Viewer, now: datetime) -> Shown:
    """One side agrees that the other is told whom to speak to; the second one opens the names to both.

    Raises Invalid where the office does not say for which side, or the contact person did not agree to the words in
    force, NotYourSide, and WrongInterestState once it is ended.
    """
    interest, post = shown
    chosen = _side(shown, given.side, viewer)
    name = f"{chosen}_agreed_at"
    if interest.state not in repository.LIVES:
        raise WrongInterestState(f"It is {interest.state}")
    if getattr(interest, name) is not None:
        return shown
    await _consent(session, post.person_id if chosen == "owner" else interest.person_id, given.consents, now)
    setattr(interest, name, now)
    if interest.owner_agreed_at is not None and interest.asker_agreed_at is not None:
        interest.state = "agreed"
    await _note(session, shown, [name, "state"], now)
    if interest.state == "agreed":
        await _tell(session, shown, now)
    return shown


def _side(shown: Shown, side: InterestSide | None, viewer: Viewer) -> InterestSide:
    if viewer.office:
        if side is None:
            raise Invalid.field("/side", "side_needed", "Say for which side: owner or asker")
        return side
    own = sides_of(shown, viewer)
    if side is not None and side not in own:
        raise NotYourSide(f"You do not speak for the {side}")
    return side or own[0]


async def end(session: AsyncSession, *, shown: Shown, by: InterestSide, viewer: Viewer, now: datetime) -> Shown:
    """The owner declines, or the asker withdraws, also what was agreed to; raises NotYourSide, WrongInterestState."""
    interest, _post = shown
    if not viewer.office and by not in sides_of(shown, viewer):
        raise NotYourSide(f"You do not speak for the {by}")
    if interest.state not in repository.LIVES:
        raise WrongInterestState(f"It is {interest.state} already")
    interest.state = "declined" if by == "owner" else "withdrawn"
    await _note(session, shown, ["state"], now)
    await _tell(session, shown, now)
    return shown


@dataclass(frozen=True, slots=True)
class Between:
    """How an entity stands with others: who refused or took back an agreement last, and where interest is shown."""

    refused: set[UUID]
    shown: set[UUID]


async def standing_between(session: AsyncSession, *, ids: frozenset[UUID]) -> Between:
    """How an entity, under all its ids, stands with others. Interest shown anew heals what was refused before."""
    last: dict[UUID, str] = {}
    shown: set[UUID] = set()
    for post_id, entity_id, owner_id, state in await repository.between(session, ids):
        last[owner_id if entity_id in ids else entity_id] = state
        if entity_id in ids and state in repository.LIVES:
            shown.add(post_id)
    refused = {other for other, state in last.items() if state not in repository.LIVES}
    return Between(set(await entities.one_with(session, ids=refused)), shown)


async def forget_interests(session: AsyncSession, *, person_ids: Collection[UUID]) -> None:
    """Delete what these people wrote, who are being erased; that an entity was interested stays a number."""
    await repository.drop_messages(session, person_ids)


async def in_full(session: AsyncSession, *, shown: Shown, language: Language, now: datetime) -> dict[str, Any]:
    """The record with its message, and both contacts once both sides agree. The look is recorded."""
    interest, post = shown
    [record] = await records_of(session, rows=[shown], language=language)
    contacts, looked_at = None, {interest.person_id}
    both = {interest.person_id, post.person_id}
    if interest.state == "agreed" and not await consents.took_back(session, person_ids=both, occasion="interest"):
        looked_at = both
        named = await people.names_of(session, ids=looked_at)
        contacts = {"owner": named[post.person_id], "asker": named[interest.person_id]}
    for person_id in looked_at:
        people.note_look(session, list_name="interest", person_id=person_id, now=now)
    return {**record, "message": interest.message, "contacts": contacts}


async def records_of(session: AsyncSession, *, rows: Sequence[Shown], language: Language) -> list[dict[str, Any]]:
    """What is told of each without naming people; one look for all of them."""
    ids = {one for interest, post in rows for one in (interest.entity_id, post.owner_id)}
    named = await entities.names(session, ids=ids)
    return [_record(interest, post, language, named) for interest, post in rows]


def _record(interest: Interest, post: BoardPost, language: Language, named: dict[UUID, Any]) -> dict[str, Any]:
    return {
        "id": interest.id,
        "post": {
            "id": post.id,
            "side": post.side,
            "kind": post.kind,
            "title": words_in(post.title_pl, post.title_en, language),
            "state": post.state,
        },
        "owner": named[post.owner_id],
        "entity": named[interest.entity_id],
        "state": interest.state,
        "owner_agreed_at": interest.owner_agreed_at,
        "asker_agreed_at": interest.asker_agreed_at,
        "demonstration": post.demonstration,
        "version": interest.version,
        "created_at": interest.created_at,
        "updated_at": interest.updated_at,
    }


async def _note(session: AsyncSession, shown: Shown, changed: Sequence[str], now: datetime) -> None:
    interest, _post = shown
    interest.version += 1
    interest.updated_at = now
    await _log(session, shown, "updated", changed)


async def _log(session: AsyncSession, shown: Shown, kind: Any, changed: Sequence[str]) -> None:
    # Who is interested in what is between the two of them: the feed tells the office alone, and nothing of people.
    [record] = await records_of(session, rows=[shown], language="all")
    record_change(
        session, kind=kind, collection=COLLECTION, id=shown[0].id, changed=changed, record=record, audience="office"
    )
