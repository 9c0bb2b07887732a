"""Who may ask us as they ask SIASN, and whose people they may ask for."""

from __future__ import annotations

from alembic import op

revision = "20261122_1315"
down_revision = "20261122_1310"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
