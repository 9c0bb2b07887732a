"""The connection of an institution to SIASN, its secrets sealed."""

from __future__ import annotations

from alembic import op

from app.db.policies import protect

revision = "20261122_1310"
down_revision = "20261122_1305"
branch_labels = None
depends_on = None


TABLES = (
    """CREATE TABLE siasn_connection (
        institution_id UUID NOT NULL,
        api_base TEXT NOT NULL,
        reference_base TEXT,
        application_token_url TEXT,
        sso_token_url TEXT,
        consumer_key TEXT,
        consumer_secret BYTEA,
        sso_client_id TEXT,
        sso_username TEXT,
        sso_password BYTEA,
        sso_token BYTEA,
        sso_token_lapses_at TIMESTAMP WITH TIME ZONE,
        sso_token_replaced_at TIMESTAMP WITH TIME ZONE,
        sso_token_replaced_by TEXT,
        headers JSONB NOT NULL,
        secret_headers BYTEA,
        secret_header_names TEXT[] NOT NULL,
        use_application_token BOOLEAN NOT NULL,
        use_sso_token BOOLEAN NOT NULL,
        gap_seconds DOUBLE PRECISION NOT NULL,
        concurrency SMALLINT NOT NULL,
        timeout_seconds DOUBLE PRECISION NOT NULL,
        token_timeout_seconds DOUBLE PRECISION NOT NULL,
        max_age_hours INTEGER NOT NULL,
        sync_every_hours SMALLINT,
        histories TEXT[] NOT NULL,
        pushes_placements BOOLEAN NOT NULL,
        edited_at TIMESTAMP WITH TIME ZONE NOT NULL,
        edited_by TEXT NOT NULL,
        revision INTEGER DEFAULT 1 NOT NULL,
        CONSTRAINT pk_siasn_connection PRIMARY KEY (institution_id),
        CONSTRAINT ck_siasn_connection_gap_seconds CHECK (gap_seconds >= 0),
        CONSTRAINT ck_siasn_connection_concurrency CHECK (concurrency BETWEEN 1 AND 16),
        CONSTRAINT ck_siasn_connection_sync_every_hours CHECK (sync_every_hours BETWEEN 1 AND 168),
        CONSTRAINT fk_siasn_connection_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE TRIGGER raise_revision BEFORE UPDATE ON siasn_connection
        FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION raise_revision()""",
    *protect("siasn_connection"),
    """CREATE TABLE siasn_trial (
        institution_id UUID NOT NULL,
        tried_at TIMESTAMP WITH TIME ZONE NOT NULL,
        tried_by TEXT NOT NULL,
        succeeded BOOLEAN NOT NULL,
        steps JSONB NOT NULL,
        CONSTRAINT pk_siasn_trial PRIMARY KEY (institution_id),
        CONSTRAINT fk_siasn_trial_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    *protect("siasn_trial"),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TABLE siasn_trial, siasn_connection")
