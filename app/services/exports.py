"""Exports: talent maps, work plans, rankings and the ekspose pack as files, each of them recorded in the ledger."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import BinaryIO, cast
from uuid import UUID

import asyncpg
import orjson
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import exported
from app.db.classes import KINDS_OF, PERMISSION_OF, DataClass
from app.db.database import Database, fetch_rows
from app.db.ledger import record
from app.db.shapes.next_evidence import NEXT_EVIDENCE
from app.db.tables.cycles import CycleRow
from app.db.tables.institutions import InstitutionRow
from app.domain.actors import Actor, Permission
from app.domain.errors import Conflict, NotFound
from app.domain.events import TalentMapExported
from app.domain.masks import hidden_from
from app.domain.nine_box import Axis
from app.domain.standing import Audience
from app.domain.talent_map import IndicatorKey, points_of_indicators
from app.services import calculation, ekspose, ranking_workbook, rankings, work_plan_workbook
from app.services.contract import Command, StorableText
from app.services.ekspose import ChooseAudience
from app.services.ekspose_data import Ekspose
from app.services.ekspose_workbook import write_ekspose
from app.services.ranking_workbook import RankingLayout
from app.services.work_plan_workbook import EvidencePlan
from app.sheets import talent_map
from app.sheets.talent_map import MapLayout, MapRow
from app.sheets.writing import Heading, Workbook

WORK_PLAN, TALENT_MAP, EKSPOSE, EKSPOSE_PAGE = "workPlan", "talentMap", "ekspose", "eksposePage"
RANKING = "ranking"
WHY_LEFT_OUT = {
    DataClass.RESTRICTED: "hasil asesmen, bagi yang berwenang",
    DataClass.SPECIFIC: "data spesifik, UU 27/2022 pasal 4",
}


class ExportWorkPlan(Command):
    """Whose work plan: of everybody, or of a unit and those below it."""

    unit: StorableText | None = Field(None, max_length=100, description="Id of a unit; those below it are included.")


class ExportTalentMap(Command):
    """Which map: the working map, or that of a cycle."""

    cycle: UUID | None = Field(None, strict=False, description="Id of a cycle; the working map unless told.")


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file to be handed out: what it is called, and its bytes, open for reading; they are on no disk any more."""

    name: str
    content: BinaryIO
    size: int


async def export_work_plan(db: Database, actor: Actor, command: ExportWorkPlan) -> ExportedFile:
    """Who is still undecided, what is missing, and which evidence to gather first; XLSX, a sheet per unit."""
    actor.require(Permission.EXPORT)
    document = await db.document_as(actor, NEXT_EVIDENCE)
    async with db.write_as(actor) as tx:
        institution = await _institution(tx, actor)
        units = await _units_of(tx, actor, command.unit)
        plan = cast("EvidencePlan", orjson.loads(document or b"{}"))
        with Workbook() as book:
            scope = (actor.institution_id, command.unit)
            [[count]] = await fetch_rows(tx, exported.UNITS_OF_WORK_PLAN, *scope)
            tables = work_plan_workbook.begin(book, institution.name, plan, units, unit_count=count)
            rows = 0
            async for people in exported.stream_rows(tx, exported.WORK_PLAN, *scope):
                await asyncio.to_thread(tables.add, people)
                rows += len(people)
            content = await asyncio.to_thread(book.finish)
        name = _name("rencana-kerja", institution)
        return await _handed_out(tx, actor, WORK_PLAN, content, name, rows, contained=DataClass.GENERAL)


async def _units_of(tx: AsyncSession, actor: Actor, unit: str | None) -> frozenset[str] | None:
    """The ids of a unit and of those below it; None for all. Refused with `unit.not_found`."""
    if unit is None:
        return None
    sql = "SELECT id FROM org_unit WHERE institution_id = $1 AND $2 = ANY (path)"
    found = frozenset(row["id"] for row in await fetch_rows(tx, sql, actor.institution_id, unit))
    if not found:
        raise NotFound("unit.not_found")
    return found


