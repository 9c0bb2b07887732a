"""Submissions: evidence that talents submit about themselves, the attached documents, and what verifiers decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKeyConstraint, Index, LargeBinary, SmallInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Contested, InstitutionOwned
from app.db.classes import General, Internal, Restricted


class SubmissionRow(Contested, InstitutionOwned, Base):
    """What a talent declares: `content` holds the columns of a row of evidence of that kind, `row_key` their digest."""

    __tablename__ = "submission"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        Index(None, "institution_id", "submitted_at", "id"),
        Index(
            "uq_submission_open",
            "institution_id",
            "talent_id",
            "kind",
            "row_key",
            unique=True,
            postgresql_where=text("state = 'submitted'"),
        ),
    )

    id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    talent_id: Mapped[General[UUID]]
    kind: Mapped[General[str]]
    content: Mapped[Restricted[dict[str, Any]]] = mapped_column(JSONB)
    row_key: Mapped[Internal[UUID]]
    corrects: Mapped[Internal[int | None]] = mapped_column(BigInteger)
    """The row of evidence of the same kind and talent that it corrects."""
    rung: Mapped[General[str]]
    state: Mapped[Internal[str]]
    submitted_by: Mapped[General[str]]
    submitted_at: Mapped[General[datetime]] = mapped_column(DateTime(timezone=True))
    evidence_id: Mapped[Internal[int | None]] = mapped_column(BigInteger)
    """The row of evidence that it became."""


class SubmissionDocumentRow(InstitutionOwned, Base):
    """The document attached to a submission. `size` in bytes; `sha256` in hexadecimal digits."""

    __tablename__ = "submission_document"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "submission_id"], ["submission.institution_id", "submission.id"]),
    )

    submission_id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    name: Mapped[General[str]]
    media_type: Mapped[Internal[str]]
    size: Mapped[Internal[int]]
    sha256: Mapped[Internal[str]]
    content: Mapped[Restricted[bytes]] = mapped_column(LargeBinary)


class SubmissionDecisionRow(InstitutionOwned, Base):
    """What a verifier decided; append-only. `rung` is where it left the submission, `reason` why it was refused."""

    __tablename__ = "submission_decision"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "submission_id"], ["submission.institution_id", "submission.id"]),
    )

    submission_id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    ordinal: Mapped[Internal[int]] = mapped_column(SmallInteger, primary_key=True)
    decided_at: Mapped[General[datetime]] = mapped_column(DateTime(timezone=True))
    role: Mapped[General[str]]
    subject: Mapped[General[str]]
    decision: Mapped[Internal[str]]
    rung: Mapped[Internal[str]]
    reason: Mapped[General[str | None]]
    comment: Mapped[General[str | None]]
