"""Mobility campaigns: what is laid down, offered and wished for."""

from __future__ import annotations

from alembic import op

from app.db.policies import APPLICATION_ROLE, protect

revision = "20261122_0700"
down_revision = "20261122_0600"
branch_labels = None
depends_on = None

CREATE = (
    "ALTER TABLE institution ADD COLUMN organises_mobility BOOLEAN DEFAULT false NOT NULL",
"""CREATE TABLE mobility_formula (
        institution_id UUID NOT NULL,
        code TEXT NOT NULL,
        version INTEGER NOT NULL,
        document JSONB NOT NULL,
        published_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_mobility_formula PRIMARY KEY (institution_id, code, version),
        CONSTRAINT fk_mobility_formula_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
"""CREATE TABLE mobility_campaign (
        institution_id UUID NOT NULL,
        id UUID NOT NULL,
        name TEXT NOT NULL,
        legal_basis TEXT NOT NULL,
        profile TEXT NOT NULL,
        state TEXT NOT NULL,
        province_codes TEXT[],
        levels TEXT[] NOT NULL,
        government_affairs TEXT[],
        requirements JSONB NOT NULL,
        formula_code TEXT NOT NULL,
        formula_version INTEGER NOT NULL,
        own_cell_first BOOLEAN NOT NULL,
        urgency_of_programmes JSONB NOT NULL,
        collecting_until DATE NOT NULL,
        correction_until DATE NOT NULL,
        effective_on DATE NOT NULL,
        lottery_source TEXT NOT NULL,
        lottery_commitment TEXT NOT NULL,
        lottery_value TEXT,
        snapshot_digest TEXT,
        revision INTEGER DEFAULT 1 NOT NULL,
        CONSTRAINT pk_mobility_campaign PRIMARY KEY (institution_id, id),
        CONSTRAINT uq_mobility_campaign_id UNIQUE (id),
        CONSTRAINT fk_mobility_campaign_institution_id_formula_code_formul_fab0
            FOREIGN KEY(institution_id, formula_code, formula_version)
            REFERENCES mobility_formula (institution_id, code, version),
        CONSTRAINT ck_mobility_campaign_state
            CHECK (state IN ('draft', 'announced', 'collecting', 'correction', 'frozen', 'run', 'published',
                'executing', 'closed', 'cancelled')),
        CONSTRAINT ck_mobility_campaign_profile CHECK (profile IN ('daEn')),
        CONSTRAINT fk_mobility_campaign_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
"""CREATE TABLE mobility_secret (
        institution_id UUID NOT NULL,
        campaign_id UUID NOT NULL,
        secret BYTEA NOT NULL,
        CONSTRAINT pk_mobility_secret PRIMARY KEY (institution_id, campaign_id),
        CONSTRAINT fk_mobility_secret_institution_id_campaign_id
            FOREIGN KEY(institution_id, campaign_id) REFERENCES mobility_campaign (institution_id, id),
        CONSTRAINT fk_mobility_secret_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
"""CREATE TABLE mobility_campaign_step (
        institution_id UUID NOT NULL,
        campaign_id UUID NOT NULL,
        state TEXT NOT NULL,
        entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
        role TEXT NOT NULL,
        subject TEXT NOT NULL,
        CONSTRAINT pk_mobility_campaign_step PRIMARY KEY (institution_id, campaign_id, state),
        CONSTRAINT fk_mobility_campaign_step_institution_id_campaign_id
            FOREIGN KEY(institution_id, campaign_id) REFERENCES mobility_campaign (institution_id, id),
        CONSTRAINT fk_mobility_campaign_step_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
"""CREATE TABLE mobility_cell (
        institution_id UUID NOT NULL,
        campaign_id UUID NOT NULL,
        id TEXT NOT NULL,
        parent_id TEXT,
        level TEXT NOT NULL,
        position_level TEXT,
        government_affair TEXT,
        province_code TEXT,
        of_institution_id UUID,
        of_unit_id TEXT,
        headroom INTEGER,
        ceiling INTEGER,
        CONSTRAINT pk_mobility_cell PRIMARY KEY (institution_id, campaign_id, id),
        CONSTRAINT fk_mobility_cell_institution_id_campaign_id
            FOREIGN KEY(institution_id, campaign_id) REFERENCES mobility_campaign (institution_id, id),
        CONSTRAINT ck_mobility_cell_bound CHECK (num_nonnulls(headroom, ceiling) <= 1),
        CONSTRAINT ck_mobility_cell_headroom CHECK (headroom >= 0),
        CONSTRAINT ck_mobility_cell_ceiling CHECK (ceiling >= 0),
        CONSTRAINT fk_mobility_cell_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
"""CREATE TABLE mobility_offer (
        institution_id UUID NOT NULL,
        id UUID NOT NULL,
        campaign_id UUID NOT NULL,
        post_id UUID NOT NULL,
        is_offered BOOLEAN NOT NULL,
        open_seats SMALLINT NOT NULL,
        urgency SMALLINT NOT NULL,
        post_name TEXT NOT NULL,
        unit_id TEXT NOT NULL,
        unit_name TEXT NOT NULL,
        institution_name TEXT NOT NULL,
        province_code TEXT,
        position_level TEXT NOT NULL,
        government_affair TEXT,
        standard SMALLINT[] NOT NULL,
        revision INTEGER DEFAULT 1 NOT NULL,
        CONSTRAINT pk_mobility_offer PRIMARY KEY (institution_id, id),
        CONSTRAINT fk_mobility_offer_campaign_id FOREIGN KEY(campaign_id) REFERENCES mobility_campaign (id),
        CONSTRAINT uq_mobility_offer_institution_id_campaign_id_post_id UNIQUE (institution_id, campaign_id, post_id),
        CONSTRAINT fk_mobility_offer_institution_id_post_id
            FOREIGN KEY(institution_id, post_id) REFERENCES post (institution_id, id),
        CONSTRAINT ck_mobility_offer_open_seats CHECK (open_seats >= 0),
        CONSTRAINT ck_mobility_offer_urgency CHECK (urgency >= 1),
        CONSTRAINT ck_mobility_offer_offered CHECK (is_offered OR open_seats = 0),
        CONSTRAINT fk_mobility_offer_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    "CREATE INDEX ix_mobility_offer_campaign_id_id ON mobility_offer (campaign_id, id)",
"""CREATE TABLE mobility_release (
        institution_id UUID NOT NULL,
        campaign_id UUID NOT NULL,
        unit_id TEXT NOT NULL,
        quota SMALLINT NOT NULL,
        criteria TEXT[] NOT NULL,
        revision INTEGER DEFAULT 1 NOT NULL,
        CONSTRAINT pk_mobility_release PRIMARY KEY (institution_id, campaign_id, unit_id),
        CONSTRAINT fk_mobility_release_campaign_id FOREIGN KEY(campaign_id) REFERENCES mobility_campaign (id),
        CONSTRAINT fk_mobility_release_institution_id_unit_id
            FOREIGN KEY(institution_id, unit_id) REFERENCES org_unit (institution_id, id),
        CONSTRAINT ck_mobility_release_quota CHECK (quota >= 0),
        CONSTRAINT fk_mobility_release_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
"""CREATE TABLE mobility_participation (
        institution_id UUID NOT NULL,
        id UUID NOT NULL,
        campaign_id UUID NOT NULL,
        talent_id UUID NOT NULL,
        consent_id UUID NOT NULL,
        home_offer_id UUID NOT NULL,
        joined_at TIMESTAMP WITH TIME ZONE NOT NULL,
        is_released BOOLEAN,
        release_place INTEGER,
        assessed_at TIMESTAMP WITH TIME ZONE,
        revision INTEGER DEFAULT 1 NOT NULL,
        CONSTRAINT pk_mobility_participation PRIMARY KEY (institution_id, id),
        CONSTRAINT fk_mobility_participation_campaign_id FOREIGN KEY(campaign_id) REFERENCES mobility_campaign (id),
        CONSTRAINT uq_mobility_participation_institution_id_campaign_id_talent_id
            UNIQUE (institution_id, campaign_id, talent_id),
        CONSTRAINT fk_mobility_participation_institution_id_talent_id
            FOREIGN KEY(institution_id, talent_id) REFERENCES talent (institution_id, id),
        CONSTRAINT fk_mobility_participation_institution_id_consent_id
            FOREIGN KEY(institution_id, consent_id) REFERENCES consent (institution_id, id),
        CONSTRAINT fk_mobility_participation_institution_id_home_offer_id
            FOREIGN KEY(institution_id, home_offer_id) REFERENCES mobility_offer (institution_id, id),
        CONSTRAINT fk_mobility_participation_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    "CREATE INDEX ix_mobility_participation_campaign_id_id ON mobility_participation (campaign_id, id)",
"""CREATE TABLE mobility_wish (
        institution_id UUID NOT NULL,
        participation_id UUID NOT NULL,
        place INTEGER NOT NULL,
        offer_id UUID,
        wildcard JSONB,
        CONSTRAINT pk_mobility_wish PRIMARY KEY (institution_id, participation_id, place),
        CONSTRAINT fk_mobility_wish_institution_id_participation_id
            FOREIGN KEY(institution_id, participation_id)
            REFERENCES mobility_participation (institution_id, id) ON DELETE CASCADE,
        CONSTRAINT ck_mobility_wish_one_of CHECK ((offer_id IS NULL) <> (wildcard IS NULL)),
        CONSTRAINT fk_mobility_wish_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
"""CREATE TABLE mobility_application (
        institution_id UUID NOT NULL,
        participation_id UUID NOT NULL,
        rank INTEGER NOT NULL,
        wish_place INTEGER NOT NULL,
        offer_id UUID NOT NULL,
        points INTEGER NOT NULL,
        parts JSONB NOT NULL,
        bar TEXT DEFAULT NULL,
        because JSONB NOT NULL,
        CONSTRAINT pk_mobility_application PRIMARY KEY (institution_id, participation_id, rank),
        CONSTRAINT uq_mobility_application_institution_id_participation_id_fb03
            UNIQUE (institution_id, participation_id, offer_id),
        CONSTRAINT fk_mobility_application_institution_id_participation_id
            FOREIGN KEY(institution_id, participation_id)
            REFERENCES mobility_participation (institution_id, id) ON DELETE CASCADE,
        CONSTRAINT fk_mobility_application_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
)
TABLES = (
    "mobility_formula",
    "mobility_campaign",
    "mobility_secret",
    "mobility_campaign_step",
    "mobility_cell",
    "mobility_offer",
    "mobility_release",
    "mobility_participation",
    "mobility_wish",
    "mobility_application",
)
CONTESTED = ("mobility_campaign", "mobility_offer", "mobility_release", "mobility_participation")
ANNOUNCED = "EXISTS (SELECT FROM mobility_campaign c WHERE c.id = campaign_id AND c.state <> 'draft')"
# what everybody reads beside the own rows; who takes part and what they wish stays with their institution
PUBLIC = {
    "mobility_formula": "true",
    "mobility_campaign": "state <> 'draft'",
    "mobility_campaign_step": ANNOUNCED,
    "mobility_cell": ANNOUNCED,
    "mobility_offer": f"is_offered AND {ANNOUNCED}",
    "mobility_release": ANNOUNCED,
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in CREATE:
        op.execute(statement)
    for table in TABLES:
        for statement in protect(table):
            op.execute(statement)
    for table in CONTESTED:
        op.execute(f"""CREATE TRIGGER raise_revision BEFORE UPDATE ON {table}
            FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION raise_revision()""")
    for table, condition in PUBLIC.items():
        op.execute(f"CREATE POLICY announced ON {table} FOR SELECT USING ({condition})")
    # a version of a formula never changes, nor does when a campaign moved on
    op.execute(f"REVOKE UPDATE, DELETE ON mobility_formula FROM {APPLICATION_ROLE}")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("institution", "organises_mobility")