async def export_talent_map(db: Database, actor: Actor, command: ExportTalentMap) -> ExportedFile:
    """Everybody on the map with the points of every indicator, both axes, box and talent value; XLSX as SIMATA has it.

    Points of indicators that rest on sanctions or assessments are for those only who may see these; the file says so.
    Refused with `export.nothing_mapped` as long as nobody has been placed.
    """
    actor.require(Permission.EXPORT)
    async with db.write_as(actor) as tx:
        institution = await _institution(tx, actor)
        cycle = None if command.cycle is None else await _cycle(tx, actor, command.cycle)
        code, version = _rubric_of(institution if cycle is None else cycle)
        rubric = await calculation._rubric_of(tx, code, version)  # noqa: SLF001 - a service composes another's steps
        whole = MapLayout(rubric, await exported.load_indicators(tx, code, version))
        withheld = _withheld_from(actor, whole)
        shown = replace(whole, indicators=tuple(one for one in whole.indicators if one.key not in withheld))
        axis_x = Axis(institution.axis_x)
        with Workbook() as book:
            table = book.add_table("Peta talenta", talent_map.headings(shown, axis_x))
            sql, values = exported.talent_map(actor.institution_id, command.cycle)
            async for people in exported.stream_rows(tx, sql, *values):
                rows = [_row_of(whole, person) for person in people]
                await asyncio.to_thread(_add_rows, table.add, shown, axis_x, rows)
            left_out = [(label, withheld[key]) for key, label in whole.columns.items() if key in withheld]
            _describe(book, institution, cycle, f"{code}/{version}", left_out)
            content = await asyncio.to_thread(book.finish)
        name = _name("peta-talenta", cycle or institution)
        contained = max((one for one in KINDS_OF if shown.resting_on(*KINDS_OF[one])), default=DataClass.GENERAL)
        return await _handed_out(tx, actor, TALENT_MAP, content, name, table.rows, contained=contained)


def _withheld_from(actor: Actor, layout: MapLayout) -> dict[IndicatorKey, DataClass]:
    """The indicators that the actor may not see, each with the highest class of what it rests on."""
    return {
        key: data_class
        for data_class in sorted(KINDS_OF)
        if not actor.may(PERMISSION_OF[data_class])
        for key in layout.resting_on(*KINDS_OF[data_class])
    }


def _add_rows(add: Callable[..., None], layout: MapLayout, axis_x: Axis, rows: Sequence[MapRow]) -> None:
    add(talent_map.cells_of(layout, axis_x, row) for row in rows)


def _row_of(layout: MapLayout, person: asyncpg.Record) -> MapRow:
    """A placement as the map shows it; of an imported one (a variant below 0) points of indicators are all there is."""
    variant, leaves = person["variant"], person["points"]
    tree = layout.tree(variant if variant >= 0 else -1 - variant)
    points = points_of_indicators(tree, leaves) if variant >= 0 else leaves
    return MapRow(
        nip=person["nip"],
        name=person["name"],
        position=person["position"],
        unit=person["unit"],
        variant=tree[0].variant,
        points={indicator.key: told for indicator, told in zip(tree, points, strict=True)},
        values={axis: person[axis.value] for axis in Axis},
        categories={axis: person[f"{axis.value}_category"] for axis in Axis},
        box=person["box"],
        calibrated_box=person["calibrated_box"],
        talent_value=person["talent_value"],
    )


def _describe(
    book: Workbook,
    institution: InstitutionRow,
    cycle: CycleRow | None,
    rubric: str,
    left_out: Sequence[tuple[str, DataClass]],
) -> None:
    """A sheet that says what the map is of."""
    as_of = institution.as_of if cycle is None else cycle.as_of
    table = book.add_table("Keterangan", [Heading("KETERANGAN", 20), Heading("ISI", 60)])
    table.add(
        [
            ("Instansi", institution.name),
            ("Siklus", "Peta kerja" if cycle is None else cycle.name),
            ("Per tanggal", None if as_of is None else as_of.isoformat()),
            ("Rubrik", rubric),
            ("Sumbu X", talent_map.name_of(Axis(institution.axis_x))),
            ("Sel kosong", "Tidak diketahui; bukan nol"),
            *(("Kolom yang tidak disertakan", f"{label} ({WHY_LEFT_OUT[of]})") for label, of in left_out),
        ]
    )


async def export_ekspose(db: Database, actor: Actor, command: ChooseAudience) -> ExportedFile:
    """The ekspose pack as tables; XLSX. For the public, small counts are withheld."""
    actor.require(Permission.EXPORT)
    pack = await ekspose._pack(db, actor, command.audience)  # noqa: SLF001 - a service composes another's steps
    with Workbook() as book:
        rows = await asyncio.to_thread(write_ekspose, book, pack)
        content = await asyncio.to_thread(book.finish)
    async with db.write_as(actor) as tx:
        name = _name("ekspose", await _institution(tx, actor))
        return await _handed_out(
            tx, actor, EKSPOSE, content, name, rows, contained=DataClass.INTERNAL, is_public=_is_public(command)
        )


