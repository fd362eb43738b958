"""Whoever asks, as the gateway knows them: what every part of it speaks of."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: an opaque subject, a role, and the entity spoken for.

    Whoever came with an access token is also known by the names that its issuer has; `entities` are all that they
    represent.
    """

    subject: str
    role: str
    entity: UUID | None = None
    key_id: UUID | None = None
    issuer: str | None = None
    issuer_subject: str | None = None
    entities: tuple[UUID, ...] = ()


CALLER = "klaster.caller"  # in the scope of a request: how our own routes are told more of it than services are
ANONYMOUS = Caller(subject="anonymous", role="anonymous")
