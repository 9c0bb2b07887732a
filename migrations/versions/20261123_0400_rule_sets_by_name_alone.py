"""A rule set can be published for the vacancies that name it, and leave the default of its level as it is."""

from __future__ import annotations

from alembic import op

from app.db.policies import APPLICATION_ROLE

revision = "20261123_0400"
down_revision = "20261123_0239"
branch_labels = None
depends_on = None

BEFORE = "own_code text, next_version integer, told jsonb, base_code text, base_version integer, moment timestamptz"
PUBLISH = """CREATE FUNCTION publish_rule_set({arguments}) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    BEGIN ATOMIC
        WITH published AS (
            INSERT INTO rule_set (code, version, institution_id, level, title_id, title_en, document,
                based_on_code, based_on_version, published_at{column})
            SELECT own_code, next_version, current_institution(), told ->> 'level',
                told -> 'title' ->> 'id', told -> 'title' ->> 'en', told, base_code, base_version, moment{value}
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
    op.execute("ALTER TABLE rule_set ADD COLUMN is_for_level BOOLEAN DEFAULT true NOT NULL")
    _replace(f"{BEFORE}, for_level boolean", ", is_for_level", ", for_level")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _replace(BEFORE, "", "")
    op.execute("ALTER TABLE rule_set DROP COLUMN is_for_level")


def _replace(arguments: str, column: str, value: str) -> None:
    op.execute("DROP FUNCTION publish_rule_set")
    op.execute(PUBLISH.format(arguments=arguments, column=column, value=value))
    for statement in CALLED_BY_APPLICATION:
        op.execute(statement)
