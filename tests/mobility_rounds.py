"""Invented rounds of mobility as campaigns whose corrections are over, and what the worker would do with them."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import asyncpg

from app.db.database import Database
from app.dev.benchmark.mobility_laying import Laid, lay_cells, lay_round
from app.dev.benchmark.mobility_market import invent
from app.domain.actors import Actor
from app.domain.mobility_campaigns import State
from app.kernels.mobility_rounds import Labels, Round
from app.services import mobility_rehearsals, mobility_runs
from app.services.mobility_rehearsals import RehearseMobility
from app.services.mobility_runs import FreezeMobilityCampaign, StartMobilityRun
from tests.conftest import url_of
from tests.factories import an_institution
from tests.mobility import EARLY, a_campaign, advanced

FREEZE = FreezeMobilityCampaign(is_early=True, because=EARLY)
VALUE = StartMobilityRun(value="17 23 42 5 61 8")


async def a_round(
    db: Database, database: str, organiser: Actor, participants: int = 60, round_: tuple[Round, Labels] | None = None
) -> tuple[UUID, Laid]:
    """A campaign in `correction` whose round was invented; everybody in it has points."""
    told, labels = round_ or invent(participants)
    laid = Laid(organiser.institution_id, await a_campaign(db, organiser), (await an_institution(db)).institution_id)
    connection = await asyncpg.connect(url_of(database, "postgres"))
    try:
        await lay_cells(connection, laid, told)
        await advanced(db, organiser, laid.campaign_id, State.COLLECTING)
        await lay_round(connection, laid, told, labels)
    finally:
        await connection.close()
    await advanced(db, organiser, laid.campaign_id, State.CORRECTION)
    return laid.campaign_id, laid


async def frozen(db: Database, organiser: Actor, campaign_id: UUID) -> dict[str, Any]:
    """The campaign frozen, as the worker does it; the document of the freeze."""
    work_id = await mobility_runs.freeze_mobility_campaign(db, organiser, campaign_id, FREEZE)
    await mobility_runs.run_mobility_freeze(db, organiser, work_id)
    document: dict[str, Any] = json.loads(await mobility_runs.mobility_freeze_document(db, organiser, campaign_id))
    return document


async def run(db: Database, organiser: Actor, campaign_id: UUID) -> dict[str, Any]:
    """The frozen campaign run, as the worker does it; the document of the run."""
    run_id = await mobility_runs.start_mobility_run(db, organiser, campaign_id, VALUE)
    await mobility_runs.run_mobility(db, organiser, run_id)
    document: dict[str, Any] = json.loads(await mobility_runs.mobility_run_document(db, organiser, run_id))
    return document


async def rehearsed(db: Database, organiser: Actor, campaign_id: UUID, command: RehearseMobility) -> dict[str, Any]:
    """A rehearsal of the campaign, as the worker does it; its document."""
    work_id = await mobility_rehearsals.rehearse_mobility(db, organiser, campaign_id, command)
    await mobility_rehearsals.run_mobility_rehearsal(db, organiser, work_id)
    document = await mobility_rehearsals.mobility_rehearsal_document(db, organiser, work_id)
    told: dict[str, Any] = json.loads(document)
    return told
