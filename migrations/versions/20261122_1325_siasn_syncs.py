"""Syncs with SIASN, what they changed, and conflicts."""

from __future__ import annotations

from alembic import op

revision = "20261122_1325"
down_revision = "20261122_1320"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
