"""Index values, references to regulations and committees, which axis is X, and parts of imported maps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.db.policies import APPLICATION_ROLE, protect

revision = "20261122_0150"
down_revision = "20261122_0140"
branch_labels = None
depends_on = None

# A map from elsewhere tells the points of indicators, not of their leaves. A rubric's tree of indicators stands beside
# its tree of leaves, as variant -1 - n, as soon as the first such map is imported.
INDICATORS = (
    """CREATE FUNCTION rubric_indicators(of_code text, of_version integer) RETURNS TABLE (
            variant smallint, ordinal smallint, axis text, component text, indicator text, label_id text, label_en text,
            weight numeric, leaves smallint[], items text[]
        ) LANGUAGE sql STABLE
        BEGIN ATOMIC
            SELECT l.variant, row_number() OVER (PARTITION BY l.variant ORDER BY min(l.ordinal))::smallint,
                l.axis, l.component, l.indicator,
                coalesce(named.label ->> 'id', l.indicator), coalesce(named.label ->> 'en', l.indicator),
                sum(l.weight), array_agg(l.ordinal ORDER BY l.ordinal),
                array_remove(array_agg(l.item ORDER BY l.ordinal), NULL)
            FROM rubric_leaf l JOIN rubric r ON r.code = l.rubric_code AND r.version = l.rubric_version
            LEFT JOIN LATERAL (
                SELECT told.indicator -> 'label' AS label
                FROM jsonb_path_query(r.document, '$.**.indicators[*]') AS told (indicator)
                WHERE told.indicator ->> 'code' = l.indicator LIMIT 1
            ) AS named ON true
            WHERE l.rubric_code = of_code AND l.rubric_version = of_version AND l.variant >= 0
            GROUP BY l.variant, l.axis, l.component, l.indicator, named.label;
        END""",
    """CREATE FUNCTION lay_indicators(of_code text, of_version integer) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
            INSERT INTO rubric_leaf (rubric_code, rubric_version, variant, ordinal, axis, component, indicator, leaf,
                label_id, label_en, weight)
            SELECT of_code, of_version, -1 - i.variant, i.ordinal, i.axis, i.component, i.indicator, i.indicator,
                i.label_id, i.label_en, i.weight
            FROM rubric_indicators(of_code, of_version) i
            ON CONFLICT DO NOTHING;
        END""",
    *(
        statement
        for function in ("rubric_indicators", "lay_indicators")
        for statement in (
            f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {function} TO {APPLICATION_ROLE}",
        )
    ),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE institution ADD COLUMN axis_x text NOT NULL DEFAULT 'potential'")
    op.create_check_constraint(op.f("ck_institution_axis_x"), "institution", "axis_x IN ('performance', 'potential')")
    op.create_table(
        "index_value",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("value", sa.Numeric(9, 4), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("source", sa.Text()),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_index_value_institution_id"),
        sa.PrimaryKeyConstraint("institution_id", "code", "year", name="pk_index_value"),
    )
    op.create_check_constraint(op.f("ck_index_value_code"), "index_value", "code IN ('nspk', 'merit')")
    op.create_table(
        "regulation_reference",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("dated", sa.Date()),
        sa.Column("text", sa.Text()),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_regulation_reference_institution_id"),
        sa.PrimaryKeyConstraint("institution_id", "id", name="pk_regulation_reference"),
    )
    op.create_check_constraint(
        op.f("ck_regulation_reference_kind"), "regulation_reference", "kind IN ('regulation', 'committee')"
    )
    for table in ("index_value", "regulation_reference"):
        for statement in protect(table):
            op.execute(statement)
    for statement in INDICATORS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION lay_indicators, rubric_indicators")
    op.execute("DELETE FROM rubric_leaf WHERE variant < 0")
    op.drop_table("regulation_reference")
    op.drop_table("index_value")
    op.drop_constraint(op.f("ck_institution_axis_x"), "institution")
    op.drop_column("institution", "axis_x")
