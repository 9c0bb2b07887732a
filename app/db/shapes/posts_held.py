"""The post that somebody holds: the one of their inauguration, until Data ASN names it, or what Data ASN says."""

from __future__ import annotations

from sqlalchemy import Boolean, ColumnElement, FromClause, and_, func, literal_column, select

from app.db.documents import Condition
from app.db.inaugurations import is_news
from app.db.tables.posts import PostHolderRow, PostRow
from app.db.tables.talents import TalentRow

SEAT = PostHolderRow.__table__.alias("seat")
_held = PostRow.__table__.alias("held")
_OF_POST = {"name": TalentRow.position, "level": TalentRow.position_level, "unit_id": TalentRow.unit_id}
"""What is told of a post, and what Data ASN says of it."""


def post_held(told: str, *then: Condition, beside: tuple[FromClause, ...] = ()) -> ColumnElement[str | None]:
    """`name`, `level` or `unit_id` of the post that the talent of the row holds.

    `then` narrows the seats of inaugurations, by columns of the tables `beside` the talent's.
    """
    inaugurated = (
        select(_held.c[told])
        .select_from(
            SEAT.join(_held, and_(_held.c.institution_id == SEAT.c.institution_id, _held.c.id == SEAT.c.post_id))
        )
        .where(SEAT.c.institution_id == TalentRow.institution_id, SEAT.c.talent_id == TalentRow.id)
        .where(literal_column(is_news("seat", "held", "talent"), Boolean), *then)
    )
    return func.coalesce(inaugurated.correlate(TalentRow.__table__, *beside).scalar_subquery(), _OF_POST[told])
