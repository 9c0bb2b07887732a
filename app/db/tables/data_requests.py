"""Requests of data subjects and their answers, and what humans decided where a machine alone may not."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, InstitutionOwned
from app.db.classes import General, Internal
from app.domain.data_requests import IN_EFFECT, Kind, State


def _listed(words: frozenset[State] | tuple[Kind, ...]) -> str:
    return ", ".join(f"'{word.value}'" for word in sorted(words))


_AGREED = IN_EFFECT[Kind.RESTRICTION]
STANDS = f"state = 'open' OR kind IN ({_listed(tuple(IN_EFFECT))}) AND state IN ({_listed(_AGREED)})"
"""Of these a subject has at most one of each kind: it waits for its answer, or is in effect."""


def holds(kind: Kind, rows: str, talent: str = "talent_id", since: str | None = None) -> str:
    """The condition, in SQL, that a request of that kind is in effect for the talent of `rows`, raised `since` then."""
    later = "" if since is None else f" AND asked.raised_at > {since}"
    return (
        f"EXISTS (SELECT FROM data_request asked WHERE asked.institution_id = {rows}.institution_id"
        f" AND asked.talent_id = {rows}.{talent} AND asked.kind = '{kind.value}'"
        f" AND asked.state IN ({_listed(IN_EFFECT[kind])}){later})"
    )


class DataRequestRow(InstitutionOwned, Base):
    """One request. What it says never changes; its answer, withdrawal or lifting is filled in."""

    __tablename__ = "data_request"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        CheckConstraint(
            "num_nonnulls(about, should_say) = CASE WHEN kind = 'correction' THEN 2 ELSE 0 END", name="correction"
        ),
        CheckConstraint(
            "num_nonnulls(outcome, comment, answered_at, answered_by, answered_role) IN (0, 5)", name="answer"
        ),
        CheckConstraint("num_nonnulls(lifted_at, lifted_by, lifted_role, lifted_comment) IN (0, 4)", name="lifting"),
        Index(None, "institution_id", "talent_id"),
        Index(None, "institution_id", "due_at", "id"),
        Index(
            "uq_data_request_stands", "institution_id", "talent_id", "kind", unique=True, postgresql_where=text(STANDS)
        ),
    )

    id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    talent_id: Mapped[General[UUID]]
    kind: Mapped[General[str]]
    statement: Mapped[General[str]]
    about: Mapped[General[str | None]]
    """Of a correction: a pointer into the access export, or an item of completeness."""
    should_say: Mapped[General[str | None]]
    state: Mapped[Internal[str]]
    raised_at: Mapped[General[datetime]] = mapped_column(DateTime(timezone=True))
    due_at: Mapped[General[datetime]] = mapped_column(DateTime(timezone=True))
    outcome: Mapped[General[str | None]]
    """What the answer said; the state can move on from it."""
    comment: Mapped[General[str | None]]
    reference: Mapped[General[str | None]]
    """The letter or file in which it was answered."""
    answered_at: Mapped[General[datetime | None]] = mapped_column(DateTime(timezone=True))
    answered_by: Mapped[General[str | None]]
    answered_role: Mapped[General[str | None]]
    withdrawn_at: Mapped[General[datetime | None]] = mapped_column(DateTime(timezone=True))
    lifted_at: Mapped[General[datetime | None]] = mapped_column(DateTime(timezone=True))
    lifted_by: Mapped[General[str | None]]
    lifted_role: Mapped[General[str | None]]
    lifted_comment: Mapped[General[str | None]]


class PlacementReviewRow(InstitutionOwned, Base):
    """Somebody looked at a placement in a cycle and let it stand; it counts as long as the talent stands in `box`."""

    __tablename__ = "placement_review"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "cycle_id"], ["cycle.institution_id", "cycle.id"]),
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
    )

    cycle_id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    talent_id: Mapped[General[UUID]] = mapped_column(primary_key=True)
    box: Mapped[General[int | None]] = mapped_column(SmallInteger)
    """The published box; null for who is not assessed."""
    comment: Mapped[General[str]]
    subject: Mapped[General[str]]
    role: Mapped[General[str]]
    reviewed_at: Mapped[General[datetime]] = mapped_column(DateTime(timezone=True))
