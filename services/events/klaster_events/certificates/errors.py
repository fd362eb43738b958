"""What can go wrong with certificates."""

from klaster_shared.errors import Conflict, NotFound


class CertificateNotFound(NotFound):
    code, title = "certificate_not_found", "The event has no such certificate"


class NotCompleted(Conflict):
    code, title = "event_not_completed", "Certificates are issued once the event is completed"
