"""Imports: the files an office holds become talents, evidence and placements, in one transaction."""

from __future__ import annotations

import asyncio
import hashlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import cast
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import posts, retirements, staging, unit_affairs
from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.locks import waiting_shortly
from app.db.shapes import imports as shapes
from app.db.staging import Stage
from app.db.tables.imports import ImportRow
from app.db.tables.institutions import InstitutionRow
from app.domain.actors import Actor, Permission
from app.domain.errors import Invalid, NotFound
from app.domain.events import FilesImported
from app.domain.evidence import COMPLETE_REGISTERS, Kind
from app.domain.mapping import completed
from app.domain.nip import YOUNGEST, day_of_birth, is_pppk, month_of_entry
from app.services import institutions, placements
from app.services.contract import Command, named_cursor, page_size
from app.services.import_report import DeliveredFile, Delivery, ImportRun, Progress, Report
from app.services.placements import ActiveRubric
from app.sheets import layouts
from app.sheets.layouts import EMPLOYEES, POSTS, UNITS, RecognisedSheet, RefusedCell, Values, recognise, row_key
from app.sheets.reading import Limits, Sheet, open_sheets

CHUNK = 5_000  # rows read, checked and copied at a time


class ImportFiles(Command):
    """Import delivered files as the state of a day."""

    as_of: date | None = Field(None, ge=date(1945, 8, 17), le=date(2100, 1, 1))
    """The day the files describe; unless told, the day of the present map, or today where there is none."""
    dry_run: bool = False
    """Report everything, store nothing."""
    all_or_nothing: bool = False
    """Store nothing if any row is refused."""


# ── writes


async def import_files(
    db: Database,
    actor: Actor,
    command: ImportFiles,
    files: Sequence[DeliveredFile],
    *,
    limits: Limits,
    progress: Progress = lambda _what, _done, _all: None,
    founding: str | None = None,
) -> Report:
    """Import files as one unit: either all accepted rows are stored and everybody is placed anew, or nothing is.

    A file that cannot be read, or lacks a column, is refused as a whole (`Invalid`) and nothing is stored. Sheets that
    no layout fits are named in the report. Importing the same files again reports the same and changes nothing.
    `founding` names an institution that comes to be with this import.
    """
    actor.require(Permission.IMPORT)
    if founding is not None:
        actor.require(Permission.CREATE_INSTITUTION)
    delivery = await asyncio.to_thread(_open, files, limits)
    run = ImportRun(uuid4(), delivery, progress)
    async with db.write_as(actor) as tx:
        if founding is not None:
            founding = institutions.CreateInstitution(name=founding).name
            await institutions._found(tx, actor, founding)  # noqa: SLF001 - a service composes another's steps
        institution = await _hold_institution(tx, actor)
        as_of = command.as_of or institution.as_of or db.today()
        rubric = await placements._active_rubric(tx)  # noqa: SLF001
        await _begin(tx, db, actor, as_of, run)
        await _take_units(tx, institution, run)
        await _take_employees(tx, institution, rubric, as_of, run)
        await _take_posts(tx, institution, as_of, run)
        await _take_evidence(tx, institution, run)
        run.mapped, run.not_mapped = await staging.count_mapped(tx, institution.id)
        institution.as_of = as_of
        institution.rubric_code, institution.rubric_version = rubric.rubric.code, rubric.rubric.version
        run.changes["placements"] = await placements._place_everybody(  # noqa: SLF001
            tx, actor, institution, rubric.rubric, as_of, progress
        )
        await _finish(tx, actor, as_of, run)
        stored = not command.dry_run and not (command.all_or_nothing and run.refusals)
        if not stored:
            await tx.rollback()
    return run.report(as_of, stored=stored)


Recognise = Callable[[Sheet], RecognisedSheet | None]


