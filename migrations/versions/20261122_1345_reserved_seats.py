"""Seats that mobility took over count as taken everywhere; published files have ids that HR offices do not know."""

from __future__ import annotations

import runpy
from pathlib import Path

from alembic import op

from app.db.policies import APPLICATION_ROLE, protect

revision = "20261122_1345"
down_revision = "20261122_1340"
branch_labels = None
depends_on = None

MINE = "(SELECT current_institution())"
HERE = Path(__file__).parent
ROUNDS, CASES, COUNTS = (
    runpy.run_path(str(HERE / name))
    for name in (
        "20261122_0730_mobility_runs.py",
        "20261122_0750_mobility_cases.py",
        "20261122_0755_mobility_listings.py",
    )
)
"""What the functions were before, by the names that their migrations give them."""


def _again(function: str) -> str:
    return function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)


def _but(function: str, *changes: tuple[str, str]) -> str:
    """The same function but for these parts of it; each of them stands there once."""
    for was, becomes in changes:
        if function.count(was) != 1:
            raise RuntimeError(f"not what was expected of the function: {was}")
        function = function.replace(was, becomes)
    return _again(function)


def _trigger_function(name: str, body: str, declare: str = "") -> str:
    return f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$ {declare} BEGIN {body} RETURN NULL; END $$"""


# ── seats that a mobility case took over, until the record says who holds them

RESERVED = (
    """CREATE TABLE reserved_seat (
        institution_id UUID NOT NULL,
        post_id UUID NOT NULL,
        case_id UUID NOT NULL,
        since DATE NOT NULL,
        CONSTRAINT pk_reserved_seat PRIMARY KEY (institution_id, post_id, case_id),
        CONSTRAINT uq_reserved_seat_case_id UNIQUE (case_id),
        CONSTRAINT fk_reserved_seat_institution_id_post_id
            FOREIGN KEY(institution_id, post_id) REFERENCES post (institution_id, id),
        CONSTRAINT fk_reserved_seat_case_id FOREIGN KEY(case_id) REFERENCES mobility_case (id),
        CONSTRAINT fk_reserved_seat_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    *protect("reserved_seat", audited=False),
    f"REVOKE INSERT, UPDATE, DELETE ON reserved_seat FROM {APPLICATION_ROLE}",
    "CREATE POLICY whole_units ON reserved_seat TO CURRENT_USER USING (true) WITH CHECK (true)",
    "ALTER TABLE mobility_case ADD COLUMN has_left BOOLEAN DEFAULT false NOT NULL",
    _trigger_function("seats_of_new_reservations", "PERFORM count_seats(ARRAY(SELECT DISTINCT post_id FROM come));"),
    _trigger_function(
        "seats_of_removed_reservations", "PERFORM count_seats(ARRAY(SELECT DISTINCT post_id FROM gone));"
    ),
    """CREATE TRIGGER seats_of_new_reservations AFTER INSERT ON reserved_seat REFERENCING NEW TABLE AS come
        FOR EACH STATEMENT EXECUTE FUNCTION seats_of_new_reservations()""",
    """CREATE TRIGGER seats_of_removed_reservations AFTER DELETE ON reserved_seat REFERENCING OLD TABLE AS gone
        FOR EACH STATEMENT EXECUTE FUNCTION seats_of_removed_reservations()""",
    # whoever holds a seat by the record has no other one kept: told apart by their number, which the case tells
    *(
        statement
        for event in ("INSERT", "UPDATE")
        for statement in (
            _trigger_function(
                f"confirm_seats_of_{event.lower()}",
                f"""IF EXISTS (SELECT FROM reserved_seat WHERE institution_id = {MINE}) THEN
                    DELETE FROM reserved_seat r USING mobility_case c
                    WHERE r.institution_id = {MINE} AND c.id = r.case_id AND c.talent_nip IN (
                        SELECT t.nip FROM come JOIN talent t
                            ON t.institution_id = come.institution_id AND t.id = come.talent_id);
                END IF;""",  # noqa: S608 - our own words
            ),
            f"""CREATE TRIGGER confirm_seats_of_{event.lower()} AFTER {event} ON post_holder
                REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION confirm_seats_of_{event.lower()}()""",
        )
    ),
)
COUNT_SEATS = _but(
    COUNTS["COUNT_SEATS"],
    (
        "        counted AS (",
        f"""        kept AS (
            SELECT r.post_id, count(*)::integer AS seats FROM reserved_seat r
            WHERE r.institution_id = {MINE} AND r.post_id = ANY (wanted) GROUP BY r.post_id
        ),
        counted AS (""",  # noqa: S608 - our own words
    ),
    (
        "greatest(p.seats - coalesce(held.holders, 0), 0) AS empty",
        "greatest(p.seats - coalesce(held.holders, 0) - coalesce(kept.seats, 0), 0) AS empty",
    ),
    (
        "greatest(held.holders - p.seats, 0)",
        "greatest(held.holders + coalesce(kept.seats, 0) - p.seats, 0)",
    ),
    (
        "LEFT JOIN held ON held.post_id = p.id",
        "LEFT JOIN held ON held.post_id = p.id LEFT JOIN kept ON kept.post_id = p.id",
    ),
)
_EMPTY = """UPDATE post p SET empty_since = coalesce(p.empty_since, held.effective_on),
                clock_from = coalesce(p.clock_from, held.effective_on)
            WHERE p.institution_id = {institution} AND p.id = {post} AND p.is_delivered AND p.seats > (
                SELECT count(*) FROM post_holder h WHERE h.institution_id = p.institution_id AND h.post_id = p.id)
                + (SELECT count(*) FROM reserved_seat r
                   WHERE r.institution_id = p.institution_id AND r.post_id = p.id)"""
