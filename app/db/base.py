"""The declarative base, the names of constraints, and what every table of an institution has."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, MetaData, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from app.db.classes import KEY, DataClass, told

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables. Each column says what it holds about people; in tables without people, the table says it for all."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {str: Text}  # noqa: RUF012 - SQLAlchemy reads it once
    __columns_are__: ClassVar[DataClass | None] = None

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__(**options)
        if cls.__columns_are__ is not None:
            for column in cls.__table__.columns:
                column.info.setdefault(KEY, cls.__columns_are__)


class InstitutionOwned:
    """A row that belongs to one institution: its key begins with it, and row-level security looks at it."""

    @declared_attr
    def institution_id(cls) -> Mapped[UUID]:  # noqa: N805 - SQLAlchemy's declared_attr is a class method
        return mapped_column(
            ForeignKey("institution.id"), primary_key=True, sort_order=-1, info=told(DataClass.INTERNAL)
        )


class TalentOwned(InstitutionOwned):
    """A row about a talent: its key to the talent, which names the institution, is the only one that is checked."""

    @declared_attr
    def institution_id(cls) -> Mapped[UUID]:  # noqa: N805 - see above
        return mapped_column(primary_key=True, sort_order=-1, info=told(DataClass.INTERNAL))


class Contested:
    """A row that several people change: every change raises its revision, which a trigger of the table sees to."""

    revision: Mapped[int] = mapped_column(server_default=text("1"), info=told(DataClass.INTERNAL), sort_order=1)
