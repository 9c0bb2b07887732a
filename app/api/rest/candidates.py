"""REST: those in a ranking with where they stand and why, for committees and for the person concerned."""

from __future__ import annotations

from starlette.requests import Request

from app.api.rest.rankings import RANKING_ID
from app.api.rest.reads import (
    FIELDS,
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
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import candidates as shapes
from app.domain.actors import Actor
from app.domain.replays import Standing
from app.services import candidates
from app.services.candidates import RankedCandidateFilter, TalentRankingFilter


async def ranked_candidates_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, RankedCandidateFilter, FILTERS)
    ranking_id = id_of(request, "rankingId", "ranking.not_found")
    return await candidates.ranked_candidates_page(
        db, actor, ranking_id, chosen, first_of(request), after_of(request), page_of(request, shapes.RANKED_CANDIDATES)
    )


async def candidate_explanation(db: Database, actor: Actor, request: Request) -> Document:
    ranking_id = id_of(request, "rankingId", "ranking.not_found")
    candidate_id = id_of(request, "candidateId", "candidate.not_considered")
    wanted = select_fields(request, shapes.EXPLANATION)
    return await candidates.candidate_explanation_document(db, actor, ranking_id, candidate_id, wanted)


async def talent_rankings_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, TalentRankingFilter, (OUTCOME,))
    nip = request.path_params["nip"]
    return await candidates.talent_rankings_page(
        db, actor, nip, chosen, first_of(request), after_of(request), page_of(request, shapes.TALENT_RANKINGS)
    )


async def talent_ranking(db: Database, actor: Actor, request: Request) -> Document:
    ranking_id = id_of(request, "rankingId", "ranking.not_found")
    wanted = select_fields(request, shapes.EXPLANATION)
    return await candidates.talent_ranking_document(db, actor, request.path_params["nip"], ranking_id, wanted)


OUTCOME = query(
    "outcome", "What the requirements together make of somebody.", {"type": "string", "enum": list(Standing)}
)
FILTERS = (
    OUTCOME,
    query("requirement", "Code of a requirement that is not met or to be verified.", {"type": "string"}),
)
CANDIDATE_ID = in_path("candidateId", "Opaque id of a candidate.", {"type": "string", "format": "uuid"})
READS = (
    Read(
        "/rankings/{rankingId}/candidates",
        ranked_candidates_page,
        candidates.ranked_candidates_page,
        shapes.RANKED_CANDIDATES,
        "rankings",
        (RANKING_ID, *FILTERS, *PAGE),
    ),
    Read(
        "/rankings/{rankingId}/candidates/{candidateId}",
        candidate_explanation,
        candidates.candidate_explanation_document,
        shapes.EXPLANATION,
        "rankings",
        (RANKING_ID, CANDIDATE_ID, PURPOSE, FIELDS),
    ),
    Read(
        "/talents/{nip}/rankings",
        talent_rankings_page,
        candidates.talent_rankings_page,
        shapes.TALENT_RANKINGS,
        "rankings",
        (NIP, OUTCOME, PURPOSE, *PAGE),
    ),
    Read(
        "/talents/{nip}/rankings/{rankingId}",
        talent_ranking,
        candidates.talent_ranking_document,
        shapes.OWN_EXPLANATION,
        "rankings",
        (NIP, RANKING_ID, PURPOSE, FIELDS),
    ),
)
