"""Wire shapes of kinds of posts."""

from klaster_events.kinds.schemas import KindCreate, KindListParameters, KindRead, KindUpdate


class PostKindCreate(KindCreate):
    """A new kind of post."""


class PostKindUpdate(KindUpdate):
    """A change (JSON Merge Patch); the code itself stays."""


class PostKindRead(KindRead):
    """A kind of post."""


class PostKindListParameters(KindListParameters):
    """Filters of kinds of posts."""
