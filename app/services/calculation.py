"""Calculations: long work that is a resource of its own, and the way from frozen inputs to a cycle's placements."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from itertools import islice
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import calculated, data_subjects, evidence_columns
from app.db.calculated import COLUMNS
from app.db.database import Database, copy_rows, fetch_rows
from app.db.documents import Document, Selection
from app.db.locks import waiting_shortly
from app.db.queue import Job, defer
from app.db.shapes import calculations as shapes
from app.db.tables.cycles import CalculationRow, CycleInputRow, CyclePlacementRow, CycleRow
from app.db.tables.data_requests import PlacementReviewRow
from app.db.tables.institutions import InstitutionRow
from app.db.tables.placements import RubricRow
from app.domain import calibration, cycles, data_requests
from app.domain.actors import Actor, Permission
from app.domain.calculation import PATIENCE, UNDER_WAY, Kind, State
from app.domain.cycles import Act, Phase
from app.domain.errors import Conflict, NotFound, TalentError, Unavailable
from app.domain.messages import sentence
from app.domain.rubric import Rubric
from app.domain.rubric_document import Json, known_rubric
from app.kernels import frozen, scoring
from app.kernels.columns import People
from app.services import frozen_inputs, placements
from app.services.placements import BATCH, CHUNK

MOST_DIFFERENCES = 100  # named by a recomputation

JOBS = {
    Kind.CYCLE: Job.RUN_CALCULATION,
    Kind.RECOMPUTATION: Job.RUN_CALCULATION,
    Kind.MOVEMENT: Job.RUN_MOVEMENT,
    Kind.REHEARSAL: Job.RUN_REHEARSAL,
}
"""Who carries out which calculation."""
Argument = UUID | str | int | None
Result = dict[str, object]
Tick = Callable[[int, int], Awaitable[None]]
"""`tick(done, total)` tells that a calculation is alive, and how far."""


# ── a calculation as a resource


class Run(NamedTuple):
    """A calculation that somebody has begun to carry out."""

    id: UUID
    kind: Kind
    cycle_id: UUID | None


async def _queue(
    tx: AsyncSession, db: Database, actor: Actor, kind: Kind, cycle: CycleRow, **arguments: Argument
) -> UUID:
    """A calculation that waits to be carried out; those of its cycle that nobody works on any more are over."""
    await tx.execute(
        update(CalculationRow)
        .where(CalculationRow.cycle_id == cycle.id, CalculationRow.state.in_(UNDER_WAY))
        .values(state=State.INTERRUPTED.value)
    )
    rubric = (cycle.rubric_code, cycle.rubric_version)
    return await _add(tx, db, actor, kind, rubric, cycle.id, **arguments)


async def _add(
    tx: AsyncSession,
    db: Database,
    actor: Actor,
    kind: Kind,
    rubric: tuple[str, int],
    of_cycle: UUID | None = None,
    **arguments: Argument,
) -> UUID:
    """A calculation, and in the same transaction the job that carries it out; `arguments` are what else that needs."""
    calculation_id = uuid4()
    await tx.execute(
        insert(CalculationRow).values(
            institution_id=actor.institution_id,
            id=calculation_id,
            kind=kind.value,
            cycle_id=of_cycle,
            rubric_code=rubric[0],
            rubric_version=rubric[1],
            state=State.QUEUED.value,
            done=0,
            total=0,
            subject=actor.subject,
            started_at=db.now(),
            heartbeat_at=func.clock_timestamp(),
        )
    )
    await defer(tx, actor, JOBS[kind], calculation_id=calculation_id, **arguments)
    return calculation_id


async def _must_not_be_running(tx: AsyncSession, cycle_id: UUID) -> None:
    """Refused while somebody works on a calculation of the cycle."""
    row = await tx.scalar(
        select(CalculationRow).where(
            CalculationRow.cycle_id == cycle_id,
            CalculationRow.state.in_(UNDER_WAY),
            CalculationRow.heartbeat_at > func.clock_timestamp() - timedelta(seconds=PATIENCE),
        )
    )
    if row is not None:
        raise Conflict("calculation.running", done=row.done, total=row.total)


async def _begin(db: Database, actor: Actor, calculation_id: UUID) -> Run | None:
    """Take a calculation that waits, or that nobody works on any more; None where there is nothing left to do.

    Refused if it is not there, and while somebody else carries it out.
    """
    async with db.write_as(actor) as tx:
        row = await tx.get(CalculationRow, (actor.institution_id, calculation_id), with_for_update=True)
        if row is None:
            raise NotFound("calculation.not_found")
        if row.state not in UNDER_WAY:
            return None
        if row.state == State.RUNNING.value and not await _is_silent(tx, calculation_id):
            raise Conflict("calculation.running", done=row.done, total=row.total)
        row.state = State.RUNNING.value
        await _is_alive(tx, calculation_id)
        return Run(calculation_id, Kind(row.kind), row.cycle_id)


async def _is_silent(tx: AsyncSession, calculation_id: UUID) -> bool:
    silence = func.clock_timestamp() - CalculationRow.heartbeat_at > timedelta(seconds=PATIENCE)
    return bool(await tx.scalar(select(silence).where(CalculationRow.id == calculation_id)))


async def _carry_out(
    db: Database, actor: Actor, calculation_id: UUID, work: Callable[[AsyncSession, Run, Tick], Awaitable[Result]]
) -> None:
    """Do the work and store its result in one transaction, or say why not: a failure leaves nothing behind.

    Does nothing where the calculation is over. Stopped, or cut off from the database, it waits for the next try.
    """
    run = await _begin(db, actor, calculation_id)
    if run is None:
        return

    async def tick(done: int, total: int) -> None:
        async with db.write_as(actor) as tx:
            await _is_alive(tx, run.id, done=done, total=total)

    try:
        async with db.write_as(actor) as tx:
            result = await work(tx, run, tick)
            await _is_alive(tx, run.id, state=State.DONE.value, finished_at=db.now(), result=result)
    except (asyncio.CancelledError, Unavailable):
        await _leave(db, actor, run.id, State.QUEUED, done=0, total=0)
        raise
    except Exception as error:
        code = error.code if isinstance(error, TalentError) else "internal"
        detail = error.detail if isinstance(error, TalentError) else sentence(code)
        await _leave(db, actor, run.id, State.FAILED, finished_at=db.now(), error={"code": code, **detail})
        if not isinstance(error, TalentError):
            raise


async def _leave(db: Database, actor: Actor, calculation_id: UUID, state: State, **values: object) -> None:
    """Work on a calculation ends before it is done."""
    async with db.write_as(actor) as tx:
        under_way = update(CalculationRow).where(
            CalculationRow.id == calculation_id, CalculationRow.state.in_(UNDER_WAY)
        )
        await tx.execute(under_way.values(state=state.value, **values))


async def _give_up(tx: AsyncSession, db: Database, calculation_id: UUID, code: str) -> None:
    """A calculation that nobody has begun is never carried out, for a reason that its document tells."""
    over = {"state": State.FAILED.value, "finished_at": db.now(), "error": {"code": code, **sentence(code)}}
    under_way = update(CalculationRow).where(CalculationRow.id == calculation_id, CalculationRow.state.in_(UNDER_WAY))
    await tx.execute(under_way.values(over))


async def _is_alive(tx: AsyncSession, calculation_id: UUID, **values: object) -> None:
    """A sign of life; refused where another calculation has taken this one's place."""
    told = await tx.execute(
        update(CalculationRow)
        .where(CalculationRow.id == calculation_id, CalculationRow.state.in_(UNDER_WAY))
        .values(heartbeat_at=func.clock_timestamp(), **values)
    )
    if not told.rowcount:  # type: ignore[attr-defined]
        raise Conflict("calculation.overtaken")


