"""Who wants to move, and the demand and supply counted from it."""

from __future__ import annotations

from collections.abc import Iterator

from alembic import op

from app.db.policies import APPLICATION_ROLE, protect

revision = "20261122_0755"
down_revision = "20261122_0750"
branch_labels = None
depends_on = None

MINE = "(SELECT current_institution())"
ALLOWED = """((SELECT allowed_institutions()) IS NULL
                OR c.institution_id = ANY ((SELECT allowed_institutions())::uuid[]))"""


def _trigger_function(name: str, body: str, declare: str = "") -> str:
    return f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$ {declare} BEGIN {body} RETURN NULL; END $$"""


ROWS = {"INSERT": "NEW TABLE AS come", "UPDATE": "OLD TABLE AS gone NEW TABLE AS come", "DELETE": "OLD TABLE AS gone"}


def _trigger(table: str, event: str, function: str) -> str:
    """It has the name of its function; that sees the rows that came and went by one statement."""
    return f"""CREATE TRIGGER {function} AFTER {event} ON {table} REFERENCING {ROWS[event]}
        FOR EACH STATEMENT EXECUTE FUNCTION {function}()"""


def _granted(*functions: str) -> Iterator[str]:
    for function in functions:
        yield f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC"
        yield f"GRANT EXECUTE ON FUNCTION {function} TO {APPLICATION_ROLE}"


# ── listings

LISTINGS = (
    """CREATE TABLE mobility_listing (
        institution_id UUID NOT NULL,
        talent_id UUID NOT NULL,
        consent_id UUID NOT NULL,
        listed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        provinces_wanted TEXT[] NOT NULL,
        provinces_excluded TEXT[] NOT NULL,
        institutions_wanted UUID[] NOT NULL,
        institutions_excluded UUID[] NOT NULL,
        horizon_months SMALLINT NOT NULL,
        moves TEXT[] NOT NULL,
        levels TEXT[] NOT NULL,
        government_affairs TEXT[] NOT NULL,
        grounds TEXT[] NOT NULL,
        destinations TEXT[] NOT NULL,
        home_province TEXT NOT NULL,
        home_level TEXT,
        home_affair TEXT,
        job_family TEXT,
        CONSTRAINT pk_mobility_listing PRIMARY KEY (institution_id, talent_id),
        CONSTRAINT fk_mobility_listing_institution_id_talent_id
            FOREIGN KEY(institution_id, talent_id) REFERENCES talent (institution_id, id),
        CONSTRAINT fk_mobility_listing_institution_id_consent_id
            FOREIGN KEY(institution_id, consent_id) REFERENCES consent (institution_id, id),
        CONSTRAINT ck_mobility_listing_horizon_months CHECK (horizon_months BETWEEN 0 AND 60),
        CONSTRAINT fk_mobility_listing_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    "CREATE INDEX ix_mobility_listing_expires_at ON mobility_listing (expires_at)",
    "CREATE INDEX ix_mobility_listing_institution_id_consent_id ON mobility_listing (institution_id, consent_id)",
    *protect("mobility_listing"),
    # the owner's functions leave out of their counts whose consent has ended, of all institutions
    "CREATE POLICY whole_register ON mobility_listing FOR SELECT TO CURRENT_USER USING (true)",
)

# ── counts: kept by what changed, never by looking again; `*` stands for all