def _open(files: Sequence[DeliveredFile], limits: Limits, recognised_as: Recognise = recognise) -> Delivery:
    """Open every file before anything is stored; one that cannot be read refuses the import."""
    sheets: list[RecognisedSheet] = []
    unrecognised: list[dict[str, str]] = []
    digest = hashlib.sha256()
    files = _distinctly_named(files)
    for file in files:
        for sheet in open_sheets(file.path, file.name, limits):
            if recognised := recognised_as(sheet):
                sheets.append(recognised)
            elif sheet.headings:
                # its first row is not repeated here: in a file without headings that is a person
                unrecognised.append({"file": sheet.file, "sheet": sheet.name})
        with file.path.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return Delivery(files, sheets, unrecognised, digest.hexdigest())


def _distinctly_named(files: Sequence[DeliveredFile]) -> list[DeliveredFile]:
    """Two files of one name, as an upload can bring, are told apart in the report."""
    met: Counter[str] = Counter()
    named = []
    for file in files:
        met[file.name] += 1
        times = met[file.name]
        named.append(file if times == 1 else replace(file, name=f"{file.name} ({times})"))
    return named


async def _hold_institution(tx: AsyncSession, actor: Actor) -> InstitutionRow:
    """One import of an institution at a time."""
    institution = await tx.get(InstitutionRow, actor.institution_id, with_for_update={"key_share": True})
    if institution is None:
        raise NotFound("institution.not_found")
    return institution


async def _hold_idle_institution(tx: AsyncSession, actor: Actor) -> InstitutionRow:
    """The institution for a change of what many people's facts rest on; `Conflict` where an import goes on and on.

    To be held before anything else is locked, as an import does.
    """
    async with waiting_shortly(tx, "institution.busy"):
        return await _hold_institution(tx, actor)


async def _begin(tx: AsyncSession, db: Database, actor: Actor, as_of: date, run: ImportRun) -> None:
    if not run.delivery.sheets:
        raise Invalid("import.nothing_recognised", names=", ".join(file.name for file in run.delivery.files))
    for sheet in run.delivery.sheets:
        run.count(sheet)
    await tx.execute(
        insert(ImportRow).values(
            institution_id=actor.institution_id,
            id=run.id,
            as_of=as_of,
            started_at=db.now(),
            subject=actor.subject,
            digest=run.delivery.digest,
            report={},
        )
    )


async def _finish(tx: AsyncSession, actor: Actor, as_of: date, run: ImportRun) -> None:
    """Keep the report, the refusals row by row, and the entry in the ledger."""
    report = run.report(as_of, stored=True)
    kept = {key: value for key, value in report.items() if key not in ("id", "asOf", "stored", "refusals")}
    await tx.execute(update(ImportRow).where(ImportRow.id == run.id).values(report=kept))
    await staging.keep_refusals(
        tx,
        actor.institution_id,
        run.id,
        (
            (
                *(ordinal, refusal["file"], refusal["sheet"], refusal["row"], refusal["column"], refusal["value"]),
                *(refusal["code"], refusal["detail"]["id"], refusal["detail"]["en"]),
            )
            for ordinal, refusal in enumerate(run.refusals, start=1)
        ),
    )
    event = FilesImported(run.id, as_of.isoformat(), run.delivery.digest, run.changes)
    await record(tx, actor, event)


async def _take_units(tx: AsyncSession, institution: InstitutionRow, run: ImportRun) -> None:
    await staging.UNITS.open(tx)
    for sheet in run.sheets_of(UNITS):
        await _stage(tx, sheet, staging.UNITS, run, lambda values: values)
    run.changes["orgUnits"] = await staging.merge_units(tx, institution.id)


