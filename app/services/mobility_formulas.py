"""Points formulas of mobility campaigns: published version by version, the shipped one for whoever names none."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Annotated, NamedTuple
from uuid import UUID

from pydantic import Field, StringConstraints, WithJsonSchema
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes import mobility_formulas as shapes
from app.db.tables.mobility import MobilityCampaignRow, MobilityFormulaRow
from app.domain.actors import Actor, Permission
from app.domain.errors import Conflict, Fault, Invalid, NotFound
from app.domain.mobility_events import MobilityFormulaPublished
from app.domain.mobility_formula_document import SHIPPED, SHIPPED_DOCUMENT, SHIPPED_VERSION, parse_formula
from app.domain.mobility_formulas import Formula
from app.services import mobility_organisers
from app.services.contract import Command, may_be_version, page_size, text_cursor

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,59}$")]
Written = Annotated[
    object, WithJsonSchema({"type": "object"}), Field(description="The whole formula as it is written.")
]


class FormulaKey(NamedTuple):
    """Which version of which formula of an organiser."""

    institution_id: UUID
    code: str
    version: int


class PublishMobilityFormula(Command):
    """Publish a formula, or the next version of one; a version is never edited."""

    code: Code = Field(description="Of a new formula, or of the one whose next version this is.")
    document: Written


class MobilityFormulaFilter(Command):
    """Which versions to list; what is not given does not restrict."""

    organiser_id: UUID | None = Field(None, strict=False)
    code: Code | None = None


# ── writes


async def publish_mobility_formula(db: Database, actor: Actor, command: PublishMobilityFormula) -> FormulaKey:
    """Publish a formula, or its next version. Refused with every fault of it, and under the code of the shipped one."""
    actor.require(Permission.ORGANISE_MOBILITY)
    if command.code == SHIPPED:
        raise Conflict("mobility_formula.reserved", formula=SHIPPED)
    row = MobilityFormulaRow
    async with db.write_as(actor) as tx:
        await mobility_organisers._must_organise(tx, actor)  # noqa: SLF001 - a service composes another's steps
        newest = await tx.scalar(
            select(func.max(row.version)).where(row.institution_id == actor.institution_id, row.code == command.code)
        )
        key = FormulaKey(actor.institution_id, command.code, 1 + (newest or 0))
        _must_be_formula(command.document, key)
        if not await _keep(tx, db, actor, key, command.document):  # somebody was quicker
            raise Conflict("mobility_formula.overtaken", formula=command.code)
    return key


def _must_be_formula(document: object, key: FormulaKey) -> None:
    try:
        parse_formula(document, key.code, key.version)
    except Invalid as refusal:
        faults = tuple(Fault(one.code, f"/document{one.where}", one.about) for one in refusal.faults)
        raise Invalid(refusal.code, faults=faults) from refusal


async def _keep(tx: AsyncSession, db: Database, actor: Actor, key: FormulaKey, document: object) -> bool:
    """Store a version, with its entry in the ledger; whether it was not there yet."""
    row = MobilityFormulaRow
    kept = insert(row).values(**key._asdict(), document=document, published_at=db.now()).on_conflict_do_nothing()
    if await tx.scalar(kept.returning(row.version)) is None:
        return False
    digest = sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    await record(tx, actor, MobilityFormulaPublished(key.code, key.version, digest))
    return True


async def _chosen(tx: AsyncSession, db: Database, actor: Actor, code: str | None, version: int | None) -> FormulaKey:
    """The version of the organiser's own that was chosen, the shipped one where none was. `NotFound` otherwise."""
    if code is None or version is None or (code, version) == (SHIPPED, SHIPPED_VERSION):
        shipped = FormulaKey(actor.institution_id, SHIPPED, SHIPPED_VERSION)
        await _keep(tx, db, actor, shipped, SHIPPED_DOCUMENT)
        return shipped
    key = FormulaKey(actor.institution_id, code, version)
    if not may_be_version(code, version) or await tx.get(MobilityFormulaRow, key) is None:
        raise NotFound("mobility_formula.not_found")
    return key


async def _formula_of(tx: AsyncSession, campaign: MobilityCampaignRow) -> Formula:
    """The formula of a campaign, ready to be used."""
    key = (campaign.institution_id, campaign.formula_code, campaign.formula_version)
    row = await tx.get_one(MobilityFormulaRow, key)
    return parse_formula(row.document, row.code, row.version)


# ── reads


async def mobility_formula_document(
    db: Database, actor: Actor, organiser_id: UUID, code: str, version: int, wanted: Selection | None = None
) -> Document:
    """One version of a formula: everybody reads it from the first announcement of a campaign with it on."""
    actor.require(Permission.READ_MOBILITY)
    found = None
    if may_be_version(code, version):
        told = {"organiser_id": organiser_id, "code": code, "version": version}
        found = await db.document_as(actor, shapes.MOBILITY_FORMULA, wanted, **told)
    if found is None:
        raise NotFound("mobility_formula.not_found")
    return found


async def mobility_formulas_page(
    db: Database,
    actor: Actor,
    chosen: MobilityFormulaFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """Every version of the own formulas, and of those that announced campaigns use, by code, the older first."""
    actor.require(Permission.READ_MOBILITY)
    conditions = (chosen or MobilityFormulaFilter()).model_dump(exclude_none=True)
    return await db.page_as(actor, shapes.MOBILITY_FORMULAS, wanted, page_size(first), text_cursor(after), **conditions)
