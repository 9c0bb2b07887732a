"""Shortlists and decisions."""

from __future__ import annotations

from alembic import op

from app.db.policies import protect

revision = "20261122_0400"
down_revision = "20261122_0350"
branch_labels = None
depends_on = None

TABLES = ("shortlist", "shortlist_entry", "vacancy_decision")
CREATE = (
    """CREATE TABLE shortlist (
        institution_id UUID NOT NULL,
        vacancy_id UUID NOT NULL,
        ranking_id UUID NOT NULL,
        proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        subject TEXT NOT NULL,
        role TEXT NOT NULL,
        comment TEXT,
        CONSTRAINT pk_shortlist PRIMARY KEY (institution_id, vacancy_id),
        CONSTRAINT fk_shortlist_institution_id_vacancy_id
            FOREIGN KEY(institution_id, vacancy_id) REFERENCES vacancy (institution_id, id),
        CONSTRAINT fk_shortlist_institution_id_ranking_id
            FOREIGN KEY(institution_id, ranking_id) REFERENCES ranking (institution_id, id),
        CONSTRAINT fk_shortlist_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE TABLE shortlist_entry (
        institution_id UUID NOT NULL,
        vacancy_id UUID NOT NULL,
        candidate_id UUID NOT NULL,
        talent_id UUID NOT NULL,
        position INTEGER,
        place SMALLINT,
        reason_code TEXT,
        reason TEXT,
        CONSTRAINT pk_shortlist_entry PRIMARY KEY (institution_id, vacancy_id, candidate_id),
        CONSTRAINT fk_shortlist_entry_institution_id_vacancy_id
            FOREIGN KEY(institution_id, vacancy_id) REFERENCES shortlist (institution_id, vacancy_id),
        CONSTRAINT fk_shortlist_entry_institution_id_talent_id
            FOREIGN KEY(institution_id, talent_id) REFERENCES talent (institution_id, id),
        CONSTRAINT uq_shortlist_entry_institution_id_vacancy_id_place UNIQUE (institution_id, vacancy_id, place),
        CONSTRAINT ck_shortlist_entry_place_or_reason CHECK ((place IS NULL) = (reason_code IS NOT NULL)),
        CONSTRAINT fk_shortlist_entry_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE TABLE vacancy_decision (
        institution_id UUID NOT NULL,
        vacancy_id UUID NOT NULL,
        talent_id UUID NOT NULL,
        place SMALLINT NOT NULL,
        reason_code TEXT,
        reason TEXT,
        decided_by TEXT NOT NULL,
        decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
        subject TEXT NOT NULL,
        role TEXT NOT NULL,
        CONSTRAINT pk_vacancy_decision PRIMARY KEY (institution_id, vacancy_id),
        CONSTRAINT fk_vacancy_decision_institution_id_vacancy_id
            FOREIGN KEY(institution_id, vacancy_id) REFERENCES shortlist (institution_id, vacancy_id),
        CONSTRAINT fk_vacancy_decision_institution_id_talent_id
            FOREIGN KEY(institution_id, talent_id) REFERENCES talent (institution_id, id),
        CONSTRAINT ck_vacancy_decision_reason CHECK (place = 1 OR reason_code IS NOT NULL),
        CONSTRAINT ck_vacancy_decision_decided_by CHECK (decided_by IN ('appointingAuthority', 'president')),
        CONSTRAINT fk_vacancy_decision_institution_id
            FOREIGN KEY(institution_id) REFERENCES institution (id)
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
