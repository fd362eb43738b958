"""Kinds of posts: what is particular to them."""

from klaster_events.kinds.operations import Kinds
from klaster_events.post_kinds.errors import PostKindNotFound, PostKindTaken
from klaster_events.post_kinds.models import PostKind

POST_KINDS = Kinds(
    model=PostKind,
    collection="post_kinds",
    called="kind of post",
    pointer="/kind",
    not_found=PostKindNotFound,
    taken=PostKindTaken,
)
