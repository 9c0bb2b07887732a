"""The nation: counts of nine boxes kept up to date, and candidates of all institutions who are in a talent pool."""

from __future__ import annotations

from collections.abc import Iterator

from alembic import op

from app.db.policies import APPLICATION_ROLE

revision = "20261122_0420"
down_revision = "20261122_0410"
branch_labels = None
depends_on = None

MINE = "(SELECT current_institution())"
BOXES = tuple(f"box_{box}" for box in range(1, 10))
COUNTED = ("unassessed", *BOXES)


def _statement_trigger(function: str, body: str) -> str:
    return f"""CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$ BEGIN {body} RETURN NULL; END $$"""


def _granted(*functions: str) -> Iterator[str]:
    for function in functions:
        yield f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC"
        yield f"GRANT EXECUTE ON FUNCTION {function} TO {APPLICATION_ROLE}"


TRIGGERS = {
    "talent_card": ("count_new_cards", "count_changed_cards", "count_removed_cards"),
    "candidate": ("enter_pool", "change_pool", "leave_pool"),
}


def _triggers(table: str) -> tuple[str, ...]:
    """Each runs the function of its name: after what was inserted, updated and deleted."""
    inserted, updated, deleted = TRIGGERS[table]
    return tuple(
        f"""CREATE TRIGGER {function} AFTER {event} ON {table} REFERENCING {rows}
            FOR EACH STATEMENT EXECUTE FUNCTION {function}()"""
        for event, rows, function in (
            ("INSERT", "NEW TABLE AS come", inserted),
            ("UPDATE", "OLD TABLE AS gone NEW TABLE AS come", updated),
            ("DELETE", "OLD TABLE AS gone", deleted),
        )
    )


# ── counts: a row for every institution and level, so that institutions never wait for each other

_COUNTS = ", ".join(
    f"coalesce(sum(sign) FILTER (WHERE box IS {'NULL' if box == 0 else f'NOT DISTINCT FROM {box}'}), 0) AS {name}"
    for box, name in enumerate(COUNTED)
)
_COME, _GONE = (
    f"SELECT institution_id, coalesce(position_level, '') AS position_level, box, {sign} AS sign FROM {rows}"  # noqa: S608 - our own words
    for rows, sign in (("come", 1), ("gone", -1))
)


def _add(rows: str) -> str:
    """Add to the counts of institutions and levels, in one order for everybody; what stays as it is is not touched."""
    return f"""
        INSERT INTO national_box_count AS n (institution_id, position_level, {", ".join(COUNTED)})
        SELECT institution_id, position_level, {", ".join(COUNTED)} FROM (
            SELECT institution_id, position_level, {_COUNTS} FROM ({rows}) AS cards
            GROUP BY institution_id, position_level
        ) AS change
        WHERE ({", ".join(COUNTED)}) <> ({", ".join("0" for _ in COUNTED)})
        ORDER BY institution_id, position_level
        ON CONFLICT (institution_id, position_level) DO UPDATE
        SET {", ".join(f"{name} = n.{name} + excluded.{name}" for name in COUNTED)};"""  # noqa: S608 - our own words


COUNTS = (
    "DROP FUNCTION talent_card_counts, institution_register, publish_box_counts",
    "DROP TABLE national_box_count",
    f"""CREATE TABLE national_box_count (
        institution_id UUID NOT NULL,
        position_level TEXT NOT NULL,
        {", ".join(f"{name} INTEGER NOT NULL" for name in COUNTED)},
        CONSTRAINT pk_national_box_count PRIMARY KEY (institution_id, position_level)
    )""",
    _statement_trigger("count_new_cards", _add(_COME)),
    _statement_trigger("count_changed_cards", _add(f"{_COME} UNION ALL {_GONE}")),
    _statement_trigger("count_removed_cards", _add(_GONE)),
    *_triggers("talent_card"),
    _add(_COME.replace("FROM come", "FROM talent_card")),
    f"""CREATE FUNCTION institution_register() RETURNS TABLE (
            id uuid, name text, as_of date, rubric_code text, rubric_version integer, box integer, people integer
        ) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
            SELECT i.id, i.name, i.as_of, i.rubric_code, i.rubric_version, n.box, n.people
            FROM institution i LEFT JOIN (
                SELECT c.institution_id, counted.box, sum(counted.people)::integer AS people
                FROM national_box_count c CROSS JOIN LATERAL (VALUES
                    {", ".join(f"({box}, c.{name})" for box, name in enumerate(COUNTED))}) AS counted (box, people)
                GROUP BY c.institution_id, counted.box
            ) AS n ON n.institution_id = i.id
            WHERE current_reach() = 'national';
        END""",  # noqa: S608 - our own words
    f"""CREATE FUNCTION talent_card_counts() RETURNS TABLE (
            province_code text, position_level text, counts integer[]
        ) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
            SELECT i.province_code, nullif(n.position_level, ''),
                ARRAY[{", ".join(f"sum(n.{name})" for name in COUNTED)}]::integer[]
            FROM national_box_count n JOIN institution i ON i.id = n.institution_id
            WHERE current_reach() = 'national'
            GROUP BY i.province_code, n.position_level
            HAVING sum({" + ".join(f"n.{name}" for name in COUNTED)}) > 0;
        END""",  # noqa: S608 - our own words
    *_granted("institution_register", "talent_card_counts"),
)

