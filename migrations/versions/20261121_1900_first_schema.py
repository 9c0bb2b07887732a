"""First schema: institutions, talents, evidence, placements, imports, ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from app.db.policies import APPLICATION_ROLE, prepare, protect, protect_ledger

revision = "20261121_1900"
down_revision = None
branch_labels = None
depends_on = None

TENANT_TABLES = (
    "org_unit",
    "talent",
    "import",
    "import_refusal",
    "performance_appraisal",
    "feedback_360",
    "award",
    "team_assignment",
    "competency_assessment",
    "potential_assessment",
    "training",
    "position",
    "education",
    "disciplinary_sanction",
    "evidence_check",
    "placement",
)

# A person is national: an opaque id and the numbers they have had, owned by nobody, reached only through the function.
PERSONS = (
    "CREATE TABLE person (id uuid PRIMARY KEY)",
    """CREATE TABLE person_nip (
        nip text PRIMARY KEY,
        person_id uuid NOT NULL REFERENCES person (id),
        known_since timestamptz NOT NULL DEFAULT now()
    )""",
    """CREATE FUNCTION identify_persons(wanted text[]) RETURNS TABLE (nip text, person_id uuid)
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        #variable_conflict use_column
        BEGIN
            WITH added AS (
                INSERT INTO person_nip (nip, person_id)
                SELECT w.nip, gen_random_uuid() FROM (SELECT DISTINCT unnest(wanted) AS nip) w
                WHERE w.nip ~ '^[0-9]{18}$' AND NOT EXISTS (SELECT FROM person_nip p WHERE p.nip = w.nip)
                ORDER BY w.nip
                ON CONFLICT DO NOTHING
                RETURNING person_id
            )
            INSERT INTO person SELECT person_id FROM added;
            RETURN QUERY SELECT p.nip, p.person_id FROM person_nip p WHERE p.nip = ANY (wanted);
        END $$""",
    "REVOKE ALL ON FUNCTION identify_persons FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION identify_persons TO {APPLICATION_ROLE}",
)

# The register of institutions is public knowledge; a regional actor still reads only the own row.
INSTITUTIONS = (
    "CREATE POLICY register ON institution FOR SELECT TO CURRENT_USER USING (true)",
    """CREATE FUNCTION name_key(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN lower(regexp_replace(btrim(name), '\\s+', ' ', 'g'))""",
    """CREATE FUNCTION institution_named(wanted text) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = public, pg_temp
        BEGIN ATOMIC SELECT id FROM institution WHERE institution.name_key = name_key(wanted); END""",
    """CREATE FUNCTION institution_register() RETURNS TABLE (
            id uuid, name text, as_of date, rubric_code text, rubric_version integer, box integer, people integer
        ) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
            SELECT i.id, i.name, i.as_of, i.rubric_code, i.rubric_version, n.box::integer, n.people
            FROM institution i LEFT JOIN national_box_count n ON n.institution_id = i.id
            WHERE current_reach() = 'national';
        END""",
    # Counts leave the institution, rows do not: one row per box, made anew from the institution's own placements.
    """CREATE FUNCTION publish_box_counts() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
            DELETE FROM national_box_count WHERE institution_id = current_institution();
            INSERT INTO national_box_count
            SELECT institution_id, coalesce(box, 0), count(*) FROM placement
            WHERE institution_id = current_institution() GROUP BY institution_id, coalesce(box, 0);
        END""",
    *(
        statement
        for function in ("institution_named", "institution_register", "publish_box_counts")
        for statement in (
            f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {function} TO {APPLICATION_ROLE}",
        )
    ),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "national_box_count",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("box", sa.SmallInteger(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "institution_id", "box", name="pk_national_box_count"),
    )
    op.create_table(
        "rubric",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title_id", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("document", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint(
            "code", "version", name="pk_rubric"),
    )
    op.create_table(
        "institution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("siasn_id", sa.Text(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("rubric_code", sa.Text(), nullable=True),
        sa.Column("rubric_version", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["rubric_code", "rubric_version"],
            ["rubric.code", "rubric.version"],
            name="fk_institution_rubric_code_rubric_version",
        ),
        sa.PrimaryKeyConstraint(
            "id", name="pk_institution"),
        sa.UniqueConstraint("name_key", name="uq_institution_name_key"),
    )
    op.create_table(
        "rubric_leaf",
        sa.Column("rubric_code", sa.Text(), nullable=False),
        sa.Column("rubric_version", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("axis", sa.Text(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("leaf", sa.Text(), nullable=False),
        sa.Column("label_id", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=False),
        sa.Column("weight", sa.Numeric(precision=9, scale=6), nullable=False),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["rubric_code", "rubric_version"],
            ["rubric.code", "rubric.version"],
            name="fk_rubric_leaf_rubric_code_rubric_version",
        ),
        sa.PrimaryKeyConstraint(
            "rubric_code", "rubric_version", "ordinal", name="pk_rubric_leaf"),
    )
    op.create_table(
        "import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("report", JSONB(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_import_institution_id"),
        sa.PrimaryKeyConstraint(
            "institution_id", "id", name="pk_import"),
    )
    op.create_index(
        ("ix_import_institution_id_started_at_id"), "import", ["institution_id", "started_at", "id"], unique=False
    )
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("payload", JSONB(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("transaction", sa.Text(), server_default=sa.text("pg_current_xact_id()::text"), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_ledger_entry_institution_id"),
        sa.PrimaryKeyConstraint(
            "institution_id", "id", name="pk_ledger_entry"),
    )
    op.create_index(("ix_ledger_entry_transaction"), "ledger_entry", ["transaction"], unique=False)
    op.create_table(
        "org_unit",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Text(), nullable=True),
        sa.Column("path", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_org_unit_institution_id"),
        sa.PrimaryKeyConstraint(
            "institution_id", "id", name="pk_org_unit"),
    )
    op.create_table(
        "import_refusal",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("detail_id", sa.Text(), nullable=False),
        sa.Column("detail_en", sa.Text(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id", "import_id"],
            ["import.institution_id", "import.id"],
            name="fk_import_refusal_institution_id_import_id",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_import_refusal_institution_id"),
        sa.PrimaryKeyConstraint(
            "institution_id", "import_id", "ordinal", name="pk_import_refusal"),
    )
    op.create_table(
        "talent",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("nip", sa.Text(), nullable=False),
        sa.Column("siasn_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title_before", sa.Text(), nullable=True),
        sa.Column("title_after", sa.Text(), nullable=True),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("sex", sa.Text(), nullable=True),
        sa.Column("employment_type_id", sa.Text(), nullable=True),
        sa.Column("employment_type", sa.Text(), nullable=True),
        sa.Column("legal_status_id", sa.Text(), nullable=True),
        sa.Column("legal_status", sa.Text(), nullable=True),
        sa.Column("employment_status", sa.Text(), nullable=True),
        sa.Column("candidate_from", sa.Date(), nullable=True),
        sa.Column("appointed_from", sa.Date(), nullable=True),
        sa.Column("grade_id", sa.Text(), nullable=True),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("grade_from", sa.Date(), nullable=True),
        sa.Column("service_years", sa.Integer(), nullable=True),
        sa.Column("service_months", sa.Integer(), nullable=True),
        sa.Column("position_type_id", sa.Text(), nullable=True),
        sa.Column("position_type", sa.Text(), nullable=True),
        sa.Column("position_id", sa.Text(), nullable=True),
        sa.Column("position", sa.Text(), nullable=True),
        sa.Column("position_from", sa.Date(), nullable=True),
        sa.Column("position_level", sa.Text(), nullable=True),
        sa.Column("echelon_id", sa.Text(), nullable=True),
        sa.Column("echelon", sa.Text(), nullable=True),
        sa.Column("education_level", sa.Text(), nullable=True),
        sa.Column("education", sa.Text(), nullable=True),
        sa.Column("graduated_in", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Text(), nullable=True),
        sa.Column("home_institution_id", sa.Text(), nullable=True),
        sa.Column("home_institution", sa.Text(), nullable=True),
        sa.Column("working_institution_id", sa.Text(), nullable=True),
        sa.Column("working_institution", sa.Text(), nullable=True),
        sa.Column("is_mapped", sa.Boolean(), nullable=False),
        sa.Column("unmapped_because", sa.Text(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id", "unit_id"],
            ["org_unit.institution_id", "org_unit.id"],
            name="fk_talent_institution_id_unit_id",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_talent_institution_id"),
        sa.PrimaryKeyConstraint(
            "institution_id", "id", name="pk_talent"),
        sa.UniqueConstraint("institution_id", "nip", name="uq_talent_institution_id_nip"),
        sa.UniqueConstraint("institution_id", "person_id", name="uq_talent_institution_id_person_id"),
    )
    op.create_index(("ix_talent_institution_id_name_id"), "talent", ["institution_id", "name", "id"], unique=False)
    op.create_index(("ix_talent_institution_id_unit_id"), "talent", ["institution_id", "unit_id"], unique=False)
    op.create_table(
        "award",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("awarded_on", sa.Date(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("talent_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row_key", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id", "import_id"],
            ["import.institution_id", "import.id"],
            name="fk_award_institution_id_import_id",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "talent_id"],
            ["talent.institution_id", "talent.id"],
            name="fk_award_institution_id_talent_id",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_award_institution_id"),
        sa.ForeignKeyConstraint(
            ["institution_id", "withdrawn_by"],
            ["import.institution_id", "import.id"],
            name="fk_award_institution_id_withdrawn_by",
        ),
        sa.PrimaryKeyConstraint(
            "institution_id", "talent_id", "id", name="pk_award"),
        sa.UniqueConstraint("institution_id", "talent_id", "row_key", name="uq_award_institution_id_talent_id_row_key"),
    )
    op.create_table(
        "competency_assessment",
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("integrity", sa.SmallInteger(), nullable=True),
        sa.Column("teamwork", sa.SmallInteger(), nullable=True),
        sa.Column("communication", sa.SmallInteger(), nullable=True),
        sa.Column("results_orientation", sa.SmallInteger(), nullable=True),
        sa.Column("public_service", sa.SmallInteger(), nullable=True),
        sa.Column("developing_self_and_others", sa.SmallInteger(), nullable=True),
        sa.Column("managing_change", sa.SmallInteger(), nullable=True),
        sa.Column("decision_making", sa.SmallInteger(), nullable=True),
        sa.Column("nation_binding", sa.SmallInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("talent_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row_key", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id", "import_id"],
            ["import.institution_id", "import.id"],
            name="fk_competency_assessment_institution_id_import_id",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "talent_id"],
            ["talent.institution_id", "talent.id"],
            name="fk_competency_assessment_institution_id_talent_id",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_competency_assessment_institution_id"),
        sa.ForeignKeyConstraint(
            ["institution_id", "withdrawn_by"],
            ["import.institution_id", "import.id"],
            name="fk_competency_assessment_institution_id_withdrawn_by",
        ),
        sa.PrimaryKeyConstraint(
            "institution_id", "talent_id", "id", name="pk_competency_assessment"),
        sa.UniqueConstraint(
            "institution_id", "talent_id", "row_key", name="uq_competency_assessment_institution_id_talent_id_row_key"
        ),
    )
    op.create_table(
        "disciplinary_sanction",
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("talent_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row_key", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id", "import_id"],
            ["import.institution_id", "import.id"],
            name="fk_disciplinary_sanction_institution_id_import_id",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "talent_id"],
            ["talent.institution_id", "talent.id"],
            name="fk_disciplinary_sanction_institution_id_talent_id",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_disciplinary_sanction_institution_id"),
        sa.ForeignKeyConstraint(
            ["institution_id", "withdrawn_by"],
            ["import.institution_id", "import.id"],
            name="fk_disciplinary_sanction_institution_id_withdrawn_by",
        ),
        sa.PrimaryKeyConstraint(
            "institution_id", "talent_id", "id", name="pk_disciplinary_sanction"),
        sa.UniqueConstraint(
            "institution_id", "talent_id", "row_key", name="uq_disciplinary_sanction_institution_id_talent_id_row_key"
        ),
    )
    op.create_table(
        "education",
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("level_label", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("school", sa.Text(), nullable=True),
        sa.Column("graduated_in", sa.SmallInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("talent_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row_key", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id", "import_id"],
            ["import.institution_id", "import.id"],
            name="fk_education_institution_id_import_id",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "talent_id"],
            ["talent.institution_id", "talent.id"],
            name="fk_education_institution_id_talent_id",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_education_institution_id"),
        sa.ForeignKeyConstraint(
            ["institution_id", "withdrawn_by"],
            ["import.institution_id", "import.id"],
            name="fk_education_institution_id_withdrawn_by",
        ),
        sa.PrimaryKeyConstraint(
            "institution_id", "talent_id", "id", name="pk_education"),
        sa.UniqueConstraint(
            "institution_id", "talent_id", "row_key", name="uq_education_institution_id_talent_id_row_key"
        ),
    )
    op.create_table(
        "evidence_check",
        sa.Column("talent_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id", "import_id"],
            ["import.institution_id", "import.id"],
            name="fk_evidence_check_institution_id_import_id",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "talent_id"],
            ["talent.institution_id", "talent.id"],
            name="fk_evidence_check_institution_id_talent_id",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_evidence_check_institution_id"),
        sa.PrimaryKeyConstraint(
            "institution_id", "talent_id", "kind", name="pk_evidence_check"),
    )
    op.create_table(
        "feedback_360",
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("predicate", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("talent_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row_key", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id", "import_id"],
            ["import.institution_id", "import.id"],
            name="fk_feedback_360_institution_id_import_id",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "talent_id"],
            ["talent.institution_id", "talent.id"],
            name="fk_feedback_360_institution_id_talent_id",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_feedback_360_institution_id"),
        sa.ForeignKeyConstraint(
            ["institution_id", "withdrawn_by"],
            ["import.institution_id", "import.id"],
            name="fk_feedback_360_institution_id_withdrawn_by",
        ),
        sa.PrimaryKeyConstraint(
            "institution_id", "talent_id", "id", name="pk_feedback_360"),
        sa.UniqueConstraint(
            "institution_id", "talent_id", "row_key", name="uq_feedback_360_institution_id_talent_id_row_key"
        ),
    )
    op.create_table(
        "performance_appraisal",
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("work_result_rating", sa.Text(), nullable=True),
        sa.Column("behaviour_rating", sa.Text(), nullable=True),
        sa.Column("predicate", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("talent_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row_key", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id", "import_id"],
            ["import.institution_id", "import.id"],
            name="fk_performance_appraisal_institution_id_import_id",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "talent_id"],
            ["talent.institution_id", "talent.id"],
            name="fk_performance_appraisal_institution_id_talent_id",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_performance_appraisal_institution_id"),
        sa.ForeignKeyConstraint(
            ["institution_id", "withdrawn_by"],
            ["import.institution_id", "import.id"],
            name="fk_performance_appraisal_institution_id_withdrawn_by",
        ),
        sa.PrimaryKeyConstraint(
            "institution_id", "talent_id", "id", name="pk_performance_appraisal"),
        sa.UniqueConstraint(
            "institution_id", "talent_id", "row_key", name="uq_performance_appraisal_institution_id_talent_id_row_key"
        ),
    )
    op.create_table(
        "placement",
        sa.Column("talent_id", sa.Uuid(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("rubric_code", sa.Text(), nullable=False),
        sa.Column("rubric_version", sa.Integer(), nullable=False),
        sa.Column("performance", sa.BigInteger(), nullable=True),
        sa.Column("potential", sa.BigInteger(), nullable=True),
        sa.Column("performance_category", sa.Text(), nullable=True),
        sa.Column("potential_category", sa.Text(), nullable=True),
        sa.Column("box", sa.SmallInteger(), nullable=True),
        sa.Column("talent_value", sa.Numeric(precision=12, scale=8), nullable=True),
        sa.Column("missing", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("reasons", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("found", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("scores", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("points", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("evidence_ids", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("evidence_days", sa.ARRAY(sa.Date()), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(box IS NULL) = (performance IS NULL OR potential IS NULL)", name="ck_placement_box_needs_both_axes"
        ),
        sa.CheckConstraint("box BETWEEN 1 AND 9", name="ck_placement_box"),
        sa.ForeignKeyConstraint(
            ["institution_id", "talent_id"],
            ["talent.institution_id", "talent.id"],
            name="fk_placement_institution_id_talent_id",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_placement_institution_id"),
        sa.ForeignKeyConstraint(
            ["rubric_code", "rubric_version"],
            ["rubric.code", "rubric.version"],
            name="fk_placement_rubric_code_rubric_version",
        ),
        sa.PrimaryKeyConstraint(
            "institution_id", "talent_id", name="pk_placement"),
    )
    op.create_index(("ix_placement_institution_id_box"), "placement", ["institution_id", "box"], unique=False)
    op.create_table(
        "position",
        sa.Column("position_type", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Text(), nullable=True),
        sa.Column("institution", sa.Text(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("talent_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row_key", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id", "import_id"],
            ["import.institution_id", "import.id"],
            name="fk_position_institution_id_import_id",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "talent_id"],
            ["talent.institution_id", "talent.id"],
            name="fk_position_institution_id_talent_id",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_position_institution_id"),
        sa.ForeignKeyConstraint(
            ["institution_id", "withdrawn_by"],
            ["import.institution_id", "import.id"],
            name="fk_position_institution_id_withdrawn_by",
        ),
        sa.PrimaryKeyConstraint(
            "institution_id", "talent_id", "id", name="pk_position"),
        sa.UniqueConstraint(
            "institution_id", "talent_id", "row_key", name="uq_position_institution_id_talent_id_row_key"
        ),
    )
    op.create_table(
        "potential_assessment",
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("intellectual_ability", sa.SmallInteger(), nullable=True),
        sa.Column("interpersonal_ability", sa.SmallInteger(), nullable=True),
        sa.Column("self_awareness", sa.SmallInteger(), nullable=True),
        sa.Column("critical_and_strategic_thinking", sa.SmallInteger(), nullable=True),
        sa.Column("problem_solving", sa.SmallInteger(), nullable=True),
        sa.Column("emotional_intelligence", sa.SmallInteger(), nullable=True),
        sa.Column("fast_learning_and_self_development", sa.SmallInteger(), nullable=True),
        sa.Column("motivation_and_commitment", sa.SmallInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("talent_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row_key", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id", "import_id"],
            ["import.institution_id", "import.id"],
            name="fk_potential_assessment_institution_id_import_id",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "talent_id"],
            ["talent.institution_id", "talent.id"],
            name="fk_potential_assessment_institution_id_talent_id",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_potential_assessment_institution_id"),
        sa.ForeignKeyConstraint(
            ["institution_id", "withdrawn_by"],
            ["import.institution_id", "import.id"],
            name="fk_potential_assessment_institution_id_withdrawn_by",
        ),
        sa.PrimaryKeyConstraint(
            "institution_id", "talent_id", "id", name="pk_potential_assessment"),
        sa.UniqueConstraint(
            "institution_id", "talent_id", "row_key", name="uq_potential_assessment_institution_id_talent_id_row_key"
        ),
    )
    op.create_table(
        "team_assignment",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("talent_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row_key", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id", "import_id"],
            ["import.institution_id", "import.id"],
            name="fk_team_assignment_institution_id_import_id",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "talent_id"],
            ["talent.institution_id", "talent.id"],
            name="fk_team_assignment_institution_id_talent_id",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_team_assignment_institution_id"),
        sa.ForeignKeyConstraint(
            ["institution_id", "withdrawn_by"],
            ["import.institution_id", "import.id"],
            name="fk_team_assignment_institution_id_withdrawn_by",
        ),
        sa.PrimaryKeyConstraint(
            "institution_id", "talent_id", "id", name="pk_team_assignment"),
        sa.UniqueConstraint(
            "institution_id", "talent_id", "row_key", name="uq_team_assignment_institution_id_talent_id_row_key"
        ),
    )
    op.create_table(
        "training",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("finished_on", sa.Date(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("talent_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row_key", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id", "import_id"],
            ["import.institution_id", "import.id"],
            name="fk_training_institution_id_import_id",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "talent_id"],
            ["talent.institution_id", "talent.id"],
            name="fk_training_institution_id_talent_id",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_training_institution_id"),
        sa.ForeignKeyConstraint(
            ["institution_id", "withdrawn_by"],
            ["import.institution_id", "import.id"],
            name="fk_training_institution_id_withdrawn_by",
        ),
        sa.PrimaryKeyConstraint(
            "institution_id", "talent_id", "id", name="pk_training"),
        sa.UniqueConstraint(
            "institution_id", "talent_id", "row_key", name="uq_training_institution_id_talent_id_row_key"
        ),
    )

    statements = [
        *prepare(),
        *PERSONS,
        *protect("institution", column="id"),
        *INSTITUTIONS,
        *(statement for table in TENANT_TABLES for statement in protect(table)),
        *protect_ledger("ledger_entry"),
        f"GRANT SELECT ON rubric, rubric_leaf TO {APPLICATION_ROLE}",
    ]
    for statement in statements:
        op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for function in ("identify_persons", "institution_named", "institution_register", "publish_box_counts", "name_key"):
        op.execute(f"DROP FUNCTION {function}")
    tables = (*reversed(TENANT_TABLES), "ledger_entry", "institution", "national_box_count", "rubric_leaf", "rubric")
    op.execute(
        "DROP TABLE " + ", ".join(f'"{table}"' for table in (*tables, "person_nip", "person", "unrecorded_change"))
    )
    for function in ("note_change", "refuse_unrecorded_change", "current_institution", "current_reach"):
        op.execute(f"DROP FUNCTION {function}")