async def _take_employees(
    tx: AsyncSession, institution: InstitutionRow, rubric: ActiveRubric, as_of: date, run: ImportRun
) -> None:
    """Data ASN: who they are, whether they are mapped, and the level their post implies."""
    complete = partial(completed, institution=institution.name, active=rubric.active_statuses)
    await staging.TALENTS.open(tx)
    for sheet in run.sheets_of(EMPLOYEES):
        await _stage(tx, sheet, staging.TALENTS, run, complete, noticed=partial(_noticed_of_number, as_of=as_of))
    for number, row, nip, differs in await staging.repeated_talents(tx):
        sheet = run.delivery.sheets[number]
        run.count(sheet)["duplicates"] += 1
        if differs:
            cell = RefusedCell("NIP BARU", nip, "nip.repeated", {})
            run.notice(sheet, row, cell)
    run.changes["talents"] = await staging.merge_talents(tx, institution.id)
    if any(run.sheets_of(EMPLOYEES)):
        run.not_delivered = await staging.count_not_delivered(tx, institution.id)
    await staging.lay_paths(tx, institution.id)


async def _take_posts(tx: AsyncSession, institution: InstitutionRow, as_of: date, run: ImportRun) -> None:
    """The position map, who holds its posts now, and what units work at; also where no position map is delivered."""
    run.changes["unitAffairs"] = await unit_affairs.derive_affairs(tx, institution.id)
    await staging.POSTS.open(tx)
    units = await posts.known_units(tx, institution.id)
    for sheet in run.sheets_of(POSTS):
        noticed = partial(_noticed_of_analysis, as_of=as_of)
        await _stage(tx, sheet, staging.POSTS, run, _typed_post, units.__contains__, noticed)
        institution.posts_as_of = as_of
    for number, row, name, differs in await posts.repeated_posts(tx):
        sheet = run.delivery.sheets[number]
        run.count(sheet)["duplicates"] += 1
        if differs:
            run.notice(sheet, row, RefusedCell("NAMA JABATAN", name, "post.repeated", {}))
    run.changes["posts"] = await posts.merge_posts(tx, institution.id)
    if institution.posts_as_of is None:
        return
    await retirements.start_clocks(tx, institution.id, as_of)
    run.changes["postHolders"] = await posts.place_holders(tx, institution.id, as_of)
    await retirements.foresee(tx, institution.id, as_of)
    run.seats = await posts.count_seats(tx, institution.id)
    for number, row, seats, holders in await posts.crowded_posts(tx, institution.id):
        cell = RefusedCell("KEBUTUHAN", seats, "post.crowded", {"holders": holders})
        run.notice(run.delivery.sheets[number], row, cell)
    for number, row, position in await posts.people_without_post(tx, institution.id):
        run.notice(run.delivery.sheets[number], row, RefusedCell("JABATAN NAMA", position, "post.not_on_map", {}))


def _typed_post(values: Values) -> Values:
    return {**values, "is_critical": values["is_critical"] == "yes"}


async def _take_evidence(tx: AsyncSession, institution: InstitutionRow, run: ImportRun) -> None:
    """Evidence about people on the books, a kind at a time from all sheets of it.

    A complete register says one thing more: who has no row in it has none.
    """
    nips = await staging.known_nips(tx, institution.id)
    delivered = {sheet.layout.kind for sheet in run.sheets_of(*layouts.EVIDENCE)}
    checked: set[Kind] = set()
    for layout in layouts.EVIDENCE:
        kind = layout.kind
        if kind is None or kind not in delivered:
            continue
        await staging.EVIDENCE[kind].open(tx)
        for sheet in run.sheets_of(layout):
            is_known = partial(_is_among, nips)
            await _stage(tx, sheet, staging.EVIDENCE[kind], run, lambda values: values, is_known)
        run.changes[kind.value] = await staging.merge_evidence(tx, institution.id, run.id, kind)
        for number, row, nip in await staging.overruled_rows(tx, institution.id, kind):
            run.notice(run.delivery.sheets[number], row, RefusedCell("NIP", nip, "evidence.overruled", {}))
        checked |= COMPLETE_REGISTERS & ({kind, Kind.ACTING} if kind is Kind.POSITION else {kind})
    if checked:
        run.changes["checks"] = await staging.mark_checked(tx, institution.id, run.id, sorted(checked))


Notice = Callable[[Values], Iterator[RefusedCell]]


