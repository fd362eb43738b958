"""Server-Sent Events as the contract tells of them.

A contract of OpenAPI 3.1 describes one event, as its readers expect: what a whole stream would be, no schema can say.
"""

from typing import Any

EVENTS = "text/event-stream"


def declared_events(*, names: tuple[str, ...], data: str) -> dict[str, Any]:
    """The content of a response: events with these names, and the first one as an example.

    The example has no id: readers of contracts send it back, and no stream goes on from an id that somebody made up.
    """
    schema = {
        "type": "object",
        "description": "One event of the stream",
        "properties": {
            "id": {"type": "string", "maxLength": 200, "description": "Where to go on: Last-Event-ID, or after"},
            "event": {"type": "string", "enum": [*names]},
            "data": {"type": "string", "contentMediaType": "application/json"},
            "retry": {"type": "integer", "format": "int32", "minimum": 0, "maximum": 600_000, "description": "ms"},
        },
        "required": ["event", "data"],
    }
    example = {"event": names[0], "data": data}
    return {EVENTS: {"schema": schema, "examples": {names[0]: {"value": example}}}}
