"""What stands against merging two entities."""

from klaster_shared.errors import Conflict


class MergeRefused(Conflict):
    code, title = "merge_refused", "These two entities cannot become one like this"