# ── candidates: those in a pool's boxes beside each other, where a search of the nation finds them

LEVELS = (
    *("jpt_utama", "jpt_madya", "jpt_pratama", "administrator", "pengawas", "jf_ahli_utama", "jf_ahli_madya"),
    *("jf_ahli_muda", "jf_ahli_pertama", "jf_penyelia", "jf_mahir", "jf_terampil", "jf_pemula", "pelaksana"),
)
_LEVELS = ", ".join(f"'{level}'" for level in LEVELS)
ALONE = (
    *("id", "as_of", "employment", "level", "level_since", "post_since", "history_from", "service_from", "job_family"),
    *("government_affair", "affair_days", "affair_since", "unplaced_days", "education_rank", "grade", "born_on"),
    *("appraised_to", "assessed_on", "are_sanctions_known", "sanctioned_until", "leadership", "training_hours"),
    *("box", "performance", "potential", "talent_value", "missing"),
)
SPREAD = {"closed_days": len(LEVELS), "appraisals": 5, "competencies": 9, "sanctioned_on": 3}
PLACES = {f"{name}_{place}": f"c.{name}[{place}]" for name, most in SPREAD.items() for place in range(1, most + 1)}
HELD = {
    "levels": f"""ARRAY(
        SELECT place::smallint FROM unnest(c.closed_days) WITH ORDINALITY AS closed (days, place) WHERE days > 0
        UNION SELECT array_position(ARRAY[{_LEVELS}], c.level)::smallint WHERE c.level IS NOT NULL ORDER BY 1)""",  # noqa: S608 - our own words
    "affairs": """ARRAY(
        SELECT jsonb_object_keys(c.affair_days)
        UNION SELECT c.government_affair WHERE c.government_affair IS NOT NULL ORDER BY 1)""",
}
_FACTS = {name: f"c.{name}" for name in ("institution_id", "talent_id", *ALONE)} | PLACES | HELD
# an empty object is added for the sake of its form: what has the long header is read where it lies
_FACTS["affair_days"] = "c.affair_days || '{}'"
_ENTER = f"""INSERT INTO pool_candidate ({", ".join(_FACTS)})
    SELECT {", ".join(_FACTS.values())} FROM come c WHERE c.box >= 7;"""  # noqa: S608 - our own words
