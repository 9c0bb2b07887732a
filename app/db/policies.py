"""Row-level security and the guard of the ledger, as the statements that migrations run and tests look for."""

from __future__ import annotations

from collections.abc import Iterator

APPLICATION_ROLE = "nusatalenta_app"


def prepare() -> Iterator[str]:
    """What all policies stand on: the application's role, who is asking, and the guard against unrecorded changes.

    The guard: a statement that changes an audited table notes its transaction in `unrecorded_change`; a deferred
    trigger there fails the commit unless the ledger has an entry of the same transaction. Per statement, not per row,
    so that writes in sets stay cheap.
    """
    yield f"""
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APPLICATION_ROLE}') THEN
                CREATE ROLE {APPLICATION_ROLE} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
            END IF;
            -- since PostgreSQL 16 membership alone does not allow SET ROLE
            IF NOT pg_has_role(current_user, '{APPLICATION_ROLE}',
                    CASE WHEN current_setting('server_version_num')::integer < 160000 THEN 'MEMBER' ELSE 'SET' END)
            THEN
                EXECUTE format('GRANT {APPLICATION_ROLE} TO %I', current_user);
            END IF;
        END $$"""
    yield f"GRANT USAGE ON SCHEMA public TO {APPLICATION_ROLE}"
    # '' and not NULL is what a setting has after its first use in a session
    yield """CREATE FUNCTION current_institution() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
        RETURN nullif(current_setting('app.institution_id', true), '')::uuid"""
    yield """CREATE FUNCTION current_reach() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
        RETURN coalesce(nullif(current_setting('app.reach', true), ''), 'institution')"""
    # by transaction and time: after a restore into a new cluster, transactions are counted from the beginning again
    yield "CREATE TABLE unrecorded_change (transaction xid8 PRIMARY KEY)"
    yield """CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$
        BEGIN
            INSERT INTO unrecorded_change VALUES (pg_current_xact_id()) ON CONFLICT DO NOTHING;
            RETURN NULL;
        END $$"""
    yield """CREATE FUNCTION refuse_unrecorded_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$
        BEGIN
            IF NOT EXISTS (
                SELECT FROM ledger_entry WHERE transaction = NEW.transaction::text AND recorded_at = now()
            ) THEN
                RAISE EXCEPTION 'rows changed and nothing recorded in the ledger'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            DELETE FROM unrecorded_change WHERE transaction = NEW.transaction;
            RETURN NULL;
        END $$"""
    yield """CREATE CONSTRAINT TRIGGER refuse_unrecorded_change AFTER INSERT ON unrecorded_change
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_unrecorded_change()"""


def protect(table: str, *, column: str = "institution_id", audited: bool = True) -> Iterator[str]:
    """Rows of `table` are seen and written only by their own institution; changes must be recorded."""
    mine = f"{column} = (SELECT current_institution())"
    yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
    yield f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY'
    yield f'CREATE POLICY own_institution ON "{table}" USING ({mine}) WITH CHECK ({mine})'
    yield f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO {APPLICATION_ROLE}'
    if audited:
        yield f"""CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE ON "{table}"
            FOR EACH STATEMENT EXECUTE FUNCTION note_change()"""


def protect_ledger(table: str) -> Iterator[str]:
    """Append-only: the application reads its own institution's entries and adds to them, and nothing else."""
    mine = "institution_id = (SELECT current_institution())"
    yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
    yield f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY'
    yield f'CREATE POLICY own_institution ON "{table}" USING ({mine}) WITH CHECK ({mine})'
    # the guard runs as the owner and looks for entries of its own transaction, whichever institution they are of
    yield f"""CREATE POLICY own_transaction ON "{table}" FOR SELECT TO CURRENT_USER
        USING (transaction = pg_current_xact_id()::text)"""
    yield f'GRANT SELECT, INSERT ON "{table}" TO {APPLICATION_ROLE}'


def protect_chain() -> Iterator[str]:
    """The chain runs through all institutions: its function sees every entry; others read their own links only."""
    mine = "institution_id = (SELECT current_institution())"
    yield "CREATE POLICY whole_ledger ON ledger_entry FOR SELECT TO CURRENT_USER USING (true)"
    yield "ALTER TABLE ledger_link ENABLE ROW LEVEL SECURITY"
    yield "ALTER TABLE ledger_link FORCE ROW LEVEL SECURITY"
    yield f"CREATE POLICY own_institution ON ledger_link USING ({mine}) WITH CHECK ({mine})"
    yield "CREATE POLICY whole_chain ON ledger_link TO CURRENT_USER USING (true) WITH CHECK (true)"
    yield f"GRANT SELECT ON ledger_link TO {APPLICATION_ROLE}"
