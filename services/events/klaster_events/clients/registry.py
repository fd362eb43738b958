"""The registry, as this service asks it: one entity, the feed of changes, and what is proposed to it."""

from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json, to_json

from klaster_events.entities.schemas import EntityFacts
from klaster_events.proposing.schemas import Standing, Told
from klaster_events.readiness.schemas import HqFacts
from klaster_events.showcase.schemas import ProjectFacts
from klaster_shared.clients import Neighbour
from klaster_shared.errors import Conflict, Invalid, NotFound, Unavailable, UpstreamFailed, UpstreamTimeout
from klaster_shared.following import FeedPage
from klaster_shared.tokens import Signer

PAGE = 500
Facts = TypeVar("Facts", bound=BaseModel)


class RegistryClient:
    """Asks the registry in the name of this service."""

    def __init__(self, base_url: str, private_key_file: Path | None) -> None:
        self._base_url = base_url
        self._key_file = private_key_file
        self._opened: Neighbour | None = None

    def _neighbour(self) -> Neighbour:
        # Opened when it is first asked: the contract can be written without a key.
        if self._opened is None:
            if self._key_file is None:
                raise Unavailable("This service has no key to ask the registry with", service="registry")
            self._opened = Neighbour("registry", self._base_url, signer=Signer.from_file("events", self._key_file))
        return self._opened

    async def entity(self, entity_id: UUID) -> EntityFacts | None:
        """One entity, None where there is none; raises Unavailable where the registry is away."""
        return await self._one(EntityFacts, f"/v1/entities/{entity_id}", "entities:read")

    async def project(self, project_id: UUID) -> ProjectFacts | None:
        """One project, None where there is none; raises Unavailable where the registry is away."""
        return await self._one(ProjectFacts, f"/v1/projects/{project_id}", "projects:read")

    async def foreign_hq(self, hq_id: UUID) -> HqFacts | None:
        """One organisation abroad, None where there is none; raises Unavailable where the registry is away."""
        return await self._one(HqFacts, f"/v1/foreign-hqs/{hq_id}", "foreign-hqs:read")

    async def _one(self, shape: type[Facts], path: str, scope: str) -> Facts | None:
        try:
            return await self._neighbour().read(shape, path, scopes=[scope])
        except NotFound:
            return None
        except UpstreamTimeout as error:
            raise Unavailable(error.detail, service="registry") from error

    async def changes(self, *, after: int) -> FeedPage:
        """The changes behind a position."""
        asked = {"after": after, "limit": PAGE}
        return await self._neighbour().read(FeedPage, "/v1/registry/changes", params=asked, scopes=["changes:read"])

    async def propose(self, body: dict[str, Any], *, key: UUID, entity: UUID) -> Told:
        """Propose something in the name of an entity, once under its key.

        Raises Invalid or Conflict with the registry's own words where it is refused for good; Unavailable,
        UpstreamTimeout or UpstreamFailed where asking again may help.
        """
        answer = await self._neighbour().post(
            "/v1/proposals", body=to_json(body), key=str(key), scopes=["proposals:write"], role="partner", entity=entity
        )
        if answer.status_code != 201:
            raise _refusal(answer.status_code, answer.content)
        try:
            return Told.model_validate_json(answer.content)
        except ValidationError as error:
            raise UpstreamFailed("registry gave an answer that cannot be read", service="registry") from error

    async def proposal(self, proposal_id: UUID, *, entity: UUID) -> Standing | None:
        """Where a proposal of an entity stands, None where there is none; raises where the registry is away."""
        neighbour = self._neighbour()
        token = neighbour.token_as("partner", scopes=["proposals:read"], entity=entity)
        try:
            return await neighbour.read(Standing, f"/v1/proposals/{proposal_id}", token=token)
        except NotFound:
            return None

    async def check(self) -> None:
        """Whether it answers; raises where it does not."""
        await self._neighbour().get("/health/live", attempts=1)

    async def aclose(self) -> None:
        """Close its connections."""
        if self._opened is not None:
            await self._opened.aclose()


def _refusal(status: int, content: bytes) -> Invalid | Conflict | UpstreamFailed:
    """What the registry says of something that it does not take. A token that it does not know may be known soon."""
    try:
        said = from_json(content)
        code, detail, errors = str(said["code"]), str(said["detail"]), list(said["errors"])
    except (ValueError, KeyError, TypeError):
        return UpstreamFailed(f"registry answers {status}", service="registry")
    if status in {403, 404, 422}:
        return Invalid(f"{code}: {detail}", errors=errors)
    if status == 409 and code != "still_running":
        return Conflict(f"{code}: {detail}", errors=errors)
    return UpstreamFailed(f"registry answers {status} {code}: {detail}", service="registry")
