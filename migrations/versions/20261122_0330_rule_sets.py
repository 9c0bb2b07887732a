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
        published_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_rule_set PRIMARY KEY (code, version),
        CONSTRAINT fk_rule_set_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
)
SHIPPED_OR_OWN = "(institution_id IS NULL OR institution_id = (SELECT current_institution()))"
POLICIES = (
    "ALTER TABLE rule_set ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE rule_set FORCE ROW LEVEL SECURITY",
    f"CREATE POLICY shipped_or_own ON rule_set USING {SHIPPED_OR_OWN} WITH CHECK {SHIPPED_OR_OWN}",
    f"GRANT SELECT ON rule_set TO {APPLICATION_ROLE}",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in CREATE:
        op.execute(statement)
    for statement in POLICIES:
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
