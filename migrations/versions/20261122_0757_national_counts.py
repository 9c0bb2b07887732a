"""What searches of the nation compare, as numbers alone; counts of the nation by province, kept up as people change."""

from __future__ import annotations

from alembic import op

from app.db.policies import APPLICATION_ROLE

revision = "20261122_0757"
down_revision = "20261122_0755"
branch_labels = None
depends_on = None

# ── measures: a row for everybody in a pool, and one more for each affair that they work or have worked in

NEVER = 1 << 30
COMPETENCE, YEARS = range(1, 6), range(1, 6)
EMPLOYMENT = ("pns", "pppk")
LEVELS = (
    *("jpt_utama", "jpt_madya", "jpt_pratama", "administrator", "pengawas", "jf_ahli_utama", "jf_ahli_madya"),
    *("jf_ahli_muda", "jf_ahli_pertama", "jf_penyelia", "jf_mahir", "jf_terampil", "jf_pemula", "pelaksana"),
)


def _day(of: str, *, unknown: int = NEVER) -> tuple[str, str]:
    return "INTEGER", f"coalesce({of} - date '1970-01-01', {unknown})"


def _rank(of: str) -> tuple[str, str]:
    return "SMALLINT", f"coalesce({of}, -1)"


def _bit(words: tuple[str, ...], word: str) -> str:
    return f"coalesce(1 << array_position(ARRAY{list(words)}, {word}) - 1, 0)"


def _said(affair: str) -> str:
    days = [f"coalesce((p.functional_days -> '{one}' ->> {affair})::integer, 0)" for one in LEVELS if one[:3] == "jf_"]
    return f"CASE WHEN p.functional_days IS NOT NULL THEN ARRAY[{', '.join(days)}] ELSE '{{}}' END"


def _hours(years: int) -> str:
    return " + ".join(f"p.training_hours_{back}" for back in range(1, years + 1))


def _worst(years: int) -> str:
    return f"coalesce(least({', '.join(f'p.appraisals_{back}' for back in range(1, years + 1))}), {(1 << 15) - 1})"


# What most searches read comes first; nothing is null, so that every place in a row is known before it is read.
MEASURES: dict[str, tuple[str, str]] = {
    "id": ("UUID", "p.id"),
    "talent_value": ("INTEGER", "coalesce(p.talent_value, -1)"),
    "levels": ("INTEGER", "coalesce((SELECT bit_or(1 << place - 1) FROM unnest(p.levels) AS place), 0)"),
    "level": ("INTEGER", _bit(LEVELS, "p.level")),
    "level_since": _day("CASE WHEN p.level IS NOT NULL THEN p.level_since END"),
    "born_on": _day("p.born_on"),
    "assessed_on": _day("p.assessed_on"),
    "sanctioned_until": _day("p.sanctioned_until", unknown=-NEVER),
    "affair_days": ("INTEGER", "coalesce((p.affair_days ->> a.affair)::integer, 0)"),
    "affair_since": _day("CASE WHEN p.government_affair = a.affair THEN p.affair_since END"),
    "employment": ("SMALLINT", _bit(EMPLOYMENT, "p.employment")),
    "education_rank": _rank("p.education_rank"),
    "has_gaps": ("BOOLEAN", "p.has_gaps"),
    "are_sanctions_known": ("BOOLEAN", "p.are_sanctions_known"),
    "knows_affairs": ("BOOLEAN", "p.affair_days IS NOT NULL"),
    **{
        f"{name}_{one}": ("SMALLINT", f"p.{name}_{one}")
        for name in ("matched", "matched_at_most")
        for one in COMPETENCE
    },
    **{
        f"closed_days_{place}": ("INTEGER", f"coalesce(p.closed_days_{place}, 0)")
        for place in range(1, len(LEVELS) + 1)
    },
    "closed_total": ("INTEGER", "p.closed_total"),
    "service_from": _day("p.service_from", unknown=-NEVER),
    **{f"training_{years}": ("INTEGER", f"coalesce({_hours(years)}, -1)") for years in YEARS},
    **{f"worst_{years}": ("SMALLINT", _worst(years)) for years in YEARS},
    "appraised": (
        "SMALLINT",
        f"array_position(ARRAY[{', '.join(f'p.appraisals_{back} IS NULL' for back in YEARS)}, true], true) - 1",
    ),
    "box": ("SMALLINT", "p.box"),
    "history_from": _day("CASE WHEN p.affair_days IS NOT NULL THEN p.history_from END"),
    "unplaced_days": ("INTEGER", "coalesce(p.unplaced_days, 0)"),
    "unplaced_since": _day("CASE WHEN num_nulls(p.government_affair, p.affair_since) > 0 THEN p.post_since END"),
    "post_since": _day("p.post_since"),
    "performance": ("INTEGER", "coalesce(p.performance, -1)"),
    "potential": ("INTEGER", "coalesce(p.potential, -1)"),
    "grade": _rank("p.grade"),
    "leadership": _rank("p.leadership"),
    "is_there": ("BOOLEAN", "coalesce(p.government_affair = a.affair, false)"),
    "has_affair": ("BOOLEAN", "p.government_affair IS NOT NULL"),
    "knows_fields": ("BOOLEAN", "p.functional_days IS NOT NULL"),
    "field_days": ("INTEGER[]", _said("a.affair")),
    "unsaid_days": ("INTEGER[]", _said("'?'")),
    "province_code": ("TEXT", "coalesce(p.province_code, '')"),
    "affair": ("TEXT", "a.affair"),
}
"""The columns in their order: of which type, and made of what."""
_EVERYWHERE = "CROSS JOIN LATERAL (SELECT '' AS affair UNION ALL SELECT unnest(p.affairs)) AS a"


