"""Rehearsals of mobility campaigns: what other headroom, quotas or order would come to, beside what is laid down."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database, fetch_rows
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes import mobility_rehearsals as shapes
from app.db.tables.mobility import MobilityCampaignRow, MobilityCellRow
from app.db.tables.mobility_runs import (
    MobilityRehearsalFlowRow,
    MobilityRehearsalRow,
    MobilityRehearsalVariantRow,
    MobilityWorkRow,
)
from app.domain import mobility_campaigns as rules
from app.domain.actors import Actor, Permission
from app.domain.errors import Conflict, Fault, NotFound, refuse
from app.domain.mobility_campaigns import State
from app.domain.mobility_events import MobilityRehearsed
from app.domain.mobility_work import Kind, Stage
from app.services import mobility_campaigns, mobility_work
from app.services.contract import Command, StorableText, named_cursor, page_size
from app.services.mobility_work import Progress

if TYPE_CHECKING:  # what compiles machine code is loaded by the worker alone
    from app.services.mobility_comparisons import Figures, Regions
    from app.services.mobility_rounds import Loaded

STANDING = (State.COLLECTING, State.CORRECTION)
"""Nothing is frozen yet: what stands now is rehearsed."""
MOST_CELLS = 5000
SEED_BYTES = 32
Headroom = Annotated[
    dict[Annotated[StorableText, Field(min_length=1, max_length=36)], Annotated[int, Field(ge=0, le=10**6)]],
    Field(max_length=MOST_CELLS),
]


class RehearseMobility(Command):
    """Run a campaign under other settings to compare; nothing of it is published, and no lot that will count is drawn.

    Each comparison is made without `ownCellFirst` and with it.
    """

    headroom: Headroom = Field({}, description="By cell, how many people more than now it may hold; others stay.")
    release_percent: int | None = Field(
        None, ge=0, le=1000, description="Release quotas of all units as a share of what they are; 100 changes nothing."
    )


# ── writes


async def rehearse_mobility(db: Database, actor: Actor, campaign_id: UUID, command: RehearseMobility) -> UUID:
    """Queue a rehearsal; a worker then does `run_mobility_rehearsal`.

    Of a frozen campaign the snapshot is rehearsed; before that what stands now, with the points known so far.
    """
    actor.require(Permission.ORGANISE_MOBILITY)
    async with db.write_as(actor) as tx:
        campaign = await mobility_campaigns._hold(tx, actor, campaign_id)  # noqa: SLF001 - another's step
        _must_be_rehearsed(campaign)
        cell = MobilityCellRow
        known = select(cell.id).where(cell.institution_id == actor.institution_id, cell.campaign_id == campaign_id)
        cells = set(await tx.scalars(known))
        strange = [one for one in command.headroom if one not in cells]
        if strange:
            refuse(*(Fault("mobility_rehearsal.no_cell", f"/headroom/{one}", {"cell": one}) for one in strange))
        work = await mobility_work._queue(tx, db, actor, campaign, Kind.REHEARSAL)  # noqa: SLF001
        tx.add(
            MobilityRehearsalRow(
                institution_id=actor.institution_id,
                id=work.id,
                campaign_id=campaign_id,
                headroom=command.headroom,
                release_percent=command.release_percent,
            )
        )
        await record(tx, actor, MobilityRehearsed(campaign_id, work.id, _settings(command)))
    return work.id


def _settings(command: RehearseMobility) -> dict[str, object]:
    return {"headroom": dict(command.headroom), "releasePercent": command.release_percent}


def _must_be_rehearsed(campaign: MobilityCampaignRow) -> None:
    rules.must_be_in(State(campaign.state), (*STANDING, State.FROZEN, State.RUN, State.PUBLISHED))


async def cancel_mobility_rehearsal(db: Database, actor: Actor, rehearsal_id: UUID) -> None:
    """Stop a rehearsal that is under way: nothing of it is kept."""
    actor.require(Permission.ORGANISE_MOBILITY)
    async with db.write_as(actor) as tx:
        await mobility_work._cancel(tx, db, actor, rehearsal_id, Kind.REHEARSAL)  # noqa: SLF001


async def run_mobility_rehearsal(db: Database, actor: Actor, work_id: UUID) -> None:
    """Carry out a queued rehearsal to its end. A failure is told in its document, and leaves nothing behind."""
    actor.require(Permission.ORGANISE_MOBILITY)

    async def work(tx: AsyncSession, row: MobilityWorkRow, progress: Progress) -> None:
        await _rehearse(tx, db, actor, row, progress)

    await mobility_work._carry_out(db, actor, work_id, Kind.REHEARSAL, work)  # noqa: SLF001


async def _rehearse(tx: AsyncSession, db: Database, actor: Actor, row: MobilityWorkRow, progress: Progress) -> None:
    from app.services import mobility_comparisons, mobility_rounds  # noqa: PLC0415 - loads the compiler

    campaign = await mobility_campaigns._find(tx, row.campaign_id)  # noqa: SLF001
    _must_be_rehearsed(campaign)
    rehearsal = await tx.get_one(MobilityRehearsalRow, (row.institution_id, row.id))
    loaded, regions = await _loaded(tx, db, campaign, progress)
    rehearsal.is_frozen = State(campaign.state) not in STANDING
    rehearsal.participants = progress.people = len(loaded.round_.home)
    if not rehearsal.participants:
        raise Conflict("mobility_run.nobody")
    unassessed = await fetch_rows(tx, "SELECT coalesce(sum(people), 0) FROM unassessed_for_mobility($1)", campaign.id)
    rehearsal.unassessed = int(unassessed[0][0])
    changed = mobility_comparisons.with_headroom(loaded, rehearsal.headroom)
    if rehearsal.release_percent is not None:
        rows = await fetch_rows(
            tx, "SELECT * FROM mobility_releases_at($1, $2)", campaign.id, rehearsal.release_percent
        )
        releases = [mobility_comparisons.Release(*one) for one in rows]
        changed = await asyncio.to_thread(mobility_comparisons.with_releases, changed, releases)
    is_changed = bool(rehearsal.headroom) or rehearsal.release_percent is not None
    seed = secrets.token_bytes(SEED_BYTES)  # the same invented lots for all of them, so that they can be compared
    await tx.flush()
    for is_baseline, round_ in ((True, loaded), *(((False, changed),) if is_changed else ())):
        for own_cell_first in (False, True):
            variant = mobility_comparisons.with_own_cell_first(round_, own_cell_first=own_cell_first)
            found = await mobility_rounds._solve(variant, seed, progress)  # noqa: SLF001
            figures = mobility_comparisons.figures_of(found, regions)
            await _keep(tx, rehearsal, figures, is_baseline=is_baseline, own_cell_first=own_cell_first)
    await record(tx, actor, MobilityRehearsed(campaign.id, row.id, {"participants": rehearsal.participants}))


REGIONS = """SELECT told.province_code, told.institution_id::text, told.institution
    FROM mobility_frozen_post f JOIN regions_of_mobility($2) AS told ON told.post = f.id
    WHERE f.institution_id = $1 AND f.campaign_id = $2 ORDER BY f.id"""


async def _loaded(
    tx: AsyncSession, db: Database, campaign: MobilityCampaignRow, progress: Progress
) -> tuple[Loaded, list[Regions]]:
    """The frozen round; or the one that stands now, of which nothing stays but what was loaded."""
    from app.services import mobility_comparisons, mobility_rounds  # noqa: PLC0415 - loads the compiler

    copying = await tx.begin_nested() if State(campaign.state) in STANDING else None
    if copying is not None:
        progress.enter(Stage.COPYING)
        await fetch_rows(tx, "SELECT copy_mobility_round($1, $2)", campaign.id, db.now())
    progress.enter(Stage.LOADING)
    loaded = await mobility_rounds._load(tx, campaign)  # noqa: SLF001
    told = await fetch_rows(tx, REGIONS, campaign.institution_id, campaign.id)
    if copying is not None:
        await copying.rollback()
    provinces = mobility_comparisons.regions_of("province", [(code, None) for code, _, _ in told])
    institutions = mobility_comparisons.regions_of("institution", [(of_id, name) for _, of_id, name in told])
    return loaded, [provinces, institutions]


async def _keep(
    tx: AsyncSession, rehearsal: MobilityRehearsalRow, figures: Figures, *, is_baseline: bool, own_cell_first: bool
) -> None:
    key = {
        "institution_id": rehearsal.institution_id,
        "rehearsal_id": rehearsal.id,
        "is_baseline": is_baseline,
        "own_cell_first": own_cell_first,
    }
    values = asdict(figures)
    flows = values.pop("flows")
    await tx.execute(insert(MobilityRehearsalVariantRow).values({**key, **values}))
    if flows:
        rows = [{**key, "ordinal": ordinal, **flow} for ordinal, flow in enumerate(flows, start=1)]
        await tx.execute(insert(MobilityRehearsalFlowRow), rows)


# ── reads


async def mobility_rehearsal_document(
    db: Database, actor: Actor, rehearsal_id: UUID, wanted: Selection | None = None
) -> Document:
    """One rehearsal of an own campaign: how far it is, and what each of its rounds would come to."""
    actor.require(Permission.ORGANISE_MOBILITY)
    document = await db.document_as(actor, shapes.MOBILITY_REHEARSAL, wanted, id=rehearsal_id)
    if document is None:
        raise NotFound("mobility_work.not_found")
    return document


async def mobility_rehearsals_page(
    db: Database,
    actor: Actor,
    campaign_id: UUID,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """The rehearsals of an own campaign, newest first."""
    actor.require(Permission.ORGANISE_MOBILITY)
    return await db.page_as(
        actor, shapes.MOBILITY_REHEARSALS, wanted, page_size(first), named_cursor(after), campaign_id=campaign_id
    )