_LEAVE = "DELETE FROM pool_candidate p USING gone c WHERE p.id = c.id;"
_SHOWN = ", ".join(f"p.{name}" for name in (*ALONE, *PLACES, *HELD))
POOL = (
    """CREATE TABLE pool_candidate (
        id UUID NOT NULL,
        institution_id UUID NOT NULL,
        talent_id UUID NOT NULL,
        as_of DATE NOT NULL,
        employment TEXT,
        level TEXT,
        level_since DATE,
        post_since DATE,
        closed_days_1 INTEGER,
        closed_days_2 INTEGER,
        closed_days_3 INTEGER,
        closed_days_4 INTEGER,
        closed_days_5 INTEGER,
        closed_days_6 INTEGER,
        closed_days_7 INTEGER,
        closed_days_8 INTEGER,
        closed_days_9 INTEGER,
        closed_days_10 INTEGER,
        closed_days_11 INTEGER,
        closed_days_12 INTEGER,
        closed_days_13 INTEGER,
        closed_days_14 INTEGER,
        history_from DATE,
        service_from DATE,
        job_family TEXT,
        government_affair TEXT,
        affair_days JSONB,
        affair_since DATE,
        unplaced_days INTEGER,
        education_rank SMALLINT,
        grade SMALLINT,
        born_on DATE,
        appraised_to SMALLINT,
        appraisals_1 SMALLINT,
        appraisals_2 SMALLINT,
        appraisals_3 SMALLINT,
        appraisals_4 SMALLINT,
        appraisals_5 SMALLINT,
        competencies_1 SMALLINT,
        competencies_2 SMALLINT,
        competencies_3 SMALLINT,
        competencies_4 SMALLINT,
        competencies_5 SMALLINT,
        competencies_6 SMALLINT,
        competencies_7 SMALLINT,
        competencies_8 SMALLINT,
        competencies_9 SMALLINT,
        assessed_on DATE,
        are_sanctions_known BOOLEAN NOT NULL,
        sanctioned_until DATE,
        sanctioned_on_1 DATE,
        sanctioned_on_2 DATE,
        sanctioned_on_3 DATE,
        leadership SMALLINT,
        training_hours INTEGER,
        box SMALLINT,
        performance BIGINT,
        potential BIGINT,
        talent_value BIGINT,
        missing TEXT[] NOT NULL,
        levels SMALLINT[] NOT NULL,
        affairs TEXT[] NOT NULL,
        CONSTRAINT pk_pool_candidate PRIMARY KEY (id)
    )""",
    "ALTER TABLE pool_candidate ALTER affair_days SET STORAGE PLAIN",
    "CREATE INDEX ix_pool_candidate_levels_affairs ON pool_candidate USING gin (levels, affairs)",
    # the order that CLUSTER lays the rows in: those of a search beside each other, a sixth of the pages to read
    "CREATE INDEX ix_pool_candidate_level_government_affair ON pool_candidate (level, government_affair)",
    "ALTER TABLE pool_candidate CLUSTER ON ix_pool_candidate_level_government_affair",
    _statement_trigger("enter_pool", _ENTER),
    _statement_trigger("change_pool", _LEAVE + _ENTER),
    _statement_trigger("leave_pool", _LEAVE),
    *_triggers("candidate"),
    # All of it or nothing, by who asks: no row is hidden from somebody who sees others, so it needs no barrier, and the
    # conditions of a search reach the index. Whose people they are stays with the owner.
    f"""CREATE VIEW national_candidate AS
        SELECT (SELECT i.province_code FROM institution i WHERE i.id = p.institution_id) AS province_code,
            (SELECT k.id FROM talent_card k WHERE k.institution_id = p.institution_id AND k.talent_id = p.talent_id
                AND k.listed_until > now() AND k.institution_id <> {MINE}) AS card_id, {_SHOWN}
        FROM pool_candidate p WHERE current_reach() = 'national'""",  # noqa: S608 - our own words
    f"GRANT SELECT ON national_candidate TO {APPLICATION_ROLE}",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (*COUNTS, *POOL):
        op.execute(statement.replace(":", "\\:"))


BEFORE = (
    """CREATE TABLE national_box_count (
        institution_id UUID NOT NULL,
        box SMALLINT NOT NULL,
        people INTEGER NOT NULL,
        CONSTRAINT pk_national_box_count PRIMARY KEY (institution_id, box)
    )""",
    """INSERT INTO national_box_count
        SELECT institution_id, coalesce(box, 0), count(*) FROM talent_card GROUP BY institution_id, coalesce(box, 0)""",
    """CREATE FUNCTION institution_register() RETURNS TABLE (
            id uuid, name text, as_of date, rubric_code text, rubric_version integer, box integer, people integer
        ) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
            SELECT i.id, i.name, i.as_of, i.rubric_code, i.rubric_version, n.box::integer, n.people
            FROM institution i LEFT JOIN national_box_count n ON n.institution_id = i.id
            WHERE current_reach() = 'national';
        END""",
    """CREATE FUNCTION publish_box_counts() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
            DELETE FROM national_box_count WHERE institution_id = current_institution();
            INSERT INTO national_box_count
            SELECT institution_id, coalesce(box, 0), count(*) FROM placement
            WHERE institution_id = current_institution() GROUP BY institution_id, coalesce(box, 0);
        END""",
    """CREATE FUNCTION talent_card_counts() RETURNS TABLE (province_code text, position_level text, counts integer[])
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
            SELECT counted.province_code, counted.position_level, array_agg(counted.people ORDER BY counted.box)
            FROM (
                SELECT i.province_code, c.position_level, box.number AS box,
                    (count(*) FILTER (WHERE coalesce(c.box, 0) = box.number))::integer AS people
                FROM talent_card c JOIN institution i ON i.id = c.institution_id
                CROSS JOIN generate_series(0, 9) AS box (number)
                WHERE current_reach() = 'national'
                GROUP BY i.province_code, c.position_level, box.number
            ) AS counted
            GROUP BY counted.province_code, counted.position_level;
        END""",
    *_granted("institution_register", "publish_box_counts", "talent_card_counts"),
)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP VIEW national_candidate")
    for table, triggers in TRIGGERS.items():
        for trigger in triggers:
            op.execute(f"DROP TRIGGER {trigger} ON {table}")
            op.execute(f"DROP FUNCTION {trigger}")
    op.execute("DROP FUNCTION talent_card_counts, institution_register")
    op.execute("DROP TABLE pool_candidate, national_box_count")
    for statement in BEFORE:
        op.execute(statement.replace(":", "\\:"))