def _measured(rows: str) -> str:
    made = ", ".join(made for _, made in MEASURES.values())
    return f"INSERT INTO pool_measure ({', '.join(MEASURES)}) SELECT {made} FROM {rows} AS p {_EVERYWHERE}"  # noqa: S608 - our own words


def _function(name: str, *body: str) -> str:
    return f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$ BEGIN {"; ".join(body)}; RETURN NULL; END $$"""


def _trigger(name: str, event: str, table: str, rows: str, function: str) -> str:
    return f"""CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {rows}
        FOR EACH STATEMENT EXECUTE FUNCTION {function}()"""


COME, GONE = "NEW TABLE AS come", "OLD TABLE AS gone"
POOL = (
    f"""CREATE TABLE pool_measure (
        {", ".join(f"{name} {kind} NOT NULL" for name, (kind, _) in MEASURES.items())},
        CONSTRAINT pk_pool_measure PRIMARY KEY (id, affair)
    )""",
    # arrays with the long header are read where they lie
    "ALTER TABLE pool_measure ALTER field_days SET STORAGE PLAIN, ALTER unsaid_days SET STORAGE PLAIN",
    f"{_measured('pool_candidate')} ORDER BY a.affair, p.levels",
    # the order that CLUSTER lays the rows in: those of a search beside each other
    "CREATE INDEX ix_pool_measure_affair_levels ON pool_measure (affair, levels)",
    "ALTER TABLE pool_measure CLUSTER ON ix_pool_measure_affair_levels",
    "ANALYZE pool_measure",
    _function("measure_pool", _measured("come")),
    _function("unmeasure_pool", "DELETE FROM pool_measure m USING gone p WHERE m.id = p.id"),
    _function("remeasure_pool", "DELETE FROM pool_measure m USING gone p WHERE m.id = p.id", _measured("come")),
    _trigger("measure_pool", "INSERT", "pool_candidate", COME, "measure_pool"),
    _trigger("unmeasure_pool", "DELETE", "pool_candidate", GONE, "unmeasure_pool"),
    _trigger("remeasure_pool", "UPDATE", "pool_candidate", f"{GONE} {COME}", "remeasure_pool"),
    # facts are found by id alone from now on
    "ALTER TABLE pool_candidate SET WITHOUT CLUSTER",
    "DROP INDEX ix_pool_candidate_levels_affairs, ix_pool_candidate_level_government_affair",
    # All of it or nothing, by who asks: no row is hidden from somebody who sees others, so it needs no barrier.
    f"""CREATE VIEW national_measure AS
        SELECT {", ".join(f"m.{name}" for name in MEASURES)} FROM pool_measure m WHERE current_reach() = 'national'""",  # noqa: S608 - our own words
    f"GRANT SELECT ON national_measure TO {APPLICATION_ROLE}",
    # the few different sets of levels that people hold or have held, each found by one look into the index
    """CREATE VIEW national_career AS
        WITH RECURSIVE career (levels) AS (
            SELECT min(levels) FROM pool_measure WHERE affair = ''
            UNION ALL
            SELECT (SELECT min(m.levels) FROM pool_measure m WHERE m.affair = '' AND m.levels > c.levels)
            FROM career c WHERE c.levels IS NOT NULL
        ) SELECT levels FROM career WHERE levels IS NOT NULL AND current_reach() = 'national'""",
    f"GRANT SELECT ON national_career TO {APPLICATION_ROLE}",
)
"""Days count from 1970; `NEVER` is the day of what is not known to have begun, and as long ago what limits nothing."""

# ── counts by province: changes are appended, and folded into the sums by whoever finds nobody at it

POOLS = (7, 8, 9)
BY_LEVEL = ("unassessed", *(f"box_{box}" for box in range(1, 10)))
POOLED = tuple(f"{name}_{box}" for name in ("pooled", "gaps") for box in POOLS)
COUNTED = (*BY_LEVEL, *POOLED)
_COUNTS = ", ".join(f"{name} INTEGER NOT NULL DEFAULT 0" for name in COUNTED)
_SUMMED = ", ".join(f"sum({name})::integer AS {name}" for name in COUNTED)
_ADDED = ", ".join(f"{name} = n.{name} + excluded.{name}" for name in COUNTED)
_FROM_BOXES = ", ".join(f"sum(sign * {name})" for name in BY_LEVEL)
_FROM_POOLS = ", ".join(
    f"coalesce(sum(sign * {of}) FILTER (WHERE box = {box}), 0)" for of in ("people", "with_gaps") for box in POOLS
)
SIGNS = {"come": 1, "gone": -1}
OTHER = {"come": "gone", "gone": "come"}


def _changed(*rows: str) -> str:
    """What came and went of the counts of institutions."""
    return " UNION ALL ".join(
        f"SELECT i.province_code, {SIGNS[one]} AS sign, c.* FROM {one} c JOIN institution i ON i.id = c.institution_id"  # noqa: S608 - our own words
        for one in rows
    )


def _moved(table: str) -> str:
    """The counts of institutions that now are in another province: taken away there and added here."""
    return " UNION ALL ".join(
        f"""SELECT i.province_code, {SIGNS[one]} AS sign, c.* FROM {table} c JOIN {one} i ON i.id = c.institution_id
            JOIN {OTHER[one]} o ON o.id = i.id AND o.province_code IS DISTINCT FROM i.province_code"""  # noqa: S608 - our own words
        for one in SIGNS
    )


def _append(names: tuple[str, ...], level: str, sums: str, rows: str) -> str:
    return f"""INSERT INTO national_count_change (province_code, position_level, {", ".join(names)})
        SELECT coalesce(province_code, ''), {level}, {sums} FROM ({rows}) AS counted GROUP BY 1, 2"""  # noqa: S608 - our own words


def _boxes(rows: str) -> str:
    return _append(BY_LEVEL, "position_level", _FROM_BOXES, rows)


def _pools(rows: str) -> str:
    return _append(POOLED, "''", _FROM_POOLS, rows)


FOLD = "PERFORM fold_national_counts()"
COUNTS = (
    f"""CREATE TABLE national_count (
        province_code TEXT NOT NULL,
        position_level TEXT NOT NULL,
        {_COUNTS},
        CONSTRAINT pk_national_count PRIMARY KEY (province_code, position_level)
    )""",
    f"""CREATE TABLE national_count_change (
        id BIGINT GENERATED ALWAYS AS IDENTITY,
        province_code TEXT NOT NULL,
        position_level TEXT NOT NULL,
        {_COUNTS},
        CONSTRAINT pk_national_count_change PRIMARY KEY (id)
    )""",
    """CREATE TABLE national_count_version (
        version UUID NOT NULL,
        CONSTRAINT pk_national_count_version PRIMARY KEY (version)
    )""",
    "INSERT INTO national_count_version VALUES (gen_random_uuid())",
    # One at a time, and nobody waits: what is appended meanwhile is folded by the next one, and told all the same.
    f"""CREATE FUNCTION fold_national_counts() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$ BEGIN
        IF pg_try_advisory_xact_lock(hashtext('national_count')) THEN
            WITH change AS (DELETE FROM national_count_change RETURNING *)
            INSERT INTO national_count AS n (province_code, position_level, {", ".join(COUNTED)})
            SELECT province_code, position_level, {_SUMMED} FROM change GROUP BY province_code, position_level
            ON CONFLICT (province_code, position_level) DO UPDATE SET {_ADDED};
            IF FOUND THEN
                UPDATE national_count_version SET version = gen_random_uuid();
            END IF;
        END IF; END $$""",  # noqa: S608 - our own words
    "REVOKE ALL ON FUNCTION fold_national_counts FROM PUBLIC",
    _function("sum_new_boxes", _boxes(_changed("come")), FOLD),
    _function("sum_changed_boxes", _boxes(_changed("come", "gone")), FOLD),
    _function("sum_new_pools", _pools(_changed("come")), FOLD),
    _function("sum_changed_pools", _pools(_changed("come", "gone")), FOLD),
    _function("move_counts", _boxes(_moved("national_box_count")), _pools(_moved("national_pool_count")), FOLD),
    _trigger("sum_new_boxes", "INSERT", "national_box_count", COME, "sum_new_boxes"),
    _trigger("sum_changed_boxes", "UPDATE", "national_box_count", f"{GONE} {COME}", "sum_changed_boxes"),
    _trigger("sum_new_pools", "INSERT", "national_pool_count", COME, "sum_new_pools"),
    _trigger("sum_changed_pools", "UPDATE", "national_pool_count", f"{GONE} {COME}", "sum_changed_pools"),
    _trigger("move_counts", "UPDATE", "institution", f"{GONE} {COME}", "move_counts"),
    _boxes(_changed("come").replace("come", "national_box_count")),
    _pools(_changed("come").replace("come", "national_pool_count")),
    "SELECT fold_national_counts()",
)
_NAMES = ", ".join(("province_code", "position_level", *COUNTED))
_TOLD = f"(SELECT {_NAMES} FROM national_count UNION ALL SELECT {_NAMES} FROM national_count_change)"  # noqa: S608 - our own words


_ARRAY = f"ARRAY[{', '.join(f'sum(n.{name})' for name in BY_LEVEL)}]::integer[]"
_ANYBODY = f"HAVING sum({' + '.join(f'n.{name}' for name in BY_LEVEL)}) > 0"
# a view, because a function of the owner would be planned at every call
CARDS = (
    "DROP FUNCTION talent_card_counts",
    f"""CREATE VIEW national_card_count AS
        SELECT nullif(n.province_code, '') AS province_code, nullif(n.position_level, '') AS position_level,
            {_ARRAY} AS counts
        FROM {_TOLD} AS n WHERE current_reach() = 'national' GROUP BY n.province_code, n.position_level {_ANYBODY}""",  # noqa: S608 - our own words
    f"GRANT SELECT ON national_card_count TO {APPLICATION_ROLE}",
    # as long as it stays, the counts do; none while something is still to be folded in
    """CREATE VIEW national_count_state AS
        SELECT CASE WHEN NOT EXISTS (SELECT FROM national_count_change) THEN n.version END AS version
        FROM national_count_version n WHERE current_reach() = 'national'""",
    f"GRANT SELECT ON national_count_state TO {APPLICATION_ROLE}",
)
CARDS_BEFORE = (
    "DROP VIEW national_card_count, national_count_state",
    f"""CREATE FUNCTION talent_card_counts() RETURNS TABLE (
            province_code text, position_level text, counts integer[]
        ) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
            SELECT i.province_code, nullif(n.position_level, ''), {_ARRAY}
            FROM national_box_count n JOIN institution i ON i.id = n.institution_id
            WHERE current_reach() = 'national' GROUP BY i.province_code, n.position_level {_ANYBODY};
        END""",  # noqa: S608 - our own words
    "REVOKE ALL ON FUNCTION talent_card_counts FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION talent_card_counts TO {APPLICATION_ROLE}",
)
POOL_COUNTS = f"""CREATE OR REPLACE VIEW national_pool AS
    SELECT n.province_code, c.box, c.people, c.with_gaps FROM {_TOLD} AS n
    CROSS JOIN LATERAL (VALUES
        {", ".join(f"({box}::smallint, n.pooled_{box}, n.gaps_{box})" for box in POOLS)}) AS c (box, people, with_gaps)
    WHERE n.position_level = '' AND current_reach() = 'national'"""  # noqa: S608 - our own words
POOL_COUNTS_BEFORE = """CREATE OR REPLACE VIEW national_pool AS
    SELECT i.province_code, n.box, n.people, n.with_gaps
    FROM national_pool_count n JOIN institution i ON i.id = n.institution_id WHERE current_reach() = 'national'"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (*POOL, *COUNTS, *CARDS, POOL_COUNTS):
        op.execute(statement.replace(":", "\\:"))


TRIGGERS = {
    "pool_candidate": ("measure_pool", "unmeasure_pool", "remeasure_pool"),
    "national_box_count": ("sum_new_boxes", "sum_changed_boxes"),
    "national_pool_count": ("sum_new_pools", "sum_changed_pools"),
    "institution": ("move_counts",),
}
BEFORE = (
    *CARDS_BEFORE,
    POOL_COUNTS_BEFORE,
    *(f"DROP TRIGGER {one} ON {table}" for table, triggers in TRIGGERS.items() for one in triggers),
    f"DROP FUNCTION fold_national_counts, {', '.join(one for triggers in TRIGGERS.values() for one in triggers)}",
    "DROP VIEW national_measure, national_career",
    "DROP TABLE pool_measure, national_count, national_count_change, national_count_version",
    "CREATE INDEX ix_pool_candidate_levels_affairs ON pool_candidate USING gin (levels, affairs)",
    "CREATE INDEX ix_pool_candidate_level_government_affair ON pool_candidate (level, government_affair)",
    "ALTER TABLE pool_candidate CLUSTER ON ix_pool_candidate_level_government_affair",
)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in BEFORE:
        op.execute(statement.replace(":", "\\:"))
