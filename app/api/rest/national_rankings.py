"""REST: rankings of the candidates of all institutions, kept with their answers."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.reads import (
    FIELDS,
    JSON,
    PAGE,
    Read,
    after_of,
    answers,
    first_of,
    id_of,
    in_path,
    page_of,
    select_fields,
)
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import national_rankings as shapes
from app.domain.actors import Actor
from app.services import national_rankings
from app.services.national_rankings import RankNationally

TAG = "national rankings"
router = APIRouter(prefix="/v1", tags=[TAG], route_class=SignedInRoute)
SearchId = Annotated[UUID, Path(alias="searchId", description="Id of a search.")]
SEARCH_ID = in_path("searchId", "Id of a search.", {"type": "string", "format": "uuid"})


@router.post(
    "/national-rankings",
    operation_id="rankNationally",
    status_code=201,
    response_class=Response,
    responses=answers(shapes.NATIONAL_RANKING, "The first so many of everybody, in order.", 201),
)
async def rank_nationally(request: Request, command: RankNationally) -> Response:
    """Rank everybody in a pool of any institution for a post, without names; kept with its grounds."""
    db, somebody = database(request), who_asks(request)
    search_id = await national_rankings.rank_nationally(db, somebody, command)
    document = await national_rankings.national_ranking_document(db, somebody, search_id)
    return Response(document, 201, {"location": f"/v1/national-rankings/{search_id}"}, JSON)


@router.post(
    "/national-rankings/{searchId}/recomputation",
    operation_id="recomputeNationalRanking",
    status_code=201,
    response_class=Response,
    responses=answers(shapes.RECOMPUTATION, "What came of it.", 201),
)
async def recompute_national_ranking(request: Request, search_id: SearchId) -> Response:
    """Make a search again from the facts it kept, by the plain rules, and compare: the same answer, or not."""
    db, somebody = database(request), who_asks(request)
    recomputation_id = await national_rankings.recompute_national_ranking(db, somebody, search_id)
    document = await national_rankings.national_recomputation_document(db, somebody, recomputation_id)
    return Response(document, 201, {"location": f"/v1/national-recomputations/{recomputation_id}"}, JSON)


async def national_rankings_page(db: Database, actor: Actor, request: Request) -> Document:
    return await national_rankings.national_rankings_page(
        db, actor, first_of(request), after_of(request), page_of(request, shapes.NATIONAL_RANKINGS)
    )


async def national_ranking_document(db: Database, actor: Actor, request: Request) -> Document:
    search_id = id_of(request, "searchId", "national.not_found")
    wanted = select_fields(request, shapes.NATIONAL_RANKING)
    return await national_rankings.national_ranking_document(db, actor, search_id, wanted)


async def national_recomputation_document(db: Database, actor: Actor, request: Request) -> Document:
    recomputation_id = id_of(request, "nationalRecomputationId", "national.recomputation_not_found")
    wanted = select_fields(request, shapes.RECOMPUTATION)
    return await national_rankings.national_recomputation_document(db, actor, recomputation_id, wanted)


READS = (
    Read(
        "/national-rankings",
        national_rankings_page,
        national_rankings.national_rankings_page,
        shapes.NATIONAL_RANKINGS,
        TAG,
        PAGE,
    ),
    Read(
        "/national-rankings/{searchId}",
        national_ranking_document,
        national_rankings.national_ranking_document,
        shapes.NATIONAL_RANKING,
        TAG,
        (SEARCH_ID, FIELDS),
    ),
    Read(
        "/national-recomputations/{nationalRecomputationId}",
        national_recomputation_document,
        national_rankings.national_recomputation_document,
        shapes.RECOMPUTATION,
        TAG,
        (in_path("nationalRecomputationId", "Id of a recomputation.", {"type": "string", "format": "uuid"}), FIELDS),
    ),
)
