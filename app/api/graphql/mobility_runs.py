"""GraphQL: mobility campaigns frozen, run and rehearsed."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.placements import Sentence
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain import mobility_work as words
from app.domain.revisions import exactly
from app.services import mobility_rehearsals, mobility_runs
from app.services.mobility_rehearsals import RehearseMobility
from app.services.mobility_runs import FreezeMobilityCampaign, StartMobilityRun

strawberry.enum(
    words.State, name="MobilityWorkState", graphql_name_from="value", description="How far background work is."
)
strawberry.enum(
    words.Stage, name="MobilityWorkStage", graphql_name_from="value", description="What background work is at."
)


@strawberry.type(description="One thing that keeps a round from being run, and where: a JSON pointer into the round.")
class MobilityWorkFault:
    code: str
    where: str
    detail: Sentence


@strawberry.type(description="Why work failed; nothing of it was stored.")
class MobilityWorkError:
    code: str
    detail: Sentence
    faults: list[MobilityWorkFault]


@strawberry.type(description="Background work on a campaign: it happens whole or not at all.")
class MobilityWork:
    id: UUID
    campaign_id: UUID
    state: words.State
    stage: words.Stage
    done: int = strawberry.field(description="Steps of the stage that are done.")
    total: int = strawberry.field(description="Steps of the stage; 0 where nobody counts them.")
    queued_at: datetime.datetime
    started_at: datetime.datetime | None
    finished_at: datetime.datetime | None
    seconds: float | None = strawberry.field(description="How long it took, or has been going on.")
    error: MobilityWorkError | None


@strawberry.type(description="What was frozen of a campaign.")
class MobilitySnapshot:
    digest: str
    frozen_at: datetime.datetime
    cells: int
    posts: int
    participants: int
    wishes: int


@strawberry.type(description="The freeze of a campaign: nothing that a run depends on changes afterwards.")
class MobilityFreeze(MobilityWork):
    snapshot: MobilitySnapshot | None


@strawberry.type(description="How many wishes of a run got a code.")
class MobilityCodeCount:
    code: str
    wishes: int


@strawberry.type(description="A file of a run; REST hands it out by its name.")
class MobilityFile:
    name: str
    sha256: str
    rows: int | None = strawberry.field(description="Without the header; null of what is no table.")
    size: int = strawberry.field(description="Bytes.")


@strawberry.type(description="A run of a frozen campaign; what it came to is null until it has succeeded.")
class MobilityRun(MobilityWork):
    lottery_value: str
    lottery_seed: str
    is_first: bool | None = strawberry.field(description="Its result is the campaign's; later runs prove that one.")
    identity: str | None = strawberry.field(description="Two runs of the same identity have found the same.")
    snapshot_digest: str | None
    result_digest: str | None
    participants: int | None
    wishes: int | None
    movers: int | None
    chains: int | None
    cycles: int | None
    longest: int | None = strawberry.field(description="Moves of the longest chain or cycle.")
    own_cell_share: float | None = strawberry.field(
        description="Share of the wishes that could count, refused by a full cell that holds the person's own seat."
    )
    codes: list[MobilityCodeCount]
    files: list[MobilityFile]


@strawberry.type(description="How many people more than now a cell may hold in a rehearsal.")
class MobilityHeadroom:
    cell: str
    headroom: int


@strawberry.type(description="Seats of a class of urgency: how many are empty before and after.")
class MobilityUrgentSeats:
    urgency: int
    seats: int
    empty_before: int
    empty_after: int


@strawberry.type(description="How many people a region wins and loses in a round of a rehearsal.")
class MobilityRehearsalFlow:
    region: str = strawberry.field(description="`province` or `institution`.")
    code: str | None = strawberry.field(description="Of a province, or the id of an institution.")
    name: str | None
    came: int
    went: int
    net: int


@strawberry.type(description="What a round of a rehearsal comes to.")
class MobilityRehearsalVariant:
    is_baseline: bool = strawberry.field(description="As the campaign is laid down; else as rehearsed.")
    own_cell_first: bool
    movers: int
    by_rank: list[int] = strawberry.field(description="How many get their first wish, their second, and so on.")
    chains: int
    cycles: int
    lengths: list[int] = strawberry.field(description="How many chains and cycles have one move, two, and so on.")
    own_cell_refusals: int
    urgent: list[MobilityUrgentSeats]
    flows: list[MobilityRehearsalFlow]


@strawberry.type(description="A campaign run under other settings with lots that are invented; nothing is published.")
class MobilityRehearsal(MobilityWork):
    headroom: list[MobilityHeadroom]
    release_percent: int | None
    is_frozen: bool | None = strawberry.field(description="Whether it stands on the snapshot, or on what stood then.")
    participants: int | None
    unassessed: int | None = strawberry.field(description="How many of them had no points yet.")
    variants: list[MobilityRehearsalVariant]


@strawberry.type
class MobilityRunEdge:
    cursor: str
    node: MobilityRun


@strawberry.type(description="A page of runs, newest first.")
class MobilityRunConnection:
    edges: list[MobilityRunEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class MobilityRehearsalEdge:
    cursor: str
    node: MobilityRehearsal


@strawberry.type(description="A page of rehearsals, newest first.")
class MobilityRehearsalConnection:
    edges: list[MobilityRehearsalEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(description="Freeze a campaign whose corrections are over, or earlier: then say why.")
class FreezeMobilityCampaignInput:
    is_early: bool = False
    because: str | None = None


@strawberry.input(description="The public value of the lottery; the seed where one has worked it out oneself.")
class StartMobilityRunInput:
    value: str
    seed: str | None = None


@strawberry.input(
    description="What is to be different: headroom by cell, and release quotas in percent of what they are."
)
class RehearseMobilityInput:
    headroom: JSON | None = None
    release_percent: int | None = None


@strawberry.type
class MobilityRunQueries:
    @strawberry.field(description="The latest freeze of an own campaign.")
    def mobility_freeze(self, campaign_id: UUID) -> MobilityFreeze | None:
        compiled()

    @strawberry.field(description="One run; of others' campaigns once they are published.")
    def mobility_run(self, run_id: UUID) -> MobilityRun | None:
        compiled()

    @strawberry.field(description="The runs of a campaign, newest first.")
    def mobility_runs(
        self, campaign_id: UUID, first: int | None = None, after: str | None = None
    ) -> MobilityRunConnection | None:
        compiled()

    @strawberry.field(description="One rehearsal of an own campaign.")
    def mobility_rehearsal(self, rehearsal_id: UUID) -> MobilityRehearsal | None:
        compiled()

    @strawberry.field(description="The rehearsals of an own campaign, newest first.")
    def mobility_rehearsals(
        self, campaign_id: UUID, first: int | None = None, after: str | None = None
    ) -> MobilityRehearsalConnection | None:
        compiled()


@strawberry.type
class MobilityRunChanges:
    @strawberry.field(description="Freeze what the run of a campaign depends on, in the background.")
    def freeze_mobility_campaign(
        self,
        campaign_id: UUID,
        input: FreezeMobilityCampaignInput,  # noqa: A002
        revision: int,
    ) -> MobilityFreeze | None:
        compiled()

    @strawberry.field(description="Stop a freeze that is under way.")
    def cancel_mobility_freeze(self, campaign_id: UUID) -> MobilityFreeze | None:
        compiled()

    @strawberry.field(description="Run a frozen campaign in the background.")
    def start_mobility_run(self, campaign_id: UUID, input: StartMobilityRunInput) -> MobilityRun | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Stop a run that is under way; nothing of it is kept.")
    def cancel_mobility_run(self, run_id: UUID) -> MobilityRun | None:
        compiled()

    @strawberry.field(description="Run a campaign under other settings in the background; nothing is published.")
    def rehearse_mobility(self, campaign_id: UUID, input: RehearseMobilityInput) -> MobilityRehearsal | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Stop a rehearsal that is under way; nothing of it is kept.")
    def cancel_mobility_rehearsal(self, rehearsal_id: UUID) -> MobilityRehearsal | None:
        compiled()


async def mobility_freeze(asked: Asked, campaign_id: UUID) -> Document:
    return await mobility_runs.mobility_freeze_document(asked.db, asked.actor, campaign_id, asked.wanted)


async def mobility_run(asked: Asked, run_id: UUID) -> Document:
    return await mobility_runs.mobility_run_document(asked.db, asked.actor, run_id, asked.wanted)


async def mobility_runs_page(
    asked: Asked, campaign_id: UUID, first: int | None = None, after: str | None = None
) -> Document:
    return await mobility_runs.mobility_runs_page(asked.db, asked.actor, campaign_id, first, after, asked.wanted)


async def mobility_rehearsal(asked: Asked, rehearsal_id: UUID) -> Document:
    return await mobility_rehearsals.mobility_rehearsal_document(asked.db, asked.actor, rehearsal_id, asked.wanted)


async def mobility_rehearsals_page(
    asked: Asked, campaign_id: UUID, first: int | None = None, after: str | None = None
) -> Document:
    service = mobility_rehearsals.mobility_rehearsals_page
    return await service(asked.db, asked.actor, campaign_id, first, after, asked.wanted)


async def freeze_mobility_campaign(
    asked: Asked,
    campaign_id: UUID,
    input: dict[str, Any],  # noqa: A002
    revision: int,
) -> Document:
    command, expected = FreezeMobilityCampaign.model_validate(input, by_alias=True), exactly(revision)
    await mobility_runs.freeze_mobility_campaign(asked.db, asked.actor, campaign_id, command, expected=expected)
    return await mobility_freeze(asked, campaign_id)


async def cancel_mobility_freeze(asked: Asked, campaign_id: UUID) -> Document:
    await mobility_runs.cancel_mobility_freeze(asked.db, asked.actor, campaign_id)
    return await mobility_freeze(asked, campaign_id)


async def start_mobility_run(asked: Asked, campaign_id: UUID, input: dict[str, Any]) -> Document:  # noqa: A002
    command = StartMobilityRun.model_validate(input, by_alias=True)
    return await mobility_run(
        asked, await mobility_runs.start_mobility_run(asked.db, asked.actor, campaign_id, command)
    )


async def cancel_mobility_run(asked: Asked, run_id: UUID) -> Document:
    await mobility_runs.cancel_mobility_run(asked.db, asked.actor, run_id)
    return await mobility_run(asked, run_id)


async def rehearse_mobility(asked: Asked, campaign_id: UUID, input: dict[str, Any]) -> Document:  # noqa: A002
    given = {name: value for name, value in input.items() if value is not None}
    command = RehearseMobility.model_validate(given, by_alias=True)
    rehearsal_id = await mobility_rehearsals.rehearse_mobility(asked.db, asked.actor, campaign_id, command)
    return await mobility_rehearsal(asked, rehearsal_id)


async def cancel_mobility_rehearsal(asked: Asked, rehearsal_id: UUID) -> Document:
    await mobility_rehearsals.cancel_mobility_rehearsal(asked.db, asked.actor, rehearsal_id)
    return await mobility_rehearsal(asked, rehearsal_id)


ROOTS: dict[str, RootFunction] = {
    "mobilityFreeze": mobility_freeze,
    "mobilityRun": mobility_run,
    "mobilityRuns": mobility_runs_page,
    "mobilityRehearsal": mobility_rehearsal,
    "mobilityRehearsals": mobility_rehearsals_page,
}
CHANGES: dict[str, RootFunction] = {
    "freezeMobilityCampaign": freeze_mobility_campaign,
    "cancelMobilityFreeze": cancel_mobility_freeze,
    "startMobilityRun": start_mobility_run,
    "cancelMobilityRun": cancel_mobility_run,
    "rehearseMobility": rehearse_mobility,
    "cancelMobilityRehearsal": cancel_mobility_rehearsal,
}
