"""Laboratory services over HTTP."""

from klaster_registry.lab_services import operations
from klaster_registry.lab_services.repository import ORDER
from klaster_registry.lab_services.schemas import (
    LabServiceCreate,
    LabServiceListParameters,
    LabServiceRead,
    LabServiceUpdate,
)
from klaster_shared.records import Noun, Rules, Shapes, add_record_routes
from klaster_shared.routing import api_router

router = api_router("laboratory services")
add_record_routes(
    router,
    Noun(
        path="/v1/lab-services",
        one="lab_service",
        many="lab_services",
        titles=("laboratory services", "a laboratory service"),
        about="Services that laboratories offer, by name; sharing and partnership are those of the day asked for.",
        shapes=Shapes(
            create=LabServiceCreate,
            update=LabServiceUpdate,
            read=LabServiceRead,
            parameters=LabServiceListParameters,
        ),
        order=ORDER,
        rules=Rules(
            page=operations.list_services,
            count=operations.count_services,
            get=operations.get_service,
            create=operations.create_service,
            change=operations.change_service,
            delete=operations.delete_service,
            render=operations.records_of,
        ),
    ),
)