CHANGED = "dimension, free_on, kind, province, value"
SUMMED = ("wanting_in", "wanting_out", "empty_seats", "freed_seats")
KINDS = dict(zip(("in", "out", "empty", "freed"), SUMMED, strict=True))
COUNTS = (
    """CREATE TABLE mobility_count (
        dimension TEXT NOT NULL,
        province TEXT NOT NULL,
        value TEXT NOT NULL,
        wanting_in INTEGER NOT NULL,
        wanting_out INTEGER NOT NULL,
        empty_seats INTEGER NOT NULL,
        freed_seats INTEGER NOT NULL,
        CONSTRAINT pk_mobility_count PRIMARY KEY (dimension, province, value)
    )""",
    """CREATE INDEX ix_mobility_count_asked ON mobility_count (province, value)
        WHERE dimension = 'post' AND wanting_in >= 5 AND empty_seats <= 0""",
    """CREATE TABLE mobility_freed_seat (
        dimension TEXT NOT NULL,
        free_on DATE NOT NULL,
        province TEXT NOT NULL,
        value TEXT NOT NULL,
        number INTEGER NOT NULL,
        CONSTRAINT pk_mobility_freed_seat PRIMARY KEY (dimension, free_on, province, value)
    )""",
    """CREATE TABLE mobility_foresight (
        until DATE NOT NULL,
        CONSTRAINT pk_mobility_foresight PRIMARY KEY (until)
    )""",
    "INSERT INTO mobility_foresight VALUES (date_trunc('month', now()) + interval '12 months')",
    """CREATE TABLE mobility_count_change (
        id BIGINT GENERATED ALWAYS AS IDENTITY NOT NULL,
        dimension TEXT NOT NULL,
        free_on DATE NOT NULL,
        kind TEXT NOT NULL,
        province TEXT NOT NULL,
        value TEXT NOT NULL,
        number INTEGER NOT NULL,
        CONSTRAINT pk_mobility_count_change PRIMARY KEY (id)
    )""",
    """CREATE TABLE mobility_post_seat (
        institution_id UUID NOT NULL,
        post_id UUID NOT NULL,
        province TEXT NOT NULL,
        level TEXT NOT NULL,
        government_affair TEXT NOT NULL,
        job_family TEXT NOT NULL,
        empty INTEGER NOT NULL,
        free_on DATE[] NOT NULL,
        CONSTRAINT pk_mobility_post_seat PRIMARY KEY (institution_id, post_id)
    )""",
    # Changes are only ever added, so that nobody waits for anybody, whatever is changed in which order. Whoever finds
    # many of them adds them up, unless somebody does so already; what is not seen yet stays for the next one. Seats
    # that will be free are summed as far as most ask, a year ahead, and kept by day for the rest.
    f"""CREATE FUNCTION fold_mobility_counts() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$
        DECLARE
            known_until date;
            new_until date := date_trunc('month', now() AT TIME ZONE 'Asia/Jakarta') + interval '12 months';
        BEGIN
            IF (SELECT count(*) > 500 FROM (SELECT FROM mobility_count_change LIMIT 501) AS waiting)
                AND pg_try_advisory_xact_lock(hashtextextended('mobility_count', 0)) THEN
                SELECT until INTO known_until FROM mobility_foresight;
                WITH gone AS (DELETE FROM mobility_count_change RETURNING {CHANGED}, number),
                by_day AS (
                    INSERT INTO mobility_freed_seat AS n (dimension, free_on, province, value, number)
                    SELECT dimension, free_on, province, value, sum(number) FROM gone WHERE kind = 'freed'
                    GROUP BY dimension, free_on, province, value HAVING sum(number) <> 0
                    ON CONFLICT (dimension, free_on, province, value) DO UPDATE SET number = n.number + excluded.number
                )
                INSERT INTO mobility_count AS n (dimension, province, value, {", ".join(SUMMED)})
                SELECT dimension, province, value,
                    {
        ", ".join(
            f"coalesce(sum(number) FILTER (WHERE kind = '{kind}'"
            f"{' AND free_on <= known_until' if kind == 'freed' else ''}), 0)"
            for kind in KINDS
        )
    }
                FROM gone GROUP BY dimension, province, value
                ON CONFLICT (dimension, province, value)
                DO UPDATE SET {", ".join(f"{name} = n.{name} + excluded.{name}" for name in SUMMED)};
                IF new_until > known_until THEN
                    INSERT INTO mobility_count AS n (dimension, province, value, {", ".join(SUMMED)})
                    SELECT dimension, province, value, 0, 0, 0, sum(number) FROM mobility_freed_seat
                    WHERE free_on > known_until AND free_on <= new_until GROUP BY dimension, province, value
                    ON CONFLICT (dimension, province, value)
                    DO UPDATE SET freed_seats = n.freed_seats + excluded.freed_seats;
                    UPDATE mobility_foresight SET until = new_until;
                END IF;
            END IF;
        END $$""",  # noqa: S608 - our own words
    "REVOKE ALL ON FUNCTION fold_mobility_counts FROM PUBLIC",
)

# ── people: what a listing counts for. Somebody who names two levels counts at each of them, and once among all.

