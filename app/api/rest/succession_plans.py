"""REST: succession plans, who may act, bench strength, dominoes, and what the merit rules ask."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.etags import ReadOrAbsent, contested
from app.api.rest.pools import answers
from app.api.rest.reads import (
    FIELDS,
    JSON,
    PAGE,
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
from app.db.documents import Document, schema_of
from app.db.shapes import succession_plans as shapes
from app.db.shapes.bench_strength import BENCH_STRENGTH
from app.db.shapes.dominoes import DOMINOES, SUCCESSION_OVERLAPS
from app.db.shapes.merit_readiness import MERIT_READINESS
from app.domain.actors import Actor
from app.domain.careers import PositionLevel
from app.services import dominoes, succession_plans
from app.services.dominoes import PreviewDominoes
from app.services.succession_plans import EditSuccessionPlan, SuccessionPlanFilter

router = APIRouter(prefix="/v1", tags=["succession"], route_class=SignedInRoute)
PostId = Annotated[UUID, Path(alias="postId", description="Id of a post.")]
PLAN = answers(shapes.SUCCESSION_PLAN, "The plan.")


@router.put(
    "/posts/{postId}/succession-plan",
    operation_id="editSuccessionPlan",
    response_class=Response,
    responses=PLAN,
)
async def edit_succession_plan(
    request: Request, post_id: PostId, command: EditSuccessionPlan, expected: ReadOrAbsent
) -> Response:
    """Make the plan of a post or replace what it says, and calculate it."""
    await succession_plans.edit_succession_plan(
        database(request), who_asks(request), post_id, command, expected=expected
    )
    return await _answer(request, post_id)


@router.post(
    "/posts/{postId}/succession-plan/calculation",
    operation_id="calculateSuccessionPlan",
    response_class=Response,
    responses=PLAN,
)
async def calculate_succession_plan(request: Request, post_id: PostId) -> Response:
    """Find out anew how ready everybody is, by today's facts and rules."""
    await succession_plans.calculate_succession_plan(database(request), who_asks(request), post_id)
    return await _answer(request, post_id)


@router.post(
    "/succession-plans/calculation",
    operation_id="calculateSuccessionPlans",
    response_class=Response,
    responses=answers(BENCH_STRENGTH, "The bench as it is now."),
)
async def calculate_succession_plans(request: Request) -> Response:
    """Calculate every plan of which something is out of date now, instead of waiting for the worker to do so."""
    db, somebody = database(request), who_asks(request)
    await succession_plans.calculate_succession_plans(db, somebody)
    return Response(await succession_plans.bench_strength_document(db, somebody), media_type=JSON)


async def _answer(request: Request, post_id: UUID) -> Response:
    document = await succession_plans.succession_plan_document(database(request), who_asks(request), post_id)
    return contested(document)


@router.post(
    "/dominoes",
    operation_id="previewDominoes",
    response_class=Response,
    responses={200: {"description": "The chain.", "content": {JSON: {"schema": schema_of(DOMINOES)}}}},
)
async def preview_dominoes(request: Request, command: PreviewDominoes) -> Response:
    """See the chain that choices open; nothing is changed."""
    document = await dominoes.preview_dominoes(database(request), who_asks(request), command)
    return Response(document, media_type=JSON)


async def plan(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.SUCCESSION_PLAN)
    post_id = id_of(request, "postId", "plan.not_found")
    return await succession_plans.succession_plan_document(db, actor, post_id, wanted)


async def plans_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, SuccessionPlanFilter, FILTERS)
    return await succession_plans.succession_plans_page(
        db, actor, chosen, first_of(request), after_of(request), page_of(request, shapes.SUCCESSION_PLANS)
    )


async def emergency_cover(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.EMERGENCY_COVER)
    post_id = id_of(request, "postId", "post.not_found")
    return await succession_plans.emergency_cover_document(db, actor, post_id, wanted)


async def bench_strength(db: Database, actor: Actor, request: Request) -> Document:
    return await succession_plans.bench_strength_document(db, actor, select_fields(request, BENCH_STRENGTH))


async def merit_readiness(db: Database, actor: Actor, request: Request) -> Document:
    return await succession_plans.merit_readiness_document(db, actor, select_fields(request, MERIT_READINESS))


async def overlaps(db: Database, actor: Actor, request: Request) -> Document:
    return await dominoes.succession_overlaps_document(db, actor, select_fields(request, SUCCESSION_OVERLAPS))


POST_ID = in_path("postId", "Id of a post.", {"type": "string", "format": "uuid"})
FILTERS = (
    query("unit", "Id of a unit; the units below it are included.", {"type": "string"}),
    query("level", "Level of the post.", {"type": "string", "enum": [level.value for level in PositionLevel]}),
    query("watched", "Whether the post is a target or a critical one.", {"type": "boolean"}),
)
READS = (
    Read(
        "/succession-plans",
        plans_page,
        succession_plans.succession_plans_page,
        shapes.SUCCESSION_PLANS,
        "succession",
        (*FILTERS, *PAGE),
    ),
    Read(
        "/posts/{postId}/succession-plan",
        plan,
        succession_plans.succession_plan_document,
        shapes.SUCCESSION_PLAN,
        "succession",
        (POST_ID, FIELDS),
    ),
    Read(
        "/posts/{postId}/emergency-cover",
        emergency_cover,
        succession_plans.emergency_cover_document,
        shapes.EMERGENCY_COVER,
        "succession",
        (POST_ID, FIELDS),
    ),
    Read(
        "/bench-strength",
        bench_strength,
        succession_plans.bench_strength_document,
        BENCH_STRENGTH,
        "succession",
        (FIELDS,),
    ),
    Read(
        "/succession-overlaps",
        overlaps,
        dominoes.succession_overlaps_document,
        SUCCESSION_OVERLAPS,
        "succession",
        (FIELDS,),
    ),
    Read(
        "/merit-readiness",
        merit_readiness,
        succession_plans.merit_readiness_document,
        MERIT_READINESS,
        "succession",
        (FIELDS,),
    ),
)
