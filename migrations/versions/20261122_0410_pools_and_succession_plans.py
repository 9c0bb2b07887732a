"""Pools and succession plans."""

from __future__ import annotations

from alembic import op

from app.db.policies import protect

revision = "20261122_0410"
down_revision = "20261122_0400"
branch_labels = None
depends_on = None

TABLES = (
    "succession_policy",
    "pool_member",
    "pool_member_step",
    "succession_willingness",
    "succession_plan",
    "successor",
)
CREATE = (
    """CREATE TABLE succession_policy (
        institution_id UUID NOT NULL,
        version INTEGER NOT NULL,
        institution_boxes SMALLINT[] NOT NULL,
        national_boxes SMALLINT[] NOT NULL,
        term_months SMALLINT NOT NULL,
        soon_months SMALLINT NOT NULL,
        cover JSONB NOT NULL,
        merit_weights JSONB NOT NULL,
        legal_basis TEXT NOT NULL,
        published_at TIMESTAMP WITH TIME ZONE NOT NULL,
        published_by TEXT NOT NULL,
        CONSTRAINT pk_succession_policy PRIMARY KEY (institution_id, version),
        CONSTRAINT ck_succession_policy_version CHECK (version > 0),
        CONSTRAINT ck_succession_policy_term CHECK (term_months BETWEEN 1 AND 120),
        CONSTRAINT ck_succession_policy_soon CHECK (soon_months BETWEEN 1 AND 60),
        CONSTRAINT fk_succession_policy_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE TABLE pool_member (
        institution_id UUID NOT NULL,
        id UUID NOT NULL,
        level TEXT NOT NULL,
        talent_id UUID NOT NULL,
        state TEXT NOT NULL,
        nominated_box SMALLINT NOT NULL,
        nominated_by TEXT NOT NULL,
        policy_version INTEGER NOT NULL,
        expires_on DATE,
        revision INTEGER DEFAULT 1 NOT NULL,
        CONSTRAINT pk_pool_member PRIMARY KEY (institution_id, id),
        CONSTRAINT uq_pool_member_institution_id_level_talent_id UNIQUE (institution_id, level, talent_id),
        CONSTRAINT fk_pool_member_institution_id_talent_id
            FOREIGN KEY(institution_id, talent_id) REFERENCES talent (institution_id, id),
        CONSTRAINT ck_pool_member_level CHECK (level IN ('institution', 'national')),
        CONSTRAINT ck_pool_member_state CHECK (
            state IN ('nominated', 'verified', 'confirmed', 'refused', 'returned', 'suspended')),
        CONSTRAINT ck_pool_member_term CHECK (state NOT IN ('confirmed', 'suspended') OR expires_on IS NOT NULL),
        CONSTRAINT fk_pool_member_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    "CREATE INDEX ix_pool_member_institution_id_talent_id ON pool_member (institution_id, talent_id)",
    """CREATE TABLE pool_member_step (
        institution_id UUID NOT NULL,
        member_id UUID NOT NULL,
        ordinal INTEGER NOT NULL,
        state TEXT NOT NULL,
        step_reason TEXT,
        entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
        role TEXT NOT NULL,
        subject TEXT NOT NULL,
        CONSTRAINT pk_pool_member_step PRIMARY KEY (institution_id, member_id, ordinal),
        CONSTRAINT fk_pool_member_step_institution_id_member_id
            FOREIGN KEY(institution_id, member_id) REFERENCES pool_member (institution_id, id),
        CONSTRAINT fk_pool_member_step_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE TABLE succession_willingness (
        institution_id UUID NOT NULL,
        talent_id UUID NOT NULL,
        is_willing BOOLEAN NOT NULL,
        until DATE,
        for_posts UUID[],
        declared_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_succession_willingness PRIMARY KEY (institution_id, talent_id),
        CONSTRAINT fk_succession_willingness_institution_id_talent_id
            FOREIGN KEY(institution_id, talent_id) REFERENCES talent (institution_id, id),
        CONSTRAINT fk_succession_willingness_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE TABLE succession_plan (
        institution_id UUID NOT NULL,
        post_id UUID NOT NULL,
        note TEXT,
        edited_at TIMESTAMP WITH TIME ZONE NOT NULL,
        edited_by TEXT NOT NULL,
        calculated_at TIMESTAMP WITH TIME ZONE NOT NULL,
        as_of DATE NOT NULL,
        rule_set_code TEXT NOT NULL,
        rule_set_version INTEGER NOT NULL,
        policy_version INTEGER NOT NULL,
        revision INTEGER DEFAULT 1 NOT NULL,
        CONSTRAINT pk_succession_plan PRIMARY KEY (institution_id, post_id),
        CONSTRAINT fk_succession_plan_institution_id_post_id
            FOREIGN KEY(institution_id, post_id) REFERENCES post (institution_id, id),
        CONSTRAINT fk_succession_plan_rule_set_code
            FOREIGN KEY(rule_set_code, rule_set_version) REFERENCES rule_set (code, version),
        CONSTRAINT fk_succession_plan_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE TABLE successor (
        institution_id UUID NOT NULL,
        post_id UUID NOT NULL,
        talent_id UUID NOT NULL,
        is_named BOOLEAN NOT NULL,
        ordinal INTEGER,
        readiness TEXT NOT NULL,
        set_readiness TEXT,
        reason TEXT,
        is_eligible BOOLEAN,
        ready_from DATE,
        requirements_not_met TEXT[] NOT NULL,
        requirements_unverified TEXT[] NOT NULL,
        CONSTRAINT pk_successor PRIMARY KEY (institution_id, post_id, talent_id),
        CONSTRAINT fk_successor_institution_id_post_id
            FOREIGN KEY(institution_id, post_id) REFERENCES succession_plan (institution_id, post_id),
        CONSTRAINT fk_successor_institution_id_talent_id
            FOREIGN KEY(institution_id, talent_id) REFERENCES talent (institution_id, id),
        CONSTRAINT ck_successor_named CHECK (is_named OR (set_readiness IS NULL AND reason IS NULL)),
        CONSTRAINT ck_successor_ordinal CHECK (is_named = (ordinal IS NOT NULL)),
        CONSTRAINT ck_successor_readiness CHECK (readiness IN ('ready_now', 'in_1_to_2_years', 'later')),
        CONSTRAINT ck_successor_set_readiness CHECK (set_readiness IN ('ready_now', 'in_1_to_2_years', 'later')),
        CONSTRAINT fk_successor_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    "CREATE INDEX ix_successor_institution_id_talent_id ON successor (institution_id, talent_id)",
)
CONTESTED = ("pool_member", "succession_plan")
RAISE = """CREATE TRIGGER raise_revision BEFORE UPDATE ON {}
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION raise_revision()"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in CREATE:
        op.execute(statement)
    for table in TABLES:
        for statement in protect(table):
            op.execute(statement)
    for table in CONTESTED:
        op.execute(RAISE.format(table))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
