"""Each operation of each service lets in exactly the roles that docs/access.md shows."""

import re
from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest

from klaster_shared.access import ROLES, Role
from klaster_shared.testing.servers import serving, token
from tests.contracts.access_page import access_page
from tests.services import NAMES, ROOT, Operation, build, operations

# What a link that was sent to somebody opens, and asking for such a link.
BY_LINK = {
    "accept_own_meeting",
    "accept_own_offer",
    "ask_for_erasure",
    "ask_for_export",
    "cancel_own_booking",
    "cancel_own_meeting",
    "cancel_own_registration",
    "choose_own_sessions",
    "confirm_own_address",
    "decide_own_consent",
    "decline_own_meeting",
    "decline_own_offer",
    "erase_oneself",
    "leave_own_participation",
    "note_own_outcome",
    "propose_own_project",
    "request_own_meeting",
    "save_own_participation",
    "schedule_own_meeting",
}
SAMPLE_ID = "01890000-0000-7000-8000-000000000000"


@pytest.fixture(scope="session", params=NAMES)
async def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[str, str]]:
    """A service without a database: whoever is let in gets an error of another kind than the guard's."""
    name = str(request.param)
    url = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp(name)}/empty.db"
    async with serving(build(name, url)) as base_url:
        yield name, base_url


def own(name: str) -> list[Operation]:
    """The operations that a service answers itself."""
    return [operation for operation in operations(name) if operation.service == name]


def concrete(path: str) -> str:
    """The path with something in its places: a year where it wants one, else an id."""
    return re.sub(r"\{\w+\}", SAMPLE_ID, path.replace("{year}", "2025"))


async def is_let_in(client: httpx.AsyncClient, operation: Operation, role: Role, scopes: list[str]) -> bool:
    entity = UUID(SAMPLE_ID) if role == "partner" else None  # a partner speaks for an entity: the one that is asked for
    signed = token(operation.service, role, scopes, entity=entity)
    headers = {"Authorization": f"Bearer {signed}", "If-Match": '"1"'}
    asked = {"headers": headers, "json": {}}
    async with client.stream(operation.method, concrete(operation.path), **asked) as answer:
        if answer.headers.get("content-type", "").startswith("text/event-stream"):
            return True  # and it never ends
        await answer.aread()
    return answer.status_code != 401 and not (answer.status_code == 403 and answer.json()["code"] == "forbidden")


class TestAccess:
    async def test_lets_in_the_roles_of_the_table_and_no_other(self, service: tuple[str, str]) -> None:
        name, base_url = service
        async with httpx.AsyncClient(base_url=base_url, timeout=30) as client:
            for operation in own(name):
                for role in ROLES:
                    let_in = await is_let_in(client, operation, role, [operation.scope])
                    assert let_in == operation.lets_in(role), f"{operation} as {role}"

    async def test_needs_the_scope_of_the_operation(self, service: tuple[str, str]) -> None:
        name, base_url = service
        async with httpx.AsyncClient(base_url=base_url, timeout=30) as client:
            for operation in own(name):
                assert not await is_let_in(client, operation, "admin", ["something:else"]), str(operation)

    async def test_answers_nobody_without_a_token(self, service: tuple[str, str]) -> None:
        name, base_url = service
        async with httpx.AsyncClient(base_url=base_url, timeout=30) as client:
            for operation in own(name):
                answer = await client.request(operation.method, concrete(operation.path), json={})
                assert answer.status_code == 401, str(operation)


class TestAccessPage:
    def test_is_made_from_the_contracts(self) -> None:
        """`make openapi` repairs a drift."""
        assert (ROOT / "docs" / "access.md").read_text(encoding="utf-8") == access_page(operations("gateway"))

    @pytest.mark.parametrize("name", NAMES)
    def test_writes_are_never_public_by_accident(self, name: str) -> None:
        public_writes = {
            operation.id
            for operation in operations(name)
            if operation.role == "anonymous"
            and operation.method != "get"
            and not operation.document.get("x-klaster-reads")
        }
        # Anyone may register for a public event; nothing else is written without a key, or a link that was sent.
        assert public_writes <= {"register_for_event"} | BY_LINK

    @pytest.mark.parametrize("name", NAMES)
    def test_posts_that_read_carry_no_right_to_write(self, name: str) -> None:
        for operation in operations(name):
            if operation.document.get("x-klaster-reads"):
                assert operation.scope.endswith(":read"), operation
                names = {parameter["name"] for parameter in operation.document.get("parameters", ())}
                assert "Idempotency-Key" not in names, operation
