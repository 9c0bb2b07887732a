"""Retirements: when holders of posts retire, and since when seats are empty or foreseeably so (`domain.posts`)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    ScalarSelect,
    SmallInteger,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.db.tables.institutions import InstitutionRow
from app.db.tables.posts import PostHolderRow, PostRow, RetirementRuleRow
from app.db.tables.talents import TalentRow

_SPACE: ColumnElement[str] = literal_column("' '")
_SAME_TALENT = and_(TalentRow.institution_id == PostHolderRow.institution_id, TalentRow.id == PostHolderRow.talent_id)
_SAME_POST = and_(PostRow.institution_id == PostHolderRow.institution_id, PostRow.id == PostHolderRow.post_id)


def _age() -> ColumnElement[int | None]:
    rule, newest = RetirementRuleRow, aliased(RetirementRuleRow)
    begins = func.starts_with(func.concat(PostRow.name_key, _SPACE), func.concat(rule.words, _SPACE))
    fits = or_(rule.level == PostRow.level, and_(rule.words.is_not(None), begins))
    fitting = select(rule.age).where(rule.version == select(func.max(newest.version)).scalar_subquery(), fits)
    first = fitting.order_by(rule.ordinal).limit(literal_column("1")).correlate(PostRow.__table__).scalar_subquery()
    return func.coalesce(PostRow.retirement_age, first, type_=SmallInteger)


age: ColumnElement[int | None] = _age()
"""At which age holders of the post of the row retire: said of the post, or by the first rule that fits it."""


def _retires_on() -> ColumnElement[date | None]:
    reached = TalentRow.born_on + func.make_interval(age)
    month = func.date_trunc(literal_column("'month'"), reached)
    return cast(month + literal_column("interval '1 month'"), Date)


retires_on: ColumnElement[date | None] = _retires_on()
"""The first day of the month after the talent of the row reaches the age for the post of the row."""


def _of_holders(told: ColumnElement[Any]) -> ScalarSelect[Any]:
    """What the holders of the post of the row tell together."""
    of_post = and_(PostHolderRow.institution_id == PostRow.institution_id, PostHolderRow.post_id == PostRow.id)
    return select(told).select_from(PostHolderRow).where(of_post).correlate(PostRow.__table__).scalar_subquery()


holders: ScalarSelect[int] = _of_holders(func.count())
"""How many hold the post of the row."""
next_retirement: ScalarSelect[date | None] = _of_holders(func.min(PostHolderRow.retires_on))
"""When the first of them retires whose day is known."""


def foreseen_from(retirement: ColumnElement[date | None]) -> ColumnElement[date | None]:
    """From when the institution of the row counts a seat as one that will be empty."""
    months = func.make_interval(literal_column("0"), InstitutionRow.foresight_months)
    return cast(retirement - months, Date)


async def foresee(tx: AsyncSession, institution_id: UUID, on: date, post_id: UUID | None = None) -> int:
    """When holders retire, and since when seats are empty or foreseeably so, on a day; of all posts, or of one.

    To be called wherever holders, seats, ages or the time that the institution looks ahead change. Returns how many
    posts were written.
    """
    await _note_retirements(tx, institution_id, post_id)
    return await _set_clocks(tx, institution_id, on, post_id)


def _put_to(post_id: UUID | None) -> tuple[ColumnElement[bool], ...]:
    return () if post_id is None else (PostRow.id == post_id,)


async def _note_retirements(tx: AsyncSession, institution_id: UUID, post_id: UUID | None) -> None:
    found = (
        select(TalentRow.id, retires_on.label("retires_on"))
        .join(PostHolderRow, _SAME_TALENT)
        .join(PostRow, _SAME_POST)
        .where(PostRow.institution_id == institution_id, *_put_to(post_id))
        .subquery("found")
    )
    changed = PostHolderRow.retires_on.is_distinct_from(found.c.retires_on)
    holds = and_(PostHolderRow.institution_id == institution_id, PostHolderRow.talent_id == found.c.id)
    put = update(PostHolderRow).where(holds, changed).values(retires_on=found.c.retires_on)
    await tx.execute(put.execution_options(synchronize_session=False))


async def _set_clocks(tx: AsyncSession, institution_id: UUID, on: date, post_id: UUID | None) -> int:
    today, foreseen = literal(on, Date), foreseen_from(next_retirement)
    found = (
        select(
            PostRow.id,
            and_(PostRow.is_delivered, PostRow.seats > holders).label("is_empty"),
            case((and_(PostRow.is_delivered, foreseen <= today), foreseen)).label("foreseen"),
        )
        .join(InstitutionRow, InstitutionRow.id == PostRow.institution_id)
        .where(PostRow.institution_id == institution_id, *_put_to(post_id))
        .subquery("found")
    )
    empty_since = case((found.c.is_empty, func.coalesce(PostRow.empty_since, today)))
    began = func.coalesce(PostRow.clock_from, func.least(found.c.foreseen, today))
    clock_from = case((found.c.is_empty, began), else_=found.c.foreseen)
    put = (
        update(PostRow)
        .where(PostRow.institution_id == institution_id, PostRow.id == found.c.id)
        .where(or_(PostRow.empty_since.is_distinct_from(empty_since), PostRow.clock_from.is_distinct_from(clock_from)))
        .values(empty_since=empty_since, clock_from=clock_from)
        .execution_options(synchronize_session=False)
    )
    return int((await tx.execute(put)).rowcount)  # type: ignore[attr-defined]
