"""Placements: where the rubric puts everybody of an institution, the nine-box map, and whose evidence is missing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import islice
from uuid import UUID

import numpy as np
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import evidence_columns
from app.db.database import Database, copy_rows
from app.db.documents import Document, Selection, Shape
from app.db.ledger import record
from app.db.shapes import placements as shapes
from app.db.tables.institutions import InstitutionRow
from app.db.tables.placements import PlacementRow, RubricRow
from app.domain import nine_box
from app.domain.actors import Actor, Permission
from app.domain.errors import NotFound
from app.domain.events import TalentsPlaced
from app.domain.nine_box import Axis
from app.domain.rubric import Rubric
from app.domain.rubric_document import Json, active_statuses, parse_rubric
from app.kernels import scoring
from app.services.contract import is_storable
from app.services.import_report import Progress

BATCH = 5_000  # people scored at once; bounds the memory of a run
CHUNK = 1_000  # placements copied at once
LATEST_VERSION = 2**31 - 1  # of a rubric, as PostgreSQL counts
DEFAULT_RUBRIC = "bkn-411-2025"


# ── writes


@dataclass(frozen=True, slots=True)
class ActiveRubric:
    """A rubric and the codes of those its mapping counts as active."""

    rubric: Rubric
    active_statuses: frozenset[str]


async def _active_rubric(tx: AsyncSession) -> ActiveRubric:
    """The rubric that placements are made with: the newest of the default, as long as institutions have none."""
    document: Json | None = await tx.scalar(
        select(RubricRow.document).where(RubricRow.code == DEFAULT_RUBRIC).order_by(RubricRow.version.desc()).limit(1)
    )
    if document is None:
        raise NotFound("rubric.not_found", rubric=DEFAULT_RUBRIC)
    return ActiveRubric(parse_rubric(document), active_statuses(document))


async def _place_everybody(
    tx: AsyncSession, actor: Actor, institution: InstitutionRow, rubric: Rubric, as_of: date, progress: Progress
) -> int:
    """Place all mapped talents of the institution; only placements that differ are written. Returns how many did."""
    await tx.execute(text(STAGE))
    ids = await evidence_columns.mapped_talents(tx, actor.institution_id)
    digest, assessed = sha256(), 0
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        boxes, digestible = await _place_batch(tx, institution, rubric, as_of, batch)
        assessed += boxes
        digest.update(digestible)
        progress("placing", start + len(batch), len(ids))
    changed = await _keep_what_differs(tx, actor.institution_id)
    if changed:
        await tx.execute(text("SELECT publish_box_counts()"))
        name = f"{rubric.code}/{rubric.version}"
        await record(tx, actor, TalentsPlaced(as_of.isoformat(), name, len(ids), assessed, digest.hexdigest()))
    return changed


async def _place_batch(
    tx: AsyncSession, institution: InstitutionRow, rubric: Rubric, as_of: date, batch: Sequence[UUID]
) -> tuple[int, bytes]:
    """Stage the placements of a batch; how many are in a box, and what the ledger's digest covers.

    Nothing of a batch outlives it, so that memory does not grow with the institution.
    """
    people = await evidence_columns.load_people(tx, institution.id, batch, institution.name)
    scored = await asyncio.to_thread(scoring.score, rubric, people, as_of)
    rows = _rows(batch, scored, rubric, as_of)
    while chunk := await asyncio.to_thread(lambda: list(islice(rows, CHUNK))):
        await copy_rows(tx, "stage_placement", COLUMNS, chunk)
    return int((scored.box > 0).sum()), _digestible(batch, scored)


COLUMNS = tuple(column.name for column in PlacementRow.__table__.columns if column.name != "institution_id")
STAGE = f"CREATE TEMP TABLE stage_placement ON COMMIT DROP AS SELECT {', '.join(COLUMNS)} FROM placement WITH NO DATA"  # noqa: S608


async def _keep_what_differs(tx: AsyncSession, institution_id: UUID) -> int:
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
            AND NOT EXISTS (SELECT FROM stage_placement s WHERE s.talent_id = placement.talent_id)"""),
        {"institution_id": institution_id},
    )
    return int(written.rowcount + removed.rowcount)  # type: ignore[attr-defined]


