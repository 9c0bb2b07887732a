"""Rule sets."""

from __future__ import annotations

from alembic import op

from app.db.policies import APPLICATION_ROLE

revision = "20261122_0330"
down_revision = "20261122_0320"
branch_labels = None
depends_on = None

TABLES = ("rule_set",)
CREATE = (
    """CREATE TABLE rule_set (
        code TEXT NOT NULL,
        version INTEGER NOT NULL,
        institution_id UUID,
        level TEXT NOT NULL,
        title_id TEXT NOT NULL,
        title_en TEXT NOT NULL,
        document JSONB NOT NULL,
        based_on_code TEXT,
        based_on_version INTEGER,
        published_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_rule_set PRIMARY KEY (code, version),
        CONSTRAINT fk_rule_set_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id),
        CONSTRAINT fk_rule_set_based_on_code_based_on_version FOREIGN KEY(based_on_code, based_on_version)
            REFERENCES rule_set (code, version),
        CONSTRAINT ck_rule_set_own_code CHECK ((institution_id IS NULL) = (code NOT LIKE '%@%')),
        CONSTRAINT ck_rule_set_code_of_institution CHECK (code LIKE '%@' || left(institution_id::text, 8))
    )""",
)
SHIPPED_OR_OWN = "(institution_id IS NULL OR institution_id = (SELECT current_institution()))"
POLICIES = (
    "ALTER TABLE rule_set ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE rule_set FORCE ROW LEVEL SECURITY",
    f"CREATE POLICY shipped_or_own ON rule_set USING {SHIPPED_OR_OWN} WITH CHECK {SHIPPED_OR_OWN}",
    f"GRANT SELECT ON rule_set TO {APPLICATION_ROLE}",
)

# The application has no right to write the table: the function adds the next version of the institution's own, and
# nothing ever changes one.
PUBLISH = """CREATE FUNCTION publish_rule_set(own_code text, next_version integer, told jsonb, base_code text,
        base_version integer, moment timestamptz) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    BEGIN ATOMIC
        WITH published AS (
            INSERT INTO rule_set (code, version, institution_id, level, title_id, title_en, document,
                based_on_code, based_on_version, published_at)
            SELECT own_code, next_version, current_institution(), told ->> 'level',
                told -> 'title' ->> 'id', told -> 'title' ->> 'en', told, base_code, base_version, moment
            WHERE current_institution() IS NOT NULL AND told ->> 'code' = own_code
                AND (told ->> 'version')::integer = next_version
            RETURNING true
        )
        SELECT count(*) FROM published;
    END"""
CALLED_BY_APPLICATION = (
    "REVOKE ALL ON FUNCTION publish_rule_set FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION publish_rule_set TO {APPLICATION_ROLE}",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in CREATE:
        op.execute(statement)
    for statement in (*POLICIES, PUBLISH, *CALLED_BY_APPLICATION):
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION publish_rule_set")
    for table in reversed(TABLES):
        op.drop_table(table)
