"""The declarative base, the names of constraints, and what every table of an institution has."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {str: Text}  # noqa: RUF012 - SQLAlchemy reads it once


class InstitutionOwned:
    """A row that belongs to one institution: its key begins with it, and row-level security looks at it."""

    @declared_attr
    def institution_id(cls) -> Mapped[UUID]:  # noqa: N805 - SQLAlchemy's declared_attr is a class method
        return mapped_column(ForeignKey("institution.id"), primary_key=True, sort_order=-1)
