"""GraphQL: vacancies from the draft to the inauguration, and how long they take."""

from __future__ import annotations

import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.freeze_periods import FreezePeriod
from app.api.graphql.placements import Sentence
from app.api.graphql.rule_sets import RuleSetVersion, RuleSetVersionInput
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain import vacancies as words
from app.domain.careers import PositionLevel
from app.domain.revisions import exactly
from app.services import filling_times as times
from app.services import vacancies as service
from app.services.vacancies import (
    CancelVacancy,
    DraftVacancy,
    EditVacancy,
    InaugurateTalent,
    RecordDecree,
    RecordRecommendation,
    VacancyFilter,
)

strawberry.enum(
    words.State,
    name="VacancyState",
    graphql_name_from="value",
    description="Where a vacancy is: in this order, or cancelled from any but the last.",
)
VacancyState = words.State


@strawberry.type(description="The post that a vacancy is about, and its unit.")
class VacantPost:
    id: UUID
    name: str
    level: PositionLevel
    echelon: str | None
    unit_id: str
    unit_name: str


@strawberry.type(description="Days after one day up to and with another; working days are Monday to Friday.")
class DaysPassed:
    calendar_days: int
    working_days: int


@strawberry.type(
    description="Working days from the opening to the decision, or so far, beside those promised; `isKept` is null as "
    "long as neither is sure."
)
class VacancyPromise:
    promised_days: int
    working_days: int
    is_kept: bool | None


@strawberry.type(description="The state that follows, and the roles that may take the step.")
class NextStep:
    state: words.State
    roles: list[str]


@strawberry.type(
    description="When a vacancy entered a state, as what somebody moved it there, and how long it stayed (so far)."
)
class VacancyStep:
    state: words.State
    entered_at: datetime.datetime
    entered_on: datetime.date
    role: str
    calendar_days: int | None
    working_days: int | None


@strawberry.type(description="What BKN recommended.")
class BknRecommendation:
    number: str
    recommended_on: datetime.date


@strawberry.type(description="The decree, the day it takes effect, and the permit where a freeze asks for one.")
class VacancyDecree:
    number: str
    decreed_on: datetime.date
    effective_on: datetime.date
    permit_number: str | None


strawberry.enum(words.CancellationReason, graphql_name_from="value", description="Why a vacancy is given up.")


@strawberry.type(description="When a vacancy was given up, and why.")
class VacancyCancellation:
    cancelled_on: datetime.date
    reason_code: words.CancellationReason
    label: Sentence
    reason: str


@strawberry.type(
    description="A seat that is, or will be, empty. `age` counts from the day that was foreseeable; `seed` decides "
    "ties and is secret until a shortlist is proposed, its SHA-256 is `seedCommitment`; `freezes` are those that cover "
    "the day of the decree or the day it is to take effect."
)
class Vacancy:
    id: UUID
    revision: int
    post: VacantPost
    state: words.State
    foreseeable_from: datetime.date
    vacant_from: datetime.date
    inauguration_on: datetime.date
    is_masked: bool
    rule_set: RuleSetVersion | None
    seed_commitment: str
    seed: str | None
    age: DaysPassed
    promise: VacancyPromise | None
    next_step: NextStep | None
    steps: list[VacancyStep]
    freezes: list[FreezePeriod]
    recommendation: BknRecommendation | None
    decree: VacancyDecree | None
    cancellation: VacancyCancellation | None


@strawberry.type
class VacancyEdge:
    cursor: str
    node: Vacancy


