"""GraphQL: mobility campaigns from the draft to their end, and their cells."""

from __future__ import annotations

import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.rule_sets import Requirement
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain import mobility_campaigns as words
from app.domain import mobility_cells as cell_words
from app.domain.careers import PositionLevel
from app.domain.revisions import exactly
from app.services import mobility_campaigns as service
from app.services import mobility_cells as cells
from app.services.mobility_campaigns import (
    AdvanceMobilityCampaign,
    DraftMobilityCampaign,
    EditMobilityCampaign,
    MobilityCampaignFilter,
)
from app.services.mobility_cells import MobilityCellFilter, ProposeMobilityCells, PutMobilityCells

strawberry.enum(
    words.State,
    name="MobilityCampaignState",
    graphql_name_from="value",
    description="Where a campaign is: in this order, or cancelled once announced.",
)
strawberry.enum(
    cell_words.CellLevel,
    name="MobilityCellLevel",
    graphql_name_from="value",
    description="What a cell is, from the widest to the narrowest.",
)


@strawberry.type(description="The institution that organises a campaign.")
class MobilityCampaignOrganiser:
    id: UUID
    name: str


@strawberry.type(description="A version of a points formula of the organiser.")
class MobilityFormulaVersion:
    code: str
    version: int


@strawberry.type(description="How urgent posts are that a priority programme favours; 1 is the most urgent.")
class MobilityUrgency:
    programme: str
    urgency: int


@strawberry.type(
    description="When a campaign entered a state; `isEarly` where the term before was cut short, and `because` why."
)
class MobilityCampaignStep:
    state: words.State
    entered_at: datetime.datetime
    role: str
    is_early: bool
    because: str | None


@strawberry.type(
    description="A mobility campaign. `provinceCodes` and `governmentAffairs` are null for any; `lotteryCommitment` is "
    "the SHA-256 of a secret told with the run, `lotteryValue` what the source gave after the freeze; `cells` counts."
)
class MobilityCampaign:
    id: UUID
    revision: int
    organiser: MobilityCampaignOrganiser | None
    name: str
    legal_basis: str
    profile: str
    state: words.State
    next_state: words.State | None
    province_codes: list[str] | None
    levels: list[str]
    government_affairs: list[str] | None
    requirements: list[Requirement]
    formula: MobilityFormulaVersion
    own_cell_first: bool
    urgencies: list[MobilityUrgency]
    collecting_until: datetime.date
    correction_until: datetime.date
    effective_on: datetime.date
    lottery_source: str
    lottery_commitment: str
    lottery_value: str | None
    snapshot_digest: str | None
    cells: int
    cancelled_because: str | None
    steps: list[MobilityCampaignStep]


@strawberry.type
class MobilityCampaignEdge:
    cursor: str
    node: MobilityCampaign