# not to be planned anew as a part of whatever asks for it, where there is hardly ever somebody to ask it for
WANTS = """CREATE FUNCTION mobility_wants(
        home text, held text, works_at text, of_family text, destinations text[], levels text[], affairs text[]
    ) RETURNS TABLE (dimension text, kind text, province text, value text) LANGUAGE plpgsql IMMUTABLE AS $$
    #variable_conflict use_column
    BEGIN
        RETURN QUERY
        WITH going AS (SELECT DISTINCT named FROM unnest(destinations) AS named WHERE named <> home),
        place AS (SELECT named AS province FROM going UNION ALL SELECT '*' WHERE EXISTS (SELECT FROM going)),
        wanted AS (
            SELECT 'positionLevel' AS dimension, unnest(CASE WHEN levels = '{}' THEN ARRAY[''] ELSE levels END) AS value
            UNION ALL
            SELECT 'governmentAffair', unnest(CASE WHEN affairs = '{}' THEN ARRAY[''] ELSE affairs END)
            UNION ALL SELECT 'jobFamily', coalesce(of_family, '')
            UNION ALL SELECT unnest(ARRAY['positionLevel', 'governmentAffair', 'jobFamily']), '*'
        )
        SELECT wanted.dimension, 'in', place.province, wanted.value FROM wanted CROSS JOIN place
        UNION ALL
        SELECT 'post', 'in', named, level || '/' || affair
        FROM going CROSS JOIN unnest(levels) AS level CROSS JOIN unnest(affairs) AS affair
        UNION ALL
        SELECT own.dimension, 'out', home, coalesce(own.value, '')
        FROM (VALUES ('positionLevel', held), ('governmentAffair', works_at), ('jobFamily', of_family))
            AS own (dimension, value)
        WHERE EXISTS (SELECT FROM going);
    END $$"""


def _wants_of(listing: str) -> str:
    columns = ("home_province", "home_level", "home_affair", "job_family", "destinations", "levels")
    return f"mobility_wants({', '.join(f'{listing}.{name}' for name in (*columns, 'government_affairs'))})"


def _count_listings(*rows: tuple[str, int]) -> str:
    changes = " UNION ALL ".join(
        f"SELECT w.*, {sign} AS sign FROM {name} l CROSS JOIN LATERAL {_wants_of('l')} AS w"  # noqa: S608 - our own words
        for name, sign in rows
    )
    whose = " UNION ".join(f"SELECT talent_id FROM {name}" for name, _ in rows)  # noqa: S608 - our own words
    return f"""
        INSERT INTO mobility_count_change ({CHANGED}, number)
        SELECT dimension, '-infinity', kind, province, value, sum(sign) FROM ({changes}) AS changed
        GROUP BY dimension, kind, province, value HAVING sum(sign) <> 0;
        PERFORM fold_mobility_counts();
        PERFORM make_cards(ARRAY({whose}));"""  # noqa: S608 - our own words


# where somebody stands is what the facts about them say, and where their institution is
_HOMES = """
    IF EXISTS (SELECT FROM mobility_listing l JOIN come c
               ON l.institution_id = c.institution_id AND l.talent_id = c.talent_id) THEN
        UPDATE mobility_listing l SET home_level = c.level, home_affair = c.government_affair,
            job_family = c.job_family
        FROM come c WHERE l.institution_id = c.institution_id AND l.talent_id = c.talent_id
            AND (l.home_level, l.home_affair, l.job_family)
                IS DISTINCT FROM (c.level, c.government_affair, c.job_family);
    END IF;"""
PEOPLE = (
    WANTS,
    _trigger_function("count_new_listings", _count_listings(("come", 1))),
    _trigger_function("count_changed_listings", _count_listings(("come", 1), ("gone", -1))),
    _trigger_function("count_removed_listings", _count_listings(("gone", -1))),
    _trigger("mobility_listing", "INSERT", "count_new_listings"),
    _trigger("mobility_listing", "UPDATE", "count_changed_listings"),
    _trigger("mobility_listing", "DELETE", "count_removed_listings"),
    _trigger_function("home_of_new_candidates", _HOMES),
    _trigger_function("home_of_changed_candidates", _HOMES),
    _trigger("candidate", "INSERT", "home_of_new_candidates"),
    _trigger("candidate", "UPDATE", "home_of_changed_candidates"),
)

# Whose consent has ended is not kept either: institution by institution, as the policies ask, each with its entry.
FORGET = """CREATE FUNCTION forget_mobility_listings(at_moment timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    DECLARE one uuid; gone integer;
    BEGIN
        at_moment := least(at_moment, now());  -- nobody has what still stands forgotten
        FOR one IN SELECT DISTINCT institution_id FROM mobility_listing WHERE expires_at <= at_moment LOOP
            PERFORM set_config('app.institution_id', one::text, true);
            DELETE FROM mobility_listing WHERE institution_id = one AND expires_at <= at_moment;
            GET DIAGNOSTICS gone = ROW_COUNT;
            INSERT INTO ledger_entry (institution_id, role, subject, type, payload)
            VALUES (one, 'operator', 'service', 'mobilityListingsEnded', jsonb_build_object('listings', gone));
        END LOOP;
        PERFORM set_config('app.institution_id', '', true);
    END $$"""

# ── seats: what a post counts for, and what it was last counted for

