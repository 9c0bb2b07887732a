"""GraphQL: the ekspose pack of an institution. Counts are null where they are withheld from the public."""

from __future__ import annotations

import datetime

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.institutions import Institution
from app.api.graphql.movements import MovementCycle
from app.api.graphql.placements import Sentence, UnitName
from app.api.graphql.standing import IndexValue, RegulationReference
from app.db.documents import Document
from app.domain import careers, nine_box
from app.domain import standing as words
from app.services import ekspose
from app.services.ekspose import ChooseAudience

strawberry.enum(words.Audience, graphql_name_from="value", description="For whom a document is made.")


@strawberry.type(
    description="Of those mapped: in a box; decided, as only one box can be reached in spite of missing evidence; "
    "neither."
)
class EksposeCoverage:
    mapped: int | None
    assessed: int | None
    decided: int | None
    not_assessed: int | None


@strawberry.type(description="How many people stand in a box.")
class EksposeBoxCount:
    box: int
    count: int | None


@strawberry.type(description="The people of a position level by box.")
class EksposeLevel:
    position_level: careers.PositionLevel | None
    total: int | None
    boxes: list[EksposeBoxCount]
    decided: int | None
    not_assessed: int | None


@strawberry.type(description="How many people have an item of evidence, and how many lack it.")
class EksposeItemCount:
    item: str
    have: int | None
    missing: int | None


@strawberry.type(description="Completeness of one unit's own people.")
class EksposeUnit:
    unit: UnitName
    total: int | None
    items: list[EksposeItemCount]


@strawberry.type(description="Candidates for the succession pools: boxes 7, 8, 9 of the institution, 9 of the nation.")
class PoolSizes:
    institution: int | None
    national: int | None


@strawberry.type(description="How many moved by each cause.")
class EksposeMoversByCause:
    data: int | None
    rating: int | None
    rubric: int | None
    calibration: int | None


@strawberry.type(description="Who stands in no box in one of the two cycles, or in both.")
class EksposeMovementMargins:
    entered: int | None
    left: int | None
    not_assessed: int | None


@strawberry.type(description="How many went from one box to another, or stayed.")
class EksposeMovementCell:
    from_box: int
    to_box: int
    count: int | None


@strawberry.type(description="The movement between the two cycles published last; the public is not told the matrix.")
class EksposeMovement:
    cycle: MovementCycle
    earlier_cycle: MovementCycle
    calculated_at: datetime.datetime
    is_current: bool
    stayed: int | None
    moved: int | None
    by_cause: EksposeMoversByCause
    margins: EksposeMovementMargins
    matrix: list[EksposeMovementCell]


@strawberry.type(
    description="What an institution presents in its readiness review. `vacancies` (seats without a holder) and "
    "`successionCoverage` are null as long as posts are not kept, as `postsNotKept` says."
)
class Ekspose:
    audience: words.Audience
    institution: Institution
    axis_x: nine_box.Axis
    coverage: EksposeCoverage
    boxes: list[EksposeBoxCount]
    levels: list[EksposeLevel]
    items: list[EksposeItemCount]
    units: list[EksposeUnit]
    pools: PoolSizes
    movement: EksposeMovement | None
    indices: list[IndexValue]
    references: list[RegulationReference]
    vacancies: int | None
    succession_coverage: float | None
    posts_not_kept: Sentence | None


@strawberry.type
class EksposeQueries:
    @strawberry.field(description="The ekspose pack of the own institution; for the public, small counts are withheld.")
    def ekspose(self, audience: words.Audience = words.Audience.INSTITUTION) -> Ekspose | None:
        compiled()


async def ekspose_document(asked: Asked, audience: words.Audience = words.Audience.INSTITUTION) -> Document:
    command = ChooseAudience(audience=audience)
    return await ekspose.ekspose_document(asked.db, asked.actor, command, asked.wanted)


ROOTS: dict[str, RootFunction] = {"ekspose": ekspose_document}
