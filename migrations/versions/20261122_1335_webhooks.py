"""Subscriptions to events, and their deliveries."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

from app.db.policies import APPLICATION_ROLE, protect

revision = "20261122_1335"
down_revision = "20261122_1330"
branch_labels = None
depends_on = None

OF_WEBHOOK = """FOREIGN KEY(institution_id, webhook_id) REFERENCES webhook (institution_id, id) ON DELETE CASCADE"""
TABLES = (
    """CREATE TABLE webhook (
        institution_id UUID NOT NULL,
        id UUID NOT NULL,
        url TEXT NOT NULL,
        types TEXT[] NOT NULL,
        subject_types TEXT[] NOT NULL,
        description TEXT,
        state TEXT NOT NULL,
        cause TEXT,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        created_by TEXT NOT NULL,
        revision INTEGER DEFAULT 1 NOT NULL,
        CONSTRAINT pk_webhook PRIMARY KEY (institution_id, id),
        CONSTRAINT ck_webhook_state CHECK (state IN ('pending', 'active', 'paused', 'disabled')),
        CONSTRAINT fk_webhook_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE INDEX ix_webhook_state_institution_id_id ON webhook (state, institution_id, id)
        WHERE state IN ('pending', 'active')""",
    f"""CREATE TABLE webhook_secret (
        institution_id UUID NOT NULL,
        id UUID NOT NULL,
        webhook_id UUID NOT NULL,
        sealed BYTEA NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        created_by TEXT NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_webhook_secret PRIMARY KEY (institution_id, id),
        CONSTRAINT fk_webhook_secret_institution_id_webhook_id {OF_WEBHOOK},
        CONSTRAINT fk_webhook_secret_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE INDEX ix_webhook_secret_institution_id_webhook_id_created_at
        ON webhook_secret (institution_id, webhook_id, created_at)""",
    f"""CREATE TABLE webhook_cursor (
        institution_id UUID NOT NULL,
        webhook_id UUID NOT NULL,
        position BIGINT NOT NULL,
        not_before TIMESTAMP WITH TIME ZONE,
        failures INTEGER DEFAULT 0 NOT NULL,
        failing_since TIMESTAMP WITH TIME ZONE,
        validated_at TIMESTAMP WITH TIME ZONE,
        allowed_rate INTEGER,
        last_error TEXT,
        CONSTRAINT pk_webhook_cursor PRIMARY KEY (institution_id, webhook_id),
        CONSTRAINT fk_webhook_cursor_institution_id_webhook_id {OF_WEBHOOK},
        CONSTRAINT fk_webhook_cursor_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    f"""CREATE TABLE webhook_delivery (
        institution_id UUID NOT NULL,
        webhook_id UUID NOT NULL,
        position BIGINT NOT NULL,
        id UUID DEFAULT gen_random_uuid() NOT NULL,
        entry_id BIGINT NOT NULL,
        subject TEXT NOT NULL,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        next_attempt_at TIMESTAMP WITH TIME ZONE,
        last_attempt_at TIMESTAMP WITH TIME ZONE,
        delivered_at TIMESTAMP WITH TIME ZONE,
        last_status INTEGER,
        last_error TEXT,
        last_excerpt TEXT,
        CONSTRAINT pk_webhook_delivery PRIMARY KEY (institution_id, webhook_id, position),
        CONSTRAINT uq_webhook_delivery_institution_id_id UNIQUE (institution_id, id),
        CONSTRAINT fk_webhook_delivery_institution_id_webhook_id {OF_WEBHOOK},
        CONSTRAINT fk_webhook_delivery_institution_id_entry_id
            FOREIGN KEY(institution_id, entry_id) REFERENCES ledger_entry (institution_id, id),
        CONSTRAINT ck_webhook_delivery_state CHECK (state IN ('waiting', 'delivered', 'dead')),
        CONSTRAINT fk_webhook_delivery_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE INDEX ix_webhook_delivery_waiting ON webhook_delivery (institution_id, webhook_id, subject, position)
        WHERE state = 'waiting'""",
    "CREATE INDEX ix_webhook_delivery_due ON webhook_delivery (next_attempt_at) WHERE state = 'waiting'",
    "CREATE INDEX ix_webhook_delivery_delivered ON webhook_delivery (delivered_at) WHERE state = 'delivered'",
    *protect("webhook"),
    *protect("webhook_secret"),
    # not audited: how far deliveries are; what somebody asks of them has entries of its own
    *protect("webhook_cursor", audited=False),
    *protect("webhook_delivery", audited=False),
    """CREATE TRIGGER raise_revision BEFORE UPDATE ON webhook
        FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION raise_revision()""",
)
# of all institutions: nobody in particular asks for it, and nothing is told
OWNERS = tuple(
    f"CREATE POLICY {name} ON {table} TO CURRENT_USER USING (true)"
    for name, table in (
        ("queued", "webhook"),
        ("queued", "webhook_cursor"),
        ("queued", "webhook_delivery"),
    )
)
IN_ORDER = (
    # who needs a row that another transaction holds gets its number after that one is committed
    "ALTER TABLE unchained_entry ADD COLUMN number BIGINT GENERATED ALWAYS AS IDENTITY",
    "CREATE INDEX ix_ledger_link_institution_id_position ON ledger_link (institution_id, position)",
)
QUEUE = (
    # like defer_once(): one that waits already is enough, and is not begun before this transaction has ended
    """CREATE FUNCTION queue_webhook(institution uuid, webhook uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$
        BEGIN
            PERFORM FROM procrastinate_jobs
            WHERE procrastinate_jobs.lock = 'webhook/' || queue_webhook.webhook
                AND task_name = 'deliver_webhook' AND status = 'todo'
            FOR SHARE;
            IF NOT FOUND THEN
                PERFORM procrastinate_defer_jobs_v1(ARRAY[ROW(
                    'default', 'deliver_webhook', 0, 'webhook/' || queue_webhook.webhook, NULL, jsonb_build_object(
                        'webhook_id', queue_webhook.webhook,
                        'actor', jsonb_build_object(
                            'institution_id', institution, 'role', 'operator', 'subject', 'service',
                            'request_id', NULL, 'unit_id', NULL, 'purpose', NULL,
                            'other_roles', '[]'::jsonb, 'scopes', '[]'::jsonb)),
                    NULL)::procrastinate_job_to_defer_v1]);
            END IF;
        END $$""",
    """CREATE FUNCTION queue_webhooks_of_links() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$
        BEGIN
            PERFORM queue_webhook(w.institution_id, w.id) FROM webhook w
            WHERE w.state = 'active' AND w.institution_id IN (SELECT institution_id FROM added);
            RETURN NULL;
        END $$""",
    """CREATE TRIGGER queue_webhooks AFTER INSERT ON ledger_link REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION queue_webhooks_of_links()""",
    # what has to be done without anything new: another attempt, a replay, a receiver that has to be asked again
    """CREATE FUNCTION queue_due_webhooks(present timestamptz) RETURNS void LANGUAGE sql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$
            SELECT queue_webhook(w.institution_id, w.id)
            FROM webhook w
            JOIN webhook_cursor c ON c.institution_id = w.institution_id AND c.webhook_id = w.id
            WHERE w.state IN ('pending', 'active') AND coalesce(c.not_before <= present, true) AND (
                w.state = 'pending'
                OR EXISTS (
                    SELECT FROM webhook_delivery d
                    WHERE d.institution_id = w.institution_id AND d.webhook_id = w.id
                        AND d.state = 'waiting' AND d.next_attempt_at <= present)
                OR EXISTS (
                    SELECT FROM ledger_link l
                    WHERE l.institution_id = w.institution_id AND l.position > c.position))
            ORDER BY w.institution_id, w.id
        $$""",
    """CREATE FUNCTION forget_webhook_deliveries(delivered_before timestamptz) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
            DELETE FROM webhook_delivery WHERE state = 'delivered' AND delivered_at < delivered_before;
            DELETE FROM procrastinate_jobs WHERE task_name = 'deliver_webhook' AND status = 'succeeded';
        END""",
    "REVOKE ALL ON FUNCTION queue_webhook, queue_webhooks_of_links FROM PUBLIC",
    *(
        statement
        for function in ("queue_due_webhooks", "forget_webhook_deliveries")
        for statement in (
            f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {function} TO {APPLICATION_ROLE}",
        )
    ),
)


CHAIN = """CREATE OR REPLACE FUNCTION chain_ledger(most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    DECLARE
        link ledger_link;
        entry ledger_entry;
        previous text;
        chained integer := 0;
    BEGIN
        IF NOT EXISTS (SELECT FROM unchained_entry)
            OR NOT pg_try_advisory_xact_lock(hashtext('nusatalenta chain')) THEN
            RETURN 0;
        END IF;
        SELECT * INTO link FROM ledger_link ORDER BY position DESC LIMIT 1;
        previous := link.hash;
        link.position := coalesce(link.position, 0);
        link.chained_at := clock_timestamp();
        FOR entry IN
            SELECT e.* FROM unchained_entry u
            JOIN ledger_entry e ON e.institution_id = u.institution_id AND e.id = u.entry_id
            ORDER BY @order@ LIMIT most
        LOOP
            link.institution_id := entry.institution_id;
            link.entry_id := entry.id;
            link.position := link.position + 1;
            link.hash := encode(sha256(convert_to(ledger_text(entry, link, previous), 'UTF8')), 'hex');
            INSERT INTO ledger_link (institution_id, entry_id, position, hash, chained_at)
            VALUES (link.institution_id, link.entry_id, link.position, link.hash, link.chained_at);
            DELETE FROM unchained_entry u WHERE u.institution_id = entry.institution_id AND u.entry_id = entry.id;
            previous := link.hash;
            chained := chained + 1;
        END LOOP;
        RETURN chained;
    END $$"""
BY_TRANSACTION, AS_COMMITTED = "e.transaction::xid8, e.id", "u.number"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (*TABLES, *OWNERS, *IN_ORDER, *QUEUE, CHAIN.replace("@order@", AS_COMMITTED)):
        op.execute(text(statement.replace(":", "\\:")))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(text(CHAIN.replace("@order@", BY_TRANSACTION).replace(":", "\\:")))
    op.execute("DROP TRIGGER queue_webhooks ON ledger_link")
    op.execute("DROP FUNCTION queue_due_webhooks, queue_webhooks_of_links, queue_webhook, forget_webhook_deliveries")
    op.execute("DROP INDEX ix_ledger_link_institution_id_position")
    op.execute("ALTER TABLE unchained_entry DROP COLUMN number")
    op.execute("DROP TABLE webhook_delivery, webhook_cursor, webhook_secret, webhook")
