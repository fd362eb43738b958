"""Which edition is asked for, as of which day, and by what was known when."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from klaster_shared import dates
from klaster_shared.errors import Invalid


@dataclass(frozen=True, slots=True)
class Asked:
    """The edition of a code, or the one in force on a day; as it was recorded at an instant, or as it is."""

    edition: str | None
    on: date
    known_at: datetime | None = None


def last_day_of(partial: str | None, *, today: date) -> date:
    """The day that a partial date means: its last, or today while it lasts; raises Invalid where it is to come."""
    if partial is None:
        return today
    if dates.earliest(partial) > today:
        raise Invalid.field("query/as_of", "future", "Nothing is true yet on a day that has not come")
    return min(dates.latest(partial), today)


def day_known(known_at: datetime | None, *, today: date, zone: str) -> date:
    """What was today, in the cluster's zone, when what is asked for was known; raises Invalid for no instant."""
    if known_at is None:
        return today
    try:
        return min(today, dates.today_in(zone, known_at.astimezone(UTC)))
    except OverflowError as error:  # the first and the last hours that there are, in another zone
        raise Invalid.field("query/known_at", "instant", "No calendar of ours has this instant") from error
