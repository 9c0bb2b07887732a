"""What is told in SIASN's words: how its text is told again, and rows found by SIASN's own ids."""

from __future__ import annotations

from alembic import op

revision = "20261122_1320"
down_revision = "20261122_1315"
branch_labels = None
depends_on = None

# One expression each, so that the planner writes them into the statement that calls them.
FUNCTIONS = (
    """CREATE FUNCTION siasn_text(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN nullif(nullif(btrim(said), ''), '01-01-0001')""",
    """CREATE FUNCTION siasn_day(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN CASE WHEN said LIKE '0001-01-01%' THEN NULL
                    WHEN said LIKE '____-__-__%' THEN substr(said, 9, 2) || '-' || substr(said, 6, 2) || '-' || left(said, 4)
                    ELSE nullif(nullif(btrim(said), ''), '01-01-0001') END""",
    """CREATE FUNCTION siasn_instant(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN CASE WHEN said LIKE '0001-01-01%' OR btrim(said) IN ('', '01-01-0001') THEN NULL
                    WHEN said LIKE '__-__-____' THEN right(said, 4) || '-' || substr(said, 4, 2) || '-' || left(said, 2)
                                                     || 'T00:00:00Z'
                    ELSE btrim(said) END""",
)
NAMES = ("siasn_text", "siasn_day", "siasn_instant")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in FUNCTIONS:
        op.execute(statement)
    op.execute("CREATE INDEX ix_siasn_record_institution_id_row_id ON siasn_record (institution_id, row_id)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP INDEX ix_siasn_record_institution_id_row_id")
    for name in NAMES:
        op.execute(f"DROP FUNCTION {name}(text)")
