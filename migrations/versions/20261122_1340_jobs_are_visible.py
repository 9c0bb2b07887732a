"""Background work as its institution sees it."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

from app.db.policies import APPLICATION_ROLE

revision = "20261122_1340"
down_revision = "20261122_1335"
branch_labels = None
depends_on = None

UUID_PATTERN = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
OF_INSTITUTION = "args -> 'actor' ->> 'institution_id'"
STATE = """CASE j.status
    WHEN 'todo' THEN CASE WHEN j.attempts = 0 THEN 'waiting' ELSE 'retrying' END
    WHEN 'doing' THEN 'running'
    WHEN 'succeeded' THEN 'done'
    WHEN 'failed' THEN 'failed'
    ELSE 'cancelled' END"""

JOBS = (
    "DELETE FROM procrastinate_jobs WHERE task_name = 'retry_stalled_jobs'",  # workers do it by themselves now
    """CREATE TABLE job_failure (
        job_id BIGINT PRIMARY KEY REFERENCES procrastinate_jobs ON DELETE CASCADE,
        code TEXT NOT NULL,
        cause TEXT,
        failed_at TIMESTAMP WITH TIME ZONE NOT NULL
    )""",
    f"CREATE INDEX ix_procrastinate_jobs_institution_id ON procrastinate_jobs (({OF_INSTITUTION}), id)",
    "CREATE INDEX ix_procrastinate_jobs_failed ON procrastinate_jobs (id) WHERE status = 'failed'",
    """CREATE FUNCTION in_camel_case(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN left(name, 1) || substr(replace(initcap(replace(name, '_', ' ')), ' ', ''), 2)""",
    # of what a job was given, only ids are seen: whatever else somebody puts there stays inside
    f"""CREATE VIEW institution_job WITH (security_barrier) AS
        SELECT (j.args -> 'actor' ->> 'institution_id')::uuid AS institution_id, j.id, j.task_name::text AS kind,
            {STATE} AS state,
            told.attempts, told.enqueued_at, told.started_at,
            CASE WHEN j.status NOT IN ('todo', 'doing') THEN told.finished_at END AS finished_at,
            CASE WHEN j.status = 'todo' AND j.attempts > 0 THEN coalesce(j.scheduled_at, told.changed_at) END
                AS retry_at,
            f.code AS failure_code, f.cause AS failure_cause, f.failed_at,
            j.args -> 'actor' ->> 'role' AS role, j.args -> 'actor' ->> 'request_id' AS request_id,
            coalesce((
                SELECT jsonb_agg(jsonb_build_object('name', in_camel_case(a.key), 'id', a.value) ORDER BY a.key)
                FROM jsonb_each_text(j.args - 'actor') a
                WHERE a.key ~ '^[a-z_]+_id$' AND a.value ~ '{UUID_PATTERN}'), '[]') AS about
        FROM procrastinate_jobs j
        LEFT JOIN job_failure f ON f.job_id = j.id
        CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE e.type = 'started')::integer AS attempts,
                min(e.at) FILTER (WHERE e.type = 'deferred') AS enqueued_at,
                max(e.at) FILTER (WHERE e.type = 'started') AS started_at,
                max(e.at) FILTER (WHERE e.type IN ('succeeded', 'failed', 'cancelled', 'aborted')) AS finished_at,
                max(e.at) FILTER (WHERE e.type = 'deferred_for_retry') AS changed_at
            FROM procrastinate_events e WHERE e.job_id = j.id) told
        WHERE {OF_INSTITUTION.replace("args", "j.args")} = (SELECT current_institution()::text)""",  # noqa: S608
    f"GRANT SELECT ON institution_job TO {APPLICATION_ROLE}",
    """CREATE FUNCTION note_job_failure(job bigint, failed_with text, because_of text) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
            INSERT INTO job_failure (job_id, code, cause, failed_at)
            SELECT id, failed_with, because_of, clock_timestamp() FROM procrastinate_jobs WHERE id = job
            ON CONFLICT (job_id) DO UPDATE
                SET code = excluded.code, cause = excluded.cause, failed_at = excluded.failed_at
        $$""",
    # one at a time, so that nobody takes away a job that was given to somebody else a moment ago
    """CREATE FUNCTION rescue_jobs(silence float8, most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$
        DECLARE
            job record;
            rescued integer := 0;
        BEGIN
            IF NOT pg_try_advisory_xact_lock(hashtext('nusatalenta rescue')) THEN
                RETURN 0;
            END IF;
            FOR job IN
                SELECT j.id, j.attempts, j.queue_name FROM procrastinate_jobs j
                WHERE j.status = 'doing' AND NOT EXISTS (
                    SELECT FROM procrastinate_workers w
                    WHERE w.id = j.worker_id AND w.last_heartbeat >= clock_timestamp() - make_interval(secs => silence))
                ORDER BY j.id
                FOR UPDATE OF j SKIP LOCKED
            LOOP
                PERFORM note_job_failure(job.id, 'job.killed', NULL);
                UPDATE procrastinate_jobs SET
                    status = CASE WHEN abort_requested THEN 'aborted' WHEN job.attempts + 1 >= most THEN 'failed'
                        ELSE 'todo' END::procrastinate_job_status,
                    attempts = job.attempts + 1,
                    abort_requested = false,
                    worker_id = NULL,
                    scheduled_at = CASE WHEN job.attempts > 0
                        THEN clock_timestamp() + make_interval(secs => 2.0 ^ least(job.attempts, 8)) END
                WHERE id = job.id;
                PERFORM pg_notify('procrastinate_any_queue_v1', json_build_object(
                    'type', 'job_inserted', 'job_id', job.id)::text);
                rescued := rescued + 1;
            END LOOP;
            RETURN rescued;
        END $$""",
    *(
        statement
        for function in ("note_job_failure", "rescue_jobs")
        for statement in (
            f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {function} TO {APPLICATION_ROLE}",
        )
    ),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in JOBS:
        op.execute(text(statement.replace(":", "\\:")))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION rescue_jobs, note_job_failure")
    op.execute("DROP VIEW institution_job")
    op.execute("DROP FUNCTION in_camel_case")
    op.execute("DROP INDEX ix_procrastinate_jobs_failed, ix_procrastinate_jobs_institution_id")
    op.execute("DROP TABLE job_failure")
