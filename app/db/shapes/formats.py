"""How documents write what PostgreSQL and JSON write differently."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Date, Text, cast, func, literal_column

from app.db.documents import Column


def instant(moment: Column) -> ColumnElement[str]:
    """A moment in UTC with microseconds, such as 2025-12-04T01:02:03.000004Z."""
    utc = func.timezone(literal_column("'UTC'"), moment)
    return func.to_char(utc, literal_column('\'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\''), type_=Text)


def legal_day(moment: Column) -> ColumnElement[date]:
    """The day a moment lies in by legal time (Asia/Jakarta)."""
    return cast(func.timezone(literal_column("'Asia/Jakarta'"), moment), Date)


today: ColumnElement[date] = legal_day(func.now())
"""The present legal day."""