# Once for each case. What is left is the seat that the record knows of, or one that was kept by an earlier case; what
# is taken over is kept, unless the record was quicker.
LEAVE_SEAT = f"""CREATE OR REPLACE FUNCTION leave_seat_for_case(of_case uuid) RETURNS uuid LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            asking uuid := current_institution();
            held mobility_case;
            kept reserved_seat;
            seat uuid;
        BEGIN
            SELECT * INTO held FROM mobility_case c
            WHERE c.id = of_case AND c.receiving_institution_id = asking AND c.state = 'effective' FOR UPDATE;
            IF held.id IS NULL THEN
                RAISE EXCEPTION 'nobody leaves a seat before the decree takes effect'
                    USING ERRCODE = 'insufficient_privilege';
            END IF;
            IF held.has_left THEN
                RETURN NULL;
            END IF;
            UPDATE mobility_case c SET has_left = true WHERE c.id = of_case;
            PERFORM set_config('app.institution_id', held.institution_id::text, true);
            DELETE FROM post_holder h WHERE h.institution_id = held.institution_id AND h.talent_id = held.talent_id
            RETURNING h.post_id INTO seat;
            {_EMPTY.format(institution="held.institution_id", post="seat")};
            FOR kept IN
                SELECT r.* FROM reserved_seat r JOIN mobility_case c ON c.id = r.case_id
                WHERE c.talent_nip = held.talent_nip AND r.case_id <> of_case ORDER BY r.case_id
            LOOP
                PERFORM set_config('app.institution_id', kept.institution_id::text, true);
                DELETE FROM reserved_seat r WHERE r.case_id = kept.case_id;
                {_EMPTY.format(institution="kept.institution_id", post="kept.post_id")};
                seat := coalesce(seat, kept.post_id);
            END LOOP;
            PERFORM set_config('app.institution_id', asking::text, true);
            INSERT INTO reserved_seat (institution_id, post_id, case_id, since)
            SELECT asking, held.post_id, of_case, held.effective_on
            WHERE held.institution_id <> asking AND NOT EXISTS (
                SELECT FROM post_holder h JOIN talent t ON t.institution_id = h.institution_id AND t.id = h.talent_id
                WHERE h.institution_id = asking AND t.nip = held.talent_nip);
            RETURN seat;
        END $$"""  # noqa: S608 - our own words
# those that stand already, institution by institution, as the policies ask
TAKEN_OVER = (
    "ALTER TABLE mobility_case DISABLE TRIGGER USER",
    "UPDATE mobility_case SET has_left = true WHERE state = 'effective'",
    "ALTER TABLE mobility_case ENABLE TRIGGER USER",
    """DO $$ DECLARE one uuid; BEGIN
        FOR one IN SELECT DISTINCT receiving_institution_id FROM mobility_case WHERE has_left LOOP
            PERFORM set_config('app.institution_id', one::text, true);
            INSERT INTO reserved_seat (institution_id, post_id, case_id, since)
            SELECT one, c.post_id, c.id, c.effective_on FROM mobility_case c
            WHERE c.has_left AND c.receiving_institution_id = one AND c.institution_id <> one AND NOT EXISTS (
                SELECT FROM post_holder h JOIN talent t ON t.institution_id = h.institution_id AND t.id = h.talent_id
                WHERE h.institution_id = one AND t.nip = c.talent_nip);
        END LOOP;
        PERFORM set_config('app.institution_id', '', true);
    END $$""",
)

