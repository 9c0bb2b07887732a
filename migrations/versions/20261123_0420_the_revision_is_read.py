"""The service may read which migrations have run, so that it is not ready before they have."""

from __future__ import annotations

from alembic import op

from app.db.policies import APPLICATION_ROLE

revision = "20261123_0420"
down_revision = "20261123_0400"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"GRANT SELECT ON alembic_version TO {APPLICATION_ROLE}")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"REVOKE SELECT ON alembic_version FROM {APPLICATION_ROLE}")
