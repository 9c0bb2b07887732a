"""REST: succession pools and their members, and willingness."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Path, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.etags import ReadBefore, SaidBefore, contested, must_be_as_read
from app.api.rest.reads import (
    FIELDS,
    JSON,
    NIP,
    PAGE,
    PURPOSE,
    Read,
    after_of,
    filter_of,
    first_of,
    id_of,
    in_path,
    page_of,
    query,
    select_fields,
)
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document, Shape, schema_of
from app.db.shapes import pools as shapes
from app.domain.actors import Actor
from app.domain.careers import PositionLevel
from app.domain.errors import NotFound
from app.domain.pools import State
from app.domain.recommendations import Pool
from app.domain.revisions import Expected
from app.services import pools, willingness
from app.services.pools import (
    ConfirmPoolMembers,
    NominateTalents,
    PoolCandidateFilter,
    PoolMemberFilter,
    TakeStep,
    TakeStepBecause,
)
from app.services.willingness import DeclareWillingness

router = APIRouter(prefix="/v1", tags=["succession"], route_class=SignedInRoute)
LEVELS = [pool.value for pool in Pool]
Level = Annotated[str, Path(alias="level", description="Level of a pool.", json_schema_extra={"enum": LEVELS})]
MemberId = Annotated[UUID, Path(alias="memberId", description="Id of a member of a pool.")]
Nip = Annotated[str, Path(alias="nip", description="Employee number, 18 digits.")]


def answers(shape: Shape, description: str, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """The answer of an operation as OpenAPI describes it."""
    return {status: {"description": description, "content": {JSON: {"schema": schema_of(shape.fields)}}}}


MayStep = Annotated[TakeStep | None, Body(description="Only where there is a reason to tell.")]
MEMBER = answers(shapes.POOL_MEMBER, "The member, with all steps.")


@router.post(
    "/succession-pools/{level}/nominations",
    operation_id="nominateTalents",
    status_code=201,
    response_class=Response,
    responses=answers(shapes.SUCCESSION_POOL, "The pool as it is now.", 201),
)
async def nominate_talents(request: Request, level: Level, command: NominateTalents) -> Response:
    """Nominate people of the pool's boxes: those named, or everybody; all of them or none."""
    db, somebody = database(request), who_asks(request)
    await pools.nominate_talents(db, somebody, level, command)
    location = {"location": f"/v1/succession-pools/{level}/members"}
    return Response(await pools.succession_pool_document(db, somebody, level), 201, location, media_type=JSON)


@router.post(
    "/succession-pools/{level}/confirmations",
    operation_id="confirmPoolMembers",
    response_class=Response,
    responses=answers(shapes.SUCCESSION_POOL, "The pool as it is now."),
)
async def confirm_pool_members(request: Request, level: Level, command: ConfirmPoolMembers) -> Response:
    """Confirm verified members together, all of them or none; a refusal says of each who cannot be, and why."""
    db, somebody = database(request), who_asks(request)
    await pools.confirm_pool_members(db, somebody, level, command)
    return Response(await pools.succession_pool_document(db, somebody, level), media_type=JSON)


Step = Callable[..., Awaitable[UUID]]


async def _step(
    request: Request, step: Step, member_id: UUID, command: TakeStep | TakeStepBecause, expected: Expected
) -> Response:
    db, somebody = database(request), who_asks(request)
    await step(db, somebody, member_id, command, expected=expected)
    return contested(await pools.pool_member_document(db, somebody, member_id))


@router.put(
    "/pool-members/{memberId}/verification",
    operation_id="verifyPoolMember",
    response_class=Response,
    responses=MEMBER,
)
async def verify_pool_member(
    request: Request, member_id: MemberId, expected: ReadBefore, command: MayStep = None
) -> Response:
    """Verify a nomination; whoever nominated does not."""
    return await _step(request, pools.verify_pool_member, member_id, command or TakeStep(), expected)


@router.put(
    "/pool-members/{memberId}/confirmation",
    operation_id="confirmPoolMember",
    response_class=Response,
    responses=MEMBER,
)
async def confirm_pool_member(
    request: Request, member_id: MemberId, expected: ReadBefore, command: MayStep = None
) -> Response:
    """Confirm a verified member for the term of the policy."""
    return await _step(request, pools.confirm_pool_member, member_id, command or TakeStep(), expected)


@router.put(
    "/pool-members/{memberId}/refusal", operation_id="refusePoolMember", response_class=Response, responses=MEMBER
)
async def refuse_pool_member(
    request: Request, member_id: MemberId, command: TakeStepBecause, expected: ReadBefore
) -> Response:
    """Refuse a nomination."""
    return await _step(request, pools.refuse_pool_member, member_id, command, expected)


@router.put(
    "/pool-members/{memberId}/return", operation_id="returnPoolMember", response_class=Response, responses=MEMBER
)
async def return_pool_member(
    request: Request, member_id: MemberId, command: TakeStepBecause, expected: ReadBefore
) -> Response:
    """Return a nomination for revision."""
    return await _step(request, pools.return_pool_member, member_id, command, expected)


