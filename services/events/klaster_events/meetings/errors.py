"""What can go wrong with meetings."""

from klaster_shared.errors import Conflict, Forbidden, NotFound


class MeetingNotFound(NotFound):
    code, title = "meeting_not_found", "There is no such meeting"


class MeetingsClosed(Conflict):
    code, title = "meetings_closed", "This is not the time to arrange meetings"


class MayNotAsk(Conflict):
    code, title = "may_not_ask", "The rules of the edition do not let this participant ask that one"


class MeetingExists(Conflict):
    code, title = "meeting_exists", "The two have a meeting, or a request for one, already"


class MeetingWasDeclined(Conflict):
    code, title = "meeting_was_declined", "They declined once: it is for them to ask now"


class WrongMeetingState(Conflict):
    code, title = "wrong_meeting_state", "The meeting is not in a state that allows this"


class SlotNotFree(Conflict):
    code, title = "slot_not_free", "The two cannot meet then and there"


class NotYourMeeting(Forbidden):
    code, title = "not_your_meeting", "This is for the other side to do"


class NotYourParticipant(Forbidden):
    code, title = "not_your_participant", "You do not speak for this participant"


class NotAParticipant(NotFound):
    code, title = "not_a_participant", "This registration takes no part in the meetings of its event"


class ProjectNeedsEntity(Conflict):
    code, title = "project_needs_entity", "A project is proposed in the name of an entity"
