"""Standing: an institution's settings, its index values by year, and the regulations and committees it rests on."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import retirements
from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes import standing as shapes
from app.db.tables.standing import IndexValueRow, RegulationReferenceRow
from app.domain.actors import Actor, Permission
from app.domain.errors import Fault, NotFound, PreconditionFailed, refuse
from app.domain.events import IndexRecorded, IndexRemoved, InstitutionEdited, ReferenceKept, ReferenceRemoved
from app.domain.mobility_routes import InstitutionKind
from app.domain.nine_box import Axis
from app.domain.provinces import PROVINCES
from app.domain.revisions import ABSENT, FIRST, Expected, must_be_unchanged
from app.domain.standing import Index, ReferenceKind
from app.services import imports
from app.services.contract import Command, WrittenDay, must_be_decimal, must_be_storable

YEARS = range(2000, 2101)
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(must_be_storable)
]
Lines = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), AfterValidator(must_be_storable)
]


def _must_be_province(code: str) -> str:
    if code not in PROVINCES:
        raise PydanticCustomError("province.unknown", "no code of a province")
    return code


Province = Annotated[str, AfterValidator(_must_be_province)]


class EditInstitution(Command):
    """The settings to change; what is not given stays."""

    axis_x: Axis | None = Field(None, strict=False, description="Which axis is X in exports and drawings.")
    kind: InstitutionKind | None = Field(None, strict=False, description="What it is: routes of mobility depend on it.")
    province_code: Province | None = Field(
        None, description="Code of the province, as the Ministry of Home Affairs has it."
    )
    workload_analysis_years: int | None = Field(
        None, ge=1, le=20, description="After how many years a workload analysis (ABK) is out of date."
    )
    foresight_months: int | None = Field(
        None, ge=1, le=120, description="How long before a retirement the seat counts as one that will be empty."
    )


class RecordIndex(Command):
    """The value of an index in a year, with its grade, as its publisher states them."""

    value: Annotated[Decimal, BeforeValidator(must_be_decimal)] = Field(
        ge=0, le=1000, max_digits=8, decimal_places=4, strict=False
    )
    grade: Line
    source: Lines | None = None


class KeepReference(Command):
    """A regulation that the mapping rests on, or the committee that decides."""

    kind: ReferenceKind = Field(strict=False)
    name: Line = Field(description="Number or name, such as `Perwako Dumai 11/2023`.")
    title: Lines
    dated: WrittenDay | None = None
    text: Lines | None = Field(None, description="An address, or what else helps to find it.")


# ── writes


async def edit_institution(
    db: Database, actor: Actor, command: EditInstitution, *, expected: Expected | None = None
) -> UUID:
    """Change the settings of the own institution; what is not given stays as it is."""
    actor.require(Permission.EDIT_INSTITUTION)
    async with db.write_as(actor) as tx:
        institution = await imports._hold_idle_institution(tx, actor)  # noqa: SLF001 - a service composes another's steps
        must_be_unchanged(expected, institution.revision)
        told = command.model_dump(mode="json", exclude_none=True)
        before = {name: getattr(institution, name) for name in told}
        for name, value in told.items():
            setattr(institution, name, value)
        if told:
            await record(tx, actor, InstitutionEdited(before, told))
        if command.foresight_months is not None and institution.as_of is not None:
            await tx.flush()
            await retirements.foresee(tx, actor.institution_id, institution.as_of)
    return actor.institution_id


async def record_index(db: Database, actor: Actor, index: str, year: int, command: RecordIndex) -> tuple[Index, int]:
    """Put an index value of a year on record, in place of the one that stood there."""
    actor.require(Permission.EDIT_INSTITUTION)
    known = _index_of(index)
    if year not in YEARS:
        limits = {"limit": f"{YEARS[0]}-{YEARS[-1]}"}
        refuse(Fault("field.range", "year", limits))
    row = insert(IndexValueRow).values(
        institution_id=actor.institution_id,
        code=known.value,
        year=year,
        value=command.value,
        grade=command.grade,
        source=command.source,
    )
    told = {name: row.excluded[name] for name in ("value", "grade", "source")}
    async with db.write_as(actor) as tx:
        key = (actor.institution_id, known.value, year)
        held = await tx.get(IndexValueRow, key, with_for_update=True)
        before: tuple[str | None, str | None] = (
            (None, None) if held is None else (f"{held.value.normalize():f}", held.grade)
        )
        await tx.execute(row.on_conflict_do_update(index_elements=["institution_id", "code", "year"], set_=told))
        await record(tx, actor, IndexRecorded(known.value, year, *before, str(command.value), command.grade))
    return known, year


async def remove_index(db: Database, actor: Actor, index: str, year: int) -> None:
    """Take an index value off the record."""
    actor.require(Permission.EDIT_INSTITUTION)
    known = _index_of(index)
    if year not in YEARS:
        raise NotFound("index.not_found")
    async with db.write_as(actor) as tx:
        there = delete(IndexValueRow).where(IndexValueRow.code == known.value, IndexValueRow.year == year)
        if await tx.scalar(there.returning(IndexValueRow.year)) is None:
            raise NotFound("index.not_found")
        await record(tx, actor, IndexRemoved(known.value, year))


def _index_of(name: str) -> Index:
    try:
        return Index(name)
    except ValueError as error:
        raise NotFound("index.unknown", index=name, allowed=", ".join(Index)) from error


async def keep_reference(
    db: Database, actor: Actor, reference_id: UUID, command: KeepReference, *, expected: Expected | None = None
) -> UUID:
    """Put a reference on record under an id of the caller's choice, or change the one that has it."""
    actor.require(Permission.EDIT_INSTITUTION)
    told = command.model_dump() | {"kind": command.kind.value}
    async with db.write_as(actor) as tx:
        row = await _hold_reference(tx, actor, reference_id)
        must_be_unchanged(expected, ABSENT if row is None else row.revision)
        before: tuple[str | None, str | None] = (None, None) if row is None else (row.kind, row.name)
        if row is None:
            key = {"institution_id": actor.institution_id, "id": reference_id}
            kept = insert(RegulationReferenceRow).values(**key, **told).on_conflict_do_nothing()
            if await tx.scalar(kept.returning(RegulationReferenceRow.id)) is None:  # somebody was quicker
                raise PreconditionFailed("precondition.failed", revision=FIRST)
        else:
            for name, value in told.items():
                setattr(row, name, value)
        await record(tx, actor, ReferenceKept(reference_id, *before, command.kind.value, command.name))
    return reference_id


