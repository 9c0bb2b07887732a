"""The id of a candidate follows from the seed of the vacancy and needs no row of its own."""

from __future__ import annotations

from alembic import op

from app.db.policies import APPLICATION_ROLE, protect

revision = "20261123_0239"
down_revision = "20261122_2335"
branch_labels = None
depends_on = None

CREATE = """CREATE TABLE vacancy_candidate (
        institution_id UUID NOT NULL,
        vacancy_id UUID NOT NULL,
        talent_id UUID NOT NULL,
        id UUID DEFAULT gen_random_uuid() NOT NULL,
        CONSTRAINT pk_vacancy_candidate PRIMARY KEY (institution_id, vacancy_id, talent_id),
        CONSTRAINT uq_vacancy_candidate_institution_id_vacancy_id_id UNIQUE (institution_id, vacancy_id, id),
        CONSTRAINT fk_vacancy_candidate_institution_id_vacancy_id
            FOREIGN KEY(institution_id, vacancy_id) REFERENCES vacancy (institution_id, id),
        CONSTRAINT fk_vacancy_candidate_institution_id_talent_id
            FOREIGN KEY(institution_id, talent_id) REFERENCES talent (institution_id, id)
    )"""
FILL = """INSERT INTO vacancy_candidate (institution_id, vacancy_id, talent_id, id)
    SELECT DISTINCT ON (c.institution_id, r.vacancy_id, c.talent_id)
           c.institution_id, r.vacancy_id, c.talent_id, c.candidate_id
    FROM ranking_candidate c JOIN ranking r ON (r.institution_id, r.id) = (c.institution_id, c.ranking_id)
    ORDER BY c.institution_id, r.vacancy_id, c.talent_id, r.made_at DESC, r.id DESC"""
READ = ("ranking", "ranking_candidate")
"""Tables that are read for all institutions at once."""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # everybody in it is in a ranking of the vacancy; who was ranked before keeps the id there, and is found by it
    op.drop_table("vacancy_candidate")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(CREATE)
    _force("NO FORCE")
    op.execute(FILL)
    _force("FORCE")
    for statement in protect("vacancy_candidate"):
        op.execute(statement)
    op.execute(f"REVOKE UPDATE, DELETE ON vacancy_candidate FROM {APPLICATION_ROLE}")


def _force(how: str) -> None:
    for table in READ:
        op.execute(f'ALTER TABLE "{table}" {how} ROW LEVEL SECURITY')
