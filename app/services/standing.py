"""Standing: an institution's settings, its index values by year, and the regulations and committees it rests on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes import standing as shapes
from app.db.tables.institutions import InstitutionRow
from app.db.tables.standing import IndexValueRow, RegulationReferenceRow
from app.domain.actors import Actor, Permission
from app.domain.errors import Fault, Invalid, NotFound
from app.domain.events import IndexRecorded, IndexRemoved, InstitutionEdited, ReferenceKept, ReferenceRemoved
from app.domain.nine_box import Axis
from app.domain.standing import Index, ReferenceKind
from app.services.contract import Command, must_be_storable

YEARS = range(2000, 2101)
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(must_be_storable)
]
Lines = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), AfterValidator(must_be_storable)
]


def _must_be_ascii(value: object) -> object:
    """Digits of other scripts are numbers to Python, and a slip of the pen to everybody else."""
    if isinstance(value, str) and not value.isascii():
        raise ValueError("a number is written with the digits 0 to 9")
    return value


class EditInstitution(Command):
    """The settings to change; what is not given stays."""

    axis_x: Axis | None = Field(None, strict=False, description="Which axis is X in exports and drawings.")


class RecordIndex(Command):
    """The value of an index in a year, with its grade, as its publisher states them."""

    value: Annotated[Decimal, BeforeValidator(_must_be_ascii)] = Field(
        ge=0, le=1000, max_digits=8, decimal_places=4, strict=False
    )
    grade: Line
    source: Lines | None = None


class KeepReference(Command):
    """A regulation that the mapping rests on, or the committee that decides."""

    kind: ReferenceKind = Field(strict=False)
    name: Line = Field(description="Number or name, such as `Perwako Dumai 11/2023`.")
    title: Lines
    dated: date | None = Field(None, strict=False)
    text: Lines | None = Field(None, description="An address, or what else helps to find it.")


# ── writes


async def edit_institution(db: Database, actor: Actor, command: EditInstitution) -> UUID:
    """Change the settings of the own institution; what is not given stays as it is."""
    actor.require(Permission.EDIT_INSTITUTION)
    if command.axis_x is not None:
        async with db.write_as(actor) as tx:
            mine = update(InstitutionRow).where(InstitutionRow.id == actor.institution_id)
            found = await tx.scalar(mine.values(axis_x=command.axis_x.value).returning(InstitutionRow.id))
            if found is None:
                raise NotFound("institution.not_found")
            await record(tx, actor, InstitutionEdited(command.axis_x.value))
    return actor.institution_id


async def record_index(db: Database, actor: Actor, index: str, year: int, command: RecordIndex) -> tuple[Index, int]:
    """Put an index value of a year on record, in place of the one that stood there."""
    actor.require(Permission.EDIT_INSTITUTION)
    known = _index_of(index)
    if year not in YEARS:
        limits = {"limit": f"{YEARS[0]}-{YEARS[-1]}"}
        raise Invalid("request.invalid", faults=(Fault("field.range", "year", limits),))
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
        await tx.execute(row.on_conflict_do_update(index_elements=["institution_id", "code", "year"], set_=told))
        await record(tx, actor, IndexRecorded(known.value, year, str(command.value), command.grade))
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


async def keep_reference(db: Database, actor: Actor, reference_id: UUID, command: KeepReference) -> UUID:
    """Put a reference on record under an id of the caller's choice, or change the one that has it."""
    actor.require(Permission.EDIT_INSTITUTION)
    told = command.model_dump() | {"kind": command.kind.value}
    row = insert(RegulationReferenceRow).values(institution_id=actor.institution_id, id=reference_id, **told)
    async with db.write_as(actor) as tx:
        await tx.execute(row.on_conflict_do_update(index_elements=["institution_id", "id"], set_=told))
        await record(tx, actor, ReferenceKept(reference_id, command.kind.value, command.name))
    return reference_id


async def remove_reference(db: Database, actor: Actor, reference_id: UUID) -> None:
    """Take a reference off the record."""
    actor.require(Permission.EDIT_INSTITUTION)
    async with db.write_as(actor) as tx:
        there = delete(RegulationReferenceRow).where(RegulationReferenceRow.id == reference_id)
        if await tx.scalar(there.returning(RegulationReferenceRow.id)) is None:
            raise NotFound("reference.not_found")
        await record(tx, actor, ReferenceRemoved(reference_id))


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