@strawberry.type(description="A page of vacancies, those foreseeable last first.")
class VacancyConnection:
    edges: list[VacancyEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type(description="The middle of so many vacancies; of an even number the lower of the two in the middle.")
class MedianDays:
    calendar_days: int
    working_days: int


@strawberry.type(
    description="`toFill` counts from the foreseeable day to the day the decree takes effect, `toDecide` from the "
    "opening to the decision; `overdue` are open longer than promised. Null where none got so far."
)
class FillingCounts:
    running: int
    filled: int
    cancelled: int
    decided: int
    overdue: int
    within_promise: int
    share_within_promise: float | None
    to_fill: MedianDays | None
    to_decide: MedianDays | None


@strawberry.type(description="Filling times of posts of a level.")
class FillingTimesOfLevel:
    level: PositionLevel
    counts: FillingCounts


@strawberry.type(description="How long vacancies take, and how often the promise is kept.")
class FillingTimes:
    promised_days: int
    overall: FillingCounts
    levels: list[FillingTimesOfLevel]


@strawberry.input(name="VacancyFilter", description="Which vacancies to list; what is not given does not restrict.")
class VacancyFilterInput:
    state: words.State | None = None
    level: PositionLevel | None = None
    unit: str | None = None
    q: str | None = None


@strawberry.input(description="A vacancy of a post: by the rule set of its level and masked, unless told otherwise.")
class DraftVacancyInput:
    post_id: UUID
    vacant_from: datetime.date
    inauguration_on: datetime.date
    is_masked: bool = True
    rule_set: RuleSetVersionInput | None = None


@strawberry.input(description="Parts of a vacancy; what is not given stays.")
class EditVacancyInput:
    vacant_from: datetime.date | None = None
    inauguration_on: datetime.date | None = None
    is_masked: bool | None = None
    rule_set: RuleSetVersionInput | None = None


@strawberry.input(description="What BKN recommended.")
class RecordRecommendationInput:
    number: str
    recommended_on: datetime.date


@strawberry.input(description="The decree, and the Minister's permit where a freeze asks for one.")
class RecordDecreeInput:
    number: str
    decreed_on: datetime.date
    effective_on: datetime.date
    permit_number: str | None = None


@strawberry.input(description="The Minister's permit, where a freeze was put on record after the decree.")
class InaugurateTalentInput:
    permit_number: str | None = None


@strawberry.input(description="Why a vacancy is given up: those who were found eligible, or proposed, read it.")
class CancelVacancyInput:
    reason_code: words.CancellationReason = words.CancellationReason.OTHER
    reason: str


@strawberry.type
class VacancyQueries:
    @strawberry.field(description="One vacancy; null where the institution has no such vacancy.")
    def vacancy(self, vacancy_id: UUID) -> Vacancy | None:
        compiled()

    @strawberry.field(description="The vacancies of the institution, those foreseeable last first.")
    def vacancies(
        self,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[VacancyFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> VacancyConnection | None:
        compiled()

    @strawberry.field(description="How long vacancies take, and how often the promise is kept.")
    def filling_times(self) -> FillingTimes | None:
        compiled()


@strawberry.type
class VacancyChanges:
    @strawberry.field(description="Draft a vacancy; its seed is drawn now.")
    def draft_vacancy(self, input: DraftVacancyInput) -> Vacancy | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Change parts of a vacancy, as long as they are not settled.")
    def edit_vacancy(self, vacancy_id: UUID, revision: int, input: EditVacancyInput) -> Vacancy | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Open a draft; from now on the version of its rule set is settled.")
    def open_vacancy(self, vacancy_id: UUID, revision: int) -> Vacancy | None:
        compiled()

    @strawberry.field(description="Put BKN's recommendation on record.")
    def record_recommendation(
        self,
        vacancy_id: UUID,
        revision: int,
        input: RecordRecommendationInput,  # noqa: A002
    ) -> Vacancy | None:
        compiled()

    @strawberry.field(description="Put the decree on record; refused in a freeze without the Minister's permit.")
    def record_decree(self, vacancy_id: UUID, revision: int, input: RecordDecreeInput) -> Vacancy | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Put who was chosen in the seat, on or after the day the decree takes effect.")
    def inaugurate_talent(
        self,
        vacancy_id: UUID,
        revision: int,
        input: InaugurateTalentInput | None = None,  # noqa: A002
    ) -> Vacancy | None:
        compiled()

    @strawberry.field(description="Give a vacancy up and say why.")
    def cancel_vacancy(self, vacancy_id: UUID, revision: int, input: CancelVacancyInput) -> Vacancy | None:  # noqa: A002
        compiled()


async def vacancy(asked: Asked, vacancy_id: UUID) -> Document:
    return await service.vacancy_document(asked.db, asked.actor, vacancy_id, asked.wanted)


async def vacancies(
    asked: Asked,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
) -> Document:
    chosen = VacancyFilter.model_validate(filter or {}, by_alias=True)
    return await service.vacancies_page(asked.db, asked.actor, chosen, first, after, asked.wanted)


async def filling_times(asked: Asked) -> Document:
    return await times.filling_times_document(asked.db, asked.actor, asked.wanted)


async def draft_vacancy(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002
    command = DraftVacancy.model_validate(input, by_alias=True)
    return await vacancy(asked, await service.draft_vacancy(asked.db, asked.actor, command))


async def edit_vacancy(asked: Asked, vacancy_id: UUID, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = EditVacancy.model_validate(input, by_alias=True)
    await service.edit_vacancy(asked.db, asked.actor, vacancy_id, command, expected=exactly(revision))
    return await vacancy(asked, vacancy_id)


async def open_vacancy(asked: Asked, vacancy_id: UUID, revision: int) -> Document:
    await service.open_vacancy(asked.db, asked.actor, vacancy_id, expected=exactly(revision))
    return await vacancy(asked, vacancy_id)


async def record_recommendation(
    asked: Asked,
    vacancy_id: UUID,
    revision: int,
    input: dict[str, Any],  # noqa: A002
) -> Document:
    command = RecordRecommendation.model_validate(input, by_alias=True)
    await service.record_recommendation(asked.db, asked.actor, vacancy_id, command, expected=exactly(revision))
    return await vacancy(asked, vacancy_id)


async def record_decree(asked: Asked, vacancy_id: UUID, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = RecordDecree.model_validate(input, by_alias=True)
    await service.record_decree(asked.db, asked.actor, vacancy_id, command, expected=exactly(revision))
    return await vacancy(asked, vacancy_id)


async def inaugurate_talent(
    asked: Asked,
    vacancy_id: UUID,
    revision: int,
    input: dict[str, Any] | None = None,  # noqa: A002
) -> Document:
    command = InaugurateTalent.model_validate(input or {}, by_alias=True)
    await service.inaugurate_talent(asked.db, asked.actor, vacancy_id, command, expected=exactly(revision))
    return await vacancy(asked, vacancy_id)


async def cancel_vacancy(asked: Asked, vacancy_id: UUID, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = CancelVacancy.model_validate(input, by_alias=True)
    await service.cancel_vacancy(asked.db, asked.actor, vacancy_id, command, expected=exactly(revision))
    return await vacancy(asked, vacancy_id)


ROOTS: dict[str, RootFunction] = {"vacancy": vacancy, "vacancies": vacancies, "fillingTimes": filling_times}
CHANGES: dict[str, RootFunction] = {
    "draftVacancy": draft_vacancy,
    "editVacancy": edit_vacancy,
    "openVacancy": open_vacancy,
    "recordRecommendation": record_recommendation,
    "recordDecree": record_decree,
    "inaugurateTalent": inaugurate_talent,
    "cancelVacancy": cancel_vacancy,
}
