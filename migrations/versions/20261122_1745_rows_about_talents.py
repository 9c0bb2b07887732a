"""Rows about talents are checked once, and how many talents there are is known from the first ones on."""

from __future__ import annotations

from alembic import op

from app.db.policies import APPLICATION_ROLE

revision = "20261122_1745"
down_revision = "20261122_1740"
branch_labels = None
depends_on = None

# each has a key (institution_id, talent_id) to the talent, whose own key is to the institution
TABLES = (
    *("performance_appraisal", "feedback_360", "award", "team_assignment", "competency_assessment"),
    *("potential_assessment", "assessment_score", "training", "position", "education", "disciplinary_sanction"),
    *("evidence_check", "siasn_record"),
)
# of a table that is in no statistics yet, the check of each row about a talent would look through all of them: how it
# looks is decided once a session, while they are few
LEARN = (
    """CREATE FUNCTION learn_of_talents() RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            IF (SELECT reltuples < 1000 FROM pg_class WHERE oid = 'talent'::regclass) THEN
                ANALYZE (SKIP_LOCKED) talent (institution_id, id, nip, unit_id);
            END IF;
        END $$""",
    "REVOKE ALL ON FUNCTION learn_of_talents FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION learn_of_talents TO {APPLICATION_ROLE}",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in TABLES:
        op.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT fk_{table}_institution_id')
    for statement in LEARN:
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION learn_of_talents")
    for table in TABLES:
        op.execute(
            f'ALTER TABLE "{table}" ADD CONSTRAINT fk_{table}_institution_id'
            " FOREIGN KEY(institution_id) REFERENCES institution (id)"
        )