SEATS_OF = """CREATE FUNCTION mobility_seats(
        of_province text, of_level text, of_affair text, of_family text, vacant integer, free_days date[]
    ) RETURNS TABLE (dimension text, free_on date, kind text, province text, value text, number integer)
    LANGUAGE sql IMMUTABLE
    BEGIN ATOMIC
        WITH own AS (
            SELECT * FROM (VALUES ('positionLevel', $2), ('governmentAffair', $3), ('jobFamily', $4),
                ('post', $2 || '/' || $3)) AS own (dimension, value)
        )
        SELECT own.dimension, '-infinity'::date, 'empty', $1, own.value, $5 FROM own WHERE $5 > 0
        UNION ALL
        SELECT own.dimension, day, 'freed', $1, own.value, 1 FROM own CROSS JOIN unnest($6) AS day
        WHERE own.dimension <> 'post';
    END"""
_SEAT = "province, level, government_affair, job_family, empty, free_on"
# Of more holders than seats, those who leave first free none. One at a time for each post: two who take seats of it at
# the same moment have to see each other. By hashes also where nothing has been analysed, as in a first import.
COUNT_SEATS = f"""CREATE FUNCTION count_seats(wanted uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp SET enable_nestloop = off AS $$ BEGIN
        IF cardinality(wanted) = 0 THEN
            RETURN;
        END IF;
        PERFORM FROM post WHERE institution_id = {MINE} AND id = ANY (wanted) ORDER BY id FOR NO KEY UPDATE;
        WITH asked AS (
            SELECT p.* FROM post p WHERE p.institution_id = {MINE} AND p.id = ANY (wanted) AND p.is_delivered
        ),
        affair AS (
            SELECT DISTINCT ON (u.id) u.id, a.government_affair
            FROM org_unit u CROSS JOIN LATERAL unnest(u.path) WITH ORDINALITY AS step (unit_id, place)
            JOIN unit_affair a ON a.institution_id = {MINE} AND a.unit_id = step.unit_id
            WHERE u.institution_id = {MINE} AND u.id IN (SELECT unit_id FROM asked)
            ORDER BY u.id, step.place DESC
        ),
        held AS (
            SELECT h.post_id, count(*)::integer AS holders,
                coalesce(array_agg(h.retires_on ORDER BY h.retires_on) FILTER (WHERE h.retires_on IS NOT NULL), '{{}}')
                    AS leaving
            FROM post_holder h WHERE h.institution_id = {MINE} AND h.post_id = ANY (wanted) GROUP BY h.post_id
        ),
        counted AS (
            SELECT p.institution_id, p.id AS post_id, coalesce(i.province_code, '') AS province, p.level,
                coalesce(p.government_affair, affair.government_affair, '') AS government_affair,
                coalesce(p.job_family, '') AS job_family, greatest(p.seats - coalesce(held.holders, 0), 0) AS empty,
                coalesce(held.leaving[greatest(held.holders - p.seats, 0) + 1:], '{{}}') AS free_on
            FROM asked p JOIN institution i ON i.id = p.institution_id
            LEFT JOIN held ON held.post_id = p.id LEFT JOIN affair ON affair.id = p.unit_id
        ),
        before AS (SELECT * FROM mobility_post_seat WHERE institution_id = {MINE} AND post_id = ANY (wanted)),
        put AS (
            INSERT INTO mobility_post_seat AS s (institution_id, post_id, {_SEAT})
            SELECT institution_id, post_id, {_SEAT} FROM counted
            ON CONFLICT (institution_id, post_id) DO UPDATE
            SET ({_SEAT}) = ROW ({", ".join(f"excluded.{name}" for name in _SEAT.split(", "))})
            WHERE ({", ".join(f"s.{name}" for name in _SEAT.split(", "))})
                IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in _SEAT.split(", "))})
        ),
        removed AS (
            DELETE FROM mobility_post_seat s WHERE s.institution_id = {MINE} AND s.post_id = ANY (wanted)
                AND s.post_id NOT IN (SELECT post_id FROM counted)
        ),
        changed AS (SELECT *, 1 AS sign FROM counted UNION ALL SELECT *, -1 FROM before)
        INSERT INTO mobility_count_change ({CHANGED}, number)
        SELECT n.dimension, n.free_on, n.kind, n.province, n.value, sum(n.number * c.sign)
        FROM changed c CROSS JOIN LATERAL
            mobility_seats(c.province, c.level, c.government_affair, c.job_family, c.empty, c.free_on) AS n
        GROUP BY n.dimension, n.free_on, n.kind, n.province, n.value HAVING sum(n.number * c.sign) <> 0;
        PERFORM fold_mobility_counts();
    END $$"""  # noqa: S608 - our own words
