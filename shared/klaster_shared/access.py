"""Who may do what: six roles, and the one declaration that every operation carries."""

from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from klaster_shared.errors import Forbidden, Unauthenticated
from klaster_shared.logs import set_actor
from klaster_shared.tokens import Claims, Verifier

Role = Literal["anonymous", "integrator", "partner", "device", "office", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)

INCLUDES: dict[Role, frozenset[Role]] = {
    "anonymous": frozenset({"anonymous"}),
    "integrator": frozenset({"anonymous", "integrator"}),
    "partner": frozenset({"anonymous", "partner"}),
    # A device checks people in and does nothing else: it does not even read what everybody may.
    "device": frozenset({"device"}),
    "office": frozenset({"anonymous", "integrator", "partner", "device", "office"}),
    "admin": frozenset({"anonymous", "integrator", "partner", "device", "office", "admin"}),
}

# Shown in the contract as the way in; the token itself is read from the header below.
_bearer = HTTPBearer(auto_error=False, description="At the gateway: an API key, `Bearer klk_...`")

Principal = Claims
"""Who asks: subject, role, entity, scopes, and the neighbour that vouches for it."""


async def principal_of(request: Request, _credentials: Annotated[Any, Depends(_bearer)] = None) -> Principal:
    """The caller of this request, from its internal token; raises Unauthenticated without a good one."""
    # A coroutine, like every dependency here: plain functions are run in another thread, 60 us each.
    known: Principal | None = getattr(request.state, "principal", None)
    if known is not None:
        return known
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("This service answers to internal tokens alone", headers={"WWW-Authenticate": "Bearer"})
    verifier: Verifier = request.app.state.verifier
    principal = verifier.verify(token)
    request.state.principal = principal
    set_actor(principal.subject, principal.role)
    return principal


def may(role: str, least: Role) -> bool:
    """Whether `role` includes `least`."""
    return role in INCLUDES and least in INCLUDES[role]


class SpeaksForNobody(Forbidden):
    code, title = "speaks_for_nobody", "This is done in the name of an entity, and you speak for none"


class _Allow:
    def __init__(self, role: Role, also: tuple[Role, ...], scope: str) -> None:
        self.roles = (role, *also)
        self.scope = scope

    async def __call__(self, principal: Annotated[Principal, Depends(principal_of)]) -> None:
        if not any(may(principal.role, role) for role in self.roles):
            raise Forbidden(f"This needs the role {' or '.join(self.roles)}; yours is {principal.role}")
        if self.scope not in principal.scopes:
            raise Forbidden(f"The token does not carry the scope {self.scope}")


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    # By reference, not as a model: the framework would build the same schema anew for each status of each operation,
    # a third of what a service's start costs. The contract adds the schema itself.
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}
    return {status: {"description": "Problem", "content": content} for status in statuses}


def operation(
    *,
    role: Role,
    scope: str,
    also: tuple[Role, ...] = (),
    problems: tuple[int, ...] = (),
    secret: bool = False,
    reads: bool = False,
    bucket: str | None = None,
    cross_origin: bool = False,
) -> dict[str, Any]:
    """What a route declares of its access: `@router.get(path, **operation(role=..., scope=...))`.

    role     the least role that may call it; `anonymous` means public
    scope    `<noun>:read` or `<noun>:write`: what a token for this call must carry, and no more
    also     further least roles, where none includes the other (integrator, partner)
    problems statuses beyond those that any operation may answer (401, 403, 422)
    secret   the answer carries a secret: it is never stored for replay
    reads    a POST that changes nothing: it takes no Idempotency-Key
    bucket   the limit that its calls count against, where that is not everybody's
    cross_origin  pages of any origin may call it (without credentials): the gateway says so to browsers
    """
    return {
        "dependencies": [Depends(_Allow(role, also, scope))],
        "responses": _problems(*sorted({401, 403, 422, *problems})),
        "openapi_extra": {
            "x-klaster-role": role,
            "x-klaster-scope": scope,
            **({"x-klaster-also": list(also)} if also else {}),
            **({"x-klaster-secret": True} if secret else {}),
            **({"x-klaster-reads": True} if reads else {}),
            **({"x-klaster-bucket": bucket} if bucket else {}),
            **({"x-klaster-cross-origin": True} if cross_origin else {}),
        },
    }


def entity_of(principal: Principal) -> UUID:
    """The entity that a partner speaks for; raises SpeaksForNobody where the caller speaks for none."""
    if principal.entity is None:
        raise SpeaksForNobody("This is for somebody who speaks for an entity: use a partner's key")
    return principal.entity
