"""What the contract shows of events and agendas is what their shapes say."""

from typing import Any

import pytest
from pydantic import BaseModel

from klaster_events.agenda.schemas import SessionCreate, SessionPlaced, SessionRead, SessionUpdate
from klaster_events.calendars.schemas import EventShown
from klaster_events.events.schemas import EventCreate, EventRead, EventUpdate, Note, Reschedule

SHAPES = (EventCreate, EventUpdate, EventRead, EventShown, Note, Reschedule)
SESSIONS = (SessionCreate, SessionUpdate, SessionRead, SessionPlaced)


@pytest.mark.parametrize("shape", [*SHAPES, *SESSIONS], ids=lambda shape: str(shape.__name__))
def test_examples_are_read_as_they_stand(shape: type[BaseModel]) -> None:
    extra: Any = shape.model_config["json_schema_extra"]
    for example in extra["examples"]:
        written = shape.model_validate(example).model_dump(mode="json")
        assert {name: written[name] for name in example} == example
        assert set(example) <= set(shape.model_fields)
