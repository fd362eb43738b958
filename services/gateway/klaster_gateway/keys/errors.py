"""What can go wrong with keys."""

from klaster_shared.errors import Conflict, Invalid, NotFound, Unauthenticated


class KeyNotFound(NotFound):
    code, title = "key_not_found", "There is no such key"


class KeyRevoked(Conflict):
    code, title = "key_revoked", "The key is revoked already"


class EntityNeeded(Invalid):
    code, title = "entity_needed", "A partner's key speaks for one entity, and no other key speaks for any"


class ExpiryInThePast(Invalid):
    code, title = "expiry_in_the_past", "The key would have expired before its first use"


class KeyRefused(Unauthenticated):
    code, title = "key_refused", "This key is unknown, expired or revoked"
