"""Who organises mobility campaigns, what lays them down, and which cell a post lies in."""

from __future__ import annotations

from alembic import op

from app.db.policies import APPLICATION_ROLE

revision = "20261122_0710"
down_revision = "20261122_0700"
branch_labels = None
depends_on = None

COLUMNS = (
    "ALTER TABLE mobility_campaign ADD COLUMN urgency_of_affairs JSONB DEFAULT '[]'::jsonb NOT NULL",
    "ALTER TABLE mobility_campaign ADD COLUMN cancelled_because TEXT",
    "ALTER TABLE mobility_campaign_step ADD COLUMN is_early BOOLEAN DEFAULT false NOT NULL",
    "ALTER TABLE mobility_campaign_step ADD COLUMN because TEXT",
    """ALTER TABLE mobility_cell ADD COLUMN key TEXT NOT NULL
        GENERATED ALWAYS AS (((campaign_id)::text || '/'::text) || id) STORED,
        ADD CONSTRAINT uq_mobility_cell_key UNIQUE (key)""",
    "CREATE INDEX ix_mobility_cell_campaign_id_parent_id ON mobility_cell (campaign_id, parent_id)",
)

# What an institution may organise rests on the province it is in: who moves is asked again.
RESET = """CREATE FUNCTION forget_mobility_organiser() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.organises_mobility := false;
        RETURN NEW;
    END $$"""
RESET_TRIGGER = """CREATE TRIGGER forget_mobility_organiser BEFORE UPDATE OF province_code ON institution
    FOR EACH ROW WHEN (OLD.province_code IS DISTINCT FROM NEW.province_code AND NEW.organises_mobility)
    EXECUTE FUNCTION forget_mobility_organiser()"""

# Whether it organised before; null where there is no such institution, or one that is neither the own nor in a province.
SET_ORGANISER = """CREATE FUNCTION set_mobility_organiser(organiser uuid, may boolean) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        before boolean;
    BEGIN
        IF current_reach() <> 'national' THEN
            RAISE EXCEPTION 'who organises mobility is said nationally' USING ERRCODE = 'insufficient_privilege';
        END IF;
        SELECT organises_mobility INTO before FROM institution
        WHERE id = organiser AND (province_code IS NOT NULL OR id = current_institution() OR organises_mobility)
        FOR UPDATE;
        IF before <> may THEN
            UPDATE institution SET organises_mobility = may WHERE id = organiser;
        END IF;
        RETURN before;
    END $$"""

# The register of institutions is known nationally, and to whoever organises: cells name institutions and provinces.
# Everybody knows who organises, or has organised.
INSTITUTIONS = """CREATE FUNCTION mobility_institutions() RETURNS TABLE (
        id uuid, name text, province_code text, organises_mobility boolean
    ) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    BEGIN ATOMIC
        SELECT i.id, i.name, i.province_code, i.organises_mobility FROM institution i
        WHERE current_reach() = 'national' OR i.id = current_institution() OR i.organises_mobility
            OR EXISTS (SELECT FROM institution own WHERE own.id = current_institution() AND own.organises_mobility)
            OR EXISTS (SELECT FROM mobility_campaign c WHERE c.institution_id = i.id AND c.state <> 'draft');
    END"""
# A formula is known with the first campaign that is announced with it.
FORMULAS = (
    "DROP POLICY announced ON mobility_formula",
    """CREATE POLICY announced ON mobility_formula FOR SELECT USING (EXISTS (
        SELECT FROM mobility_campaign c
        WHERE c.institution_id = mobility_formula.institution_id AND c.formula_code = code
            AND c.formula_version = version AND c.state <> 'draft'))""",
)
FORMULAS_BEFORE = (
    "DROP POLICY announced ON mobility_formula",
    "CREATE POLICY announced ON mobility_formula FOR SELECT USING (true)",
)

