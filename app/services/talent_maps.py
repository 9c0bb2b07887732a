"""Talent maps from elsewhere: imported as closed cycles to compare with, each row checked against its rubric."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Annotated, cast
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import exported, imported_map, staging
from app.db.database import Database
from app.db.ledger import record
from app.db.tables.cycles import CycleRow
from app.domain.actors import Actor, Permission
from app.domain.cycles import Origin, Phase
from app.domain.errors import Conflict, Invalid
from app.domain.events import TalentMapImported
from app.domain.placement import Placement
from app.services import calculation, cycles, imports
from app.services.contract import Command, StorableText
from app.services.import_report import DeliveredFile, ImportRun, Report
from app.sheets import talent_map
from app.sheets.layouts import RefusedCell, Values
from app.sheets.reading import Limits
from app.sheets.talent_map import MapLayout


class ImportTalentMap(Command):
    """Import a talent map as a closed cycle of that name, day and rubric."""

    name: cycles.Name
    as_of: cycles.Day
    rubric_code: Annotated[StorableText, Field(min_length=1, max_length=100)]
    rubric_version: int = Field(ge=1, le=cycles.LATEST_VERSION)
    dry_run: bool = False
    """Report everything, store nothing."""
    all_or_nothing: bool = False
    """Store nothing if any row is refused."""


class TalentMapReport(Report):
    """What became of every row, and the cycle that holds the accepted ones; null when nothing was stored."""

    cycle: str | None


async def import_talent_map(
    db: Database, actor: Actor, command: ImportTalentMap, files: Sequence[DeliveredFile], *, limits: Limits
) -> TalentMapReport:
    """Import a map made elsewhere: its rows become the placements of a closed cycle, never a calculation of ours.

    A row is refused, with its cell, where its points do not add up to its axes, or its categories, box or talent value
    do not follow from the rubric. Nothing is stored if no row is accepted. Refused if a cycle has that name.
    """
    actor.require(Permission.MANAGE_CYCLES)
    code, version = command.rubric_code, command.rubric_version
    async with db.write_as(actor) as tx:
        await imports._hold_institution(tx, actor)  # noqa: SLF001 - a service composes another's steps
        rubric = await calculation._rubric_of(tx, code, version)  # noqa: SLF001
        layout = MapLayout(rubric, await exported.load_indicators(tx, code, version))
        run = await _begin(tx, db, actor, command, files, limits, layout)
        cycle_id = await _found_cycle(tx, db, actor, command, run.delivery.digest)
        accepted = await _take_rows(tx, actor, run, layout, command.as_of)
        run.mapped = run.changes["placements"] = accepted and await imported_map.keep_placements(
            tx, actor.institution_id, cycle_id, code, version
        )
        event = TalentMapImported(
            cycle_id, command.as_of.isoformat(), f"{code}/{version}", run.delivery.digest, run.mapped
        )
        await record(tx, actor, event)
        await imports._finish(tx, actor, command.as_of, run)  # noqa: SLF001
        stored = bool(accepted) and not command.dry_run and not (command.all_or_nothing and run.refusals)
        if not stored:
            await tx.rollback()
    return TalentMapReport(**run.report(command.as_of, stored=stored), cycle=str(cycle_id) if stored else None)


async def _begin(
    tx: AsyncSession,
    db: Database,
    actor: Actor,
    command: ImportTalentMap,
    files: Sequence[DeliveredFile],
    limits: Limits,
    layout: MapLayout,
) -> ImportRun:
    recognise = partial(talent_map.recognise, layout=layout)
    delivery = await asyncio.to_thread(imports._open, files, limits, recognise)  # noqa: SLF001
    if not delivery.sheets:
        raise Invalid("talent_map.not_recognised", names=", ".join(file.name for file in delivery.files))
    run = ImportRun(uuid4(), delivery, lambda _what, _done, _all: None)
    await imports._begin(tx, db, actor, command.as_of, run)  # noqa: SLF001
    return run


async def _found_cycle(tx: AsyncSession, db: Database, actor: Actor, command: ImportTalentMap, digest: str) -> UUID:
    """The cycle, closed from the beginning; in place of frozen inputs it has the digest of the files."""
    cycle_id = uuid4()
    row = insert(CycleRow).values(
        institution_id=actor.institution_id,
        id=cycle_id,
        name=command.name,
        as_of=command.as_of,
        rubric_code=command.rubric_code,
        rubric_version=command.rubric_version,
        phase=Phase.CLOSED.value,
        guideline=[],
        origin=Origin.IMPORTED.value,
        inputs_digest=digest,
        created_at=db.now(),
    )
    founded = row.on_conflict_do_nothing(index_elements=["institution_id", "name"]).returning(CycleRow.id)
    if await tx.scalar(founded) is None:
        raise Conflict("cycle.exists", name=command.name)
    await cycles._note_phase(tx, db, actor, cycle_id, Phase.CLOSED)  # noqa: SLF001
    return cycle_id


async def _take_rows(tx: AsyncSession, actor: Actor, run: ImportRun, layout: MapLayout, as_of: date) -> int:
    """Stage what can be accepted; returns how many rows that are."""
    nips = await staging.known_nips(tx, actor.institution_id)
    await staging.PLACEMENTS.open(tx)
    for sheet in run.delivery.sheets:
        complete = partial(_complete, layout, as_of)
        await imports._stage(  # noqa: SLF001
            tx,
            sheet,
            staging.PLACEMENTS,
            run,
            complete,
            partial(imports._is_among, nips),  # noqa: SLF001
        )
    for number, row, nip in await imported_map.drop_repeated(tx):
        run.refuse(run.delivery.sheets[number], row, RefusedCell("NIP", nip, "talent_map.repeated", {}))
    return sum(count["rows"] - count["refused"] for count in run.counts.values())


def _complete(layout: MapLayout, as_of: date, row: Values) -> Values:
    """What a checked row is stored as."""
    placement, points = cast("Placement", row["placement"]), cast("list[int | None]", row["points"])
    stated = {name: row.get(name) for name in imported_map.STATED}
    calculated = {**imported_map.columns_of(layout.rubric, as_of, placement, points)}
    return {**stated, **calculated, "talent_value": _decimal(placement.talent_value)}


def _decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(value.numerator) / Decimal(value.denominator)
