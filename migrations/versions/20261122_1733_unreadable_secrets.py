"""Secrets that nobody can open any more are counted, for those who run the service."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

from app.db.policies import APPLICATION_ROLE

revision = "20261122_1733"
down_revision = "20261122_1732"
branch_labels = None
depends_on = None

COUNTING = (
    # of all institutions: nobody in particular asks for it, and only numbers are told
    "CREATE POLICY counted ON siasn_trial FOR SELECT TO CURRENT_USER USING (true)",
    """CREATE FUNCTION count_unreadable_secrets() RETURNS json LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = public, pg_temp
        BEGIN ATOMIC
            SELECT json_build_object(
                'webhook', (SELECT count(*) FROM webhook WHERE state = 'paused' AND cause = 'secretUnreadable'),
                'siasnConnection', (
                    SELECT count(*) FROM siasn_trial WHERE steps @> '[{"code": "siasn.sealed_elsewhere"}]'));
        END""",
    "REVOKE ALL ON FUNCTION count_unreadable_secrets FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION count_unreadable_secrets TO {APPLICATION_ROLE}",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in COUNTING:
        op.execute(text(statement.replace(":", "\\:")))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION count_unreadable_secrets")
    op.execute("DROP POLICY counted ON siasn_trial")
