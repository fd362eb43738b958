"""Headquarters abroad over HTTP."""

from klaster_registry.foreign_hqs import operations
from klaster_registry.foreign_hqs.repository import ORDER
from klaster_registry.foreign_hqs.schemas import (
    ForeignHqCreate,
    ForeignHqListParameters,
    ForeignHqRead,
    ForeignHqUpdate,
)
from klaster_shared.records import Noun, Rules, Shapes, add_record_routes
from klaster_shared.routing import api_router

router = api_router("foreign headquarters")
add_record_routes(
    router,
    Noun(
        path="/v1/foreign-hqs",
        one="foreign_hq",
        many="foreign_hqs",
        titles=("organisations with headquarters abroad", "an organisation with headquarters abroad"),
        about="Organisations abroad by name; engagement and readiness are those of the day asked for.",
        shapes=Shapes(
            create=ForeignHqCreate, update=ForeignHqUpdate, read=ForeignHqRead, parameters=ForeignHqListParameters
        ),
        order=ORDER,
        rules=Rules(
            page=operations.list_hqs,
            count=operations.count_hqs,
            get=operations.get_hq,
            create=operations.create_hq,
            change=operations.change_hq,
            delete=operations.delete_hq,
            render=operations.records_of,
        ),
    ),
)