async def calculation_document(
    db: Database, actor: Actor, calculation_id: UUID, wanted: Selection | None = None
) -> Document:
    """One calculation: what it works out, how far it is, and what came of it."""
    actor.require(Permission.READ_CYCLES)
    document = await db.document_as(actor, shapes.CALCULATION, wanted, id=calculation_id)
    if document is None:
        raise NotFound("calculation.not_found")
    return document


# ── from evidence to placements


@dataclass(frozen=True, slots=True)
class Terms:
    """What the placements of a cycle are made with."""

    cycle: CycleRow
    institution: InstitutionRow
    rubric: Rubric


async def _terms_of(tx: AsyncSession, actor: Actor, cycle: CycleRow) -> Terms:
    """The rubric and the institution of a cycle, whose evidence no import changes until the transaction ends."""
    async with waiting_shortly(tx, "institution.busy"):
        institution = await tx.get(InstitutionRow, actor.institution_id, with_for_update={"read": True})
    if institution is None:
        raise NotFound("institution.not_found")
    return Terms(cycle, institution, await _rubric_of(tx, cycle.rubric_code, cycle.rubric_version))


async def _active_version(tx: AsyncSession) -> tuple[str, int]:
    """Code and version of the rubric that the institution's map is made with."""
    rubric = (await placements._active_rubric(tx)).rubric  # noqa: SLF001 - a service composes another's steps
    return rubric.code, rubric.version


