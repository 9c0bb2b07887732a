"""What is over is kept for some time: dead deliveries, secrets that ended, and what became of people in syncs."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

from app.db.policies import APPLICATION_ROLE

revision = "20261122_1730"
down_revision = "20261122_1350"
branch_labels = None
depends_on = None

COUNTED = (
    "ALTER TABLE siasn_sync ADD COLUMN counts JSONB",
    "ALTER TABLE siasn_sync ADD COLUMN forgotten_at TIMESTAMP WITH TIME ZONE",
    "ALTER TABLE siasn_sync ADD CONSTRAINT ck_siasn_sync_counts CHECK ((counts IS NULL) = (forgotten_at IS NULL))",
    """CREATE INDEX ix_siasn_sync_finished_at ON siasn_sync (finished_at)
        WHERE finished_at IS NOT NULL AND forgotten_at IS NULL""",
    """CREATE INDEX ix_webhook_delivery_dead ON webhook_delivery (institution_id, webhook_id, position)
        WHERE state = 'dead'""",
)
# of all institutions: nobody in particular asks for it, and nothing is told
OWNERS = (
    "CREATE POLICY forgotten ON siasn_sync_person TO CURRENT_USER USING (true)",
    "CREATE POLICY forgotten ON webhook_secret TO CURRENT_USER USING (expires_at IS NOT NULL)",
)
DEAD = """CREATE FUNCTION forget_dead_letters(tried_before timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    BEGIN ATOMIC
        DELETE FROM webhook_delivery WHERE state = 'dead' AND last_attempt_at < tried_before;
    END"""
# subscription by subscription, each with its entry: secrets are audited
SECRETS = """CREATE FUNCTION forget_webhook_secrets(ended_before timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE one record; gone integer;
    BEGIN
        ended_before := least(ended_before, now());  -- nobody has forgotten what still signs
        FOR one IN
            SELECT DISTINCT s.institution_id, s.webhook_id FROM webhook_secret s WHERE s.expires_at < ended_before
        LOOP
            PERFORM set_config('app.institution_id', one.institution_id::text, true);
            DELETE FROM webhook_secret s
            WHERE s.institution_id = one.institution_id AND s.webhook_id = one.webhook_id
                AND s.expires_at < ended_before;
            GET DIAGNOSTICS gone = ROW_COUNT;
            INSERT INTO ledger_entry (institution_id, role, subject, type, about_type, about_id, payload)
            VALUES (one.institution_id, 'operator', 'service', 'webhookSecretsForgotten', 'webhook',
                one.webhook_id::text, jsonb_build_object('webhook_id', one.webhook_id, 'secrets', gone));
        END LOOP;
        PERFORM set_config('app.institution_id', '', true);
    END $$"""
# how many came of what stays; some syncs at a time, so that nobody waits for long
PEOPLE = """CREATE FUNCTION forget_siasn_people(finished_before timestamptz, present timestamptz, most integer)
    RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        WITH old AS (
            SELECT s.institution_id, s.id FROM siasn_sync s
            WHERE s.finished_at < finished_before AND s.forgotten_at IS NULL
            ORDER BY s.finished_at LIMIT most FOR UPDATE SKIP LOCKED
        ), counted AS (
            SELECT o.institution_id, o.id, jsonb_build_object(
                'done', count(p.outcome),
                'unchanged', count(*) FILTER (WHERE p.outcome = 'unchanged'),
                'changed', count(*) FILTER (WHERE p.outcome = 'changed'),
                'added', count(*) FILTER (WHERE p.outcome = 'added'),
                'unknownThere', count(*) FILTER (WHERE p.outcome = 'unknownThere'),
                'elsewhere', count(*) FILTER (WHERE p.outcome = 'elsewhere'),
                'failed', count(*) FILTER (WHERE p.outcome = 'failed'),
                'with_failures', count(*) FILTER (WHERE p.failures > 0),
                'conflicts', coalesce(sum(p.conflicts), 0),
                'with_unmapped', count(*) FILTER (WHERE p.unread > 0)) AS counts
            FROM old o
            LEFT JOIN siasn_sync_person p ON p.institution_id = o.institution_id AND p.sync_id = o.id
            GROUP BY o.institution_id, o.id
        ), kept AS (
            UPDATE siasn_sync s SET counts = c.counts, forgotten_at = present FROM counted c
            WHERE s.institution_id = c.institution_id AND s.id = c.id
        ), gone AS (
            DELETE FROM siasn_sync_person p USING old o WHERE p.institution_id = o.institution_id AND p.sync_id = o.id
        )
        SELECT count(*)::integer FROM old
    $$"""
FORGETTING = ("forget_dead_letters", "forget_webhook_secrets", "forget_siasn_people")
GRANTED = tuple(
    statement
    for function in FORGETTING
    for statement in (
        f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {function} TO {APPLICATION_ROLE}",
    )
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (*COUNTED, *OWNERS, DEAD, SECRETS, PEOPLE, *GRANTED):
        op.execute(text(statement.replace(":", "\\:")))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for function in FORGETTING:
        op.execute(f"DROP FUNCTION {function}")
    op.execute("DROP POLICY forgotten ON webhook_secret")
    op.execute("DROP POLICY forgotten ON siasn_sync_person")
    op.execute("DROP INDEX ix_webhook_delivery_dead")
    op.execute("DROP INDEX ix_siasn_sync_finished_at")
    op.execute("ALTER TABLE siasn_sync DROP COLUMN forgotten_at, DROP COLUMN counts")
