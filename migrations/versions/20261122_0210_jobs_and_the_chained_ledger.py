"""Background jobs, and a ledger chained by hash."""

from __future__ import annotations

from hashlib import sha256

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects.postgresql import JSONB

from app.db.policies import APPLICATION_ROLE, protect_chain

revision = "20261122_0210"
down_revision = "20261122_0150"
branch_labels = None
depends_on = None

# of procrastinate 3.10; a release with another schema comes with its own way from this one
QUEUE_SCHEMA = "c70ec4b400a60ad9592787653aae5ae77ae41bf801d56b5bd2712751a07f2009"
QUEUE_TABLES = ("procrastinate_jobs", "procrastinate_workers", "procrastinate_periodic_defers", "procrastinate_events")
QUEUE_SEQUENCES = ("procrastinate_jobs", "procrastinate_periodic_defers", "procrastinate_events")
WRITABLE = (
    "institution_id, role, subject, purpose, type, about_type, about_id, payload, before, after, request_id"
)

# An entry is written as a chain of texts that cannot be mistaken for each other: docs/ledger.md says how.
CHAIN = (
    """CREATE FUNCTION netstring(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN coalesce(octet_length(value) || ':' || value, '-') || ','""",
    """CREATE FUNCTION ledger_instant(moment timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
        RETURN to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
    """CREATE FUNCTION ledger_text(entry ledger_entry, link ledger_link, previous text) RETURNS text
        LANGUAGE sql STABLE
        RETURN netstring('1') || netstring(previous)
            || netstring((link).position::text) || netstring(ledger_instant((link).chained_at))
            || netstring((entry).institution_id::text) || netstring((entry).id::text)
            || netstring(ledger_instant((entry).recorded_at))
            || netstring((entry).role) || netstring((entry).subject) || netstring((entry).purpose)
            || netstring((entry).type) || netstring((entry).about_type) || netstring((entry).about_id)
            || netstring((entry).payload::text) || netstring((entry).before::text) || netstring((entry).after::text)
            || netstring((entry).request_id) || netstring((entry).transaction)""",
    # at the end of the transaction, so that the moment is that of the commit
    """CREATE FUNCTION await_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$
        BEGIN
            INSERT INTO unchained_entry VALUES (NEW.institution_id, NEW.id, clock_timestamp());
            RETURN NULL;
        END $$""",
    """CREATE CONSTRAINT TRIGGER await_chain AFTER INSERT ON ledger_entry
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION await_chain()""",
    """CREATE FUNCTION chain_ledger(most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
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
                ORDER BY e.transaction::xid8, e.id LIMIT most
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
        END $$""",
    """CREATE FUNCTION ledger_head() RETURNS TABLE (
            "position" bigint, hash text, chained_at timestamptz, unchained bigint, oldest_unchained_seconds float8
        ) LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
            SELECT coalesce(l.position, 0), l.hash, l.chained_at, waiting.entries, waiting.seconds
            FROM (SELECT count(*) AS entries,
                      round(extract(epoch FROM clock_timestamp() - min(committed_at)), 3)::float8 AS seconds
                  FROM unchained_entry) AS waiting
            LEFT JOIN (SELECT * FROM ledger_link ORDER BY position DESC LIMIT 1) AS l ON true;
        END""",
    *(
        statement
        for function in ("chain_ledger", "ledger_head")
        for statement in (
            f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {function} TO {APPLICATION_ROLE}",
        )
    ),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _lay_queue()
    for name in ("purpose", "about_type", "about_id"):
        op.add_column("ledger_entry", sa.Column(name, sa.Text()))
    for name in ("before", "after"):
        op.add_column("ledger_entry", sa.Column(name, JSONB()))
    op.create_index(
        "ix_ledger_entry_institution_id_about_id_id", "ledger_entry", ["institution_id", "about_id", "id"]
    )
    _create_links()
    for statement in (*protect_chain(), *CHAIN):
        op.execute(sa.text(statement.replace(":", "\\:")))
    # what the server knows better than the application, it alone writes
    op.execute(f"REVOKE INSERT ON ledger_entry FROM {APPLICATION_ROLE}")
    op.execute(f"GRANT INSERT ({WRITABLE}) ON ledger_entry TO {APPLICATION_ROLE}")
    op.execute("INSERT INTO unchained_entry SELECT institution_id, id, clock_timestamp() FROM ledger_entry")


def _lay_queue() -> None:
    schema = SchemaManager.get_schema()
    if sha256(schema.encode()).hexdigest() != QUEUE_SCHEMA:
        raise RuntimeError("this migration is made for the schema of procrastinate 3.10; install the locked version")
    connection = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute(schema))
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(QUEUE_TABLES)} TO {APPLICATION_ROLE}")
    for table in QUEUE_SEQUENCES:
        op.execute(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO {APPLICATION_ROLE}")


def _create_links() -> None:
    op.create_table(
        "ledger_link",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("chained_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_ledger_link_institution_id"),
        sa.ForeignKeyConstraint(
            ["institution_id", "entry_id"],
            ["ledger_entry.institution_id", "ledger_entry.id"],
            name="fk_ledger_link_institution_id_entry_id",
        ),
        sa.PrimaryKeyConstraint("institution_id", "entry_id", name="pk_ledger_link"),
        sa.UniqueConstraint("position", name="uq_ledger_link_position"),
    )
    op.create_table(
        "unchained_entry",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "entry_id", name="pk_unchained_entry"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"REVOKE INSERT ({WRITABLE}) ON ledger_entry FROM {APPLICATION_ROLE}")
    op.execute(f"GRANT INSERT ON ledger_entry TO {APPLICATION_ROLE}")
    op.execute("DROP TRIGGER await_chain ON ledger_entry")
    op.execute("DROP POLICY whole_ledger ON ledger_entry")
    op.execute("DROP FUNCTION chain_ledger, ledger_head, await_chain, ledger_text, ledger_instant, netstring")
    op.drop_table("unchained_entry")
    op.drop_table("ledger_link")
    op.drop_index("ix_ledger_entry_institution_id_about_id_id", "ledger_entry")
    for name in ("purpose", "about_type", "about_id", "before", "after"):
        op.drop_column("ledger_entry", name)
    op.execute(f"DROP TABLE {', '.join(QUEUE_TABLES)} CASCADE")
    op.execute("""
        DO $$ DECLARE part regprocedure; BEGIN
            FOR part IN SELECT oid FROM pg_proc
                WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'procrastinate\\_%' LOOP
                EXECUTE 'DROP FUNCTION ' || part;
            END LOOP;
        END $$""")
    op.execute("DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_status, procrastinate_job_event_type")
