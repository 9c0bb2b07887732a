"""Movements: who stands in another box than in an earlier cycle, and what moved them there."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

import numpy as np
from pydantic import Field
from sqlalchemy import delete, insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.data_subjects import PROCESSED
from app.db.database import Database, copy_rows, fetch_rows
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes import movements as shapes
from app.db.tables.cycles import CycleRow
from app.db.tables.movements import MovementRow, MovementRunRow
from app.domain import movement
from app.domain.actors import Actor, Permission
from app.domain.calculation import Kind
from app.domain.cycles import Origin, Phase
from app.domain.errors import Conflict, NotFound
from app.domain.events import MovementCalculated
from app.domain.movement import CAUSES, Cause, Compared
from app.domain.rubric import Rubric
from app.kernels import movement as kernel
from app.kernels.columns import UNKNOWN
from app.services import calculation, cycles, frozen_inputs
from app.services.calculation import Result, Run, Tick
from app.services.contract import Command, StorableText, named_cursor, page_size
from app.services.frozen_inputs import Batch
from app.services.scopes import scope_of


class MoverFilter(Command):
    """Which movers to list; what is not given does not restrict."""

    cause: Cause | None = Field(None, strict=False)
    unit: StorableText | None = Field(None, max_length=100, description="Id of a unit; those below it are included.")
    from_box: int | None = Field(None, ge=1, le=9)
    to_box: int | None = Field(None, ge=1, le=9)


# ── writes


async def start_movement(db: Database, actor: Actor, cycle_id: UUID, earlier_cycle_id: UUID) -> UUID:
    """Queue the comparison of two cycles; a worker then does `run_movement`.

    Refused while a calculation of the later one is under way, and unless both have reached calibration.
    """
    actor.require(Permission.MANAGE_CYCLES, Permission.CALIBRATE)
    if cycle_id == earlier_cycle_id:
        raise Conflict("movement.same")
    async with db.write_as(actor) as tx:
        await calculation._must_not_be_running(tx, cycle_id)  # noqa: SLF001 - said before anybody waits for the cycle
        cycle = await cycles._hold_cycle(tx, actor, cycle_id, alone=True)  # noqa: SLF001 - a service composes another's steps
        earlier = await tx.get(CycleRow, (actor.institution_id, earlier_cycle_id))
        if earlier is None:
            raise NotFound("cycle.not_found")
        movement.must_be_comparable(_compared(earlier), _compared(cycle))
        await calculation._must_not_be_running(tx, cycle_id)  # noqa: SLF001
        return await calculation._queue(tx, db, actor, Kind.MOVEMENT, cycle, earlier_cycle_id=earlier_cycle_id)  # noqa: SLF001


def _compared(cycle: CycleRow) -> Compared:
    return Compared(cycle.name, cycle.as_of, Phase(cycle.phase), cycle.origin == Origin.IMPORTED.value)


async def run_movement(db: Database, actor: Actor, calculation_id: UUID, earlier_cycle_id: UUID) -> None:
    """Carry out a queued comparison to its end. A failure is told in its document, and leaves nothing behind."""
    actor.require(Permission.MANAGE_CYCLES, Permission.CALIBRATE)

    async def work(tx: AsyncSession, run: Run, tick: Tick) -> Result:
        return await _compare(tx, db, actor, run, earlier_cycle_id, tick)

    await calculation._carry_out(db, actor, calculation_id, work)  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two cycles, and the rubric it was made with."""

    cycle: CycleRow
    rubric: Rubric


