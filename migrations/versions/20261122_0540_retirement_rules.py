"""Rules of retirement: from when on they hold."""

from __future__ import annotations

from alembic import op

from app.db.policies import APPLICATION_ROLE, protect

revision = "20261122_0540"
down_revision = "20261122_0530"
branch_labels = None
depends_on = None

CREATE = (
    """CREATE TABLE retirement_version (
        version SMALLINT NOT NULL,
        effective_from DATE NOT NULL,
        legal_basis TEXT NOT NULL,
        published_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_retirement_version PRIMARY KEY (version),
        CONSTRAINT uq_retirement_version_effective_from UNIQUE (effective_from)
    )""",
    # the first day of UU 20/2023, which the shipped rules rest on
    """INSERT INTO retirement_version (version, effective_from, legal_basis, published_at)
        VALUES (1, DATE '2023-10-31', 'UU 20/2023; PP 11/2017; UU 14/2005', now())""",
    """ALTER TABLE retirement_rule ADD CONSTRAINT fk_retirement_rule_version
        FOREIGN KEY(version) REFERENCES retirement_version (version)""",
    """CREATE TABLE retirement_exception (
        institution_id UUID NOT NULL,
        id UUID NOT NULL,
        words TEXT NOT NULL,
        age SMALLINT NOT NULL,
        legal_basis TEXT NOT NULL,
        revision INTEGER DEFAULT 1 NOT NULL,
        CONSTRAINT pk_retirement_exception PRIMARY KEY (institution_id, id),
        CONSTRAINT uq_retirement_exception_institution_id_words UNIQUE (institution_id, words),
        CONSTRAINT ck_retirement_exception_age CHECK (age BETWEEN 40 AND 80),
        CONSTRAINT fk_retirement_exception_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE TRIGGER raise_revision BEFORE UPDATE ON retirement_exception
        FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION raise_revision()""",
    "ALTER TABLE post ADD COLUMN retirement_basis TEXT",
    "ALTER TABLE post_holder ADD COLUMN reaches_age_on DATE",
    """ALTER TABLE institution ADD COLUMN retirement_version SMALLINT DEFAULT 1 NOT NULL,
        ADD CONSTRAINT fk_institution_retirement_version
            FOREIGN KEY(retirement_version) REFERENCES retirement_version (version)""",
    f"GRANT SELECT ON retirement_version TO {APPLICATION_ROLE}",
)

# The application has no right to write either table: whose reach is national adds the next version, and nothing ever
# changes one. One at a time, so that versions are counted and each begins after the last.
PUBLISH = """CREATE FUNCTION publish_retirement_rules(first_day date, basis text, rules jsonb, moment timestamptz)
    RETURNS smallint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        next_version smallint;
    BEGIN
        IF current_reach() <> 'national' THEN
            RAISE EXCEPTION 'the rules of retirement are national' USING ERRCODE = 'insufficient_privilege';
        END IF;
        LOCK TABLE retirement_version IN SHARE ROW EXCLUSIVE MODE;
        INSERT INTO retirement_version (version, effective_from, legal_basis, published_at)
        SELECT max(version) + 1, first_day, basis, moment FROM retirement_version
        HAVING max(effective_from) < first_day
        RETURNING version INTO next_version;
        INSERT INTO retirement_rule (version, ordinal, level, words, age, legal_basis)
        SELECT next_version, told.ordinal, told.rule ->> 'level', name_key(told.rule ->> 'words'),
            (told.rule ->> 'age')::smallint, told.rule ->> 'legal_basis'
        FROM jsonb_array_elements(rules) WITH ORDINALITY AS told (rule, ordinal)
        WHERE next_version IS NOT NULL;
        RETURN next_version;
    END $$"""
CALLED_BY_APPLICATION = (
    "REVOKE ALL ON FUNCTION publish_retirement_rules FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION publish_retirement_rules TO {APPLICATION_ROLE}",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (*CREATE, *protect("retirement_exception"), PUBLISH, *CALLED_BY_APPLICATION):
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION publish_retirement_rules")
    op.drop_column("institution", "retirement_version")
    op.drop_column("post_holder", "reaches_age_on")
    op.drop_column("post", "retirement_basis")
    op.drop_table("retirement_exception")
    op.drop_constraint("fk_retirement_rule_version", "retirement_rule")
    op.execute("DELETE FROM retirement_rule WHERE version > 1")
    op.drop_table("retirement_version")
