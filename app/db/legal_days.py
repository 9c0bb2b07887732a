"""The day a moment lies in by legal time, in SQL."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Date, cast, func, literal_column

from app.db.documents import Column


def legal_day(moment: Column) -> ColumnElement[date]:
    """The day a moment lies in by legal time (Asia/Jakarta)."""
    return cast(func.timezone(literal_column("'Asia/Jakarta'"), moment), Date)