async def _compare(
    tx: AsyncSession, db: Database, actor: Actor, run: Run, earlier_cycle_id: UUID, tick: Tick
) -> Result:
    """Everybody's way between the two boxes, stored in place of an earlier comparison of the same cycles."""
    later, earlier = await _hold_both(tx, actor, run.cycle_id, earlier_cycle_id)
    keys = {"cycle_id": later.cycle.id, "earlier_cycle_id": earlier.cycle.id}
    for row in (MovementRow, MovementRunRow):
        await tx.execute(delete(row).filter_by(**keys))
    await tx.execute(
        insert(MovementRunRow).values(
            institution_id=actor.institution_id,
            **keys,
            calculation_id=run.id,
            calculated_at=db.now(),
            inputs_digest=later.cycle.inputs_digest,
            earlier_inputs_digest=earlier.cycle.inputs_digest,
        )
    )
    await tx.execute(text(STAGE))
    sequences = await frozen_inputs._sequences(tx, later.cycle.id)  # noqa: SLF001 - a service composes another's steps
    for number, sequence in enumerate(sequences, start=1):
        await _compare_batch(tx, later, earlier, sequence)
        await tick(number, len(sequences))
    both = (actor.institution_id, later.cycle.id, earlier.cycle.id)
    await fetch_rows(tx, WAYS, *both)
    await fetch_rows(tx, MARGINS, *both)
    [counted] = await fetch_rows(tx, COUNTED, *both)
    people, *by_cause = counted
    causes = dict(zip((cause.value for cause in CAUSES), by_cause, strict=True))
    movers = sum(by_cause)
    await record(tx, actor, MovementCalculated(later.cycle.id, earlier.cycle.id, run.id, people, movers, causes))
    return {"placements": people}


async def _hold_both(
    tx: AsyncSession, actor: Actor, cycle_id: UUID | None, earlier_cycle_id: UUID
) -> tuple[Side, Side]:
    """Both cycles, in which nobody moves or answers anybody until the transaction ends; locked in a fixed order."""
    if cycle_id is None:
        raise NotFound("cycle.not_found")
    held: dict[UUID, Side] = {}
    for one in sorted((cycle_id, earlier_cycle_id)):
        cycle = await tx.get(CycleRow, (actor.institution_id, one), with_for_update={"key_share": True})
        if cycle is None:
            raise NotFound("cycle.not_found")
        rubric = await calculation._rubric_of(tx, cycle.rubric_code, cycle.rubric_version)  # noqa: SLF001
        held[cycle.id] = Side(cycle, rubric)
    return held[cycle_id], held[earlier_cycle_id]


class Standing(NamedTuple):
    """Where a cycle puts somebody; `box` is the calculated one."""

    talent_id: UUID
    box: int
    calibrated_box: int | None
    unit_id: str | None
    unit_name: str | None
    sequence: int


async def _compare_batch(tx: AsyncSession, later: Side, earlier: Side, sequence: int) -> None:
    """The ways of those of one batch who stand in a box in both cycles."""
    institution_id = later.cycle.institution_id
    batch = await frozen_inputs._load_batch(tx, institution_id, later.cycle.id, sequence)  # noqa: SLF001
    before = await _standings(tx, earlier.cycle, batch.talents)
    now = await _standings(tx, later.cycle, batch.talents)
    pairs = [(before[one], now[one]) for one in now if one in before and now[one].sequence == sequence]
    pairs.sort(key=lambda pair: pair[0].sequence)
    for earlier_sequence, group in groupby(pairs, key=lambda pair: pair[0].sequence):
        other = await frozen_inputs._load_batch(tx, institution_id, earlier.cycle.id, earlier_sequence)  # noqa: SLF001
        befores, nows = zip(*group, strict=True)
        rows = await asyncio.to_thread(_ways, (earlier, other, befores), (later, batch, nows))
        await copy_rows(tx, "stage_movement", COLUMNS, rows)


async def _standings(tx: AsyncSession, cycle: CycleRow, talents: Sequence[UUID]) -> dict[UUID, Standing]:
    """Those of some talents who stand in a box."""
    rows = await fetch_rows(tx, STANDINGS, cycle.institution_id, cycle.id, talents)
    return {row["talent_id"]: Standing(*row) for row in rows}


Matched = tuple[Side, Batch, Sequence[Standing]]
"""One cycle, a batch of it, and some of the batch in the order of the other cycle's."""


def _ways(earlier: Matched, later: Matched) -> list[tuple[object, ...]]:
    """Rows in the order of COLUMNS."""
    boxes = kernel.boxes_between(_mapped(*earlier), _mapped(*later))
    causes = [None if number == UNKNOWN else CAUSES[number].value for number in kernel.causes_of(boxes).tolist()]
    return [
        (one.talent_id, way[0], way[-1], [box or None for box in way[1:-1]], cause, one.unit_id, one.unit_name)
        for one, way, cause in zip(later[2], boxes.tolist(), causes, strict=True)
    ]


