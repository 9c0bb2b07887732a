"""REST: posts, what they ask, forecasts of vacancies, and which government affairs units work at."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.etags import ReadBefore, ReadOrAbsent, contested
from app.api.rest.reads import (
    FIELDS,
    PAGE,
    Read,
    after_of,
    answers,
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
from app.db.documents import Document
from app.db.shapes import forecasts as forecast_shapes
from app.db.shapes import posts as shapes
from app.domain.actors import Actor
from app.domain.careers import PositionLevel
from app.domain.government_affairs import AFFAIRS
from app.domain.posts import HORIZONS
from app.services import forecasts, posts
from app.services.forecasts import ForecastYears
from app.services.posts import EditPost, PostFilter, SetUnitAffair

router = APIRouter(prefix="/v1", tags=["posts"], route_class=SignedInRoute)
PostId = Annotated[UUID, Path(alias="postId", description="Id of a post.")]
UnitId = Annotated[str, Path(alias="unitId", description="Id of a unit.")]


@router.patch(
    "/posts/{postId}",
    operation_id="editPost",
    response_class=Response,
    responses=answers(shapes.POST, "The post."),
)
async def edit_post(request: Request, post_id: PostId, command: EditPost, expected: ReadBefore) -> Response:
    """Change what the institution says of a post; seats, level and class are those of the position map."""
    db, somebody = database(request), who_asks(request)
    await posts.edit_post(db, somebody, post_id, command, expected=expected)
    return contested(await posts.post_document(db, somebody, post_id))


@router.put(
    "/units/{unitId}/government-affair",
    operation_id="setUnitAffair",
    response_class=Response,
    responses=answers(shapes.UNIT_AFFAIR, "What the unit works at."),
)
async def set_unit_affair(
    request: Request, unit_id: UnitId, command: SetUnitAffair, expected: ReadOrAbsent
) -> Response:
    """Say which government affair a unit works at; `If-None-Match: *` where it has none of its own."""
    db, somebody = database(request), who_asks(request)
    await posts.set_unit_affair(db, somebody, unit_id, command, expected=expected)
    return contested(await posts.unit_affair_document(db, somebody, unit_id))


async def posts_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, PostFilter, FILTERS)
    wanted = page_of(request, shapes.POSTS)
    return await posts.posts_page(db, actor, chosen, first_of(request), after_of(request), wanted)


async def post(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.POST)
    return await posts.post_document(db, actor, id_of(request, "postId", "post.not_found"), wanted)


async def post_forecast(db: Database, actor: Actor, request: Request) -> Document:
    years = filter_of(request, ForecastYears, (YEARS,))
    wanted = select_fields(request, forecast_shapes.FORECAST)
    return await forecasts.post_forecast_document(db, actor, years, wanted)


async def government_affairs(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.GOVERNMENT_AFFAIRS)
    return await posts.government_affairs_document(db, actor, wanted)


async def unit_affair(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.UNIT_AFFAIR)
    return await posts.unit_affair_document(db, actor, request.path_params["unitId"], wanted)


LEVELS = [level.value for level in PositionLevel]
FILTERS = (
    query("unit", "Id of a unit; the units below it are included.", {"type": "string"}),
    query("level", "Level of the post.", {"type": "string", "enum": LEVELS}),
    query("vacant", "Whether a funded seat has no holder.", {"type": "boolean"}),
    query("critical", "Whether the post is critical.", {"type": "boolean"}),
    query("target", "Whether successors are planned for.", {"type": "boolean"}),
    query("affair", "Code of a government affair.", {"type": "string", "enum": list(AFFAIRS)}),
    query("delivered", "Whether the latest position map names the post.", {"type": "boolean"}),
    query("staleAnalysis", "Whether the workload analysis counts no more, where that is known.", {"type": "boolean"}),
    query("q", "Words of the name, as they stand in it.", {"type": "string"}),
)
YEARS = query("years", "How far to look ahead; one year unless told.", {"type": "integer", "enum": list(HORIZONS)})
POST_ID = in_path("postId", "Id of a post.", {"type": "string", "format": "uuid"})
UNIT_ID = in_path("unitId", "Id of a unit.", {"type": "string"})

READS = (
    Read("/posts", posts_page, posts.posts_page, shapes.POSTS, "posts", (*FILTERS, *PAGE)),
    Read(
        "/posts/forecast",
        post_forecast,
        forecasts.post_forecast_document,
        forecast_shapes.FORECAST,
        "posts",
        (YEARS, FIELDS),
    ),
    Read("/posts/{postId}", post, posts.post_document, shapes.POST, "posts", (POST_ID, FIELDS)),
    Read(
        "/government-affairs",
        government_affairs,
        posts.government_affairs_document,
        shapes.GOVERNMENT_AFFAIRS,
        "posts",
        (FIELDS,),
    ),
    Read(
        "/units/{unitId}/government-affair",
        unit_affair,
        posts.unit_affair_document,
        shapes.UNIT_AFFAIR,
        "posts",
        (UNIT_ID, FIELDS),
    ),
)