async def print_ekspose(
    db: Database, actor: Actor, command: ChooseAudience, render: Callable[[Ekspose], bytes]
) -> bytes:
    """The ekspose pack as a page to print; `render` makes the page of it. For the public, small counts are withheld."""
    actor.require(Permission.EXPORT)
    pack = await ekspose._pack(db, actor, command.audience)  # noqa: SLF001 - a service composes another's steps
    page = await asyncio.to_thread(render, pack)
    digest, is_public = hashlib.sha256(page).hexdigest(), _is_public(command)
    async with db.write_as(actor) as tx:
        contained = DataClass.INTERNAL.word
        await record(tx, actor, TalentMapExported(EKSPOSE_PAGE, len(pack["levels"]), digest, contained, is_public))
    return page


def _is_public(command: ChooseAudience) -> bool:
    return command.audience is Audience.PUBLIC


async def export_ranking(db: Database, actor: Actor, ranking_id: UUID) -> ExportedFile:
    """Everybody in a ranking with each verdict, each part and the total, in its order; XLSX.

    What the reader may not see in documents is not in the file either, which says so: of masked candidates names, ages
    and exact points.
    """
    actor.require(Permission.EXPORT)
    actor.require(Permission.READ_CANDIDATES)
    async with db.write_as(actor) as tx:
        row = await rankings._ranking(tx, actor, ranking_id)  # noqa: SLF001
        terms = await rankings._stored_terms(tx, row)  # noqa: SLF001
        is_masked = await rankings._is_masked(tx, actor, row)  # noqa: SLF001
        hidden = hidden_from(actor.permissions, is_masked=is_masked)
        layout = RankingLayout(terms.requirements, terms.criteria, hidden, is_masked=is_masked)
        with Workbook() as book:
            table = ranking_workbook.begin(book, layout)
            async for people in exported.stream_rows(tx, exported.RANKING, actor.institution_id, ranking_id):
                await asyncio.to_thread(ranking_workbook.add, table, layout, people)
            institution = await _institution(tx, actor)
            ranking_workbook.describe(book, layout, await rankings._about(tx, row))  # noqa: SLF001
            content = await asyncio.to_thread(book.finish)
        name, contained = _name(f"pemeringkatan-{row.id.hex[:8]}", institution), layout.highest_class
        return await _handed_out(tx, actor, RANKING, content, name, table.rows, contained=contained)


# ── steps


async def _institution(tx: AsyncSession, actor: Actor) -> InstitutionRow:
    institution = await tx.get(InstitutionRow, actor.institution_id)
    if institution is None:
        raise NotFound("institution.not_found")
    return institution


async def _cycle(tx: AsyncSession, actor: Actor, cycle_id: UUID) -> CycleRow:
    cycle = await tx.get(CycleRow, (actor.institution_id, cycle_id))
    if cycle is None:
        raise NotFound("cycle.not_found")
    return cycle


def _rubric_of(mapped: InstitutionRow | CycleRow) -> tuple[str, int]:
    if mapped.rubric_code is None or mapped.rubric_version is None:
        raise Conflict("export.nothing_mapped")
    return mapped.rubric_code, mapped.rubric_version


async def _handed_out(
    tx: AsyncSession,
    actor: Actor,
    what: str,
    content: BinaryIO,
    name: str,
    rows: int,
    *,
    contained: DataClass,
    is_public: bool = False,
) -> ExportedFile:
    """Record who takes what, up to which class of data, and hand it out."""
    digest = await asyncio.to_thread(_digest, content)
    size = content.tell()
    content.seek(0)
    await record(tx, actor, TalentMapExported(what, rows, digest, contained.word, is_public))
    return ExportedFile(name, content, size)


def _digest(content: BinaryIO) -> str:
    digest = hashlib.sha256()
    while block := content.read(1 << 20):
        digest.update(block)
    return digest.hexdigest()


def _name(what: str, mapped: InstitutionRow | CycleRow) -> str:
    """What the file is called: plain letters, as every file system and header takes them."""
    as_of: date | None = mapped.as_of
    parts = [what, re.sub("[^a-z0-9]+", "-", mapped.name.lower()).strip("-"), "" if as_of is None else str(as_of)]
    return "-".join(part for part in parts if part)[:100] + ".xlsx"