@router.put(
    "/pool-members/{memberId}/suspension",
    operation_id="suspendPoolMember",
    response_class=Response,
    responses=MEMBER,
)
async def suspend_pool_member(
    request: Request, member_id: MemberId, command: TakeStepBecause, expected: ReadBefore
) -> Response:
    """Suspend a confirmed member; the term goes on."""
    return await _step(request, pools.suspend_pool_member, member_id, command, expected)


@router.put(
    "/pool-members/{memberId}/reinstatement",
    operation_id="reinstatePoolMember",
    response_class=Response,
    responses=MEMBER,
)
async def reinstate_pool_member(
    request: Request, member_id: MemberId, command: TakeStepBecause, expected: ReadBefore
) -> Response:
    """Lift a suspension: the member is confirmed as before, until the same day."""
    return await _step(request, pools.reinstate_pool_member, member_id, command, expected)


@router.put(
    "/talents/{nip}/succession-willingness",
    operation_id="declareWillingness",
    response_class=Response,
    responses=answers(shapes.WILLINGNESS, "What was said."),
)
async def declare_willingness(request: Request, nip: Nip, command: DeclareWillingness, before: SaidBefore) -> Response:
    """Say for oneself whether one is willing to succeed."""
    db, somebody = database(request), who_asks(request)
    if before:
        with suppress(NotFound):  # which the service tells
            must_be_as_read(request, await willingness.succession_willingness_document(db, somebody, nip))
    await willingness.declare_willingness(db, somebody, nip, command, said_before=before)
    return contested(await willingness.succession_willingness_document(db, somebody, nip))


async def pool(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.SUCCESSION_POOL)
    return await pools.succession_pool_document(db, actor, request.path_params["level"], wanted)


async def members_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen, level = filter_of(request, PoolMemberFilter, FILTERS), request.path_params["level"]
    return await pools.pool_members_page(
        db, actor, level, chosen, first_of(request), after_of(request), page_of(request, shapes.POOL_MEMBERS)
    )


async def candidates_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen, level = filter_of(request, PoolCandidateFilter, OF_TALENTS), request.path_params["level"]
    return await pools.pool_candidates_page(
        db, actor, level, chosen, first_of(request), after_of(request), page_of(request, shapes.POOL_CANDIDATES)
    )


async def member(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.POOL_MEMBER)
    return await pools.pool_member_document(db, actor, id_of(request, "memberId", "pool.member_not_found"), wanted)


async def memberships_page(db: Database, actor: Actor, request: Request) -> Document:
    nip = request.path_params["nip"]
    return await pools.talent_pool_memberships_page(
        db, actor, nip, first_of(request), after_of(request), page_of(request, shapes.POOL_MEMBERSHIPS)
    )


async def willingness_of(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.WILLINGNESS)
    return await willingness.succession_willingness_document(db, actor, request.path_params["nip"], wanted)


LEVEL = in_path("level", "Level of a pool.", {"type": "string", "enum": LEVELS})
MEMBER_ID = in_path("memberId", "Id of a member of a pool.", {"type": "string", "format": "uuid"})
OF_TALENTS = (
    query("unit", "Id of a unit; the units below it are included.", {"type": "string"}),
    query(
        "positionLevel",
        "Level of the present post.",
        {"type": "string", "enum": [level.value for level in PositionLevel]},
    ),
)
FILTERS = (
    query("state", "Where a member is today.", {"type": "string", "enum": [state.value for state in State]}),
    *OF_TALENTS,
    query("stillInBox", "Whether the member still stands in a box of the pool.", {"type": "boolean"}),
)
READS = (
    Read(
        "/succession-pools/{level}",
        pool,
        pools.succession_pool_document,
        shapes.SUCCESSION_POOL,
        "succession",
        (LEVEL, FIELDS),
    ),
    Read(
        "/succession-pools/{level}/members",
        members_page,
        pools.pool_members_page,
        shapes.POOL_MEMBERS,
        "succession",
        (LEVEL, *FILTERS, *PAGE),
    ),
    Read(
        "/succession-pools/{level}/candidates",
        candidates_page,
        pools.pool_candidates_page,
        shapes.POOL_CANDIDATES,
        "succession",
        (LEVEL, *OF_TALENTS, *PAGE),
    ),
    Read(
        "/pool-members/{memberId}",
        member,
        pools.pool_member_document,
        shapes.POOL_MEMBER,
        "succession",
        (MEMBER_ID, FIELDS, PURPOSE),
    ),
    Read(
        "/talents/{nip}/pool-memberships",
        memberships_page,
        pools.talent_pool_memberships_page,
        shapes.POOL_MEMBERSHIPS,
        "succession",
        (NIP, *PAGE, PURPOSE),
    ),
    Read(
        "/talents/{nip}/succession-willingness",
        willingness_of,
        willingness.succession_willingness_document,
        shapes.WILLINGNESS,
        "succession",
        (NIP, FIELDS, PURPOSE),
    ),
)
