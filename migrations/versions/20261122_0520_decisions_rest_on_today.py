"""Decisions: what is looked at again before each of them."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

from app.db.policies import APPLICATION_ROLE, protect

revision = "20261122_0520"
down_revision = "20261122_0510"
branch_labels = None
depends_on = None

TABLES = ("passed_over_group", "decision_check")
CREATE = (
    """CREATE TABLE passed_over_group (
        institution_id UUID NOT NULL,
        vacancy_id UUID NOT NULL,
        who TEXT NOT NULL,
        people INTEGER NOT NULL,
        reason_code TEXT NOT NULL,
        reason TEXT,
        CONSTRAINT pk_passed_over_group PRIMARY KEY (institution_id, vacancy_id, who),
        CONSTRAINT fk_passed_over_group_institution_id_vacancy_id
            FOREIGN KEY(institution_id, vacancy_id) REFERENCES shortlist (institution_id, vacancy_id),
        CONSTRAINT ck_passed_over_group_who CHECK (who IN ('toVerify', 'unknownPoints')),
        CONSTRAINT ck_passed_over_group_people CHECK (people > 0),
        CONSTRAINT fk_passed_over_group_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE TABLE decision_check (
        institution_id UUID NOT NULL,
        vacancy_id UUID NOT NULL,
        state TEXT NOT NULL,
        talent_id UUID NOT NULL,
        candidate_id UUID NOT NULL,
        checked_at TIMESTAMP WITH TIME ZONE NOT NULL,
        day DATE NOT NULL,
        as_of DATE NOT NULL,
        facts JSONB NOT NULL,
        findings JSONB NOT NULL,
        digest TEXT NOT NULL,
        CONSTRAINT pk_decision_check PRIMARY KEY (institution_id, vacancy_id, state, talent_id),
        CONSTRAINT fk_decision_check_institution_id_vacancy_id
            FOREIGN KEY(institution_id, vacancy_id) REFERENCES vacancy (institution_id, id),
        CONSTRAINT fk_decision_check_institution_id_talent_id
            FOREIGN KEY(institution_id, talent_id) REFERENCES talent (institution_id, id),
        CONSTRAINT ck_decision_check_state CHECK (state IN ('shortlisted', 'decided', 'decreed', 'effective')),
        CONSTRAINT fk_decision_check_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
)
ONE_CHOICE = """CREATE UNIQUE INDEX ix_vacancy_institution_id_talent_id ON vacancy (institution_id, talent_id)
    WHERE state IN ('decided', 'recommended', 'decreed')"""
CHOSEN_TWICE = """SELECT string_agg(id::text, ', ' ORDER BY id) FROM (
        SELECT id, count(*) OVER (PARTITION BY institution_id, talent_id) AS times FROM vacancy
        WHERE state IN ('decided', 'recommended', 'decreed') AND talent_id IS NOT NULL) chosen
    WHERE times > 1"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in CREATE:
        op.execute(statement)
    for table in TABLES:
        for statement in protect(table):
            op.execute(statement)
    op.execute(f"REVOKE UPDATE, DELETE ON decision_check FROM {APPLICATION_ROLE}")
    op.execute("ALTER TABLE vacancy ADD COLUMN cancellation_code TEXT")
    _must_choose_once()
    op.execute(ONE_CHOICE)


def _must_choose_once() -> None:
    op.execute("ALTER TABLE vacancy NO FORCE ROW LEVEL SECURITY")
    vacancies = op.get_bind().scalar(text(CHOSEN_TWICE))
    op.execute("ALTER TABLE vacancy FORCE ROW LEVEL SECURITY")
    if vacancies is not None:
        raise RuntimeError(
            f"these vacancies have chosen a person whom another has chosen too: {vacancies}; "
            "cancel one of them, then migrate again"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP INDEX ix_vacancy_institution_id_talent_id")
    op.execute("ALTER TABLE vacancy DROP COLUMN cancellation_code")
    for table in reversed(TABLES):
        op.drop_table(table)