HOLDS = """(c.position_level IS NULL OR c.position_level = {level})
    AND (c.government_affair IS NULL OR c.government_affair = {affair})
    AND (c.province_code IS NULL OR c.province_code = {province})
    AND (c.of_institution_id IS NULL OR c.of_institution_id = {institution})
    AND (c.of_unit_id IS NULL OR c.of_unit_id = {unit})"""
_TOLD = {name: f"post_{name}" for name in ("level", "affair", "province", "institution", "unit")}
_OFFERED = {
    "level": "o.position_level",
    "affair": "o.government_affair",
    "province": "o.province_code",
    "institution": "o.institution_id",
    "unit": "o.unit_id",
}

# From the top down: cells nest, so at each step one child at most holds the post.
CELL_OF = f"""CREATE FUNCTION mobility_cell_of(
        campaign uuid, post_level text, post_affair text, post_province text, post_institution uuid, post_unit text
    ) RETURNS text LANGUAGE sql STABLE
    BEGIN ATOMIC
        WITH RECURSIVE around (id, depth) AS (
            SELECT c.id, 1 FROM mobility_cell c
            WHERE c.campaign_id = campaign AND c.parent_id IS NULL AND {HOLDS.format(**_TOLD)}
            UNION ALL
            SELECT c.id, a.depth + 1 FROM around a
            JOIN mobility_cell c ON c.campaign_id = campaign AND c.parent_id = a.id AND {HOLDS.format(**_TOLD)}
        )
        SELECT a.id FROM around a ORDER BY a.depth DESC LIMIT 1;
    END"""
CELLS_OF_OFFERS = f"""CREATE FUNCTION mobility_cells_of_offers(campaign uuid)
    RETURNS TABLE (offer_id uuid, cell_id text) LANGUAGE sql STABLE
    BEGIN ATOMIC
        WITH RECURSIVE around (offer_id, cell_id, depth) AS (
            SELECT o.id, c.id, 1 FROM mobility_offer o
            JOIN mobility_cell c ON c.campaign_id = campaign AND c.parent_id IS NULL AND {HOLDS.format(**_OFFERED)}
            WHERE o.campaign_id = campaign
            UNION ALL
            SELECT o.id, c.id, a.depth + 1 FROM around a
            JOIN mobility_offer o ON o.id = a.offer_id AND o.campaign_id = campaign
            JOIN mobility_cell c ON c.campaign_id = campaign AND c.parent_id = a.cell_id
                AND {HOLDS.format(**_OFFERED)}
        )
        SELECT DISTINCT ON (a.offer_id) a.offer_id, a.cell_id FROM around a ORDER BY a.offer_id, a.depth DESC;
    END"""
FUNCTIONS = ("set_mobility_organiser", "mobility_institutions")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (*COLUMNS, RESET, RESET_TRIGGER, SET_ORGANISER, INSTITUTIONS, CELL_OF, CELLS_OF_OFFERS, *FORMULAS):
        op.execute(statement)
    op.execute("""CREATE POLICY mobility_organisers ON institution FOR UPDATE TO CURRENT_USER
        USING (current_reach() = 'national')""")
    for function in FUNCTIONS:
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {APPLICATION_ROLE}")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in FORMULAS_BEFORE:
        op.execute(statement)
    op.execute("DROP POLICY mobility_organisers ON institution")
    op.execute(
        "DROP FUNCTION mobility_cells_of_offers, mobility_cell_of, mobility_institutions, set_mobility_organiser"
    )
    op.execute("DROP TRIGGER forget_mobility_organiser ON institution")
    op.execute("DROP FUNCTION forget_mobility_organiser")
    op.execute("DROP INDEX ix_mobility_cell_campaign_id_parent_id")
    for table, column in (
        ("mobility_cell", "key"),
        ("mobility_campaign_step", "because"),
        ("mobility_campaign_step", "is_early"),
        ("mobility_campaign", "cancelled_because"),
        ("mobility_campaign", "urgency_of_affairs"),
    ):
        op.drop_column(table, column)
