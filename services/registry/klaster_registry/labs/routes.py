"""Laboratories over HTTP."""

from klaster_registry.labs import operations
from klaster_registry.labs.repository import ORDER
from klaster_registry.labs.schemas import LabCreate, LabListParameters, LabRead, LabUpdate
from klaster_shared.records import Noun, Rules, Shapes, add_record_routes
from klaster_shared.routing import api_router

router = api_router("labs")
add_record_routes(
    router,
    Noun(
        path="/v1/labs",
        one="lab",
        many="labs",
        titles=("laboratories", "a laboratory"),
        about="Laboratories by name; `area_m2` is that of the day, `carbon_footprint` that of the years asked for.",
        shapes=Shapes(create=LabCreate, update=LabUpdate, read=LabRead, parameters=LabListParameters),
        order=ORDER,
        rules=Rules(
            page=operations.list_labs,
            count=operations.count_labs,
            get=operations.get_lab,
            create=operations.create_lab,
            change=operations.change_lab,
            delete=operations.delete_lab,
            render=operations.records_of,
            render_page=operations.records_of_page,
        ),
    ),
)
