"""Types of events over HTTP."""

from klaster_events.event_types.operations import EVENT_TYPES
from klaster_events.event_types.schemas import EventTypeCreate, EventTypeListParameters, EventTypeRead, EventTypeUpdate
from klaster_events.kinds.routes import KindNoun, add_kind_routes
from klaster_shared.records import Shapes
from klaster_shared.routing import api_router

router = api_router("event types")
add_kind_routes(
    router,
    KindNoun(
        path="/v1/event-types",
        one="event_type",
        many="event_types",
        titles=("types of events", "a type of event"),
        example="networking",
        kinds=EVENT_TYPES,
        shapes=Shapes(
            create=EventTypeCreate, update=EventTypeUpdate, read=EventTypeRead, parameters=EventTypeListParameters
        ),
    ),
)
