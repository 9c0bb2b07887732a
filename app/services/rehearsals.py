"""Rehearsals: who would stand elsewhere if another rubric held, before anybody activates it. They place nobody."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

import numpy as np
from pydantic import Field
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import data_subjects, evidence_columns
from app.db.database import Database, copy_rows, fetch_rows
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes import rehearsals as shapes
from app.db.tables.cycles import CycleRow
from app.db.tables.institutions import InstitutionRow
from app.db.tables.movements import RehearsalCountRow, RehearsalRow
from app.db.tables.rubrics import RubricDraftRow
from app.domain.actors import Actor, Permission
from app.domain.calculation import Kind
from app.domain.cycles import must_be_calculated, must_be_calculated_here
from app.domain.errors import Conflict, NotFound
from app.domain.events import RubricRehearsed
from app.domain.nine_box import Axis
from app.domain.rubric import Rubric
from app.domain.rubric_document import parse_rubric
from app.kernels import scoring
from app.kernels.columns import UNKNOWN, People
from app.services import calculation, frozen_inputs
from app.services.calculation import Result, Run, Tick
from app.services.contract import Command, StorableText, named_cursor, page_size
from app.services.cycles import RubricChoice
from app.services.placements import BATCH
from app.services.scopes import scope_of


class RehearseRubric(RubricChoice):
    """Apply a rubric, published or a draft, to a cohort: a cycle with its frozen inputs, or everybody on the map."""

    cycle_id: UUID | None = Field(None, strict=False)


class RehearsalMoverFilter(Command):
    """Which movers to list; what is not given does not restrict."""

    unit: StorableText | None = Field(None, max_length=100, description="Id of a unit; those below it are included.")
    from_box: int | None = Field(None, ge=1, le=9)
    to_box: int | None = Field(None, ge=1, le=9)


# ── writes


async def rehearse_rubric(db: Database, actor: Actor, command: RehearseRubric) -> UUID:
    """Queue a rehearsal; a worker then does `run_rehearsal`. Refused without such a rubric, or without a cohort."""
    actor.require(Permission.EDIT_RUBRICS, Permission.ACTIVATE_RUBRIC)
    async with db.write_as(actor) as tx:
        await _rubric_or_draft(tx, command)
        await _cohort_of(tx, actor, command.cycle_id)
        return await calculation._add(  # noqa: SLF001 - a service composes another's steps
            tx, db, actor, Kind.REHEARSAL, (command.code, command.version), **command.model_dump()
        )


async def run_rehearsal(db: Database, actor: Actor, calculation_id: UUID, command: RehearseRubric) -> None:
    """Carry out a queued rehearsal to its end. A failure is told in its document, and leaves nothing behind."""
    actor.require(Permission.EDIT_RUBRICS, Permission.ACTIVATE_RUBRIC)

    async def work(tx: AsyncSession, run: Run, tick: Tick) -> Result:
        return await _rehearse(tx, db, actor, run, command, tick)

    await calculation._carry_out(db, actor, calculation_id, work)  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class Cohort:
    """Whose evidence is looked at: that of a cycle as it was frozen, or what is on record."""

    institution: InstitutionRow
    cycle: CycleRow | None

    @property
    def as_of(self) -> date:
        """The day of mapping."""
        day = self.institution.as_of if self.cycle is None else self.cycle.as_of
        if day is None:
            raise Conflict("calculation.nobody")
        return day

    @property
    def rubric(self) -> tuple[str | None, int | None]:
        """Code and version of the rubric by which the cohort is placed now."""
        of = self.institution if self.cycle is None else self.cycle
        return of.rubric_code, of.rubric_version


async def _cohort_of(tx: AsyncSession, actor: Actor, cycle_id: UUID | None) -> Cohort:
    """The cohort, whose evidence and placements stay as they are until the transaction ends."""
    key, lock = actor.institution_id, {"read": True}
    institution = await tx.get(InstitutionRow, key, with_for_update=lock)
    if institution is None:
        raise NotFound("institution.not_found")
    cycle = None
    if cycle_id is not None:
        cycle = await tx.get(CycleRow, (key, cycle_id), with_for_update=lock)
        if cycle is None:
            raise NotFound("cycle.not_found")
        must_be_calculated_here(cycle.origin)
        must_be_calculated(has_placements=cycle.inputs_digest is not None)
    cohort = Cohort(institution, cycle)
    if cohort.rubric[0] is None:
        raise Conflict("calculation.nobody")
    return cohort


class Rehearsed(NamedTuple):
    """The rubric that is applied, and the revision where it is a draft."""

    rubric: Rubric
    draft_revision: int | None


async def _rubric_or_draft(tx: AsyncSession, command: RehearseRubric) -> Rehearsed:
    """A draft of the institution, or a published version."""
    draft = await tx.scalar(
        select(RubricDraftRow).where(RubricDraftRow.code == command.code, RubricDraftRow.version == command.version)
    )
    if draft is not None:
        return Rehearsed(parse_rubric(draft.document), draft.revision)
    return Rehearsed(await calculation._rubric_of(tx, command.code, command.version), None)  # noqa: SLF001


class Standing(NamedTuple):
    """Where somebody of the cohort stands now; axis values in millionths of a point."""

    talent_id: UUID
    unit_id: str | None
    unit_name: str | None
    box: int | None
    performance: int | None
    potential: int | None


class Placed(NamedTuple):
    """Some people of a cohort, and where they stand now, in the same order."""

    people: People
    standings: Sequence[Standing]


Part = Callable[[], Awaitable[Placed]]
Flow = tuple[str | None, str | None, int | None, int | None]
"""Unit, its name, the box before and the box after."""


async def _rehearse(
    tx: AsyncSession, db: Database, actor: Actor, run: Run, command: RehearseRubric, tick: Tick
) -> Result:
    """Apply the rubric part by part, and store who would move and how many go from where to where."""
    cohort = await _cohort_of(tx, actor, command.cycle_id)
    rehearsed = await _rubric_or_draft(tx, command)
    await tx.execute(text(STAGE))
    flows: Counter[Flow] = Counter()
    parts = await _parts_of(tx, cohort)
    for number, part in enumerate(parts, start=1):
        movers, counted = await asyncio.to_thread(_apply, rehearsed.rubric, cohort.as_of, await part())
        await copy_rows(tx, "stage_rehearsal_mover", COLUMNS, movers)
        flows.update(counted)
        await tick(number, len(parts))
    await _keep(tx, cohort, run.id, flows, rehearsed, db.now())
    movers_count = sum(people for (*_, before, after), people in flows.items() if before != after)
    name = f"{command.code}/{command.version}"
    await record(tx, actor, RubricRehearsed(run.id, command.cycle_id, name, flows.total(), movers_count))
    assessed = sum(people for (*_, after), people in flows.items() if after is not None)
    return {"placements": flows.total(), "assessed": assessed}


async def _parts_of(tx: AsyncSession, cohort: Cohort) -> list[Part]:
    """The cohort in parts that fit into memory; each is loaded when it is called."""
    institution, cycle = cohort.institution, cohort.cycle
    if cycle is not None:
        sequences = await frozen_inputs._sequences(tx, cycle.id)  # noqa: SLF001
        return [partial(_frozen_part, tx, cycle, sequence) for sequence in sequences]
    talents = await data_subjects.mapped_talents(tx, institution.id)
    starts = range(0, len(talents), BATCH)
    return [partial(_present_part, tx, institution, talents[start : start + BATCH]) for start in starts]


async def _frozen_part(tx: AsyncSession, cycle: CycleRow, sequence: int) -> Placed:
    """Those of a frozen batch whose placement rests on it; the box is the calculated one."""
    batch = await frozen_inputs._load_batch(tx, cycle.institution_id, cycle.id, sequence)  # noqa: SLF001
    rows = await fetch_rows(tx, FROZEN, cycle.institution_id, cycle.id, batch.talents, sequence)
    place = {talent: n for n, talent in enumerate(batch.talents)}
    who = np.array([place[row["talent_id"]] for row in rows], dtype=np.int64)
    return Placed(batch.people.of(who), [Standing(*row) for row in rows])


async def _present_part(tx: AsyncSession, institution: InstitutionRow, talents: Sequence[UUID]) -> Placed:
    """Some of those on the map, with the evidence on record."""
    people = await evidence_columns.load_people(tx, institution.id, talents, institution.name)
    placed = {row["talent_id"]: row for row in await fetch_rows(tx, PLACED, institution.id, talents)}
    units = {row["id"]: row for row in await fetch_rows(tx, UNITS, institution.id, talents)}
    standings = []
    for one in talents:
        box, performance, potential = placed[one][1:] if one in placed else (None, None, None)
        _, unit_id, unit_name = units[one]
        standings.append(Standing(one, unit_id, unit_name, box, performance, potential))
    return Placed(people, standings)


def _apply(rubric: Rubric, as_of: date, placed: Placed) -> tuple[list[tuple[object, ...]], Counter[Flow]]:
    """Movers in the order of COLUMNS, and how many go from where to where."""
    size = placed.people.size
    box, values = np.zeros(size, np.int64), np.full((size, 2), UNKNOWN)
    for scored in scoring.score(rubric, placed.people, as_of):
        box[scored.who] = scored.box
        for n, axis in enumerate((Axis.PERFORMANCE, Axis.POTENTIAL)):
            values[scored.who, n] = scored.axes[axis].value
    movers: list[tuple[object, ...]] = []
    flows: Counter[Flow] = Counter()
    for one, after, axes in zip(placed.standings, box.tolist(), values.tolist(), strict=True):
        flow: Flow = (one.unit_id, one.unit_name, one.box, after or None)
        flows[flow] += 1
        if flow[2] != flow[3]:
            known = (None if value == UNKNOWN else value for value in axes)
            movers.append((one.talent_id, *flow, one.performance, one.potential, *known))
    return movers, flows


async def _keep(
    tx: AsyncSession, cohort: Cohort, rehearsal_id: UUID, flows: Counter[Flow], rehearsed: Rehearsed, now: datetime
) -> None:
    """Store a rehearsal: its counts, and the movers from the stage."""
    key = {"institution_id": cohort.institution.id}
    present_code, present_version = cohort.rubric
    await tx.execute(
        insert(RehearsalRow).values(
            **key,
            id=rehearsal_id,
            cycle_id=None if cohort.cycle is None else cohort.cycle.id,
            as_of=cohort.as_of,
            rehearsed_at=now,
            rubric_code=rehearsed.rubric.code,
            rubric_version=rehearsed.rubric.version,
            draft_revision=rehearsed.draft_revision,
            present_code=present_code,
            present_version=present_version,
        )
    )
    names = ("unit_id", "unit_name", "from_box", "to_box")
    counts = [
        {
            **key,
            "rehearsal_id": rehearsal_id,
            "ordinal": ordinal,
            **dict(zip(names, flow, strict=True)),
            "people": people,
        }
        for ordinal, (flow, people) in enumerate(flows.items(), start=1)
    ]
    if counts:
        await tx.execute(insert(RehearsalCountRow), counts)
    await fetch_rows(tx, MOVERS, cohort.institution.id, rehearsal_id)


COLUMNS = (
    "talent_id",
    "unit_id",
    "unit_name",
    "from_box",
    "to_box",
    "performance_before",
    "potential_before",
    "performance_after",
    "potential_after",
)
_NAMES = ", ".join(COLUMNS)
STAGE = f"CREATE TEMP TABLE stage_rehearsal_mover ON COMMIT DROP AS SELECT {_NAMES} FROM rehearsal_mover WITH NO DATA"  # noqa: S608 - names of our own columns
MOVERS = f"""INSERT INTO rehearsal_mover (institution_id, rehearsal_id, {_NAMES})
    SELECT $1, $2, {_NAMES} FROM stage_rehearsal_mover"""  # noqa: S608
FROZEN = f"""SELECT talent_id, unit_id, unit_name, box, performance, potential FROM cycle_placement p
    WHERE institution_id = $1 AND cycle_id = $2 AND talent_id = ANY($3) AND input_sequence = $4
    AND {data_subjects.PROCESSED}"""  # noqa: S608
PLACED = """SELECT talent_id, box, performance, potential FROM placement
    WHERE institution_id = $1 AND talent_id = ANY($2)"""
UNITS = """SELECT t.id, t.unit_id, u.name AS unit_name FROM talent t
    LEFT JOIN org_unit u ON u.institution_id = t.institution_id AND u.id = t.unit_id
    WHERE t.institution_id = $1 AND t.id = ANY($2)"""


# ── reads


async def rehearsal_document(
    db: Database, actor: Actor, rehearsal_id: UUID, wanted: Selection | None = None
) -> Document:
    """What would change under another rubric: boxes before and after, who moves where, for the whole and per unit."""
    actor.require(Permission.EDIT_RUBRICS, Permission.ACTIVATE_RUBRIC)
    document = await db.document_as(actor, shapes.REHEARSAL, wanted, id=rehearsal_id)
    if document is None:
        raise NotFound("rehearsal.not_found")
    return document


async def rehearsals_page(
    db: Database, actor: Actor, first: int | None = None, after: str | None = None, wanted: Selection | None = None
) -> Document:
    """The rehearsals of the institution, newest first."""
    actor.require(Permission.EDIT_RUBRICS, Permission.ACTIVATE_RUBRIC)
    return await db.page_as(actor, shapes.REHEARSALS, wanted, page_size(first), named_cursor(after))


async def rehearsal_movers_page(
    db: Database,
    actor: Actor,
    rehearsal_id: UUID,
    chosen: RehearsalMoverFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """Who would stand elsewhere, or nowhere, or somewhere at last, by name, with both axes before and after."""
    actor.require(Permission.EDIT_RUBRICS, Permission.ACTIVATE_RUBRIC)
    conditions = (chosen or RehearsalMoverFilter()).model_dump(exclude_none=True)
    conditions |= {"rehearsal_id": rehearsal_id, **scope_of(actor)}
    return await db.page_as(actor, shapes.REHEARSAL_MOVERS, wanted, page_size(first), named_cursor(after), **conditions)
