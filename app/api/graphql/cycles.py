"""GraphQL: cycles and their calculations."""

from __future__ import annotations

import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.institutions import RubricVersion
from app.api.graphql.placements import Sentence
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain import calculation as calculations
from app.domain import cycles
from app.domain.revisions import exactly
from app.services import calculation
from app.services import cycles as service
from app.services.cycles import AdvanceCycle, CycleFilter, EditCycle, OpenCycle

strawberry.enum(cycles.Phase, graphql_name_from="value", description="Where a cycle is, in this order.")
strawberry.enum(cycles.Origin, graphql_name_from="value", description="Where a cycle's placements come from.")
strawberry.enum(calculations.Kind, name="CalculationKind", graphql_name_from="value", description="What is calculated.")
strawberry.enum(
    calculations.State, name="CalculationState", graphql_name_from="value", description="How far a calculation is."
)


@strawberry.type(description="How many people of a cycle stand in a box: as published, and as calculated.")
class CycleBoxCount:
    box: int
    count: int
    computed: int


@strawberry.type(
    description="An advisory share, in per cent of the assessed: how many are expected in its boxes and how many are "
    "there."
)
class GuidelineCount:
    boxes: list[int]
    share: int
    expected: int
    count: int
    over: int
    under: int


@strawberry.type(description="The nine-box map of a cycle; those not assessed stand in no box.")
class CycleNineBox:
    as_of: datetime.date
    rubric: RubricVersion
    total: int
    assessed: int
    not_assessed: int
    boxes: list[CycleBoxCount]
    guideline: list[GuidelineCount]


@strawberry.type(description="The last day of each phase that people wait for.")
class CyclePlan:
    calibration_until: datetime.date | None
    objection_until: datetime.date | None
    confirmation_until: datetime.date | None


@strawberry.type(description="When a cycle entered a phase, and who moved it there.")
class CyclePhase:
    phase: cycles.Phase
    entered_at: datetime.datetime
    by: str
    role: str


@strawberry.type(description="When the appointing authority confirmed a cycle.")
class CycleConfirmation:
    at: datetime.datetime
    by: str


@strawberry.type(
    description="What came of a calculation; of a recomputation, how many placements are the same. `manualDecisions`: "
    "of how many a human has to decide. `restricted`: who was left out because their processing is restricted."
)
class CalculationResult:
    placements: int | None
    assessed: int | None
    stale_calibrations: int | None
    manual_decisions: int | None
    restricted: int | None
    equal: int | None
    differing: list[str]
    intact: bool | None
    digest: str | None


@strawberry.type(description="Why a calculation failed.")
class CalculationError:
    code: str
    detail: Sentence


@strawberry.type(description="Long work that goes on in the background; `done` of `total` tell how far it is.")
class Calculation:
    id: UUID
    kind: calculations.Kind
    cycle_id: UUID | None
    rubric: RubricVersion
    state: calculations.State
    done: int
    total: int
    started_by: str
    started_at: datetime.datetime
    finished_at: datetime.datetime | None
    result: CalculationResult | None
    error: CalculationError | None


@strawberry.type(description="How many moves await a second person, are in force, or have to be made again.")
class CalibrationCounts:
    awaiting_second_person: int
    in_force: int
    stale: int


@strawberry.type(description="How many objections are open, and how the others were answered.")
class ObjectionCounts:
    open: int
    upheld: int
    rejected: int


@strawberry.type(description="One mapping of the institution's people as of a day, by one version of a rubric.")
class Cycle:
    id: UUID
    revision: int
    name: str
    as_of: datetime.date
    rubric: RubricVersion
    phase: cycles.Phase
    origin: cycles.Origin
    plan: CyclePlan
    created_at: datetime.datetime
    inputs_digest: str | None
    phases: list[CyclePhase]
    confirmation: CycleConfirmation | None
    calculation: Calculation | None
    calibrations: CalibrationCounts | None
    objections: ObjectionCounts | None
    nine_box: CycleNineBox | None


@strawberry.type(description="The cycle a placement belongs to.")
class CycleName:
    id: UUID
    name: str
    as_of: datetime.date
    phase: cycles.Phase
    objection_until: datetime.date | None


@strawberry.type
class CycleEdge:
    cursor: str
    node: Cycle


