"""GraphQL: results of mobility runs, and of the own people who took part."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.placements import Sentence
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain import mobility_moves
from app.services import mobility_results as results
from app.services.mobility_results import MobilityPostFilter

strawberry.enum(
    mobility_moves.Kind,
    name="MobilityUnitKind",
    graphql_name_from="value",
    description="How a unit of moves hangs together.",
)
MobilityUnitKind = mobility_moves.Kind


@strawberry.type(
    description="A post by its opaque id; what the offer tells of it is null where it is not offered and another "
    "institution's."
)
class RoundPost:
    id: UUID
    name: str | None
    unit: str | None
    institution: str | None
    province_code: str | None
    position_level: str | None
    government_affair: str | None


@strawberry.type(description="The last application that is in: who comes after it in the order of applications is not.")
class MobilityCutoff:
    nearness: int | None = strawberry.field(
        description="How many cells it shares with the post; null unless that counts in the campaign."
    )
    urgency: int | None
    points: int
    lot: str | None


@strawberry.type(
    description="How often wishes were answered by a code; `rule` says by which requirement they are barred."
)
class MobilityAnswerCount:
    code: str
    rule: str | None
    wishes: int


@strawberry.type(description="How many chains or cycles there are of a length.")
class MobilityLength:
    kind: mobility_moves.Kind
    moves: int
    units: int


@strawberry.type(description="What a run came to as a whole.")
class MobilityRunSummary:
    run_id: UUID
    campaign_id: UUID
    identity: str | None
    participants: int | None
    wishes: int | None
    with_wishes: int = strawberry.field(description="Participants who wished for anything.")
    movers: int | None
    mover_share: float | None
    first_wishes: int = strawberry.field(description="Participants whose first wish came true.")
    first_wish_share: float | None
    answers: list[MobilityAnswerCount]
    chains: int | None
    cycles: int | None
    longest: int | None
    lengths: list[MobilityLength]


@strawberry.type(description="Whether a run made or lost a seat: each number is counted apart from the others.")
class MobilityConservation:
    run_id: UUID
    seats: int
    empty_before: int
    empty_after: int
    entered: int = strawberry.field(description="People who came from posts that are not offered.")
    holds: bool
    detail: Sentence


@strawberry.type(
    description="Who came to a province and left it; null where the people are so few that it is withheld."
)
class MobilityRegionFlow:
    province_code: str | None
    position_level: str | None = strawberry.field(description="Null: all levels together.")
    entered: int | None
    left: int | None
    net: int | None


@strawberry.type(description="Who came to an institution's posts of a level and left them.")
class MobilityInstitutionFlow:
    institution: str
    province_code: str | None
    position_level: str
    entered: int
    left: int
    net: int


@strawberry.type(
    description="Who moved where: provinces for everybody, institutions each for itself and the organiser."
)
class MobilityFlows:
    run_id: UUID
    regions: list[MobilityRegionFlow]
    institutions: list[MobilityInstitutionFlow]


@strawberry.type(description="What became of a post.")
class MobilityPostResult:
    post: RoundPost
    is_offered: bool
    urgency: int | None
    cell_id: str | None
    seats: int
    filled: int
    left: int
    incumbents: int = strawberry.field(description="Those who stay with their post.")
    cutoff: MobilityCutoff | None


@strawberry.type(description="What became of a cell.")
class MobilityCellResult:
    cell_id: str
    parent_id: str | None
    level: str
    ceiling: int | None
    before: int
    after: int
    net: int
    is_full: bool
    cutoff: MobilityCutoff | None


@strawberry.type(description="A step of a chain or a cycle.")
class MobilityMove:
    step: int
    participant_id: UUID
    from_post: RoundPost
    to_post: RoundPost


@strawberry.type(description="Moves that hang together: each takes the seat that the one before leaves.")
class MobilityMoveUnit:
    unit: int
    kind: mobility_moves.Kind
    moves: list[MobilityMove]


@strawberry.type(description="Somebody of the own institution who took part, and what became of them.")
class MobilityOutcome:
    participation_id: UUID = strawberry.field(description="What the institution knows it by; not that of the files.")
    run_id: UUID
    nip: str
    name: str
    moves: bool
    rank: int | None = strawberry.field(description="Of the wish that came true.")
    from_post: RoundPost
    to_post: RoundPost


@strawberry.type(description="Somebody who comes to a post of the own institution, by opaque id.")
class MobilityArrival:
    participant_id: UUID
    run_id: UUID
    unit: int
    step: int
    post: RoundPost
    from_post: RoundPost
    detail: Sentence


# ── pages


@strawberry.type
class MobilityPostResultEdge:
    cursor: str
    node: MobilityPostResult


@strawberry.type(description="A page of posts of a run, by id.")
class MobilityPostResultConnection:
    edges: list[MobilityPostResultEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class MobilityCellResultEdge:
    cursor: str
    node: MobilityCellResult


@strawberry.type(description="A page of cells of a run, by level and id.")
class MobilityCellResultConnection:
    edges: list[MobilityCellResultEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class MobilityMoveUnitEdge:
    cursor: str
    node: MobilityMoveUnit


@strawberry.type(description="A page of chains and cycles, the chains first.")
class MobilityMoveUnitConnection:
    edges: list[MobilityMoveUnitEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class MobilityOutcomeEdge:
    cursor: str
    node: MobilityOutcome


@strawberry.type(description="A page of the own people who took part, by name.")
class MobilityOutcomeConnection:
    edges: list[MobilityOutcomeEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class MobilityArrivalEdge:
    cursor: str
    node: MobilityArrival


@strawberry.type(description="A page of those who come to the own posts, by post.")
class MobilityArrivalConnection:
    edges: list[MobilityArrivalEdge]
    page_info: PageInfo
    total_count: int


HasEmptySeats = Annotated[bool | None, strawberry.argument(description="Whether a seat stayed empty.")]


@strawberry.type
class MobilityResultQueries:
    @strawberry.field(description="What a run came to as a whole; null where there is none, or none published.")
    def mobility_run_summary(self, run_id: UUID) -> MobilityRunSummary | None:
        compiled()

    @strawberry.field(description="Whether a run made or lost a seat.")
    def mobility_conservation(self, run_id: UUID) -> MobilityConservation | None:
        compiled()

    @strawberry.field(description="Who moved where, by province and by institution.")
    def mobility_flows(self, run_id: UUID) -> MobilityFlows | None:
        compiled()

    @strawberry.field(description="What became of each post of a run.")
    def mobility_post_results(
        self,
        run_id: UUID,
        province: str | None = None,
        has_empty_seats: HasEmptySeats = None,
        first: int | None = None,
        after: str | None = None,
    ) -> MobilityPostResultConnection | None:
        compiled()

    @strawberry.field(description="What became of each cell of a run.")
    def mobility_cell_results(
        self, run_id: UUID, first: int | None = None, after: str | None = None
    ) -> MobilityCellResultConnection | None:
        compiled()

    @strawberry.field(description="The chains and cycles of a run, step by step.")
    def mobility_moves(
        self, run_id: UUID, first: int | None = None, after: str | None = None
    ) -> MobilityMoveUnitConnection | None:
        compiled()

    @strawberry.field(description="The own people who took part in a campaign, and what became of them.")
    def mobility_outcomes(
        self, campaign_id: UUID, first: int | None = None, after: str | None = None
    ) -> MobilityOutcomeConnection | None:
        compiled()

    @strawberry.field(description="Who comes to the institution's own posts, by opaque id.")
    def mobility_arrivals(
        self, campaign_id: UUID, first: int | None = None, after: str | None = None
    ) -> MobilityArrivalConnection | None:
        compiled()


async def mobility_run_summary_document(asked: Asked, run_id: UUID) -> Document:
    return await results.mobility_run_summary_document(asked.db, asked.actor, run_id, asked.wanted)


async def mobility_conservation_document(asked: Asked, run_id: UUID) -> Document:
    return await results.mobility_conservation_document(asked.db, asked.actor, run_id, asked.wanted)


async def mobility_flows_document(asked: Asked, run_id: UUID) -> Document:
    return await results.mobility_flows_document(asked.db, asked.actor, run_id, asked.wanted)


async def mobility_post_results_page(
    asked: Asked,
    run_id: UUID,
    province: str | None = None,
    has_empty_seats: bool | None = None,  # noqa: FBT001 - an argument of the schema
    first: int | None = None,
    after: str | None = None,
) -> Document:
    chosen = MobilityPostFilter.model_validate({"province": province, "hasEmptySeats": has_empty_seats})
    return await results.mobility_post_results_page(asked.db, asked.actor, run_id, chosen, first, after, asked.wanted)


async def mobility_cell_results_page(
    asked: Asked, run_id: UUID, first: int | None = None, after: str | None = None
) -> Document:
    return await results.mobility_cell_results_page(asked.db, asked.actor, run_id, first, after, asked.wanted)


async def mobility_moves_page(
    asked: Asked, run_id: UUID, first: int | None = None, after: str | None = None
) -> Document:
    return await results.mobility_moves_page(asked.db, asked.actor, run_id, first, after, asked.wanted)


async def mobility_outcomes_page(
    asked: Asked, campaign_id: UUID, first: int | None = None, after: str | None = None
) -> Document:
    return await results.mobility_outcomes_page(asked.db, asked.actor, campaign_id, first, after, asked.wanted)


async def mobility_arrivals_page(
    asked: Asked, campaign_id: UUID, first: int | None = None, after: str | None = None
) -> Document:
    return await results.mobility_arrivals_page(asked.db, asked.actor, campaign_id, first, after, asked.wanted)


ROOTS: dict[str, RootFunction] = {
    "mobilityRunSummary": mobility_run_summary_document,
    "mobilityConservation": mobility_conservation_document,
    "mobilityFlows": mobility_flows_document,
    "mobilityPostResults": mobility_post_results_page,
    "mobilityCellResults": mobility_cell_results_page,
    "mobilityMoves": mobility_moves_page,
    "mobilityOutcomes": mobility_outcomes_page,
    "mobilityArrivals": mobility_arrivals_page,
}
