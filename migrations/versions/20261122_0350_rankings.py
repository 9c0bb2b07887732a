"""Rankings."""

from __future__ import annotations

from alembic import op

from app.db.policies import protect

revision = "20261122_0350"
down_revision = "20261122_0340"
branch_labels = None
depends_on = None

TABLES = ("ranking", "ranking_candidate", "ranking_recomputation", "candidate_verification", "technical_score")
CREATE = (
    """CREATE TABLE ranking (
        institution_id UUID NOT NULL,
        id UUID NOT NULL,
        vacancy_id UUID NOT NULL,
        made_at TIMESTAMP WITH TIME ZONE NOT NULL,
        subject TEXT NOT NULL,
        role TEXT NOT NULL,
        rule_set_code TEXT NOT NULL,
        rule_set_version INTEGER NOT NULL,
        as_of DATE NOT NULL,
        target JSONB NOT NULL,
        criteria TEXT[] NOT NULL,
        requirements TEXT[] NOT NULL,
        considered INTEGER NOT NULL,
        eligible INTEGER NOT NULL,
        to_verify INTEGER NOT NULL,
        ineligible INTEGER NOT NULL,
        holders INTEGER NOT NULL,
        findings JSONB NOT NULL,
        digest TEXT NOT NULL,
        CONSTRAINT pk_ranking PRIMARY KEY (institution_id, id),
        CONSTRAINT fk_ranking_institution_id_vacancy_id
            FOREIGN KEY(institution_id, vacancy_id) REFERENCES vacancy (institution_id, id),
        CONSTRAINT fk_ranking_rule_set_code_rule_set_version
            FOREIGN KEY(rule_set_code, rule_set_version) REFERENCES rule_set (code, version),
        CONSTRAINT fk_ranking_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    "CREATE INDEX ix_ranking_institution_id_vacancy_id_made_at ON ranking (institution_id, vacancy_id, made_at)",
    """CREATE TABLE ranking_candidate (
        institution_id UUID NOT NULL,
        ranking_id UUID NOT NULL,
        candidate_id UUID NOT NULL,
        id UUID DEFAULT gen_random_uuid() NOT NULL,
        ordinal INTEGER NOT NULL,
        talent_id UUID NOT NULL,
        outcome TEXT NOT NULL,
        verdicts BOOLEAN[] NOT NULL,
        parts BIGINT[] NOT NULL,
        total BIGINT,
        lowest BIGINT NOT NULL,
        highest BIGINT NOT NULL,
        tie_break TEXT,
        position INTEGER,
        facts JSONB NOT NULL,
        lacking TEXT[] NOT NULL,
        digest BYTEA NOT NULL,
        CONSTRAINT pk_ranking_candidate PRIMARY KEY (institution_id, ranking_id, candidate_id),
        CONSTRAINT uq_ranking_candidate_id UNIQUE (id),
        CONSTRAINT uq_ranking_candidate_institution_id_ranking_id_ordinal
            UNIQUE (institution_id, ranking_id, ordinal),
        CONSTRAINT fk_ranking_candidate_institution_id_ranking_id
            FOREIGN KEY(institution_id, ranking_id) REFERENCES ranking (institution_id, id),
        CONSTRAINT fk_ranking_candidate_institution_id_talent_id
            FOREIGN KEY(institution_id, talent_id) REFERENCES talent (institution_id, id),
        CONSTRAINT ck_ranking_candidate_outcome
            CHECK (outcome IN ('eligible', 'needsVerification', 'ineligible')),
        CONSTRAINT fk_ranking_candidate_institution_id
            FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    "CREATE INDEX ix_ranking_candidate_institution_id_talent_id ON ranking_candidate (institution_id, talent_id)",
    """CREATE TABLE ranking_recomputation (
        institution_id UUID NOT NULL,
        id UUID NOT NULL,
        ranking_id UUID NOT NULL,
        made_at TIMESTAMP WITH TIME ZONE NOT NULL,
        subject TEXT NOT NULL,
        role TEXT NOT NULL,
        digest TEXT NOT NULL,
        people INTEGER NOT NULL,
        differences JSONB NOT NULL,
        CONSTRAINT pk_ranking_recomputation PRIMARY KEY (institution_id, id),
        CONSTRAINT fk_ranking_recomputation_institution_id_ranking_id
            FOREIGN KEY(institution_id, ranking_id) REFERENCES ranking (institution_id, id),
        CONSTRAINT fk_ranking_recomputation_institution_id
            FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE INDEX ix_ranking_recomputation_institution_id_ranking_id_made_at
        ON ranking_recomputation (institution_id, ranking_id, made_at)""",
    """CREATE TABLE candidate_verification (
        institution_id UUID NOT NULL,
        id UUID DEFAULT gen_random_uuid() NOT NULL,
        vacancy_id UUID NOT NULL,
        talent_id UUID NOT NULL,
        requirement TEXT NOT NULL,
        is_met BOOLEAN NOT NULL,
        document_seen TEXT NOT NULL,
        verified_at TIMESTAMP WITH TIME ZONE NOT NULL,
        subject TEXT NOT NULL,
        role TEXT NOT NULL,
        CONSTRAINT pk_candidate_verification PRIMARY KEY (institution_id, vacancy_id, talent_id, requirement),
        CONSTRAINT uq_candidate_verification_id UNIQUE (id),
        CONSTRAINT fk_candidate_verification_institution_id_vacancy_id
            FOREIGN KEY(institution_id, vacancy_id) REFERENCES vacancy (institution_id, id),
        CONSTRAINT fk_candidate_verification_institution_id_talent_id
            FOREIGN KEY(institution_id, talent_id) REFERENCES talent (institution_id, id),
        CONSTRAINT fk_candidate_verification_institution_id
            FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE TABLE technical_score (
        institution_id UUID NOT NULL,
        id UUID DEFAULT gen_random_uuid() NOT NULL,
        vacancy_id UUID NOT NULL,
        talent_id UUID NOT NULL,
        score INTEGER NOT NULL,
        source TEXT NOT NULL,
        given_at TIMESTAMP WITH TIME ZONE NOT NULL,
        subject TEXT NOT NULL,
        role TEXT NOT NULL,
        CONSTRAINT pk_technical_score PRIMARY KEY (institution_id, vacancy_id, talent_id),
        CONSTRAINT uq_technical_score_id UNIQUE (id),
        CONSTRAINT fk_technical_score_institution_id_vacancy_id
            FOREIGN KEY(institution_id, vacancy_id) REFERENCES vacancy (institution_id, id),
        CONSTRAINT fk_technical_score_institution_id_talent_id
            FOREIGN KEY(institution_id, talent_id) REFERENCES talent (institution_id, id),
        CONSTRAINT ck_technical_score_score CHECK (score BETWEEN 0 AND 100000000),
        CONSTRAINT fk_technical_score_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
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
