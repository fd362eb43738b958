"""Kinds of posts over HTTP."""

from klaster_events.kinds.routes import KindNoun, add_kind_routes
from klaster_events.post_kinds.operations import POST_KINDS
from klaster_events.post_kinds.schemas import PostKindCreate, PostKindListParameters, PostKindRead, PostKindUpdate
from klaster_shared.records import Shapes
from klaster_shared.routing import api_router

router = api_router("kinds of posts")
add_kind_routes(
    router,
    KindNoun(
        path="/v1/lsos/post-kinds",
        one="post_kind",
        many="post_kinds",
        titles=("kinds of posts", "a kind of post"),
        example="technology",
        kinds=POST_KINDS,
        shapes=Shapes(
            create=PostKindCreate, update=PostKindUpdate, read=PostKindRead, parameters=PostKindListParameters
        ),
    ),
)
