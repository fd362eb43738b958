"""What can go wrong with consents."""

from klaster_shared.errors import Conflict, NotFound


class PurposeNotFound(NotFound):
    code, title = "consent_purpose_not_found", "Consent is asked for no such purpose"


class PurposeRetired(Conflict):
    code, title = "consent_purpose_retired", "Consent for this purpose is asked of nobody any more"
