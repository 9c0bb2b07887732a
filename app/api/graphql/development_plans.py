"""GraphQL: the nine boxes and their recommendations, and development plans."""

from __future__ import annotations

import datetime

import strawberry

from app.api.graphql.context import WITHHELD, Asked, RootFunction, compiled
from app.api.graphql.institutions import RubricVersion
from app.api.graphql.placements import NextEvidence, Sentence
from app.db.documents import Document
from app.domain import development, nine_box, recommendations
from app.domain.careers import PositionLevel
from app.services import development_plans

strawberry.enum(recommendations.Action, name="RecommendedActionCode", graphql_name_from="value")
strawberry.enum(
    development.Form,
    name="DevelopmentFormCode",
    graphql_name_from="value",
    description="How somebody develops: at work, from others, in courses.",
)


@strawberry.type(description="A third of an axis, as the regulation names it.")
class BoxCategory:
    code: nine_box.Category
    label: Sentence


@strawberry.type(description="What is recommended for the people of a box (PermenPANRB 3/2020, appendix).")
class RecommendedAction:
    code: recommendations.Action
    label: Sentence


@strawberry.type(
    description="One of the nine boxes. `pools` names the succession pools it feeds: institution, national."
)
class Box:
    number: int
    performance: BoxCategory
    potential: BoxCategory
    actions: list[RecommendedAction]
    pools: list[str]


@strawberry.type(description="The nine boxes: national constants.")
class BoxCatalogue:
    boxes: list[Box]


@strawberry.type(description="Something to know before reading a plan.")
class PlanNote:
    code: str
    detail: Sentence


@strawberry.type(description="The latest assessment, and until when the rubric lets it count.")
class PlanAssessment:
    id: int
    assessed_on: datetime.date
    method: str | None
    valid_until: datetime.date | None
    is_valid: bool


@strawberry.type(
    description="A form of development that fits the size of a gap, and its share of the effort in per cent."
)
class DevelopmentForm:
    form: development.Form
    label: Sentence
    share: int


@strawberry.type(
    description="A competency against the standards of the present and of the target level. Gaps are levels that are "
    "missing, 0 where none is; null is unknown."
)
class CompetencyGap:
    code: str
    label: Sentence
    actual: int | None
    standard: int | None
    gap: int | None
    target_standard: int | None
    target_gap: int | None
    suggestions: list[DevelopmentForm]


@strawberry.type(
    description="A potential aspect against the level below which it asks for development; null is unknown."
)
class PotentialGap:
    code: str
    label: Sentence
    actual: int | None
    expected: int
    gap: int | None
    suggestions: list[DevelopmentForm]


@strawberry.type(
    description="The skeleton of an individual development plan: the talent and the superior fill it in. Missing "
    "evidence comes first, because what is unknown cannot be developed."
)
class DevelopmentPlan:
    nip: str
    name: str
    as_of: datetime.date | None
    is_skeleton: bool
    notes: list[PlanNote]
    level: PositionLevel | None
    target_level: PositionLevel | None
    rubric: RubricVersion
    competency_assessment: PlanAssessment | None
    competencies: list[CompetencyGap] | None
    potential_assessment: PlanAssessment | None
    potential_aspects: list[PotentialGap] | None
    box: int | None
    decided_box: int | None
    recommendations: list[RecommendedAction]
    pools: list[str]
    missing: list[str]
    next_evidence: NextEvidence
    withheld: list[str] = strawberry.field(description=WITHHELD)


@strawberry.type
class DevelopmentPlanQueries:
    @strawberry.field(description="The nine boxes: what each recommends, and which succession pools it feeds.")
    def boxes(self) -> BoxCatalogue | None:
        compiled()

    @strawberry.field(description="The skeleton of a talent's development plan; null out of one's own reach.")
    def development_plan(self, nip: str) -> DevelopmentPlan | None:
        compiled()


async def boxes(asked: Asked) -> Document:
    return await development_plans.boxes_document(asked.db, asked.actor, asked.wanted)


async def development_plan(asked: Asked, nip: str) -> Document:
    return await development_plans.development_plan_document(asked.db, asked.actor, nip, asked.wanted)


ROOTS: dict[str, RootFunction] = {"boxes": boxes, "developmentPlan": development_plan}
