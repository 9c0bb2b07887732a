"""Webhooks are work of a lane of their own, and a handing over to SIASN is taken up by whoever comes next."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

from app.db.policies import APPLICATION_ROLE

revision = "20261122_1731"
down_revision = "20261122_1730"
branch_labels = None
depends_on = None

MINE, OTHERS = "'webhooks'", "'default'"


def _queued_in(queue: str) -> tuple[str, ...]:
    """Deliveries of events belong to this queue, those that wait included."""
    return (
        f"""CREATE OR REPLACE FUNCTION queue_webhook(institution uuid, webhook uuid) RETURNS void
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
            BEGIN
                PERFORM FROM procrastinate_jobs
                WHERE procrastinate_jobs.lock = 'webhook/' || queue_webhook.webhook
                    AND task_name = 'deliver_webhook' AND status = 'todo'
                FOR SHARE;
                IF NOT FOUND THEN
                    PERFORM procrastinate_defer_jobs_v1(ARRAY[ROW(
                        {queue}, 'deliver_webhook', 0, 'webhook/' || queue_webhook.webhook, NULL, jsonb_build_object(
                            'webhook_id', queue_webhook.webhook,
                            'actor', jsonb_build_object(
                                'institution_id', institution, 'role', 'operator', 'subject', 'service',
                                'request_id', NULL, 'unit_id', NULL, 'purpose', NULL,
                                'other_roles', '[]'::jsonb, 'scopes', '[]'::jsonb)),
                        NULL)::procrastinate_job_to_defer_v1]);
                END IF;
            END $$""",
        f"UPDATE procrastinate_jobs SET queue_name = {queue} WHERE task_name = 'deliver_webhook'",  # noqa: S608
    )


def _rescue(tells: str) -> str:
    """As before; `tells` is where a worker listens for a job that is given to others."""
    return f"""CREATE OR REPLACE FUNCTION rescue_jobs(silence float8, most integer) RETURNS integer
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
                PERFORM pg_notify({tells}, json_build_object(
                    'type', 'job_inserted', 'job_id', job.id)::text);
                rescued := rescued + 1;
            END LOOP;
            RETURN rescued;
        END $$"""  # noqa: S608 - our own words


PUSHES = (
    "ALTER TABLE siasn_push ADD COLUMN run_id UUID",
    # of all institutions: nobody in particular asks for it, and only ids are told
    "CREATE POLICY left_behind ON siasn_push TO CURRENT_USER USING (true)",
    """CREATE FUNCTION siasn_pushes_left() RETURNS TABLE (institution_id uuid, push_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            SELECT s.institution_id, s.id FROM siasn_push s
            WHERE s.state IN ('queued', 'running') AND NOT EXISTS (
                SELECT FROM procrastinate_jobs j
                WHERE j.args -> 'actor' ->> 'institution_id' = s.institution_id::text
                AND j.task_name = 'push_placements' AND j.status IN ('todo', 'doing')
                AND j.args ->> 'push_id' = s.id::text)
        $$""",
    "REVOKE ALL ON FUNCTION siasn_pushes_left FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION siasn_pushes_left TO {APPLICATION_ROLE}",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (*_queued_in(MINE), _rescue("'procrastinate_queue_v1#' || job.queue_name"), *PUSHES):
        op.execute(text(statement.replace(":", "\\:")))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (*_queued_in(OTHERS), _rescue("'procrastinate_any_queue_v1'")):
        op.execute(text(statement.replace(":", "\\:")))
    op.execute("DROP FUNCTION siasn_pushes_left")
    op.execute("DROP POLICY left_behind ON siasn_push")
    op.execute("ALTER TABLE siasn_push DROP COLUMN run_id")
