"""GraphQL: the movement between two cycles."""

from __future__ import annotations

import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.cycle_placements import UnitThen
from app.api.graphql.cycles import Calculation, calculation_document
from app.api.graphql.institutions import RubricVersion
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain import cycles
from app.domain import movement as domain
from app.services import movements
from app.services.movements import MoverFilter

strawberry.enum(
    domain.Cause, graphql_name_from="value", description="What moved somebody: the first of these that changed the box."
)


@strawberry.type(description="One of the two cycles.")
class MovementCycle:
    id: UUID
    name: str
    as_of: datetime.date
    rubric: RubricVersion
    phase: cycles.Phase
    state: cycles.PlacementState


@strawberry.type(description="How many went from one box to another, or stayed.")
class MovementCell:
    from_box: int
    to_box: int
    count: int


@strawberry.type(description="How many moved by each cause; they add up to all who moved.")
class MoversByCause:
    data: int
    rating: int
    rubric: int
    calibration: int


@strawberry.type(description="Who stands in no box in one of the two cycles, or in both.")
class MovementMargins:
    entered: int
    left: int
    not_assessed: int


@strawberry.type(description="The movement of a unit's own people; of who left, the unit they were in.")
class UnitMovement:
    unit: UnitThen
    stayed: int
    moved: int
    by_cause: MoversByCause
    margins: MovementMargins


@strawberry.type(
    description="Who moved since an earlier cycle. `isCurrent` is false once a box or the inputs of either cycle "
    "changed after it was worked out."
)
class Movement:
    cycle: MovementCycle
    earlier_cycle: MovementCycle
    calculated_at: datetime.datetime
    is_current: bool
    stayed: int
    moved: int
    by_cause: MoversByCause
    margins: MovementMargins
    matrix: list[MovementCell]
    units: list[UnitMovement]


@strawberry.type(
    description="Somebody who stands in another box than in the earlier cycle, and the boxes in between: with the "
    "later data, then with the later ratings too, then by the later rubric; null where no box can be told."
)
class Mover:
    nip: str
    name: str
    unit: UnitThen
    from_box: int
    after_data: int | None
    after_rating: int | None
    after_rubric: int | None
    to_box: int
    cause: domain.Cause


@strawberry.type
class MoverEdge:
    cursor: str
    node: Mover


@strawberry.type(description="A page of movers, by name.")
class MoverConnection:
    edges: list[MoverEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(name="MoverFilter", description="Which movers to list; what is not given does not restrict.")
class MoverFilterInput:
    cause: domain.Cause | None = None
    unit: str | None = strawberry.field(default=None, description="Id of a unit; the units below it are included.")
    from_box: int | None = None
    to_box: int | None = None


@strawberry.type
class MovementQueries:
    @strawberry.field(description="Who moved since an earlier cycle; null as long as it has not been worked out.")
    def movement(self, cycle_id: UUID, earlier_cycle_id: UUID) -> Movement | None:
        compiled()

    @strawberry.field(description="Who moved since an earlier cycle, by name.")
    def movers(
        self,
        cycle_id: UUID,
        earlier_cycle_id: UUID,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[MoverFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> MoverConnection | None:
        compiled()


@strawberry.type
class MovementChanges:
    @strawberry.field(description="Work out who moved since an earlier cycle, and why.")
    def start_movement(self, cycle_id: UUID, earlier_cycle_id: UUID) -> Calculation | None:
        compiled()


async def movement(asked: Asked, cycle_id: UUID, earlier_cycle_id: UUID) -> Document:
    return await movements.movement_document(asked.db, asked.actor, cycle_id, earlier_cycle_id, asked.wanted)


async def movers_page(
    asked: Asked,
    cycle_id: UUID,
    earlier_cycle_id: UUID,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
) -> Document:
    chosen = MoverFilter.model_validate(filter or {}, by_alias=True)
    return await movements.movers_page(
        asked.db, asked.actor, cycle_id, earlier_cycle_id, chosen, first, after, asked.wanted
    )


async def start_movement(asked: Asked, cycle_id: UUID, earlier_cycle_id: UUID) -> Document:
    calculation_id = await movements.start_movement(asked.db, asked.actor, cycle_id, earlier_cycle_id)
    return await calculation_document(asked, calculation_id)


ROOTS: dict[str, RootFunction] = {"movement": movement, "movers": movers_page}
CHANGES: dict[str, RootFunction] = {"startMovement": start_movement}
