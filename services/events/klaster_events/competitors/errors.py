"""What can go wrong with lists of competitors."""

from klaster_shared.errors import Forbidden


class NotYourList(Forbidden):
    code, title = "not_your_list", "The list belongs to an entity that you do not speak for"
