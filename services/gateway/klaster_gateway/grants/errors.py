"""What can go wrong with grants."""

from klaster_shared.errors import Conflict, Forbidden, Invalid, NotFound


class GrantNotFound(NotFound):
    code, title = "grant_not_found", "There is no such grant"


class GrantEnded(Conflict):
    code, title = "grant_ended", "The grant has ended already"


class GrantRefused(Forbidden):
    code, title = "grant_refused", "You cannot give more than you may do"


class GrantUnreadable(Invalid):
    code, title = "grant_unreadable", "Role and entity do not go together"


class ChooseEntity(Forbidden):
    code, title = "choose_entity", "You represent several entities: say for which you act"


class NotYourEntity(Forbidden):
    code, title = "not_your_entity", "You do not represent this entity"
