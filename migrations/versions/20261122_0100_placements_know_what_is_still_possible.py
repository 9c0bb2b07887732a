"""Placements know what is still possible, which evidence decides, and how well founded they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.db.policies import APPLICATION_ROLE, protect

revision = "20261122_0100"
down_revision = "20261121_1900"
branch_labels = None
depends_on = None


# People who lack the same things are counted together. A set that contains a deciding set decides as well.
NEXT_EVIDENCE = """CREATE FUNCTION next_evidence(of_institution uuid, of_unit text)
    RETURNS TABLE (items text[], decides bigint, may_decide bigint) LANGUAGE sql STABLE
    BEGIN ATOMIC
        WITH alike AS MATERIALIZED (
            SELECT p.decides AS surely, p.may_decide AS possibly, count(*) AS people
            FROM placement p JOIN talent t ON t.institution_id = p.institution_id AND t.id = p.talent_id
            WHERE p.institution_id = of_institution AND p.decided_box IS NULL
            AND (of_unit IS NULL OR t.unit_id = of_unit)
            GROUP BY p.decides, p.may_decide
        ),
        wanted AS (
            SELECT DISTINCT string_to_array(listed.items, '+') AS items
            FROM alike, unnest(alike.surely || alike.possibly) AS listed (items)
        )
        SELECT wanted.items,
            coalesce(sum(alike.people) FILTER (WHERE EXISTS (
                SELECT FROM unnest(alike.surely) AS smallest (items)
                WHERE string_to_array(smallest.items, '+') <@ wanted.items)), 0)::bigint,
            coalesce(sum(alike.people) FILTER (WHERE EXISTS (
                SELECT FROM unnest(alike.possibly) AS smallest (items)
                WHERE string_to_array(smallest.items, '+') <@ wanted.items)), 0)::bigint
        FROM wanted CROSS JOIN alike
        GROUP BY wanted.items;
    END"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # a placement made before says that anything is still possible, until the next calculation makes it anew
    for column, definition in COLUMNS.items():
        op.execute(f"ALTER TABLE placement ADD COLUMN {column} {definition}")
    op.create_table(
        "assessment_score",
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("value", sa.Numeric(precision=9, scale=6), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("talent_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row_key", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id", "import_id"],
            ["import.institution_id", "import.id"],
            name="fk_assessment_score_institution_id_import_id",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "talent_id"],
            ["talent.institution_id", "talent.id"],
            name="fk_assessment_score_institution_id_talent_id",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_assessment_score_institution_id"),
        sa.ForeignKeyConstraint(
            ["institution_id", "withdrawn_by"],
            ["import.institution_id", "import.id"],
            name="fk_assessment_score_institution_id_withdrawn_by",
        ),
        sa.PrimaryKeyConstraint("institution_id", "talent_id", "id", name="pk_assessment_score"),
        sa.UniqueConstraint(
            "institution_id", "talent_id", "row_key", name="uq_assessment_score_institution_id_talent_id_row_key"
        ),
    )
    for statement in protect("assessment_score"):
        op.execute(statement)
    op.execute("ALTER TABLE rubric_leaf ADD COLUMN variant smallint NOT NULL DEFAULT 0")
    op.drop_constraint("pk_rubric_leaf", "rubric_leaf")
    op.create_primary_key("pk_rubric_leaf", "rubric_leaf", ["rubric_code", "rubric_version", "variant", "ordinal"])
    op.execute(NEXT_EVIDENCE)
    op.execute("REVOKE ALL ON FUNCTION next_evidence FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION next_evidence TO {APPLICATION_ROLE}")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION next_evidence")
    op.drop_table("assessment_score")
    op.execute("DELETE FROM rubric_leaf WHERE variant > 0")
    op.drop_constraint("pk_rubric_leaf", "rubric_leaf")
    op.create_primary_key("pk_rubric_leaf", "rubric_leaf", ["rubric_code", "rubric_version", "ordinal"])
    op.drop_column("rubric_leaf", "variant")
    for column in reversed(COLUMNS):
        op.drop_column("placement", column)


COLUMNS = {
    "variant": "smallint NOT NULL DEFAULT 0",
    "performance_lowest": "bigint NOT NULL DEFAULT 0",
    "performance_highest": "bigint NOT NULL DEFAULT 100000000",
    "potential_lowest": "bigint NOT NULL DEFAULT 0",
    "potential_highest": "bigint NOT NULL DEFAULT 100000000",
    "reachable": "smallint[] NOT NULL DEFAULT '{1,2,3,4,5,6,7,8,9}'",
    "decided_box": "smallint",
    "decides": "text[] NOT NULL DEFAULT '{}'",
    "may_decide": "text[] NOT NULL DEFAULT '{}'",
    "lowest_rung": "text",
    "oldest_evidence": "date",
}
