"""REST: rankings of a vacancy, made and made again as a check."""

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
from app.api.rest.vacancies import VACANCY_ID, VacancyId
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import rankings as shapes
from app.domain.actors import Actor
from app.services import rankings

router = APIRouter(prefix="/v1", tags=["rankings"], route_class=SignedInRoute)
RankingId = Annotated[UUID, Path(alias="rankingId", description="Id of a ranking.")]
RANKING_ID = in_path("rankingId", "Id of a ranking.", {"type": "string", "format": "uuid"})


@router.post(
    "/vacancies/{vacancyId}/rankings",
    operation_id="rankCandidates",
    status_code=201,
    response_class=Response,
    responses=answers(shapes.RANKING, "The ranking.", 201),
)
async def rank_candidates(request: Request, vacancy_id: VacancyId) -> Response:
    """Consider everybody on the map for an open vacancy, and freeze what was found with what it was found from."""
    db, somebody = database(request), who_asks(request)
    ranking_id = await rankings.rank_candidates(db, somebody, vacancy_id)
    document = await rankings.ranking_document(db, somebody, ranking_id)
    return Response(document, 201, {"location": f"/v1/rankings/{ranking_id}"}, JSON)


@router.post(
    "/rankings/{rankingId}/recomputation",
    operation_id="recomputeRanking",
    status_code=201,
    response_class=Response,
    responses=answers(shapes.RECOMPUTATION, "What came of it.", 201),
)
async def recompute_ranking(request: Request, ranking_id: RankingId) -> Response:
    """Make a ranking again from its frozen facts by the plain rules, and compare: the same bytes, or where not."""
    db, somebody = database(request), who_asks(request)
    recomputation_id = await rankings.recompute_ranking(db, somebody, ranking_id)
    document = await rankings.recomputation_document(db, somebody, recomputation_id)
    return Response(document, 201, {"location": f"/v1/ranking-recomputations/{recomputation_id}"}, JSON)


async def rankings_page(db: Database, actor: Actor, request: Request) -> Document:
    vacancy_id = id_of(request, "vacancyId", "vacancy.not_found")
    return await rankings.rankings_page(
        db, actor, vacancy_id, first_of(request), after_of(request), page_of(request, shapes.RANKINGS)
    )


async def ranking_document(db: Database, actor: Actor, request: Request) -> Document:
    ranking_id = id_of(request, "rankingId", "ranking.not_found")
    return await rankings.ranking_document(db, actor, ranking_id, select_fields(request, shapes.RANKING))


async def recomputation_document(db: Database, actor: Actor, request: Request) -> Document:
    recomputation_id = id_of(request, "recomputationId", "ranking.recomputation_not_found")
    wanted = select_fields(request, shapes.RECOMPUTATION)
    return await rankings.recomputation_document(db, actor, recomputation_id, wanted)


READS = (
    Read(
        "/vacancies/{vacancyId}/rankings",
        rankings_page,
        rankings.rankings_page,
        shapes.RANKINGS,
        "rankings",
        (VACANCY_ID, *PAGE),
    ),
    Read(
        "/rankings/{rankingId}",
        ranking_document,
        rankings.ranking_document,
        shapes.RANKING,
        "rankings",
        (RANKING_ID, FIELDS),
    ),
    Read(
        "/ranking-recomputations/{recomputationId}",
        recomputation_document,
        rankings.recomputation_document,
        shapes.RECOMPUTATION,
        "rankings",
        (in_path("recomputationId", "Id of a recomputation.", {"type": "string", "format": "uuid"}), FIELDS),
    ),
)
