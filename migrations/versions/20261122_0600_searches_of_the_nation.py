"""Searches of the nation, kept so that they can be made again; candidates of all institutions as searches read them."""

from __future__ import annotations

from collections.abc import Iterator

from alembic import op

from app.db.policies import APPLICATION_ROLE, protect

revision = "20261122_0600"
down_revision = "20261122_0550"
branch_labels = None
depends_on = None

MINE = "(SELECT current_institution())"
LEVELS = (
    *("jpt_utama", "jpt_madya", "jpt_pratama", "administrator", "pengawas", "jf_ahli_utama", "jf_ahli_madya"),
    *("jf_ahli_muda", "jf_ahli_pertama", "jf_penyelia", "jf_mahir", "jf_terampil", "jf_pemula", "pelaksana"),
)
_LEVELS = ", ".join(f"'{level}'" for level in LEVELS)
COMPETENCIES, STANDARDS = range(1, 10), range(1, 6)

# ── candidates: what most searches read comes first, and of that what is never or rarely unknown


def _spread(name: str, kind: str, most: int) -> dict[str, tuple[str, str]]:
    return {f"{name}_{place}": (kind, f"c.{name}[{place}]") for place in range(1, most + 1)}


def _fact(name: str, kind: str) -> dict[str, tuple[str, str]]:
    return {name: (kind, f"c.{name}")}


def _matched(standard: int, blank: int) -> str:
    """Levels as far as a standard asks for them that asks the same of each, where an unknown one is a blank."""
    return " + ".join(f"least(coalesce(c.competencies[{place}], {blank}), {standard})" for place in COMPETENCIES)


_CLOSED = "coalesce((SELECT sum(days) FROM unnest(c.closed_days) AS days), 0)"
HAS_GAPS = f"""num_nulls(c.service_from, c.history_from, c.level, c.level_since, c.closed_days, c.affair_days,
            c.government_affair, c.affair_since) > 0 OR c.unplaced_days IS DISTINCT FROM 0
            OR c.history_from > c.service_from OR c.level_since - c.service_from > {_CLOSED}"""
HELD = {
    "levels": f"""ARRAY(
        SELECT place::smallint FROM unnest(c.closed_days) WITH ORDINALITY AS closed (days, place) WHERE days > 0
        UNION SELECT array_position(ARRAY[{_LEVELS}], c.level)::smallint WHERE c.level IS NOT NULL ORDER BY 1)""",  # noqa: S608 - our own words
    "affairs": """ARRAY(
        SELECT jsonb_object_keys(c.affair_days)
        UNION SELECT c.government_affair WHERE c.government_affair IS NOT NULL ORDER BY 1)""",
}
_WHOSE = ("institution_id", "talent_id")
# an empty object is added for the sake of its form: what has the long header is read where it lies
COLUMNS: dict[str, tuple[str, str]] = {
    **_fact("id", "UUID NOT NULL"),
    **_fact("institution_id", "UUID NOT NULL"),
    **_fact("talent_id", "UUID NOT NULL"),
    **_fact("as_of", "DATE NOT NULL"),
    "closed_total": ("INTEGER NOT NULL", _CLOSED),
    **{f"matched_{one}": ("SMALLINT NOT NULL", _matched(one, 1)) for one in STANDARDS},
    **{f"matched_at_most_{one}": ("SMALLINT NOT NULL", _matched(one, 5)) for one in STANDARDS},
    "has_gaps": ("BOOLEAN NOT NULL", HAS_GAPS),
    **_fact("are_sanctions_known", "BOOLEAN NOT NULL"),
    **_fact("box", "SMALLINT"),
    **_fact("education_rank", "SMALLINT"),
    **_fact("talent_value", "BIGINT"),
    **_fact("born_on", "DATE"),
    **_fact("level_since", "DATE"),
    **_fact("service_from", "DATE"),
    **_fact("assessed_on", "DATE"),
    **_spread("closed_days", "INTEGER", len(LEVELS)),
    **_fact("employment", "TEXT"),
    **_fact("level", "TEXT"),
    **_spread("training_hours", "INTEGER", 5),
    **_fact("government_affair", "TEXT"),
    **_fact("affair_since", "DATE"),
    "affair_days": ("JSONB", "c.affair_days || '{}'"),
    **_fact("sanctioned_until", "DATE"),
    **_fact("history_from", "DATE"),
    **_fact("post_since", "DATE"),
    **_fact("unplaced_days", "INTEGER"),
    "functional_days": ("JSONB", "c.functional_days || '{}'"),
    **_fact("job_family", "TEXT"),
    "province_code": ("TEXT", "i.province_code"),
    **_fact("grade", "SMALLINT"),
    **_fact("leadership", "SMALLINT"),
    **_fact("appraised_to", "SMALLINT"),
    **_spread("appraisals", "SMALLINT", 5),
    **_spread("competencies", "SMALLINT", len(COMPETENCIES)),
    **_spread("sanctioned_on", "DATE", 3),
    **_fact("performance", "BIGINT"),
    **_fact("potential", "BIGINT"),
    **_fact("missing", "TEXT[] NOT NULL"),
    "levels": ("SMALLINT[] NOT NULL", HELD["levels"]),
    "affairs": ("TEXT[] NOT NULL", HELD["affairs"]),
}
"""The columns in their order: of which type, and made of which facts."""
PLAIN = "ALTER TABLE pool_candidate ALTER affair_days SET STORAGE PLAIN, ALTER functional_days SET STORAGE PLAIN"
_INDEXES = (
    "CREATE INDEX ix_pool_candidate_levels_affairs ON pool_candidate USING gin (levels, affairs)",
    # the order that CLUSTER lays the rows in: those of a search beside each other, a sixth of the pages to read
    "CREATE INDEX ix_pool_candidate_level_government_affair ON pool_candidate (level, government_affair)",
    "ALTER TABLE pool_candidate CLUSTER ON ix_pool_candidate_level_government_affair",
)


