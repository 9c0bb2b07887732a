"""The nation: how many people stand where, the facts of those in pools beside each other, and searches of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, InstitutionOwned
from app.db.classes import DataClass, General, Internal, Specific, told
from app.db.tables.candidates import CandidateRow
from app.domain.candidates import (
    LEVELS,
    NUMBER_OF_COMPETENCIES,
    SEVERITIES,
    YEARS_OF_APPRAISALS,
    YEARS_OF_TRAINING,
)
from app.domain.verdicts import HIGHEST, LOWEST


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


class NationalPoolCountRow(Base):
    """How many people of an institution are in each box of the pools, and of how many something is not on record.

    The application reads it by the view `national_pool`, summed up for nobody: by province and box.
    """

    __tablename__ = "national_pool_count"
    __columns_are__ = DataClass.INTERNAL

    institution_id: Mapped[UUID] = mapped_column(primary_key=True)
    box: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    people: Mapped[int]
    with_gaps: Mapped[int]
    """Of whose service some post, or what it worked at, is not on record: they may have held what nothing shows."""


SPREAD: Mapping[str, int] = {
    "closed_days": len(LEVELS),
    "training_hours": YEARS_OF_TRAINING,
    "appraisals": YEARS_OF_APPRAISALS,
    "competencies": NUMBER_OF_COMPETENCIES,
    "sanctioned_on": len(SEVERITIES),
}
"""Arrays of facts that stand here in a column for each place, `appraisals_1` and so on, which is read much faster."""
STANDARDS = range(LOWEST, HIGHEST + 1)
"""What a post can ask of a competency."""
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
    Column("province_code", Text, info=told(DataClass.INTERNAL)),
    Column("has_gaps", Boolean, nullable=False, info=told(DataClass.GENERAL)),
    Column("closed_total", Integer, nullable=False, info=told(DataClass.GENERAL)),
    *(
        Column(f"{name}_{standard}", SmallInteger, nullable=False, info=told(DataClass.RESTRICTED))
        for name in ("matched", "matched_at_most")
        for standard in STANDARDS
    ),
    *_facts(),
    Column("levels", ARRAY(SmallInteger), nullable=False, info=told(DataClass.GENERAL)),
    Column("affairs", ARRAY(Text), nullable=False, info=told(DataClass.GENERAL)),
    Index(None, "level", "government_affair"),
    Index("ix_pool_candidate_levels_affairs", "levels", "affairs", postgresql_using="gin"),
)
"""The candidates of all institutions in boxes 7 to 9. The application reads the view `national_candidate` of them.

`levels` are the places, from 1, in `LEVELS` of those somebody holds or has held; `affairs` the government affairs.
`closed_total` is the sum of `closed_days`. `matched_3` is the sum of the levels as far as a standard of 3 asks for
them, where an unknown one is the lowest there is, and `matched_at_most_3` where it is the highest. `has_gaps`: of
whose service some post, or what it worked at, is not on record.
"""


class NationalSearchRow(InstitutionOwned, Base):
    """A search of the nation: what was asked and why, and the answer as it was given. It never changes."""

    __tablename__ = "national_search"
    __table_args__ = (
        ForeignKeyConstraint(["rule_set_code", "rule_set_version"], ["rule_set.code", "rule_set.version"]),
        Index(None, "institution_id", "made_at"),
        Index("ix_national_search_institution_id_question", "institution_id", "question", "made_at"),
    )

    id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    made_at: Mapped[Internal[datetime]] = mapped_column(DateTime(timezone=True))
    subject: Mapped[General[str]]
    role: Mapped[Internal[str]]
    grounds: Mapped[Internal[str]]
    question: Mapped[Internal[str]]
    """SHA-256, in hexadecimal, over everything that was asked but the grounds: the same question has the same one."""
    level: Mapped[Internal[str]]
    government_affair: Mapped[Internal[str | None]]
    inauguration_on: Mapped[Internal[date]]
    rule_set_code: Mapped[Internal[str]]
    rule_set_version: Mapped[Internal[int]] = mapped_column(Integer)
    standard: Mapped[Internal[list[int]]] = mapped_column(ARRAY(SmallInteger))
    boxes: Mapped[Internal[list[int]]] = mapped_column(ARRAY(SmallInteger))
    provinces: Mapped[Internal[list[str] | None]] = mapped_column(ARRAY(Text))
    first: Mapped[Internal[int]] = mapped_column(SmallInteger)
    seed: Mapped[Internal[bytes]] = mapped_column(LargeBinary)
    outcomes: Mapped[Internal[dict[str, Any]]] = mapped_column(JSONB)
    """How many people were found to be what."""
    rules: Mapped[Internal[dict[str, Any]]] = mapped_column(JSONB)
    """The requirements and the criteria in use, with their words, in the order of verdicts and parts."""
    answer: Mapped[General[list[dict[str, Any]]]] = mapped_column(JSONB)
    """Those on the list, in their order, by ids that are of this search alone."""
    inputs: Mapped[Specific[dict[str, Any]]] = mapped_column(JSONB)
    """The facts of those on the list by these ids, and the cards by which one may ask for some of them."""
    digest: Mapped[Internal[str]]
    """SHA-256, in hexadecimal, over the answer."""


class NationalSearchRecomputationRow(InstitutionOwned, Base):
    """A search was made again from what it had kept, and compared."""

    __tablename__ = "national_search_recomputation"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "search_id"], ["national_search.institution_id", "national_search.id"]),
        Index(None, "institution_id", "search_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    search_id: Mapped[UUID]
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    subject: Mapped[General[str]]
    role: Mapped[str]
    digest: Mapped[str]
    """Of what was found this time."""
