"""Posts and their holders."""

from __future__ import annotations

from alembic import op

from app.db.policies import protect

revision = "20261122_0310"
down_revision = "20261122_0250"
branch_labels = None
depends_on = None

TABLES = ("post", "post_holder", "unit_affair")
CREATE = (
    """CREATE TABLE post (
        institution_id UUID NOT NULL,
        id UUID DEFAULT gen_random_uuid() NOT NULL,
        unit_id TEXT NOT NULL,
        name TEXT NOT NULL,
        name_key TEXT NOT NULL,
        level TEXT NOT NULL,
        echelon TEXT,
        job_class SMALLINT,
        seats SMALLINT NOT NULL,
        analysed_on DATE,
        is_critical BOOLEAN NOT NULL,
        is_target BOOLEAN DEFAULT false NOT NULL,
        job_family TEXT,
        government_affair TEXT,
        standard SMALLINT[],
        retirement_age SMALLINT,
        is_delivered BOOLEAN DEFAULT true NOT NULL,
        revision INTEGER DEFAULT 1 NOT NULL,
        CONSTRAINT pk_post PRIMARY KEY (institution_id, id),
        CONSTRAINT uq_post_institution_id_unit_id_name_key UNIQUE (institution_id, unit_id, name_key),
        CONSTRAINT fk_post_institution_id_unit_id
            FOREIGN KEY(institution_id, unit_id) REFERENCES org_unit (institution_id, id),
        CONSTRAINT ck_post_seats CHECK (seats >= 0),
        CONSTRAINT ck_post_job_class CHECK (job_class BETWEEN 1 AND 17),
        CONSTRAINT ck_post_standard CHECK (cardinality(standard) = 9),
        CONSTRAINT fk_post_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    "CREATE INDEX ix_post_institution_id_level ON post (institution_id, level)",
    """CREATE TABLE post_holder (
        institution_id UUID NOT NULL,
        talent_id UUID NOT NULL,
        post_id UUID NOT NULL,
        since DATE,
        vacancy_id UUID,
        CONSTRAINT pk_post_holder PRIMARY KEY (institution_id, talent_id),
        CONSTRAINT fk_post_holder_institution_id_talent_id
            FOREIGN KEY(institution_id, talent_id) REFERENCES talent (institution_id, id),
        CONSTRAINT fk_post_holder_institution_id_post_id
            FOREIGN KEY(institution_id, post_id) REFERENCES post (institution_id, id),
        CONSTRAINT fk_post_holder_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    "CREATE INDEX ix_post_holder_institution_id_post_id ON post_holder (institution_id, post_id)",
    """CREATE TABLE unit_affair (
        institution_id UUID NOT NULL,
        unit_id TEXT NOT NULL,
        government_affair TEXT NOT NULL,
        is_derived BOOLEAN NOT NULL,
        revision INTEGER DEFAULT 1 NOT NULL,
        CONSTRAINT pk_unit_affair PRIMARY KEY (institution_id, unit_id),
        CONSTRAINT fk_unit_affair_institution_id_unit_id
            FOREIGN KEY(institution_id, unit_id) REFERENCES org_unit (institution_id, id),
        CONSTRAINT fk_unit_affair_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
)
CONTESTED = ("post", "unit_affair")
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
