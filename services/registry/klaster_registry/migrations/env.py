"""Alembic's environment: the registry's models, in the caller's transaction."""

# Every module of tables is named here: one that is missed would look like tables to drop.
from klaster_registry.data_repositories import models as data_repositories
from klaster_registry.database import METADATA
from klaster_registry.documents import models as documents
from klaster_registry.entities import models as entities
from klaster_registry.foreign_hqs import models as foreign_hqs
from klaster_registry.imports import models as imports
from klaster_registry.lab_services import models as lab_services
from klaster_registry.labs import models as labs
from klaster_registry.loading import models as loading
from klaster_registry.people import models as people
from klaster_registry.projects import models as projects
from klaster_registry.proposals import models as proposals
from klaster_registry.search import models as search
from klaster_registry.survey_answers import models as survey_answers
from klaster_registry.survey_questions import models as survey_questions
from klaster_registry.surveys import models as surveys
from klaster_registry.taxonomies import models as taxonomies
from klaster_shared.migrations import run_environment

TABLES = (
    data_repositories,
    documents,
    entities,
    foreign_hqs,
    imports,
    lab_services,
    labs,
    loading,
    people,
    projects,
    proposals,
    search,
    survey_answers,
    survey_questions,
    surveys,
    taxonomies,
)

run_environment(METADATA)
