"""Posts and their holders."""

from __future__ import annotations

from alembic import op
from sqlalchemy import column, table

from app.db.policies import APPLICATION_ROLE, protect

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
        critical_as_delivered BOOLEAN NOT NULL,
        is_target BOOLEAN DEFAULT false NOT NULL,
        job_family TEXT,
        government_affair TEXT,
        standard SMALLINT[],
        retirement_age SMALLINT,
        is_delivered BOOLEAN DEFAULT true NOT NULL,
        empty_since DATE,
        clock_from DATE,
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
        retires_on DATE,
        vacancy_id UUID,
        CONSTRAINT pk_post_holder PRIMARY KEY (institution_id, talent_id),
        CONSTRAINT fk_post_holder_institution_id_talent_id
            FOREIGN KEY(institution_id, talent_id) REFERENCES talent (institution_id, id),
        CONSTRAINT fk_post_holder_institution_id_post_id
            FOREIGN KEY(institution_id, post_id) REFERENCES post (institution_id, id),
        CONSTRAINT fk_post_holder_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    "CREATE INDEX ix_post_holder_institution_id_post_id ON post_holder (institution_id, post_id)",
    "CREATE INDEX ix_post_holder_institution_id_retires_on ON post_holder (institution_id, retires_on)",
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
CREATE_RULES = (
    """CREATE TABLE retirement_rule (
        version SMALLINT NOT NULL,
        ordinal SMALLINT NOT NULL,
        level TEXT,
        words TEXT,
        age SMALLINT NOT NULL,
        legal_basis TEXT NOT NULL,
        CONSTRAINT pk_retirement_rule PRIMARY KEY (version, ordinal),
        CONSTRAINT ck_retirement_rule_one_of CHECK ((level IS NULL) <> (words IS NULL)),
        CONSTRAINT ck_retirement_rule_age CHECK (age BETWEEN 40 AND 80)
    )""",
    f"GRANT SELECT ON retirement_rule TO {APPLICATION_ROLE}",
)
RULES = table(
    "retirement_rule",
    *(column(name) for name in ("version", "ordinal", "level", "words", "age", "legal_basis")),
)
STATE_SERVANTS, TEACHERS, CIVIL_SERVANTS = "UU 20/2023 pasal 55", "UU 14/2005", "PP 11/2017 pasal 239"
AGES = (
    (None, "guru besar", 70, TEACHERS),
    (None, "profesor", 70, TEACHERS),
    *((None, words, 65, TEACHERS) for words in ("dosen", "lektor", "asisten ahli")),
    (None, "guru", 60, TEACHERS),
    *((level, None, 60, STATE_SERVANTS) for level in ("jpt_utama", "jpt_madya", "jpt_pratama")),
    *((level, None, 58, STATE_SERVANTS) for level in ("administrator", "pengawas", "pelaksana")),
    ("jf_ahli_utama", None, 65, CIVIL_SERVANTS),
    ("jf_ahli_madya", None, 60, CIVIL_SERVANTS),
    *((level, None, 58, CIVIL_SERVANTS) for level in ("jf_ahli_muda", "jf_ahli_pertama")),
    *((level, None, 58, CIVIL_SERVANTS) for level in ("jf_penyelia", "jf_mahir", "jf_terampil", "jf_pemula")),
)
"""Levels or the first words of a post's name, and the age at which its holders retire."""
SETTINGS = """
    ALTER TABLE institution
        ADD COLUMN workload_analysis_years SMALLINT DEFAULT 5 NOT NULL,
        ADD COLUMN foresight_months SMALLINT DEFAULT 12 NOT NULL,
        ADD COLUMN posts_as_of DATE,
        ADD CONSTRAINT ck_institution_workload_analysis_years CHECK (workload_analysis_years BETWEEN 1 AND 20),
        ADD CONSTRAINT ck_institution_foresight_months CHECK (foresight_months BETWEEN 1 AND 120)"""
CONTESTED = ("post", "unit_affair")
RAISE = """CREATE TRIGGER raise_revision BEFORE UPDATE ON {}
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION raise_revision()"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (*CREATE, *CREATE_RULES, SETTINGS):
        op.execute(statement)
    op.bulk_insert(
        RULES,
        [
            {"version": 1, "ordinal": ordinal, "level": level, "words": words, "age": age, "legal_basis": basis}
            for ordinal, (level, words, age, basis) in enumerate(AGES, start=1)
        ],
    )
    for name in TABLES:
        for statement in protect(name):
            op.execute(statement)
    for name in CONTESTED:
        op.execute(RAISE.format(name))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in ("posts_as_of", "foresight_months", "workload_analysis_years"):
        op.drop_column("institution", name)
    for name in ("retirement_rule", *reversed(TABLES)):
        op.drop_table(name)
