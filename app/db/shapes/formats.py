"""How documents write what PostgreSQL and JSON write differently."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Text, func, literal_column

from app.db.documents import Column
from app.db.legal_days import legal_day


def instant(moment: Column) -> ColumnElement[str]:
    """A moment in UTC with microseconds, such as 2025-12-04T01:02:03.000004Z."""
    utc = func.timezone(literal_column("'UTC'"), moment)
    return func.to_char(utc, literal_column('\'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\''), type_=Text)


today: ColumnElement[date] = legal_day(func.now())
"""The present legal day."""
