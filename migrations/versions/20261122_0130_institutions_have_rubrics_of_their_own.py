"""Institutions have rubrics of their own: drafts they edit, and versions they publish and activate."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from app.db.policies import APPLICATION_ROLE, protect

revision = "20261122_0130"
down_revision = "20261122_0120"
branch_labels = None
depends_on = None

# Shipped rubrics are everybody's. What an institution has published is its own, and nobody changes it any more: the
# application has no right to write these tables, and the function only ever adds the rows of a draft.
SHIPPED_OR_OWN = "institution_id IS NULL OR institution_id = (SELECT current_institution())"
PUBLISH = """CREATE FUNCTION publish_rubric(draft_code text, draft_version integer, leaves jsonb) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    BEGIN ATOMIC
        WITH published AS (
            INSERT INTO rubric (code, version, institution_id, title_id, title_en, document)
            SELECT d.code, d.version, d.institution_id, d.title_id, d.title_en, d.document FROM rubric_draft d
            WHERE d.institution_id = current_institution() AND d.code = draft_code AND d.version = draft_version
            RETURNING code, version
        ),
        named AS (
            INSERT INTO rubric_leaf (rubric_code, rubric_version, variant, ordinal, axis, component, indicator, leaf,
                label_id, label_en, weight, item, kind)
            SELECT p.code, p.version, l.variant, l.ordinal, l.axis, l.component, l.indicator, l.leaf,
                l.label_id, l.label_en, l.weight, l.item, l.kind
            FROM published p CROSS JOIN jsonb_to_recordset(leaves) AS l (
                variant smallint, ordinal smallint, axis text, component text, indicator text, leaf text,
                label_id text, label_en text, weight numeric(9, 6), item text, kind text)
        )
        SELECT count(*) FROM published;
    END"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("rubric", sa.Column("institution_id", sa.Uuid(), nullable=True))
    op.create_foreign_key("fk_rubric_institution_id", "rubric", "institution", ["institution_id"], ["id"])
    # after a downgrade the code alone says whose a rubric is
    op.execute("UPDATE rubric SET institution_id = i.id FROM institution i WHERE code LIKE '%@' || left(i.id::text, 8)")
    op.create_check_constraint(op.f("ck_rubric_own_code"), "rubric", "(institution_id IS NULL) = (code NOT LIKE '%@%')")
    op.execute("ALTER TABLE rubric ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE rubric FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY shipped_or_own ON rubric USING ({SHIPPED_OR_OWN}) WITH CHECK ({SHIPPED_OR_OWN})")
    op.add_column("institution", sa.Column("active_rubric_code", sa.Text(), nullable=True))
    op.add_column("institution", sa.Column("active_rubric_version", sa.Integer(), nullable=True))
    op.create_foreign_key(
        "fk_institution_active_rubric_code_active_rubric_version",
        "institution",
        "rubric",
        ["active_rubric_code", "active_rubric_version"],
        ["code", "version"],
    )
    _create_draft()
    op.execute(PUBLISH)
    op.execute("REVOKE ALL ON FUNCTION publish_rubric FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION publish_rubric TO {APPLICATION_ROLE}")


def _create_draft() -> None:
    op.create_table(
        "rubric_draft",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("title_id", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("document", JSONB(), nullable=False),
        sa.Column("copied_from_code", sa.Text(), nullable=False),
        sa.Column("copied_from_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_rubric_draft_institution_id"),
        sa.PrimaryKeyConstraint("institution_id", "code", "version", name="pk_rubric_draft"),
    )
    op.create_check_constraint(
        op.f("ck_rubric_draft_own_code"), "rubric_draft", "code LIKE '%@' || left(institution_id::text, 8)"
    )
    for statement in protect("rubric_draft"):
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION publish_rubric")
    op.drop_table("rubric_draft")
    op.drop_constraint("fk_institution_active_rubric_code_active_rubric_version", "institution")
    op.drop_column("institution", "active_rubric_version")
    op.drop_column("institution", "active_rubric_code")
    op.execute("DROP POLICY shipped_or_own ON rubric")
    op.execute("ALTER TABLE rubric NO FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE rubric DISABLE ROW LEVEL SECURITY")
    op.drop_constraint(op.f("ck_rubric_own_code"), "rubric")
    op.drop_constraint("fk_rubric_institution_id", "rubric")
    op.drop_column("rubric", "institution_id")
