"""Rules of merging: who may go into whom, and everything that follows the survivor."""

from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.data_repositories.operations import move_entity as move_data_repositories
from klaster_registry.documents.operations import move_entity as move_documents
from klaster_registry.entities.absorbing import Merge, absorb
from klaster_registry.entities.models import Entity
from klaster_registry.entities.operations import hold_two
from klaster_registry.entities.saving import Saved
from klaster_registry.entities.steps.operations import Moment
from klaster_registry.foreign_hqs.operations import move_entity as move_foreign_hqs
from klaster_registry.labs.operations import move_entity as move_labs
from klaster_registry.merging.errors import MergeRefused
from klaster_registry.merging.schemas import MergeIn
from klaster_registry.people.operations import move_entity as move_people
from klaster_registry.projects.operations import move_entity as move_projects
from klaster_registry.proposals.operations import move_entity as move_proposals
from klaster_registry.survey_answers.operations import move_entity as move_survey_answers
from klaster_shared.dates import earliest

Mover = Callable[..., Awaitable[None]]
# Every noun that names entities: each points its own rows to the survivor, and notes it in the change log.
MOVERS: tuple[Mover, ...] = (
    move_data_repositories,
    move_documents,
    move_foreign_hqs,
    move_labs,
    move_people,
    move_projects,
    move_proposals,
    move_survey_answers,
)


async def merge_entity(session: AsyncSession, *, reference: str, given: MergeIn, moment: Moment) -> Saved:
    """Merge one entity into another; the survivor, as written.

    Raises EntityNotFound or AmbiguousReference for either, MergeRefused with the rule that stands against it.
    """
    gone, kept = await hold_two(session, first=reference, second=given.into)
    merge = Merge(day=None if given.kind == "duplicate" else given.on or moment.today, note=given.note)
    _check(gone, kept, merge, moment)
    old, new = gone.id, kept.id
    saved = await absorb(session, gone=gone, kept=kept, merge=merge, moment=moment)
    for move in MOVERS:
        await move(session, old=old, new=new, now=moment.now)
    return saved


def _check(gone: Entity, kept: Entity, merge: Merge, moment: Moment) -> None:
    if gone.id == kept.id:
        raise MergeRefused("It would be merged into itself, or was merged into it already", rule="itself")
    if gone.registration == "registered" and kept.registration != "registered":
        sentence = "A registered entity is merged into a registered one: merge the other way round, or register it"
        raise MergeRefused(sentence, rule="into_registered")
    if merge.day is None:
        return
    if merge.day > moment.today:
        raise MergeRefused(f"{merge.day} is still to come", rule="in_the_future")
    for entity in (gone, kept):
        if entity.founded_on and merge.day < earliest(entity.founded_on):
            raise MergeRefused(f"{entity.name} was not founded yet", rule="before_founded")
