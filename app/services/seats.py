"""Seats: whether a vacancy has one, since when that could be foreseen, and who takes it over at the inauguration."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, and_, func, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import candidates, retirements
from app.db.database import LEGAL_TIME
from app.db.locks import waiting_shortly
from app.db.mobility_seats import promised_seats
from app.db.outdated_plans import recalculate_plans
from app.db.post_seats import reserved
from app.db.tables.institutions import InstitutionRow
from app.db.tables.posts import PostHolderRow, PostRow
from app.db.tables.talents import TalentRow
from app.db.tables.vacancies import VacancyRow, VacancyStepRow
from app.domain import seats
from app.domain.actors import Actor
from app.domain.errors import Conflict
from app.domain.seats import Leaving, Seats
from app.domain.vacancies import CHOSEN, RUNNING, State
from app.services import imports, posts


async def _hold_post(tx: AsyncSession, actor: Actor, post_id: UUID) -> PostRow:
    """The post, to which nobody adds another vacancy meanwhile. Waits only shortly, as for an import."""
    async with waiting_shortly(tx, "institution.busy"):
        return await posts._hold_post(tx, actor, post_id)  # noqa: SLF001 - a service composes another's steps


async def _foreseeable_from(
    tx: AsyncSession, post: PostRow, today: date, vacant_from: date, *, but: UUID | None = None
) -> date:
    """The day on which the clock of a vacancy of a held post starts; refused where no seat is left for it.

    `but` is the vacancy that is asked about, where it is one of those that run.
    """
    row = VacancyRow
    others = select(func.count()).where(row.post_id == post.id, row.state.in_(RUNNING))
    running = await tx.scalar(others if but is None else others.where(row.id != but)) or 0
    running += await promised_seats(tx, post.institution_id, post.id)
    return seats.foreseeable_from(await _seats_of(tx, post, today, CHOSEN), vacant_from, today, running)


async def _must_have_seat(tx: AsyncSession, actor: Actor, post_id: UUID, day: date) -> None:
    """Refused unless a seat of the post is empty on the day on which somebody of another institution takes it over."""
    post = await _hold_post(tx, actor, post_id)
    seats.must_be_free(await _seats_of(tx, post, day, (State.DECREED,)), day)


async def _take(
    tx: AsyncSession, actor: Actor, post_id: UUID, talent_id: UUID, vacancy_id: UUID, since: date
) -> UUID | None:
    """Put somebody in a seat of a post, and free the one held before, whose post is answered.

    Refused where no seat is empty on that day, for who took over another one later, and for who holds one of the same
    post. One at a time in an institution: people take over each other's seats. The facts of who takes it over follow.
    """
    async with waiting_shortly(tx, "institution.busy"):
        institution = await imports._hold_institution(tx, actor)  # noqa: SLF001
    post = await _hold_post(tx, actor, post_id)
    if not await tx.scalar(select(TalentRow.is_mapped).where(TalentRow.id == talent_id)):
        raise Conflict("vacancy.talent_gone")
    seats.must_be_free(await _seats_of(tx, post, since, (State.DECREED,), but=talent_id), since)
    key = (actor.institution_id, talent_id)
    before = await tx.get(PostHolderRow, key)
    if before is not None and before.post_id != post_id:
        seats.must_be_later(since, before.since)
    elif before is not None and seats.is_second_seat(since, before.since, is_appointed=before.vacancy_id is not None):
        raise Conflict("vacancy.holds_post")
    left = None if before is None else before.post_id
    if left is not None:
        await retirements.foresee(tx, actor.institution_id, since, left)  # its clock started when its holder was chosen
    held = {"post_id": post_id, "since": since, "vacancy_id": vacancy_id}
    taken = insert(PostHolderRow).values(institution_id=key[0], talent_id=key[1], **held)
    await tx.execute(taken.on_conflict_do_update(index_elements=["institution_id", "talent_id"], set_=held))
    for one in {post_id, left} - {None}:
        await retirements.foresee(tx, actor.institution_id, since, one)
    if institution.as_of is not None:
        await candidates.refresh_candidates(tx, actor.institution_id, institution.as_of, (talent_id,))
        await recalculate_plans(tx, actor)
    return left


async def _seat(tx: AsyncSession, actor: Actor, post_id: UUID, talent_id: UUID, since: date) -> None:
    """Put somebody of the own institution, who has just left their seat for it, in a seat of a post."""
    held = {"post_id": post_id, "since": since, "vacancy_id": None}
    taken = insert(PostHolderRow).values(institution_id=actor.institution_id, talent_id=talent_id, **held)
    await tx.execute(taken.on_conflict_do_update(index_elements=["institution_id", "talent_id"], set_=held))
    await retirements.foresee(tx, actor.institution_id, since, post_id)


async def _reserve(tx: AsyncSession, actor: Actor, post_id: UUID, since: date) -> None:
    """A seat of the post was taken over by somebody whom no record names here yet: its clock is another one."""
    async with waiting_shortly(tx, "institution.busy"):
        await retirements.foresee(tx, actor.institution_id, since, post_id)


async def _must_have_kept_seat(tx: AsyncSession, actor: Actor, talent_id: UUID, decreed_on: date) -> None:
    """Refused with `vacancy.seat_taken` where somebody has been put in the seat that a talent was to leave.

    From the decree on the seat counts as left. More holders than seats that an import brought are no reason.
    """
    own = await tx.get(PostHolderRow, (actor.institution_id, talent_id))
    if own is None:
        return
    post = await _hold_post(tx, actor, own.post_id)
    row = PostHolderRow
    is_of_post = and_(row.post_id == own.post_id, row.talent_id != talent_id)
    later = select(row.talent_id).where(is_of_post, row.vacancy_id.is_not(None), row.since >= decreed_on)
    if await tx.scalar(later.limit(1)):
        seats.must_hold_everybody(await _seats_of(tx, post, decreed_on, ()), post.name)


async def _note_leaving(tx: AsyncSession, actor: Actor, talent_id: UUID, today: date) -> None:
    """Set the clock of the post that somebody holds who was just chosen for another, or is not any more."""
    held = await tx.scalar(select(PostHolderRow.post_id).where(PostHolderRow.talent_id == talent_id))
    if held is not None:
        async with waiting_shortly(tx, "institution.busy"):
            await retirements.foresee(tx, actor.institution_id, today, held)


async def _seats_of(
    tx: AsyncSession, post: PostRow, today: date, leaving: Sequence[State], *, but: UUID | None = None
) -> Seats:
    """The seats of a post as on a day, without the holder `but`; reserved ones count as held.

    Holders leave when they retire, or for the post of a vacancy, in one of the states `leaving`, that is theirs.
    """
    funded = post.seats if post.is_delivered else 0
    holders = [row for row in await tx.execute(_holders(post, leaving)) if row.talent_id != but]
    gone = [
        Leaving(row.leaves_on, row.chosen_at.astimezone(LEGAL_TIME).date())
        if row.leaves_on is not None and (row.retires_on is None or row.leaves_on < row.retires_on)
        else Leaving(row.retires_on, row.foreseen_from)
        for row in holders
        if row.leaves_on is not None or row.retires_on is not None
    ]
    of_post = select(reserved).where(PostRow.institution_id == post.institution_id, PostRow.id == post.id)
    held = len(holders) + (await tx.scalar(of_post) or 0)
    empty = max(funded - held, 0)
    since = post.empty_since or today
    return Seats(funded, held, [post.clock_from or since, *([since] * empty)][:empty], gone)


def _holders(
    post: PostRow, leaving: Sequence[State]
) -> Select[UUID, date | None, date | None, date | None, datetime | None]:
    """The holders of a post: when they retire, and when they leave for the post of a vacancy."""
    row, held = VacancyRow, PostHolderRow
    next_post = (
        select(func.coalesce(row.effective_on, row.inauguration_on).label("leaves_on"), VacancyStepRow.entered_at)
        .join(
            VacancyStepRow,
            and_(
                VacancyStepRow.institution_id == row.institution_id,
                VacancyStepRow.vacancy_id == row.id,
                VacancyStepRow.state == State.DECIDED.value,
            ),
        )
        .where(row.institution_id == held.institution_id, row.talent_id == held.talent_id, row.state.in_(leaving))
        .where(row.post_id != held.post_id)
        .order_by("leaves_on")
        .limit(1)
        .correlate(held)
        .lateral("next_post")
    )
    return (
        select(
            held.talent_id,
            held.retires_on,
            retirements.foreseen_from(PostHolderRow.__table__.c.retires_on).label("foreseen_from"),
            next_post.c.leaves_on,
            next_post.c.entered_at.label("chosen_at"),
        )
        .join(InstitutionRow, InstitutionRow.id == held.institution_id)
        .outerjoin(next_post, true())
        .where(held.post_id == post.id)
    )
