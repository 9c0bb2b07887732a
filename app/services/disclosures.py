"""Disclosures: an institution asks for the person behind a card; the origin and the person decide; then it may look."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes import disclosures as shapes
from app.db.shapes.scopes import SCOPES
from app.db.tables.consents import ConsentRow
from app.db.tables.disclosures import DisclosureRow
from app.db.tables.talents import TalentRow
from app.domain import disclosures
from app.domain.actors import Actor, Permission
from app.domain.disclosures import CONSENT_FOR, DAYS_OPEN, MOST_DAYS_OPEN, Party, Standing, State, Tier
from app.domain.errors import Fault, NotFound, refuse
from app.domain.privacy_events import (
    DisclosureAgreed,
    DisclosureRefused,
    DisclosureReleased,
    DisclosureRequested,
    DisclosureWithdrawn,
)
from app.domain.purposes import Purpose, purpose_across
from app.services import consents, national_rankings
from app.services.contract import Command, Comment, StorableText, named_cursor, page_size
from app.services.scopes import own_scope

Number = Annotated[StorableText, Field(min_length=3, max_length=100)]


class FoundNationally(Command):
    """Somebody on the list of a search of the nation that the own institution made."""

    search_id: UUID = Field(strict=False)
    candidate_id: UUID = Field(strict=False)


class RequestDisclosure(Command):
    """Ask for the person behind a card, or for somebody on the list of a search of the nation who is listed."""

    card_id: UUID | None = Field(None, strict=False, description="Of `/v1/talent-cards`; or `found`, never both.")
    found: FoundNationally | None = Field(None, description="Of `/v1/national-rankings`; or `cardId`, never both.")
    tier: Tier = Field(strict=False)
    purpose: Purpose = Field(Purpose.TALENT_MOBILITY, strict=False)
    reason: Comment
    request_number: Number | None = Field(None, description="Number of the formal request; a dossier takes one.")


class ReleaseDisclosure(Command):
    """Release somebody to the institution that asks."""

    comment: Comment
    days: int = Field(DAYS_OPEN, ge=1, le=MOST_DAYS_OPEN, description="For how many days it may look.")


class CloseDisclosure(Command):
    """Say no, or take back a yes. The appointing authority says why; the talent need not."""

    comment: Comment | None = None


# ── writes


async def request_disclosure(db: Database, actor: Actor, command: RequestDisclosure) -> UUID:
    """Ask for the person behind a card of another institution; who it is stays unknown until both have agreed.

    Refused alike for an unknown card and for one whose talent consents no longer.
    """
    actor.require(Permission.REQUEST_DISCLOSURE)
    if (command.card_id is None) == (command.found is None):
        refuse(Fault("disclosure.whose", "/cardId"))
    disclosures.must_be_formal(command.tier, command.purpose, command.request_number)
    disclosure_id = uuid4()
    async with db.write_as(actor) as tx:
        card_id = await _card_id(tx, command)
        asked = func.request_disclosure(
            disclosure_id,
            card_id,
            command.tier.value,
            command.purpose.value,
            command.reason,
            command.request_number,
            db.now(),
            actor.subject,
            actor.role.value,
        )
        if not await tx.scalar(select(asked)):
            raise NotFound("card.not_found")
        tier, purpose = command.tier.value, command.purpose.value
        event = DisclosureRequested(disclosure_id, card_id, tier, purpose, command.request_number)
        await record(tx, actor, event)
    return disclosure_id


async def _card_id(tx: AsyncSession, command: RequestDisclosure) -> UUID:
    if command.found is not None:
        found = command.found
        return await national_rankings._card_of(tx, found.search_id, found.candidate_id)  # noqa: SLF001 - a service composes another's steps
    if command.card_id is None:
        raise NotFound("card.not_found")
    return command.card_id


async def release_disclosure(db: Database, actor: Actor, disclosure_id: UUID, command: ReleaseDisclosure) -> None:
    """Release somebody of the own institution, as its appointing authority; open once the talent has agreed as well.

    A consent that the talent gave beforehand, and that covers it, is an agreement.
    """
    actor.require(Permission.RELEASE_DISCLOSURE)
    async with db.write_as(actor) as tx:
        row = await _hold(tx, actor, disclosure_id)
        standing = _standing(row).after(Party.ORIGIN)
        row.released_at, row.released_by, row.days = db.now(), actor.subject, command.days
        row.release_comment = command.comment
        if row.consent_id is None and (given := await _consent_beforehand(tx, row)) is not None:
            row.consent_id = given
            standing = standing.after(Party.TALENT)
        await _settle(tx, db, row, standing)
        await record(tx, actor, DisclosureReleased(row.id, row.talent_id, row.tier, row.state))


async def agree_to_disclosure(db: Database, actor: Actor, disclosure_id: UUID) -> None:
    """Agree to being disclosed, as the talent; it is a consent, and is withdrawn like any."""
    actor.require(Permission.EXERCISE_RIGHTS)
    async with db.write_as(actor) as tx:
        row = await _hold_own(tx, actor, disclosure_id)
        standing = _standing(row).after(Party.TALENT)
        consent = ConsentRow(
            institution_id=actor.institution_id,
            id=uuid4(),
            talent_id=row.talent_id,
            scope=row.tier,
            purpose=row.purpose,
            receiving_institution_id=row.receiving_institution_id,
            given_at=db.now(),
            expires_at=db.now() + CONSENT_FOR,
        )
        await consents._keep(tx, actor, consent)  # noqa: SLF001 - a service composes another's steps
        row.consent_id = consent.id
        await _settle(tx, db, row, standing)
        await record(tx, actor, DisclosureAgreed(row.id, row.talent_id, consent.id, row.state))


async def refuse_disclosure(db: Database, actor: Actor, disclosure_id: UUID, command: CloseDisclosure) -> None:
    """Refuse a request: as the appointing authority of the origin, or as the talent."""
    actor.require(Permission.RELEASE_DISCLOSURE, Permission.EXERCISE_RIGHTS)
    async with db.write_as(actor) as tx:
        row = await _hold_for_closing(tx, actor, disclosure_id, command)
        disclosures.must_be_requested(State(row.state))
        _close(db, actor, row, State.REFUSED, command.comment)
        await record(tx, actor, DisclosureRefused(row.id, row.talent_id))


async def withdraw_disclosure(db: Database, actor: Actor, disclosure_id: UUID, command: CloseDisclosure) -> None:
    """Take back a yes: as the appointing authority of the origin, or as the talent; nobody may look any more."""
    actor.require(Permission.RELEASE_DISCLOSURE, Permission.EXERCISE_RIGHTS)
    async with db.write_as(actor) as tx:
        row = await _hold_for_closing(tx, actor, disclosure_id, command)
        disclosures.must_be_withdrawable(State(row.state))
        _close(db, actor, row, State.WITHDRAWN, command.comment)
        await record(tx, actor, DisclosureWithdrawn(row.id, row.talent_id))


async def _hold(tx: AsyncSession, actor: Actor, disclosure_id: UUID) -> DisclosureRow:
    """A request for somebody of the own institution, locked."""
    row = await tx.get(DisclosureRow, (actor.institution_id, disclosure_id), with_for_update=True)
    if row is None:
        raise NotFound("disclosure.not_found")
    return row


async def _hold_own(tx: AsyncSession, actor: Actor, disclosure_id: UUID) -> DisclosureRow:
    """A request for oneself, locked."""
    mine = select(TalentRow.id).where(SCOPES["own_nip"])
    row = await _hold(tx, actor, disclosure_id)
    if row.talent_id != await tx.scalar(mine, own_scope(actor)):
        raise NotFound("disclosure.not_found")
    return row


async def _hold_for_closing(
    tx: AsyncSession, actor: Actor, disclosure_id: UUID, command: CloseDisclosure
) -> DisclosureRow:
    if not actor.may(Permission.RELEASE_DISCLOSURE):
        return await _hold_own(tx, actor, disclosure_id)
    row = await _hold(tx, actor, disclosure_id)
    if command.comment is None:
        refuse(Fault("disclosure.comment", "/comment"))
    return row


def _standing(row: DisclosureRow) -> Standing:
    said = {Party.ORIGIN: row.released_at, Party.TALENT: row.consent_id}
    return Standing(State(row.state), frozenset(party for party, yes in said.items() if yes is not None))


async def _consent_beforehand(tx: AsyncSession, row: DisclosureRow) -> UUID | None:
    """A consent in force that covers the request, the one that lasts longest."""
    given = select(ConsentRow.id).where(
        ConsentRow.talent_id == row.talent_id,
        ConsentRow.purpose == row.purpose,
        ConsentRow.scope.in_([scope.value for scope in Tier(row.tier).covering]),
        or_(
            ConsentRow.receiving_institution_id.is_(None),
            ConsentRow.receiving_institution_id == row.receiving_institution_id,
        ),
        ConsentRow.withdrawn_at.is_(None),
        ConsentRow.expires_at > func.now(),
    )
    found: UUID | None = await tx.scalar(given.order_by(ConsentRow.expires_at.desc(), ConsentRow.id).limit(1))
    return found


async def _settle(tx: AsyncSession, db: Database, row: DisclosureRow, standing: Standing) -> None:
    """With both agreed it is open, for the days of the release and no longer than the consent lasts."""
    if standing.state is State.OPEN:
        consented_until = select(ConsentRow.expires_at).where(ConsentRow.id == row.consent_id)
        until = db.now() + timedelta(days=row.days or DAYS_OPEN)
        row.opened_at, row.expires_at = db.now(), min(until, (await tx.scalars(consented_until)).one())
    row.state = standing.state.value


def _close(db: Database, actor: Actor, row: DisclosureRow, state: State, comment: str | None) -> None:
    row.state, row.closed_at, row.closed_comment = state.value, db.now(), comment
    row.closed_by, row.closed_role = actor.subject, actor.role.value


# ── reads


async def disclosure_document(
    db: Database, actor: Actor, disclosure_id: UUID, wanted: Selection | None = None
) -> Document:
    """One request that the own institution made or received; talents see those about themselves."""
    actor.require(Permission.REQUEST_DISCLOSURE, Permission.RELEASE_DISCLOSURE, Permission.EXERCISE_RIGHTS)
    document = await db.document_as(actor, shapes.DISCLOSURE, wanted, id=disclosure_id, **_reach(actor))
    if document is None:
        raise NotFound("disclosure.not_found")
    return document


async def disclosures_page(
    db: Database, actor: Actor, first: int | None = None, after: str | None = None, wanted: Selection | None = None
) -> Document:
    """Requests that the own institution made or received, newest first; talents see those about themselves."""
    actor.require(Permission.REQUEST_DISCLOSURE, Permission.RELEASE_DISCLOSURE, Permission.EXERCISE_RIGHTS)
    return await db.page_as(actor, shapes.DISCLOSURES, wanted, page_size(first), named_cursor(after), **_reach(actor))


def _reach(actor: Actor) -> dict[str, object]:
    """Who reads the own institution's people sees both sides, systems what they asked for, talents what is theirs."""
    if not actor.may(Permission.REQUEST_DISCLOSURE) and not actor.may(Permission.RELEASE_DISCLOSURE):
        return {**own_scope(actor)}
    return {} if actor.may(Permission.READ_TALENTS) else {"receiving": actor.institution_id}


async def disclosed_talent_document(
    db: Database, actor: Actor, disclosure_id: UUID, wanted: Selection | None = None
) -> Document:
    """The person of an open disclosure, for the purpose it was opened for; the look leaves a receipt with the person.

    Whatever is amiss, the answer is that of a disclosure that does not exist.
    """
    actor.require(Permission.REQUEST_DISCLOSURE)
    purpose = purpose_across(actor.purpose)
    document = await db.disclosed_view_as(
        actor,
        purpose,
        disclosure_id,
        shapes.DISCLOSED_TALENT,
        wanted,
        id=disclosure_id,
        consented=True,
        unrestricted_but=None,
    )
    if document is None:
        raise NotFound("disclosure.not_found")
    return document
