"""Groups, networks and advisory bodies over HTTP: lists of their own, members; the codes themselves as any taxonomy."""

from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_registry.entities.routes import answer
from klaster_registry.entities.schemas import EntityRead
from klaster_registry.entities.steps.routes import AtMoment
from klaster_registry.groups import operations
from klaster_registry.groups.repository import ORDER
from klaster_registry.groups.schemas import (
    AdvisoryBodyListParameters,
    GroupListParameters,
    LeaveIn,
    MemberIn,
    MemberListParameters,
    MemberRead,
    NetworkListParameters,
    TopicGroupListParameters,
)
from klaster_registry.taxonomies.operations import Taxonomy, record_of
from klaster_registry.taxonomies.routes import CodeInPath, add_records
from klaster_registry.taxonomies.schemas import TermRead
from klaster_shared.access import operation
from klaster_shared.dependencies import ReadSession, Today, WriteSession
from klaster_shared.etags import conditional_json
from klaster_shared.labels import ChosenLanguage
from klaster_shared.pagination import Page, next_cursor, next_link
from klaster_shared.routing import api_router

router = api_router("groups")


def _add_list(*, path: str, taxonomy: Taxonomy, shape: type[GroupListParameters]) -> None:
    @router.get(
        path,
        operation_id=f"list_{taxonomy}",
        summary=f"List {taxonomy.replace('_', ' ')}",
        response_model=Page[TermRead],
        **operation(role="anonymous", scope="groups:read"),
    )
    async def list_groups(
        request: Request,
        session: ReadSession,
        language: ChosenLanguage,
        today: Today,
        parameters: Annotated[shape, Query()],  # type: ignore[valid-type]
    ) -> Response:
        """In their order; filters ask for flags and for members on a day."""
        asked: GroupListParameters = parameters
        rows = await operations.list_groups(session, taxonomy=taxonomy, parameters=asked, today=today)
        cursor = next_cursor(rows, limit=asked.limit, order=ORDER, key=lambda term: (term.position, term.code))
        page: dict[str, Any] = {
            "items": [record_of(term, language) for term in rows[: asked.limit]],
            "next": cursor,
        }
        if asked.count:
            page["total"] = await operations.count_groups(session, taxonomy=taxonomy, parameters=asked, today=today)
        return conditional_json(request, page, headers=next_link(request, cursor))


def _add_members(*, path: str, taxonomy: Taxonomy, one: str, title: str) -> None:
    @router.get(
        path + "/{code}/members",
        operation_id=f"list_{one}_members",
        summary=f"Members of {title}, and when",
        response_model=Page[MemberRead],
        **operation(role="anonymous", scope="groups:read", problems=(404,)),
    )
    async def list_members(
        request: Request,
        session: ReadSession,
        code: CodeInPath,
        parameters: Annotated[MemberListParameters, Query()],
    ) -> Response:
        """Memberships by name; with `as_of` those of that day alone."""
        rows = await operations.list_members(session, taxonomy=taxonomy, code=code, parameters=parameters)
        cursor = next_cursor(
            rows,
            limit=parameters.limit,
            order=operations.MEMBER_ORDER,
            key=lambda row: (row.sort_name, row.validity_id),
        )
        page = {"items": [operations.member_record(row) for row in rows[: parameters.limit]], "next": cursor}
        return conditional_json(request, page, headers=next_link(request, cursor))

    @router.post(
        path + "/{code}/members",
        operation_id=f"add_{one}_member",
        summary=f"Make an entity a member of {title}",
        status_code=201,
        response_model=EntityRead,
        **operation(role="office", scope="groups:write", problems=(404, 409)),
    )
    async def add_member(
        request: Request, session: WriteSession, moment: AtMoment, code: CodeInPath, given: MemberIn
    ) -> Response:
        """The answer is the entity, whose record says where it is a member."""
        saved = await operations.add_member(session, taxonomy=taxonomy, code=code, given=given, moment=moment)
        return answer(request, saved, status=201)

    @router.post(
        path + "/{code}/members/leave",
        operation_id=f"leave_{one}",
        summary=f"End a membership of {title}",
        response_model=EntityRead,
        **operation(role="office", scope="groups:write", problems=(404, 409)),
    )
    async def end_membership(
        request: Request, session: WriteSession, moment: AtMoment, code: CodeInPath, given: LeaveIn
    ) -> Response:
        """`on` is the last day. A partner may not leave its last special interest group."""
        saved = await operations.end_membership(session, taxonomy=taxonomy, code=code, given=given, moment=moment)
        return answer(request, saved)


_COLLECTIONS: tuple[tuple[str, Taxonomy, str, str, type[GroupListParameters]], ...] = (
    ("/v1/groups", "groups", "group", "a group", TopicGroupListParameters),
    ("/v1/networks", "networks", "network", "a network", NetworkListParameters),
    ("/v1/advisory-bodies", "advisory_bodies", "advisory_body", "an advisory body", AdvisoryBodyListParameters),
)
for _path, _taxonomy, _one, _title, _shape in _COLLECTIONS:
    _add_list(path=_path, taxonomy=_taxonomy, shape=_shape)
    add_records(router, path=_path, taxonomy=_taxonomy, one=_one, role="office", noun="groups")
    _add_members(path=_path, taxonomy=_taxonomy, one=_one, title=_title)
