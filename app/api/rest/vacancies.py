"""REST: vacancies from the draft to the inauguration, and how long they take."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Path, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.etags import ReadBefore, contested
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
from app.db.shapes import filling_times as times
from app.db.shapes import vacancies as shapes
from app.domain.actors import Actor
from app.services import filling_times, vacancies
from app.services.vacancies import (
    CancelVacancy,
    DraftVacancy,
    EditVacancy,
    InaugurateTalent,
    RecordDecree,
    RecordRecommendation,
    VacancyFilter,
)

router = APIRouter(prefix="/v1", tags=["vacancies"], route_class=SignedInRoute)
VacancyId = Annotated[UUID, Path(alias="vacancyId", description="Id of a vacancy.")]
Permit = Annotated[InaugurateTalent | None, Body(description="Only where a freeze asks for a permit.")]


@router.post(
    "/vacancies",
    operation_id="draftVacancy",
    status_code=201,
    response_class=Response,
    responses=answers(shapes.VACANCY, "The draft.", 201),
)
async def draft_vacancy(request: Request, command: DraftVacancy) -> Response:
    """Draft a vacancy of a post with a seat that is empty, or foreseeably so; its seed is drawn now."""
    vacancy_id = await vacancies.draft_vacancy(database(request), who_asks(request), command)
    return await _answer(request, vacancy_id, 201, f"/v1/vacancies/{vacancy_id}")


@router.patch(
    "/vacancies/{vacancyId}",
    operation_id="editVacancy",
    response_class=Response,
    responses=answers(shapes.VACANCY, "The edited vacancy."),
)
async def edit_vacancy(request: Request, vacancy_id: VacancyId, command: EditVacancy, expected: ReadBefore) -> Response:
    """Change parts of a vacancy, as long as they are not settled; what is not given stays."""
    await vacancies.edit_vacancy(database(request), who_asks(request), vacancy_id, command, expected=expected)
    return await _answer(request, vacancy_id)


@router.put(
    "/vacancies/{vacancyId}/opening",
    operation_id="openVacancy",
    response_class=Response,
    responses=answers(shapes.VACANCY, "The open vacancy."),
)
async def open_vacancy(request: Request, vacancy_id: VacancyId, expected: ReadBefore) -> Response:
    """Open a draft; from now on the version of its rule set is settled."""
    await vacancies.open_vacancy(database(request), who_asks(request), vacancy_id, expected=expected)
    return await _answer(request, vacancy_id)


@router.put(
    "/vacancies/{vacancyId}/recommendation",
    operation_id="recordRecommendation",
    response_class=Response,
    responses=answers(shapes.VACANCY, "The vacancy with BKN's recommendation."),
)
async def record_recommendation(
    request: Request, vacancy_id: VacancyId, command: RecordRecommendation, expected: ReadBefore
) -> Response:
    """Put BKN's recommendation on record, once the appointing authority has decided."""
    db, somebody = database(request), who_asks(request)
    await vacancies.record_recommendation(db, somebody, vacancy_id, command, expected=expected)
    return await _answer(request, vacancy_id)


@router.put(
    "/vacancies/{vacancyId}/decree",
    operation_id="recordDecree",
    response_class=Response,
    responses=answers(shapes.VACANCY, "The vacancy with its decree."),
)
async def record_decree(
    request: Request, vacancy_id: VacancyId, command: RecordDecree, expected: ReadBefore
) -> Response:
    """Put the decree on record; refused in a freeze without the Minister's permit."""
    await vacancies.record_decree(database(request), who_asks(request), vacancy_id, command, expected=expected)
    return await _answer(request, vacancy_id)


@router.put(
    "/vacancies/{vacancyId}/inauguration",
    operation_id="inaugurateTalent",
    response_class=Response,
    responses=answers(shapes.VACANCY, "The vacancy, filled."),
)
async def inaugurate_talent(
    request: Request, vacancy_id: VacancyId, expected: ReadBefore, command: Permit = None
) -> Response:
    """Put who was chosen in the seat, on or after the day the decree takes effect."""
    db, somebody, permitted = database(request), who_asks(request), command or InaugurateTalent()
    await vacancies.inaugurate_talent(db, somebody, vacancy_id, permitted, expected=expected)
    return await _answer(request, vacancy_id)


@router.put(
    "/vacancies/{vacancyId}/cancellation",
    operation_id="cancelVacancy",
    response_class=Response,
    responses=answers(shapes.VACANCY, "The cancelled vacancy."),
)
async def cancel_vacancy(
    request: Request, vacancy_id: VacancyId, command: CancelVacancy, expected: ReadBefore
) -> Response:
    """Give a vacancy up and say why: those who were found eligible, or proposed, read it."""
    await vacancies.cancel_vacancy(database(request), who_asks(request), vacancy_id, command, expected=expected)
    return await _answer(request, vacancy_id)


async def _answer(request: Request, vacancy_id: UUID, status: int = 200, location: str | None = None) -> Response:
    document = await vacancies.vacancy_document(database(request), who_asks(request), vacancy_id)
    return contested(document, status, location)


async def vacancy(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.VACANCY)
    return await vacancies.vacancy_document(db, actor, id_of(request, "vacancyId", "vacancy.not_found"), wanted)


async def vacancies_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, VacancyFilter, FILTERS)
    return await vacancies.vacancies_page(
        db, actor, chosen, first_of(request), after_of(request), page_of(request, shapes.VACANCIES)
    )


async def filling_times_document(db: Database, actor: Actor, request: Request) -> Document:
    return await filling_times.filling_times_document(db, actor, select_fields(request, times.FILLING_TIMES))


VACANCY_ID = in_path("vacancyId", "Id of a vacancy.", {"type": "string", "format": "uuid"})
FILTERS = (
    query("state", "The state a vacancy is in.", shapes.STATE),
    query("level", "Level of the post.", shapes.LEVEL),
    query("unit", "Id of a unit; the units below it are included.", {"type": "string"}),
    query("q", "Part of the name of the post or its unit.", {"type": "string", "minLength": 1, "maxLength": 200}),
)
READS = (
    Read("/vacancies", vacancies_page, vacancies.vacancies_page, shapes.VACANCIES, "vacancies", (*FILTERS, *PAGE)),
    Read(
        "/vacancies/filling-times",
        filling_times_document,
        filling_times.filling_times_document,
        times.FILLING_TIMES,
        "vacancies",
        (FIELDS,),
    ),
    Read(
        "/vacancies/{vacancyId}", vacancy, vacancies.vacancy_document, shapes.VACANCY, "vacancies", (VACANCY_ID, FIELDS)
    ),
)