_POST = ("unit_id", "level", "seats", "is_delivered", "job_family", "government_affair")
_BOTH = "SELECT * FROM come UNION ALL SELECT * FROM gone"


def _differing(names: tuple[str, ...], key: str) -> str:
    come, gone = (", ".join(f"{rows}.{name}" for name in names) for rows in ("come", "gone"))
    return f"FROM come JOIN gone USING (institution_id, {key}) WHERE ({come}) IS DISTINCT FROM ({gone})"


def _below(units: str) -> str:
    """The posts of these units and of the units below them."""
    return f"""SELECT p.id FROM post p JOIN org_unit u ON u.institution_id = p.institution_id AND u.id = p.unit_id
        WHERE p.institution_id = {MINE} AND u.path && ARRAY({units})"""  # noqa: S608 - our own words


_AFFAIRS_DIFFERING = "SELECT unit_id " + _differing(("government_affair",), "unit_id")
SEAT_TRIGGERS = {
    ("post", "INSERT", "seats_of_new_posts"): "SELECT id FROM come",
    ("post", "UPDATE", "seats_of_changed_posts"): "SELECT id " + _differing(_POST, "id"),
    ("post", "DELETE", "seats_of_removed_posts"): "SELECT id FROM gone",
    ("post_holder", "INSERT", "seats_of_new_holders"): "SELECT DISTINCT post_id FROM come",
    ("post_holder", "UPDATE", "seats_of_changed_holders"): f"""SELECT DISTINCT post_id FROM ({_BOTH}) AS both_of
        WHERE talent_id IN (SELECT talent_id {_differing(("post_id", "retires_on"), "talent_id")})""",  # noqa: S608
    ("post_holder", "DELETE", "seats_of_removed_holders"): "SELECT DISTINCT post_id FROM gone",
    ("unit_affair", "INSERT", "seats_of_new_affairs"): _below("SELECT unit_id FROM come"),
    ("unit_affair", "UPDATE", "seats_of_changed_affairs"): _below(_AFFAIRS_DIFFERING),
    ("unit_affair", "DELETE", "seats_of_removed_affairs"): _below("SELECT unit_id FROM gone"),
    ("org_unit", "UPDATE", "seats_of_moved_units"): _below("SELECT id " + _differing(("path",), "id")),
}
MOVED = f"""
    SELECT come.id INTO moved FROM come JOIN gone USING (id)
    WHERE come.id = {MINE} AND come.province_code IS DISTINCT FROM gone.province_code;
    IF moved IS NOT NULL THEN
        PERFORM count_seats(ARRAY(SELECT id FROM post WHERE institution_id = moved));
        UPDATE mobility_listing l SET home_province = coalesce(come.province_code, '')
        FROM come WHERE l.institution_id = come.id AND come.id = moved;
    END IF;"""  # noqa: S608 - our own words
SEATS = (
    SEATS_OF,
    COUNT_SEATS,
    "REVOKE ALL ON FUNCTION count_seats FROM PUBLIC",
    *(
        statement
        for (table, event, function), posts in SEAT_TRIGGERS.items()
        for statement in (
            _trigger_function(function, f"PERFORM count_seats(ARRAY({posts}));"),
            _trigger(table, event, function),
        )
    ),
    _trigger_function("counts_of_moved_institutions", MOVED, "DECLARE moved uuid;"),
    _trigger("institution", "UPDATE", "counts_of_moved_institutions"),
    # those that stand already, institution by institution, as the policies ask
    """DO $$ DECLARE one uuid; BEGIN
        FOR one IN SELECT id FROM institution LOOP
            PERFORM set_config('app.institution_id', one::text, true);
            PERFORM count_seats(ARRAY(SELECT id FROM post WHERE institution_id = one));
        END LOOP;
        PERFORM set_config('app.institution_id', '', true);
    END $$""",
)

# ── reads: counts of the nation, which the service withholds where they are small

_SOMEBODY = f"EXISTS (SELECT FROM institution mine WHERE mine.id = {MINE})"


def _since(dimension: str, until: str) -> str:
    """What has changed since it was added up; and, taken off, whose consent has ended and who are still listed."""
    changed, ended = (
        ", ".join(f"CASE kind WHEN '{kind}' THEN {number} ELSE 0 END AS {name}" for kind, name in KINDS.items())
        for number in ("number", "-1")
    )
    return f"""SELECT province, value, {changed} FROM mobility_count_change
            WHERE dimension = {dimension} AND (kind <> 'freed' OR free_on <= {until})
            UNION ALL
            SELECT w.province, w.value, {ended} FROM mobility_listing l CROSS JOIN LATERAL {_wants_of("l")} AS w
            WHERE l.expires_at <= now() AND w.dimension = {dimension}"""  # noqa: S608 - our own words


