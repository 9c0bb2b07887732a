"""GraphQL: placements, the nine-box map, completeness."""

from __future__ import annotations

import datetime

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.institutions import RubricVersion
from app.db.documents import Document
from app.domain import nine_box as boxes
from app.services import placements

strawberry.enum(boxes.Category, graphql_name_from="value", description="A third of an axis.")


@strawberry.type(description="The same statement in Indonesian and English.")
class Sentence:
    id: str
    en: str


@strawberry.type(description="Points of an axis, 0–100, and the category; both null while evidence is missing.")
class AxisValue:
    value: float | None
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
    description="One part of an axis: points = weight × score ÷ 100; all parts add up to the axis exactly."
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
    reason: Reason


@strawberry.type(description="Where the rubric puts a talent; `box` is null as long as either axis is unknown.")
class Placement:
    as_of: datetime.date | None
    box: int | None
    performance: AxisValue
    potential: AxisValue
    talent_value: float | None
    rubric: RubricVersion
    missing: list[str]
    trace: list[TracePart]


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


@strawberry.type
class PlacementQueries:
    @strawberry.field(description="How many people stand in each box; for a national actor, of all institutions.")
    def nine_box(self) -> NineBox | None:
        compiled()

    @strawberry.field(description="Which evidence is missing, for the institution and per unit.")
    def completeness(self) -> Completeness | None:
        compiled()


async def nine_box(asked: Asked) -> Document:
    return await placements.nine_box_document(asked.db, asked.actor, asked.wanted)


async def completeness(asked: Asked) -> Document:
    return await placements.completeness_document(asked.db, asked.actor, asked.wanted)


ROOTS: dict[str, RootFunction] = {"nineBox": nine_box, "completeness": completeness}