# ── the participant of published files: an id of its own, which no HR office is told; files that are there stay

FILES = (
    "ALTER TABLE mobility_participation ADD COLUMN file_id UUID DEFAULT gen_random_uuid() NOT NULL",
    "ALTER TABLE mobility_participation NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE mobility_campaign NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE mobility_participation DISABLE TRIGGER USER",
    """UPDATE mobility_participation p SET file_id = p.id FROM mobility_campaign c
        WHERE c.id = p.campaign_id AND c.state IN ('frozen', 'run', 'published', 'executing', 'closed')""",
    "ALTER TABLE mobility_participation ENABLE TRIGGER USER",
    "ALTER TABLE mobility_participation FORCE ROW LEVEL SECURITY",
    "ALTER TABLE mobility_campaign FORCE ROW LEVEL SECURITY",
    "CREATE UNIQUE INDEX uq_mobility_participation_file_id ON mobility_participation (file_id)",
)
# whose consent has ended takes no part, whether or not somebody has taken them out yet
CONSENTS = "CREATE POLICY of_round ON consent FOR SELECT TO CURRENT_USER USING (true)"
COPY = _but(
    ROUNDS["COPY"],
    (
        "SELECT p.institution_id, p.id, p.home_offer_id FROM mobility_participation p WHERE p.campaign_id = wanted",
        """SELECT p.institution_id, p.id, p.file_id, p.home_offer_id FROM mobility_participation p
            WHERE p.campaign_id = wanted AND NOT EXISTS (
                SELECT FROM consent n WHERE n.institution_id = p.institution_id AND n.id = p.consent_id
                    AND (n.withdrawn_at IS NOT NULL OR n.expires_at <= moment))""",
    ),
    ("SELECT organiser, wanted, p.id, p.home_offer_id", "SELECT organiser, wanted, p.file_id, p.home_offer_id"),
    ("ORDER BY p.id\n            RETURNING cardinality", "ORDER BY p.file_id\n            RETURNING cardinality"),
)
RELEASES = _but(ROUNDS["RELEASES"], ("SELECT p.id, p.release_place", "SELECT p.file_id, p.release_place"))

# ── kinds of posts that people ask for in open campaigns: counted as wishes change, each campaign for itself


def _count_wishes(rows: str, sign: int) -> str:
    """What wildcards ask for that name a kind of post in another province; of these each person counts once."""
    return f"""INSERT INTO mobility_count_change (dimension, free_on, kind, province, value, number)
            SELECT 'post ' || p.campaign_id, '-infinity', 'in', asked.province, asked.kind,
                {sign} * count(DISTINCT w.participation_id)
            FROM {rows} w
            JOIN mobility_participation p ON p.institution_id = w.institution_id AND p.id = w.participation_id
            JOIN institution home ON home.id = p.institution_id
            LEFT JOIN institution named ON named.id = (w.wildcard ->> 'institutionId')::uuid
            CROSS JOIN LATERAL (
                SELECT coalesce(w.wildcard ->> 'province', named.province_code) AS province,
                    (w.wildcard ->> 'level') || '/' || (w.wildcard ->> 'affair') AS kind
            ) AS asked
            WHERE asked.province IS NOT NULL AND asked.kind IS NOT NULL
                AND asked.province IS DISTINCT FROM home.province_code
            GROUP BY p.campaign_id, asked.province, asked.kind;
            PERFORM fold_mobility_counts();"""  # noqa: S608 - our own words


