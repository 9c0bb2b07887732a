"""Facts that rules can ask for: functional posts by field, and lesson hours year by year."""

from __future__ import annotations

from alembic import op

from app.db.policies import APPLICATION_ROLE

revision = "20261122_0530"
down_revision = "20261122_0520"
branch_labels = None
depends_on = None

MINE = "(SELECT current_institution())"
LEVELS = (
    *("jpt_utama", "jpt_madya", "jpt_pratama", "administrator", "pengawas", "jf_ahli_utama", "jf_ahli_madya"),
    *("jf_ahli_muda", "jf_ahli_pertama", "jf_penyelia", "jf_mahir", "jf_terampil", "jf_pemula", "pelaksana"),
)
_LEVELS = ", ".join(f"'{level}'" for level in LEVELS)
ALONE = (
    *("id", "as_of", "employment", "level", "level_since", "post_since", "history_from", "service_from", "job_family"),
    *("government_affair", "affair_days", "affair_since", "unplaced_days", "education_rank", "grade", "born_on"),
    *("appraised_to", "assessed_on", "are_sanctions_known", "sanctioned_until", "leadership"),
    *("box", "performance", "potential", "talent_value", "missing"),
)
SPREAD = {"closed_days": len(LEVELS), "appraisals": 5, "competencies": 9, "sanctioned_on": 3}
YEARS = 5
HELD = {
    "levels": f"""ARRAY(
        SELECT place::smallint FROM unnest(c.closed_days) WITH ORDINALITY AS closed (days, place) WHERE days > 0
        UNION SELECT array_position(ARRAY[{_LEVELS}], c.level)::smallint WHERE c.level IS NOT NULL ORDER BY 1)""",  # noqa: S608 - our own words
    "affairs": """ARRAY(
        SELECT jsonb_object_keys(c.affair_days)
        UNION SELECT c.government_affair WHERE c.government_affair IS NOT NULL ORDER BY 1)""",
}
FACTS = ("functional_days",)
HOURS = tuple(f"training_hours_{place}" for place in range(1, YEARS + 1))


def _places(name: str, most: int) -> dict[str, str]:
    return {f"{name}_{place}": f"c.{name}[{place}]" for place in range(1, most + 1)}


def _pool(alone: tuple[str, ...], spread: dict[str, int]) -> tuple[str, ...]:
    """How rows enter the pool, and what of them the view shows."""
    places = {name: value for fact, most in spread.items() for name, value in _places(fact, most).items()}
    facts = {name: f"c.{name}" for name in ("institution_id", "talent_id", *alone)} | places | HELD
    # an empty object is added for the sake of its form: what has the long header is read where it lies
    facts |= {name: f"c.{name} || '{{}}'" for name in ("affair_days", *FACTS) if name in facts}
    enter = f"""INSERT INTO pool_candidate ({", ".join(facts)})
        SELECT {", ".join(facts.values())} FROM come c WHERE c.box >= 7;"""  # noqa: S608 - our own words
    leave = "DELETE FROM pool_candidate p USING gone c WHERE p.id = c.id;"
    shown = ", ".join(f"p.{name}" for name in (*alone, *places, *HELD))
    return (
        _statement_trigger("enter_pool", enter),
        _statement_trigger("change_pool", leave + enter),
        f"""CREATE VIEW national_candidate AS
            SELECT (SELECT i.province_code FROM institution i WHERE i.id = p.institution_id) AS province_code,
                (SELECT k.id FROM talent_card k WHERE k.institution_id = p.institution_id AND k.talent_id = p.talent_id
                    AND k.listed_until > now() AND k.institution_id <> {MINE}) AS card_id, {shown}
            FROM pool_candidate p WHERE current_reach() = 'national'""",  # noqa: S608 - our own words
        f"GRANT SELECT ON national_candidate TO {APPLICATION_ROLE}",
    )


def _statement_trigger(function: str, body: str) -> str:
    return f"""CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$ BEGIN {body} RETURN NULL; END $$"""


# What was known was the sum of three years: it stands as that of the latest, so that three years come to it again. The
# next refreshment finds each year.
_KNOWN = "CASE WHEN training_hours IS NOT NULL THEN ARRAY[training_hours, 0, 0, NULL, NULL] END"
_SUMMED = "training_hours[1] + training_hours[2] + training_hours[3]"
UP = (
    "DROP VIEW national_candidate",
    "ALTER TABLE candidate ADD COLUMN functional_days JSONB",
    f"ALTER TABLE candidate ALTER COLUMN training_hours TYPE INTEGER[] USING {_KNOWN}",
    "ALTER TABLE pool_candidate ADD COLUMN functional_days JSONB",
    "ALTER TABLE pool_candidate ALTER functional_days SET STORAGE PLAIN",
    *(f"ALTER TABLE pool_candidate ADD COLUMN {name} INTEGER" for name in HOURS),
    """UPDATE pool_candidate SET training_hours_1 = training_hours, training_hours_2 = 0, training_hours_3 = 0
        WHERE training_hours IS NOT NULL""",
    "ALTER TABLE pool_candidate DROP COLUMN training_hours",
    *_pool((*ALONE, *FACTS), {**SPREAD, "training_hours": YEARS}),
)
DOWN = (
    "DROP VIEW national_candidate",
    "ALTER TABLE candidate DROP COLUMN functional_days",
    f"ALTER TABLE candidate ALTER COLUMN training_hours TYPE INTEGER USING {_SUMMED}",
    "ALTER TABLE pool_candidate DROP COLUMN functional_days",
    "ALTER TABLE pool_candidate ADD COLUMN training_hours INTEGER",
    "UPDATE pool_candidate SET training_hours = training_hours_1 + training_hours_2 + training_hours_3",
    *(f"ALTER TABLE pool_candidate DROP COLUMN {name}" for name in HOURS),
    *_pool((*ALONE, "training_hours"), SPREAD),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in UP:
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in DOWN:
        op.execute(statement.replace(":", "\\:"))
