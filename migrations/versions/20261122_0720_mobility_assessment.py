"""Whoever takes part in mobility campaigns, across institutions."""

from __future__ import annotations

from alembic import op

from app.db.policies import APPLICATION_ROLE, protect

revision = "20261122_0720"
down_revision = "20261122_0710"
branch_labels = None
depends_on = None

GROUND = """CREATE TABLE mobility_ground (
        institution_id UUID NOT NULL,
        participation_id UUID NOT NULL,
        ground TEXT NOT NULL,
        declared_at TIMESTAMP WITH TIME ZONE NOT NULL,
        is_verified BOOLEAN,
        verified_at TIMESTAMP WITH TIME ZONE,
        verified_by TEXT,
        verified_role TEXT,
        CONSTRAINT pk_mobility_ground PRIMARY KEY (institution_id, participation_id, ground),
        CONSTRAINT fk_mobility_ground_institution_id_participation_id
            FOREIGN KEY(institution_id, participation_id)
            REFERENCES mobility_participation (institution_id, id) ON DELETE CASCADE,
        CONSTRAINT ck_mobility_ground_verified
            CHECK (num_nonnulls(is_verified, verified_at, verified_by, verified_role) IN (0, 4)),
        CONSTRAINT fk_mobility_ground_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )"""
# Where people take part, for the organiser alone: institutions, and nobody in them.
INSTITUTIONS = """CREATE FUNCTION mobility_participating(campaign uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    BEGIN ATOMIC
        SELECT DISTINCT p.institution_id FROM mobility_participation p
        JOIN mobility_campaign c ON c.id = p.campaign_id
        WHERE c.id = campaign AND c.institution_id = (SELECT current_institution())
        ORDER BY p.institution_id;
    END"""
# pages look rows up by one key
LISTED = ("mobility_release", "mobility_application")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE mobility_participation ADD COLUMN wished_at TIMESTAMP WITH TIME ZONE")
    for table in LISTED:
        op.execute(f"ALTER TABLE {table} ADD COLUMN id UUID DEFAULT gen_random_uuid() NOT NULL")
    for table in ("mobility_offer", *LISTED):
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT uq_{table}_id UNIQUE (id)")
    for statement in (GROUND, *protect("mobility_ground"), INSTITUTIONS):
        op.execute(statement)
    # the owner's function looks at every institution, and tells which these are
    op.execute("CREATE POLICY taking_part ON mobility_participation FOR SELECT TO CURRENT_USER USING (true)")
    op.execute("REVOKE ALL ON FUNCTION mobility_participating FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION mobility_participating TO {APPLICATION_ROLE}")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION mobility_participating")
    op.execute("DROP POLICY taking_part ON mobility_participation")
    op.drop_table("mobility_ground")
    for table in LISTED:
        op.drop_column(table, "id")
    op.execute("ALTER TABLE mobility_offer DROP CONSTRAINT uq_mobility_offer_id")
    op.drop_column("mobility_participation", "wished_at")
