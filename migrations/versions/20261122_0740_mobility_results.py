"""What runs of mobility campaigns came to, person by person."""

from __future__ import annotations

from alembic import op

from app.db.policies import APPLICATION_ROLE, protect

revision = "20261122_0740"
down_revision = "20261122_0730"
branch_labels = None
depends_on = None

MINE = "(SELECT current_institution())"


def _of_run(table: str, columns: str, key: str) -> str:
    return _many_of_run(
        table,
        columns,
        f"""{key}),
        CONSTRAINT fk_{table}_institution_id_run_id
            FOREIGN KEY(institution_id, run_id) REFERENCES mobility_run (institution_id, id),
        CONSTRAINT fk_{table}_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id""",
    )


def _many_of_run(table: str, columns: str, key: str) -> str:
    """Rows by the hundred thousand at once: nothing is looked up for each of them."""
    return f"""CREATE TABLE {table} (
        institution_id UUID NOT NULL,
        run_id UUID NOT NULL,
        {columns},
        CONSTRAINT pk_{table} PRIMARY KEY (institution_id, run_id{key})
    )"""


CREATE = (
    _of_run(
        "mobility_result",
        """solver_version TEXT NOT NULL,
        with_wishes INTEGER NOT NULL,
        first_wishes INTEGER NOT NULL,
        seats INTEGER NOT NULL,
        held_before INTEGER NOT NULL,
        held_after INTEGER NOT NULL,
        entered INTEGER NOT NULL,
        codes TEXT[] NOT NULL,
        lengths JSONB NOT NULL,
        regions JSONB NOT NULL""",
        "",
    ),
    _many_of_run(
        "mobility_outcome",
        """participant_id UUID NOT NULL,
        post_id UUID NOT NULL,
        rank INTEGER,
        lot NUMERIC(20, 0) NOT NULL,
        codes SMALLINT[] NOT NULL,
        cells INTEGER[] NOT NULL""",
        ", participant_id",
    ),
    _many_of_run(
        "mobility_post_result",
        """post_id UUID NOT NULL,
        seats INTEGER NOT NULL,
        filled INTEGER NOT NULL,
        empty INTEGER NOT NULL,
        incumbents INTEGER NOT NULL,
        depth INTEGER,
        points BIGINT,
        lot NUMERIC(20, 0)""",
        ", post_id",
    ),
    _of_run(
        "mobility_cell_result",
        """cell_id TEXT NOT NULL,
        id UUID DEFAULT gen_random_uuid() NOT NULL,
        number INTEGER NOT NULL,
        ceiling INTEGER,
        before INTEGER NOT NULL,
        after INTEGER NOT NULL,
        depth INTEGER,
        urgency INTEGER,
        points BIGINT,
        lot NUMERIC(20, 0)""",
        ", cell_id",
    ),
    _many_of_run(
        "mobility_move",
        """unit INTEGER NOT NULL,
        step INTEGER NOT NULL,
        participant_id UUID NOT NULL,
        from_post_id UUID NOT NULL,
        to_post_id UUID NOT NULL""",
        ", unit, step",
    ),
    """ALTER TABLE mobility_cell_result
        ADD CONSTRAINT uq_mobility_cell_result_id UNIQUE (id),
        ADD CONSTRAINT uq_mobility_cell_result_institution_id_run_id_number
            UNIQUE (institution_id, run_id, number)""",
    "CREATE INDEX ix_mobility_post_result_post_id ON mobility_post_result (post_id)",
    "CREATE INDEX ix_mobility_move_to_post_id ON mobility_move (to_post_id)",
    "CREATE INDEX ix_mobility_move_participant_id ON mobility_move (participant_id)",
    _of_run(
        "mobility_flow",
        """of_institution_id UUID NOT NULL,
        position_level TEXT NOT NULL,
        institution_name TEXT NOT NULL,
        province_code TEXT,
        entered INTEGER NOT NULL,
        went INTEGER NOT NULL""",
        ", of_institution_id, position_level",
    ),
    """CREATE TABLE mobility_verification (
        institution_id UUID NOT NULL,
        id UUID NOT NULL,
        run_id UUID,
        files_digest TEXT,
        is_fast BOOLEAN NOT NULL,
        state TEXT NOT NULL,
        requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
        subject TEXT NOT NULL,
        finished_at TIMESTAMP WITH TIME ZONE,
        verdict TEXT,
        identity TEXT,
        summary JSONB,
        findings JSONB,
        CONSTRAINT pk_mobility_verification PRIMARY KEY (institution_id, id),
        CONSTRAINT ck_mobility_verification_one_of CHECK ((run_id IS NULL) <> (files_digest IS NULL)),
        CONSTRAINT ck_mobility_verification_state CHECK (state IN ('queued', 'done', 'failed')),
        CONSTRAINT ck_mobility_verification_verdict CHECK (verdict IN ('verified', 'rejected', 'unusable')),
        CONSTRAINT ck_mobility_verification_done CHECK ((state = 'done') = (verdict IS NOT NULL)),
        CONSTRAINT fk_mobility_verification_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    # the same is checked once; a check that failed may be asked for again
    """CREATE UNIQUE INDEX uq_mobility_verification_of_run ON mobility_verification (institution_id, run_id, is_fast)
        WHERE run_id IS NOT NULL AND state <> 'failed'""",
    """CREATE UNIQUE INDEX uq_mobility_verification_of_files
        ON mobility_verification (institution_id, files_digest, is_fast)
        WHERE files_digest IS NOT NULL AND state <> 'failed'""",
    "CREATE INDEX ix_mobility_verification_run_id ON mobility_verification (run_id)",
    """CREATE TABLE mobility_verification_file (
        institution_id UUID NOT NULL,
        verification_id UUID NOT NULL,
        name TEXT NOT NULL,
        content BYTEA NOT NULL,
        CONSTRAINT pk_mobility_verification_file PRIMARY KEY (institution_id, verification_id, name),
        CONSTRAINT fk_mobility_verification_file_institution_id_verification_id
            FOREIGN KEY(institution_id, verification_id)
            REFERENCES mobility_verification (institution_id, id) ON DELETE CASCADE,
        CONSTRAINT fk_mobility_verification_file_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
)
RESULTS = (
    "mobility_result",
    "mobility_outcome",
    "mobility_post_result",
    "mobility_cell_result",
    "mobility_move",
)
TABLES = (*RESULTS, "mobility_flow", "mobility_verification", "mobility_verification_file")
# asked once per statement, not for every row
PUBLISHED = """run_id IN (SELECT r.id FROM mobility_run r JOIN mobility_campaign c ON c.id = r.campaign_id
    WHERE r.is_first AND c.state IN ('published', 'executing', 'closed'))"""
# What everybody reads beside the own rows once the campaign is published. Of checks only what came of them.
PUBLIC = {
    **dict.fromkeys(RESULTS, PUBLISHED),
    "mobility_flow": f"of_institution_id = {MINE} AND {PUBLISHED}",
    "mobility_verification": f"state = 'done' AND {PUBLISHED}",
}
# What the published files tell of posts and cells
FROZEN = ("mobility_frozen_cell", "mobility_frozen_post")
FILED = """campaign_id IN (SELECT c.id FROM mobility_campaign c
    WHERE c.state IN ('published', 'executing', 'closed'))"""
# Posts of all institutions, by where they are: read by the organiser of the run whose results are kept, in counts only.
FLOWS = (
    f"""CREATE FUNCTION mobility_flows(of_run uuid) RETURNS TABLE (
            of_institution_id uuid, institution_name text, province_code text, position_level text,
            entered integer, went integer
        ) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
            SELECT o.institution_id, min(o.institution_name), min(o.province_code), o.position_level,
                sum(moved.entered)::integer, sum(moved.went)::integer
            FROM (
                SELECT to_post_id AS post_id, 1 AS entered, 0 AS went FROM mobility_move
                WHERE institution_id = {MINE} AND run_id = of_run
                UNION ALL
                SELECT from_post_id, 0, 1 FROM mobility_move WHERE institution_id = {MINE} AND run_id = of_run
            ) AS moved
            JOIN mobility_run r ON r.institution_id = {MINE} AND r.id = of_run
            JOIN mobility_offer o ON o.id = moved.post_id AND o.campaign_id = r.campaign_id
            GROUP BY o.institution_id, o.position_level;
        END""",  # noqa: S608 - our own words
    "REVOKE ALL ON FUNCTION mobility_flows FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION mobility_flows TO {APPLICATION_ROLE}",
    # how near an application is: the cells that lie around both posts
    """CREATE FUNCTION mobility_nearness(organiser uuid, campaign uuid, home uuid, post uuid) RETURNS integer
        LANGUAGE sql STABLE PARALLEL SAFE
        BEGIN ATOMIC
            WITH RECURSIVE around (post_id, cell_id) AS (
                SELECT p.id, p.cell FROM mobility_frozen_post p
                WHERE p.institution_id = organiser AND p.campaign_id = campaign AND p.id IN (home, post)
                UNION ALL
                SELECT a.post_id, c.parent FROM around a
                JOIN mobility_frozen_cell c ON c.institution_id = organiser AND c.campaign_id = campaign
                    AND c.id = a.cell_id
            )
            SELECT count(*)::integer FROM around h JOIN around p ON p.cell_id = h.cell_id
            WHERE h.post_id = home AND p.post_id = post;
        END""",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in CREATE:
        op.execute(statement)
    for table in TABLES:
        for statement in protect(table):
            op.execute(statement)
    for table, condition in PUBLIC.items():
        op.execute(f"CREATE POLICY published ON {table} FOR SELECT USING ({condition})")
    for table in FROZEN:
        op.execute(f"CREATE POLICY published ON {table} FOR SELECT USING ({FILED})")
    # what a run found never changes
    op.execute(f"REVOKE UPDATE, DELETE ON {', '.join((*RESULTS, 'mobility_flow'))} FROM {APPLICATION_ROLE}")
    for statement in FLOWS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION mobility_nearness, mobility_flows")
    for table in FROZEN:
        op.execute(f"DROP POLICY published ON {table}")
    for table in reversed(TABLES):
        op.drop_table(table)