async def _stage(
    tx: AsyncSession,
    sheet: RecognisedSheet,
    stage: Stage,
    run: ImportRun,
    complete: Callable[[Values], Values],
    is_known: Callable[[str], bool] | None = None,
    noticed: Notice | None = None,
) -> None:
    """Read a sheet in chunks, off the event loop, and copy the rows that can be accepted."""
    chunks = _chunks(sheet, stage, run, complete, is_known, noticed or _noticed)
    while (rows := await asyncio.to_thread(next, chunks, None)) is not None:
        await stage.add(tx, rows)
        run.progress(f"{sheet.sheet.file} / {sheet.sheet.name}", run.count(sheet)["rows"], 0)


def _chunks(
    sheet: RecognisedSheet,
    stage: Stage,
    run: ImportRun,
    complete: Callable[[Values], Values],
    is_known: Callable[[str], bool] | None,
    noticed: Notice,
) -> Iterator[list[tuple[object, ...]]]:
    count, rows = run.count(sheet), list[tuple[object, ...]]()
    place = run.delivery.sheets.index(sheet)
    for number, cells in sheet.sheet.rows():
        count["rows"] += 1
        read = sheet.read(cells, is_known)
        if isinstance(read, RefusedCell):
            run.refuse(sheet, number, read)
            continue
        values = complete(read)
        if "row_key" in stage.columns:
            values["row_key"] = row_key(stage.identity(values))
        for cell in noticed(values):
            run.notice(sheet, number, cell)
        values["sheet_number"], values["row_number"] = place, number
        rows.append(tuple(values.get(name) for name in stage.columns))
        if len(rows) == CHUNK:
            yield rows
            rows = []
    yield rows


def _noticed(values: Values) -> Iterator[RefusedCell]:
    """What is accepted and stored, and still should be looked at."""
    if "level_label" in values and values["level"] is None:
        yield RefusedCell("TINGKAT", str(values["level_label"]), "education.unrecognised", {})
    if "severity" in values and values["ends_on"] is None:
        yield RefusedCell("TMT SELESAI", None, "sanction.open_ended", {})


def _noticed_of_analysis(values: Values, *, as_of: date) -> Iterator[RefusedCell]:
    analysed_on = cast("date | None", values["analysed_on"])
    if analysed_on is not None and analysed_on > as_of:
        yield RefusedCell("TANGGAL ABK", analysed_on, "analysis.to_come", {})


def _noticed_of_number(values: Values, *, as_of: date) -> Iterator[RefusedCell]:
    """Parts of a NIP that would have to be read and cannot be: what they would say stays unknown."""
    number, recorded = str(values["nip"]), cast("date | None", values.get("born_on"))
    born = day_of_birth(recorded, number, as_of)
    if born is None:
        column, told = ("NIP BARU", number) if recorded is None else ("TANGGAL LAHIR", recorded)
        yield RefusedCell(column, told, "nip.birth_impossible", {"years": YOUNGEST})
    elif values.get("candidate_from") is None and not (is_pppk(number) or month_of_entry(number, born, as_of)):
        yield RefusedCell("NIP BARU", number, "nip.entry_impossible", {"years": YOUNGEST})


def _is_among(ascending: Sequence[int], nip: str) -> bool:
    number = int(nip)
    position = bisect_left(ascending, number)
    return position < len(ascending) and ascending[position] == number


# ── reads


async def import_document(db: Database, actor: Actor, import_id: UUID, wanted: Selection | None = None) -> Document:
    """One import with its report and every refusal."""
    actor.require(Permission.READ_IMPORTS)
    document = await db.document_as(actor, shapes.IMPORT, wanted, id=import_id)
    if document is None:
        raise NotFound("import.not_found")
    return document


async def imports_page(
    db: Database, actor: Actor, first: int | None = None, after: str | None = None, wanted: Selection | None = None
) -> Document:
    """The imports of the institution, newest first."""
    actor.require(Permission.READ_IMPORTS)
    return await db.page_as(actor, shapes.IMPORTS, wanted, page_size(first), named_cursor(after))
