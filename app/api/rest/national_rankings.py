"""REST: rankings of the candidates of all institutions."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.reads import JSON
from app.api.routes import SignedInRoute
from app.db.documents import schema_of
from app.db.shapes.national_rankings import NATIONAL_RANKING
from app.services import national_rankings
from app.services.national_rankings import RankNationally

router = APIRouter(prefix="/v1", tags=["national rankings"], route_class=SignedInRoute)
RANKING: dict[str, Any] = {
    "description": "The first so many of everybody, in order.",
    "content": {JSON: {"schema": schema_of(NATIONAL_RANKING.fields)}},
}


@router.post("/national-rankings", operation_id="rankNationally", response_class=Response, responses={200: RANKING})
async def rank_nationally(request: Request, command: RankNationally) -> Response:
    """Rank everybody in a pool of any institution for a post, without names; recorded with its grounds."""
    document = await national_rankings.rank_nationally(database(request), who_asks(request), command)
    return Response(document, media_type=JSON)
