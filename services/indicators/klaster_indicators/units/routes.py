"""Units over HTTP."""

from klaster_indicators.units import operations
from klaster_indicators.units.repository import ORDER
from klaster_indicators.units.schemas import UnitCreate, UnitListParameters, UnitRead, UnitUpdate
from klaster_shared.records import Noun, Rules, Shapes, add_record_routes
from klaster_shared.routing import api_router

router = api_router("units")
add_record_routes(
    router,
    Noun(
        path="/v1/units",
        one="unit",
        many="units",
        titles=("units", "a unit"),
        about="What measures, observations and plans are counted in, by code. Nothing is ever converted.",
        shapes=Shapes(create=UnitCreate, update=UnitUpdate, read=UnitRead, parameters=UnitListParameters),
        order=ORDER,
        rules=Rules(
            page=operations.list_units,
            count=operations.count_units,
            get=operations.get_unit,
            create=operations.create_unit,
            change=operations.change_unit,
            delete=operations.delete_unit,
            render=operations.records_of,
        ),
    ),
)
