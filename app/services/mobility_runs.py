"""Mobility campaigns frozen and run: each as background work that happens whole or not at all."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import UUID

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database, fetch_rows
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes import mobility_runs as shapes
from app.db.tables.mobility import MobilityCampaignRow, MobilitySecretRow
from app.db.tables.mobility_runs import MobilityFileRow, MobilityRunRow, MobilityWorkRow
from app.domain import mobility_campaign_rules
from app.domain import mobility_campaigns as rules
from app.domain.actors import Actor, Permission
from app.domain.errors import Conflict, Fault, NotFound, refuse
from app.domain.mobility_answers import Code
from app.domain.mobility_campaigns import State
from app.domain.mobility_events import MobilityCampaignFrozen, MobilityRunFinished, MobilityRunStarted
from app.domain.mobility_lottery import Lottery, must_keep_commitment, seed_of
from app.domain.mobility_run import SNAPSHOT, Rules, Written, identity_of, result_digest, run_paper, snapshot_digest
from app.domain.mobility_work import Kind, Stage
from app.domain.revisions import Expected
from app.services import mobility_campaigns, mobility_cells, mobility_results, mobility_work
from app.services.contract import Command, Comment, StorableText, named_cursor, page_size
from app.services.mobility_work import Progress

if TYPE_CHECKING:  # what compiles machine code is loaded by the worker alone
    from app.services.mobility_rounds import Found, Loaded

MILLION = 10**6
PAPER = "run.json"


class FreezeMobilityCampaign(Command):
    """Freeze a campaign: nothing that a run depends on changes any more, but for the public value still to come."""

    is_early: bool = Field(default=False, description="That the term for corrections is cut short on purpose.")
    because: Comment | None = Field(None, description="Why it is cut short: everybody reads it.")


class StartMobilityRun(Command):
    """Run a frozen campaign with the value that its public source gave."""

    value: StorableText = Field(min_length=1, max_length=200, pattern=r"^[^\r\n]*\S[^\r\n]*$")
    seed: str | None = Field(
        None, pattern="^[0-9a-f]{64}$", description="What one has worked out oneself; another one is refused."
    )


# ── freezing


async def freeze_mobility_campaign(
    db: Database,
    actor: Actor,
    campaign_id: UUID,
    command: FreezeMobilityCampaign | None = None,
    *,
    expected: Expected | None = None,
) -> UUID:
    """Queue the freeze of a campaign whose corrections are over; a worker then does `run_mobility_freeze`.

    Refused while somebody who takes part has no points yet, and while nobody does. What else keeps the round from
    being run is found by the worker, told in the freeze's document, and leaves the campaign as it was.
    """
    actor.require(Permission.ORGANISE_MOBILITY)
    command = command or FreezeMobilityCampaign()
    if command.is_early and command.because is None:
        refuse(Fault("mobility_campaign.because", "/because"))
    async with db.write_as(actor) as tx:
        campaign = await mobility_campaigns._hold(tx, actor, campaign_id, expected)  # noqa: SLF001 - another's step
        rules.must_be_in(State(campaign.state), (State.CORRECTION,))
        calendar = mobility_campaigns._calendar(campaign)  # noqa: SLF001
        if mobility_campaign_rules.is_running(State.CORRECTION, calendar, db.today()) and not command.is_early:
            raise mobility_campaign_rules.too_early(State.CORRECTION, calendar)
        await _must_be_assessed(tx, campaign)
        work = await mobility_work._queue(  # noqa: SLF001
            tx, db, actor, campaign, Kind.FREEZE, is_early=command.is_early, because=command.because
        )
    return work.id


async def run_mobility_freeze(db: Database, actor: Actor, work_id: UUID) -> None:
    """Carry out a queued freeze to its end. A failure is told in its document, and leaves nothing behind."""
    actor.require(Permission.ORGANISE_MOBILITY)

    async def work(tx: AsyncSession, row: MobilityWorkRow, progress: Progress) -> None:
        await _freeze(tx, db, actor, row, progress)

    await mobility_work._carry_out(db, actor, work_id, Kind.FREEZE, work)  # noqa: SLF001


async def cancel_mobility_freeze(db: Database, actor: Actor, campaign_id: UUID) -> None:
    """Stop a freeze that is under way: the campaign stays as it is."""
    actor.require(Permission.ORGANISE_MOBILITY)
    async with db.write_as(actor) as tx:
        row = MobilityWorkRow
        of_campaign = select(row.id).where(
            row.institution_id == actor.institution_id, row.campaign_id == campaign_id, row.kind == Kind.FREEZE.value
        )
        work_id = await tx.scalar(of_campaign.order_by(row.queued_at.desc()).limit(1))
        if work_id is None:
            raise NotFound("mobility_work.not_found")
        await mobility_work._cancel(tx, db, actor, work_id, Kind.FREEZE)  # noqa: SLF001


async def _freeze(tx: AsyncSession, db: Database, actor: Actor, row: MobilityWorkRow, progress: Progress) -> None:
    from app.kernels import run_files  # noqa: PLC0415 - loads the compiler
    from app.kernels.mobility_rounds import must_be_sound  # noqa: PLC0415 - loads the compiler
    from app.services import mobility_rounds  # noqa: PLC0415 - loads the compiler

    campaign = await mobility_campaigns._hold(tx, actor, row.campaign_id)  # noqa: SLF001
    rules.must_be_in(State(campaign.state), (State.CORRECTION,))
    await mobility_cells._must_not_cross(tx, campaign)  # noqa: SLF001
    progress.enter(Stage.COPYING)
    await fetch_rows(tx, "SELECT freeze_mobility_campaign($1, $2)", campaign.id, db.now())
    await _must_be_assessed(tx, campaign)
    progress.enter(Stage.LOADING)
    loaded = await mobility_rounds._load(tx, campaign)  # noqa: SLF001
    progress.enter(Stage.CHECKING)
    progress.people = len(loaded.round_.home)
    if not progress.people:
        raise Conflict("mobility_run.nobody")
    await asyncio.to_thread(must_be_sound, loaded.round_, loaded.labels)
    tables = run_files.snapshot_tables(loaded.round_, loaded.labels)
    written = await mobility_rounds._write(tx, campaign, tables, progress)  # noqa: SLF001
    digest = snapshot_digest(written, _rules_of(campaign), _lottery_of(campaign, b"", "")).hex()
    campaign.snapshot_digest = digest
    await mobility_campaigns._enter(  # noqa: SLF001
        tx, db, actor, campaign, State.FROZEN, is_early=row.is_early, because=row.because
    )
    counts = {name.removesuffix(".csv"): file.rows for name, file in written.items()}
    await record(tx, actor, MobilityCampaignFrozen(campaign.id, digest, counts))


async def _must_be_assessed(tx: AsyncSession, campaign: MobilityCampaignRow) -> None:
    """Refused with how many have no points yet, by institution."""
    rows = await fetch_rows(tx, "SELECT institution, people FROM unassessed_for_mobility($1)", campaign.id)
    if rows:
        told = [Fault("mobility_run.unassessed_of", f"/institutions/{n}", dict(row)) for n, row in enumerate(rows)]
        raise Conflict("mobility_run.unassessed", faults=tuple(told), people=sum(row["people"] for row in rows))


def _rules_of(campaign: MobilityCampaignRow) -> Rules:
    version = f"{campaign.formula_code}/{campaign.formula_version}"
    return Rules(str(campaign.id), campaign.profile, version, campaign.own_cell_first)


def _lottery_of(campaign: MobilityCampaignRow, secret: bytes, value: str) -> Lottery:
    commitment = bytes.fromhex(campaign.lottery_commitment)
    return Lottery(commitment, campaign.lottery_source, secret, value, seed_of(secret, value))


# ── running


async def start_mobility_run(db: Database, actor: Actor, campaign_id: UUID, command: StartMobilityRun) -> UUID:
    """Queue a run of a frozen campaign; a worker then does `run_mobility`.

    Refused where the secret is not the one committed to, and where a seed is named that does not follow from both.
    After a run that succeeded another one only proves that the same comes out: the value stays.
    """
    actor.require(Permission.ORGANISE_MOBILITY)
    async with db.write_as(actor) as tx:
        campaign = await mobility_campaigns._hold(tx, actor, campaign_id)  # noqa: SLF001
        rules.must_be_in(State(campaign.state), (State.FROZEN, State.RUN))
        if campaign.state == State.RUN.value and campaign.lottery_value != command.value:
            raise Conflict("mobility_run.other_value", value=campaign.lottery_value)
        lottery = await _drawn(tx, campaign, command.value, command.seed)
        work = await mobility_work._queue(tx, db, actor, campaign, Kind.RUN)  # noqa: SLF001
        run = MobilityRunRow(
            institution_id=actor.institution_id,
            id=work.id,
            campaign_id=campaign_id,
            value=command.value,
            seed=lottery.seed.hex(),
        )
        tx.add(run)
        campaign.lottery_value = command.value
        await record(tx, actor, MobilityRunStarted(campaign_id, work.id, command.value, run.seed))
    return work.id


async def _drawn(tx: AsyncSession, campaign: MobilityCampaignRow, value: str, seed: str | None = None) -> Lottery:
    """The lottery with its secret; refused where what was committed to is something else."""
    secret = await tx.get(MobilitySecretRow, (campaign.institution_id, campaign.id))
    if secret is None:
        raise NotFound("mobility_campaign.not_found")
    lottery = _lottery_of(campaign, secret.secret, value)
    if seed is not None:
        lottery = Lottery(lottery.commitment, lottery.source, lottery.secret, lottery.value, bytes.fromhex(seed))
    must_keep_commitment(lottery)
    return lottery


async def run_mobility(db: Database, actor: Actor, work_id: UUID) -> None:
    """Carry out a queued run to its end. A failure is told in its document, and leaves nothing behind."""
    actor.require(Permission.ORGANISE_MOBILITY)

    async def work(tx: AsyncSession, row: MobilityWorkRow, progress: Progress) -> None:
        await _run(tx, db, actor, row, progress)

    await mobility_work._carry_out(db, actor, work_id, Kind.RUN, work)  # noqa: SLF001


async def cancel_mobility_run(db: Database, actor: Actor, run_id: UUID) -> None:
    """Stop a run that is under way: nothing of it is kept, and another one may be started."""
    actor.require(Permission.ORGANISE_MOBILITY)
    async with db.write_as(actor) as tx:
        await mobility_work._cancel(tx, db, actor, run_id, Kind.RUN)  # noqa: SLF001


async def _run(tx: AsyncSession, db: Database, actor: Actor, row: MobilityWorkRow, progress: Progress) -> None:
    from app.services import mobility_rounds  # noqa: PLC0415 - loads the compiler

    campaign = await mobility_campaigns._hold(tx, actor, row.campaign_id)  # noqa: SLF001
    rules.must_be_in(State(campaign.state), (State.FROZEN, State.RUN))
    run = await tx.get_one(MobilityRunRow, (row.institution_id, row.id))
    lottery = await _drawn(tx, campaign, run.value)
    progress.enter(Stage.LOADING)
    loaded = await mobility_rounds._load(tx, campaign)  # noqa: SLF001
    found = await mobility_rounds._solve(loaded, lottery.seed, progress)  # noqa: SLF001
    tables = mobility_rounds._result_tables(found, loaded.labels)  # noqa: SLF001
    is_first = campaign.state == State.FROZEN.value
    written = await mobility_rounds._write(tx, campaign, tables, progress, is_kept=is_first)  # noqa: SLF001
    _note(run, campaign, loaded, found)
    progress.people = run.participants or 0
    run.is_first, run.result_digest = is_first, result_digest(written).hex()
    run.identity = identity_of(bytes.fromhex(run.snapshot_digest or ""), _rules_of(campaign), lottery).hex()
    if not is_first:
        await _must_be_same(tx, run)
    else:
        paper = run_paper(await _snapshot_files(tx, campaign) | written, _rules_of(campaign), lottery)
        await mobility_rounds._write_paper(tx, campaign, PAPER, paper)  # noqa: SLF001
        progress.enter(Stage.KEEPING)
        await tx.flush()
        await mobility_results._keep(tx, run, found, tables)  # noqa: SLF001
        await mobility_campaigns._enter(tx, db, actor, campaign, State.RUN)  # noqa: SLF001
    await record(tx, actor, MobilityRunFinished(campaign.id, run.id, run.identity, run.result_digest, run.movers or 0))


def _note(run: MobilityRunRow, campaign: MobilityCampaignRow, loaded: Loaded, found: Found) -> None:
    """What the run came to, in counts."""
    from app.services import mobility_rounds  # noqa: PLC0415 - loads the compiler

    codes = mobility_rounds._codes(found, loaded.labels)  # noqa: SLF001
    unbarred = int((found.results.code >= 0).sum())
    run.snapshot_digest = campaign.snapshot_digest
    run.participants, run.wishes = len(found.round_.home), len(found.round_.post)
    run.movers, run.chains = len(found.moves.participant), found.moves.chains
    run.cycles = int(found.moves.unit.max(initial=0)) - found.moves.chains
    run.longest = int(found.moves.step.max(initial=0))
    run.codes = codes
    run.own_cell_share = codes.get(Code.CEILING_OWN_CELL, 0) * MILLION // max(unbarred, 1)


async def _must_be_same(tx: AsyncSession, run: MobilityRunRow) -> None:
    """The same identity, the same bytes: whatever else would come out is told, and kept nowhere."""
    first = select(MobilityRunRow).where(
        MobilityRunRow.institution_id == run.institution_id,
        MobilityRunRow.campaign_id == run.campaign_id,
        MobilityRunRow.is_first.is_(True),
        MobilityRunRow.id != run.id,
    )
    kept = (await tx.scalars(first)).one()
    if (run.identity, run.result_digest) != (kept.identity, kept.result_digest):
        raise Conflict("mobility_run.differs", found=run.result_digest, kept=kept.result_digest)


async def _snapshot_files(tx: AsyncSession, campaign: MobilityCampaignRow) -> dict[str, Written]:
    row = MobilityFileRow
    of_campaign = select(row).where(
        row.institution_id == campaign.institution_id, row.campaign_id == campaign.id, row.name.in_(SNAPSHOT)
    )
    files = {file.name: file for file in await tx.scalars(of_campaign)}
    return {name: Written(bytes.fromhex(files[name].sha256), files[name].rows or 0) for name in SNAPSHOT}


# ── reads


async def mobility_freeze_document(
    db: Database, actor: Actor, campaign_id: UUID, wanted: Selection | None = None
) -> Document:
    """The latest freeze of an own campaign: how far it is, what keeps it from being done, what was counted."""
    actor.require(Permission.ORGANISE_MOBILITY)
    return _found(await db.document_as(actor, shapes.MOBILITY_FREEZE, wanted, campaign_id=campaign_id))


async def mobility_run_document(db: Database, actor: Actor, run_id: UUID, wanted: Selection | None = None) -> Document:
    """One run: how far it is, what it rests on, what it came to, and its files.

    The organiser reads it at any time, everybody once the campaign is published.
    """
    actor.require(Permission.READ_MOBILITY)
    return _found(await db.document_as(actor, shapes.MOBILITY_RUN, wanted, id=run_id))


async def mobility_runs_page(
    db: Database,
    actor: Actor,
    campaign_id: UUID,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """The runs of a campaign, newest first; of others' campaigns the one whose results are published."""
    actor.require(Permission.READ_MOBILITY)
    return await db.page_as(
        actor, shapes.MOBILITY_RUNS, wanted, page_size(first), named_cursor(after), campaign_id=campaign_id
    )


def _found(document: Document | None) -> Document:
    if document is None:
        raise NotFound("mobility_work.not_found")
    return document