def _rows(talents: Sequence[UUID], scored: scoring.Scored, rubric: Rubric, as_of: date) -> Iterator[tuple[object, ...]]:
    """The placements of a batch as rows of the stage, in the order of COLUMNS."""
    reasons = [reason.value for reason in scoring.REASONS]
    categories = [category.value for category in nine_box.CATEGORIES]
    performance, potential = (scored.values[axis].tolist() for axis in (Axis.PERFORMANCE, Axis.POTENTIAL))
    low_to_high = [scored.categories[axis].tolist() for axis in (Axis.PERFORMANCE, Axis.POTENTIAL)]
    boxes, values = scored.box.tolist(), scored.talent_value.tolist()
    for n, talent in enumerate(talents):
        yield (
            talent,
            as_of,
            rubric.code,
            rubric.version,
            _known(performance[n]),
            _known(potential[n]),
            categories[low_to_high[0][n]] if performance[n] >= 0 else None,
            categories[low_to_high[1][n]] if potential[n] >= 0 else None,
            boxes[n] or None,
            Decimal(values[n]).scaleb(-8) if values[n] >= 0 else None,
            [item for item, is_missing in zip(rubric.items, scored.missing[n].tolist(), strict=True) if is_missing],
            [reasons[code] for code in scored.reasons[n].tolist()],
            scored.found[n].tolist(),
            [_known(score) for score in scored.scores[n].tolist()],
            [_known(points) for points in scored.points[n].tolist()],
            [_known(row) for row in scored.evidence_ids[n].tolist()],
            [None if day == scoring.NO_DAY else _day(day) for day in scored.evidence_days[n].tolist()],
        )


def _known(number: int) -> int | None:
    return None if number == scoring.UNKNOWN else number


def _day(number: int) -> date:
    return scoring.EPOCH + timedelta(days=number)


def _digestible(talents: Sequence[UUID], scored: scoring.Scored) -> bytes:
    """The bytes of a batch that the ledger's digest covers: who, both axis values, box."""
    axes = np.stack([scored.values[Axis.PERFORMANCE], scored.values[Axis.POTENTIAL], scored.box], axis=1)
    return b"".join(talent.bytes for talent in talents) + axes.astype("<i8").tobytes()


# ── reads


async def placement_document(db: Database, actor: Actor, nip: str, wanted: Selection | None = None) -> Document:
    """Where a talent stands and why: both axes, box, talent value and the trace of every part."""
    actor.require(Permission.READ_TALENTS, Permission.READ_OWN_TALENT)
    return await document_of_talent(db, actor, shapes.PLACEMENT, nip, wanted)


async def rubric_document(
    db: Database, actor: Actor, code: str, version: int, wanted: Selection | None = None
) -> Document:
    """A version of a rubric, whole: weights, bands, windows, standards, cut points."""
    actor.require(Permission.READ_RUBRICS)
    is_possible = is_storable(code) and 0 < version <= LATEST_VERSION
    document = await db.document_as(actor, shapes.RUBRIC, wanted, code=code, version=version) if is_possible else None
    if document is None:
        raise NotFound("rubric.not_found", rubric=f"{code}/{version}")
    return document


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


async def document_of_talent(
    db: Database, actor: Actor, shape: Shape, nip: str, wanted: Selection | None = None
) -> Document:
    """A document about one talent; `NotFound` alike for absent, foreign and impossible numbers, and for others' own."""
    actor.require(Permission.READ_TALENTS, Permission.READ_OWN_TALENT)
    own_only = {} if actor.may(Permission.READ_TALENTS) else {"own_nip": actor.nip or ""}
    document = await db.document_as(actor, shape, wanted, nip=nip, **own_only) if is_storable(nip) else None
    if document is None:
        raise NotFound("talent.not_found")
    return document
