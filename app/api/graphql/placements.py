"""GraphQL: placements, the nine-box map, completeness."""

from __future__ import annotations

import datetime

import strawberry

from app.api.graphql.context import WITHHELD, Asked, RootFunction, compiled
from app.api.graphql.institutions import RubricVersion
from app.db.documents import Document
from app.domain import nine_box as boxes
from app.domain.ladder import Rung
from app.services import placements

strawberry.enum(Rung, graphql_name_from="value", description="How well founded evidence is, lowest first.")
strawberry.enum(boxes.Category, graphql_name_from="value", description="A third of an axis.")


@strawberry.type(description="The same statement in Indonesian and English.")
class Sentence:
    id: str
    en: str


@strawberry.type(
    description="Points of an axis, 0–100, and the category; both null while evidence is missing. `lowest` and "
    "`highest` are what the value can still become."
)
class AxisValue:
    value: float | None
    lowest: float | None
    highest: float | None
    category: boxes.Category | None


@strawberry.type(description="The row of evidence that decided; its day (of a yearly row the last day of the year).")
class EvidenceUsed:
    kind: str | None
    id: int | None
    date: datetime.date | None


@strawberry.type(description="Why a part has its score, or has none.")
class Reason:
    code: str
    detail: Sentence


@strawberry.type(
    description="One part of an axis: points = weight × score ÷ 100; all parts add up to the axis exactly. Who may "
    "not see what a part rests on (sanctions, assessments) gets null for all that it says about the person."
)
class TracePart:
    axis: str
    component: str
    indicator: str
    part: str
    label: Sentence
    weight: float
    found: str | None
    score: float | None
    points: float | None
    evidence: EvidenceUsed
    reason: Reason | None


@strawberry.type(description="Items of completeness that have to become known together.")
class EvidenceSet:
    items: list[str]


@strawberry.type(
    description="The smallest sets of missing items that leave one box: surely, whatever they turn out to be, or "
    "possibly, if they turn out so."
)
class NextEvidence:
    surely: list[EvidenceSet]
    possibly: list[EvidenceSet]


@strawberry.type(
    description="Where the rubric puts a talent. `box` is null as long as either axis is unknown; `decidedBox` is the "
    "only box that can still be reached, also in spite of missing evidence."
)
class Placement:
    as_of: datetime.date | None
    box: int | None
    decided_box: int | None
    reachable_boxes: list[int]
    performance: AxisValue
    potential: AxisValue
    talent_value: float | None
    rubric: RubricVersion
    missing: list[str]
    next_evidence: NextEvidence
    manual_decision: bool = strawberry.field(
        description="The talent objects to automated processing: a human decides, and is recorded with the decision."
    )
    lowest_rung: Rung | None
    oldest_evidence: datetime.date | None
    trace: list[TracePart]
    withheld: list[str] = strawberry.field(description=WITHHELD)


@strawberry.type(description="How many people stand in a box.")
class BoxCount:
    box: int
    count: int


@strawberry.type(description="The nine-box map; those not assessed stand in no box.")
class NineBox:
    as_of: datetime.date | None
    rubric: RubricVersion
    total: int
    assessed: int
    not_assessed: int
    boxes: list[BoxCount]


@strawberry.type(description="How many people have an item of evidence, and how many lack it.")
class ItemCount:
    item: str
    have: int
    missing: int


@strawberry.type
class UnitName:
    id: str
    name: str


@strawberry.type(description="Completeness of one unit's own people.")
class UnitCompleteness:
    unit: UnitName
    total: int
    items: list[ItemCount]


@strawberry.type(
    description="Completeness of evidence; the people who lack an item are `talents(filter: {missing: …})`."
)
class Completeness:
    as_of: datetime.date | None
    total: int
    items: list[ItemCount]
    units: list[UnitCompleteness]


@strawberry.type(
    description="A set of missing items: how many people it decides whatever it turns out to be, and how many it may."
)
class EvidenceSetCount:
    items: list[str]
    decides: int
    may_decide: int


@strawberry.type(description="What to gather next for one unit's own people.")
class UnitEvidencePlan:
    unit: UnitName
    undecided: int
    sets: list[EvidenceSetCount]


@strawberry.type(
    description="What to gather next, best first; `undecided` people can still be in several boxes. Who they are: "
    "`talents(filter: {decidedBy: …})`."
)
class EvidencePlan:
    as_of: datetime.date | None
    undecided: int
    sets: list[EvidenceSetCount]
    units: list[UnitEvidencePlan]


@strawberry.type
class PlacementQueries:
    @strawberry.field(description="How many people stand in each box; for a national actor, of all institutions.")
    def nine_box(self) -> NineBox | None:
        compiled()

    @strawberry.field(description="Which evidence is missing, for the institution and per unit.")
    def completeness(self) -> Completeness | None:
        compiled()

    @strawberry.field(description="Which missing evidence decides how many people, for the institution and per unit.")
    def next_evidence(self) -> EvidencePlan | None:
        compiled()


async def nine_box(asked: Asked) -> Document:
    return await placements.nine_box_document(asked.db, asked.actor, asked.wanted)


async def completeness(asked: Asked) -> Document:
    return await placements.completeness_document(asked.db, asked.actor, asked.wanted)


async def next_evidence(asked: Asked) -> Document:
    return await placements.next_evidence_document(asked.db, asked.actor, asked.wanted)


ROOTS: dict[str, RootFunction] = {"nextEvidence": next_evidence, "nineBox": nine_box, "completeness": completeness}
