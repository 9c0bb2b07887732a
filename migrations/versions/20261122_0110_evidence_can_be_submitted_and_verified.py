"""Evidence can be submitted by talents, and verified by units and by HR."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from app.db.policies import APPLICATION_ROLE, protect

revision = "20261122_0110"
down_revision = "20261122_0100"
branch_labels = None
depends_on = None

TABLES = ("submission", "submission_document", "submission_decision")
EVIDENCE = (
    "performance_appraisal",
    "feedback_360",
    "award",
    "team_assignment",
    "competency_assessment",
    "potential_assessment",
    "assessment_score",
    "training",
    "position",
    "education",
    "disciplinary_sanction",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("talent_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("row_key", sa.Uuid(), nullable=False),
        sa.Column("corrects", sa.BigInteger(), nullable=True),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("submitted_by", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("evidence_id", sa.BigInteger(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_submission_institution_id"),
        sa.ForeignKeyConstraint(
            ["institution_id", "talent_id"],
            ["talent.institution_id", "talent.id"],
            name="fk_submission_institution_id_talent_id",
        ),
        sa.PrimaryKeyConstraint("institution_id", "id", name="pk_submission"),
    )
    op.create_index(
        "ix_submission_institution_id_submitted_at_id", "submission", ["institution_id", "submitted_at", "id"]
    )
    op.create_index(
        "uq_submission_open",
        "submission",
        ["institution_id", "talent_id", "kind", "row_key"],
        unique=True,
        postgresql_where=sa.text("state = 'submitted'"),
    )
    op.create_table(
        "submission_document",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        *_of_submission("submission_document"),
        sa.PrimaryKeyConstraint("institution_id", "submission_id", name="pk_submission_document"),
    )
    op.create_table(
        "submission_decision",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        *_of_submission("submission_decision"),
        sa.PrimaryKeyConstraint("institution_id", "submission_id", "ordinal", name="pk_submission_decision"),
    )
    for table in TABLES:
        for statement in protect(table):
            op.execute(statement)
    op.execute(f"REVOKE UPDATE, DELETE ON submission_decision FROM {APPLICATION_ROLE}")
    for table in EVIDENCE:
        _let_come_from_submissions(table)


def _of_submission(table: str) -> tuple[sa.Column[object] | sa.ForeignKeyConstraint, ...]:
    return (
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=f"fk_{table}_institution_id"),
        sa.ForeignKeyConstraint(
            ["institution_id", "submission_id"],
            ["submission.institution_id", "submission.id"],
            name=f"fk_{table}_institution_id_submission_id",
        ),
    )


def _let_come_from_submissions(table: str) -> None:
    """Rows that an old release writes keep coming from imports, which are verified by HR."""
    op.execute(f"""
        ALTER TABLE "{table}"
            ALTER COLUMN import_id DROP NOT NULL,
            ADD COLUMN submission_id uuid,
            ADD COLUMN rung text NOT NULL DEFAULT 'verifiedByHr',
            ADD COLUMN withdrawn_by_submission uuid,
            ADD CONSTRAINT "ck_{table}_one_origin" CHECK (num_nonnulls(import_id, submission_id) = 1)""")
    for column in ("submission_id", "withdrawn_by_submission"):
        op.create_foreign_key(
            f"fk_{table}_institution_id_{column}",
            table,
            "submission",
            ["institution_id", column],
            ["institution_id", "id"],
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in EVIDENCE:
        # what submissions brought goes with them: by the owner, whom neither policy nor ledger stands in the way
        op.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER note_change')
        op.execute(f'DELETE FROM "{table}" WHERE import_id IS NULL')
        op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY, ENABLE TRIGGER note_change')
        for column in ("submission_id", "withdrawn_by_submission"):
            op.drop_constraint(f"fk_{table}_institution_id_{column}", table)
        op.execute(f"""
            ALTER TABLE "{table}"
                DROP CONSTRAINT "ck_{table}_one_origin",
                DROP COLUMN withdrawn_by_submission,
                DROP COLUMN rung,
                DROP COLUMN submission_id,
                ALTER COLUMN import_id SET NOT NULL""")
    for table in reversed(TABLES):
        op.drop_table(table)