async def remove_reference(db: Database, actor: Actor, reference_id: UUID, *, expected: Expected | None = None) -> None:
    """Take a reference off the record."""
    actor.require(Permission.EDIT_INSTITUTION)
    async with db.write_as(actor) as tx:
        row = await _hold_reference(tx, actor, reference_id)
        if row is None:
            raise NotFound("reference.not_found")
        must_be_unchanged(expected, row.revision)
        await tx.delete(row)
        await record(tx, actor, ReferenceRemoved(reference_id))


async def _hold_reference(tx: AsyncSession, actor: Actor, reference_id: UUID) -> RegulationReferenceRow | None:
    return await tx.get(RegulationReferenceRow, (actor.institution_id, reference_id), with_for_update=True)


# ── reads


async def institution_settings_document(db: Database, actor: Actor, wanted: Selection | None = None) -> Document:
    """The settings of the own institution."""
    actor.require(Permission.READ_TALENT_MAP)
    document = await db.document_as(actor, shapes.SETTINGS, wanted)
    if document is None:
        raise NotFound("institution.not_found")
    return document


async def indices_document(db: Database, actor: Actor, wanted: Selection | None = None) -> Document:
    """The index values of the own institution by year."""
    actor.require(Permission.READ_TALENT_MAP)
    document = await db.document_as(actor, shapes.INDICES, wanted)
    if document is None:
        raise NotFound("institution.not_found")
    return document


async def index_document(
    db: Database, actor: Actor, index: str, year: int, wanted: Selection | None = None
) -> Document:
    """The value of one index in one year."""
    actor.require(Permission.READ_TALENT_MAP)
    known = _index_of(index)
    document = (
        await db.document_as(actor, shapes.INDEX_VALUE, wanted, index=known.value, year=year) if year in YEARS else None
    )
    if document is None:
        raise NotFound("index.not_found")
    return document


async def references_document(db: Database, actor: Actor, wanted: Selection | None = None) -> Document:
    """The regulations and committees of the own institution."""
    actor.require(Permission.READ_TALENT_MAP)
    document = await db.document_as(actor, shapes.REFERENCES, wanted)
    if document is None:
        raise NotFound("institution.not_found")
    return document


async def reference_document(
    db: Database, actor: Actor, reference_id: UUID, wanted: Selection | None = None
) -> Document:
    """One regulation or committee."""
    actor.require(Permission.READ_TALENT_MAP)
    document = await db.document_as(actor, shapes.REFERENCE, wanted, id=reference_id)
    if document is None:
        raise NotFound("reference.not_found")
    return document
