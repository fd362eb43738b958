"""The life of a post: draft, published, answered, perhaps published anew, closed. It expires by its last day alone."""

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.board.columns import check_validity
from klaster_events.board.errors import WrongPostState
from klaster_events.board.models import BoardPost
from klaster_events.board.operations import Moment, note_change
from klaster_events.board.records import audience_of
from klaster_events.board.schemas import PostState

_STEPS: Mapping[PostState, tuple[PostState, ...]] = MappingProxyType(
    {
        "published": ("draft", "answered"),
        "answered": ("published",),
        "closed": ("published", "answered"),
    }
)


async def move_post(session: AsyncSession, *, post: BoardPost, to: PostState, at: Moment) -> BoardPost:
    """Take a post that the caller holds a step on; raises WrongPostState, and Invalid where its last day is over.

    A post that is published anew keeps the day on which it was published first: nothing is counted twice.
    """
    if post.state not in _STEPS[to]:
        raise WrongPostState(f"The post is {post.state}; only one that is {' or '.join(_STEPS[to])} can become {to}")
    audience = audience_of(post)
    if post.state == "draft":
        post.posted_at = at.now
    post.state = to
    check_validity(post, today=at.today)
    await note_change(session, post=post, changed=["state"], now=at.now, seen_before=audience)
    return post
