"""Which messages have become pointless on their way: what is no longer true is not said."""

from datetime import datetime, timedelta
from typing import Literal

from klaster_events.events.models import Event
from klaster_events.messages.subjects import Subject

Reason = Literal["person_erased", "demonstration", "outdated", "event_began", "event_over", "too_late"]
# What a registration must still be for its message to be true.
_TRUE_WHILE = {
    "confirmed": {"confirmed"},
    "moved_up": {"confirmed"},
    "waiting": {"waiting"},
    "requested": {"requested"},
    "declined": {"declined"},
    "offer": {"offered"},
    "offer_expired": {"cancelled", "waiting"},
    "registration_cancelled": {"cancelled"},
    "reminder": {"confirmed"},
    "confirm_address": {"pending", "waiting", "requested"},
}
_INTEREST_MUST_BE = {
    "interest_shown": {"shown", "agreed"},
    "interest_agreed": {"agreed"},
    "interest_declined": {"declined"},
    "interest_withdrawn": {"withdrawn"},
}
_BOOKING_MUST_BE = {
    "booking_requested": {"requested"},
    "booking_approved": {"approved"},
    "booking_declined": {"declined"},
    "booking_cancelled": {"cancelled"},
    "booking_received": {"requested", "approved"},
    "booking_given_back": {"cancelled"},
}
_EVENT_MUST_BE = {
    "postponed": {"postponed"},
    "cancelled": {"cancelled"},
    "completed": {"completed"},
    "changed": {"published"},
    "reminder": {"published"},
    "offer": {"published"},
    "confirm_address": {"published", "postponed"},
    "meeting_expired": {"published", "postponed"},
}
# What a meeting must still be; of one that has a slot, that very one.
_MEETING_MUST_BE = {
    "meeting_requested": {"requested"},
    "meeting_accepted": {"accepted", "scheduled"},
    "meeting_declined": {"declined"},
    "meeting_expired": {"expired"},
    "meeting_scheduled": {"scheduled"},
    "meeting_moved": {"scheduled"},
    "meeting_unscheduled": {"accepted"},
    "meeting_cancelled": {"cancelled"},
    "project_accepted": {"took_place"},
    "project_rejected": {"took_place"},
}
_WHENEVER = {"project_accepted", "project_rejected"}  # an office takes its time
_BEFORE_IT_BEGINS = {"confirm_address", "offer", "reminder", "registered_already", "waiting", "requested"}
_WHILE_CONCERNED = {"changed", "postponed", "cancelled"}
_GONE = {"cancelled", "declined"}
_THANKS_WITHIN = timedelta(days=30)


def pointless(subject: Subject, *, now: datetime) -> Reason | None:
    """Why a message is not worth sending any more; None where it is."""
    if subject.email is None:
        return "person_erased"
    if subject.interest_state not in _INTEREST_MUST_BE.get(subject.message.kind, {subject.interest_state}):
        return "outdated"
    if subject.message.kind in _BOOKING_MUST_BE:
        return _booked_otherwise(subject, now)
    return None if subject.event is None else _of_event(subject, subject.event, now)


def _of_event(subject: Subject, event: Event, now: datetime) -> Reason | None:
    if event.demonstration:
        return "demonstration"
    if not _is_true(subject):
        return "outdated"
    return _too_late(subject, now)


def _booked_otherwise(subject: Subject, now: datetime) -> Reason | None:
    visit = subject.visit
    if visit is None or visit.state not in _BOOKING_MUST_BE[subject.message.kind]:
        return "outdated"
    return "too_late" if visit.ends_at <= now else None


def _is_true(subject: Subject) -> bool:
    kind, event, registration = subject.message.kind, subject.event, subject.registration
    if event is not None and event.state not in _EVENT_MUST_BE.get(kind, {event.state}):
        return False
    if kind in _MEETING_MUST_BE and not _meeting_is(subject):
        return False
    if registration is None:
        return True
    if registration.state not in _TRUE_WHILE.get(kind, {registration.state}):
        return False
    if kind == "confirm_address" and registration.verified_at is not None:
        return False
    return not (kind in _WHILE_CONCERNED and registration.state in _GONE)


def _meeting_is(subject: Subject) -> bool:
    if subject.meeting is None:
        return False
    meeting, _table = subject.meeting
    if meeting.state not in _MEETING_MUST_BE[subject.message.kind]:
        return False
    slot = subject.message.context.get("slot")
    return slot is None or meeting.starts_at == datetime.fromisoformat(slot)


def _too_late(subject: Subject, now: datetime) -> Reason | None:
    kind, event = subject.message.kind, subject.event
    assert event is not None, "asked of messages about an event alone"
    if kind in _WHENEVER:
        return None
    if kind == "completed":
        return "too_late" if event.ends_at + _THANKS_WITHIN < now else None
    if kind in _BEFORE_IT_BEGINS and event.starts_at <= now and event.state != "postponed":
        return "event_began"
    return "event_over" if event.ends_at <= now and event.state != "postponed" else None
