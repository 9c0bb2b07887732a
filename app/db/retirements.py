"""Retirements: when holders of posts retire and by which rule, and since when seats are empty or foreseeably so."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    ScalarSelect,
    Select,
    SmallInteger,
    Subquery,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.sql.selectable import LateralFromClause

from app.db.documents import Column
from app.db.fact_columns import day_of_birth
from app.db.joined_sets import joined_as_sets
from app.db.legal_days import legal_day
from app.db.post_seats import of_holders, reserved, taken
from app.db.tables.institutions import InstitutionRow
from app.db.tables.posts import (
    PostHolderRow,
    PostRow,
    RetirementExceptionRow,
    RetirementRuleRow,
    RetirementVersionRow,
)
from app.db.tables.talents import TalentRow
from app.db.tables.vacancies import VacancyRow, VacancyStepRow
from app.domain.posts import RetirementSource
from app.domain.vacancies import CHOSEN, State

_SPACE: ColumnElement[str] = literal_column("' '")
_SAME_TALENT = and_(TalentRow.institution_id == PostHolderRow.institution_id, TalentRow.id == PostHolderRow.talent_id)
_SAME_POST = and_(PostRow.institution_id == PostHolderRow.institution_id, PostRow.id == PostHolderRow.post_id)


# ── by which rule


def deciding_rule(name: str = "deciding_rule") -> LateralFromClause:
    """The rule that decides about the post of the row, as a lateral sub-select of one row or none."""
    return _first_rule().lateral(name)


def _first_rule() -> Select[Any]:
    """What the institution says of the post goes before what it says of a name, and that before the national rules.

    Those are of the version by which its retirements were worked out last.
    """
    post, exception, rule = PostRow, RetirementExceptionRow, RetirementRuleRow
    own = _rules(0, literal_column("0"), RetirementSource.POST, post.retirement_age, post.retirement_basis)
    by_title = _rules(
        *(1, -func.length(exception.words), RetirementSource.TITLE, exception.age, exception.legal_basis),
        words=exception.words,
    )
    national = _rules(
        *(2, rule.ordinal, RetirementSource.NAME, rule.age, rule.legal_basis), words=rule.words, level=rule.level
    )
    told = union_all(
        own.where(post.retirement_age.is_not(None)).correlate(post.__table__),
        by_title.where(exception.institution_id == post.institution_id, begins_with(exception.words)).correlate(
            post.__table__
        ),
        national.where(rule.version == _version(), or_(rule.level == post.level, begins_with(rule.words))).correlate(
            post.__table__
        ),
    ).subquery("told")
    first = select(told).order_by(told.c.place, told.c.ordinal).limit(literal_column("1"))
    return first.correlate(post.__table__)


def _rules(
    place: int,
    ordinal: Column,
    source: RetirementSource,
    age: Column,
    legal_basis: Column,
    words: Column | None = None,
    level: Column | None = None,
) -> Select[Any]:
    said = _word(source)
    return select(
        literal_column(str(place)).label("place"),
        ordinal.label("ordinal"),
        (said if level is None else case((level.is_not(None), _word(RetirementSource.LEVEL)), else_=said)).label(
            "source"
        ),
        cast(age, SmallInteger).label("age"),
        cast(null() if words is None else words, Text).label("words"),
        cast(null() if level is None else level, Text).label("level"),
        legal_basis.label("legal_basis"),
    )


def _word(source: RetirementSource) -> ColumnElement[str]:
    return _literal(source.value)


def _literal(code: str) -> ColumnElement[str]:
    """A code of our own as it stands in the statement."""
    return literal_column(f"'{code}'", Text)


def begins_with(words: Column) -> ColumnElement[bool]:
    """Whether the name of the post of the row begins with these words, and not only with their letters."""
    name, beginning = func.concat(PostRow.name_key, _SPACE), func.concat(words, _SPACE)
    return and_(words.is_not(None), func.starts_with(name, beginning))


def _version() -> ScalarSelect[int]:
    institution = aliased(InstitutionRow)
    used = select(institution.retirement_version).where(institution.id == PostRow.institution_id)
    return used.correlate(PostRow.__table__).scalar_subquery()


# ── when


def age_reached_on(born_on: Column, age: Column) -> ColumnElement[date | None]:
    """As `domain.ages.age_reached_on`."""
    return cast(born_on + func.make_interval(age), Date)


def retirement_on(born_on: Column, age: Column) -> ColumnElement[date | None]:
    """As `domain.posts.retirement_on`."""
    month = func.date_trunc(literal_column("'month'"), age_reached_on(born_on, age))
    return cast(month + literal_column("interval '1 month'"), Date)


def _retires_on() -> ColumnElement[date | None]:
    rule, institution = _first_rule().subquery("first_rule"), aliased(InstitutionRow)
    age = select(rule.c.age).scalar_subquery()
    as_of = select(institution.as_of).where(institution.id == PostRow.institution_id).correlate(PostRow.__table__)
    return retirement_on(day_of_birth(TalentRow.__table__.c, as_of.scalar_subquery()), age)


retires_on: ColumnElement[date | None] = _retires_on()
"""When the talent of the row would retire from the post of the row, by the present map."""


def freeing_day(leaves_on: Column) -> ColumnElement[date | None]:
    """Of the days on which the holders of the post of the row leave, the one that frees a seat; an aggregate.

    Where more seats of it are taken than it has, those who leave free none until they have brought them down to these.
    """
    days = func.array_agg(aggregate_order_by(leaves_on, leaves_on), type_=ARRAY(Date))
    return days[func.greatest(func.count() + reserved - PostRow.seats, literal_column("0")) + literal_column("1")]


freeing_retirement: ScalarSelect[date | None] = of_holders(freeing_day(PostHolderRow.retires_on))
"""When a seat of the held post of the row is first free because holders retire; null where nobody knows."""
next_retirement: ScalarSelect[date | None] = of_holders(func.min(PostHolderRow.retires_on))
"""When the first of them retires whose day is known."""


age_reached: ColumnElement[date | None] = func.coalesce(
    PostHolderRow.__table__.c.reaches_age_on, PostHolderRow.__table__.c.retires_on, type_=Date
)
"""When the holder of the row reaches the age; where that has not been worked out yet, the retirement soon after."""


def foreseen_from(retirement: ColumnElement[date | None]) -> ColumnElement[date | None]:
    """From when the institution of the row counts a seat as one that will be empty."""
    months = func.make_interval(literal_column("0"), InstitutionRow.foresight_months)
    return cast(retirement - months, Date)


def _chosen_on() -> ScalarSelect[date]:
    """When the holder of the row was chosen for a vacancy of another post, and is still to leave for it."""
    vacancy, step = VacancyRow, VacancyStepRow
    decided = and_(
        step.institution_id == vacancy.institution_id,
        step.vacancy_id == vacancy.id,
        step.state == _literal(State.DECIDED.value),
    )
    chosen = and_(
        vacancy.institution_id == PostHolderRow.institution_id,
        vacancy.talent_id == PostHolderRow.talent_id,
        vacancy.post_id != PostHolderRow.post_id,
        vacancy.state.in_([_literal(state.value) for state in CHOSEN]),
    )
    days = select(func.min(legal_day(step.entered_at))).select_from(vacancy).join(step, decided).where(chosen)
    return days.correlate(PostHolderRow.__table__).scalar_subquery()


def _foreseen_by(today: ColumnElement[date]) -> ColumnElement[date | None]:
    """From when it could be foreseen, on a day, that a seat of the held post of the row will be empty; null if not.

    Nobody looks for who fills a post that no map names.
    """
    held = PostHolderRow.__table__
    of_post = and_(held.c.institution_id == PostRow.institution_id, held.c.post_id == PostRow.id)
    retiring = foreseen_from(held.c.retires_on)
    known = func.least(case((retiring <= today, retiring)), _chosen_on(), type_=Date).label("day")
    leaving = select(known).select_from(held).where(of_post)
    day = leaving.correlate(PostRow.__table__, InstitutionRow.__table__).subquery("leaving").c.day
    first = select(freeing_day(day)).correlate(PostRow.__table__, InstitutionRow.__table__).scalar_subquery()
    return case((PostRow.is_delivered, first))


_TODAY = legal_day(func.now())
clock_from: ColumnElement[date | None] = func.coalesce(PostRow.clock_from, _foreseen_by(_TODAY), type_=Date)
"""Since when a seat of the post of the row is empty or foreseeably so, today: time goes on when no map comes."""


async def foresee(tx: AsyncSession, institution_id: UUID, on: date, post_id: UUID | None = None) -> int:
    """When holders retire, and since when seats are empty or foreseeably so, on a day; of all posts, or of one.

    To be called wherever holders, seats, rules, the time that the institution looks ahead, or who is chosen for another
    post change, by whoever holds the institution where it is about many. Where it is about all posts, the newest
    version of the national rules counts that is in force on that day. Returns how many posts were written.
    """
    if post_id is not None:
        return await _foresee(tx, institution_id, on, post_id)
    await _take_newest_rules(tx, institution_id, on)
    async with joined_as_sets(tx):
        return await _foresee(tx, institution_id, on, None)


async def _foresee(tx: AsyncSession, institution_id: UUID, on: date, post_id: UUID | None) -> int:
    await _note_retirements(tx, institution_id, on, post_id)
    return await _set_clocks(tx, institution_id, on, post_id)


def _put_to(post_id: UUID | None) -> tuple[ColumnElement[bool], ...]:
    return () if post_id is None else (PostRow.id == post_id,)


async def _take_newest_rules(tx: AsyncSession, institution_id: UUID, on: date) -> None:
    """The newest version in force; on days before the first version, the first."""
    version = RetirementVersionRow
    in_force = select(func.max(version.version)).where(version.effective_from <= on).scalar_subquery()
    newest = func.coalesce(in_force, select(func.min(version.version)).scalar_subquery())
    used = InstitutionRow.retirement_version
    taken = update(InstitutionRow).where(InstitutionRow.id == institution_id, used != newest)
    await tx.execute(taken.values(retirement_version=newest).execution_options(synchronize_session=False))


async def _note_retirements(tx: AsyncSession, institution_id: UUID, on: date, post_id: UUID | None) -> None:
    rule = deciding_rule()
    born_on = day_of_birth(TalentRow.__table__.c, literal(on, Date))
    found = (
        select(
            TalentRow.id,
            age_reached_on(born_on, rule.c.age).label("reaches_age_on"),
            retirement_on(born_on, rule.c.age).label("retires_on"),
        )
        .join(PostHolderRow, _SAME_TALENT)
        .join(PostRow, _SAME_POST)
        .outerjoin(rule, true())
        .where(PostRow.institution_id == institution_id, *_put_to(post_id))
        .subquery("found")
    )
    holder = PostHolderRow
    noted = {"reaches_age_on": found.c.reaches_age_on, "retires_on": found.c.retires_on}
    changed = or_(*(getattr(holder, name).is_distinct_from(day) for name, day in noted.items()))
    holds = and_(holder.institution_id == institution_id, holder.talent_id == found.c.id)
    put = update(holder).where(holds, changed).values(noted)
    await tx.execute(put.execution_options(synchronize_session=False))


async def start_clocks(tx: AsyncSession, institution_id: UUID, on: date) -> None:
    """Start the clocks of posts whose holders were foreseen to leave; to be called before holders are gone."""
    found = _found_of_posts(institution_id, on, None)
    put = (
        update(PostRow)
        .where(PostRow.institution_id == institution_id, PostRow.id == found.c.id, PostRow.clock_from.is_(None))
        .where(found.c.foreseen.is_not(None))
        .values(clock_from=found.c.foreseen)
    )
    async with joined_as_sets(tx):
        await tx.execute(put.execution_options(synchronize_session=False))


async def _set_clocks(tx: AsyncSession, institution_id: UUID, on: date, post_id: UUID | None) -> int:
    """A seat is empty as of the day; what can be foreseen goes on after it, and no day of a map before takes it back.

    The clock of an empty seat runs on; one begins no later than the seat is empty.
    """
    found, day = _found_of_posts(institution_id, on, post_id), literal(on, Date)
    empty_since = case((found.c.is_empty, func.coalesce(PostRow.empty_since, day)))
    began = func.least(func.coalesce(PostRow.clock_from, found.c.foreseen), day)
    still = case((PostRow.empty_since.is_not(None), PostRow.clock_from), else_=began)
    clock_from = case((found.c.is_empty, still), else_=found.c.foreseen)
    put = (
        update(PostRow)
        .where(PostRow.institution_id == institution_id, PostRow.id == found.c.id)
        .where(or_(PostRow.empty_since.is_distinct_from(empty_since), PostRow.clock_from.is_distinct_from(clock_from)))
        .values(empty_since=empty_since, clock_from=clock_from)
        .execution_options(synchronize_session=False)
    )
    return int((await tx.execute(put)).rowcount)  # type: ignore[attr-defined]


def _found_of_posts(institution_id: UUID, on: date, post_id: UUID | None) -> Subquery:
    """Whether posts have an empty seat, and since when one was foreseen, by the day or by today if that is later."""
    return (
        select(
            PostRow.id,
            and_(PostRow.is_delivered, PostRow.seats > taken).label("is_empty"),
            _foreseen_by(func.greatest(literal(on, Date), _TODAY, type_=Date)).label("foreseen"),
        )
        .join(InstitutionRow, InstitutionRow.id == PostRow.institution_id)
        .where(PostRow.institution_id == institution_id, *_put_to(post_id))
        .subquery("found")
    )
