"""How participants are listed, for every noun that lists them."""

from sqlmodel import col

from klaster_events.database import by
from klaster_events.participants.models import Participant
from klaster_events.registrations.models import Registration

ORDER = (by("created_at", col(Participant.created_at)), by("id", col(Participant.id)))
Found = tuple[Participant, Registration]
"""A participant with the registration."""
