"""What SIASN told of each person, row by row, without what is not to be kept."""

from __future__ import annotations

from alembic import op

from app.db.policies import protect

revision = "20261122_1305"
down_revision = "20261122_0757"
branch_labels = None
depends_on = None


TABLE = (
    """CREATE TABLE siasn_record (
        institution_id UUID NOT NULL,
        talent_id UUID NOT NULL,
        history TEXT NOT NULL,
        row_id TEXT NOT NULL,
        body JSONB NOT NULL,
        digest TEXT NOT NULL,
        fetched_at TIMESTAMP WITH TIME ZONE NOT NULL,
        withdrawn_at TIMESTAMP WITH TIME ZONE,
        kind TEXT,
        row_key UUID,
        CONSTRAINT pk_siasn_record PRIMARY KEY (institution_id, talent_id, history, row_id),
        CONSTRAINT fk_siasn_record_institution_id_talent_id
            FOREIGN KEY(institution_id, talent_id) REFERENCES talent (institution_id, id),
        CONSTRAINT ck_siasn_record_kind_and_row_key CHECK ((kind IS NULL) = (row_key IS NULL)),
        CONSTRAINT fk_siasn_record_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE INDEX ix_siasn_record_institution_id_talent_id_kind_row_key
        ON siasn_record (institution_id, talent_id, kind, row_key)""",
    *protect("siasn_record"),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in TABLE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TABLE siasn_record")
