"""Requests that may be repeated are claimed, begun and answered in one round trip each."""

from __future__ import annotations

from alembic import op

revision = "20261122_1350"
down_revision = "20261122_1345"
branch_labels = None
depends_on = None

# Neither waits for the disk: what is written under a key is committed later and takes the claim along, and where a
# crash loses the answer, whoever asks again is told so.
AS_SOMEBODY = """PERFORM set_config('app.institution_id', of_institution::text, true),
            set_config('synchronous_commit', 'off', true)"""
CLAIM = f"""
    CREATE FUNCTION claim_idempotency_key(
        of_institution uuid, of_subject text, of_key text, asked bytea, request text, claimed timestamptz,
        expires timestamptz, patience text
    ) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
        {AS_SOMEBODY}, set_config('lock_timeout', patience, true);
        DELETE FROM idempotency_key k USING (
            SELECT subject, key FROM idempotency_key
            WHERE institution_id = of_institution AND expires_at < claimed FOR UPDATE SKIP LOCKED
        ) AS old WHERE k.institution_id = of_institution AND k.subject = old.subject AND k.key = old.key;
        INSERT INTO idempotency_key (institution_id, subject, key, fingerprint, request_id, claimed_at, expires_at)
        VALUES (of_institution, of_subject, of_key, asked, request, claimed, expires) ON CONFLICT DO NOTHING;
        RETURN FOUND;
    END $$"""
BEGIN = """
    CREATE FUNCTION begin_under_key(
        of_institution text, with_reach text, of_subject text, of_key text, request text, at timestamptz
    ) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM set_config('app.institution_id', of_institution, true), set_config('app.reach', with_reach, true);
        UPDATE idempotency_key SET committed_at = at
        WHERE institution_id = of_institution::uuid AND subject = of_subject AND key = of_key AND request_id = request
        AND committed_at IS NULL;
        IF FOUND THEN
            RETURN true;
        END IF;
        RETURN (SELECT true FROM idempotency_key
            WHERE institution_id = of_institution::uuid AND subject = of_subject AND key = of_key
            AND request_id = request AND committed_at IS NOT NULL);
    END $$"""
KEEP = f"""
    CREATE FUNCTION keep_answer(
        of_institution uuid, of_subject text, of_key text, request text, answered timestamptz,
        with_status smallint, with_headers jsonb, with_body bytea
    ) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        {AS_SOMEBODY};
        UPDATE idempotency_key
        SET status = with_status, headers = with_headers, body = with_body, answered_at = answered
        WHERE institution_id = of_institution AND subject = of_subject AND key = of_key AND request_id = request;
    END $$"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(CLAIM.replace(":", "\\:"))
    op.execute(BEGIN.replace(":", "\\:"))
    op.execute(KEEP.replace(":", "\\:"))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION claim_idempotency_key, begin_under_key, keep_answer")