async def _rubric_of(tx: AsyncSession, code: str, version: int) -> Rubric:
    document: Json | None = await tx.scalar(
        select(RubricRow.document).where(RubricRow.code == code, RubricRow.version == version)
    )
    if document is None:
        raise NotFound("rubric.not_found", rubric=f"{code}/{version}")
    return known_rubric(document)


async def _place_all(tx: AsyncSession, terms: Terms, tick: Tick) -> None:
    """Freeze the inputs of everybody on the map and place them; earlier inputs and those who left are dropped."""
    first = await _next_sequence(tx, terms.cycle.id)
    talents = await data_subjects.mapped_talents(tx, terms.institution.id)
    if not talents:
        raise Conflict("calculation.nobody")
    await tx.execute(text(STAGE))
    await tick(0, len(talents))
    for number, start in enumerate(range(0, len(talents), BATCH)):
        batch = talents[start : start + BATCH]
        await _calculate_batch(tx, terms, first + number, batch)
        await tick(start + len(batch), len(talents))
    await tx.refresh(terms.cycle, with_for_update=True)  # from here on nobody calibrates
    cycles.must_allow(Act.CALCULATE, Phase(terms.cycle.phase))
    await tx.execute(
        delete(CycleInputRow).where(CycleInputRow.cycle_id == terms.cycle.id, CycleInputRow.sequence < first)
    )
    await _keep(tx, terms.cycle)
    await tx.execute(
        text("""
            DELETE FROM cycle_placement p WHERE p.institution_id = :institution_id AND p.cycle_id = :cycle_id
            AND NOT EXISTS (SELECT FROM stage_cycle_placement s WHERE s.talent_id = p.talent_id)"""),
        {"institution_id": terms.institution.id, "cycle_id": terms.cycle.id},
    )


async def _discard(tx: AsyncSession, cycle: CycleRow) -> None:
    """Another day or rubric: what was calculated is no longer the cycle's. Refused while a calculation goes on."""
    await _must_not_be_running(tx, cycle.id)
    for table in (PlacementReviewRow, CyclePlacementRow, CycleInputRow):
        await tx.execute(delete(table).where(table.cycle_id == cycle.id))
    cycle.inputs_digest = None


async def _place_again(tx: AsyncSession, terms: Terms, talent_id: UUID) -> None:
    """Freeze the inputs of one talent as they are now, and place that talent anew; all others stay as they are.

    Refused while that talent must not be processed.
    """
    restricted = await data_subjects.is_restricted(tx, terms.institution.id, talent_id)
    data_requests.must_be_unrestricted(is_restricted=restricted)
    await tx.execute(text(STAGE))
    await _calculate_batch(tx, terms, await _next_sequence(tx, terms.cycle.id), [talent_id])
    await _keep(tx, terms.cycle)


async def _next_sequence(tx: AsyncSession, cycle_id: UUID) -> int:
    latest = select(func.coalesce(func.max(CycleInputRow.sequence), 0)).where(CycleInputRow.cycle_id == cycle_id)
    return int(await tx.scalar(latest) or 0) + 1


async def _calculate_batch(tx: AsyncSession, terms: Terms, sequence: int, talents: Sequence[UUID]) -> None:
    """Load the evidence of a batch, freeze it, and stage where the rubric places it; nothing of it stays in memory."""
    people = await evidence_columns.load_people(tx, terms.institution.id, talents, terms.institution.name)
    content = await asyncio.to_thread(frozen.pack, people)
    await tx.execute(
        insert(CycleInputRow).values(
            institution_id=terms.institution.id,
            cycle_id=terms.cycle.id,
            sequence=sequence,
            talents=list(talents),
            content=content,
            digest=_digest_of(talents, content),
        )
    )
    rows = _placed(terms, talents, people)
    while chunk := await asyncio.to_thread(lambda: [(sequence, *row) for row in islice(rows, CHUNK)]):
        await copy_rows(tx, "stage_cycle_placement", ("input_sequence", *COLUMNS), chunk)


def _digest_of(talents: Sequence[UUID], content: bytes) -> str:
    return sha256(b"".join(talent.bytes for talent in talents) + content).hexdigest()


def _placed(terms: Terms, talents: Sequence[UUID], people: People) -> Iterator[tuple[object, ...]]:
    """The placements of a batch in the order of COLUMNS: the same people always come to the same rows."""
    for scored in scoring.score(terms.rubric, people, terms.cycle.as_of):
        yield from calculated.rows(talents, scored, terms.rubric, terms.cycle.as_of)


