"""The registry's composition root."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from klaster_registry.data_repositories.routes import router as data_repositories_router
from klaster_registry.database import METADATA, open_database
from klaster_registry.documents.routes import router as documents_router
from klaster_registry.entities.measures import KNOWN
from klaster_registry.entities.relations.routes import router as related_router
from klaster_registry.entities.routes import router as entities_router
from klaster_registry.entities.steps.routes import router as transitions_router
from klaster_registry.exports.routes import router as exports_router
from klaster_registry.exports.streaming import Places
from klaster_registry.fields.routes import router as fields_router
from klaster_registry.figures.routes import router as figures_router
from klaster_registry.foreign_hqs.routes import router as foreign_hqs_router
from klaster_registry.groups.routes import router as groups_router
from klaster_registry.housekeeping import housekeeping_jobs
from klaster_registry.imports.routes import router as imports_router
from klaster_registry.imports.workbooks import MODULE, SECONDS
from klaster_registry.lab_services.routes import router as lab_services_router
from klaster_registry.labs.routes import router as labs_router
from klaster_registry.matching.routes import router as matching_router
from klaster_registry.merging.routes import router as merging_router
from klaster_registry.people.routes import router as people_router
from klaster_registry.projects.routes import router as projects_router
from klaster_registry.proposals.measures import PROPOSALS
from klaster_registry.proposals.routes import router as proposals_router
from klaster_registry.reconciliation.routes import router as reconciliation_router
from klaster_registry.rules.routes import router as rules_router
from klaster_registry.search.routes import router as search_router
from klaster_registry.settings import Settings
from klaster_registry.survey_answers.routes import router as survey_answers_router
from klaster_registry.survey_questions.routes import router as survey_questions_router
from klaster_registry.surveys.routes import router as surveys_router
from klaster_registry.taxonomies.routes import router as taxonomies_router
from klaster_shared.app import build_app
from klaster_shared.children.child import Child
from klaster_shared.feed_routes import changes_router


def create_app(settings: Settings) -> FastAPI:
    """The service with its routes; figures are defined in a file that is read, and refused where wrong, right here."""
    database = open_database(settings.database_url)
    sheets = Child(MODULE, seconds=SECONDS)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await sheets.aclose()

    app = build_app(
        service="registry",
        title="klaster registry",
        summary="The regional knowledge base of a cluster's organisations",
        description="Entities, taxonomies, groups, networks and advisory bodies, headquarters abroad, laboratories, "
        "data repositories, projects, documents.",
        settings=settings,
        metadata=METADATA,
        database=database,
        routers=[
            entities_router,
            transitions_router,
            related_router,
            merging_router,
            taxonomies_router,
            fields_router,
            groups_router,
            foreign_hqs_router,
            labs_router,
            lab_services_router,
            survey_questions_router,
            surveys_router,
            survey_answers_router,
            data_repositories_router,
            people_router,
            projects_router,
            documents_router,
            proposals_router,
            search_router,
            matching_router,
            reconciliation_router,
            figures_router,
            rules_router,
            exports_router,
            imports_router,
            changes_router("registry"),
        ],
        jobs=housekeeping_jobs(database, zone=settings.zone),
        measures=[KNOWN, PROPOSALS],
        lifespan=lifespan,
    )
    app.state.export_places = Places()
    app.state.sheets = sheets
    return app
