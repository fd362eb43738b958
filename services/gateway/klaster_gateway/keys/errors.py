"""What can go wrong with keys."""

from klaster_shared.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated


class KeyNotFound(NotFound):
    code, title = "key_not_found", "There is no such key"


class KeyRevoked(Conflict):
    code, title = "key_revoked", "The key is revoked already"


class EntityNeeded(Invalid):
    code, title = "entity_needed", "A partner's key speaks for one entity, and no other key speaks for any"


class ExpiryInThePast(Invalid):
    code, title = "expiry_in_the_past", "The key would have expired before its first use"


class UnknownScope(Invalid):
    code, title = "unknown_scope", "A key is narrowed to scopes that its role has"


class KeyBeyondYou(Forbidden):
    code, title = "key_beyond_you", "You cannot make a key that may do more than you, or for longer"


class KeyEnded(Conflict):
    code, title = "key_ended", "The key has ended: make another one"


class RotationUnderWay(Conflict):
    code, title = "rotation_under_way", "The secret from before the last rotation still works"


class ScopeMissing(Forbidden):
    code, title = "scope_missing", "Your key is narrowed to other scopes"


class KeyRefused(Unauthenticated):
    code, title = "key_refused", "This key is unknown, expired or revoked"
