"""The stream over HTTP."""

from typing import Annotated, Any, Literal

from fastapi import Header, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from klaster_gateway.stream.answering import EventStream
from klaster_gateway.stream.hub import Hub, Wanted
from klaster_gateway.stream.positions import read
from klaster_shared.access import operation
from klaster_shared.changes import Kind
from klaster_shared.dependencies import CurrentPrincipal
from klaster_shared.event_streams import declared_events
from klaster_shared.routing import api_router

Service = Literal["registry", "indicators", "events"]
Collection = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,59}$")]
router = api_router("stream")


class StreamRead(BaseModel):
    """What a stream asks for; every filter repeated for OR, and absent for all."""

    model_config = ConfigDict(extra="forbid")

    after: str | None = Field(None, max_length=200, description="Go on behind this id; absent: from now on")
    service: list[Service] = Field([], max_length=3, description="Changes of these services alone")
    collection: list[Collection] = Field([], max_length=50, description="Changes of these collections alone")
    kind: list[Kind] = Field([], max_length=4, description="Changes of these kinds alone")


def _declared() -> dict[str, Any]:
    declared = operation(role="anonymous", scope="stream:read", problems=(410, 429, 503))
    data = '{"service":"registry","position":"1042","kind":"updated","collection":"entities"}'
    stream = declared_events(names=("change", "service"), data=data)
    described = {"description": "Events, as long as the connection stands", "content": stream}
    declared["responses"] = {**declared["responses"], 200: described}
    declared["openapi_extra"] = {**declared["openapi_extra"], "x-klaster-streams": True}
    return declared


@router.get("/v1/stream", summary="All changes as they happen", response_class=Response, **_declared())
async def stream_changes(
    request: Request,
    principal: CurrentPrincipal,
    wanted: Annotated[StreamRead, Query()],
    last_event_id: Annotated[str | None, Header(max_length=200, description="Sent by browsers: go on here")] = None,
) -> Response:
    """Server-Sent Events: every change of the three services that you may see, in commit order for each service.

    `event: change` carries what the services' feeds carry, and `service`; the collection `jobs` tells the office how
    far background work is that somebody asked for. `event: service` says that a service is `away` or `back`; what
    changes meanwhile comes when it is back. A comment each 15 s says that the stream is alive.

    Every event has an id; send the last one as `Last-Event-ID` (browsers do) or `after`, and nothing is missed. 410:
    the stream does not go on from there; read anew what you show, and begin without an id. The stream ends now and
    then (after ten minutes, when the gateway stops, when a key was revoked): connect again after what `retry` says.
    """
    hub: Hub = request.app.state.hub
    told = last_event_id or wanted.after
    pointer = "header/Last-Event-ID" if last_event_id else "query/after"
    positions = read(told, services=hub.sources, pointer=pointer) if told else {}
    asked = Wanted(
        role=principal.role, services=wanted.service, collections=wanted.collection, kinds=frozenset(wanted.kind)
    )
    listener = await hub.admit(asked, positions)
    return EventStream(hub.listen(listener))
