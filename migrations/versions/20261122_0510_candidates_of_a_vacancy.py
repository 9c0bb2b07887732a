"""Candidates have an id per vacancy; what was verified stays beside what is said later."""

from __future__ import annotations

from alembic import op

from app.db.policies import APPLICATION_ROLE, protect

revision = "20261122_0510"
down_revision = "20261122_0420"
branch_labels = None
depends_on = None

CREATE = """CREATE TABLE vacancy_candidate (
        institution_id UUID NOT NULL,
        vacancy_id UUID NOT NULL,
        talent_id UUID NOT NULL,
        id UUID DEFAULT gen_random_uuid() NOT NULL,
        CONSTRAINT pk_vacancy_candidate PRIMARY KEY (institution_id, vacancy_id, talent_id),
        CONSTRAINT uq_vacancy_candidate_institution_id_vacancy_id_id UNIQUE (institution_id, vacancy_id, id),
        CONSTRAINT fk_vacancy_candidate_institution_id_vacancy_id
            FOREIGN KEY(institution_id, vacancy_id) REFERENCES vacancy (institution_id, id),
        CONSTRAINT fk_vacancy_candidate_institution_id_talent_id
            FOREIGN KEY(institution_id, talent_id) REFERENCES talent (institution_id, id),
        CONSTRAINT fk_vacancy_candidate_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )"""
FILL = (
    # what was published under an id keeps it: of somebody who had several, the one of the newest ranking
    """INSERT INTO vacancy_candidate (institution_id, vacancy_id, talent_id, id)
        SELECT DISTINCT ON (c.institution_id, r.vacancy_id, c.talent_id)
               c.institution_id, r.vacancy_id, c.talent_id, c.candidate_id
        FROM ranking_candidate c JOIN ranking r ON (r.institution_id, r.id) = (c.institution_id, c.ranking_id)
        ORDER BY c.institution_id, r.vacancy_id, c.talent_id, r.made_at DESC, r.id DESC""",
    """INSERT INTO vacancy_candidate (institution_id, vacancy_id, talent_id)
        SELECT institution_id, vacancy_id, talent_id FROM candidate_verification
        UNION SELECT institution_id, vacancy_id, talent_id FROM technical_score ON CONFLICT DO NOTHING""",
)
WITHOUT_KEPT = """UPDATE ranking_candidate c SET lacking = ARRAY(
        SELECT asked.code FROM unnest(c.lacking) WITH ORDINALITY asked (code, place)
        WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(s.document->'requirements') told
                          WHERE told->>'code' = asked.code AND (told->>'field' IN ('age', 'service')
                              OR told->>'field' = 'verified' AND coalesce(told->>'proof', '')
                                 IN ('', 'healthCertificate', 'clearanceStatement')))
        ORDER BY asked.place)
    FROM ranking r JOIN rule_set s ON (s.code, s.version) = (r.rule_set_code, r.rule_set_version)
    WHERE (r.institution_id, r.id) = (c.institution_id, c.ranking_id) AND cardinality(c.lacking) > 0"""
SAID = {
    "candidate_verification": ("vacancy_id", "talent_id", "requirement"),
    "technical_score": ("vacancy_id", "talent_id"),
}
"""What was said about somebody, and its key before the version."""
READ = ("ranking", "ranking_candidate", "rule_set", *SAID)
"""Tables that are read, or changed, for all institutions at once."""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(CREATE)
    _force("NO FORCE")
    for statement in FILL:
        op.execute(statement)
    op.execute("ALTER TABLE ranking_candidate DISABLE TRIGGER note_change")
    op.execute(WITHOUT_KEPT)
    op.execute("ALTER TABLE ranking_candidate ENABLE TRIGGER note_change")
    op.execute("ALTER TABLE ranking_candidate ALTER COLUMN facts TYPE json USING facts::json")
    _force("FORCE")
    for statement in protect("vacancy_candidate"):
        op.execute(statement)
    op.execute(f"REVOKE UPDATE, DELETE ON vacancy_candidate FROM {APPLICATION_ROLE}")
    for table, key in SAID.items():
        op.execute(f'ALTER TABLE "{table}" ADD COLUMN version INTEGER NOT NULL DEFAULT 1')
        op.execute(f'ALTER TABLE "{table}" ALTER COLUMN version DROP DEFAULT')
        _key(table, *key, "version")
        op.execute(f'REVOKE UPDATE, DELETE ON "{table}" FROM {APPLICATION_ROLE}')


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _force("NO FORCE")
    for table, key in SAID.items():
        same = " AND ".join(f"later.{name} = said.{name}" for name in ("institution_id", *key))
        op.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER note_change')
        op.execute(f"""DELETE FROM "{table}" said USING "{table}" later
            WHERE {same} AND later.version > said.version""")  # noqa: S608 - our own names
        op.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER note_change')
        _key(table, *key)
        op.execute(f'ALTER TABLE "{table}" DROP COLUMN version')
        op.execute(f'GRANT UPDATE, DELETE ON "{table}" TO {APPLICATION_ROLE}')
    # rankings made since are read as before, but no longer byte for byte: doing them again says so
    op.execute("ALTER TABLE ranking_candidate ALTER COLUMN facts TYPE jsonb USING facts::jsonb")
    _force("FORCE")
    op.drop_table("vacancy_candidate")


def _force(how: str) -> None:
    for table in READ:
        op.execute(f'ALTER TABLE "{table}" {how} ROW LEVEL SECURITY')


def _key(table: str, *columns: str) -> None:
    op.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT pk_{table}')
    op.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT pk_{table} PRIMARY KEY (institution_id, {", ".join(columns)})')
