"""Placements: where the rubric puts everybody of an institution, the nine-box map, and whose evidence is missing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import islice
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import calculated, candidates, data_subjects, evidence_columns
from app.db.calculated import COLUMNS
from app.db.database import Database, copy_rows
from app.db.documents import Document, Selection, Shape
from app.db.ledger import record
from app.db.outdated_plans import recalculate_plans
from app.db.shapes import placements as shapes
from app.db.shapes.next_evidence import NEXT_EVIDENCE
from app.db.tables.institutions import InstitutionRow
from app.db.tables.placements import RubricRow
from app.domain.actors import Actor, Permission
from app.domain.errors import NotFound
from app.domain.events import TalentsPlaced
from app.domain.purposes import purpose_within
from app.domain.rubric import Rubric
from app.domain.rubric_document import DEFAULT_RUBRIC, Json, active_statuses, known_rubric
from app.kernels import scoring
from app.services.contract import is_storable
from app.services.import_report import Progress
from app.services.scopes import scope_of

BATCH = 5_000  # people scored at once; bounds the memory of a run
CHUNK = 1_000  # placements copied at once


# ── writes


@dataclass(frozen=True, slots=True)
class ActiveRubric:
    """A rubric and the codes of those its mapping counts as active."""

    rubric: Rubric
    active_statuses: frozenset[str]


async def _active_rubric(tx: AsyncSession) -> ActiveRubric:
    """The rubric that the institution has activated, or the newest version of the default where it has none."""
    activated, version = InstitutionRow.active_rubric_code, InstitutionRow.active_rubric_version
    document: Json | None = await tx.scalar(
        select(RubricRow.document)
        .join(InstitutionRow, InstitutionRow.id == func.current_institution())
        .where(
            RubricRow.code == func.coalesce(activated, DEFAULT_RUBRIC),
            RubricRow.version == func.coalesce(version, RubricRow.version),
        )
        .order_by(RubricRow.version.desc())
        .limit(1)
    )
    if document is None:
        raise NotFound("rubric.not_found", rubric=DEFAULT_RUBRIC)
    return ActiveRubric(known_rubric(document), active_statuses(document))


async def _place_everybody(
    tx: AsyncSession, actor: Actor, institution: InstitutionRow, rubric: Rubric, as_of: date, progress: Progress
) -> int:
    """Place all mapped talents of the institution; only placements that differ are written. Returns how many did."""
    ids = await data_subjects.mapped_talents(tx, actor.institution_id)
    return await _place(tx, actor, institution, rubric, as_of, ids, progress)


async def _place_again(
    tx: AsyncSession, actor: Actor, institution: InstitutionRow, rubric: Rubric, as_of: date, talent_id: UUID
) -> None:
    """Place one talent whose evidence changed; who is not on the map, or may not be processed, stays off it."""
    await _place_some(tx, actor, institution, rubric, as_of, (talent_id,))


async def _place_some(
    tx: AsyncSession, actor: Actor, institution: InstitutionRow, rubric: Rubric, as_of: date, talents: Sequence[UUID]
) -> int:
    """The same of several; returns how many placements differ."""
    ids = await data_subjects.mapped_talents(tx, actor.institution_id, talents)
    return await _place(tx, actor, institution, rubric, as_of, ids, lambda _what, _done, _all: None, among=talents)


async def _place(
    tx: AsyncSession,
    actor: Actor,
    institution: InstitutionRow,
    rubric: Rubric,
    as_of: date,
    ids: Sequence[UUID],
    progress: Progress,
    *,
    among: Sequence[UUID] | None = None,
) -> int:
    await tx.execute(text(STAGE))
    digest, assessed = sha256(), 0
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        boxes, digestible = await _place_batch(tx, institution, rubric, as_of, batch)
        assessed += boxes
        digest.update(digestible)
        progress("placing", start + len(batch), len(ids))
    changed = await _keep_what_differs(tx, actor.institution_id, among)
    await candidates.refresh_candidates(tx, actor.institution_id, as_of, among)
    await recalculate_plans(tx, actor)
    if changed:
        name = f"{rubric.code}/{rubric.version}"
        manual = await data_subjects.count_manual_decisions(tx, actor.institution_id, among)
        event = TalentsPlaced(as_of.isoformat(), name, len(ids), assessed, manual, digest.hexdigest())
        await record(tx, actor, event)
    return changed


async def _place_batch(
    tx: AsyncSession, institution: InstitutionRow, rubric: Rubric, as_of: date, batch: Sequence[UUID]
) -> tuple[int, bytes]:
    """Stage the placements of a batch; how many are in a box, and what the ledger's digest covers.

    Nothing of a batch outlives it, so that memory does not grow with the institution.
    """
    people = await evidence_columns.load_people(tx, institution.id, batch, institution.name)
    assessed, digestible = 0, b""
    for scored in await asyncio.to_thread(lambda: list(scoring.score(rubric, people, as_of))):
        rows = calculated.rows(batch, scored, rubric, as_of)
        while chunk := await asyncio.to_thread(_next_chunk, rows):
            await copy_rows(tx, "stage_placement", COLUMNS, chunk)
        assessed += int((scored.box > 0).sum())
        digestible += calculated.digestible(batch, scored)
    return assessed, digestible


def _next_chunk(rows: Iterator[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return list(islice(rows, CHUNK))


STAGE = f"CREATE TEMP TABLE stage_placement ON COMMIT DROP AS SELECT {', '.join(COLUMNS)} FROM placement WITH NO DATA"  # noqa: S608


async def _keep_what_differs(tx: AsyncSession, institution_id: UUID, among: Sequence[UUID] | None) -> int:
    """Write the staged placements that differ; placements of others than the staged go, of all or `among` these."""
    assignments = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name != "talent_id")
    mine, theirs = (", ".join(f"{table}.{name}" for name in COLUMNS) for table in ("placement", "excluded"))
    written = await tx.execute(
        text(f"""
            INSERT INTO placement (institution_id, {", ".join(COLUMNS)})
            SELECT :institution_id, {", ".join(COLUMNS)} FROM stage_placement
            ON CONFLICT (institution_id, talent_id) DO UPDATE SET {assignments}
            WHERE ({mine}) IS DISTINCT FROM ({theirs})"""),  # noqa: S608 - names of our own columns
        {"institution_id": institution_id},
    )
    removed = await tx.execute(
        text("""
            DELETE FROM placement WHERE institution_id = :institution_id
            AND (CAST(:among AS uuid[]) IS NULL OR talent_id = ANY (CAST(:among AS uuid[])))
            AND NOT EXISTS (SELECT FROM stage_placement s WHERE s.talent_id = placement.talent_id)"""),
        {"institution_id": institution_id, "among": None if among is None else list(among)},
    )
    return int(written.rowcount + removed.rowcount)  # type: ignore[attr-defined]


# ── reads


async def placement_document(db: Database, actor: Actor, nip: str, wanted: Selection | None = None) -> Document:
    """Where a talent stands and why: both axes, box, talent value and the trace of every part."""
    actor.require(Permission.READ_TALENTS, Permission.READ_UNIT_TALENTS, Permission.READ_OWN_TALENT)
    return await document_of_talent(db, actor, shapes.PLACEMENT, nip, wanted)


async def nine_box_document(db: Database, actor: Actor, wanted: Selection | None = None) -> Document:
    """How many people stand in each box, and how many are not assessed; for a national actor, of all institutions."""
    actor.require(Permission.READ_TALENT_MAP, Permission.READ_NATIONAL_COUNTS)
    shape = shapes.NATIONAL_NINE_BOX if actor.is_national else shapes.NINE_BOX
    document = await db.document_as(actor, shape, wanted)
    if document is None:
        raise NotFound("institution.not_found")
    return document


async def completeness_document(db: Database, actor: Actor, wanted: Selection | None = None) -> Document:
    """Per required item how many people have it and how many lack it, for the institution and per unit."""
    actor.require(Permission.READ_TALENT_MAP)
    document = await db.document_as(actor, shapes.COMPLETENESS, wanted)
    if document is None:
        raise NotFound("institution.not_found")
    return document


async def next_evidence_document(db: Database, actor: Actor, wanted: Selection | None = None) -> Document:
    """Which missing items decide how many people, for the institution and per unit: the order in which to gather."""
    actor.require(Permission.READ_TALENT_MAP)
    document = await db.document_as(actor, NEXT_EVIDENCE, wanted)
    if document is None:
        raise NotFound("institution.not_found")
    return document


async def document_of_talent(
    db: Database, actor: Actor, shape: Shape, nip: str, wanted: Selection | None = None
) -> Document:
    """A document about one talent, which leaves a receipt; `NotFound` for absent, impossible and foreign numbers."""
    actor.require(Permission.READ_TALENTS, Permission.READ_UNIT_TALENTS, Permission.READ_OWN_TALENT)
    document = None
    if is_storable(nip):
        purpose = purpose_within(actor.role, actor.purpose)
        document = await db.view_as(actor, purpose, shape, wanted, nip=nip, **scope_of(actor))
    if document is None:
        raise NotFound("talent.not_found")
    return document
