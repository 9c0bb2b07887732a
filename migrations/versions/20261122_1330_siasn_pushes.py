"""Placements handed to SIASN, with its receipts."""

from __future__ import annotations

from alembic import op

from app.db.policies import protect

revision = "20261122_1330"
down_revision = "20261122_1325"
branch_labels = None
depends_on = None


TABLES = (
    """CREATE TABLE siasn_push (
        institution_id UUID NOT NULL,
        id UUID NOT NULL,
        cycle_id UUID NOT NULL,
        state TEXT NOT NULL,
        repeats_unknown BOOLEAN NOT NULL,
        subject TEXT NOT NULL,
        queued_at TIMESTAMP WITH TIME ZONE NOT NULL,
        started_at TIMESTAMP WITH TIME ZONE,
        heartbeat_at TIMESTAMP WITH TIME ZONE NOT NULL,
        finished_at TIMESTAMP WITH TIME ZONE,
        error JSONB,
        CONSTRAINT pk_siasn_push PRIMARY KEY (institution_id, id),
        CONSTRAINT uq_siasn_push_institution_id_id_cycle_id UNIQUE (institution_id, id, cycle_id),
        CONSTRAINT fk_siasn_push_institution_id_cycle_id
            FOREIGN KEY(institution_id, cycle_id) REFERENCES cycle (institution_id, id),
        CONSTRAINT fk_siasn_push_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE UNIQUE INDEX ix_siasn_push_institution_id_cycle_id ON siasn_push (institution_id, cycle_id)
        WHERE state IN ('queued', 'running')""",
    "CREATE INDEX ix_siasn_push_institution_id_queued_at_id ON siasn_push (institution_id, queued_at, id)",
    *protect("siasn_push", audited=False),
    """CREATE TABLE siasn_receipt (
        institution_id UUID NOT NULL,
        push_id UUID NOT NULL,
        talent_id UUID NOT NULL,
        id UUID DEFAULT gen_random_uuid() NOT NULL,
        cycle_id UUID NOT NULL,
        outcome TEXT NOT NULL,
        code TEXT,
        box SMALLINT NOT NULL,
        x TEXT,
        y TEXT,
        total TEXT,
        siasn_id TEXT,
        message TEXT,
        sent_at TIMESTAMP WITH TIME ZONE,
        answered_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_siasn_receipt PRIMARY KEY (institution_id, push_id, talent_id),
        CONSTRAINT uq_siasn_receipt_institution_id_id UNIQUE (institution_id, id),
        CONSTRAINT fk_siasn_receipt_institution_id_push_id_cycle_id
            FOREIGN KEY(institution_id, push_id, cycle_id) REFERENCES siasn_push (institution_id, id, cycle_id),
        CONSTRAINT fk_siasn_receipt_institution_id_talent_id
            FOREIGN KEY(institution_id, talent_id) REFERENCES talent (institution_id, id),
        CONSTRAINT ck_siasn_receipt_box CHECK (box BETWEEN 1 AND 9),
        CONSTRAINT fk_siasn_receipt_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE UNIQUE INDEX ix_siasn_receipt_institution_id_cycle_id_talent_id
        ON siasn_receipt (institution_id, cycle_id, talent_id) WHERE outcome IN ('sending', 'accepted')""",
    "CREATE INDEX ix_siasn_receipt_institution_id_talent_id ON siasn_receipt (institution_id, talent_id)",
    *protect("siasn_receipt", audited=False),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TABLE siasn_receipt, siasn_push")
