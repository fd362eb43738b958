"""The table of kinds of posts."""

from klaster_events.kinds.base import Kind


class PostKind(Kind, table=True):
    """A kind of post."""

    __tablename__ = "post_kinds"
