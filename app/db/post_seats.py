"""Seats of posts, counted in one place: held by the record, reserved for who took one over by mobility, and empty.

A seat that a mobility case took over is reserved from the inauguration on, until the record says that the person holds
one; the seat that they left is empty from then on. Of the post of the row that a statement looks at.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, func, literal_column, select

from app.db.tables.mobility_cases import ReservedSeatRow
from app.db.tables.posts import PostHolderRow, PostRow


def of_holders(told: ColumnElement[Any]) -> ScalarSelect[Any]:
    """What the holders of the post of the row tell together."""
    of_post = and_(PostHolderRow.institution_id == PostRow.institution_id, PostHolderRow.post_id == PostRow.id)
    return select(told).select_from(PostHolderRow).where(of_post).correlate(PostRow.__table__).scalar_subquery()


def _reserved() -> ScalarSelect[int]:
    row = ReservedSeatRow
    of_post = and_(row.institution_id == PostRow.institution_id, row.post_id == PostRow.id)
    return select(func.count()).select_from(row).where(of_post).correlate(PostRow.__table__).scalar_subquery()


holders: ScalarSelect[int] = of_holders(func.count())
"""How many hold the post of the row, by the record."""
reserved: ScalarSelect[int] = _reserved()
"""How many of its seats are reserved."""
taken: ColumnElement[int] = holders + reserved
"""How many seats nobody else can take, those beyond its seats included."""
vacant: ColumnElement[int] = case(
    (PostRow.is_delivered, func.greatest(PostRow.seats - taken, literal_column("0"))), else_=literal_column("0")
)
"""How many funded seats are empty; none of a post that no map names."""
RESERVED = "(SELECT count(*) FROM reserved_seat r WHERE r.institution_id = p.institution_id AND r.post_id = p.id)"
"""The same as `reserved`, for statements in plain SQL: of the post `p`."""