_UNMET = next(one for one in COUNTS["READS"] if "mobility_unmet_posts()" in one)
_WISHED = """open AS MATERIALIZED (
                SELECT 'post ' || c.id AS dimension FROM mobility_campaign c
                WHERE c.state IN ('collecting', 'correction')
            ),
            wished AS (
                SELECT province, value, max(people) AS people FROM (
                    SELECT dimension, province, value, sum(people)::integer AS people FROM (
                        SELECT c.dimension, c.province, c.value, c.wanting_in AS people FROM mobility_count c
                        WHERE c.dimension IN (SELECT dimension FROM open)
                        UNION ALL
                        SELECT c.dimension, c.province, c.value, c.number FROM mobility_count_change c
                        WHERE c.dimension IN (SELECT dimension FROM open)
                    ) AS of_all GROUP BY dimension, province, value
                ) AS of_each WHERE people >= 5 GROUP BY province, value
            ),
            asked AS (
                SELECT listed.province, listed.value, max(listed.wanting_in) AS wanting_in FROM (
                    SELECT * FROM listed
                    UNION ALL
                    SELECT w.province, w.value, w.people FROM wished w
                    LEFT JOIN touched t ON t.province = w.province AND t.value = w.value
                    LEFT JOIN mobility_count n ON n.dimension = 'post' AND n.province = w.province AND n.value = w.value
                    WHERE coalesce(t.empty_seats, 0) + coalesce(n.empty_seats, 0) <= 0
                ) AS listed GROUP BY listed.province, listed.value
            )
            SELECT nullif(a.province, '')"""
# the most that ask in one place: whoever is listed and takes part as well is not counted twice
UNMET = (
    "CREATE POLICY of_round ON mobility_wish FOR SELECT TO CURRENT_USER USING (true)",
    _trigger_function("count_new_wishes", _count_wishes("come", 1)),
    _trigger_function("count_removed_wishes", _count_wishes("gone", -1)),
    """CREATE TRIGGER count_new_wishes AFTER INSERT ON mobility_wish REFERENCING NEW TABLE AS come
        FOR EACH STATEMENT EXECUTE FUNCTION count_new_wishes()""",
    """CREATE TRIGGER count_removed_wishes AFTER DELETE ON mobility_wish REFERENCING OLD TABLE AS gone
        FOR EACH STATEMENT EXECUTE FUNCTION count_removed_wishes()""",
    # before the participation is gone, which says in which campaign they were
    """CREATE FUNCTION wishes_go_first() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$ BEGIN
            DELETE FROM mobility_wish w WHERE w.institution_id = OLD.institution_id AND w.participation_id = OLD.id;
            RETURN OLD;
        END $$""",
    """CREATE TRIGGER wishes_go_first BEFORE DELETE ON mobility_participation
        FOR EACH ROW EXECUTE FUNCTION wishes_go_first()""",
    f"DO $$ BEGIN {_count_wishes('mobility_wish', 1)} END $$",
    _but(
        _UNMET,
        ("asked AS (", "listed AS ("),
        (")\n            SELECT nullif(a.province, '')", f"),\n            {_WISHED}"),
    ),
)

# ── cases of a campaign, opened in sets: every step and entry of theirs in one statement each

_LOOP, _END = "FOR origin IN SELECT i.id FROM institution i LOOP", "END LOOP;"
_OPEN = CASES["FUNCTIONS"]["open_mobility_cases"]
_INSERT = _OPEN[_OPEN.index("INSERT INTO mobility_case (") : _OPEN.index("GET DIAGNOSTICS here")]
OPEN_CASES = _but(
    _OPEN,
    (_OPEN[_OPEN.index(_LOOP) : _OPEN.index(_END) + len(_END)], f"{_INSERT}GET DIAGNOSTICS made = ROW_COUNT;"),
    ("t.participant_id = p.id", "t.participant_id = p.file_id"),
    ("WHERE p.institution_id = origin AND p.campaign_id = of_campaign", "WHERE p.campaign_id = of_campaign"),
    ("            PERFORM set_config('app.institution_id', organiser::text, true);\n", ""),
    ("            origin uuid;\n", ""),
    ("            here integer;\n", ""),
    ("made integer := 0", "made integer"),
)
# fifteen papers for every case, whose only writer is the function above
PAPERS = {
    "fk_mobility_case_document_institution_id": "FOREIGN KEY(institution_id) REFERENCES institution (id)",
    "fk_mobility_case_document_institution_id_case_id": """FOREIGN KEY(institution_id, case_id)
        REFERENCES mobility_case (institution_id, id)""",
}
FOLLOW_NEW = (
    "DROP TRIGGER follow_new ON mobility_case",
    _trigger_function(
        "follow_new_mobility_cases",
        """
            INSERT INTO mobility_case_step (institution_id, case_id, ordinal, state, entered_at, role, subject,
                of_institution_id, number, dated, because)
            SELECT c.institution_id, c.id, 1, c.state, c.moved_at, c.moved_role, c.moved_by,
                c.moved_institution_id, c.number, c.dated, c.because
            FROM come c;
            -- what an institution prepares alone is nobody else's affair
            INSERT INTO ledger_entry (institution_id, role, subject, type, about_type, about_id, payload, after)
            SELECT DISTINCT told.institution_id, c.moved_role, c.moved_by, 'mobilityCaseAdvanced', 'mobilityCase',
                c.id::text, jsonb_build_object('case_id', c.id, 'state_before', NULL, 'state', c.state,
                    'number', c.number, 'reason', c.cancellation_code), jsonb_build_object('state', c.state)
            FROM come c
            CROSS JOIN LATERAL (VALUES (c.institution_id), (c.receiving_institution_id)) AS told (institution_id)
            WHERE c.campaign_id IS NOT NULL OR c.state <> 'draft';""",
    ),
    """CREATE TRIGGER follow_new AFTER INSERT ON mobility_case REFERENCING NEW TABLE AS come
        FOR EACH STATEMENT EXECUTE FUNCTION follow_new_mobility_cases()""",
)

