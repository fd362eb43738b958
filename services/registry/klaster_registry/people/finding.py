"""Who of the people stands in the search: those alone whose consent to be published holds."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.people import repository
from klaster_registry.people.documents import COLLECTION, Whole, person_entry
from klaster_registry.people.models import Person
from klaster_registry.people.seeing import Purposes, consented
from klaster_registry.search import operations as search
from klaster_registry.taxonomies.operations import flagged_codes


async def purposes_of(session: AsyncSession) -> Purposes:
    """The purposes whose consents open something."""
    return Purposes(
        publication=await flagged_codes(session, "consent_purposes", "publication"),
        contact=await flagged_codes(session, "consent_purposes", "contact"),
    )


async def wholes_of(session: AsyncSession, people: Sequence[Person]) -> list[Whole]:
    """These people with all that is known of them: three queries, however many there are."""
    ids = [person.id for person in people]
    details = await repository.details_of(session, ids)
    roles = await repository.roles_of(session, ids)
    consents = await repository.consents_of(session, ids)
    return [
        Whole(
            person=person,
            details=details.get(person.id),
            roles=roles.get(person.id, []),
            consents=consents.get(person.id, []),
        )
        for person in people
    ]


async def make_findable(session: AsyncSession, *, people: Sequence[Person], today: date) -> None:
    """Put these people into the search, or take them out, as their consents say."""
    purposes = await purposes_of(session)
    for whole in await wholes_of(session, people):
        entry = person_entry(whole) if consented(whole.consents, purposes.publication, today) else None
        if entry is None:
            await search.drop(session, COLLECTION, whole.person.id)
        else:
            await search.put(session, entry)


async def refresh_search(session: AsyncSession, *, today: date) -> None:
    """Look at everybody anew: a purpose may have got or lost the flag that publishes."""
    await make_findable(session, people=await repository.every_person(session), today=today)
