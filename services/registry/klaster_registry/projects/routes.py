"""Projects and consortia over HTTP, and the kinds there are of them."""

from klaster_registry.projects import operations
from klaster_registry.projects.repository import ORDER
from klaster_registry.projects.schemas import ProjectCreate, ProjectListParameters, ProjectRead, ProjectUpdate
from klaster_registry.taxonomies.routes import add_list, add_records
from klaster_shared.records import Noun, Rules, Shapes, add_record_routes
from klaster_shared.routing import api_router

router = api_router("projects")
add_list(router, path="/v1/project-kinds", taxonomy="project_kinds")
add_records(router, path="/v1/project-kinds", taxonomy="project_kinds", one="project_kind")
add_record_routes(
    router,
    Noun(
        path="/v1/projects",
        one="project",
        many="projects",
        titles=("projects and consortia", "a project or consortium"),
        about="Projects by title; `state` is that of the day asked for.",
        shapes=Shapes(create=ProjectCreate, update=ProjectUpdate, read=ProjectRead, parameters=ProjectListParameters),
        order=ORDER,
        rules=Rules(
            page=operations.list_projects,
            count=operations.count_projects,
            get=operations.get_project,
            create=operations.create_project,
            change=operations.change_project,
            delete=operations.delete_project,
            render=operations.records_of,
        ),
    ),
)