# ── the permit to appoint in a freeze, with the decree or at the inauguration

_EVERY = CASES["_OF_EVERY_STEP"]
PERMIT = (
    "ALTER TABLE mobility_case ADD COLUMN permit_number TEXT",
    _but(
        CASES["GUARDS"][0],
        ("route,decree_party,effective_on,checks}", "route,decree_party,effective_on,checks,permit_number}"),
        (f"'decree', '{{{_EVERY},effective_on,checks}}", f"'decree', '{{{_EVERY},effective_on,checks,permit_number}}"),
        (f"'effective', 'receiving', '{{{_EVERY}}}", f"'effective', 'receiving', '{{{_EVERY},permit_number}}"),
    ),
)

# ── trigger functions are called by triggers

NO_CALLS = """DO $$ DECLARE one regprocedure; BEGIN
        FOR one IN SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace
            AND prorettype = 'trigger'::regtype AND pg_get_userbyid(proowner) = current_user
        LOOP
            EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', one);
        END LOOP;
    END $$"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (
        *(*RESERVED, COUNT_SEATS, LEAVE_SEAT, *TAKEN_OVER),
        *(*FILES, CONSENTS, COPY, RELEASES),
        *UNMET,
        *(OPEN_CASES, *FOLLOW_NEW),
        *(f"ALTER TABLE mobility_case_document DROP CONSTRAINT {name}" for name in PAPERS),
        *PERMIT,
        NO_CALLS,
    ):
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (
        *(f"ALTER TABLE mobility_case_document ADD CONSTRAINT {name} {told}" for name, told in PAPERS.items()),
        "DROP TRIGGER follow_new ON mobility_case",
        "DROP FUNCTION follow_new_mobility_cases",
        """CREATE TRIGGER follow_new AFTER INSERT ON mobility_case
            FOR EACH ROW EXECUTE FUNCTION follow_mobility_case()""",
        *(_again(CASES["FUNCTIONS"][name]) for name in ("open_mobility_cases", "leave_seat_for_case")),
        _again(CASES["GUARDS"][0]),
        "ALTER TABLE mobility_case DROP COLUMN permit_number",
        *(_again(ROUNDS[name]) for name in ("COPY", "RELEASES")),
        "DROP POLICY of_round ON consent",
        _again(_UNMET),
        *(f"DROP TRIGGER {name} ON mobility_wish" for name in ("count_new_wishes", "count_removed_wishes")),
        "DROP TRIGGER wishes_go_first ON mobility_participation",
        "DROP FUNCTION count_new_wishes, count_removed_wishes, wishes_go_first",
        "DROP POLICY of_round ON mobility_wish",
        "DELETE FROM mobility_count WHERE dimension LIKE 'post %'",
        "DELETE FROM mobility_count_change WHERE dimension LIKE 'post %'",
        "ALTER TABLE mobility_participation DROP COLUMN file_id",
        _again(COUNTS["COUNT_SEATS"]),
        *(f"DROP TRIGGER confirm_seats_of_{event} ON post_holder" for event in ("insert", "update")),
        *(f"DROP FUNCTION confirm_seats_of_{event}" for event in ("insert", "update")),
        "DROP TABLE reserved_seat",
        "DROP FUNCTION seats_of_new_reservations, seats_of_removed_reservations",
        "ALTER TABLE mobility_case DROP COLUMN has_left",
    ):
        op.execute(statement.replace(":", "\\:"))