@strawberry.type(description="A page of campaigns, those that take effect last first.")
class MobilityCampaignConnection:
    edges: list[MobilityCampaignEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type(
    description="A cell: the posts that meet all it says, within those of its parent. `headroom` is by how many people "
    "it may grow, `ceiling` how many it may hold; neither is no bound."
)
class MobilityCell:
    id: str
    parent_id: str | None
    level: cell_words.CellLevel
    position_level: str | None
    government_affair: str | None
    province_code: str | None
    institution_id: UUID | None
    unit_id: str | None
    headroom: int | None
    ceiling: int | None


@strawberry.type
class MobilityCellEdge:
    cursor: str
    node: MobilityCell


@strawberry.type(description="A page of cells by id.")
class MobilityCellConnection:
    edges: list[MobilityCellEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(
    name="MobilityCampaignFilter", description="Which campaigns to list; what is not given does not restrict."
)
class MobilityCampaignFilterInput:
    state: words.State | None = None
    organiser_id: UUID | None = None
    province: str | None = None


@strawberry.input(name="MobilityCellFilter", description="Which cells to list; what is not given does not restrict.")
class MobilityCellFilterInput:
    parent_id: str | None = None
    level: cell_words.CellLevel | None = None


@strawberry.input(description="A version of a points formula of the organiser.")
class MobilityFormulaVersionInput:
    code: str
    version: int


@strawberry.input(description="How urgent posts are that a priority programme of the organiser favours.")
class ProgrammeUrgencyInput:
    programme: str
    urgency: int


@strawberry.input(description="A campaign of posts of some levels; `requirements` as rule sets write them.")
class DraftMobilityCampaignInput:
    name: str
    legal_basis: str
    levels: list[PositionLevel]
    government_affairs: list[str] | None = None
    province_codes: list[str] | None = None
    requirements: list[JSON] = strawberry.field(default_factory=list)
    formula: MobilityFormulaVersionInput | None = None
    own_cell_first: bool = False
    urgencies: list[ProgrammeUrgencyInput] = strawberry.field(default_factory=list)
    collecting_until: datetime.date
    correction_until: datetime.date
    effective_on: datetime.date
    lottery_source: str


@strawberry.input(description="Parts of a campaign; what is not given stays, no affairs or provinces are any.")
class EditMobilityCampaignInput:
    name: str | None = None
    legal_basis: str | None = None
    levels: list[PositionLevel] | None = None
    government_affairs: list[str] | None = None
    province_codes: list[str] | None = None
    requirements: list[JSON] | None = None
    formula: MobilityFormulaVersionInput | None = None
    own_cell_first: bool | None = None
    urgencies: list[ProgrammeUrgencyInput] | None = None
    collecting_until: datetime.date | None = None
    correction_until: datetime.date | None = None
    effective_on: datetime.date | None = None
    lottery_source: str | None = None


@strawberry.input(description="The state that follows; a term is cut short, or a campaign cancelled, with a reason.")
class AdvanceMobilityCampaignInput:
    state: words.State
    is_early: bool = False
    because: str | None = None


@strawberry.input(description="A cell as the organiser writes it.")
class MobilityCellInput:
    id: str
    parent_id: str | None = None
    level: cell_words.CellLevel
    position_level: PositionLevel | None = None
    government_affair: str | None = None
    province_code: str | None = None
    institution_id: UUID | None = None
    unit_id: str | None = None
    headroom: int | None = None
    ceiling: int | None = None


@strawberry.input(description="All cells of a campaign; or a part beside those that stay, without those removed.")
class PutMobilityCellsInput:
    cells: list[MobilityCellInput]
    is_part: bool = False
    removed: list[str] = strawberry.field(default_factory=list)


@strawberry.input(description="Where posts of an affair may gain people.")
class WantedGrowthInput:
    government_affair: str
    headroom: int
    province_codes: list[str] | None = None


@strawberry.input(description="Which cells to begin with: none grows but where growth is wanted.")
class ProposeMobilityCellsInput:
    growth: list[WantedGrowthInput] = strawberry.field(default_factory=list)


@strawberry.type
class MobilityCampaignQueries:
    @strawberry.field(description="One mobility campaign; null where there is none, or a draft of somebody else's.")
    def mobility_campaign(self, campaign_id: UUID) -> MobilityCampaign | None:
        compiled()

    @strawberry.field(description="Campaigns that were announced, and one's own drafts.")
    def mobility_campaigns(
        self,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[MobilityCampaignFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> MobilityCampaignConnection | None:
        compiled()

    @strawberry.field(description="The cells of a campaign, by id.")
    def mobility_cells(
        self,
        campaign_id: UUID,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[MobilityCellFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> MobilityCellConnection | None:
        compiled()


@strawberry.type
class MobilityCampaignChanges:
    @strawberry.field(description="Lay a campaign down; the secret of its lottery is drawn now.")
    def draft_mobility_campaign(self, input: DraftMobilityCampaignInput) -> MobilityCampaign | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Change parts of a campaign, as long as they are not settled.")
    def edit_mobility_campaign(
        self,
        campaign_id: UUID,
        revision: int,
        input: EditMobilityCampaignInput,  # noqa: A002
    ) -> MobilityCampaign | None:
        compiled()

    @strawberry.field(description="Throw a draft away; the answer is the campaigns that are left.")
    def discard_mobility_campaign(self, campaign_id: UUID, revision: int) -> MobilityCampaignConnection | None:
        compiled()

    @strawberry.field(description="Announce, open or close wishes, publish, close or cancel.")
    def advance_mobility_campaign(
        self,
        campaign_id: UUID,
        revision: int,
        input: AdvanceMobilityCampaignInput,  # noqa: A002
    ) -> MobilityCampaign | None:
        compiled()

    @strawberry.field(description="Put the cells of a campaign, all of them or a part.")
    def put_mobility_cells(
        self,
        campaign_id: UUID,
        revision: int,
        input: PutMobilityCellsInput,  # noqa: A002
    ) -> MobilityCampaign | None:
        compiled()

    @strawberry.field(description="Begin with nested cells that the service makes, instead of whatever there is.")
    def propose_mobility_cells(
        self,
        campaign_id: UUID,
        revision: int,
        input: ProposeMobilityCellsInput,  # noqa: A002
    ) -> MobilityCampaign | None:
        compiled()


async def mobility_campaign(asked: Asked, campaign_id: UUID) -> Document:
    return await service.mobility_campaign_document(asked.db, asked.actor, campaign_id, asked.wanted)


async def mobility_campaigns(
    asked: Asked,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
) -> Document:
    chosen = MobilityCampaignFilter.model_validate(filter or {}, by_alias=True)
    return await service.mobility_campaigns_page(asked.db, asked.actor, chosen, first, after, asked.wanted)


async def mobility_cells(
    asked: Asked,
    campaign_id: UUID,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
) -> Document:
    chosen = MobilityCellFilter.model_validate(filter or {}, by_alias=True)
    return await cells.mobility_cells_page(asked.db, asked.actor, campaign_id, chosen, first, after, asked.wanted)


async def draft_mobility_campaign(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002
    command = DraftMobilityCampaign.model_validate(input, by_alias=True)
    return await mobility_campaign(asked, await service.draft_mobility_campaign(asked.db, asked.actor, command))


async def edit_mobility_campaign(
    asked: Asked,
    campaign_id: UUID,
    revision: int,
    input: dict[str, Any],  # noqa: A002
) -> Document:
    command = EditMobilityCampaign.model_validate(input, by_alias=True)
    await service.edit_mobility_campaign(asked.db, asked.actor, campaign_id, command, expected=exactly(revision))
    return await mobility_campaign(asked, campaign_id)


async def discard_mobility_campaign(asked: Asked, campaign_id: UUID, revision: int) -> Document:
    await service.discard_mobility_campaign(asked.db, asked.actor, campaign_id, expected=exactly(revision))
    return await mobility_campaigns(asked)


async def advance_mobility_campaign(
    asked: Asked,
    campaign_id: UUID,
    revision: int,
    input: dict[str, Any],  # noqa: A002
) -> Document:
    command = AdvanceMobilityCampaign.model_validate(input, by_alias=True)
    await service.advance_mobility_campaign(asked.db, asked.actor, campaign_id, command, expected=exactly(revision))
    return await mobility_campaign(asked, campaign_id)


async def put_mobility_cells(
    asked: Asked,
    campaign_id: UUID,
    revision: int,
    input: dict[str, Any],  # noqa: A002
) -> Document:
    command = PutMobilityCells.model_validate(input, by_alias=True)
    await cells.put_mobility_cells(asked.db, asked.actor, campaign_id, command, expected=exactly(revision))
    return await mobility_campaign(asked, campaign_id)


async def propose_mobility_cells(
    asked: Asked,
    campaign_id: UUID,
    revision: int,
    input: dict[str, Any],  # noqa: A002
) -> Document:
    command = ProposeMobilityCells.model_validate(input, by_alias=True)
    await cells.propose_mobility_cells(asked.db, asked.actor, campaign_id, command, expected=exactly(revision))
    return await mobility_campaign(asked, campaign_id)


ROOTS: dict[str, RootFunction] = {
    "mobilityCampaign": mobility_campaign,
    "mobilityCampaigns": mobility_campaigns,
    "mobilityCells": mobility_cells,
}
CHANGES: dict[str, RootFunction] = {
    "draftMobilityCampaign": draft_mobility_campaign,
    "editMobilityCampaign": edit_mobility_campaign,
    "discardMobilityCampaign": discard_mobility_campaign,
    "advanceMobilityCampaign": advance_mobility_campaign,
    "putMobilityCells": put_mobility_cells,
    "proposeMobilityCells": propose_mobility_cells,
}
