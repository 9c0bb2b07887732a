"""Openings: posts of the institution that are empty or foreseeably will be, grouped by what they ask."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Date,
    Select,
    SmallInteger,
    and_,
    case,
    exists,
    func,
    literal,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.post_seats import taken
from app.db.post_standards import standard
from app.db.retirements import freeing_retirement
from app.db.tables.institutions import OrgUnitRow
from app.db.tables.posts import PostHolderRow, PostRow
from app.db.unit_affairs import nearest_affair
from app.domain.careers import PositionLevel

MOST_NAMED = 5
"""How many posts of a group are named: those that are empty first."""


@dataclass(frozen=True, slots=True)
class Openings:
    """Posts of one level, affair and job family that ask for the same; `posts` names the first of them."""

    level: PositionLevel
    government_affair: str | None
    job_family: str | None
    standard: tuple[int, ...]
    empty: int
    by: tuple[int, ...]
    """How many are empty by each of the days asked about."""
    first_vacant_on: date
    posts: Sequence[dict[str, Any]]


async def find_openings(
    tx: AsyncSession, levels: Collection[PositionLevel], but_of: UUID, today: date, days: Sequence[date]
) -> list[Openings]:
    """Openings at these levels by the last of the days, without the post that somebody holds.

    The highest level comes first, then the affairs by their code and the job families; unknown ones last.
    """
    asked = await _standards_of(tx, levels)
    opening = _openings(levels, asked, but_of, today).subquery("opening")
    named = func.jsonb_build_object(
        *("id", opening.c.id, "name", opening.c.name, "unitId", opening.c.unit_id, "unit", opening.c.unit),
        *("isEmpty", opening.c.is_empty, "vacantFrom", opening.c.vacant_from),
    )
    in_order = aggregate_order_by(named, opening.c.vacant_from, opening.c.name, opening.c.id)
    groups = (
        select(
            opening.c.level,
            opening.c.government_affair,
            opening.c.job_family,
            opening.c.standard,
            func.count().filter(opening.c.is_empty),
            func.min(opening.c.vacant_from),
            func.to_jsonb(func.array_agg(in_order, type_=ARRAY(JSONB))[1:MOST_NAMED], type_=JSONB),
            *(func.count().filter(opening.c.vacant_from <= day) for day in days),
        )
        .where(opening.c.vacant_from <= days[-1])
        .group_by(opening.c.level, opening.c.government_affair, opening.c.job_family, opening.c.standard)
    )
    found = [
        Openings(PositionLevel(level), affair, family, tuple(asked), empty, tuple(by), first, posts)
        for level, affair, family, asked, empty, first, posts, *by in await tx.execute(groups)
    ]
    places = {level: place for place, level in enumerate(PositionLevel)}

    def place(one: Openings) -> tuple[int, str, str, tuple[int, ...]]:
        return places[one.level], one.government_affair or "~", one.job_family or "~", one.standard

    return sorted(found, key=place)


async def _standards_of(tx: AsyncSession, levels: Collection[PositionLevel]) -> dict[str, list[int]]:
    """What posts of each level ask that have no standard of their own: looked up once, and not for each post."""
    if not levels:
        return {}
    no_own = (PostRow.level, standard.label("standard"))
    one_of_each = [
        select(*no_own).where(PostRow.level == level.value, PostRow.standard.is_(None)).limit(1) for level in levels
    ]
    found = await tx.execute(union_all(*one_of_each))
    return {row.level: row.standard for row in found}


def _openings(
    levels: Collection[PositionLevel], asked: Mapping[str, list[int]], but_of: UUID, today: date
) -> Select[Any]:
    """The posts, each with whether a seat is empty and from when one is; null where nobody knows."""
    affair = nearest_affair()
    is_own = exists(
        select(PostHolderRow.post_id)
        .where(PostHolderRow.institution_id == PostRow.institution_id, PostHolderRow.post_id == PostRow.id)
        .where(PostHolderRow.talent_id == but_of)
        .correlate(PostRow.__table__)
    )
    is_empty, day, retirement = PostRow.seats > taken, literal(today, Date), freeing_retirement
    numbers = {level: literal(told, ARRAY(SmallInteger)) for level, told in asked.items()}
    of_level = case(numbers, value=PostRow.level) if numbers else PostRow.standard
    return (
        select(
            PostRow.id,
            PostRow.name,
            PostRow.unit_id,
            OrgUnitRow.name.label("unit"),
            PostRow.level,
            func.coalesce(PostRow.government_affair, affair.c.government_affair).label("government_affair"),
            PostRow.job_family,
            func.coalesce(PostRow.standard, of_level).label("standard"),
            is_empty.label("is_empty"),
            case(
                (is_empty, func.coalesce(PostRow.empty_since, day)),
                (retirement.is_not(None), func.greatest(retirement, day)),
            ).label("vacant_from"),
        )
        .join(OrgUnitRow, and_(OrgUnitRow.institution_id == PostRow.institution_id, OrgUnitRow.id == PostRow.unit_id))
        .outerjoin(affair, true())
        .where(PostRow.level.in_([level.value for level in levels]), PostRow.is_delivered, ~is_own)
    )
