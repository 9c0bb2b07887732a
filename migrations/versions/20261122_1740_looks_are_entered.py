"""The entry of a look across institutions is written by a function, which looks at home are spared."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

from app.db.policies import APPLICATION_ROLE

revision = "20261122_1740"
down_revision = "20261122_1733"
branch_labels = None
depends_on = None

# It acts in the institution that `siasn_reach` has found, as which the policies answer.
ENTERED = """CREATE FUNCTION siasn_look_entered(
        of_grant uuid, of_talent uuid, receiving_institution text, of_history text,
        viewer_role text, viewer_subject text, viewer_purpose text, viewer_request text
    ) RETURNS text LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
        INSERT INTO ledger_entry (
            institution_id, type, about_type, about_id, payload, role, subject, purpose, request_id)
        VALUES (
            current_institution(), 'profileShared', 'talent', of_talent::text,
            jsonb_build_object('grant_id', of_grant, 'talent_id', of_talent,
                'receiving_institution', receiving_institution, 'history', of_history),
            viewer_role, viewer_subject, viewer_purpose, viewer_request);
        RETURN receiving_institution;
    END $$"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(text(ENTERED.replace(":", "\\:")))
    op.execute("REVOKE ALL ON FUNCTION siasn_look_entered FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION siasn_look_entered TO {APPLICATION_ROLE}")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION siasn_look_entered")