def _function(name: str, body: str) -> str:
    return f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$ BEGIN {body} RETURN NULL; END $$"""


def _counted(*rows: tuple[str, int]) -> str:
    """Add to the counts of pools, in one order for everybody; what stays as it is is not touched."""
    each = " UNION ALL ".join(
        f"SELECT c.institution_id, c.box, {sign} AS sign, {HAS_GAPS} AS has_gaps FROM {name} c WHERE c.box >= 7"  # noqa: S608 - our own words
        for name, sign in rows
    )
    return f"""INSERT INTO national_pool_count AS n (institution_id, box, people, with_gaps)
        SELECT institution_id, box, sum(sign), coalesce(sum(sign) FILTER (WHERE has_gaps), 0) FROM ({each}) AS pooled
        GROUP BY institution_id, box
        HAVING sum(sign) <> 0 OR coalesce(sum(sign) FILTER (WHERE has_gaps), 0) <> 0
        ORDER BY institution_id, box
        ON CONFLICT (institution_id, box)
        DO UPDATE SET people = n.people + excluded.people, with_gaps = n.with_gaps + excluded.with_gaps;"""  # noqa: S608 - our own words


def _entered(rows: str) -> str:
    return f"""INSERT INTO pool_candidate ({", ".join(COLUMNS)})
        SELECT {", ".join(made for _, made in COLUMNS.values())}
        FROM {rows} c JOIN institution i ON i.id = c.institution_id WHERE c.box >= 7;"""  # noqa: S608 - our own words


LEAVE = "DELETE FROM pool_candidate p USING gone c WHERE p.id = c.id;"
# Institution by institution, as the policies ask.
REFILLED = """DO $$ DECLARE one uuid; BEGIN
        FOR one IN SELECT id FROM institution LOOP
            PERFORM set_config('app.institution_id', one::text, true);
            {}
        END LOOP;
        PERFORM set_config('app.institution_id', '', true);
    END $$"""
_THEIRS = "(SELECT * FROM candidate WHERE institution_id = one)"
_SHOWN = ", ".join(f"p.{name}" for name in COLUMNS if name not in _WHOSE)
# All of it or nothing, by who asks: no row is hidden from somebody who sees others, so it needs no barrier, and the
# conditions of a search reach the index. Whose people they are stays with the owner.
VIEW = f"""CREATE VIEW national_candidate AS
    SELECT (SELECT k.id FROM talent_card k WHERE k.institution_id = p.institution_id AND k.talent_id = p.talent_id
            AND k.listed_until > now() AND k.institution_id <> {MINE}) AS card_id, {_SHOWN}
    FROM pool_candidate p WHERE current_reach() = 'national'"""  # noqa: S608 - our own words
POOL = (
    "DROP VIEW national_candidate",
    "DROP TABLE pool_candidate",
    f"""CREATE TABLE pool_candidate (
        {", ".join(f"{name} {kind}" for name, (kind, _) in COLUMNS.items())},
        CONSTRAINT pk_pool_candidate PRIMARY KEY (id)
    )""",
    PLAIN,
    *_INDEXES,
    """CREATE TABLE national_pool_count (
        institution_id UUID NOT NULL,
        box SMALLINT NOT NULL,
        people INTEGER NOT NULL,
        with_gaps INTEGER NOT NULL,
        CONSTRAINT pk_national_pool_count PRIMARY KEY (institution_id, box)
    )""",
    _function("enter_pool", _entered("come") + _counted(("come", 1))),
    _function("change_pool", LEAVE + _entered("come") + _counted(("come", 1), ("gone", -1))),
    _function("leave_pool", LEAVE + _counted(("gone", -1))),
    _function(
        "move_pool",
        """UPDATE pool_candidate p SET province_code = c.province_code FROM come c
        WHERE p.institution_id = c.id AND p.province_code IS DISTINCT FROM c.province_code;""",
    ),
    """CREATE TRIGGER move_pool AFTER UPDATE ON institution REFERENCING NEW TABLE AS come
        FOR EACH STATEMENT EXECUTE FUNCTION move_pool()""",
    REFILLED.format(_entered(_THEIRS) + _counted((_THEIRS, 1))),
    VIEW,
    f"GRANT SELECT ON national_candidate TO {APPLICATION_ROLE}",
    # how many people are in the pools of all institutions, by province and box
    """CREATE VIEW national_pool AS
        SELECT i.province_code, n.box, n.people, n.with_gaps
        FROM national_pool_count n JOIN institution i ON i.id = n.institution_id WHERE current_reach() = 'national'""",
    f"GRANT SELECT ON national_pool TO {APPLICATION_ROLE}",
)

# ── searches

SEARCHES = (
    """CREATE TABLE national_search (
        institution_id UUID NOT NULL,
        id UUID NOT NULL,
        made_at TIMESTAMP WITH TIME ZONE NOT NULL,
        subject TEXT NOT NULL,
        role TEXT NOT NULL,
        grounds TEXT NOT NULL,
        question TEXT NOT NULL,
        level TEXT NOT NULL,
        government_affair TEXT,
        inauguration_on DATE NOT NULL,
        rule_set_code TEXT NOT NULL,
        rule_set_version INTEGER NOT NULL,
        standard SMALLINT[] NOT NULL,
        boxes SMALLINT[] NOT NULL,
        provinces TEXT[],
        first SMALLINT NOT NULL,
        seed BYTEA NOT NULL,
        outcomes JSONB NOT NULL,
        rules JSONB NOT NULL,
        answer JSONB NOT NULL,
        inputs JSONB NOT NULL,
        digest TEXT NOT NULL,
        CONSTRAINT pk_national_search PRIMARY KEY (institution_id, id),
        CONSTRAINT fk_national_search_rule_set_code_rule_set_version
            FOREIGN KEY(rule_set_code, rule_set_version) REFERENCES rule_set (code, version),
        CONSTRAINT fk_national_search_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    # kept as they are written: they are read whole, and packing them would cost more than it saves
    "ALTER TABLE national_search ALTER answer SET STORAGE EXTERNAL, ALTER inputs SET STORAGE EXTERNAL",
    "CREATE INDEX ix_national_search_institution_id_made_at ON national_search (institution_id, made_at)",
    "CREATE INDEX ix_national_search_institution_id_question ON national_search (institution_id, question, made_at)",
    *protect("national_search"),
    f"REVOKE UPDATE, DELETE ON national_search FROM {APPLICATION_ROLE}",
    """CREATE TABLE national_search_recomputation (
        institution_id UUID NOT NULL,
        id UUID NOT NULL,
        search_id UUID NOT NULL,
        made_at TIMESTAMP WITH TIME ZONE NOT NULL,
        subject TEXT NOT NULL,
        role TEXT NOT NULL,
        digest TEXT NOT NULL,
        CONSTRAINT pk_national_search_recomputation PRIMARY KEY (institution_id, id),
        CONSTRAINT fk_national_search_recomputation_institution_id_search_id
            FOREIGN KEY(institution_id, search_id) REFERENCES national_search (institution_id, id),
        CONSTRAINT fk_national_search_recomputation_institution_id
            FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE INDEX ix_national_search_recomputation_institution_id_search_id
        ON national_search_recomputation (institution_id, search_id)""",
    *protect("national_search_recomputation"),
    f"REVOKE UPDATE, DELETE ON national_search_recomputation FROM {APPLICATION_ROLE}",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (*POOL, *SEARCHES):
        op.execute(statement.replace(":", "\\:"))


# ── as it was before

_SPREAD_BEFORE = {"closed_days": ("INTEGER", 14), "appraisals": ("SMALLINT", 5), "competencies": ("SMALLINT", 9)}
BEFORE: dict[str, tuple[str, str]] = {
    **{name: COLUMNS[name] for name in ("id", *_WHOSE, "as_of", "employment", "level", "level_since", "post_since")},
    **_spread("closed_days", *_SPREAD_BEFORE["closed_days"]),
    **{name: COLUMNS[name] for name in ("history_from", "service_from", "job_family", "government_affair")},
    **{name: COLUMNS[name] for name in ("affair_days", "affair_since", "unplaced_days", "education_rank", "grade")},
    **{name: COLUMNS[name] for name in ("born_on", "appraised_to")},
    **_spread("appraisals", *_SPREAD_BEFORE["appraisals"]),
    **_spread("competencies", *_SPREAD_BEFORE["competencies"]),
    **{name: COLUMNS[name] for name in ("assessed_on", "are_sanctions_known", "sanctioned_until")},
    **_spread("sanctioned_on", "DATE", 3),
    "leadership": COLUMNS["leadership"],
    **{name: COLUMNS[name] for name in ("box", "performance", "potential", "talent_value", "missing")},
    **{name: COLUMNS[name] for name in ("levels", "affairs", "functional_days")},
    **_spread("training_hours", "INTEGER", 5),
}


def _before() -> Iterator[str]:
    made = f"""INSERT INTO pool_candidate ({", ".join(BEFORE)})
        SELECT {", ".join(made for _, made in BEFORE.values())} FROM come c WHERE c.box >= 7;"""  # noqa: S608 - our own words
    yield f"""CREATE TABLE pool_candidate (
        {", ".join(f"{name} {kind}" for name, (kind, _) in BEFORE.items())},
        CONSTRAINT pk_pool_candidate PRIMARY KEY (id)
    )"""
    yield PLAIN
    yield from _INDEXES
    yield _function("enter_pool", made)
    yield _function("change_pool", LEAVE + made)
    yield _function("leave_pool", LEAVE)
    yield REFILLED.format(made.replace("FROM come c", f"FROM {_THEIRS} c"))
    shown = ", ".join(f"p.{name}" for name in BEFORE if name not in _WHOSE)
    yield f"""CREATE VIEW national_candidate AS
        SELECT (SELECT i.province_code FROM institution i WHERE i.id = p.institution_id) AS province_code,
            (SELECT k.id FROM talent_card k WHERE k.institution_id = p.institution_id AND k.talent_id = p.talent_id
                AND k.listed_until > now() AND k.institution_id <> {MINE}) AS card_id, {shown}
        FROM pool_candidate p WHERE current_reach() = 'national'"""  # noqa: S608 - our own words
    yield f"GRANT SELECT ON national_candidate TO {APPLICATION_ROLE}"


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (
        "DROP TABLE national_search_recomputation",
        "DROP TABLE national_search",
        "DROP VIEW national_pool",
        "DROP VIEW national_candidate",
        "DROP TRIGGER move_pool ON institution",
        "DROP FUNCTION move_pool",
        "DROP TABLE pool_candidate, national_pool_count",
        *_before(),
    ):
        op.execute(statement.replace(":", "\\:"))
