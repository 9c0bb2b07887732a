"""GraphQL: shortlists, decisions, and the reasons given in aggregate."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

import strawberry

from app.api.graphql.candidates import CandidateTalent
from app.api.graphql.context import WITHHELD, Asked, RootFunction, compiled
from app.api.graphql.placements import Sentence
from app.api.graphql.rule_sets import RuleSetVersion
from app.api.graphql.vacancies import VacancyState
from app.db.documents import Document
from app.domain import careers
from app.domain import shortlists as words
from app.domain.revisions import exactly
from app.services import shortlists as service
from app.services.shortlists import DecideVacancy, ProposeShortlist

strawberry.enum(
    words.Group,
    name="PassedOverWho",
    graphql_name_from="value",
    description="Who can be passed over together: those still to be verified, and those whose points are unknown.",
)
strawberry.enum(
    words.DecidedBy,
    graphql_name_from="value",
    description="Who chooses: the appointing authority, or the President through it.",
)


@strawberry.type(
    description="Somebody in the ranking that a shortlist is made from; without a position, points are unknown."
)
class InShortlist:
    candidate_id: UUID
    position: int | None
    total: float | None
    lowest: float | None
    highest: float | None
    movement: careers.CareerMove | None
    talent: CandidateTalent | None


@strawberry.type(description="Somebody who was proposed, `place` from 1.")
class ShortlistedCandidate(InShortlist):
    place: int


@strawberry.type(description="Somebody who is, or can turn out to be, ranked better, and was not proposed.")
class PassedOverCandidate(InShortlist):
    reason_code: words.PassingReason | None
    label: Sentence | None
    reason: str | None


@strawberry.type(
    description="Everybody of a group who could be ranked better, has no reason of their own and was not proposed."
)
class PassedOverGroup:
    who: words.Group
    people: int
    reason_code: words.PassingReason | None
    label: Sentence | None
    reason: str | None


@strawberry.type(description="A requirement that was looked at once more, and met.")
class CheckedRequirement:
    requirement: str
    label: Sentence
    found: Sentence | None
    is_verified: bool


@strawberry.type(
    description="What was looked at once more about somebody before the step into a state, for a day and by the map of "
    "`asOf`; `digest` is the SHA-256 over the facts and what was found."
)
class DecisionCheck:
    state: VacancyState
    candidate_id: UUID
    checked_at: datetime.datetime
    day: datetime.date
    as_of: datetime.date
    findings: list[CheckedRequirement]
    digest: str


@strawberry.type(description="Whom the appointing authority chose.")
class VacancyDecision:
    candidate_id: UUID
    place: int
    reason_code: words.PassingReason | None
    reason: str | None
    decided_by: words.DecidedBy
    decided_at: datetime.datetime
    by: str
    role: str


@strawberry.type(
    description="Whom a committee proposed for a vacancy, from which ranking; `revision` is the vacancy's."
)
class Shortlist:
    vacancy_id: UUID
    revision: int
    state: VacancyState
    ranking_id: UUID
    rule_set: RuleSetVersion
    proposed_at: datetime.datetime
    by: str
    role: str
    comment: str | None
    candidates: list[ShortlistedCandidate]
    passed_over: list[PassedOverCandidate]
    passed_over_together: list[PassedOverGroup]
    checks: list[DecisionCheck]
    decision: VacancyDecision | None
    withheld: list[str] = strawberry.field(description=WITHHELD)


@strawberry.type(description="How often a reason was given; null where the count is small, or would give one away.")
class PassingReasonCount:
    code: words.PassingReason
    label: Sentence
    by_committee: int | None
    by_authority: int | None


@strawberry.type(description="How often which reason was given; counts of 1 to `smallestTold` - 1 are not told.")
class PassingReasons:
    smallest_told: int
    reasons: list[PassingReasonCount]


@strawberry.input(description="Somebody who is passed over, and why; `reason` is needed where the code is `other`.")
class PassOverInput:
    candidate_id: UUID
    reason_code: words.PassingReason
    reason: str | None = None


@strawberry.input(
    description="One reason for everybody of a group who has none of their own; in words where the code is `other`."
)
class PassOverTogetherInput:
    who: words.Group
    reason_code: words.PassingReason
    reason: str | None = None


@strawberry.input(description="Whom a committee proposes from the newest ranking, the first place first.")
class ProposeShortlistInput:
    ranking_id: UUID
    candidates: list[UUID]
    passed_over: list[PassOverInput] = strawberry.field(default_factory=list)
    passed_over_together: list[PassOverTogetherInput] = strawberry.field(default_factory=list)
    comment: str | None = None


@strawberry.input(description="Which of those proposed is chosen; another than the first needs a reason.")
class DecideVacancyInput:
    candidate_id: UUID
    reason_code: words.PassingReason | None = None
    reason: str | None = None
    decided_by: words.DecidedBy = words.DecidedBy.APPOINTING_AUTHORITY


@strawberry.type
class ShortlistQueries:
    @strawberry.field(description="Whom a committee proposed for a vacancy; null where nobody was proposed.")
    def shortlist(self, vacancy_id: UUID) -> Shortlist | None:
        compiled()

    @strawberry.field(description="How often which reason was given for passing over somebody.")
    def passing_reasons(self) -> PassingReasons | None:
        compiled()


@strawberry.type
class ShortlistChanges:
    @strawberry.field(description="Propose people from the newest ranking of an open vacancy, by place.")
    def propose_shortlist(
        self,
        vacancy_id: UUID,
        revision: int,
        input: ProposeShortlistInput,  # noqa: A002
    ) -> Shortlist | None:
        compiled()

    @strawberry.field(description="Choose one of those proposed; another than the first needs a reason.")
    def decide_vacancy(self, vacancy_id: UUID, revision: int, input: DecideVacancyInput) -> Shortlist | None:  # noqa: A002
        compiled()


async def shortlist(asked: Asked, vacancy_id: UUID) -> Document:
    return await service.shortlist_document(asked.db, asked.actor, vacancy_id, asked.wanted)


async def passing_reasons(asked: Asked) -> Document:
    return await service.passing_reasons_document(asked.db, asked.actor, asked.wanted)


async def propose_shortlist(
    asked: Asked,
    vacancy_id: UUID,
    revision: int,
    input: dict[str, Any],  # noqa: A002
) -> Document:
    command = ProposeShortlist.model_validate(input, by_alias=True)
    await service.propose_shortlist(asked.db, asked.actor, vacancy_id, command, expected=exactly(revision))
    return await shortlist(asked, vacancy_id)


async def decide_vacancy(
    asked: Asked,
    vacancy_id: UUID,
    revision: int,
    input: dict[str, Any],  # noqa: A002
) -> Document:
    command = DecideVacancy.model_validate(input, by_alias=True)
    await service.decide_vacancy(asked.db, asked.actor, vacancy_id, command, expected=exactly(revision))
    return await shortlist(asked, vacancy_id)


ROOTS: dict[str, RootFunction] = {"shortlist": shortlist, "passingReasons": passing_reasons}
CHANGES: dict[str, RootFunction] = {"proposeShortlist": propose_shortlist, "decideVacancy": decide_vacancy}
