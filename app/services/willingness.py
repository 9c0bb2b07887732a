"""Willingness: talents say for themselves whether they would succeed; who has said nothing is not unwilling."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes import pools as shapes
from app.db.shapes.scopes import SCOPES
from app.db.tables.posts import PostRow
from app.db.tables.succession import SuccessionWillingnessRow
from app.db.tables.talents import TalentRow
from app.domain.actors import Actor, Permission
from app.domain.errors import Fault, NotFound, PreconditionFailed, refuse
from app.domain.messages import day_in_words
from app.domain.purposes import purpose_within
from app.domain.succession_events import WillingnessDeclared
from app.services.contract import Command, is_storable
from app.services.cycles import Day
from app.services.scopes import own_scope, scope_of

MOST_POSTS = 50


class DeclareWillingness(Command):
    """Say whether one is willing to succeed: until a day, and of some posts alone, where that is said."""

    is_willing: bool
    until: Day | None = Field(None, description="The last day on which it holds; afterwards it is unknown again.")
    for_posts: (
        Annotated[list[Annotated[UUID, Field(strict=False)]], Field(min_length=1, max_length=MOST_POSTS)] | None
    ) = Field(None, description="Ids of the posts it is said of; of every post where null.")


async def declare_willingness(
    db: Database, actor: Actor, nip: str, command: DeclareWillingness, *, said_before: bool | None = None
) -> UUID:
    """Say for oneself whether one is willing, in place of what one said before; nobody says it for others.

    `said_before` is whether one means to change what one said, or to say it for the first time; None says neither.
    """
    actor.require(Permission.DECLARE_WILLINGNESS)
    if command.until is not None and command.until < db.today():
        fault = Fault("willingness.over", "/until", {"until": day_in_words(command.until)})
        refuse(fault)
    async with db.write_as(actor) as tx:
        own = select(TalentRow.id).where(SCOPES["own_nip"], TalentRow.nip == nip)
        talent_id = await tx.scalar(own, own_scope(actor)) if is_storable(nip) else None
        if talent_id is None:
            raise NotFound("talent.not_found")
        await _must_be_posts(tx, command.for_posts or [])
        told = {
            "is_willing": command.is_willing,
            "until": command.until,
            "for_posts": command.for_posts,
            "declared_at": db.now(),
        }
        # one after the other, also where nothing was said before: the row of the person is there in any case
        await tx.execute(select(TalentRow.id).where(TalentRow.id == talent_id).with_for_update(key_share=True))
        row = SuccessionWillingnessRow
        before = await tx.scalar(select(row.is_willing).where(row.talent_id == talent_id))
        if said_before is not None and said_before is (before is None):
            raise PreconditionFailed("precondition.absent" if said_before else "precondition.there")
        said = insert(row).values(institution_id=actor.institution_id, talent_id=talent_id, **told)
        await tx.execute(said.on_conflict_do_update(index_elements=["institution_id", "talent_id"], set_=told))
        until = None if command.until is None else command.until.isoformat()
        await record(tx, actor, WillingnessDeclared(talent_id, before, command.is_willing, until))
    return talent_id


async def _must_be_posts(tx: AsyncSession, posts: list[UUID]) -> None:
    known = set(await tx.scalars(select(PostRow.id).where(PostRow.id.in_(posts)))) if posts else set()
    faults = [
        Fault("willingness.post_not_found", f"/forPosts/{place}")
        for place, post_id in enumerate(posts)
        if post_id not in known
    ]
    if faults:
        refuse(*faults)


async def succession_willingness_document(
    db: Database, actor: Actor, nip: str, wanted: Selection | None = None
) -> Document:
    """What a talent said; `NotFound` where they have said nothing yet. A look that leaves a receipt."""
    actor.require(Permission.READ_SUCCESSION, Permission.DECLARE_WILLINGNESS)
    document = None
    if is_storable(nip):
        purpose = purpose_within(actor.role, actor.purpose)
        reach = scope_of(actor, Permission.READ_SUCCESSION, Permission.READ_SUCCESSION)
        document = await db.view_as(actor, purpose, shapes.WILLINGNESS, wanted, nip=nip, **reach)
    if document is None:
        raise NotFound("willingness.not_found")
    return document
