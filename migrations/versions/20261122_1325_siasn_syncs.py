"""Syncs with SIASN, what they changed, and conflicts."""

from __future__ import annotations

from alembic import op

from app.db.policies import APPLICATION_ROLE, protect

revision = "20261122_1325"
down_revision = "20261122_1320"
branch_labels = None
depends_on = None

SYNC = (
    """CREATE TABLE siasn_sync (
        institution_id UUID NOT NULL,
        id UUID NOT NULL,
        scope TEXT NOT NULL,
        unit_id TEXT,
        mode TEXT NOT NULL,
        histories TEXT[] NOT NULL,
        is_dry_run BOOLEAN NOT NULL,
        max_age_hours INTEGER,
        state TEXT NOT NULL,
        problem TEXT,
        subject TEXT NOT NULL,
        requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
        started_at TIMESTAMP WITH TIME ZONE,
        heartbeat_at TIMESTAMP WITH TIME ZONE,
        finished_at TIMESTAMP WITH TIME ZONE,
        run_id UUID,
        import_id UUID,
        position INTEGER DEFAULT 0 NOT NULL,
        total INTEGER NOT NULL,
        working_ms INTEGER DEFAULT 0 NOT NULL,
        units_taken BOOLEAN DEFAULT false NOT NULL,
        units_changed INTEGER DEFAULT 0 NOT NULL,
        unit_faults JSONB DEFAULT '[]' NOT NULL,
        CONSTRAINT pk_siasn_sync PRIMARY KEY (institution_id, id),
        CONSTRAINT fk_siasn_sync_institution_id_import_id
            FOREIGN KEY(institution_id, import_id) REFERENCES import (institution_id, id),
        CONSTRAINT ck_siasn_sync_state CHECK (state IN ('queued', 'running', 'paused', 'cancelled', 'succeeded')),
        CONSTRAINT ck_siasn_sync_mode CHECK (mode IN ('full', 'incremental')),
        CONSTRAINT fk_siasn_sync_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    "CREATE INDEX ix_siasn_sync_institution_id_requested_at_id ON siasn_sync (institution_id, requested_at, id)",
    """CREATE UNIQUE INDEX uq_siasn_sync_open ON siasn_sync (institution_id)
        WHERE state IN ('queued', 'running', 'paused')""",
    *protect("siasn_sync", audited=False),
)
PERSON = (
    """CREATE TABLE siasn_sync_person (
        institution_id UUID NOT NULL,
        id UUID DEFAULT gen_random_uuid() NOT NULL,
        sync_id UUID NOT NULL,
        ordinal INTEGER NOT NULL,
        nip TEXT NOT NULL,
        outcome TEXT,
        done_at TIMESTAMP WITH TIME ZONE,
        endpoints JSONB DEFAULT '[]' NOT NULL,
        changes JSONB DEFAULT '[]' NOT NULL,
        narrowed_changes JSONB DEFAULT '[]' NOT NULL,
        unmapped JSONB DEFAULT '[]' NOT NULL,
        unread SMALLINT DEFAULT 0 NOT NULL,
        failures SMALLINT DEFAULT 0 NOT NULL,
        conflicts SMALLINT DEFAULT 0 NOT NULL,
        CONSTRAINT pk_siasn_sync_person PRIMARY KEY (institution_id, id),
        CONSTRAINT uq_siasn_sync_person_institution_id_sync_id_ordinal UNIQUE (institution_id, sync_id, ordinal),
        CONSTRAINT fk_siasn_sync_person_institution_id_sync_id
            FOREIGN KEY(institution_id, sync_id) REFERENCES siasn_sync (institution_id, id),
        CONSTRAINT fk_siasn_sync_person_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    "CREATE INDEX ix_siasn_sync_person_institution_id_nip_done_at ON siasn_sync_person (institution_id, nip, done_at)",
    *protect("siasn_sync_person", audited=False),
)
CONFLICT = (
    """CREATE TABLE siasn_conflict (
        institution_id UUID NOT NULL,
        id UUID NOT NULL,
        talent_id UUID NOT NULL,
        sync_id UUID NOT NULL,
        topic TEXT NOT NULL,
        kind TEXT,
        row_key UUID,
        reason TEXT NOT NULL,
        differences JSONB NOT NULL,
        digest TEXT NOT NULL,
        found_at TIMESTAMP WITH TIME ZONE NOT NULL,
        standing TEXT NOT NULL,
        decision TEXT,
        asked_whom TEXT,
        note TEXT,
        decided_by TEXT,
        decided_at TIMESTAMP WITH TIME ZONE,
        revision INTEGER DEFAULT 1 NOT NULL,
        CONSTRAINT pk_siasn_conflict PRIMARY KEY (institution_id, id),
        CONSTRAINT fk_siasn_conflict_institution_id_talent_id
            FOREIGN KEY(institution_id, talent_id) REFERENCES talent (institution_id, id),
        CONSTRAINT fk_siasn_conflict_institution_id_sync_id
            FOREIGN KEY(institution_id, sync_id) REFERENCES siasn_sync (institution_id, id),
        CONSTRAINT ck_siasn_conflict_reason CHECK (reason IN ('submission', 'decree', 'import')),
        CONSTRAINT ck_siasn_conflict_standing CHECK (standing IN ('open', 'asked', 'decided', 'superseded')),
        CONSTRAINT ck_siasn_conflict_decision CHECK (decision IN ('keepOurs', 'takeTheirs', 'ask')),
        CONSTRAINT fk_siasn_conflict_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    "CREATE INDEX ix_siasn_conflict_institution_id_found_at_id ON siasn_conflict (institution_id, found_at, id)",
    """CREATE UNIQUE INDEX uq_siasn_conflict_waiting ON siasn_conflict (institution_id, talent_id, topic)
        WHERE standing IN ('open', 'asked')""",
    *protect("siasn_conflict"),
    """CREATE TRIGGER raise_revision BEFORE UPDATE ON siasn_conflict
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION raise_revision()""",
)

# of all institutions: nobody in particular asks for it, and only ids are told
OWNERS = tuple(
    f"CREATE POLICY due ON {table} TO CURRENT_USER USING (true)" for table in ("siasn_connection", "siasn_sync")
)
DUE = (
    # a sync that is to go on and has no job any more, and (without a sync) an institution whose next one is to start
    """CREATE FUNCTION siasn_syncs_due(present timestamptz) RETURNS TABLE (institution_id uuid, sync_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            SELECT s.institution_id, s.id FROM siasn_sync s
            WHERE s.state IN ('queued', 'running') AND NOT EXISTS (
                SELECT FROM procrastinate_jobs j
                WHERE j.args -> 'actor' ->> 'institution_id' = s.institution_id::text
                AND j.task_name = 'sync_siasn' AND j.status IN ('todo', 'doing') AND j.args ->> 'sync_id' = s.id::text)
            UNION ALL
            SELECT c.institution_id, NULL FROM siasn_connection c
            WHERE c.sync_every_hours IS NOT NULL AND NOT EXISTS (
                SELECT FROM siasn_sync s
                WHERE s.institution_id = c.institution_id AND (
                    s.state IN ('queued', 'running', 'paused')
                    OR (s.scope = 'everybody' AND NOT s.is_dry_run
                        AND s.requested_at > present - make_interval(hours => c.sync_every_hours))))
        $$""",
    "REVOKE ALL ON FUNCTION siasn_syncs_due FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION siasn_syncs_due TO {APPLICATION_ROLE}",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (*SYNC, *PERSON, *CONFLICT, *OWNERS, *DUE):
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION siasn_syncs_due")
    op.execute("DROP POLICY due ON siasn_connection")
    for table in ("siasn_conflict", "siasn_sync_person", "siasn_sync"):
        op.execute(f"DROP TABLE {table}")
