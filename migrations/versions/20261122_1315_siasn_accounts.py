"""Who may ask us as they ask SIASN, and whose people they may ask for."""

from __future__ import annotations

from alembic import op

from app.db.policies import APPLICATION_ROLE, protect

revision = "20261122_1315"
down_revision = "20261122_1310"
branch_labels = None
depends_on = None

MINE = "(SELECT current_institution())"
SETTING = "ALTER TABLE institution ADD COLUMN siasn_password_grant BOOLEAN DEFAULT true NOT NULL"
TABLES = {
    "siasn_account": """CREATE TABLE siasn_account (
        institution_id UUID NOT NULL,
        id UUID NOT NULL,
        client_id TEXT NOT NULL,
        talent_id UUID NOT NULL,
        hash BYTEA NOT NULL,
        generation SMALLINT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        created_by TEXT NOT NULL,
        secret_made_at TIMESTAMP WITH TIME ZONE NOT NULL,
        revoked_at TIMESTAMP WITH TIME ZONE,
        revoked_by TEXT,
        CONSTRAINT pk_siasn_account PRIMARY KEY (institution_id, id),
        CONSTRAINT fk_siasn_account_institution_id_client_id
            FOREIGN KEY(institution_id, client_id) REFERENCES client (institution_id, client_id),
        CONSTRAINT fk_siasn_account_institution_id_talent_id
            FOREIGN KEY(institution_id, talent_id) REFERENCES talent (institution_id, id),
        CONSTRAINT fk_siasn_account_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    "siasn_sign_in": """CREATE TABLE siasn_sign_in (
        institution_id UUID NOT NULL,
        account_id UUID NOT NULL,
        failures SMALLINT DEFAULT 0 NOT NULL,
        locked_until TIMESTAMP WITH TIME ZONE,
        succeeded_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_siasn_sign_in PRIMARY KEY (institution_id, account_id),
        CONSTRAINT fk_siasn_sign_in_institution_id_account_id
            FOREIGN KEY(institution_id, account_id) REFERENCES siasn_account (institution_id, id),
        CONSTRAINT fk_siasn_sign_in_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    "siasn_token": """CREATE TABLE siasn_token (
        institution_id UUID NOT NULL,
        id UUID NOT NULL,
        account_id UUID NOT NULL,
        issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
        issued_by TEXT NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        revoked_at TIMESTAMP WITH TIME ZONE,
        revoked_by TEXT,
        CONSTRAINT pk_siasn_token PRIMARY KEY (institution_id, id),
        CONSTRAINT fk_siasn_token_institution_id_account_id
            FOREIGN KEY(institution_id, account_id) REFERENCES siasn_account (institution_id, id),
        CONSTRAINT fk_siasn_token_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    "data_sharing_grant": """CREATE TABLE data_sharing_grant (
        institution_id UUID NOT NULL,
        id UUID NOT NULL,
        origin TEXT NOT NULL,
        receiving_institution_id UUID NOT NULL,
        receiving_institution TEXT NOT NULL,
        client_id TEXT NOT NULL,
        agreement TEXT NOT NULL,
        basis TEXT NOT NULL,
        histories TEXT[],
        granted_at TIMESTAMP WITH TIME ZONE NOT NULL,
        granted_by TEXT NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        revoked_at TIMESTAMP WITH TIME ZONE,
        revoked_by TEXT,
        CONSTRAINT pk_data_sharing_grant PRIMARY KEY (institution_id, id),
        CONSTRAINT ck_data_sharing_grant_across CHECK (receiving_institution_id <> institution_id),
        CONSTRAINT ck_data_sharing_grant_expiry CHECK (expires_at > granted_at),
        CONSTRAINT ck_data_sharing_grant_histories CHECK (cardinality(histories) > 0),
        CONSTRAINT fk_data_sharing_grant_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
}
INDICES = (
    """CREATE UNIQUE INDEX ix_siasn_account_live ON siasn_account (institution_id, client_id, talent_id)
        WHERE revoked_at IS NULL""",
    "CREATE INDEX ix_siasn_account_institution_id_created_at_id ON siasn_account (institution_id, created_at, id)",
    "CREATE INDEX ix_siasn_account_institution_id_talent_id ON siasn_account (institution_id, talent_id)",
    """CREATE INDEX ix_siasn_token_institution_id_account_id_issued_at
        ON siasn_token (institution_id, account_id, issued_at)""",
    """CREATE INDEX ix_data_sharing_grant_institution_id_granted_at_id
        ON data_sharing_grant (institution_id, granted_at, id)""",
    """CREATE INDEX ix_data_sharing_grant_receiving_institution_id_client_id
        ON data_sharing_grant (receiving_institution_id, client_id)""",
)
POLICIES = (
    *protect("siasn_account"),
    *protect("siasn_sign_in", audited=False),
    *protect("siasn_token"),
    *protect("data_sharing_grant"),
    f"CREATE POLICY receiving_institution ON data_sharing_grant FOR SELECT USING (receiving_institution_id = {MINE})",
    *(f"REVOKE DELETE ON {table} FROM {APPLICATION_ROLE}" for table in TABLES),
)
RESTRICTED = """EXISTS (SELECT FROM data_request asked WHERE asked.institution_id = t.institution_id
                        AND asked.talent_id = t.id AND asked.kind = 'restriction'
                        AND asked.state IN ('granted', 'partly'))"""
LIVE = "c.revoked_at IS NULL AND 'siasn:read' = ANY (c.scopes)"
FUNCTIONS = {
    # Which institution a client belongs to is not known before somebody signs in for it. From there on the policies of
    # that institution hold; told is what the one account needs to prove itself, and nothing else.
    "siasn_sign_in_of": f"""CREATE FUNCTION siasn_sign_in_of(of_client text, of_nip text) RETURNS json
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE origin uuid;
        BEGIN
            SELECT c.institution_id INTO origin FROM client c WHERE c.client_id = of_client AND {LIVE};
            IF NOT FOUND THEN RETURN NULL; END IF;
            PERFORM set_config('app.institution_id', origin::text, true);
            RETURN (
                SELECT json_build_object(
                    'institution', origin,
                    'password_grant', i.siasn_password_grant,
                    'account', (
                        SELECT json_build_object(
                            'id', a.id, 'generation', a.generation, 'hash', encode(a.hash, 'hex'))
                        FROM talent t JOIN siasn_account a
                            ON a.institution_id = t.institution_id AND a.talent_id = t.id
                        WHERE t.institution_id = origin AND t.nip = of_nip AND a.client_id = of_client
                            AND a.revoked_at IS NULL))
                FROM institution i WHERE i.id = origin);
        END $$""",  # noqa: S608 - our own words
    # Which of two tokens that were good when they were issued counts no more; null where both still do. It acts in the
    # institution that it is given first, as which the policies answer.
    "siasn_standing": f"""CREATE FUNCTION siasn_standing(
            origin uuid, of_client text, of_account uuid, of_generation integer, of_token uuid, moment timestamptz
        ) RETURNS text LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        BEGIN
            PERFORM set_config('app.institution_id', origin::text, true);
            IF NOT EXISTS (
                SELECT FROM client c WHERE c.institution_id = origin AND c.client_id = of_client AND {LIVE}
            ) THEN RETURN 'client'; END IF;
            IF of_account IS NULL OR EXISTS (
                SELECT FROM siasn_account a JOIN institution i ON i.id = a.institution_id
                WHERE a.institution_id = origin AND a.id = of_account AND a.client_id = of_client
                    AND a.revoked_at IS NULL AND CASE
                        WHEN of_token IS NULL THEN a.generation = of_generation AND i.siasn_password_grant
                        ELSE EXISTS (
                            SELECT FROM siasn_token k
                            WHERE k.institution_id = origin AND k.id = of_token AND k.account_id = a.id
                                AND k.revoked_at IS NULL AND k.expires_at > moment) END
            ) THEN RETURN NULL; END IF;
            RETURN 'account';
        END $$""",  # noqa: S608 - our own words
    # Where a client finds somebody: at home, or in the first institution that shares that history of them with it and
    # has not been asked to restrict what is done with them. From here on the statement reads and writes as that
    # institution. Without a number it is at home.
    "siasn_reach": f"""CREATE FUNCTION siasn_reach(of_client text, of_nip text, of_history text)
        RETURNS TABLE (institution text, grant_id uuid, receiving_institution text)
        LANGUAGE plpgsql SET search_path = public, pg_temp ROWS 1 AS $$
        DECLARE
            home uuid := current_institution();
            grants data_sharing_grant[];
            one data_sharing_grant;
        BEGIN
            IF of_nip IS NULL OR EXISTS (
                SELECT FROM talent t WHERE t.institution_id = home AND t.nip = of_nip
            ) THEN
                RETURN QUERY SELECT home::text, NULL::uuid, NULL::text;
                RETURN;
            END IF;
            grants := ARRAY(
                SELECT g FROM data_sharing_grant g
                WHERE g.receiving_institution_id = home AND g.client_id = of_client
                    AND g.revoked_at IS NULL AND g.expires_at > now()
                    AND CASE WHEN g.histories IS NULL THEN of_history <> 'rw-hukdis'
                        ELSE of_history = ANY (g.histories) END
                ORDER BY g.granted_at DESC, g.id);
            FOREACH one IN ARRAY grants LOOP
                PERFORM set_config('app.institution_id', one.institution_id::text, true);
                IF EXISTS (
                    SELECT FROM talent t WHERE t.institution_id = one.institution_id AND t.nip = of_nip
                        AND NOT {RESTRICTED}
                ) THEN
                    PERFORM set_config('app.reach', 'institution', true);
                    RETURN QUERY SELECT one.institution_id::text, one.id, one.receiving_institution;
                    RETURN;
                END IF;
            END LOOP;
            PERFORM set_config('app.institution_id', home::text, true);
        END $$""",  # noqa: S608 - our own words
    # Whose system it is that somebody wants to share with: told is the institution of a client that reads here.
    "siasn_reader": f"""CREATE FUNCTION siasn_reader(of_client text) RETURNS json
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
            SELECT json_build_object('id', i.id, 'name', i.name)
            FROM client c JOIN institution i ON i.id = c.institution_id
            WHERE c.client_id = of_client AND {LIVE};
        END""",  # noqa: S608 - our own words
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    granted = (
        statement
        for name in FUNCTIONS
        for statement in (
            f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {name} TO {APPLICATION_ROLE}",
        )
    )
    for statement in (SETTING, *TABLES.values(), *INDICES, *POLICIES, *FUNCTIONS.values(), *granted):
        op.execute(statement.replace(":", "\\:"))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION {name}")
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table}")
    op.execute("ALTER TABLE institution DROP COLUMN siasn_password_grant")