def _sums(*names: str) -> str:
    return ", ".join(f"sum({name})::integer AS {name}" for name in names)


READS = (
    f"""CREATE FUNCTION mobility_demand(by_what text, wanted_until date) RETURNS TABLE (
            province text, value text, wanting_in integer, wanting_out integer, empty_seats integer, freed_seats integer
        ) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
            WITH summed AS MATERIALIZED (
                SELECT province, value, {_sums(*SUMMED)} FROM (
                    SELECT province, value, {", ".join(SUMMED)} FROM mobility_count WHERE dimension = by_what
                    UNION ALL
                    SELECT f.province, f.value, 0, 0, 0,
                        CASE WHEN wanted_until > h.until THEN f.number ELSE -f.number END
                    FROM mobility_foresight h JOIN mobility_freed_seat f ON f.dimension = by_what
                        AND f.free_on > least(h.until, wanted_until) AND f.free_on <= greatest(h.until, wanted_until)
                    UNION ALL {_since("by_what", "wanted_until")}
                ) AS all_of
                WHERE {_SOMEBODY} GROUP BY province, value
            ),
            cell AS (SELECT * FROM summed WHERE province <> '*' AND value <> '*'),
            total AS (
                SELECT coalesce(province, '*') AS province, coalesce(value, '*') AS value, {_sums(*SUMMED[1:])}
                FROM cell GROUP BY GROUPING SETS ((province), (value), ())
            )
            SELECT all_of.* FROM (
                SELECT * FROM cell
                UNION ALL
                SELECT t.province, t.value, coalesce(s.wanting_in, 0), {", ".join(f"t.{name}" for name in SUMMED[1:])}
                FROM total t LEFT JOIN summed s ON s.province = t.province AND s.value = t.value
            ) AS all_of
            WHERE ({", ".join(SUMMED)}) <> ({", ".join("0" for _ in SUMMED)});
        END""",  # noqa: S608 - our own words
    # kinds of posts that are asked for, while no seat of the kind is empty and none is offered in a campaign
    f"""CREATE FUNCTION mobility_unmet_posts() RETURNS TABLE (
            province text, position_level text, government_affair text, people integer
        ) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
            WITH touched AS MATERIALIZED (
                SELECT province, value, {_sums("wanting_in", "empty_seats")}
                FROM ({_since("'post'", "'-infinity'::date")}) AS since GROUP BY province, value
            ),
            asked AS (
                SELECT c.province, c.value, c.wanting_in FROM mobility_count c
                WHERE c.dimension = 'post' AND c.wanting_in >= 5 AND c.empty_seats <= 0
                    AND NOT EXISTS (SELECT FROM touched t WHERE t.province = c.province AND t.value = c.value)
                UNION ALL
                SELECT t.province, t.value, t.wanting_in + coalesce(c.wanting_in, 0)
                FROM touched t LEFT JOIN LATERAL (
                    SELECT n.wanting_in, n.empty_seats FROM mobility_count n
                    WHERE n.dimension = 'post' AND n.province = t.province AND n.value = t.value LIMIT 1
                ) AS c ON true
                WHERE t.wanting_in + coalesce(c.wanting_in, 0) >= 5
                    AND t.empty_seats + coalesce(c.empty_seats, 0) <= 0
            )
            SELECT nullif(a.province, ''), split_part(a.value, '/', 1), split_part(a.value, '/', 2), a.wanting_in
            FROM asked a WHERE {_SOMEBODY} AND NOT EXISTS (
                SELECT FROM mobility_offer o JOIN mobility_campaign c ON c.id = o.campaign_id
                WHERE o.is_offered AND o.province_code IS NOT DISTINCT FROM nullif(a.province, '')
                    AND o.position_level = split_part(a.value, '/', 1)
                    AND o.government_affair = split_part(a.value, '/', 2)
                    AND c.state IN ('announced', 'collecting', 'correction', 'frozen', 'run')
            )
            ORDER BY a.wanting_in DESC, a.province, a.value LIMIT 200;
        END""",  # noqa: S608 - our own words
    """CREATE INDEX ix_mobility_offer_position_level_government_affair
        ON mobility_offer (position_level, government_affair) WHERE is_offered""",
    # where institutions are that somebody names: nothing else of them is told
    f"""CREATE FUNCTION provinces_of_institutions(named uuid[]) RETURNS TABLE (id uuid, province_code text)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
            SELECT i.id, i.province_code FROM institution i WHERE i.id = ANY (named) AND {_SOMEBODY};
        END""",  # noqa: S608 - our own words
    FORGET,
    *_granted("forget_mobility_listings", "mobility_demand", "mobility_unmet_posts", "provinces_of_institutions"),
)

