"""The forum whose participants are introduced to each other."""

from tests.events.meetings.conftest import forum, opened

__all__ = ["forum", "opened"]