_NAMES = ", ".join(COLUMNS)
STAGE = f"""CREATE TEMP TABLE stage_cycle_placement ON COMMIT DROP AS
    SELECT input_sequence, {_NAMES} FROM cycle_placement WITH NO DATA"""  # noqa: S608 - names of our own columns
_KEPT = ("input_sequence", "unit_id", "unit_name", "position_level", *COLUMNS)


async def _keep(tx: AsyncSession, cycle: CycleRow) -> None:
    """Store the staged placements with the unit and level of the day; what a committee decided stays beside them."""
    assignments = ", ".join(f"{name} = excluded.{name}" for name in _KEPT if name != "talent_id")
    await tx.execute(
        text(f"""
            INSERT INTO cycle_placement AS p (institution_id, cycle_id, {", ".join(_KEPT)})
            SELECT t.institution_id, :cycle_id, s.input_sequence, t.unit_id, u.name, t.position_level,
                   {", ".join(f"s.{name}" for name in COLUMNS)}
            FROM stage_cycle_placement s
            JOIN talent t ON t.institution_id = :institution_id AND t.id = s.talent_id
            LEFT JOIN org_unit u ON u.institution_id = t.institution_id AND u.id = t.unit_id
            ON CONFLICT (institution_id, cycle_id, talent_id) DO UPDATE SET {assignments},
                calibrated_box = CASE WHEN excluded.box = p.box THEN p.calibrated_box END"""),  # noqa: S608
        {"institution_id": cycle.institution_id, "cycle_id": cycle.id},
    )


async def _settle_moves(tx: AsyncSession, cycle: CycleRow) -> int:
    """Moves that started from another box than the one calculated now are stale; returns how many became so."""
    settled = await tx.execute(
        text("""
            UPDATE calibration c SET state = :stale
            WHERE c.institution_id = :institution_id AND c.cycle_id = :cycle_id AND c.state = ANY(:unsettled)
            AND NOT EXISTS (
                SELECT FROM cycle_placement p WHERE p.institution_id = c.institution_id AND p.cycle_id = c.cycle_id
                AND p.talent_id = c.talent_id AND p.box = c.computed_box)"""),
        {
            "institution_id": cycle.institution_id,
            "cycle_id": cycle.id,
            "stale": calibration.State.STALE.value,
            "unsettled": [calibration.State.AWAITING_SECOND_PERSON.value, *(one.value for one in calibration.IN_FORCE)],
        },
    )
    return int(settled.rowcount)  # type: ignore[attr-defined]


async def _digest_inputs(tx: AsyncSession, cycle_id: UUID) -> str:
    """SHA-256 over the digests of all frozen inputs of a cycle, in their sequence."""
    digests = await tx.scalars(
        select(CycleInputRow.digest).where(CycleInputRow.cycle_id == cycle_id).order_by(CycleInputRow.sequence)
    )
    return sha256(b"".join(bytes.fromhex(digest) for digest in digests)).hexdigest()


# ── from frozen inputs to the same placements


async def _recompute(tx: AsyncSession, terms: Terms, tick: Tick) -> Result:
    """Every placement once more, from the frozen inputs alone, compared with what is stored, value by value."""
    cycle_id, differing, equal, intact = terms.cycle.id, list[UUID](), 0, True
    sequences = await frozen_inputs._sequences(tx, cycle_id)  # noqa: SLF001
    for number, sequence in enumerate(sequences, start=1):
        held = await tx.get_one(CycleInputRow, (terms.institution.id, cycle_id, sequence))
        intact &= held.digest == _digest_of(held.talents, held.content)
        stored = await fetch_rows(tx, STORED, terms.institution.id, cycle_id, sequence)
        found = await asyncio.to_thread(_computed_again, terms, held.talents, held.content)
        tx.expunge(held)
        wrong = [row["talent_id"] for row in stored if found.get(row["talent_id"]) != tuple(row)]
        equal += len(stored) - len(wrong)
        differing += wrong
        await tick(number, len(sequences))
    intact &= terms.cycle.inputs_digest == await _digest_inputs(tx, cycle_id)
    return {
        "placements": equal + len(differing),
        "equal": equal,
        "differing": [str(talent) for talent in differing[:MOST_DIFFERENCES]],
        "intact": intact,
        "digest": terms.cycle.inputs_digest,
    }


STORED = f"""SELECT {_NAMES} FROM cycle_placement
    WHERE institution_id = $1 AND cycle_id = $2 AND input_sequence = $3"""  # noqa: S608 - names of our own columns


def _computed_again(terms: Terms, talents: Sequence[UUID], content: bytes) -> dict[object, tuple[object, ...]]:
    place = COLUMNS.index("talent_id")
    return {row[place]: row for row in _placed(terms, talents, frozen.unpack(content))}
