"""GraphQL: placements in cycles, and the panel that compares appraisers."""

from __future__ import annotations

import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.api.graphql.context import WITHHELD, Asked, RootFunction, compiled
from app.api.graphql.cycles import CycleName
from app.api.graphql.institutions import RubricVersion
from app.api.graphql.placements import AxisValue, NextEvidence, Sentence, TracePart
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain import calibration, cycles, data_requests
from app.domain.careers import PositionLevel
from app.domain.ladder import Rung
from app.services import calibration as calibration_service
from app.services import cycle_placements
from app.services import cycles as service
from app.services.calibration import ReviewPlacement
from app.services.cycle_placements import CyclePlacementFilter

strawberry.enum(cycles.PlacementState, graphql_name_from="value", description="What a placement of a cycle is worth.")
strawberry.enum(calibration.ReasonCode, graphql_name_from="value", description="Why a committee moves somebody.")
strawberry.enum(cycles.SkewBy, graphql_name_from="value", description="Whose people a panel compares.")


@strawberry.type(description="The unit on the day of calculation.")
class UnitThen:
    id: str | None
    name: str | None


@strawberry.type(description="Why a committee moved somebody.")
class CalibrationReason:
    code: calibration.ReasonCode
    detail: Sentence


@strawberry.type(description="The move that decides the published box.")
class CalibrationInForce:
    id: UUID
    from_box: int
    to_box: int
    reason: CalibrationReason
    moved_at: datetime.datetime


@strawberry.type(description="Who looked at the published box of a talent and let it stand, and what they said.")
class PlacementReview:
    comment: str
    by: str
    role: str
    at: datetime.datetime


@strawberry.type(
    description="Where a cycle places a talent: calculated from frozen inputs, perhaps moved by the committee. The "
    "published box is the calibrated one where there is one."
)
class CyclePlacement:
    nip: str
    name: str
    cycle: CycleName
    state: cycles.PlacementState
    unit: UnitThen
    position_level: PositionLevel | None
    computed_box: int | None
    calibrated_box: int | None
    published_box: int | None
    decided_box: int | None
    as_of: datetime.date | None
    reachable_boxes: list[int]
    performance: AxisValue
    potential: AxisValue
    talent_value: float | None
    rubric: RubricVersion
    missing: list[str]
    next_evidence: NextEvidence
    manual_decision: bool
    lowest_rung: Rung | None
    oldest_evidence: datetime.date | None
    trace: list[TracePart]
    calibration: CalibrationInForce | None
    processing: data_requests.Processing
    awaiting_review: bool = strawberry.field(description="A human has to decide, and has not.")
    review: PlacementReview | None
    withheld: list[str] = strawberry.field(description=WITHHELD)


@strawberry.type(description="The people of one appraiser, or of one unit; points of the performance axis.")
class SkewGroup:
    appraiser_nip: str | None
    appraiser_name: str | None
    unit_id: str | None
    unit_name: str | None
    people: int
    mean: float
    spread: float
    difference: float


@strawberry.type(
    description="Mean and spread (population standard deviation) of performance points, by whom they were appraised; "
    "groups of fewer than three are only counted."
)
class RaterSkew:
    cycle_id: UUID
    year: int
    by: cycles.SkewBy
    people: int
    mean: float | None
    spread: float | None
    unattributed: int
    small_groups: int
    people_in_small_groups: int
    groups: list[SkewGroup]


@strawberry.type
class CyclePlacementEdge:
    cursor: str
    node: CyclePlacement


@strawberry.type(description="A page of placements in cycles.")
class CyclePlacementConnection:
    edges: list[CyclePlacementEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(
    name="CyclePlacementFilter", description="Which placements to list; what is not given does not restrict."
)
class CyclePlacementFilterInput:
    unit: str | None = strawberry.field(default=None, description="Id of a unit; the units below it are included.")
    position_level: PositionLevel | None = None
    box: int | None = strawberry.field(default=None, description="The published box.")
    assessed: bool | None = strawberry.field(default=None, description="Whether the talent stands in a box.")
    calibrated: bool | None = strawberry.field(default=None, description="Whether a committee decided the box.")
    missing: str | None = strawberry.field(default=None, description="An item of completeness the talent lacks.")
    awaiting_review: bool | None = strawberry.field(
        default=None, description="Whether a human has to decide, and has not."
    )


@strawberry.input(description="Why somebody stays in the box they stand in.")
class ReviewPlacementInput:
    comment: str


@strawberry.type
class CyclePlacementQueries:
    @strawberry.field(description="How appraisers differ in a cycle.")
    def rater_skew(self, cycle_id: UUID) -> RaterSkew | None:
        compiled()

    @strawberry.field(description="Placements of a cycle by name.")
    def cycle_placements(
        self,
        cycle_id: UUID,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[CyclePlacementFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> CyclePlacementConnection | None:
        compiled()

    @strawberry.field(description="Where a cycle places a talent; talents see their own once they may object to it.")
    def cycle_placement(self, cycle_id: UUID, nip: str) -> CyclePlacement | None:
        compiled()

    @strawberry.field(description="A talent's placements in all cycles, newest cycle first.")
    def talent_cycle_placements(
        self, nip: str, first: int | None = None, after: str | None = None
    ) -> CyclePlacementConnection | None:
        compiled()


@strawberry.type
class CyclePlacementChanges:
    @strawberry.field(description="Look at a placement as a human and let its box stand.")
    def review_placement(
        self,
        cycle_id: UUID,
        nip: str,
        input: ReviewPlacementInput,  # noqa: A002
    ) -> CyclePlacement | None:
        compiled()


async def rater_skew(asked: Asked, cycle_id: UUID) -> Document:
    return await service.rater_skew_document(asked.db, asked.actor, cycle_id, asked.wanted)


async def cycle_placements_page(
    asked: Asked,
    cycle_id: UUID,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002
) -> Document:
    chosen = CyclePlacementFilter.model_validate(filter or {}, by_alias=True)
    return await cycle_placements.cycle_placements_page(
        asked.db, asked.actor, cycle_id, chosen, first, after, asked.wanted
    )


async def cycle_placement(asked: Asked, cycle_id: UUID, nip: str) -> Document:
    return await cycle_placements.cycle_placement_document(asked.db, asked.actor, cycle_id, nip, asked.wanted)


async def talent_cycle_placements_page(
    asked: Asked, nip: str, first: int | None = None, after: str | None = None
) -> Document:
    return await cycle_placements.talent_cycle_placements_page(asked.db, asked.actor, nip, first, after, asked.wanted)


async def review_placement(asked: Asked, cycle_id: UUID, nip: str, input: dict[str, Any]) -> Document:  # noqa: A002
    command = ReviewPlacement.model_validate(input, by_alias=True)
    await calibration_service.review_placement(asked.db, asked.actor, cycle_id, nip, command)
    return await cycle_placements.cycle_placement_document(
        asked.db, asked.actor, cycle_id, nip, asked.wanted, just_decided=True
    )


ROOTS: dict[str, RootFunction] = {
    "raterSkew": rater_skew,
    "cyclePlacements": cycle_placements_page,
    "cyclePlacement": cycle_placement,
    "talentCyclePlacements": talent_cycle_placements_page,
}
CHANGES: dict[str, RootFunction] = {"reviewPlacement": review_placement}
