"""Of several institutions that share somebody with a client, the one whose sharing began first is asked."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "20261122_1732"
down_revision = "20261122_1731"
branch_labels = None
depends_on = None

RESTRICTED = """EXISTS (SELECT FROM data_request asked WHERE asked.institution_id = t.institution_id
                        AND asked.talent_id = t.id AND asked.kind = 'restriction'
                        AND asked.state IN ('granted', 'partly'))"""
HEAD = """CREATE OR REPLACE FUNCTION siasn_reach(of_client text, of_nip text, of_history text)
        RETURNS TABLE (institution text, grant_id uuid, receiving_institution text)
        LANGUAGE plpgsql SET search_path = public, pg_temp ROWS 1 AS $$
        DECLARE
            home uuid := current_institution();
            grants data_sharing_grant[];
            one data_sharing_grant;"""
AT_HOME = """
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
                        ELSE of_history = ANY (g.histories) END"""
# The order of agreements: whoever comes later, or renews, takes nobody's place. Those of whom the origin itself says
# that they are not active there any more are told by it where nobody else who shares says that they are with them.
BY_STANDING = f"""{HEAD}
            spare data_sharing_grant;
            here boolean;{AT_HOME}
                ORDER BY (
                    SELECT min(f.granted_at) FROM data_sharing_grant f
                    WHERE f.receiving_institution_id = home AND f.client_id = of_client
                        AND f.institution_id = g.institution_id), g.institution_id, g.granted_at DESC, g.id);
            FOREACH one IN ARRAY grants LOOP
                PERFORM set_config('app.institution_id', one.institution_id::text, true);
                SELECT t.is_mapped INTO here FROM talent t
                WHERE t.institution_id = one.institution_id AND t.nip = of_nip AND NOT {RESTRICTED};
                CONTINUE WHEN NOT FOUND;
                IF here THEN
                    spare := one;
                    EXIT;
                END IF;
                spare := CASE WHEN spare.id IS NULL THEN one ELSE spare END;
            END LOOP;
            IF spare.id IS NULL THEN
                PERFORM set_config('app.institution_id', home::text, true);
                RETURN;
            END IF;
            PERFORM set_config('app.institution_id', spare.institution_id::text, true);
            PERFORM set_config('app.reach', 'institution', true);
            RETURN QUERY SELECT spare.institution_id::text, spare.id, spare.receiving_institution;
        END $$"""  # noqa: S608 - our own words
NEWEST_FIRST = f"""{HEAD}{AT_HOME}
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
        END $$"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(text(BY_STANDING.replace(":", "\\:")))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(text(NEWEST_FIRST.replace(":", "\\:")))
