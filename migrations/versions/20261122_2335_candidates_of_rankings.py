"""What a ranking found about somebody has no id of its own; its key to the talent is the only one to the institution."""

from __future__ import annotations

from alembic import op

revision = "20261122_2335"
down_revision = "20261122_1745"
branch_labels = None
depends_on = None

TABLES = ("ranking_candidate", "vacancy_candidate")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE ranking_candidate DROP COLUMN id")
    for table in TABLES:
        op.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT fk_{table}_institution_id')


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in TABLES:
        op.execute(
            f'ALTER TABLE "{table}" ADD CONSTRAINT fk_{table}_institution_id'
            " FOREIGN KEY(institution_id) REFERENCES institution (id)"
        )
    op.execute("ALTER TABLE ranking_candidate ADD COLUMN id UUID DEFAULT gen_random_uuid() NOT NULL")
    op.execute("ALTER TABLE ranking_candidate ADD CONSTRAINT uq_ranking_candidate_id UNIQUE (id)")
