"""Rules of the board: posts are added, listed, changed, deleted. Their life stands in `steps`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.board import repository
from klaster_events.board.columns import apply, check_validity, check_words, columns_of, settle, wire_names
from klaster_events.board.errors import ContactGone, NotYourPost, PostExists, PostNotFound, PostWasPublished
from klaster_events.board.filters import SORTS, Looked, Resolved
from klaster_events.board.models import BoardPost
from klaster_events.board.records import audience_of, feed_record, record_of, terms_of
from klaster_events.board.schemas import PostCreate, PostFilters, PostListParameters, PostUpdate
from klaster_events.database import by
from klaster_events.entities import operations as entities
from klaster_events.entities.checking import Checked
from klaster_events.events.viewers import Viewer
from klaster_events.people import operations as people
from klaster_events.people.schemas import ContactGiven, PersonGiven
from klaster_events.post_kinds.operations import POST_KINDS
from klaster_shared.access import Role
from klaster_shared.changes import record_change
from klaster_shared.errors import Invalid
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Language
from klaster_shared.pagination import Order, parse_sort

COLLECTION = "board_posts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When something is done, as rules need it: the instant, the cluster's day, the country that is not abroad."""

    now: datetime
    today: date
    home: str


def order_of(parameters: PostListParameters) -> list[Order]:
    """The order that a request asks for; raises Invalid on a column that the list lacks."""
    return parse_sort(parameters.sort, columns=SORTS, default="-posted_at", unique=by("id", BoardPost.id))


async def list_posts(
    session: AsyncSession, *, parameters: PostListParameters, order: Sequence[Order], looked: Looked
) -> Sequence[BoardPost]:
    """One page, and one row more where there is more."""
    resolved = await _resolved(session, parameters)
    return await repository.posts_page(session, parameters, order=order, resolved=resolved, looked=looked)


async def count_posts(session: AsyncSession, *, parameters: PostFilters, looked: Looked) -> repository.Counts:
    """How many the parameters ask for and the viewer may see."""
    resolved = await _resolved(session, parameters)
    return await repository.count_posts(session, parameters, resolved=resolved, looked=looked)


async def _resolved(session: AsyncSession, parameters: PostFilters) -> Resolved:
    return Resolved(
        kinds=await POST_KINDS.counting_as(session, codes=parameters.counts_as) if parameters.counts_as else None,
        owners=await entities.one_with(session, ids=parameters.owner) if parameters.owner else None,
    )


async def get_post(session: AsyncSession, *, post_id: UUID, viewer: Viewer, held: bool = False) -> BoardPost:
    """One post; raises PostNotFound, also where it is not there for this viewer. `held`: until the transaction ends."""
    found = await repository.find_post(session, post_id, held=held)
    if found is None or not sees(found, viewer):
        raise PostNotFound(f"There is no post {post_id}")
    return found


async def hold_own_post(session: AsyncSession, *, post_id: UUID, author: Viewer) -> BoardPost:
    """A post of the author's entity, or any for the office, held until this transaction ends.

    Raises PostNotFound where it is not there for them, NotYourPost where they may only see it.
    """
    found = await get_post(session, post_id=post_id, viewer=author, held=True)
    require_own(found, author)
    return found


def require_own(post: BoardPost, author: Viewer) -> None:
    """Raises NotYourPost for whoever neither is the office nor speaks for the post's owner."""
    if not author.office and post.owner_id not in author.own:
        raise NotYourPost("Your entity does not own this post")


def sees(post: BoardPost, viewer: Viewer) -> bool:
    """Whether a post is there for a viewer."""
    if viewer.office or post.owner_id in viewer.own:
        return True
    return post.state != "draft" and (post.visibility == "public" or viewer.partner)


async def create_post(
    session: AsyncSession, *, given: PostCreate, owner: UUID, checked: Checked, author: Viewer, at: Moment
) -> BoardPost:
    """Add a post of an entity.

    Raises PostExists where its source has it already, and Invalid on a kind that does not exist, on a post that is over
    before it is published, and where anybody but the office says when it was published.
    """
    await POST_KINDS.check(session, code=given.kind)
    if given.source_key and await repository.is_known(session, given.source, given.source_key):
        raise PostExists(f"{given.source} has a post {given.source_key} already")
    _check_posted(given, author, at)
    person_id = await keep_contact(session, given=given.contact, now=at.now)
    await entities.keep(session, facts=checked.new, now=at.now)
    post_id = new_id()
    values = columns_of(given.model_dump(exclude={"owner", "contact", "source_key", "posted_at"}))
    made: dict[str, Any] = {
        "posted_at": given.posted_at or at.now,
        "version": 1,
        "created_at": at.now,
        "updated_at": at.now,
        "sort_title": "",
        "search_text": "",
        "international": False,
    }
    key = given.source_key or str(post_id)
    living = checked.living[owner]
    contact: dict[str, Any] = {"person_id": person_id, "contact_language": given.contact.language}
    created = BoardPost(id=post_id, owner_id=living, source_key=key, **contact, **values, **made)
    settle(created, home=at.home)
    if given.posted_at is None:
        check_validity(created, today=at.today)
    session.add(created)
    await session.flush()
    await repository.replace_terms(session, post_id, terms_of(created))
    await log(session, created, kind="created")
    return created


