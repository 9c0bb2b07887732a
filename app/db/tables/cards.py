"""Cards: what may be said of a talent anywhere without saying who it is; the application reaches them by a view."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, DateTime, Index, SmallInteger, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.classes import General, Internal


class TalentCardRow(Base):
    """One card; triggers make it with the placement and take it away with it. Bands begin at the stored number.

    `institution_id` and `talent_id` are known to the owner of the schema alone: the application may not select them,
    but for the cards of its own institution. Whoever is listed anew has a new `id`.
    """

    __tablename__ = "talent_card"
    __table_args__ = (
        UniqueConstraint("institution_id", "talent_id"),
        CheckConstraint("box BETWEEN 1 AND 9", name="box"),
        Index("ix_talent_card_listed", "id", postgresql_where=text("listed_until IS NOT NULL")),
    )

    id: Mapped[Internal[UUID]] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    """Drawn by lot: nothing follows from it."""
    institution_id: Mapped[Internal[UUID]]
    talent_id: Mapped[General[UUID]]
    position_level: Mapped[General[str | None]]
    position_type: Mapped[General[str | None]]
    """SIASN's jenis jabatan: 1 structural, 2 functional, 4 executor."""
    education_level: Mapped[General[str | None]]
    service_years_from: Mapped[General[int | None]] = mapped_column(SmallInteger)
    """Bands of five years."""
    box: Mapped[General[int | None]] = mapped_column(SmallInteger)
    performance_from: Mapped[General[int | None]] = mapped_column(SmallInteger)
    """Bands of ten points, as of the other two."""
    potential_from: Mapped[General[int | None]] = mapped_column(SmallInteger)
    talent_value_from: Mapped[General[int | None]] = mapped_column(SmallInteger)
    listed_until: Mapped[General[datetime | None]] = mapped_column(DateTime(timezone=True))
    """Until when the talent consents to be listed; null where the talent does not."""
    wish_until: Mapped[General[datetime | None]] = mapped_column(DateTime(timezone=True))
    """Until when a listing says what is wished for, as the next columns tell it; all null where none does."""
    wish_horizon_from: Mapped[General[int | None]] = mapped_column(SmallInteger)
    """Within how many months, in bands that begin at 0, 6, 12, 24 and 36."""
    wish_is_anywhere: Mapped[General[bool | None]]
    wish_provinces: Mapped[General[list[str] | None]] = mapped_column(ARRAY(Text))
    wish_levels: Mapped[General[list[str] | None]] = mapped_column(ARRAY(Text))
    wish_affairs: Mapped[General[list[str] | None]] = mapped_column(ARRAY(Text))
    wish_moves: Mapped[General[list[str] | None]] = mapped_column(ARRAY(Text))
    barred_institutions: Mapped[General[list[UUID] | None]] = mapped_column(ARRAY(Uuid))
    """Which do not see the card, as the talent has said."""
