"""Whoever asks, as the gateway knows them: what every part of it speaks of."""

from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: an opaque subject, a role, and the entity spoken for.

    `scopes` is all that a key was narrowed to; None where it may do what its role may. Whoever came with an access
    token is also known by the names that its issuer has; `entities` are all that they represent.
    """

    subject: str
    role: str
    entity: UUID | None = None
    key_id: UUID | None = None
    issuer: str | None = None
    issuer_subject: str | None = None
    entities: tuple[UUID, ...] = ()
    scopes: frozenset[str] | None = None

    def holds(self, scope: str) -> bool:
        """Whether a key was not narrowed to other scopes than this one."""
        return self.scopes is None or scope in self.scopes


CALLER = "klaster.caller"  # in the scope of a request: how our own routes are told more of it than services are
ANONYMOUS = Caller(subject="anonymous", role="anonymous")
# Of the request under way, for our own routes that ask services in its caller's name: no page holds more than the key.
held_scopes: ContextVar[frozenset[str] | None] = ContextVar("held_scopes", default=None)
