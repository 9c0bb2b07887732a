"""Plain functions that bring cycles to where a test needs them, through the services."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from app.db.database import Database
from app.domain.actors import Actor, Role
from app.domain.cycles import Phase
from app.domain.errors import Conflict
from app.services import calibration, cycle_placements, cycles, objections
from app.services.calibration import CalibratePlacement
from app.services.cycles import AdvanceCycle, GuidelineShare, OpenCycle
from app.services.objections import AnswerObjection, RaiseObjection
from tests.factories import a_nip, an_employee, complete_evidence, import_files, name_of, talent, write_folder

WEAK_POTENTIAL = {"ASESMEN POTENSI": 1}  # 5 instead of 15.8 points: box 5 instead of 8
COMMENT = "Dibahas dalam rapat komite tanggal 3 Maret."
LATER = timedelta(days=30)  # the window of objections that `a_cycle` plans is over by then


def at(db: Database, moment: datetime) -> Database:
    """The same database with another clock."""
    return Database(db._lanes, db._engine, lambda: moment)


def after_the_deadline(db: Database) -> Database:
    return at(db, datetime.now(UTC) + LATER)


def somebody(actor: Actor, role: Role, subject: str, nip: str | None = None) -> Actor:
    """Somebody else in the same institution."""
    return Actor(actor.institution_id, role, subject, nip)


def member(actor: Actor, subject: str = "member", nip: str | None = None) -> Actor:
    return somebody(actor, Role.COMMITTEE_MEMBER, subject, nip)


def chair(actor: Actor) -> Actor:
    return somebody(actor, Role.COMMITTEE_CHAIR, "chair")


def authority(actor: Actor) -> Actor:
    return somebody(actor, Role.APPOINTING_AUTHORITY, "authority")


def evidence_of(nip: str, institution: str, levels: Mapping[str, int] | None = None) -> dict[str, list[dict[str, str]]]:
    """Complete evidence (box 8); `levels` sets all levels of an assessment, by sheet."""
    sheets = complete_evidence(nip, institution)
    for sheet, level in (levels or {}).items():
        [row] = sheets[sheet]
        row |= {name: str(level) for name in row if name not in ("NIP", "TANGGAL", "METODE")}
    return sheets


async def some_talents(
    db: Database, actor: Actor, folder: Path, *people: Mapping[str, int] | None, bare: int = 0
) -> list[str]:
    """Talents with complete evidence, one for each argument, and `bare` ones without any; returns the NIPs."""
    institution, nips = await name_of(db, actor), [a_nip() for _ in range(len(people) + bare)]
    sheets: dict[str, list[dict[str, str]]] = {}
    for nip, levels in zip(nips, people, strict=False):
        for sheet, rows in evidence_of(nip, institution, levels).items():
            sheets.setdefault(sheet, []).extend(rows)
    await import_files(db, actor, write_folder(folder, [an_employee(nip, institution) for nip in nips], sheets))
    return nips


async def a_cycle(db: Database, actor: Actor, **but: Any) -> UUID:
    """An open cycle whose window of objections ends in ten days."""
    told = {"name": f"Pemetaan {uuid4().hex[:8]}", "objection_until": db.today() + timedelta(days=10), **but}
    return await cycles.open_cycle(db, actor, OpenCycle(**told))


async def calculate(db: Database, actor: Actor, cycle_id: UUID) -> UUID:
    calculation_id = await cycles.start_calculation(db, actor, cycle_id)
    await carried_out(cycles.run_calculation, db, actor, calculation_id)
    return calculation_id


async def carried_out(run: Callable[..., Awaitable[None]], *arguments: object) -> None:
    """Do it, unless a worker was quicker: then wait for the worker."""
    while True:
        try:
            return await run(*arguments)
        except Conflict as busy:
            if busy.code != "calculation.running":
                raise
            await asyncio.sleep(0.01)


async def advance(db: Database, actor: Actor, cycle_id: UUID, phase: str, *, early: bool = False) -> None:
    command = AdvanceCycle(phase=phase, end_objections_early=early)  # type: ignore[arg-type]
    await cycles.advance_cycle(db, actor, cycle_id, command)


async def a_cycle_in(db: Database, actor: Actor, phase: Phase, **but: Any) -> UUID:
    """A cycle of everybody on the map, brought to a phase without a move or an objection."""
    cycle_id = await a_cycle(db, actor, **but)
    for step in list(Phase)[1 : list(Phase).index(phase) + 1]:
        match step:
            case Phase.CALCULATION:
                await calculate(db, actor, cycle_id)
            case Phase.PUBLICATION:
                await cycles.confirm_cycle(db, authority(actor), cycle_id)
                await cycles.publish_cycle(db, actor, cycle_id)
            case Phase.CONFIRMATION:
                await advance(after_the_deadline(db), actor, cycle_id, "confirmation")
            case _:
                await advance(db, actor, cycle_id, step.value)
    return cycle_id


async def move(db: Database, actor: Actor, cycle_id: UUID, nip: str, from_box: int, box: int, **but: Any) -> UUID:
    told = {"from_box": from_box, "box": box, "reason": "criticalAssignment", "comment": COMMENT, **but}
    return await calibration.calibrate_placement(db, actor, cycle_id, nip, CalibratePlacement(**told))


async def object_to(db: Database, actor: Actor, cycle_id: UUID, **but: Any) -> UUID:
    told = {"text": "Asesmen potensi saya bulan ini belum tercatat.", **but}
    return await objections.raise_objection(db, actor, cycle_id, RaiseObjection(**told))


async def answer(db: Database, actor: Actor, objection_id: UUID, outcome: str) -> None:
    command = AnswerObjection(outcome=outcome, answer="Bukti yang dimaksud sudah kami periksa.")  # type: ignore[arg-type]
    await objections.answer_objection(db, actor, objection_id, command)


async def cycle_of(db: Database, actor: Actor, cycle_id: UUID) -> dict[str, Any]:
    return json.loads(await cycles.cycle_document(db, actor, cycle_id))


async def placement_of(db: Database, actor: Actor, cycle_id: UUID, nip: str) -> dict[str, Any]:
    return json.loads(await cycle_placements.cycle_placement_document(db, actor, cycle_id, nip))


def boxes_of(placement: Mapping[str, Any]) -> tuple[int | None, ...]:
    """Computed, calibrated, published, decided."""
    return tuple(placement[name] for name in ("computedBox", "calibratedBox", "publishedBox", "decidedBox"))


async def deliver(
    db: Database, actor: Actor, folder: Path, nips: Sequence[str], levels: Mapping[str, int] | None = None
) -> None:
    """New evidence about talents on the books."""
    institution = await name_of(db, actor)
    sheets: dict[str, list[dict[str, str]]] = {}
    for nip in nips:
        for sheet, rows in evidence_of(nip, institution, levels).items():
            sheets.setdefault(sheet, []).extend(rows)
    await import_files(db, actor, write_folder(folder, [an_employee(nip, institution) for nip in nips], sheets))


async def a_whole_cycle(db: Database, actor: Actor, nip: str) -> dict[str, UUID]:
    """A cycle in which a talent in box 8 was moved and objects; the ids of everything in it, by path parameter."""
    hr = somebody(actor, Role.HR_OFFICER, "officer")
    cycle_id = await a_cycle(db, hr, guideline=[GuidelineShare(boxes=[7, 8, 9], share=20)])
    calculation_id = await calculate(db, hr, cycle_id)
    await advance(db, hr, cycle_id, "calibration")
    calibration_id = await move(db, member(actor), cycle_id, nip, 8, 9)
    await calibration.confirm_calibration(db, chair(actor), calibration_id)
    await advance(db, hr, cycle_id, "objection")
    return {
        "cycleId": cycle_id,
        "calculationId": calculation_id,
        "calibrationId": calibration_id,
        "objectionId": await object_to(db, talent(actor, nip), cycle_id),
    }