# ── cards: the wish of a listing in words that do not identify, for as long as its consent lasts

CARD_COLUMNS = (
    *("position_level", "position_type", "education_level", "service_years_from", "box", "performance_from"),
    *("potential_from", "talent_value_from", "listed_until"),
)
WISH_COLUMNS = {
    "wish_until": "TIMESTAMP WITH TIME ZONE",
    "wish_horizon_from": "SMALLINT",
    "wish_is_anywhere": "BOOLEAN",
    "wish_provinces": "TEXT[]",
    "wish_levels": "TEXT[]",
    "wish_affairs": "TEXT[]",
    "wish_moves": "TEXT[]",
    "barred_institutions": "UUID[]",
}
LEVELS = "ARRAY['slta', 'd3', 'd4', 's1', 's2', 's3']"
NEWLY_LISTED = "excluded.listed_until > now() AND (card.listed_until > now()) IS NOT TRUE"
BANDS = "ARRAY[0, 6, 12, 24, 36]"
_WISH = f"""wish.expires_at,
            (SELECT max(band)::smallint FROM unnest({BANDS}) AS band WHERE band <= wish.horizon_months),
            wish.provinces_wanted = '{{}}' AND wish.institutions_wanted = '{{}}', wish.destinations, wish.levels,
            wish.government_affairs, wish.moves, nullif(wish.institutions_excluded, '{{}}')"""  # noqa: S608
_JOIN = "LEFT JOIN mobility_listing wish ON wish.institution_id = p.institution_id AND wish.talent_id = p.talent_id"


def _make_cards(columns: tuple[str, ...], until: str, wish: str, join: str) -> str:
    old, new = (", ".join(f"{rows}.{name}" for name in columns) for rows in ("card", "excluded"))
    return f"""CREATE FUNCTION make_cards(wanted uuid[]) RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = public, pg_temp SET enable_nestloop = off SET enable_seqscan = off
    BEGIN ATOMIC
        INSERT INTO talent_card AS card (institution_id, talent_id, {", ".join(columns)})
        SELECT p.institution_id, p.talent_id, t.position_level, t.position_type_id, ({LEVELS})[diploma.rank],
            (t.service_years / 5 * 5)::smallint, p.box, (p.performance / 10000000 * 10)::smallint,
            (p.potential / 10000000 * 10)::smallint, (trunc(p.talent_value / 10) * 10)::smallint, {until}{wish}
        FROM placement p
        JOIN talent t ON t.id = p.talent_id
        LEFT JOIN (
            SELECT e.talent_id, max(array_position({LEVELS}, e.level)) AS rank FROM education e
            WHERE e.institution_id = {MINE} AND e.talent_id = ANY (wanted)
                AND e.withdrawn_by IS NULL AND e.withdrawn_by_submission IS NULL
            GROUP BY e.talent_id
        ) AS diploma ON diploma.talent_id = p.talent_id
        LEFT JOIN (
            SELECT c.talent_id, max(c.expires_at) AS until FROM consent c
            WHERE c.institution_id = {MINE} AND c.talent_id = ANY (wanted) AND c.scope = 'card'
                AND c.purpose = 'talent-mobility' AND c.withdrawn_at IS NULL
            GROUP BY c.talent_id
        ) AS listed ON listed.talent_id = p.talent_id
        {join}
        WHERE p.institution_id = {MINE} AND p.talent_id = ANY (wanted)
            AND t.institution_id = {MINE} AND t.id = ANY (wanted)
        ON CONFLICT (institution_id, talent_id) DO UPDATE
        SET id = CASE WHEN {NEWLY_LISTED} THEN gen_random_uuid() ELSE card.id END,
            ({", ".join(columns)}) = ROW ({new})
        WHERE ({old}) IS DISTINCT FROM ({new});
    END"""  # noqa: S608 - our own words


_SHOWN = """c.id, i.province_code, c.position_level, c.position_type, c.education_level, c.service_years_from,
            c.box, c.performance_from, c.potential_from, c.talent_value_from"""


