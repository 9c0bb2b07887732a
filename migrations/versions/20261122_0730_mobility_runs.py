"""What is frozen of a mobility campaign, its runs and their files, and rehearsals."""

from __future__ import annotations

from alembic import op

from app.db.policies import APPLICATION_ROLE, protect

revision = "20261122_0730"
down_revision = "20261122_0720"
branch_labels = None
depends_on = None

CREATE = (
    """CREATE TABLE mobility_work (
        institution_id UUID NOT NULL,
        id UUID NOT NULL,
        campaign_id UUID NOT NULL,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        stage TEXT NOT NULL,
        done INTEGER NOT NULL,
        total INTEGER NOT NULL,
        subject TEXT NOT NULL,
        queued_at TIMESTAMP WITH TIME ZONE NOT NULL,
        started_at TIMESTAMP WITH TIME ZONE,
        heartbeat_at TIMESTAMP WITH TIME ZONE NOT NULL,
        finished_at TIMESTAMP WITH TIME ZONE,
        is_early BOOLEAN NOT NULL,
        because TEXT,
        error JSONB,
        CONSTRAINT pk_mobility_work PRIMARY KEY (institution_id, id),
        CONSTRAINT fk_mobility_work_institution_id_campaign_id
            FOREIGN KEY(institution_id, campaign_id) REFERENCES mobility_campaign (institution_id, id),
        CONSTRAINT ck_mobility_work_kind CHECK (kind IN ('freeze', 'run', 'rehearsal')),
        CONSTRAINT ck_mobility_work_state CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
        CONSTRAINT fk_mobility_work_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE INDEX ix_mobility_work_institution_id_campaign_id_queued_at
        ON mobility_work (institution_id, campaign_id, queued_at)""",
    """CREATE TABLE mobility_snapshot (
        institution_id UUID NOT NULL,
        campaign_id UUID NOT NULL,
        frozen_at TIMESTAMP WITH TIME ZONE NOT NULL,
        bars TEXT[] NOT NULL,
        cells INTEGER NOT NULL,
        posts INTEGER NOT NULL,
        participants INTEGER NOT NULL,
        wishes INTEGER NOT NULL,
        CONSTRAINT pk_mobility_snapshot PRIMARY KEY (institution_id, campaign_id),
        CONSTRAINT fk_mobility_snapshot_institution_id_campaign_id
            FOREIGN KEY(institution_id, campaign_id) REFERENCES mobility_campaign (institution_id, id),
        CONSTRAINT fk_mobility_snapshot_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE TABLE mobility_frozen_cell (
        institution_id UUID NOT NULL,
        campaign_id UUID NOT NULL,
        id TEXT NOT NULL,
        parent TEXT,
        level TEXT NOT NULL,
        ceiling INTEGER,
        CONSTRAINT pk_mobility_frozen_cell PRIMARY KEY (institution_id, campaign_id, id),
        CONSTRAINT fk_mobility_frozen_cell_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE TABLE mobility_frozen_post (
        institution_id UUID NOT NULL,
        campaign_id UUID NOT NULL,
        id UUID NOT NULL,
        cell TEXT,
        seats INTEGER NOT NULL,
        urgency SMALLINT,
        CONSTRAINT pk_mobility_frozen_post PRIMARY KEY (institution_id, campaign_id, id),
        CONSTRAINT fk_mobility_frozen_post_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE TABLE mobility_frozen_participant (
        institution_id UUID NOT NULL,
        campaign_id UUID NOT NULL,
        id UUID NOT NULL,
        home UUID NOT NULL,
        posts UUID[] NOT NULL,
        points INTEGER[] NOT NULL,
        bars SMALLINT[] NOT NULL,
        CONSTRAINT pk_mobility_frozen_participant PRIMARY KEY (institution_id, campaign_id, id),
        CONSTRAINT ck_mobility_frozen_participant_lengths CHECK (cardinality(posts) = cardinality(points)),
        CONSTRAINT fk_mobility_frozen_participant_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE TABLE mobility_run (
        institution_id UUID NOT NULL,
        id UUID NOT NULL,
        campaign_id UUID NOT NULL,
        value TEXT NOT NULL,
        seed TEXT NOT NULL,
        is_first BOOLEAN,
        identity TEXT,
        snapshot_digest TEXT,
        result_digest TEXT,
        participants INTEGER,
        wishes INTEGER,
        movers INTEGER,
        chains INTEGER,
        cycles INTEGER,
        longest INTEGER,
        codes JSONB,
        own_cell_share INTEGER,
        CONSTRAINT pk_mobility_run PRIMARY KEY (institution_id, id),
        CONSTRAINT fk_mobility_run_institution_id_id
            FOREIGN KEY(institution_id, id) REFERENCES mobility_work (institution_id, id),
        CONSTRAINT fk_mobility_run_institution_id_campaign_id
            FOREIGN KEY(institution_id, campaign_id) REFERENCES mobility_campaign (institution_id, id),
        CONSTRAINT fk_mobility_run_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE TABLE mobility_file (
        institution_id UUID NOT NULL,
        campaign_id UUID NOT NULL,
        name TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        rows INTEGER,
        size BIGINT NOT NULL,
        parts INTEGER NOT NULL,
        CONSTRAINT pk_mobility_file PRIMARY KEY (institution_id, campaign_id, name),
        CONSTRAINT fk_mobility_file_institution_id_campaign_id
            FOREIGN KEY(institution_id, campaign_id) REFERENCES mobility_campaign (institution_id, id),
        CONSTRAINT fk_mobility_file_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE TABLE mobility_file_part (
        institution_id UUID NOT NULL,
        campaign_id UUID NOT NULL,
        name TEXT NOT NULL,
        part INTEGER NOT NULL,
        content BYTEA NOT NULL,
        CONSTRAINT pk_mobility_file_part PRIMARY KEY (institution_id, campaign_id, name, part),
        CONSTRAINT fk_mobility_file_part_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE TABLE mobility_rehearsal (
        institution_id UUID NOT NULL,
        id UUID NOT NULL,
        campaign_id UUID NOT NULL,
        headroom JSONB NOT NULL,
        release_percent INTEGER,
        is_frozen BOOLEAN,
        participants INTEGER,
        unassessed INTEGER,
        CONSTRAINT pk_mobility_rehearsal PRIMARY KEY (institution_id, id),
        CONSTRAINT fk_mobility_rehearsal_institution_id_id
            FOREIGN KEY(institution_id, id) REFERENCES mobility_work (institution_id, id),
        CONSTRAINT fk_mobility_rehearsal_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE TABLE mobility_rehearsal_variant (
        institution_id UUID NOT NULL,
        rehearsal_id UUID NOT NULL,
        is_baseline BOOLEAN NOT NULL,
        own_cell_first BOOLEAN NOT NULL,
        movers INTEGER NOT NULL,
        by_rank INTEGER[] NOT NULL,
        chains INTEGER NOT NULL,
        cycles INTEGER NOT NULL,
        lengths INTEGER[] NOT NULL,
        own_cell_refusals INTEGER NOT NULL,
        urgent JSONB NOT NULL,
        CONSTRAINT pk_mobility_rehearsal_variant
            PRIMARY KEY (institution_id, rehearsal_id, is_baseline, own_cell_first),
        CONSTRAINT fk_mobility_rehearsal_variant_institution_id_rehearsal_id
            FOREIGN KEY(institution_id, rehearsal_id) REFERENCES mobility_rehearsal (institution_id, id),
        CONSTRAINT fk_mobility_rehearsal_variant_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE TABLE mobility_rehearsal_flow (
        institution_id UUID NOT NULL,
        rehearsal_id UUID NOT NULL,
        is_baseline BOOLEAN NOT NULL,
        own_cell_first BOOLEAN NOT NULL,
        ordinal INTEGER NOT NULL,
        region TEXT NOT NULL,
        code TEXT,
        name TEXT,
        came INTEGER NOT NULL,
        went INTEGER NOT NULL,
        CONSTRAINT pk_mobility_rehearsal_flow
            PRIMARY KEY (institution_id, rehearsal_id, is_baseline, own_cell_first, ordinal),
        CONSTRAINT fk_mobility_rehearsal_flow_institution_id_rehearsal_id__1686
            FOREIGN KEY(institution_id, rehearsal_id, is_baseline, own_cell_first)
            REFERENCES mobility_rehearsal_variant (institution_id, rehearsal_id, is_baseline, own_cell_first),
        CONSTRAINT fk_mobility_rehearsal_flow_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
)
TABLES = (
    "mobility_work",
    "mobility_snapshot",
    "mobility_frozen_cell",
    "mobility_frozen_post",
    "mobility_frozen_participant",
    "mobility_run",
    "mobility_file",
    "mobility_file_part",
    "mobility_rehearsal",
    "mobility_rehearsal_variant",
    "mobility_rehearsal_flow",
)
FROZEN = ("mobility_snapshot", "mobility_frozen_cell", "mobility_frozen_post", "mobility_frozen_participant")
UNAUDITED = ("mobility_work",)
WHOLE = "EXISTS (SELECT FROM mobility_campaign c WHERE c.id = campaign_id AND c.state IN ({}))"
PUBLISHED = WHOLE.format("'published', 'executing', 'closed'")
PUBLIC = {
    "mobility_run": f"is_first AND {PUBLISHED}",
    "mobility_work": f"kind = 'run' AND state = 'succeeded' AND {PUBLISHED}",
    "mobility_file": PUBLISHED,
    "mobility_file_part": PUBLISHED,
}
"""What everybody reads once the results are published."""

# What the functions below have to see of other institutions; only they act as the owner.
SEEN = ("mobility_participation", "mobility_application", "mobility_offer", "mobility_release", "org_unit")

# A round as it stands, by opaque ids: one statement, so that it is of one moment whatever changes meanwhile. Of a post
# that is only a home nobody's seat is open, as of a pool.
COPY = """CREATE FUNCTION copy_mobility_round(wanted uuid, moment timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET work_mem = '256MB' AS $$
    DECLARE
        organiser uuid := current_institution();
        known_bars text[];
    BEGIN
        IF NOT EXISTS (
            SELECT FROM mobility_campaign c
            WHERE c.id = wanted AND c.institution_id = organiser AND c.state IN ('collecting', 'correction')
        ) THEN
            RAISE EXCEPTION 'this campaign cannot be copied' USING ERRCODE = 'insufficient_privilege';
        END IF;
        SELECT coalesce(array_agg(told.bar ORDER BY told.bar COLLATE "C"), '{}') INTO known_bars
        FROM (
            SELECT DISTINCT a.bar FROM mobility_application a
            JOIN mobility_participation p ON p.institution_id = a.institution_id AND p.id = a.participation_id
            WHERE p.campaign_id = wanted AND a.bar IS NOT NULL
        ) AS told;
        WITH RECURSIVE person AS MATERIALIZED (
            SELECT p.institution_id, p.id, p.home_offer_id FROM mobility_participation p WHERE p.campaign_id = wanted
        ), at_home AS (
            SELECT home_offer_id AS post, count(*)::integer AS people FROM person GROUP BY home_offer_id
        ), post AS MATERIALIZED (
            SELECT o.id, inside.cell_id AS cell, coalesce(h.people, 0) AS people, o.open_seats,
                CASE WHEN o.is_offered THEN o.urgency END AS urgency
            FROM mobility_offer o
            LEFT JOIN at_home h ON h.post = o.id
            LEFT JOIN mobility_cells_of_offers(wanted) AS inside ON inside.offer_id = o.id
            WHERE o.campaign_id = wanted AND (o.is_offered OR h.people > 0)
        ), around (cell, holder, depth) AS (
            SELECT id, id, 1 FROM mobility_cell WHERE institution_id = organiser AND campaign_id = wanted
            UNION ALL
            SELECT a.cell, c.parent_id, a.depth + 1 FROM around a
            JOIN mobility_cell c ON c.institution_id = organiser AND c.campaign_id = wanted AND c.id = a.holder
            WHERE c.parent_id IS NOT NULL AND a.depth < 100
        ), stock AS (
            SELECT a.holder AS cell, sum(inside.people)::integer AS people
            FROM (SELECT cell, sum(people) AS people FROM post WHERE cell IS NOT NULL GROUP BY cell) AS inside
            JOIN around a ON a.cell = inside.cell
            GROUP BY a.holder
        ), cells AS (
            INSERT INTO mobility_frozen_cell (institution_id, campaign_id, id, parent, level, ceiling)
            SELECT organiser, wanted, c.id, c.parent_id, c.level,
                coalesce(c.ceiling, c.headroom + coalesce(s.people, 0))
            FROM mobility_cell c LEFT JOIN stock s ON s.cell = c.id
            WHERE c.institution_id = organiser AND c.campaign_id = wanted
            RETURNING 1
        ), posts AS (
            INSERT INTO mobility_frozen_post (institution_id, campaign_id, id, cell, seats, urgency)
            SELECT organiser, wanted, id, cell, open_seats + people, urgency FROM post ORDER BY id
            RETURNING 1
        ), wished AS (
            SELECT a.participation_id,
                array_agg(a.offer_id ORDER BY a.rank) AS posts,
                array_agg(a.points ORDER BY a.rank) AS points,
                array_agg(coalesce(array_position(known_bars, a.bar), 0)::smallint ORDER BY a.rank) AS bars
            FROM mobility_application a JOIN person p ON p.institution_id = a.institution_id
                AND p.id = a.participation_id
            GROUP BY a.participation_id
        ), people AS (
            INSERT INTO mobility_frozen_participant (institution_id, campaign_id, id, home, posts, points, bars)
            SELECT organiser, wanted, p.id, p.home_offer_id, coalesce(w.posts, '{}'), coalesce(w.points, '{}'),
                coalesce(w.bars, '{}')
            FROM person p LEFT JOIN wished w ON w.participation_id = p.id
            ORDER BY p.id
            RETURNING cardinality(posts) AS wishes
        )
        INSERT INTO mobility_snapshot
            (institution_id, campaign_id, frozen_at, bars, cells, posts, participants, wishes)
        SELECT organiser, wanted, moment, known_bars, (SELECT count(*) FROM cells), (SELECT count(*) FROM posts),
            count(*), coalesce(sum(wishes), 0)
        FROM people;
    END $$"""

# Whoever changes what is about to be frozen holds the lock shared until the change is there; afterwards nobody may.
LOCK = "hashtextextended('mobility campaign ' || {}::text, 0)"
FREEZE = f"""CREATE FUNCTION freeze_mobility_campaign(wanted uuid, moment timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock({LOCK.format("wanted")});
        IF NOT EXISTS (
            SELECT FROM mobility_campaign c
            WHERE c.id = wanted AND c.institution_id = current_institution() AND c.state = 'correction'
        ) THEN
            RAISE EXCEPTION 'this campaign cannot be frozen' USING ERRCODE = 'insufficient_privilege';
        END IF;
        PERFORM copy_mobility_round(wanted, moment);
    END $$"""

UNASSESSED = """CREATE FUNCTION unassessed_for_mobility(wanted uuid) RETURNS TABLE (institution text, people integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    BEGIN ATOMIC
        SELECT i.name, count(*)::integer FROM mobility_participation p JOIN institution i ON i.id = p.institution_id
        WHERE p.campaign_id = wanted AND p.assessed_at IS NULL AND EXISTS (
            SELECT FROM mobility_campaign c WHERE c.id = wanted AND c.institution_id = current_institution()
        )
        GROUP BY i.name ORDER BY i.name COLLATE "C";
    END"""

# Where posts of a round are, by opaque ids, for the net flow of regions that the organiser rehearses.
REGIONS = """CREATE FUNCTION regions_of_mobility(wanted uuid)
    RETURNS TABLE (post uuid, province_code text, institution_id uuid, institution text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    BEGIN ATOMIC
        SELECT o.id, o.province_code, o.institution_id, o.institution_name FROM mobility_offer o
        WHERE o.campaign_id = wanted AND EXISTS (
            SELECT FROM mobility_campaign c WHERE c.id = wanted AND c.institution_id = current_institution()
        );
    END"""

# Who would be let go, or no longer, if quotas were another share of what they are, in the published order of each unit;
# and which posts are inside the unit, to which nobody has to be let go.
RELEASES = """CREATE FUNCTION mobility_releases_at(wanted uuid, percent integer)
    RETURNS TABLE (participant uuid, is_released boolean, inside uuid[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    BEGIN ATOMIC
        SELECT p.id, p.release_place <= r.quota * percent / 100,
            CASE WHEN p.is_released THEN ARRAY(
                SELECT other.id FROM mobility_offer other
                JOIN org_unit below ON below.institution_id = other.institution_id AND below.id = other.unit_id
                WHERE other.campaign_id = wanted AND other.institution_id = p.institution_id
                    AND r.unit_id = ANY (below.path)
            ) ELSE '{}' END
        FROM mobility_participation p
        JOIN mobility_offer o ON o.institution_id = p.institution_id AND o.id = p.home_offer_id
        JOIN org_unit u ON u.institution_id = o.institution_id AND u.id = o.unit_id
        CROSS JOIN LATERAL (
            SELECT published.unit_id, published.quota FROM mobility_release published
            JOIN unnest(u.path) WITH ORDINALITY AS step (id, depth) ON step.id = published.unit_id
            WHERE published.institution_id = p.institution_id AND published.campaign_id = wanted
            ORDER BY step.depth DESC LIMIT 1
        ) AS r
        WHERE p.campaign_id = wanted AND p.is_released <> (p.release_place <= r.quota * percent / 100) AND EXISTS (
            SELECT FROM mobility_campaign c WHERE c.id = wanted AND c.institution_id = current_institution()
        );
    END"""

REFUSE = f"""CREATE FUNCTION refuse_change_of_frozen() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    DECLARE
        one uuid;
    BEGIN
        FOR one IN EXECUTE CASE TG_ARGV[0]
            WHEN 'participation' THEN 'SELECT DISTINCT p.campaign_id FROM changed x JOIN mobility_participation p
                ON p.institution_id = x.institution_id AND p.id = x.participation_id'
            ELSE 'SELECT DISTINCT campaign_id FROM changed' END
        LOOP
            PERFORM pg_advisory_xact_lock_shared({LOCK.format("one")});
            IF EXISTS (
                SELECT FROM mobility_campaign c
                WHERE c.id = one AND c.state IN ('frozen', 'run', 'published', 'executing', 'closed')
            ) THEN
                RAISE EXCEPTION 'the campaign is frozen' USING ERRCODE = 'serialization_failure';
            END IF;
        END LOOP;
        RETURN NULL;
    END $$"""  # noqa: S608 - our own words
GUARDED = {
    "mobility_cell": "campaign",
    "mobility_offer": "campaign",
    "mobility_release": "campaign",
    "mobility_participation": "campaign",
    "mobility_wish": "participation",
    "mobility_application": "participation",
}
EVENTS = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}
CALLED_BY_APPLICATION = (
    "copy_mobility_round",
    "freeze_mobility_campaign",
    "unassessed_for_mobility",
    "regions_of_mobility",
    "mobility_releases_at",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in CREATE:
        op.execute(statement)
    for table in TABLES:
        for statement in protect(table, audited=table not in UNAUDITED):
            op.execute(statement)
    # packing them would cost more than the room that they take
    op.execute("ALTER TABLE mobility_file_part ALTER COLUMN content SET STORAGE EXTERNAL")
    # what is frozen is written by the functions below and never changes, nor do files
    op.execute(f"REVOKE INSERT, UPDATE, DELETE ON {', '.join(FROZEN)} FROM {APPLICATION_ROLE}")
    op.execute(f"REVOKE UPDATE, DELETE ON mobility_file, mobility_file_part FROM {APPLICATION_ROLE}")
    for table, condition in PUBLIC.items():
        op.execute(f"CREATE POLICY published ON {table} FOR SELECT USING ({condition})")
    for table in SEEN:
        op.execute(f"CREATE POLICY of_round ON {table} FOR SELECT TO CURRENT_USER USING (true)")
    for statement in (COPY, FREEZE, UNASSESSED, REGIONS, RELEASES, REFUSE):
        op.execute(statement)
    for function in CALLED_BY_APPLICATION:
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {APPLICATION_ROLE}")
    for table, by in GUARDED.items():
        for event, rows in EVENTS.items():
            op.execute(f"""CREATE TRIGGER refuse_frozen_{event.lower()} AFTER {event} ON {table}
                REFERENCING {rows} TABLE AS changed
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_frozen('{by}')""")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in GUARDED:
        for event in EVENTS:
            op.execute(f"DROP TRIGGER refuse_frozen_{event.lower()} ON {table}")
    op.execute("DROP FUNCTION refuse_change_of_frozen")
    for function in reversed(CALLED_BY_APPLICATION):
        op.execute(f"DROP FUNCTION {function}")
    for table in SEEN:
        op.execute(f"DROP POLICY of_round ON {table}")
    for table in reversed(TABLES):
        op.drop_table(table)
