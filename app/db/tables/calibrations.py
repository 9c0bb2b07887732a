"""Calibrations: who moved whom from which box to which, why, and who consented."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKeyConstraint, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Contested, InstitutionOwned
from app.db.classes import General, Internal, Specific


class CalibrationRow(Contested, InstitutionOwned, Base):
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

    id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    cycle_id: Mapped[Internal[UUID]]
    talent_id: Mapped[General[UUID]]
    computed_box: Mapped[General[int]] = mapped_column(SmallInteger)
    from_box: Mapped[General[int]] = mapped_column(SmallInteger)
    to_box: Mapped[General[int]] = mapped_column(SmallInteger)
    reason: Mapped[General[str]]
    comment: Mapped[General[str]]
    evidence_kind: Mapped[Specific[str | None]]
    evidence_id: Mapped[Specific[int | None]] = mapped_column(BigInteger)
    evidence_text: Mapped[Specific[str | None]]
    state: Mapped[Internal[str]]
    moved_at: Mapped[General[datetime]] = mapped_column(DateTime(timezone=True))
    subject: Mapped[General[str]]
    role: Mapped[General[str]]
    second_at: Mapped[General[datetime | None]] = mapped_column(DateTime(timezone=True))
    second_subject: Mapped[General[str | None]]
    second_role: Mapped[General[str | None]]
    second_comment: Mapped[General[str | None]]