def _mapped(side: Side, batch: Batch, standings: Sequence[Standing]) -> kernel.Mapped:
    """Some of a batch as the kernel looks at them."""
    place = {talent: n for n, talent in enumerate(batch.talents)}
    who = np.array([place[one.talent_id] for one in standings], dtype=np.int64)
    return kernel.Mapped(
        rubric=side.rubric,
        people=batch.people.of(who),
        as_of=side.cycle.as_of,
        box=np.array([one.box for one in standings], dtype=np.int64),
        calibrated_box=np.array([one.calibrated_box or 0 for one in standings], dtype=np.int64),
    )


COLUMNS = ("talent_id", "from_box", "to_box", "boxes", "cause", "unit_id", "unit_name")
_NAMES = ", ".join(COLUMNS)
STAGE = f"CREATE TEMP TABLE stage_movement ON COMMIT DROP AS SELECT {_NAMES} FROM movement WITH NO DATA"  # noqa: S608 - names of our own columns
WAYS = f"""INSERT INTO movement (institution_id, cycle_id, earlier_cycle_id, {_NAMES})
    SELECT $1, $2, $3, {_NAMES} FROM stage_movement"""  # noqa: S608
STANDINGS = f"""SELECT talent_id, box, calibrated_box, unit_id, unit_name, input_sequence FROM cycle_placement p
    WHERE institution_id = $1 AND cycle_id = $2 AND talent_id = ANY($3) AND box IS NOT NULL AND {PROCESSED}"""  # noqa: S608
# who is not assessed in both cycles
MARGINS = f"""
    INSERT INTO movement (institution_id, cycle_id, earlier_cycle_id, talent_id, from_box, to_box, boxes,
                          unit_id, unit_name)
    SELECT $1, $2, $3, talent_id, coalesce(before.calibrated_box, before.box), coalesce(now.calibrated_box, now.box),
           '{{}}', CASE WHEN now.cycle_id IS NULL THEN before.unit_id ELSE now.unit_id END,
           CASE WHEN now.cycle_id IS NULL THEN before.unit_name ELSE now.unit_name END
    FROM (SELECT * FROM cycle_placement p WHERE institution_id = $1 AND cycle_id = $2 AND {PROCESSED}) now
    FULL JOIN (SELECT * FROM cycle_placement p WHERE institution_id = $1 AND cycle_id = $3 AND {PROCESSED}) before
        USING (talent_id)
    WHERE now.box IS NULL OR before.box IS NULL"""  # noqa: S608 - our own words
COUNTED = f"""
    SELECT count(*), {", ".join(f"count(*) FILTER (WHERE cause = '{cause.value}')" for cause in CAUSES)}
    FROM movement WHERE institution_id = $1 AND cycle_id = $2 AND earlier_cycle_id = $3"""  # noqa: S608 - our own words


# ── reads


async def movement_document(
    db: Database, actor: Actor, cycle_id: UUID, earlier_cycle_id: UUID, wanted: Selection | None = None
) -> Document:
    """From which box to which people moved since an earlier cycle, split by cause, for the whole and per unit."""
    actor.require(Permission.READ_CYCLES)
    conditions = {"cycle_id": cycle_id, "earlier_cycle_id": earlier_cycle_id}
    document = await db.document_as(actor, shapes.MOVEMENT, wanted, **conditions)
    if document is None:
        raise NotFound("movement.not_found")
    return document


async def movers_page(
    db: Database,
    actor: Actor,
    cycle_id: UUID,
    earlier_cycle_id: UUID,
    chosen: MoverFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """Who moved since an earlier cycle, by name: both boxes, those in between, and the cause."""
    actor.require(Permission.READ_TALENTS)
    conditions = (chosen or MoverFilter()).model_dump(exclude_none=True)
    conditions |= {"cycle_id": cycle_id, "earlier_cycle_id": earlier_cycle_id, **scope_of(actor)}
    return await db.page_as(actor, shapes.MOVERS, wanted, page_size(first), named_cursor(after), **conditions)
