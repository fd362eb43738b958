"""What people are told: of an event, and one by one."""

from typing import Literal

NoticeKind = Literal["changed", "postponed", "cancelled", "completed"]
MessageKind = Literal[
    "confirm_address",
    "confirmed",
    "waiting",
    "requested",
    "declined",
    "moved_up",
    "offer",
    "offer_expired",
    "registration_cancelled",
    "registered_already",
    "changed",
    "postponed",
    "cancelled",
    "completed",
    "reminder",
    "meeting_requested",
    "meeting_accepted",
    "meeting_declined",
    "meeting_scheduled",
    "meeting_moved",
    "meeting_unscheduled",
    "meeting_cancelled",
    "privacy_link",
    "erased",
    "interest_shown",
    "interest_agreed",
    "interest_declined",
    "interest_withdrawn",
]
