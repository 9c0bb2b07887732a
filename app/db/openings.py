"""Openings: posts of the institution that are empty or foreseeably will be, grouped by what they ask."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Date, Select, and_, case, exists, func, literal, select, true
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.post_standards import standard
from app.db.retirements import holders, next_retirement
from app.db.tables.institutions import OrgUnitRow
from app.db.tables.posts import PostHolderRow, PostRow
from app.db.unit_affairs import nearest_affair
from app.domain.careers import PositionLevel

MOST_NAMED = 5
"""How many posts of a group are named: those that are empty first."""


@dataclass(frozen=True, slots=True)
class Openings:
    """Posts of one level and affair that ask for the same; `posts` names the first of them."""

    level: PositionLevel
    government_affair: str | None
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

    The highest level comes first, then the affairs by their code; unknown ones last.
    """
    opening = _openings(levels, but_of, today).subquery("opening")
    named = func.jsonb_build_object(
        *("id", opening.c.id, "name", opening.c.name, "unitId", opening.c.unit_id, "unit", opening.c.unit),
        *("isEmpty", opening.c.is_empty, "vacantFrom", opening.c.vacant_from),
    )
    in_order = aggregate_order_by(named, opening.c.vacant_from, opening.c.name, opening.c.id)
    groups = (
        select(
            opening.c.level,
            opening.c.government_affair,
            opening.c.standard,
            func.count().filter(opening.c.is_empty),
            func.min(opening.c.vacant_from),
            func.to_jsonb(func.array_agg(in_order, type_=ARRAY(JSONB))[1:MOST_NAMED], type_=JSONB),
            *(func.count().filter(opening.c.vacant_from <= day) for day in days),
        )
        .where(opening.c.vacant_from <= days[-1])
        .group_by(opening.c.level, opening.c.government_affair, opening.c.standard)
    )
    found = [
        Openings(PositionLevel(level), affair, tuple(asked), empty, tuple(by), first, posts)
        for level, affair, asked, empty, first, posts, *by in await tx.execute(groups)
    ]
    places = {level: place for place, level in enumerate(PositionLevel)}
    return sorted(found, key=lambda one: (places[one.level], one.government_affair or "~", one.standard))


def _openings(levels: Collection[PositionLevel], but_of: UUID, today: date) -> Select[Any]:
    """The posts, each with whether a seat is empty and from when one is; null where nobody knows."""
    affair = nearest_affair()
    is_own = exists(
        select(PostHolderRow.post_id)
        .where(PostHolderRow.institution_id == PostRow.institution_id, PostHolderRow.post_id == PostRow.id)
        .where(PostHolderRow.talent_id == but_of)
        .correlate(PostRow.__table__)
    )
    is_empty, day = PostRow.seats > holders, literal(today, Date)
    return (
        select(
            PostRow.id,
            PostRow.name,
            PostRow.unit_id,
            OrgUnitRow.name.label("unit"),
            PostRow.level,
            func.coalesce(PostRow.government_affair, affair.c.government_affair).label("government_affair"),
            standard.label("standard"),
            is_empty.label("is_empty"),
            case(
                (is_empty, func.coalesce(PostRow.empty_since, day)),
                (next_retirement.is_not(None), func.greatest(next_retirement, day)),
            ).label("vacant_from"),
        )
        .join(OrgUnitRow, and_(OrgUnitRow.institution_id == PostRow.institution_id, OrgUnitRow.id == PostRow.unit_id))
        .outerjoin(affair, true())
        .where(PostRow.level.in_([level.value for level in levels]), PostRow.is_delivered, ~is_own)
    )
