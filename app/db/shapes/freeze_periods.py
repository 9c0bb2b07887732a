"""What documents about freezes can contain: the days on which nobody is appointed without a permit, and why."""

from __future__ import annotations

from sqlalchemy import Date, Text, Uuid, bindparam, cast, func, literal_column

from app.db.documents import Column, Fields, Pages, Shape, Value
from app.db.shapes.schemas import DATE, ID, INTEGER, TEXT
from app.db.tables.vacancies import FreezePeriodRow


def day_of_cursor(day: Column) -> Column:
    """A day as a key of pages: 2026-11-22."""
    return func.to_char(day, literal_column("'YYYY-MM-DD'"), type_=Text)


FREEZE_FIELDS: Fields = {
    "id": Value(FreezePeriodRow.id, ID),
    "revision": Value(FreezePeriodRow.revision, INTEGER),
    "since": Value(FreezePeriodRow.since, DATE),
    "until": Value(FreezePeriodRow.until, DATE),
    "reason": Value(FreezePeriodRow.reason, TEXT),
    "legalBasis": Value(FreezePeriodRow.legal_basis, TEXT),
}
_on = bindparam("on", type_=Date)
FREEZE_PERIOD = Shape(
    "FreezePeriod",
    FreezePeriodRow.__table__,
    FREEZE_FIELDS,
    rooted=lambda actor: FreezePeriodRow.institution_id == cast(actor.c.institution, Uuid),
    conditions={
        "id": FreezePeriodRow.id == bindparam("id", type_=Uuid),
        "on": _on.between(FreezePeriodRow.since, FreezePeriodRow.until),
    },
)
FREEZE_PERIODS = Pages(
    "FreezePeriod", FREEZE_PERIOD, (day_of_cursor(FreezePeriodRow.since), FreezePeriodRow.id), descending=True
)