@strawberry.type(description="A page of cycles, newest first.")
class CycleConnection:
    edges: list[CycleEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(name="CycleFilter", description="Which cycles to list; what is not given does not restrict.")
class CycleFilterInput:
    phase: cycles.Phase | None = None


@strawberry.input(description="A version of a rubric.")
class RubricChoiceInput:
    code: str
    version: int


@strawberry.input(description="How many of a hundred assessed people are expected in these boxes together.")
class GuidelineShareInput:
    boxes: list[int]
    share: int


@strawberry.input
class CycleParts:
    as_of: datetime.date | None = None
    rubric: RubricChoiceInput | None = None
    calibration_until: datetime.date | None = None
    objection_until: datetime.date | None = None
    confirmation_until: datetime.date | None = None
    guideline: list[GuidelineShareInput] | None = None


@strawberry.input(description="A new cycle: as of the map's day and by the active rubric, unless told otherwise.")
class OpenCycleInput(CycleParts):
    name: str


@strawberry.input(description="Parts of a cycle; what is not given stays.")
class EditCycleInput(CycleParts):
    name: str | None = None


@strawberry.input(description="The next phase; `endObjectionsEarly` ends the window before its deadline.")
class AdvanceCycleInput:
    phase: cycles.Phase
    end_objections_early: bool = False


@strawberry.type
class CycleQueries:
    @strawberry.field(description="One cycle; null where the institution has no such cycle.")
    def cycle(self, cycle_id: UUID) -> Cycle | None:
        compiled()

    @strawberry.field(description="The cycles of the institution, newest first.")
    def cycles(
        self,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[CycleFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> CycleConnection | None:
        compiled()

    @strawberry.field(description="How many people of a cycle stand in each box, beside its guideline.")
    def cycle_nine_box(self, cycle_id: UUID) -> CycleNineBox | None:
        compiled()

    @strawberry.field(description="One calculation and how far it is.")
    def calculation(self, calculation_id: UUID) -> Calculation | None:
        compiled()


@strawberry.type
class CycleChanges:
    @strawberry.field(description="Open a mapping cycle.")
    def open_cycle(self, input: OpenCycleInput) -> Cycle | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Change parts of a cycle, as long as they are not settled.")
    def edit_cycle(self, cycle_id: UUID, revision: int, input: EditCycleInput) -> Cycle | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Freeze the evidence on record and place everybody, for the first time or again.")
    def start_calculation(self, cycle_id: UUID) -> Calculation | None:
        compiled()

    @strawberry.field(description="Compute every placement again from the frozen inputs, and compare.")
    def start_recomputation(self, cycle_id: UUID) -> Calculation | None:
        compiled()

    @strawberry.field(description="Move a cycle on by one phase.")
    def advance_cycle(self, cycle_id: UUID, revision: int, input: AdvanceCycleInput) -> Cycle | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Confirm everybody's box, as the appointing authority.")
    def confirm_cycle(self, cycle_id: UUID, revision: int) -> Cycle | None:
        compiled()

    @strawberry.field(description="Publish a confirmed cycle: every talent sees the own box as the final one.")
    def publish_cycle(self, cycle_id: UUID, revision: int) -> Cycle | None:
        compiled()


async def cycle(asked: Asked, cycle_id: UUID) -> Document:
    return await service.cycle_document(asked.db, asked.actor, cycle_id, asked.wanted)


async def cycles_page(
    asked: Asked,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
) -> Document:
    chosen = CycleFilter.model_validate(filter or {}, by_alias=True)
    return await service.cycles_page(asked.db, asked.actor, chosen, first, after, asked.wanted)


async def cycle_nine_box(asked: Asked, cycle_id: UUID) -> Document:
    return await service.cycle_nine_box_document(asked.db, asked.actor, cycle_id, asked.wanted)


async def calculation_document(asked: Asked, calculation_id: UUID) -> Document:
    return await calculation.calculation_document(asked.db, asked.actor, calculation_id, asked.wanted)


async def open_cycle(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002
    command = OpenCycle.model_validate(input, by_alias=True)
    return await cycle(asked, await service.open_cycle(asked.db, asked.actor, command))


async def edit_cycle(asked: Asked, cycle_id: UUID, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = EditCycle.model_validate(input, by_alias=True)
    await service.edit_cycle(asked.db, asked.actor, cycle_id, command, expected=exactly(revision))
    return await cycle(asked, cycle_id)


async def start_calculation(asked: Asked, cycle_id: UUID) -> Document:
    return await calculation_document(asked, await service.start_calculation(asked.db, asked.actor, cycle_id))


async def start_recomputation(asked: Asked, cycle_id: UUID) -> Document:
    return await calculation_document(asked, await service.start_recomputation(asked.db, asked.actor, cycle_id))


async def advance_cycle(asked: Asked, cycle_id: UUID, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = AdvanceCycle.model_validate(input, by_alias=True)
    await service.advance_cycle(asked.db, asked.actor, cycle_id, command, expected=exactly(revision))
    return await cycle(asked, cycle_id)


async def confirm_cycle(asked: Asked, cycle_id: UUID, revision: int) -> Document:
    await service.confirm_cycle(asked.db, asked.actor, cycle_id, expected=exactly(revision))
    return await cycle(asked, cycle_id)


async def publish_cycle(asked: Asked, cycle_id: UUID, revision: int) -> Document:
    await service.publish_cycle(asked.db, asked.actor, cycle_id, expected=exactly(revision))
    return await cycle(asked, cycle_id)


ROOTS: dict[str, RootFunction] = {
    "cycle": cycle,
    "cycles": cycles_page,
    "cycleNineBox": cycle_nine_box,
    "calculation": calculation_document,
}
CHANGES: dict[str, RootFunction] = {
    "openCycle": open_cycle,
    "editCycle": edit_cycle,
    "startCalculation": start_calculation,
    "startRecomputation": start_recomputation,
    "advanceCycle": advance_cycle,
    "confirmCycle": confirm_cycle,
    "publishCycle": publish_cycle,
}
