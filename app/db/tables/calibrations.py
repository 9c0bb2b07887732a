"""Calibrations: who moved whom from which box to which, why, and who consented."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKeyConstraint, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, InstitutionOwned


class CalibrationRow(InstitutionOwned, Base):
    """One move. From, to, reason and mover never change; `state` and the second person are filled in."""

    __tablename__ = "calibration"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "cycle_id"], ["cycle.institution_id", "cycle.id"]),
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        CheckConstraint("from_box <> to_box", name="moves"),
        CheckConstraint("second_subject <> subject", name="four_eyes"),
        Index(None, "institution_id", "cycle_id", "moved_at", "id"),
        Index(
            "uq_calibration_awaiting",
            "institution_id",
            "cycle_id",
            "talent_id",
            unique=True,
            postgresql_where=text("state = 'awaitingSecondPerson'"),
        ),
        Index(
            "uq_calibration_in_force",
            "institution_id",
            "cycle_id",
            "talent_id",
            unique=True,
            postgresql_where=text("state IN ('effective', 'confirmed')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    cycle_id: Mapped[UUID]
    talent_id: Mapped[UUID]
    computed_box: Mapped[int] = mapped_column(SmallInteger)
    from_box: Mapped[int] = mapped_column(SmallInteger)
    to_box: Mapped[int] = mapped_column(SmallInteger)
    reason: Mapped[str]
    comment: Mapped[str]
    evidence_kind: Mapped[str | None]
    evidence_id: Mapped[int | None] = mapped_column(BigInteger)
    evidence_text: Mapped[str | None]
    state: Mapped[str]
    moved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    subject: Mapped[str]
    role: Mapped[str]
    second_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    second_subject: Mapped[str | None]
    second_role: Mapped[str | None]
    second_comment: Mapped[str | None]
