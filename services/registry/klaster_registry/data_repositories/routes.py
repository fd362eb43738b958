"""Data repositories over HTTP."""

from klaster_registry.data_repositories import operations
from klaster_registry.data_repositories.repository import ORDER
from klaster_registry.data_repositories.schemas import (
    DataRepositoryCreate,
    DataRepositoryListParameters,
    DataRepositoryRead,
    DataRepositoryUpdate,
)
from klaster_shared.records import Noun, Rules, Shapes, add_record_routes
from klaster_shared.routing import api_router

router = api_router("data repositories")
add_record_routes(
    router,
    Noun(
        path="/v1/data-repositories",
        one="data_repository",
        many="data_repositories",
        titles=("data repositories", "a data repository"),
        about="Data repositories by name.",
        shapes=Shapes(
            create=DataRepositoryCreate,
            update=DataRepositoryUpdate,
            read=DataRepositoryRead,
            parameters=DataRepositoryListParameters,
        ),
        order=ORDER,
        rules=Rules(
            page=operations.list_data_repositories,
            count=operations.count_data_repositories,
            get=operations.get_data_repository,
            create=operations.create_data_repository,
            change=operations.change_data_repository,
            delete=operations.delete_data_repository,
            render=operations.records_of,
        ),
    ),
)
