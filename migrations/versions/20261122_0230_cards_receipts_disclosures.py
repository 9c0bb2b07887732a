"""Cards, view receipts, consents and disclosures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.db.policies import APPLICATION_ROLE, protect

revision = "20261122_0230"
down_revision = "20261122_0220"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
MINE = "(SELECT current_institution())"
# a client asks for whom its registration names; everybody else for all
ALLOWED = """((SELECT allowed_institutions()) IS NULL
                OR c.institution_id = ANY ((SELECT allowed_institutions())::uuid[]))"""

# A card is what its placement, its post, its diplomas and the consents to be listed make of it; made in sets.
CARD_COLUMNS = (
    "position_level",
    "position_type",
    "education_level",
    "service_years_from",
    "box",
    "performance_from",
    "potential_from",
    "talent_value_from",
    "listed_until",
)
OLD, NEW = (", ".join(f"{rows}.{name}" for name in CARD_COLUMNS) for rows in ("card", "excluded"))
# who is listed again is another card: nobody who knew the one before recognises it
NEWLY_LISTED = "excluded.listed_until > now() AND (card.listed_until > now()) IS NOT TRUE"
LEVELS = "ARRAY['slta', 'd3', 'd4', 's1', 's2', 's3']"
# by index and hashes also where nothing has been analysed, as in the import that brings an institution's first people
MAKE_CARDS = f"""CREATE FUNCTION make_cards(wanted uuid[]) RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = public, pg_temp SET enable_nestloop = off SET enable_seqscan = off
    BEGIN ATOMIC
        INSERT INTO talent_card AS card (institution_id, talent_id, {", ".join(CARD_COLUMNS)})
        SELECT p.institution_id, p.talent_id, t.position_level, t.position_type_id, ({LEVELS})[diploma.rank],
            (t.service_years / 5 * 5)::smallint, p.box, (p.performance / 10000000 * 10)::smallint,
            (p.potential / 10000000 * 10)::smallint, (trunc(p.talent_value / 10) * 10)::smallint, listed.until
        FROM placement p
        JOIN talent t ON t.id = p.talent_id
        LEFT JOIN (
            SELECT e.talent_id, max(array_position({LEVELS}, e.level)) AS rank FROM education e
            WHERE e.institution_id = {MINE} AND e.talent_id = ANY (wanted)
                AND e.withdrawn_by IS NULL AND e.withdrawn_by_submission IS NULL
            GROUP BY e.talent_id
        ) AS diploma ON diploma.talent_id = p.talent_id
        LEFT JOIN (
            SELECT c.talent_id, max(c.expires_at) AS until FROM consent c
            WHERE c.institution_id = {MINE} AND c.talent_id = ANY (wanted) AND c.scope = 'card'
                AND c.purpose = 'talent-mobility' AND c.withdrawn_at IS NULL
            GROUP BY c.talent_id
        ) AS listed ON listed.talent_id = p.talent_id
        WHERE p.institution_id = {MINE} AND p.talent_id = ANY (wanted)
            AND t.institution_id = {MINE} AND t.id = ANY (wanted)
        ON CONFLICT (institution_id, talent_id) DO UPDATE
        SET id = CASE WHEN {NEWLY_LISTED} THEN gen_random_uuid() ELSE card.id END,
            ({", ".join(CARD_COLUMNS)}) = ROW ({NEW})
        WHERE ({OLD}) IS DISTINCT FROM ({NEW});
    END"""


def _trigger(function: str, body: str) -> str:
    return f"""CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$ BEGIN {body} RETURN NULL; END $$"""


CARDS = (
    MAKE_CARDS,
    "REVOKE ALL ON FUNCTION make_cards FROM PUBLIC",
    _trigger("keep_cards_of_placements", "PERFORM make_cards(ARRAY(SELECT talent_id FROM changed));"),
    _trigger("keep_cards_of_talents", "PERFORM make_cards(ARRAY(SELECT id FROM changed));"),
    _trigger(
        "remove_cards",
        "DELETE FROM talent_card c USING changed o WHERE c.institution_id = o.institution_id"
        " AND c.talent_id = o.talent_id;",
    ),
    *(
        f"""CREATE TRIGGER {trigger} AFTER {event} ON {table} REFERENCING {rows} TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION {function}()"""
        for trigger, event, table, rows, function in (
            ("make_cards", "INSERT", "placement", "NEW", "keep_cards_of_placements"),
            ("change_cards", "UPDATE", "placement", "NEW", "keep_cards_of_placements"),
            ("remove_cards", "DELETE", "placement", "OLD", "remove_cards"),
            ("change_cards", "UPDATE", "talent", "NEW", "keep_cards_of_talents"),
            ("list_cards", "INSERT", "consent", "NEW", "keep_cards_of_placements"),
            ("change_listing", "UPDATE", "consent", "NEW", "keep_cards_of_placements"),
        )
    ),
    # The owner's rows, without the columns that say whose they are; for whoever acts in an institution that exists.
    f"""CREATE VIEW listed_card WITH (security_barrier) AS
        SELECT c.id, i.province_code, c.position_level, c.position_type, c.education_level, c.service_years_from,
            c.box, c.performance_from, c.potential_from, c.talent_value_from, c.mobility_wish
        FROM talent_card c JOIN institution i ON i.id = c.institution_id
        WHERE c.listed_until > now() AND c.institution_id <> {MINE} AND {ALLOWED}
            AND EXISTS (SELECT FROM institution mine WHERE mine.id = {MINE})""",
    f"GRANT SELECT ON listed_card TO {APPLICATION_ROLE}",
    # whose cards are whose, for the institution whose people they are of, and for nobody else
    f"""CREATE VIEW own_card WITH (security_barrier) AS
        SELECT * FROM talent_card WHERE institution_id = {MINE}""",
    f"GRANT SELECT ON own_card TO {APPLICATION_ROLE}",
    """CREATE FUNCTION talent_card_counts() RETURNS TABLE (province_code text, position_level text, counts integer[])
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
            SELECT counted.province_code, counted.position_level,
                array_agg(counted.people ORDER BY counted.box)
            FROM (
                SELECT here.province_code, here.position_level, box.number AS box,
                    coalesce(sum(here.people) FILTER (WHERE here.box = box.number), 0)::integer AS people
                FROM (
                    SELECT i.province_code, c.position_level, coalesce(c.box, 0) AS box, sum(c.people) AS people
                    FROM (SELECT institution_id, position_level, talent_card.box, count(*) AS people FROM talent_card
                          WHERE current_reach() = 'national'
                          GROUP BY institution_id, position_level, talent_card.box) AS c
                    JOIN institution i ON i.id = c.institution_id
                    GROUP BY i.province_code, c.position_level, coalesce(c.box, 0)
                ) AS here CROSS JOIN generate_series(0, 9) AS box (number)
                GROUP BY here.province_code, here.position_level, box.number
            ) AS counted
            GROUP BY counted.province_code, counted.position_level;
        END""",
    # cards of the placements that stand already, institution by institution, as the policies ask
    """DO $$ DECLARE one uuid; BEGIN
        FOR one IN SELECT id FROM institution LOOP
            PERFORM set_config('app.institution_id', one::text, true);
            PERFORM make_cards(ARRAY(SELECT talent_id FROM placement WHERE institution_id = one));
        END LOOP;
        PERFORM set_config('app.institution_id', '', true);
    END $$""",
)

DISCLOSURES = (
    # the institution that asks reads its own requests; it adds one only through the function, which does not tell whose
    f"""CREATE POLICY receiving_institution ON disclosure FOR SELECT
        USING (receiving_institution_id = {MINE})""",
    f"""CREATE POLICY asked ON disclosure FOR INSERT TO CURRENT_USER
        WITH CHECK (receiving_institution_id = {MINE})""",
    f"""CREATE FUNCTION request_disclosure(
            new_id uuid, card uuid, of_tier text, for_purpose text, because text, formal_number text,
            asked_at timestamptz, asking_subject text, asking_role text
        ) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
            INSERT INTO disclosure (institution_id, id, talent_id, card_id, receiving_institution_id,
                receiving_institution, tier, purpose, reason, request_number, requested_at, requested_by,
                requested_role, state)
            SELECT c.institution_id, new_id, c.talent_id, c.id, mine.id, mine.name, of_tier, for_purpose, because,
                formal_number, asked_at, asking_subject, asking_role, 'requested'
            FROM talent_card c JOIN institution mine ON mine.id = current_institution()
            WHERE c.id = card AND c.listed_until > now() AND c.institution_id <> mine.id AND {ALLOWED};
            SELECT EXISTS (
                SELECT FROM talent_card c
                WHERE c.id = card AND c.listed_until > now() AND c.institution_id <> current_institution() AND {ALLOWED}
                    AND EXISTS (SELECT FROM institution mine WHERE mine.id = current_institution())
            );
        END""",
    *(
        statement
        for function in ("talent_card_counts", "request_disclosure")
        for statement in (
            f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {function} TO {APPLICATION_ROLE}",
        )
    ),
)


def _receipts() -> None:
    op.create_table(
        "view_receipt",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("talent_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("seen_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("viewer_institution", sa.Text()),
        sa.Column("disclosure_id", sa.Uuid()),
        sa.Column("request_id", sa.Text()),
        sa.PrimaryKeyConstraint("institution_id", "talent_id", "id", name="pk_view_receipt"),
    )


def _cards() -> None:
    op.create_table(
        "talent_card",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("talent_id", sa.Uuid(), nullable=False),
        sa.Column("position_level", sa.Text()),
        sa.Column("position_type", sa.Text()),
        sa.Column("education_level", sa.Text()),
        sa.Column("service_years_from", sa.SmallInteger()),
        sa.Column("box", sa.SmallInteger()),
        sa.Column("performance_from", sa.SmallInteger()),
        sa.Column("potential_from", sa.SmallInteger()),
        sa.Column("talent_value_from", sa.SmallInteger()),
        sa.Column("mobility_wish", sa.Text()),
        sa.Column("listed_until", INSTANT),
        sa.CheckConstraint("box BETWEEN 1 AND 9", name=op.f("ck_talent_card_box")),
        sa.PrimaryKeyConstraint("id", name="pk_talent_card"),
        sa.UniqueConstraint("institution_id", "talent_id", name="uq_talent_card_institution_id_talent_id"),
    )
    op.create_index(
        "ix_talent_card_listed", "talent_card", ["id"], postgresql_where=sa.text("listed_until IS NOT NULL")
    )
    op.add_column("institution", sa.Column("province_code", sa.Text()))
    op.create_check_constraint(op.f("ck_institution_province_code"), "institution", "province_code ~ '^[1-9][0-9]$'")


def _consents() -> None:
    op.create_table(
        "consent",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("talent_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("receiving_institution_id", sa.Uuid()),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT),
        sa.CheckConstraint("scope IN ('card', 'identified', 'dossier')", name=op.f("ck_consent_scope")),
        sa.CheckConstraint(
            "expires_at > given_at AND expires_at <= given_at + interval '2 years'", name=op.f("ck_consent_expiry")
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_consent_institution_id"),
        sa.ForeignKeyConstraint(
            ["institution_id", "talent_id"],
            ["talent.institution_id", "talent.id"],
            name="fk_consent_institution_id_talent_id",
        ),
        sa.PrimaryKeyConstraint("institution_id", "id", name="pk_consent"),
    )
    op.create_index("ix_consent_institution_id_talent_id", "consent", ["institution_id", "talent_id"])


def _disclosures() -> None:
    required = ("receiving_institution", "tier", "purpose", "reason", "requested_by", "requested_role", "state")
    optional = ("request_number", "released_by", "release_comment", "closed_by", "closed_role", "closed_comment")
    op.create_table(
        "disclosure",
        *(
            sa.Column(name, sa.Uuid(), nullable=False)
            for name in ("institution_id", "id", "talent_id", "card_id", "receiving_institution_id")
        ),
        *(sa.Column(name, sa.Text(), nullable=False) for name in required),
        *(sa.Column(name, sa.Text()) for name in optional),
        sa.Column("requested_at", INSTANT, nullable=False),
        *(sa.Column(name, INSTANT) for name in ("released_at", "opened_at", "expires_at", "closed_at")),
        sa.Column("days", sa.SmallInteger()),
        sa.Column("consent_id", sa.Uuid()),
        sa.CheckConstraint("tier IN ('identified', 'dossier')", name=op.f("ck_disclosure_tier")),
        sa.CheckConstraint("state IN ('requested', 'open', 'refused', 'withdrawn')", name=op.f("ck_disclosure_state")),
        sa.CheckConstraint("tier <> 'dossier' OR request_number IS NOT NULL", name=op.f("ck_disclosure_formal")),
        sa.CheckConstraint(
            "state <> 'open' OR num_nonnulls(released_at, consent_id, opened_at, expires_at) = 4",
            name=op.f("ck_disclosure_both_agreed"),
        ),
        sa.CheckConstraint(
            "(state IN ('refused', 'withdrawn')) = (closed_at IS NOT NULL)", name=op.f("ck_disclosure_closed")
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name="fk_disclosure_institution_id"),
        sa.ForeignKeyConstraint(
            ["institution_id", "talent_id"],
            ["talent.institution_id", "talent.id"],
            name="fk_disclosure_institution_id_talent_id",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "consent_id"],
            ["consent.institution_id", "consent.id"],
            name="fk_disclosure_institution_id_consent_id",
        ),
        sa.PrimaryKeyConstraint("institution_id", "id", name="pk_disclosure"),
    )
    op.create_index(
        "ix_disclosure_receiving_institution_id_requested_at_id",
        "disclosure",
        ["receiving_institution_id", "requested_at", "id"],
    )
    op.create_index("ix_disclosure_institution_id_talent_id", "disclosure", ["institution_id", "talent_id"])


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _receipts()
    _cards()
    _consents()
    _disclosures()
    for statement in (
        *protect("view_receipt", audited=False),
        f"REVOKE UPDATE, DELETE ON view_receipt FROM {APPLICATION_ROLE}",
        *protect("consent"),
        f"REVOKE DELETE ON consent FROM {APPLICATION_ROLE}",
        *protect("disclosure"),
        f"REVOKE INSERT, DELETE ON disclosure FROM {APPLICATION_ROLE}",
        *CARDS,
        *DISCLOSURES,
    ):
        op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION request_disclosure")
    op.execute("DROP VIEW own_card")
    op.execute("DROP VIEW listed_card")
    op.execute("DROP FUNCTION talent_card_counts")
    triggers = {
        "placement": ("make_cards", "change_cards", "remove_cards"),
        "talent": ("change_cards",),
        "consent": ("list_cards", "change_listing"),
    }
    for table, names in triggers.items():
        for name in names:
            op.execute(f"DROP TRIGGER {name} ON {table}")
    for function in ("keep_cards_of_placements", "keep_cards_of_talents", "remove_cards", "make_cards"):
        op.execute(f"DROP FUNCTION {function}")
    for table in ("disclosure", "consent"):
        op.drop_table(table)
    op.drop_table("talent_card")
    op.drop_table("view_receipt")
    op.drop_constraint(op.f("ck_institution_province_code"), "institution")
    op.drop_column("institution", "province_code")
