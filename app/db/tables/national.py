"""The nation: how many people stand where, and the facts of those in pools beside each other; triggers keep both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Column, Index, SmallInteger, Table, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.classes import DataClass, told
from app.db.tables.candidates import CandidateRow
from app.domain.candidates import LEVELS, NUMBER_OF_COMPETENCIES, SEVERITIES, YEARS_OF_APPRAISALS


class NationalBoxCountRow(Base):
    """How many cards of an institution and a level stand in each box; the level is blank where it is unknown."""

    __tablename__ = "national_box_count"
    __columns_are__ = DataClass.INTERNAL

    institution_id: Mapped[UUID] = mapped_column(primary_key=True)
    position_level: Mapped[str] = mapped_column(primary_key=True)
    unassessed: Mapped[int]
    box_1: Mapped[int]
    box_2: Mapped[int]
    box_3: Mapped[int]
    box_4: Mapped[int]
    box_5: Mapped[int]
    box_6: Mapped[int]
    box_7: Mapped[int]
    box_8: Mapped[int]
    box_9: Mapped[int]


SPREAD: Mapping[str, int] = {
    "closed_days": len(LEVELS),
    "appraisals": YEARS_OF_APPRAISALS,
    "competencies": NUMBER_OF_COMPETENCIES,
    "sanctioned_on": len(SEVERITIES),
}
"""Arrays of facts that stand here in a column for each place, `appraisals_1` and so on, which is read much faster."""
_WHOSE = ("institution_id", "talent_id", "id")


def _facts() -> Iterator[Column[Any]]:
    for fact in CandidateRow.__table__.columns:
        if fact.name in SPREAD:
            of_each = fact.type.item_type  # type: ignore[attr-defined]
            for place in range(1, SPREAD[fact.name] + 1):
                yield Column(f"{fact.name}_{place}", of_each, info=fact.info)
        elif fact.name not in _WHOSE:
            yield Column(fact.name, fact.type, nullable=fact.nullable, info=fact.info)


POOL_CANDIDATE = Table(
    "pool_candidate",
    Base.metadata,
    Column("id", Uuid, primary_key=True, info=told(DataClass.INTERNAL)),
    Column("institution_id", Uuid, nullable=False, info=told(DataClass.INTERNAL)),
    Column("talent_id", Uuid, nullable=False, info=told(DataClass.GENERAL)),
    *_facts(),
    Column("levels", ARRAY(SmallInteger), nullable=False, info=told(DataClass.GENERAL)),
    Column("affairs", ARRAY(Text), nullable=False, info=told(DataClass.GENERAL)),
    Index(None, "level", "government_affair"),
    Index("ix_pool_candidate_levels_affairs", "levels", "affairs", postgresql_using="gin"),
)
"""The candidates of all institutions in boxes 7 to 9. The application reads them by the view `national_candidate`.

`levels` are the places, from 1, in `LEVELS` of those somebody holds or has held; `affairs` the government affairs.
"""
