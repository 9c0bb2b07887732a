"""The nation: how many people stand where, the facts of those in pools beside each other, and searches of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Identity,
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
from sqlalchemy.types import TypeEngine

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

    They are summed up by province in `national_count`, of which the application reads the view `national_pool`.
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
)
"""The candidates of all institutions in boxes 7 to 9. The application reads the view `national_candidate` of them.

`levels` are the places, from 1, in `LEVELS` of those somebody holds or has held; `affairs` the government affairs.
`closed_total` is the sum of `closed_days`. `matched_3` is the sum of the levels as far as a standard of 3 asks for
them, where an unknown one is the lowest there is, and `matched_at_most_3` where it is the highest. `has_gaps`: of
whose service some post, or what it worked at, is not on record.
"""


EPOCH = date(1970, 1, 1)
NEVER = 1 << 30
"""Days of measures count from `EPOCH`; who is not known to have begun has never begun."""
ALWAYS = -NEVER
"""As long ago as what limits nothing: service whose first day is unknown, and the last day of no sanction."""


def _measures() -> Iterator[Column[Any]]:
    of_each: tuple[tuple[type[TypeEngine[Any]] | TypeEngine[Any], tuple[str, ...]], ...] = (
        (Integer, ("talent_value", "levels", "level", "level_since", "born_on", "assessed_on", "sanctioned_until")),
        (Integer, ("affair_days", "affair_since")),
        (SmallInteger, ("employment", "education_rank")),
        (Boolean, ("has_gaps", "are_sanctions_known", "knows_affairs")),
        (SmallInteger, tuple(f"{name}_{one}" for name in ("matched", "matched_at_most") for one in STANDARDS)),
        (Integer, tuple(f"closed_days_{place}" for place in range(1, len(LEVELS) + 1))),
        (Integer, ("closed_total", "service_from")),
        (Integer, tuple(f"training_{years}" for years in range(1, YEARS_OF_TRAINING + 1))),
        (SmallInteger, tuple(f"worst_{years}" for years in range(1, YEARS_OF_APPRAISALS + 1))),
        (SmallInteger, ("appraised", "box")),
        (Integer, ("history_from", "unplaced_days", "unplaced_since", "post_since", "performance", "potential")),
        (SmallInteger, ("grade", "leadership")),
        (Boolean, ("is_there", "has_affair", "knows_fields")),
        (ARRAY(Integer), ("field_days", "unsaid_days")),
        (Text, ("province_code",)),
    )
    for of_type, names in of_each:
        yield from (Column(name, of_type, nullable=False, info=_as_fact(name)) for name in names)


def _as_fact(name: str) -> dict[Any, Any]:
    """A measure is of the class of the fact that it is made of."""
    fact = POOL_CANDIDATE.columns.get(name)
    return told(DataClass.GENERAL) if fact is None else fact.info


POOL_MEASURE = Table(
    "pool_measure",
    Base.metadata,
    Column("id", Uuid, primary_key=True, info=told(DataClass.INTERNAL)),
    *_measures(),
    Column("affair", Text, primary_key=True, info=told(DataClass.INTERNAL)),
    Index("ix_pool_measure_affair_levels", "affair", "levels"),
)
"""What searches compare of those in pools, as numbers: once for everybody, under no affair (''), and once more under
each that they work or have worked in. The application reads the view `national_measure` of them.

Nothing is null: what is unknown is below nothing, no bit of words, or a day that never came (`NEVER`, `ALWAYS`).
`levels` has a bit for each of `LEVELS` that somebody holds or has held, `level` that of the present one, `employment`
that of `Employment`. `training_3` are the hours of the last three years, `worst_3` is the worst appraisal on record of
the last three, `appraised` of how many years without a gap there is one. `unplaced_since` is when somebody took up a
present post whose affair nobody has said; `has_affair`: somebody has; `is_there`: it is that of the row. `field_days`
are those in ended posts of each of `FUNCTIONAL` in the affair of the row, `unsaid_days` in one that nobody has said.
"""


class NationalCountRow(Base):
    """How many people of a province and a level stand in each box, and in pools; the level is blank where unknown.

    The changes that are still to be folded in stand in `national_count_change`; what is told adds them.
    """

    __tablename__ = "national_count"
    __columns_are__ = DataClass.INTERNAL

    province_code: Mapped[str] = mapped_column(primary_key=True)
    position_level: Mapped[str] = mapped_column(primary_key=True)
    unassessed: Mapped[int] = mapped_column(server_default="0")
    box_1: Mapped[int] = mapped_column(server_default="0")
    box_2: Mapped[int] = mapped_column(server_default="0")
    box_3: Mapped[int] = mapped_column(server_default="0")
    box_4: Mapped[int] = mapped_column(server_default="0")
    box_5: Mapped[int] = mapped_column(server_default="0")
    box_6: Mapped[int] = mapped_column(server_default="0")
    box_7: Mapped[int] = mapped_column(server_default="0")
    box_8: Mapped[int] = mapped_column(server_default="0")
    box_9: Mapped[int] = mapped_column(server_default="0")
    pooled_7: Mapped[int] = mapped_column(server_default="0")
    """In a pool's box, whatever their level: only where the level is blank."""
    pooled_8: Mapped[int] = mapped_column(server_default="0")
    pooled_9: Mapped[int] = mapped_column(server_default="0")
    gaps_7: Mapped[int] = mapped_column(server_default="0")
    """Of these, of whose service something is not on record."""
    gaps_8: Mapped[int] = mapped_column(server_default="0")
    gaps_9: Mapped[int] = mapped_column(server_default="0")


NATIONAL_COUNT_CHANGE = Table(
    "national_count_change",
    Base.metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True, info=told(DataClass.INTERNAL)),
    *(
        Column(one.name, one.type, nullable=False, server_default=one.server_default, info=one.info)
        for one in NationalCountRow.__table__.columns
    ),
)
"""What is still to be added to `national_count`: appended, so that nobody waits for anybody."""


class NationalCountVersionRow(Base):
    """The one version of `national_count`, another one whenever something is folded in."""

    __tablename__ = "national_count_version"
    __columns_are__ = DataClass.INTERNAL

    version: Mapped[UUID] = mapped_column(primary_key=True)


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
