"""Listings: a talent is listed as one who wants to move, by consent, changes what they wish for, and withdraws it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BeforeValidator, Field
from sqlalchemy import Row, and_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import data_subjects
from app.db.database import Database, fetch_rows
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes import mobility_listings as shapes
from app.db.shapes.scopes import SCOPES
from app.db.tables.candidates import CandidateRow
from app.db.tables.consents import ConsentRow
from app.db.tables.institutions import InstitutionRow
from app.db.tables.mobility_listings import MobilityListingRow
from app.db.tables.talents import TalentRow
from app.domain import consents as consented
from app.domain import mobility_listings as listings
from app.domain.actors import Actor, Permission
from app.domain.careers import PositionLevel
from app.domain.consents import Scope
from app.domain.errors import Conflict, NotFound
from app.domain.mobility_events import MobilityListingKept
from app.domain.mobility_listings import LONGEST_HORIZON, MOST_NAMED, NOWHERE, Ground, Move, Wish
from app.domain.provinces import PROVINCES
from app.domain.purposes import Purpose
from app.services import consents
from app.services.consents import GiveConsent
from app.services.contract import Command, StorableText, must_be_written_out
from app.services.scopes import own_scope
from app.services.standing import Province

Provinces = Annotated[list[Province], Field(max_length=len(PROVINCES))]
Institutions = Annotated[list[Annotated[UUID, Field(strict=False)]], Field(max_length=MOST_NAMED)]


class ConsentToBeListed(Command):
    """The consent that a listing rests on, given with it; it covers mobility and every institution."""

    scope: Scope = Field(Scope.CARD, strict=False)
    expires_at: Annotated[AwareDatetime, BeforeValidator(must_be_written_out)] = Field(
        strict=False, description="The consent's last moment, at most 730 days ahead; the listing ends with it."
    )


class KeepMobilityListing(Command):
    """Be listed as somebody who wants to move; it takes the place of what one said before."""

    consent: ConsentToBeListed | None = Field(None, description="Where one stands already, that one counts.")
    provinces_wanted: Provinces = Field([], description="Codes; none, and no institution: anywhere.")
    provinces_excluded: Provinces = Field([], description="Codes of provinces that one does not want to go to.")
    institutions_wanted: Institutions = Field([], description="Ids of institutions.")
    institutions_excluded: Institutions = Field([], description="Ids of institutions; they do not see the card.")
    horizon_months: int = Field(ge=0, le=LONGEST_HORIZON, description="Within how many months; 0 is at once.")
    moves: list[Annotated[Move, Field(strict=False)]] = Field(min_length=1, max_length=len(Move))
    position_levels: list[Annotated[PositionLevel, Field(strict=False)]] = Field(
        [], max_length=MOST_NAMED, description="Of posts wished for; none: what the moves come to from the level held."
    )
    government_affairs: list[StorableText] = Field(
        [], max_length=MOST_NAMED, description="Codes of affairs of posts wished for; none: any."
    )
    grounds: list[Annotated[Ground, Field(strict=False)]] = Field(
        [], max_length=len(Ground), description="Why, in codes; shown to nobody else."
    )

    def wish(self) -> Wish:
        """What the domain reasons about."""
        return Wish(
            provinces_wanted=tuple(self.provinces_wanted),
            provinces_excluded=tuple(self.provinces_excluded),
            institutions_wanted=tuple(self.institutions_wanted),
            institutions_excluded=tuple(self.institutions_excluded),
            government_affairs=tuple(self.government_affairs),
        )


# ── writes


async def keep_mobility_listing(db: Database, actor: Actor, command: KeepMobilityListing) -> UUID:
    """Be listed as one who wants to move, by a consent that stands or is given with it; answers with the consent."""
    actor.require(Permission.TAKE_PART_IN_MOBILITY)
    async with db.write_as(actor) as tx:
        return await _keep(tx, db, actor, command)


async def _keep(tx: AsyncSession, db: Database, actor: Actor, command: KeepMobilityListing) -> UUID:
    home = await _hold_home(tx, actor)
    wish, provinces = command.wish(), await _provinces_of(tx, command)
    listings.must_be_consistent(wish, actor.institution_id, provinces)
    consent_id, expires_at = await _consent(tx, db, actor, home.id, command.consent)
    held = None if home.level is None else PositionLevel(home.level)
    said = {
        "consent_id": consent_id,
        "listed_at": db.now(),
        "expires_at": expires_at,
        "provinces_wanted": command.provinces_wanted,
        "provinces_excluded": command.provinces_excluded,
        "institutions_wanted": command.institutions_wanted,
        "institutions_excluded": command.institutions_excluded,
        "horizon_months": command.horizon_months,
        "moves": _codes(command.moves),
        "levels": listings.levels_wished(held, command.position_levels, command.moves),
        "government_affairs": command.government_affairs,
        "grounds": _codes(command.grounds),
        "destinations": listings.destinations(wish, provinces),
        "home_province": home.province_code or NOWHERE,
        "home_level": home.level,
        "home_affair": home.government_affair,
        "job_family": home.job_family,
    }
    row = insert(MobilityListingRow).values(institution_id=actor.institution_id, talent_id=home.id, **said)
    await tx.execute(row.on_conflict_do_update(index_elements=["institution_id", "talent_id"], set_=said))
    await record(tx, actor, MobilityListingKept(home.id, consent_id, expires_at.isoformat()))
    return consent_id


def _codes(said: Iterable[Move | Ground]) -> list[str]:
    return sorted({one.value for one in said})


async def _hold_home(tx: AsyncSession, actor: Actor) -> Row[UUID, str | None, str | None, str | None, str | None]:
    """Where the actor stands, and their row: one after the other, as what is said last is what holds."""
    talent, facts = TalentRow, CandidateRow
    own = (
        select(talent.id, InstitutionRow.province_code, facts.level, facts.government_affair, facts.job_family)
        .join(InstitutionRow, InstitutionRow.id == talent.institution_id)
        .outerjoin(facts, and_(facts.institution_id == talent.institution_id, facts.talent_id == talent.id))
        .where(SCOPES["own_nip"])
        .with_for_update(of=talent, key_share=True)
    )
    home = (await tx.execute(own, own_scope(actor))).one_or_none()
    if home is None:
        raise NotFound("talent.not_found")
    if await data_subjects.is_restricted(tx, actor.institution_id, home.id):
        raise Conflict("listing.restricted")
    return home


async def _provinces_of(tx: AsyncSession, command: KeepMobilityListing) -> dict[UUID, str | None]:
    """Where the institutions named are, of those that there are."""
    named = [*command.institutions_wanted, *command.institutions_excluded]
    rows = await fetch_rows(tx, "SELECT id, province_code FROM provinces_of_institutions($1)", named)
    return {UUID(str(row["id"])): row["province_code"] for row in rows}


async def _consent(
    tx: AsyncSession, db: Database, actor: Actor, talent_id: UUID, given: ConsentToBeListed | None
) -> tuple[UUID, datetime]:
    """The consent given now, or that of those that stand which lasts longest; `Conflict` where there is none."""
    if given is not None:
        consented.must_end_in_time(db.now(), given.expires_at)
        command = GiveConsent(scope=given.scope, expires_at=given.expires_at)
        return await consents._give(tx, db, actor, talent_id, command), given.expires_at  # noqa: SLF001 - composed
    row = ConsentRow
    standing = (
        select(row.id, row.expires_at)
        .where(row.talent_id == talent_id, row.purpose == Purpose.TALENT_MOBILITY.value)
        .where(row.receiving_institution_id.is_(None), row.withdrawn_at.is_(None), row.expires_at > db.now())
        .order_by(row.expires_at.desc(), row.id)
        .limit(1)
        .with_for_update(read=True)
    )
    found = (await tx.execute(standing)).one_or_none()
    if found is None:
        raise Conflict("listing.no_consent")
    return found.id, found.expires_at


async def withdraw_mobility_listing(db: Database, actor: Actor) -> None:
    """Be listed no more: the listing goes, with the wish on the card and in every count; the consent stays."""
    actor.require(Permission.TAKE_PART_IN_MOBILITY)
    async with db.write_as(actor) as tx:
        talent_id = await tx.scalar(select(TalentRow.id).where(SCOPES["own_nip"]), own_scope(actor))
        own = MobilityListingRow.talent_id == talent_id
        if talent_id is None or not await consents._end_listing(tx, actor, own):  # noqa: SLF001 - its step as well
            raise NotFound("listing.not_found")


# ── reads


async def mobility_listing_document(db: Database, actor: Actor, wanted: Selection | None = None) -> Document:
    """What one said of oneself as somebody who wants to move; nobody else reads it."""
    actor.require(Permission.TAKE_PART_IN_MOBILITY)
    document = await db.document_as(actor, shapes.MOBILITY_LISTING, wanted, **own_scope(actor))
    if document is None:
        raise NotFound("listing.not_found")
    return document
