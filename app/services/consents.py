"""Consents: a talent agrees to be listed or disclosed, and takes it back in one call."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid4

from pydantic import AwareDatetime, BeforeValidator, Field
from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.mobility_withdrawals import end_participations
from app.db.shapes import consents as shapes
from app.db.shapes.scopes import SCOPES
from app.db.tables.consents import ConsentRow
from app.db.tables.disclosures import DisclosureRow
from app.db.tables.mobility_listings import MobilityListingRow
from app.db.tables.talents import TalentRow
from app.domain import consents
from app.domain.actors import Actor, Permission
from app.domain.consents import Scope
from app.domain.disclosures import State
from app.domain.errors import NotFound
from app.domain.mobility_events import MobilityListingWithdrawn
from app.domain.privacy_events import ConsentGiven, ConsentWithdrawn
from app.domain.purposes import Purpose
from app.services.contract import Command, must_be_written_out, named_cursor, page_size
from app.services.scopes import own_scope


class GiveConsent(Command):
    """Agree to being listed or disclosed."""

    scope: Scope = Field(strict=False)
    purpose: Purpose = Field(Purpose.TALENT_MOBILITY, strict=False)
    expires_at: Annotated[AwareDatetime, BeforeValidator(must_be_written_out)] = Field(
        strict=False, description="The consent's last moment, at most 730 days ahead."
    )
    receiving_institution_id: UUID | None = Field(None, strict=False, description="For which institution alone.")


# ── writes


async def give_consent(db: Database, actor: Actor, command: GiveConsent) -> UUID:
    """Agree to being listed without a name, or to being disclosed, for one purpose and until a day."""
    actor.require(Permission.EXERCISE_RIGHTS)
    consents.must_be_for(command.scope, command.purpose)
    consents.must_end_in_time(db.now(), command.expires_at)
    async with db.write_as(actor) as tx:
        talent_id = await tx.scalar(select(TalentRow.id).where(SCOPES["own_nip"]), own_scope(actor))
        if talent_id is None:
            raise NotFound("talent.not_found")
        return await _give(tx, db, actor, talent_id, command)


async def _give(tx: AsyncSession, db: Database, actor: Actor, talent_id: UUID, command: GiveConsent) -> UUID:
    """Put a consent of one's own on record."""
    row = ConsentRow(
        institution_id=actor.institution_id,
        id=uuid4(),
        talent_id=talent_id,
        scope=command.scope.value,
        purpose=command.purpose.value,
        receiving_institution_id=command.receiving_institution_id,
        given_at=db.now(),
        expires_at=command.expires_at,
    )
    await _keep(tx, actor, row)
    return row.id


async def _keep(tx: AsyncSession, actor: Actor, row: ConsentRow) -> None:
    """Store a consent and record that it was given."""
    tx.add(row)
    await tx.flush()
    await record(tx, actor, ConsentGiven(row.id, row.talent_id, row.scope, row.purpose, row.expires_at.isoformat()))


async def withdraw_consent(db: Database, actor: Actor, consent_id: UUID) -> None:
    """Withdraw a consent: card and listing vanish, and disclosures that rest on it are closed at once.

    Who withdraws the consent to be listed is not asked about any more: requests that still wait are closed as well.
    Before the freeze of a mobility campaign, whoever takes part in it by this consent is deleted from it.
    """
    actor.require(Permission.EXERCISE_RIGHTS)
    async with db.write_as(actor) as tx:
        found = (
            select(ConsentRow)
            .join(TalentRow, TalentRow.id == ConsentRow.talent_id)
            .where(ConsentRow.id == consent_id, SCOPES["own_nip"])
            .with_for_update(of=ConsentRow)
        )
        row = await tx.scalar(found, own_scope(actor))
        if row is None:
            raise NotFound("consent.not_found")
        consents.must_stand(row.withdrawn_at)
        row.withdrawn_at = db.now()
        closed = await _close_disclosures(tx, actor, row)
        await _end_listing(tx, actor, _listing_of(row))
        await record(tx, actor, ConsentWithdrawn(row.id, row.talent_id, closed))
        await tx.flush()
        await end_participations(tx, actor)


async def _close_disclosures(tx: AsyncSession, actor: Actor, consent: ConsentRow) -> int:
    row, waiting = DisclosureRow, DisclosureRow.state == State.REQUESTED.value
    resting = row.consent_id == consent.id
    if consent.scope == Scope.CARD.value:
        resting = resting | (waiting & (row.talent_id == consent.talent_id))
    still_stands = row.state.in_([State.REQUESTED.value, State.OPEN.value])
    closed = (await tx.scalars(select(row).where(resting, still_stands).with_for_update())).all()
    for one in closed:
        one.state, one.closed_at = State.WITHDRAWN.value, consent.withdrawn_at
        one.closed_by, one.closed_role = actor.subject, actor.role.value
    return len(closed)


def _listing_of(consent: ConsentRow) -> ColumnElement[bool]:
    """The listing that rests on a consent; who withdraws that to be listed, is listed in no way any more."""
    row = MobilityListingRow
    resting = row.consent_id == consent.id
    return or_(resting, row.talent_id == consent.talent_id) if consent.scope == Scope.CARD.value else resting


async def _end_listing(tx: AsyncSession, actor: Actor, which: ColumnElement[bool]) -> bool:
    """Take a talent off the register of those who want to move; whether there was anybody to take off."""
    row = MobilityListingRow
    ended = delete(row).where(row.institution_id == actor.institution_id, which).returning(row.talent_id)
    talent_id = await tx.scalar(ended)
    if talent_id is None:
        return False
    await record(tx, actor, MobilityListingWithdrawn(talent_id))
    return True


# ── reads


async def consent_document(db: Database, actor: Actor, consent_id: UUID, wanted: Selection | None = None) -> Document:
    """One of the own consents."""
    actor.require(Permission.EXERCISE_RIGHTS)
    document = await db.document_as(actor, shapes.CONSENT, wanted, id=consent_id, **own_scope(actor))
    if document is None:
        raise NotFound("consent.not_found")
    return document


async def consents_page(
    db: Database, actor: Actor, first: int | None = None, after: str | None = None, wanted: Selection | None = None
) -> Document:
    """The own consents, newest first; also those that ended or were withdrawn."""
    actor.require(Permission.EXERCISE_RIGHTS)
    return await db.page_as(actor, shapes.CONSENTS, wanted, page_size(first), named_cursor(after), **own_scope(actor))
