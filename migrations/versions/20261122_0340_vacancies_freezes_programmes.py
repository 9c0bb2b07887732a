"""Vacancies freezes programmes."""

from __future__ import annotations

from alembic import op

from app.db.policies import protect

revision = "20261122_0340"
down_revision = "20261122_0330"
branch_labels = None
depends_on = None

TABLES = ("vacancy", "vacancy_step", "freeze_period", "priority_programme")
CREATE = (
    """CREATE TABLE vacancy (
        institution_id UUID NOT NULL,
        id UUID NOT NULL,
        post_id UUID NOT NULL,
        state TEXT NOT NULL,
        foreseeable_from DATE NOT NULL,
        vacant_from DATE NOT NULL,
        inauguration_on DATE NOT NULL,
        rule_set_code TEXT,
        rule_set_version INTEGER,
        seed BYTEA NOT NULL,
        seed_commitment TEXT NOT NULL,
        is_masked BOOLEAN NOT NULL,
        talent_id UUID,
        recommendation_number TEXT,
        recommended_on DATE,
        decree_number TEXT,
        decreed_on DATE,
        effective_on DATE,
        permit_number TEXT,
        cancelled_because TEXT,
        revision INTEGER DEFAULT 1 NOT NULL,
        CONSTRAINT pk_vacancy PRIMARY KEY (institution_id, id),
        CONSTRAINT fk_vacancy_institution_id_post_id
            FOREIGN KEY(institution_id, post_id) REFERENCES post (institution_id, id),
        CONSTRAINT fk_vacancy_institution_id_talent_id
            FOREIGN KEY(institution_id, talent_id) REFERENCES talent (institution_id, id),
        CONSTRAINT fk_vacancy_rule_set_code_rule_set_version
            FOREIGN KEY(rule_set_code, rule_set_version) REFERENCES rule_set (code, version),
        CONSTRAINT ck_vacancy_state
            CHECK (state IN ('draft', 'open', 'shortlisted', 'decided', 'recommended', 'decreed', 'effective', 'cancelled')),
        CONSTRAINT ck_vacancy_rule_set CHECK ((rule_set_code IS NULL) = (rule_set_version IS NULL)),
        CONSTRAINT fk_vacancy_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    "CREATE INDEX ix_vacancy_institution_id_post_id ON vacancy (institution_id, post_id)",
    "CREATE INDEX ix_vacancy_institution_id_state ON vacancy (institution_id, state)",
    """CREATE TABLE vacancy_step (
        institution_id UUID NOT NULL,
        vacancy_id UUID NOT NULL,
        state TEXT NOT NULL,
        entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
        role TEXT NOT NULL,
        subject TEXT NOT NULL,
        CONSTRAINT pk_vacancy_step PRIMARY KEY (institution_id, vacancy_id, state),
        CONSTRAINT fk_vacancy_step_institution_id_vacancy_id
            FOREIGN KEY(institution_id, vacancy_id) REFERENCES vacancy (institution_id, id),
        CONSTRAINT fk_vacancy_step_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE TABLE freeze_period (
        institution_id UUID NOT NULL,
        id UUID NOT NULL,
        since DATE NOT NULL,
        until DATE NOT NULL,
        reason TEXT NOT NULL,
        legal_basis TEXT NOT NULL,
        revision INTEGER DEFAULT 1 NOT NULL,
        CONSTRAINT pk_freeze_period PRIMARY KEY (institution_id, id),
        CONSTRAINT ck_freeze_period_in_order CHECK (until >= since),
        CONSTRAINT fk_freeze_period_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE TABLE priority_programme (
        institution_id UUID NOT NULL,
        code TEXT NOT NULL,
        version INTEGER NOT NULL,
        name TEXT NOT NULL,
        government_affairs TEXT[] NOT NULL,
        weight SMALLINT NOT NULL,
        province_code TEXT,
        since DATE NOT NULL,
        until DATE NOT NULL,
        legal_basis TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_priority_programme PRIMARY KEY (institution_id, code, version),
        CONSTRAINT ck_priority_programme_in_order CHECK (until >= since),
        CONSTRAINT ck_priority_programme_weight CHECK (weight BETWEEN 1 AND 100),
        CONSTRAINT fk_priority_programme_institution_id
            FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """ALTER TABLE post_holder ADD CONSTRAINT fk_post_holder_institution_id_vacancy_id
        FOREIGN KEY (institution_id, vacancy_id) REFERENCES vacancy (institution_id, id)""",
)
# days after `since` up to and with `until` that are Monday to Friday; counted from a Monday, the first of year 1
WORKING_DAYS = """CREATE FUNCTION working_days(since date, until date) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN greatest(
        (until - DATE '0001-01-01') / 7 * 5 + least((until - DATE '0001-01-01') % 7 + 1, 5)
        - (since - DATE '0001-01-01') / 7 * 5 - least((since - DATE '0001-01-01') % 7 + 1, 5), 0)"""
CONTESTED = ("vacancy", "freeze_period")
RAISE = """CREATE TRIGGER raise_revision BEFORE UPDATE ON {}
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION raise_revision()"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(WORKING_DAYS)
    for statement in CREATE:
        op.execute(statement)
    for table in TABLES:
        for statement in protect(table):
            op.execute(statement)
    for table in CONTESTED:
        op.execute(RAISE.format(table))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE post_holder DROP CONSTRAINT fk_post_holder_institution_id_vacancy_id")
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("DROP FUNCTION working_days(date, date)")
