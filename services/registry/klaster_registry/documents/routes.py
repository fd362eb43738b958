"""Documents over HTTP, and the kinds there are of them."""

from klaster_registry.documents import operations
from klaster_registry.documents.repository import ORDER
from klaster_registry.documents.schemas import DocumentCreate, DocumentListParameters, DocumentRead, DocumentUpdate
from klaster_registry.taxonomies.routes import add_list, add_records
from klaster_shared.records import Noun, Rules, Shapes, add_record_routes
from klaster_shared.routing import api_router

router = api_router("documents")
add_list(router, path="/v1/document-kinds", taxonomy="document_kinds")
add_records(router, path="/v1/document-kinds", taxonomy="document_kinds", one="document_kind")
add_record_routes(
    router,
    Noun(
        path="/v1/documents",
        one="document",
        many="documents",
        titles=("documents", "a document"),
        about="Reports, roadmaps and the like, by title.",
        shapes=Shapes(
            create=DocumentCreate, update=DocumentUpdate, read=DocumentRead, parameters=DocumentListParameters
        ),
        order=ORDER,
        rules=Rules(
            page=operations.list_documents,
            count=operations.count_documents,
            get=operations.get_document,
            create=operations.create_document,
            change=operations.change_document,
            delete=operations.delete_document,
            render=operations.records_of,
        ),
    ),
)
