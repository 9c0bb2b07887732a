"""GraphQL: rehearsals of another rubric."""

from __future__ import annotations

import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.cycle_placements import UnitThen
from app.api.graphql.cycles import Calculation, calculation_document
from app.api.graphql.institutions import RubricVersion
from app.api.graphql.movements import MovementCell
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.services import rehearsals
from app.services.rehearsals import RehearsalMoverFilter, RehearseRubric


@strawberry.type(description="How many people stand in a box, by the present rubric and by the rehearsed one.")
class RehearsedBox:
    box: int
    before: int
    after: int


@strawberry.type(description="What would become of a unit's own people.")
class UnitRehearsal:
    unit: UnitThen
    people: int
    stayed: int
    moved: int
    newly_assessed: int
    no_longer_assessed: int
    not_assessed: int


@strawberry.type(
    description="Another rubric applied to a cohort: a cycle's frozen inputs, or everybody on the map. It compares "
    "what both rubrics calculate, without calibrations, and places nobody."
)
class Rehearsal:
    id: UUID
    cycle_id: UUID | None
    as_of: datetime.date
    rehearsed_at: datetime.datetime
    rubric: RubricVersion
    draft_revision: int | None = strawberry.field(description="Of a draft; null for a published version.")
    present_rubric: RubricVersion
    people: int
    stayed: int
    moved: int
    newly_assessed: int
    no_longer_assessed: int
    not_assessed: int
    boxes: list[RehearsedBox]
    matrix: list[MovementCell]
    units: list[UnitRehearsal]


@strawberry.type(description="Points of both axes, 0–100; null while evidence is missing.")
class AxisPoints:
    performance: float | None
    potential: float | None


@strawberry.type(description="Somebody who would stand in another box, in one at last, or in none any more.")
class RehearsalMover:
    nip: str
    name: str
    unit: UnitThen
    from_box: int | None
    to_box: int | None
    before: AxisPoints
    after: AxisPoints


@strawberry.type
class RehearsalEdge:
    cursor: str
    node: Rehearsal


@strawberry.type(description="A page of rehearsals, newest first.")
class RehearsalConnection:
    edges: list[RehearsalEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class RehearsalMoverEdge:
    cursor: str
    node: RehearsalMover


@strawberry.type(description="A page of those who would move, by name.")
class RehearsalMoverConnection:
    edges: list[RehearsalMoverEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(name="RehearsalMoverFilter", description="Which movers to list; what is not given does not restrict.")
class RehearsalMoverFilterInput:
    unit: str | None = strawberry.field(default=None, description="Id of a unit; the units below it are included.")
    from_box: int | None = None
    to_box: int | None = None


@strawberry.input(
    description="A version of a rubric, published or a draft; without a cycle it is applied to everybody on the map."
)
class RehearseRubricInput:
    code: str
    version: int
    cycle_id: UUID | None = None


@strawberry.type
class RehearsalQueries:
    @strawberry.field(description="One rehearsal; null as long as its calculation is not done.")
    def rehearsal(self, rehearsal_id: UUID) -> Rehearsal | None:
        compiled()

    @strawberry.field(description="The rehearsals of the institution, newest first.")
    def rehearsals(self, first: int | None = None, after: str | None = None) -> RehearsalConnection | None:
        compiled()

    @strawberry.field(description="Who would move, by name.")
    def rehearsal_movers(
        self,
        rehearsal_id: UUID,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[RehearsalMoverFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> RehearsalMoverConnection | None:
        compiled()


@strawberry.type
class RehearsalChanges:
    @strawberry.field(description="Apply a rubric to a cohort to see who would stand elsewhere; it places nobody.")
    def rehearse_rubric(self, input: RehearseRubricInput) -> Calculation | None:  # noqa: A002
        compiled()


async def rehearsal(asked: Asked, rehearsal_id: UUID) -> Document:
    return await rehearsals.rehearsal_document(asked.db, asked.actor, rehearsal_id, asked.wanted)


async def rehearsals_page(asked: Asked, first: int | None = None, after: str | None = None) -> Document:
    return await rehearsals.rehearsals_page(asked.db, asked.actor, first, after, asked.wanted)


async def rehearsal_movers_page(
    asked: Asked,
    rehearsal_id: UUID,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
) -> Document:
    chosen = RehearsalMoverFilter.model_validate(filter or {}, by_alias=True)
    return await rehearsals.rehearsal_movers_page(
        asked.db, asked.actor, rehearsal_id, chosen, first, after, asked.wanted
    )


async def rehearse_rubric(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002
    command = RehearseRubric.model_validate(input, by_alias=True)
    calculation_id = await rehearsals.rehearse_rubric(asked.db, asked.actor, command)
    return await calculation_document(asked, calculation_id)


ROOTS: dict[str, RootFunction] = {
    "rehearsal": rehearsal,
    "rehearsals": rehearsals_page,
    "rehearsalMovers": rehearsal_movers_page,
}
CHANGES: dict[str, RootFunction] = {"rehearseRubric": rehearse_rubric}
