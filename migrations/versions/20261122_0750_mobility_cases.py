"""Mobility cases: moves between institutions, step by step."""

from __future__ import annotations

import json
from pathlib import Path

import sqlalchemy as sa
from alembic import op

from app.db.policies import APPLICATION_ROLE, protect

revision = "20261122_0750"
down_revision = "20261122_0740"
branch_labels = None
depends_on = None

MINE = "(SELECT current_institution())"
SHIPPED = Path(__file__).parents[1] / "mobility_rules" / "se-bkn-3-2019-v1.json"
STATES = (
    "'draft', 'requestedByReceiver', 'released', 'refusedByOrigin', 'sentToBkn', 'technicalApproval', 'returned',"
    " 'decreeIssued', 'effective', 'cancelled'"
)
RUNNING = "'draft', 'requestedByReceiver', 'released', 'sentToBkn', 'technicalApproval', 'returned', 'decreeIssued'"
FALLEN = "'aheadFell', 'cycleFell'"
# a client asks for whom its registration names; everybody else for all
ALLOWED = """((SELECT allowed_institutions()) IS NULL
                OR found.institution_id = ANY ((SELECT allowed_institutions())::uuid[]))"""

CREATE = (
    """ALTER TABLE institution ADD COLUMN kind TEXT,
        ADD CONSTRAINT ck_institution_kind CHECK (kind IN ('central', 'province', 'regency', 'city'))""",
    """CREATE TABLE mobility_rulebook (
        version SMALLINT NOT NULL,
        effective_from DATE NOT NULL,
        legal_basis TEXT NOT NULL,
        document JSONB NOT NULL,
        published_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_mobility_rulebook PRIMARY KEY (version),
        CONSTRAINT uq_mobility_rulebook_effective_from UNIQUE (effective_from)
    )""",
    f"GRANT SELECT ON mobility_rulebook TO {APPLICATION_ROLE}",
    f"""CREATE TABLE mobility_case (
        institution_id UUID NOT NULL,
        id UUID NOT NULL,
        talent_id UUID NOT NULL,
        receiving_institution_id UUID NOT NULL,
        post_id UUID NOT NULL,
        post_name TEXT NOT NULL,
        unit_name TEXT NOT NULL,
        post_level TEXT NOT NULL,
        campaign_id UUID,
        run_id UUID,
        unit_kind TEXT,
        unit INTEGER,
        step INTEGER,
        card_id UUID,
        disclosure_id UUID,
        rulebook_version SMALLINT NOT NULL,
        route TEXT,
        decree_party TEXT,
        state TEXT NOT NULL,
        reason TEXT NOT NULL,
        planned_on DATE NOT NULL,
        effective_on DATE,
        agreed_at TIMESTAMP WITH TIME ZONE,
        released_on DATE,
        submitted_on DATE,
        talent_nip TEXT,
        talent_name TEXT,
        asked JSONB,
        checks JSONB DEFAULT '[]' NOT NULL,
        seat_left_open BOOLEAN DEFAULT false NOT NULL,
        cancellation_code TEXT,
        fell_with INTEGER,
        number TEXT,
        dated DATE,
        because TEXT,
        moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
        moved_by TEXT NOT NULL,
        moved_role TEXT NOT NULL,
        moved_institution_id UUID NOT NULL,
        revision INTEGER DEFAULT 1 NOT NULL,
        CONSTRAINT pk_mobility_case PRIMARY KEY (institution_id, id),
        CONSTRAINT uq_mobility_case_id UNIQUE (id),
        CONSTRAINT ck_mobility_case_state CHECK (state IN ({STATES})),
        CONSTRAINT ck_mobility_case_unit_kind CHECK (unit_kind IN ('chain', 'cycle')),
        CONSTRAINT ck_mobility_case_decree_party CHECK (decree_party IN ('receiving', 'bkn')),
        CONSTRAINT ck_mobility_case_unit CHECK (num_nonnulls(campaign_id, run_id, unit_kind, unit, step) IN (0, 5)),
        CONSTRAINT ck_mobility_case_between
            CHECK (campaign_id IS NOT NULL OR receiving_institution_id <> institution_id),
        CONSTRAINT ck_mobility_case_named
            CHECK (num_nonnulls(talent_nip, talent_name) IN (0, 2)
                AND (talent_nip IS NULL OR num_nonnulls(agreed_at, released_on) = 2)),
        CONSTRAINT ck_mobility_case_cancelled CHECK ((state = 'cancelled') = (cancellation_code IS NOT NULL)),
        CONSTRAINT ck_mobility_case_decreed
            CHECK (state NOT IN ('decreeIssued', 'effective') OR effective_on IS NOT NULL),
        CONSTRAINT fk_mobility_case_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id),
        CONSTRAINT fk_mobility_case_institution_id_talent_id
            FOREIGN KEY(institution_id, talent_id) REFERENCES talent (institution_id, id),
        CONSTRAINT fk_mobility_case_receiving_institution_id_post_id
            FOREIGN KEY(receiving_institution_id, post_id) REFERENCES post (institution_id, id),
        CONSTRAINT fk_mobility_case_campaign_id FOREIGN KEY(campaign_id) REFERENCES mobility_campaign (id),
        CONSTRAINT fk_mobility_case_institution_id_disclosure_id
            FOREIGN KEY(institution_id, disclosure_id) REFERENCES disclosure (institution_id, id),
        CONSTRAINT fk_mobility_case_rulebook_version
            FOREIGN KEY(rulebook_version) REFERENCES mobility_rulebook (version)
    )""",
    "CREATE INDEX ix_mobility_case_institution_id_talent_id ON mobility_case (institution_id, talent_id)",
    """CREATE INDEX ix_mobility_case_receiving_institution_id_post_id
        ON mobility_case (receiving_institution_id, post_id)""",
    "CREATE INDEX ix_mobility_case_campaign_id_unit ON mobility_case (campaign_id, unit)",
    f"""CREATE UNIQUE INDEX uq_mobility_case_asked
        ON mobility_case (institution_id, talent_id, receiving_institution_id)
        WHERE campaign_id IS NULL AND state IN ({RUNNING})""",
    """CREATE UNIQUE INDEX uq_mobility_case_decreed ON mobility_case (institution_id, talent_id)
        WHERE state = 'decreeIssued'""",
    """CREATE TABLE mobility_case_step (
        institution_id UUID NOT NULL,
        case_id UUID NOT NULL,
        ordinal INTEGER NOT NULL,
        state TEXT NOT NULL,
        entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
        role TEXT NOT NULL,
        subject TEXT NOT NULL,
        of_institution_id UUID NOT NULL,
        number TEXT,
        dated DATE,
        because TEXT,
        CONSTRAINT pk_mobility_case_step PRIMARY KEY (institution_id, case_id, ordinal),
        CONSTRAINT fk_mobility_case_step_institution_id_case_id
            FOREIGN KEY(institution_id, case_id) REFERENCES mobility_case (institution_id, id),
        CONSTRAINT fk_mobility_case_step_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
    """CREATE TABLE mobility_case_document (
        institution_id UUID NOT NULL,
        case_id UUID NOT NULL,
        item TEXT NOT NULL,
        ordinal SMALLINT NOT NULL,
        side TEXT NOT NULL,
        state TEXT DEFAULT 'missing' NOT NULL,
        number TEXT,
        dated DATE,
        because TEXT,
        kept_at TIMESTAMP WITH TIME ZONE,
        kept_by TEXT,
        CONSTRAINT pk_mobility_case_document PRIMARY KEY (institution_id, case_id, item),
        CONSTRAINT ck_mobility_case_document_side CHECK (side IN ('origin', 'receiving')),
        CONSTRAINT ck_mobility_case_document_state CHECK (
            CASE state WHEN 'missing' THEN num_nonnulls(number, dated, because) = 0
                WHEN 'present' THEN num_nonnulls(number, dated) = 2 AND because IS NULL
                WHEN 'notNeeded' THEN num_nonnulls(number, dated) = 0 AND because IS NOT NULL ELSE false END),
        CONSTRAINT fk_mobility_case_document_institution_id_case_id
            FOREIGN KEY(institution_id, case_id) REFERENCES mobility_case (institution_id, id),
        CONSTRAINT fk_mobility_case_document_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id)
    )""",
)
TABLES = ("mobility_case", "mobility_case_step", "mobility_case_document")

# ── who sees what: the origin its rows, the receiving institution what it is part of, BKN what was sent to it, and who
# organises a campaign what came of it

OF_CASE = "EXISTS (SELECT FROM mobility_case c WHERE c.institution_id = {0}.institution_id AND c.id = {0}.case_id)"
CONSIDERED = (
    "submitted_on IS NOT NULL AND (SELECT current_reach()) = 'national'"  # noqa: S608 - our own words
    f" AND EXISTS (SELECT FROM institution i WHERE i.id = {MINE})"
)
POLICIES = (
    f"CREATE POLICY receiving_institution ON mobility_case FOR SELECT USING (receiving_institution_id = {MINE})",
    f"""CREATE POLICY receiving_steps ON mobility_case FOR UPDATE USING (receiving_institution_id = {MINE})
        WITH CHECK (receiving_institution_id = {MINE})""",
    f"CREATE POLICY considering ON mobility_case FOR SELECT USING ({CONSIDERED})",
    f"CREATE POLICY considering_steps ON mobility_case FOR UPDATE USING ({CONSIDERED}) WITH CHECK ({CONSIDERED})",
    f"""CREATE POLICY organising ON mobility_case FOR SELECT
        USING (EXISTS (SELECT FROM mobility_campaign c WHERE c.id = campaign_id AND c.institution_id = {MINE}))""",  # noqa: S608 - our own words
    f"""CREATE POLICY of_case ON mobility_case_step FOR SELECT USING ({OF_CASE.format("mobility_case_step")})""",
    f"""CREATE POLICY of_case ON mobility_case_document FOR SELECT
        USING ({OF_CASE.format("mobility_case_document")})""",
    f"""CREATE POLICY of_receiving ON mobility_case_document FOR UPDATE
        USING (side = 'receiving' AND {OF_CASE.format("mobility_case_document")})
        WITH CHECK (side = 'receiving' AND {OF_CASE.format("mobility_case_document")})""",
    *(f"CREATE POLICY whole_units ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)" for table in TABLES),
    """CREATE POLICY told_of_cases ON ledger_entry FOR INSERT TO CURRENT_USER
        WITH CHECK (about_type = 'mobilityCase')""",
    f"REVOKE INSERT, DELETE ON mobility_case FROM {APPLICATION_ROLE}",
    f"REVOKE INSERT, UPDATE, DELETE ON mobility_case_step FROM {APPLICATION_ROLE}",
    f"REVOKE INSERT, UPDATE, DELETE ON mobility_case_document FROM {APPLICATION_ROLE}",
    f"GRANT UPDATE (state, number, dated, because, kept_at, kept_by) ON mobility_case_document TO {APPLICATION_ROLE}",
)

# ── nobody takes the step of another party: which columns change, in which step, and by whom

_STEPS = (
    ("draft", "requestedByReceiver", "receiving", "asked,planned_on"),
    ("requestedByReceiver", "released", "origin", "released_on,talent_nip,talent_name,checks"),
    # within an institution, whose origin and receiving are one, BKN has no word
    ("released", "decreeIssued", "within", "route,decree_party,effective_on,checks"),
    ("requestedByReceiver", "refusedByOrigin", "origin", "seat_left_open"),
    ("released", "sentToBkn", "receiving", "submitted_on,route,decree_party"),
    ("returned", "sentToBkn", "receiving", "submitted_on"),
    ("sentToBkn", "technicalApproval", "bkn", ""),
    ("sentToBkn", "returned", "bkn", ""),
    ("technicalApproval", "decreeIssued", "decree", "effective_on,checks"),
    ("decreeIssued", "effective", "receiving", ""),
    ("decreeIssued", "cancelled", "decree", "cancellation_code,talent_nip,talent_name,seat_left_open"),
    *(
        (state, "cancelled", party, "cancellation_code,talent_nip,talent_name,seat_left_open")
        for state in ("draft", "requestedByReceiver", "released", "sentToBkn", "technicalApproval", "returned")
        for party in ("origin", "receiving")
    ),
)
_AGREEING = tuple(
    (state, state, "origin", "agreed_at,talent_nip,talent_name") for state in ("requestedByReceiver", "released")
)
_OF_EVERY_STEP = "state,number,dated,because,moved_at,moved_by,moved_role,moved_institution_id"


def _allowed() -> str:
    rows = [
        *((*step[:3], f"{_OF_EVERY_STEP},{step[3]}" if step[3] else _OF_EVERY_STEP) for step in _STEPS),
        *_AGREEING,
    ]
    return ", ".join(
        f"('{before}', '{after}', '{party}', '{{{columns}}}'::text[])" for before, after, party, columns in rows
    )


GUARDS = (
    f"""CREATE FUNCTION guard_mobility_case() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            mine uuid := current_institution();
            parties text[] := array_remove(ARRAY[
                CASE WHEN OLD.institution_id = mine THEN 'origin' END,
                CASE WHEN OLD.receiving_institution_id = mine THEN 'receiving' END,
                CASE WHEN OLD.institution_id = mine AND OLD.receiving_institution_id = mine THEN 'within' END,
                CASE WHEN current_reach() = 'national' THEN 'bkn' END], NULL);
            deciding text := coalesce(OLD.decree_party, 'receiving');
            changed text[] := ARRAY(
                SELECT n.key FROM jsonb_each(to_jsonb(NEW)) AS n
                WHERE n.value IS DISTINCT FROM to_jsonb(OLD) -> n.key AND n.key <> 'revision');
        BEGIN
            IF current_user = '{APPLICATION_ROLE}' AND (NEW.moved_institution_id <> mine AND NEW.state <> OLD.state
                OR NOT EXISTS (
                SELECT FROM (VALUES {_allowed()}) AS allowed (state_before, state, party, columns)
                WHERE allowed.state_before = OLD.state AND allowed.state = NEW.state AND changed <@ allowed.columns
                    AND CASE allowed.party WHEN 'decree' THEN deciding ELSE allowed.party END = ANY (parties)))
            THEN
                RAISE EXCEPTION 'row-level security: this is no step of this party in table "mobility_case"'
                    USING ERRCODE = 'insufficient_privilege';
            END IF;
            RETURN NEW;
        END $$""",  # noqa: S608 - our own words
    """CREATE TRIGGER guard_step BEFORE UPDATE ON mobility_case FOR EACH ROW EXECUTE FUNCTION guard_mobility_case()""",
    f"""CREATE FUNCTION guard_mobility_document() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF current_user = '{APPLICATION_ROLE}' AND NOT EXISTS (
                SELECT FROM mobility_case c WHERE c.institution_id = OLD.institution_id AND c.id = OLD.case_id
                    AND current_institution() = CASE OLD.side WHEN 'origin' THEN c.institution_id
                        ELSE c.receiving_institution_id END)
            THEN
                RAISE EXCEPTION 'row-level security: no document of this party in table "mobility_case_document"'
                    USING ERRCODE = 'insufficient_privilege';
            END IF;
            RETURN NEW;
        END $$""",
    """CREATE TRIGGER guard_document BEFORE UPDATE ON mobility_case_document
        FOR EACH ROW EXECUTE FUNCTION guard_mobility_document()""",
    """CREATE TRIGGER raise_revision BEFORE UPDATE ON mobility_case
        FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION raise_revision()""",
)

# ── every step is kept, and told to the other institution's ledger: who takes it records it in their own

FOLLOW = (
    f"""CREATE FUNCTION follow_mobility_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$
        DECLARE
            before text := CASE WHEN TG_OP = 'UPDATE' THEN OLD.state END;
            is_of_unit boolean := TG_OP = 'INSERT' OR NEW.cancellation_code IN ({FALLEN});
        BEGIN
            INSERT INTO mobility_case_step (institution_id, case_id, ordinal, state, entered_at, role, subject,
                of_institution_id, number, dated, because)
            SELECT NEW.institution_id, NEW.id, count(*) + 1, NEW.state, NEW.moved_at, NEW.moved_role, NEW.moved_by,
                NEW.moved_institution_id, NEW.number, NEW.dated, NEW.because
            FROM mobility_case_step s WHERE s.institution_id = NEW.institution_id AND s.case_id = NEW.id;
            -- what an institution prepares alone is nobody else's affair
            IF NEW.campaign_id IS NULL AND (NEW.state = 'draft' OR before = 'draft' AND NEW.state = 'cancelled') THEN
                RETURN NULL;
            END IF;
            INSERT INTO ledger_entry (institution_id, role, subject, type, about_type, about_id, payload, before, after)
            SELECT DISTINCT told.institution_id, NEW.moved_role, NEW.moved_by, 'mobilityCaseAdvanced', 'mobilityCase',
                NEW.id::text, jsonb_build_object('case_id', NEW.id, 'state_before', before, 'state', NEW.state,
                    'number', NEW.number, 'reason', NEW.cancellation_code),
                CASE WHEN before IS NOT NULL THEN jsonb_build_object('state', before) END,
                jsonb_build_object('state', NEW.state)
            FROM (VALUES (NEW.institution_id), (NEW.receiving_institution_id)) AS told (institution_id)
            WHERE is_of_unit OR told.institution_id <> NEW.moved_institution_id;
            RETURN NULL;
        END $$""",  # noqa: S608 - our own words
    """CREATE TRIGGER follow_new AFTER INSERT ON mobility_case
        FOR EACH ROW EXECUTE FUNCTION follow_mobility_case()""",
    """CREATE TRIGGER follow_step AFTER UPDATE ON mobility_case
        FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION follow_mobility_case()""",
)

# ── what crosses institutions, each for a party of the case alone

_IS_PART = f"""(c.institution_id = {MINE} OR c.receiving_institution_id = {MINE}
            OR (SELECT current_reach()) = 'national' AND c.submitted_on IS NOT NULL
                AND EXISTS (SELECT FROM institution i WHERE i.id = {MINE})
            OR EXISTS (SELECT FROM mobility_campaign m WHERE m.id = c.campaign_id AND m.institution_id = {MINE}))"""  # noqa: S608 - our own words
_DOCUMENTS = """INSERT INTO mobility_case_document (institution_id, case_id, item, ordinal, side)
            SELECT c.institution_id, c.id, told.item ->> 'code', told.ordinal, told.item ->> 'side'
            FROM mobility_case c JOIN mobility_rulebook r ON r.version = c.rulebook_version
            CROSS JOIN LATERAL jsonb_array_elements(r.document -> 'documents')
                WITH ORDINALITY AS told (item, ordinal)"""
_NEWEST = "(SELECT max(r.version) FROM mobility_rulebook r WHERE r.effective_from <= moment::date)"
FUNCTIONS = {
    "mobility_case_places": f"""CREATE FUNCTION mobility_case_places(of_case uuid) RETURNS TABLE (
            origin_name text, origin_kind text, origin_province text,
            receiving_name text, receiving_kind text, receiving_province text
        ) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
            SELECT o.name, o.kind, o.province_code, r.name, r.kind, r.province_code
            FROM mobility_case c JOIN institution o ON o.id = c.institution_id
            JOIN institution r ON r.id = c.receiving_institution_id
            WHERE c.id = of_case AND {_IS_PART};
        END""",  # noqa: S608 - our own words
    "mobility_unit_states": f"""CREATE FUNCTION mobility_unit_states(of_case uuid) RETURNS TABLE (
            step integer, state text, effective_on date
        ) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        BEGIN ATOMIC
            SELECT other.step, other.state, other.effective_on FROM mobility_case c
            JOIN mobility_case other ON other.campaign_id = c.campaign_id AND other.unit = c.unit
            WHERE c.id = of_case AND {_IS_PART};
        END""",  # noqa: S608 - our own words
    # one at a time in a unit: whoever gives up a step, or takes effect, has seen what the others have done
    "hold_mobility_unit": f"""CREATE FUNCTION hold_mobility_unit(of_case uuid) RETURNS void LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            held mobility_case;
        BEGIN
            SELECT * INTO held FROM mobility_case c WHERE c.id = of_case AND {_IS_PART};
            PERFORM FROM mobility_case other
            WHERE other.id = held.id OR other.campaign_id = held.campaign_id AND other.unit = held.unit
            ORDER BY other.step FOR UPDATE;
        END $$""",  # noqa: S608 - our own words
    "open_mobility_case": f"""CREATE FUNCTION open_mobility_case(
            new_id uuid, of_card uuid, of_disclosure uuid, of_post uuid, why text, planned date,
            moment timestamptz, asking_subject text, asking_role text
        ) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            made integer;
        BEGIN
            INSERT INTO mobility_case (institution_id, id, talent_id, receiving_institution_id, post_id, post_name,
                unit_name, post_level, card_id, disclosure_id, rulebook_version, state, reason, planned_on,
                moved_at, moved_by, moved_role, moved_institution_id)
            SELECT found.institution_id, new_id, found.talent_id, p.institution_id, p.id, p.name, u.name, p.level,
                found.card_id, found.disclosure_id, {_NEWEST}, 'draft', why, planned,
                moment, asking_subject, asking_role, {MINE}
            FROM (
                SELECT t.institution_id, t.talent_id, t.id AS card_id, NULL::uuid AS disclosure_id
                FROM talent_card t JOIN listed_card seen ON seen.id = t.id
                WHERE t.id = of_card AND t.listed_until > moment
                UNION ALL
                SELECT d.institution_id, d.talent_id, NULL, d.id FROM disclosure d
                WHERE d.id = of_disclosure AND d.receiving_institution_id = {MINE} AND d.state = 'open'
                    AND d.purpose = 'talent-mobility' AND d.expires_at > moment
            ) AS found
            JOIN post p ON p.institution_id = {MINE} AND p.id = of_post
            JOIN org_unit u ON u.institution_id = p.institution_id AND u.id = p.unit_id
            WHERE found.institution_id <> {MINE} AND {ALLOWED};
            GET DIAGNOSTICS made = ROW_COUNT;
            {_DOCUMENTS}
            WHERE made = 1 AND c.id = new_id;
            RETURN made = 1;
        END $$""",  # noqa: S608 - our own words
    # institution by institution, as its own participations and homes are seen only there
    "open_mobility_cases": f"""CREATE FUNCTION open_mobility_cases(
            of_campaign uuid, of_run uuid, why text, moment timestamptz, asking_subject text, asking_role text
        ) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            organiser uuid := current_institution();
            day date;
            chains integer;
            origin uuid;
            made integer := 0;
            here integer;
        BEGIN
            SELECT c.effective_on, r.chains INTO day, chains
            FROM mobility_campaign c
            JOIN mobility_run r ON r.institution_id = c.institution_id AND r.campaign_id = c.id AND r.id = of_run
            WHERE c.institution_id = organiser AND c.id = of_campaign AND c.state = 'published';
            IF day IS NULL THEN
                RAISE EXCEPTION 'only who organises a published campaign carries it out'
                    USING ERRCODE = 'insufficient_privilege';
            END IF;
            CREATE TEMPORARY TABLE carried_out ON COMMIT DROP AS
            SELECT m.unit, m.step, m.participant_id, o.institution_id, o.post_id, o.post_name, o.unit_name,
                o.position_level
            FROM mobility_move m JOIN mobility_offer o ON o.id = m.to_post_id
            WHERE m.institution_id = organiser AND m.run_id = of_run AND o.campaign_id = of_campaign AND o.is_offered;
            FOR origin IN SELECT i.id FROM institution i LOOP
                PERFORM set_config('app.institution_id', origin::text, true);
                INSERT INTO mobility_case (institution_id, id, talent_id, receiving_institution_id, post_id, post_name,
                    unit_name, post_level, campaign_id, run_id, unit_kind, unit, step, rulebook_version, state, reason,
                    planned_on, agreed_at, moved_at, moved_by, moved_role, moved_institution_id)
                SELECT p.institution_id, gen_random_uuid(), p.talent_id, t.institution_id, t.post_id, t.post_name,
                    t.unit_name, t.position_level, of_campaign, of_run,
                    CASE WHEN t.unit <= chains THEN 'chain' ELSE 'cycle' END, t.unit, t.step, {_NEWEST}, 'draft', why,
                    day, p.joined_at, moment, asking_subject, asking_role, organiser
                FROM mobility_participation p JOIN carried_out t ON t.participant_id = p.id
                WHERE p.institution_id = origin AND p.campaign_id = of_campaign;
                GET DIAGNOSTICS here = ROW_COUNT;
                made := made + here;
            END LOOP;
            PERFORM set_config('app.institution_id', organiser::text, true);
            IF made <> (SELECT count(*) FROM carried_out) THEN
                RAISE EXCEPTION 'a move of the run has nobody to make it'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            {_DOCUMENTS}
            WHERE c.campaign_id = of_campaign;
            RETURN made;
        END $$""",  # noqa: S608 - our own words
    "fell_mobility_cases": f"""CREATE FUNCTION fell_mobility_cases(of_case uuid, steps integer[], why text)
        RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            held mobility_case;
        BEGIN
            SELECT * INTO held FROM mobility_case c WHERE c.id = of_case AND {_IS_PART}
                AND c.campaign_id IS NOT NULL AND c.state IN ('refusedByOrigin', 'cancelled');
            UPDATE mobility_case fallen SET state = 'cancelled', cancellation_code =
                    CASE held.unit_kind WHEN 'chain' THEN 'aheadFell' ELSE 'cycleFell' END, fell_with = held.step,
                number = NULL, dated = NULL, because = why, talent_nip = NULL, talent_name = NULL,
                moved_at = held.moved_at, moved_by = held.moved_by, moved_role = held.moved_role,
                moved_institution_id = held.moved_institution_id
            WHERE fallen.campaign_id = held.campaign_id AND fallen.unit = held.unit AND fallen.step = ANY (steps)
                AND fallen.state IN ({RUNNING})
                AND (held.unit_kind = 'cycle' AND fallen.step <> held.step OR fallen.step > held.step);
        END $$""",  # noqa: S608 - our own words
    # the facts by which somebody is put to the requirements once more: both have agreed that they may be looked at
    "mobility_case_facts": f"""CREATE FUNCTION mobility_case_facts(of_case uuid) RETURNS SETOF candidate
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            asking text := current_setting('app.institution_id', true);
            held mobility_case;
        BEGIN
            SELECT * INTO held FROM mobility_case c WHERE c.id = of_case AND {_IS_PART}
                AND (c.institution_id = {MINE} OR num_nonnulls(c.agreed_at, c.released_on) = 2)
                AND c.state IN ({RUNNING});
            PERFORM set_config('app.institution_id', coalesce(held.institution_id::text, ''), true);
            RETURN QUERY SELECT f.* FROM candidate f
                WHERE f.institution_id = held.institution_id AND f.talent_id = held.talent_id;
            PERFORM set_config('app.institution_id', asking, true);
        END $$""",  # noqa: S608 - our own words
    # the seat that somebody leaves is empty from the day the decree takes effect
    "leave_seat_for_case": """CREATE FUNCTION leave_seat_for_case(of_case uuid) RETURNS uuid LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            asking uuid := current_institution();
            held mobility_case;
            seat uuid;
        BEGIN
            SELECT * INTO held FROM mobility_case c
            WHERE c.id = of_case AND c.receiving_institution_id = asking AND c.state = 'effective';
            IF held.id IS NULL THEN
                RAISE EXCEPTION 'nobody leaves a seat before the decree takes effect'
                    USING ERRCODE = 'insufficient_privilege';
            END IF;
            PERFORM set_config('app.institution_id', held.institution_id::text, true);
            DELETE FROM post_holder h WHERE h.institution_id = held.institution_id AND h.talent_id = held.talent_id
            RETURNING h.post_id INTO seat;
            UPDATE post p SET empty_since = coalesce(p.empty_since, held.effective_on),
                clock_from = coalesce(p.clock_from, held.effective_on)
            WHERE p.institution_id = held.institution_id AND p.id = seat AND p.is_delivered AND p.seats > (
                SELECT count(*) FROM post_holder h WHERE h.institution_id = p.institution_id AND h.post_id = p.id);
            PERFORM set_config('app.institution_id', asking::text, true);
            RETURN seat;
        END $$""",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in CREATE:
        op.execute(statement)
    document = json.loads(SHIPPED.read_text())
    op.execute(
        sa.text(
            "INSERT INTO mobility_rulebook (version, effective_from, legal_basis, document, published_at)"
            " SELECT (d ->> 'version')::smallint, (d ->> 'effectiveFrom')::date, d ->> 'legalBasis', d, now()"
            " FROM CAST(:document AS jsonb) AS d".replace("::", "\\:\\:")
        ).bindparams(document=json.dumps(document))
    )
    for table in TABLES:
        for statement in protect(table):
            op.execute(statement)
    granted = (
        statement
        for name in FUNCTIONS
        for statement in (
            f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {name} TO {APPLICATION_ROLE}",
        )
    )
    for statement in (*POLICIES, *GUARDS, *FOLLOW, *FUNCTIONS.values(), *granted):
        op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION {name}")
    op.execute("DROP POLICY told_of_cases ON ledger_entry")
    for table in reversed(TABLES):
        op.drop_table(table)
    for name in ("follow_mobility_case", "guard_mobility_document", "guard_mobility_case"):
        op.execute(f"DROP FUNCTION {name}")
    op.drop_table("mobility_rulebook")
    op.drop_constraint(op.f("ck_institution_kind"), "institution")
    op.drop_column("institution", "kind")