def _check_posted(given: PostCreate, author: Viewer, at: Moment) -> None:
    before = given.posted_at is not None or given.state == "closed"
    if before and not author.office:
        name = "posted_at" if given.posted_at else "state"
        raise Invalid.field(f"/{name}", "office_alone", "What was published before, the office writes down")
    if given.posted_at is not None and (given.posted_at > at.now or given.state == "draft"):
        raise Invalid.field("/posted_at", "not_posted", "It says when the post was published: not a draft, not ahead")


async def keep_contact(session: AsyncSession, *, given: PersonGiven, now: datetime) -> UUID:
    """The contact person's random id; people are locked before posts, here as everywhere."""
    [person_id] = await people.find_or_add_people(session, given=[given], now=now)
    return person_id


async def change_post(
    session: AsyncSession, *, post: BoardPost, given: PostUpdate, contact: UUID | None, at: Moment
) -> BoardPost:
    """Change a post that the caller holds; raises Invalid where a value cannot be."""
    values = columns_of(given.model_dump(exclude={"contact"}))
    if contact is not None and isinstance(given.contact, ContactGiven):
        values |= {"person_id": contact, "contact_language": given.contact.language}
    if values.get("kind", post.kind) != post.kind:
        await POST_KINDS.check(session, code=values["kind"])
    audience = audience_of(post)
    changed = apply(post, values, home=at.home)
    if not changed:
        return post
    check_words(post)
    if "valid_until" in changed:
        check_validity(post, today=at.today)
    await repository.replace_terms(session, post.id, terms_of(post))
    await note_change(session, post=post, changed=wire_names(changed), now=at.now, seen_before=audience)
    return post


async def note_change(
    session: AsyncSession, *, post: BoardPost, changed: Sequence[str], now: datetime, seen_before: Role
) -> None:
    """A new version of a post that the caller holds, in the change log.

    A post that leaves the audience that it had is deleted for it, one that enters another is created.
    """
    post.version += 1
    post.updated_at = now
    audience = audience_of(post)
    moved = seen_before != audience
    if moved and audience == "office":
        record_change(session, kind="deleted", collection=COLLECTION, id=post.id, audience="anonymous")
    entered = moved and audience == "anonymous"
    await log(session, post, kind="created" if entered else "updated", changed=changed)


async def delete_post(session: AsyncSession, *, post: BoardPost) -> None:
    """Remove a draft, or a demonstration; raises PostWasPublished for what figures may have counted."""
    if post.state != "draft" and not post.demonstration:
        raise PostWasPublished("Figures may have counted it, and somebody may have answered")
    await repository.delete_post(session, post.id)
    session.expunge(post)
    record_change(session, kind="deleted", collection=COLLECTION, id=post.id, audience=audience_of(post))


async def contact_of(session: AsyncSession, *, post: BoardPost, now: datetime) -> dict[str, Any]:
    """The contact person, for those who may know; the look is recorded. Raises ContactGone for one who was erased."""
    found = (await people.names_of(session, ids=[post.person_id]))[post.person_id]
    if found["name"] is None:
        raise ContactGone("Name another contact person")
    people.note_look(session, list_name="board contact", person_id=post.person_id, now=now)
    return found


async def log(session: AsyncSession, post: BoardPost, *, kind: Any, changed: Sequence[str] = ()) -> None:
    """Note the record after a change; nothing about the contact person but that there is another."""
    named = await entities.names(session, ids=[post.owner_id])
    record_change(
        session,
        kind=kind,
        collection=COLLECTION,
        id=post.id,
        changed=changed,
        record=feed_record(post, named[post.owner_id]),
        audience=audience_of(post),
    )


async def records_of(
    session: AsyncSession, *, posts: Sequence[BoardPost], language: Language, today: date
) -> list[dict[str, Any]]:
    """Posts as they are shown, their owners as they are after all merges; one look for all of them."""
    named = await entities.names(session, ids={post.owner_id for post in posts})
    return [record_of(post, language, named[post.owner_id], today=today) for post in posts]
