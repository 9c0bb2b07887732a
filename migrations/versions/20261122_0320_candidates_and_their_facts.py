"""Candidates and their facts."""

from __future__ import annotations

from alembic import op

from app.db.policies import protect

revision = "20261122_0320"
down_revision = "20261122_0310"
branch_labels = None
depends_on = None

TABLES = ("candidate",)
CREATE = (
    """CREATE TABLE candidate (
        institution_id UUID NOT NULL,
        talent_id UUID NOT NULL,
        id UUID DEFAULT gen_random_uuid() NOT NULL,
        as_of DATE NOT NULL,
        employment TEXT,
        level TEXT,
        level_since DATE,
        post_since DATE,
        closed_days INTEGER[],
        history_from DATE,
        service_from DATE,
        job_family TEXT,
        government_affair TEXT,
        affair_days JSONB,
        affair_since DATE,
        unplaced_days INTEGER,
        education_rank SMALLINT,
        grade SMALLINT,
        born_on DATE,
        appraised_to SMALLINT,
        appraisals SMALLINT[] NOT NULL,
        competencies SMALLINT[],
        assessed_on DATE,
        are_sanctions_known BOOLEAN NOT NULL,
        sanctioned_until DATE,
        sanctioned_on DATE[] NOT NULL,
        leadership SMALLINT,
        training_hours INTEGER,
        box SMALLINT,
        performance BIGINT,
        potential BIGINT,
        talent_value BIGINT,
        missing TEXT[] NOT NULL,
        CONSTRAINT pk_candidate PRIMARY KEY (institution_id, talent_id),
        CONSTRAINT uq_candidate_id UNIQUE (id),
        CONSTRAINT fk_candidate_institution_id_talent_id
            FOREIGN KEY(institution_id, talent_id) REFERENCES talent (institution_id, id),
        CONSTRAINT fk_candidate_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in CREATE:
        op.execute(statement)
    for table in TABLES:
        for statement in protect(table):
            op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
