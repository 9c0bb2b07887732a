"""REST: shortlists, decisions, and the reasons given in aggregate."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.etags import ReadBefore, contested
from app.api.rest.reads import FIELDS, Read, answers, id_of, select_fields
from app.api.rest.vacancies import VACANCY_ID, VacancyId
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import shortlists as shapes
from app.domain.actors import Actor
from app.services import shortlists
from app.services.shortlists import DecideVacancy, ProposeShortlist

router = APIRouter(prefix="/v1", tags=["shortlists"], route_class=SignedInRoute)


@router.put(
    "/vacancies/{vacancyId}/shortlist",
    operation_id="proposeShortlist",
    response_class=Response,
    responses=answers(shapes.SHORTLIST, "The shortlist."),
)
async def propose_shortlist(
    request: Request, vacancy_id: VacancyId, command: ProposeShortlist, expected: ReadBefore
) -> Response:
    """Propose people from the newest ranking of an open vacancy, by place; passing over somebody better has a reason.

    The tag to send is that of the vacancy.
    """
    db, somebody = database(request), who_asks(request)
    await shortlists.propose_shortlist(db, somebody, vacancy_id, command, expected=expected)
    return await _answer(request, vacancy_id)


@router.put(
    "/vacancies/{vacancyId}/decision",
    operation_id="decideVacancy",
    response_class=Response,
    responses=answers(shapes.SHORTLIST, "The shortlist with the decision."),
)
async def decide_vacancy(
    request: Request, vacancy_id: VacancyId, command: DecideVacancy, expected: ReadBefore
) -> Response:
    """Choose one of those proposed; another than the first needs a reason. The tag is that of vacancy or shortlist."""
    await shortlists.decide_vacancy(database(request), who_asks(request), vacancy_id, command, expected=expected)
    return await _answer(request, vacancy_id)


async def _answer(request: Request, vacancy_id: UUID) -> Response:
    return contested(await shortlists.shortlist_document(database(request), who_asks(request), vacancy_id))


async def shortlist(db: Database, actor: Actor, request: Request) -> Document:
    vacancy_id = id_of(request, "vacancyId", "vacancy.not_found")
    return await shortlists.shortlist_document(db, actor, vacancy_id, select_fields(request, shapes.SHORTLIST))


async def passing_reasons(db: Database, actor: Actor, request: Request) -> Document:
    return await shortlists.passing_reasons_document(db, actor, select_fields(request, shapes.PASSING_REASONS))


READS = (
    Read(
        "/vacancies/{vacancyId}/shortlist",
        shortlist,
        shortlists.shortlist_document,
        shapes.SHORTLIST,
        "shortlists",
        (VACANCY_ID, FIELDS),
    ),
    Read(
        "/shortlists/reasons",
        passing_reasons,
        shortlists.passing_reasons_document,
        shapes.PASSING_REASONS,
        "shortlists",
        (FIELDS,),
    ),
)
