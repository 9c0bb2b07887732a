"""Integration clients and their secrets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from app.db.policies import APPLICATION_ROLE, protect

revision = "20261122_0220"
down_revision = "20261122_0210"
branch_labels = None
depends_on = None

# Which institution a client belongs to is not known before it has proven who it is. The function tells what that
# needs and nothing else: of one client, by its whole id, the live secrets' hashes.
CREDENTIALS = """CREATE FUNCTION client_credentials(wanted text, moment timestamptz) RETURNS json
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    BEGIN ATOMIC
        SELECT json_build_object(
            'institution', c.institution_id,
            'scopes', c.scopes,
            'hashes', (
                SELECT coalesce(json_agg(encode(s.hash, 'hex') ORDER BY s.created_at DESC), '[]')
                FROM client_secret s
                WHERE s.institution_id = c.institution_id AND s.client_id = c.client_id
                    AND (s.expires_at IS NULL OR s.expires_at > moment)))
        FROM client c WHERE c.client_id = wanted AND c.revoked_at IS NULL;
    END"""
# Whose people a client may ask for besides its own; null for whoever is no client. Who a client is, its reach says.
ALLOWED = """CREATE FUNCTION allowed_institutions() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    BEGIN ATOMIC
        SELECT CASE WHEN current_reach() LIKE 'client:%' THEN coalesce((
            SELECT c.institutions FROM client c
            WHERE c.institution_id = current_institution() AND c.client_id = substr(current_reach(), 8)
                AND c.revoked_at IS NULL), ARRAY[]::uuid[]) END;
    END"""
FUNCTIONS = ("client_credentials", "allowed_institutions")
TABLES = ("client", "client_secret")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _create_client()
    _create_secret()
    for table in TABLES:
        for statement in protect(table):
            op.execute(statement)
        op.execute(f"CREATE POLICY credentials ON {table} FOR SELECT TO CURRENT_USER USING (true)")
    op.execute(CREDENTIALS)
    op.execute(ALLOWED)
    for function in FUNCTIONS:
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {APPLICATION_ROLE}")


def _create_client() -> None:
    op.create_table(
        "client",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", ARRAY(sa.Text()), nullable=False),
        sa.Column("institutions", ARRAY(sa.Uuid()), nullable=False),
        sa.Column("data_sharing_agreement", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_client_institution_id"),
        sa.PrimaryKeyConstraint("institution_id", "client_id", name="pk_client"),
        sa.UniqueConstraint("client_id", name="uq_client_client_id"),
    )
    op.create_index(
        "ix_client_institution_id_name_client_id", "client", ["institution_id", "name", "client_id"]
    )


def _create_secret() -> None:
    op.create_table(
        "client_secret",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_client_secret_institution_id"),
        sa.ForeignKeyConstraint(
            ["institution_id", "client_id"],
            ["client.institution_id", "client.client_id"],
            name="fk_client_secret_institution_id_client_id",
        ),
        sa.PrimaryKeyConstraint("institution_id", "id", name="pk_client_secret"),
    )
    op.create_index(
        "ix_client_secret_institution_id_client_id_created_at",
        "client_secret",
        ["institution_id", "client_id", "created_at"],
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    for table in reversed(TABLES):
        op.drop_table(table)
