"""Reconciliation reports of syncs: as a document, and as a workbook of every change, conflict and failure."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import siasn_reported
from app.db.classes import PERMISSION_OF, DataClass
from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.shapes import siasn_syncs as shapes
from app.domain.actors import Actor, Permission
from app.domain.errors import NotFound
from app.domain.messages import SENTENCES, sentence
from app.domain.siasn_syncs import Outcome
from app.services import exports
from app.services.exports import ExportedFile
from app.sheets.writing import Heading, Kind, Table, Workbook, Written

REPORT = "siasnReport"
CHANGES = {"added": "Baru", "changed": "Berubah", "restored": "Kembali", "withdrawn": "Dicabut"}
STANDINGS = {"open": "Menunggu", "asked": "Ditanyakan", "decided": "Diputuskan", "superseded": "Tidak berlaku lagi"}
DECISIONS = {"keepOurs": "Pakai data kami", "takeTheirs": "Pakai data SIASN", "ask": "Tanyakan"}
FIELD = ("ISIAN", "DATA KAMI", "DATA SIASN")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of people: its rows in the database, and what of each is written."""

    name: str
    headings: tuple[Heading, ...]
    sql: str
    cells: Callable[[asyncpg.Record], Sequence[Written]]


async def export_siasn_report(db: Database, actor: Actor, sync_id: UUID) -> ExportedFile:
    """The reconciliation report of a sync as a workbook, recorded in the ledger.

    What somebody may not see of sanctions and assessments is left out, and the file says so.
    """
    actor.require(Permission.SYNC_SIASN)
    report = await siasn_report_document(db, actor, sync_id)
    sees_all = actor.may(PERMISSION_OF[DataClass.SPECIFIC])
    async with db.write_as(actor) as tx:
        institution = await exports._institution(tx, actor)  # noqa: SLF001 - a service composes another's steps
        with Workbook() as book:
            _summarise(book, institution.name, orjson.loads(report), sees_all=sees_all)
            rows = 0
            for sheet in SHEETS:
                rows += await _fill(tx, book, sheet, actor.institution_id, sync_id, sees_all=sees_all)
            content = await asyncio.to_thread(book.finish)
        contained = DataClass.SPECIFIC if sees_all else DataClass.GENERAL
        name = exports._name("rekonsiliasi-siasn", institution)  # noqa: SLF001
        return await exports._handed_out(tx, actor, REPORT, content, name, rows, contained=contained)  # noqa: SLF001


async def _fill(
    tx: AsyncSession, book: Workbook, sheet: Sheet, institution_id: UUID, sync_id: UUID, *, sees_all: bool
) -> int:
    table = book.add_table(sheet.name, sheet.headings)
    async for rows in siasn_reported.stream(tx, sheet.sql, institution_id, sync_id, sees_all=sees_all):
        await asyncio.to_thread(_add, table, sheet, rows)
    return table.rows


def _add(table: Table, sheet: Sheet, rows: Iterable[asyncpg.Record]) -> None:
    table.add(sheet.cells(row) for row in rows)


def _summarise(book: Workbook, institution: str, report: Mapping[str, Any], *, sees_all: bool) -> None:
    """Totals that add up: everybody has one outcome, or waits."""
    table = book.add_table("Ringkasan", [Heading("URAIAN", 60), Heading("JUMLAH", 14, Kind.COUNT)], [institution])
    table.add(_totals(report))
    if not sees_all:
        table.add([("Hukuman disiplin dan hasil asesmen tidak disertakan", None)])


def _totals(report: Mapping[str, Any]) -> Iterator[tuple[str, int | None]]:
    sync = report["sync"]
    yield "Pegawai", sync["total"]
    for outcome in Outcome:
        yield sentence(f"sync.outcome.{outcome.value}")["id"], sync[outcome.value]
    yield "Belum ditanyakan", report["waiting"]
    yield "Pegawai dengan layanan yang gagal", sync["withFailures"]
    yield "Pegawai dengan isian yang belum terpetakan", sync["withUnmapped"]
    yield "Pertentangan baru", sync["conflicts"]
    yield "Unit baru atau berubah", sync["unitsChanged"]
    yield "Unit yang tidak diambil", len(sync["unitFaults"])
    for change in [*report["changes"], *(report["narrowedChanges"] or ())]:
        yield f"Baris {change['endpoint']}: {CHANGES[change['change']].lower()}", change["rows"]


def _said(code: str) -> str:
    return sentence(code)["id"] if code in SENTENCES else code


_WHO = (Heading("NIP", 21), Heading("NAMA", 32))
_SIDES = tuple(Heading(label, 32) for label in FIELD)
SHEETS = (
    Sheet(
        "Perubahan",
        (*_WHO, Heading("LAYANAN", 20), Heading("PERUBAHAN", 14), Heading("BARIS", 38), *_SIDES),
        siasn_reported.CHANGES,
        lambda row: (
            *(row["nip"], row["name"], row["endpoint"], CHANGES[row["change"]], row["row_id"]),
            *(row["field"], row["ours"], row["theirs"]),
        ),
    ),
    Sheet(
        "Pertentangan",
        (
            *_WHO,
            Heading("SEBAB", 60),
            *_SIDES,
            Heading("KEADAAN", 18),
            Heading("KEPUTUSAN", 20),
            Heading("CATATAN", 40),
        ),
        siasn_reported.CONFLICTS,
        lambda row: (
            *(row["nip"], row["name"], _said(f"siasn_conflict.reason.{row['reason']}")),
            *(row["field"], row["ours"], row["theirs"]),
            *(STANDINGS[row["standing"]], DECISIONS.get(row["decision"] or ""), row["note"]),
        ),
    ),
    Sheet(
        "Kegagalan",
        (*_WHO, Heading("LAYANAN", 20), Heading("STATUS", 9, Kind.WHOLE), Heading("SEBAB", 80)),
        siasn_reported.FAILURES,
        lambda row: (row["nip"], row["name"], row["endpoint"], row["status"], _said(row["code"])),
    ),
    Sheet(
        "Belum terpetakan",
        (
            *_WHO,
            Heading("LAYANAN", 20),
            Heading("BARIS", 38),
            Heading("ISIAN", 24),
            Heading("NILAI", 32),
            Heading("SEBAB", 80),
        ),
        siasn_reported.UNMAPPED,
        lambda row: (
            *(row["nip"], row["name"], row["endpoint"], row["row_id"], row["key"], row["value"]),
            _said(row["code"]),
        ),
    ),
)


# ── reads


async def siasn_report_document(db: Database, actor: Actor, sync_id: UUID, wanted: Selection | None = None) -> Document:
    """The reconciliation report of a sync: what became of everybody, and how often what changed or failed."""
    actor.require(Permission.SYNC_SIASN)
    document = await db.document_as(actor, shapes.SIASN_REPORT, wanted, id=sync_id)
    if document is None:
        raise NotFound("sync.not_found")
    return document
