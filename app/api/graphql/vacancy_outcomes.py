"""GraphQL: what somebody who was considered for a vacancy is told of its outcome."""

from __future__ import annotations

import datetime

import strawberry

from app.api.graphql.placements import Sentence
from app.api.graphql.vacancies import VacancyCancellation
from app.domain import shortlists as words

strawberry.enum(
    words.PassingReason,
    graphql_name_from="value",
    description="Why somebody who is ranked better is passed over.",
)


@strawberry.type(description="Why the committee passed somebody over, alone or as one of a group.")
class OwnPassingOver:
    reason_code: words.PassingReason
    label: Sentence
    reason: str | None


@strawberry.type(description="Why the appointing authority chose somebody in a later place.")
class OwnChoice:
    reason_code: words.PassingReason
    label: Sentence


@strawberry.type(
    description="What became of a vacancy for somebody who was considered; `place` is null for who was not proposed. "
    "Told from the decree on, and of a cancelled vacancy to who was found eligible. Reasons are specific data."
)
class VacancyOutcome:
    decided_on: datetime.date | None
    decreed_on: datetime.date | None
    effective_on: datetime.date | None
    place: int | None
    is_chosen: bool
    passed_over: OwnPassingOver | None
    choice: OwnChoice | None
    cancellation: VacancyCancellation | None