def _views(wish: str, barred: str) -> tuple[str, ...]:
    return (
        f"""CREATE VIEW listed_card WITH (security_barrier) AS
        SELECT {_SHOWN}, {wish}
        FROM talent_card c JOIN institution i ON i.id = c.institution_id
        WHERE c.listed_until > now() AND c.institution_id <> {MINE} AND {ALLOWED}
            AND EXISTS (SELECT FROM institution mine WHERE mine.id = {MINE}){barred}""",  # noqa: S608 - our own words
        f"GRANT SELECT ON listed_card TO {APPLICATION_ROLE}",
        f"""CREATE VIEW own_card WITH (security_barrier) AS
        SELECT * FROM talent_card WHERE institution_id = {MINE}""",  # noqa: S608 - our own words
        f"GRANT SELECT ON own_card TO {APPLICATION_ROLE}",
    )


def _request(barred: str) -> str:
    """Who is not to see a card asks for nobody by it."""
    listed = f"""c.id = card AND c.listed_until > now() AND c.institution_id <> {MINE} AND {ALLOWED}{barred}"""
    return f"""CREATE OR REPLACE FUNCTION request_disclosure(
            new_id uuid, card uuid, of_tier text, for_purpose text, because text, formal_number text,
            asked_at timestamptz, asking_subject text, asking_role text
        ) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
            INSERT INTO disclosure (institution_id, id, talent_id, card_id, receiving_institution_id,
                receiving_institution, tier, purpose, reason, request_number, requested_at, requested_by,
                requested_role, state)
            SELECT c.institution_id, new_id, c.talent_id, c.id, mine.id, mine.name, of_tier, for_purpose, because,
                formal_number, asked_at, asking_subject, asking_role, 'requested'
            FROM talent_card c JOIN institution mine ON mine.id = {MINE} WHERE {listed};
            SELECT EXISTS (
                SELECT FROM talent_card c WHERE {listed}
                    AND EXISTS (SELECT FROM institution mine WHERE mine.id = {MINE}));
        END"""  # noqa: S608 - our own words


_BARRED = f" AND ({MINE} = ANY (c.barred_institutions)) IS NOT TRUE"
_WHILE = ", ".join(
    f"CASE WHEN c.wish_until > now() THEN c.{name} END AS {name}"
    for name in WISH_COLUMNS
    if name.startswith("wish_") and name != "wish_until"
)
# what it fills is known to it column by column: it goes before they change
CARDS = (
    "DROP VIEW listed_card, own_card",
    "DROP FUNCTION make_cards",
    f"""ALTER TABLE talent_card DROP COLUMN mobility_wish,
        {", ".join(f"ADD COLUMN {name} {kind}" for name, kind in WISH_COLUMNS.items())}""",
    _make_cards(
        (*CARD_COLUMNS, *WISH_COLUMNS), "greatest(listed.until, wish.expires_at)", f",\n            {_WISH}", _JOIN
    ),
    "REVOKE ALL ON FUNCTION make_cards FROM PUBLIC",
    *_views(_WHILE, _BARRED),
    _request(_BARRED),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (*LISTINGS, *COUNTS, *CARDS, *PEOPLE, *SEATS, *READS):
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, _, function in (*SEAT_TRIGGERS, ("institution", "UPDATE", "counts_of_moved_institutions")):
        op.execute(f"DROP TRIGGER {function} ON {table}")
        op.execute(f"DROP FUNCTION {function}")
    for function in ("home_of_new_candidates", "home_of_changed_candidates"):
        op.execute(f"DROP TRIGGER {function} ON candidate")
        op.execute(f"DROP FUNCTION {function}")
    for statement in (
        "DROP INDEX ix_mobility_offer_position_level_government_affair",
        "DROP FUNCTION forget_mobility_listings",
        "DROP FUNCTION mobility_demand, mobility_unmet_posts, provinces_of_institutions, count_seats, mobility_seats",
        "DROP FUNCTION make_cards",
        "DROP TABLE mobility_listing",
        "DROP FUNCTION count_new_listings, count_changed_listings, count_removed_listings",
        "DROP FUNCTION mobility_wants, fold_mobility_counts",
        "DROP TABLE mobility_post_seat, mobility_count_change, mobility_count, mobility_freed_seat, mobility_foresight",
        "DROP VIEW listed_card, own_card",
        _request(""),
        f"""ALTER TABLE talent_card {", ".join(f"DROP COLUMN {name}" for name in WISH_COLUMNS)},
            ADD COLUMN mobility_wish TEXT""",
        _make_cards(CARD_COLUMNS, "listed.until", "", ""),
        "REVOKE ALL ON FUNCTION make_cards FROM PUBLIC",
        *_views("c.mobility_wish", ""),
    ):
        op.execute(statement.replace(":", "\\:"))
