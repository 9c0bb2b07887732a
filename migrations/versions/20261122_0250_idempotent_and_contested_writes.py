"""Writes that may be repeated, and revisions of what people contest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from app.db.policies import APPLICATION_ROLE, protect

revision = "20261122_0250"
down_revision = "20261122_0240"
branch_labels = None
depends_on = None

CONTESTED = ("cycle", "calibration", "objection", "submission", "institution", "regulation_reference", "rubric_draft")
COUNTED_ALREADY = "rubric_draft"
RAISE = """CREATE FUNCTION raise_revision() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.revision := OLD.revision + 1;
        RETURN NEW;
    END $$"""
# of all institutions: nobody in particular asks for it, and nothing is told of what is deleted
FORGET = (
    "CREATE POLICY forgotten ON idempotency_key TO CURRENT_USER USING (true)",
    """CREATE FUNCTION forget_idempotency_keys(expired_before timestamptz) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
            DELETE FROM idempotency_key WHERE expires_at < expired_before;
        END""",
    "REVOKE ALL ON FUNCTION forget_idempotency_keys FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION forget_idempotency_keys TO {APPLICATION_ROLE}",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(RAISE)
    for table in CONTESTED:
        if table == COUNTED_ALREADY:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN revision SET DEFAULT 1")
        else:
            op.execute(f"ALTER TABLE {table} ADD COLUMN revision integer NOT NULL DEFAULT 1")
        op.execute(f"""CREATE TRIGGER raise_revision BEFORE UPDATE ON {table}
            FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION raise_revision()""")
    op.create_table(
        "idempotency_key",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True)),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("status", sa.SmallInteger()),
        sa.Column("headers", JSONB()),
        sa.Column("body", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_idempotency_key_institution_id"),
        sa.PrimaryKeyConstraint("institution_id", "subject", "key", name="pk_idempotency_key"),
    )
    op.create_index("ix_idempotency_key_institution_id_expires_at", "idempotency_key", ["institution_id", "expires_at"])
    # not audited: it keeps track of requests; what they change has entries of its own
    for statement in (*protect("idempotency_key", audited=False), *FORGET):
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION forget_idempotency_keys")
    op.drop_table("idempotency_key")
    for table in CONTESTED:
        op.execute(f"DROP TRIGGER raise_revision ON {table}")
        if table == COUNTED_ALREADY:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN revision DROP DEFAULT")
        else:
            op.execute(f"ALTER TABLE {table} DROP COLUMN revision")
    op.execute("DROP FUNCTION raise_revision")
