"""The wall between institutions: what shapes answer, what policies say, what the guard of the ledger refuses."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db import shapes
from app.db.database import (
    NATIONAL,
    OWN,
    Database,
    PoolSizes,
    UnsafeRoleError,
    _must_be_held_by_policies,
    open_database,
)
from app.db.documents import Pages, Shape, compile_document
from app.db.idempotency import Repeatable, claim
from app.db.ledger import record
from app.db.pages import compile_page
from app.db.policies import APPLICATION_ROLE
from app.db.shapes.institutions import INSTITUTION
from app.db.views import viewer
from app.db.withholding import pages_for, shape_for
from app.dev.installation import OWNER_ROLE
from app.domain.actors import Actor, ClientScope, Permission, Role
from app.domain.events import InstitutionCreated
from app.domain.purposes import Purpose
from app.domain.standing import ReferenceKind
from app.services import clients, standing, talents
from app.services.clients import RegisterClient
from app.services.standing import KeepReference, RecordIndex
from tests.conftest import as_superuser, url_of
from tests.cycles import a_whole_cycle
from tests.disclosures import an_open_disclosure, card_of
from tests.facade import a_reader
from tests.factories import (
    a_nip,
    a_rubric_draft,
    a_submission,
    an_employee,
    an_institution,
    complete_evidence,
    import_files,
    name_of,
    officer,
    write_folder,
)
from tests.jobs import a_job
from tests.mobility import a_drafted_campaign, a_part
from tests.mobility_cases import a_case, a_reserved_seat, request
from tests.mobility_listings import a_listing
from tests.mobility_results import a_small_round
from tests.movements import a_comparison
from tests.national import a_national_search
from tests.posts import a_registry
from tests.rankings import an_explained_ranking
from tests.rights import a_reviewed_case
from tests.siasn_connections import a_handover, connect
from tests.siasn_records import ROW_ID, siasn_told_everything
from tests.siasn_syncs import a_conflict
from tests.succession import a_planned_post
from tests.vacancies import a_common_reason, a_post, some_vacancies
from tests.webhooks import a_subscription

# Reached only through functions, which must see the numbers of every institution; the application has no right to them.
FUNCTIONS_ONLY = {
    *("national_box_count", "national_pool_count", "pool_candidate", "talent_card", "person", "person_nip"),
    *("national_count", "national_count_change", "national_count_version", "pool_measure"),
    "job_failure",
    *("unchained_entry", "unrecorded_change"),
    *("mobility_count", "mobility_count_change", "mobility_foresight", "mobility_freed_seat", "mobility_post_seat"),
}
# Has an institution_id all the same.
OWNED = {
    *("mobility_post_seat", "national_box_count", "national_pool_count", "pool_candidate", "talent_card"),
    "unchained_entry",
}
# What runs with the owner's rights and may be called by the application: each looks only at what it is told, or counts.
OWNERS_FUNCTIONS = {
    "chain_ledger",
    "forget_idempotency_keys",
    "forget_mobility_listings",
    *("forget_webhook_deliveries", "forget_webhook_secrets", "forget_dead_letters", "forget_siasn_people"),
    *("siasn_pushes_left", "count_unreadable_secrets"),
    "queue_due_webhooks",
    "siasn_syncs_due",
    "allowed_institutions",
    "client_credentials",
    "identify_persons",
    "institution_named",
    "institution_register",
    "lay_indicators",
    *("ledger_head", "learn_of_talents"),
    *("note_job_failure", "rescue_jobs"),
    *("siasn_reader", "siasn_sign_in_of"),
    *(
        "fell_mobility_cases",
        "hold_mobility_unit",
        "leave_seat_for_case",
        "mobility_case_facts",
        "mobility_case_places",
    ),
    *("mobility_unit_states", "open_mobility_case", "open_mobility_cases"),
    "mobility_flows",
    *("copy_mobility_round", "freeze_mobility_campaign", "unassessed_for_mobility"),
    *("mobility_releases_at", "regions_of_mobility"),
    "mobility_institutions",
    "mobility_participating",
    "mobility_demand",
    "mobility_unmet_posts",
    "provinces_of_institutions",
    "publish_retirement_rules",
    "publish_rubric",
    "publish_rule_set",
    "request_disclosure",
    "set_mobility_organiser",
}
# of the owner's rows: without the columns that say whose somebody is, or counted, or of one's own institution alone
OWNERS_VIEWS = {
    *("listed_card", "national_candidate", "national_measure", "national_career", "national_pool"),
    *("national_card_count", "national_count_state", "own_card"),
    "institution_job",
}
ANNOUNCED = (
    *("mobility_campaign", "mobility_campaign_step", "mobility_cell", "mobility_formula", "mobility_offer"),
    "mobility_release",
)
"""What everybody reads of a campaign once it is announced."""
PUBLISHED = (
    *("mobility_cell_result", "mobility_flow", "mobility_move", "mobility_outcome"),
    *("mobility_post_result", "mobility_result"),
)
FROZEN = (
    *("mobility_snapshot", "mobility_frozen_cell", "mobility_frozen_post", "mobility_frozen_participant"),
    *("mobility_file", "mobility_file_part"),
)
"""What a campaign's run depends on, and the files of it: nothing of it ever changes."""
"""What a run found: everybody reads it once it is published, and nobody ever changes it."""
OF_CASES = {
    "mobility_case.receiving_institution": ("r", "the receiving institution reads what it is part of"),
    "mobility_case.receiving_steps": ("w", "and takes its own steps, which a trigger sees to"),
    "mobility_case.considering": ("r", "BKN reads what was sent to it"),
    "mobility_case.considering_steps": ("w", "and takes its own steps, which a trigger sees to"),
    "mobility_case.organising": ("r", "who organises a campaign reads what comes of it"),
    "mobility_case_step.of_case": ("r", "the steps are read by who reads the case"),
    "mobility_case_document.of_case": ("r", "the checklist is read by who reads the case"),
    "mobility_case_document.of_receiving": ("w", "the receiving institution keeps its own documents"),
}
"""What the parties of a mobility case read and write of rows that are the origin's, and why."""
OTHER_POLICIES = {
    **{name: reason for name, (_, reason) in OF_CASES.items()},
    **{
        f"{table}.whole_units": "the owner's functions open, hold and give up cases that hang together"
        for table in ("mobility_case", "mobility_case_step", "mobility_case_document", "reserved_seat")
    },
    **{
        f"{table}.due": "the owner's function names institutions and syncs that are due, by their ids alone"
        for table in ("siasn_connection", "siasn_sync")
    },
    "siasn_push.left_behind": "the owner's function names handings over without a job, by their ids alone",
    "siasn_trial.counted": "the owner's function counts connections whose secrets nobody can open",
    "siasn_sync_person.forgotten": "the owner's function counts and forgets the people of syncs that ended long ago",
    "webhook_secret.forgotten": "the owner's function forgets secrets that ended long ago, with an entry for each",
    "ledger_entry.told_of_cases": "every step of a mobility case is told to both institutions",
    "disclosure.asked": "a request becomes the origin's row: inserted by the owner's function, and nothing else is",
    "disclosure.receiving_institution": "the institution that asks reads its own requests",
    "data_sharing_grant.receiving_institution": "a client of that institution reads as far as a grant to it goes",
    "idempotency_key.forgotten": "the owner's function clears away what is too old to be repeated",
    "institution.mobility_organisers": "the owner's function says which institutions may organise campaigns",
    "institution.register": "the owner's functions know the register",
    "client.credentials": "a system signs in before anybody knows its institution",
    "client_secret.credentials": "a system signs in before anybody knows its institution",
    "ledger_entry.own_transaction": "the guard looks for entries of its own transaction",
    "ledger_entry.whole_ledger": "the chain runs through all institutions",
    "ledger_link.whole_chain": "the chain runs through all institutions",
    **{
        f"{table}.announced": "campaigns that are announced are read by all with their rules, cells and offers"
        for table in ANNOUNCED
    },
    **{
        f"{table}.published": "what a run found is read by all, by opaque ids, once its campaign is published"
        for table in (*PUBLISHED, "mobility_frozen_cell", "mobility_frozen_post")
    },
    **{
        f"{table}.published": "a published run is read by all, with its files"
        for table in ("mobility_run", "mobility_work", "mobility_file", "mobility_file_part")
    },
    **{
        f"{table}.of_round": "the owner's functions freeze the round of a campaign by opaque ids, for who organises it"
        for table in (
            *("mobility_participation", "mobility_application", "mobility_offer", "mobility_release", "org_unit"),
            *("consent", "mobility_wish"),
        )
    },
    "mobility_verification.published": "what the check of a published run came to is read by all",
    "mobility_participation.taking_part": "the owner's function tells the organiser in which institutions people are",
    "mobility_listing.whole_register": "the owner's counts leave out of all institutions whose consent has ended",
    **{
        f"{table}.queued": "the owner's functions queue and forget deliveries of all institutions, and tell nothing"
        for table in ("webhook", "webhook_cursor", "webhook_delivery")
    },
    "rubric.shipped_or_own": "shipped rubrics belong to nobody and are read by all",
    "rule_set.shipped_or_own": "shipped rule sets belong to nobody and are read by all",
}
"""Every policy but `own_institution`, and its reason. What crosses institutions is here or nowhere."""
SHARED = {"rubric", "rule_set"}  # shipped ones belong to nobody and are read by all; the application writes none
APPEND_ONLY = {
    "view_receipt",
    "ledger_entry",
    "ledger_link",
    "submission_decision",
    "decision_check",
    "candidate_verification",
    "technical_score",
    "national_search",
    "national_search_recomputation",
    "mobility_formula",
    "mobility_case_step",
    "mobility_case_document",  # but for what is known of the paper, which is another test's
    "reserved_seat",
    *PUBLISHED,
    *FROZEN,
}
NATIONAL_SHAPES = {"REGISTERED", "REGISTER", "NATIONAL_NINE_BOX", "CARD_COUNTS"}
ENTRY = (
    "INSERT INTO ledger_entry (institution_id, role, subject, type, payload) VALUES ($1, 'operator', 'x', 'x', '{}')"
)


def found_shapes() -> dict[str, Shape | Pages]:
    """Every shape and every list of one that a module of app.db.shapes names."""
    modules = [
        importlib.import_module(f"{shapes.__name__}.{one.name}") for one in pkgutil.iter_modules(shapes.__path__)
    ]
    named = {f"{m.__name__.rpartition('.')[2]}.{name}": value for m in modules for name, value in vars(m).items()}
    parts = {f"{name}.{part}": one for name, of in named.items() if isinstance(of, dict) for part, one in of.items()}
    return {name: value for name, value in {**named, **parts}.items() if isinstance(value, Shape | Pages)}


SHAPES = found_shapes()
PUBLIC_SHAPES = frozenset(
    {
        "LEDGER_HEAD",
        "RUBRIC",
        "LISTED_RUBRIC",
        "RUBRICS",
        "RULE_SET",
        "LISTED_RULE_SET",
        "RULE_SETS",
        "RULE_SET_DIFFERENCES",
        "BOX_CATALOGUE",
        "GOVERNMENT_AFFAIRS",
        "RETIREMENT_RULES",
        "RETIREMENT_RULEBOOKS",
        "MOBILITY_CAMPAIGN",
        "LISTED_MOBILITY_CAMPAIGN",
        "MOBILITY_CAMPAIGNS",
        "MOBILITY_ASSESSMENT",
        "MOBILITY_OFFER",
        "MOBILITY_OFFERING",
        "MOBILITY_OFFERS",
        "MOBILITY_RELEASE",
        "MOBILITY_RELEASES",
        "PUBLISHED_OFFER",
        "PUBLISHED_RELEASE",
        "MOBILITY_CELL",
        "MOBILITY_CELLS",
        "MOBILITY_FORMULA",
        "MOBILITY_FORMULAS",
        "MOBILITY_ORGANISER",
        "MOBILITY_ORGANISERS",
        "MOBILITY_ARRIVAL",  # of published moves, which name nobody, those to own offers
        "MOBILITY_ARRIVALS",
        "MOBILITY_RUN",
        "MOBILITY_RUNS",
        "MOBILITY_RUN_SUMMARY",
        "MOBILITY_CONSERVATION",
        "MOBILITY_FLOWS",
        "MOBILITY_POST_RESULT",
        "MOBILITY_POST_RESULTS",
        "MOBILITY_CELL_RESULT",
        "MOBILITY_CELL_RESULTS",
        "MOBILITY_MOVE_UNIT",
        "MOBILITY_MOVES",
        "MOBILITY_VERIFICATION",
    }
)  # the rule is everybody's
OF_ONE = sorted(name for name in SHAPES if name.rpartition(".")[2] not in NATIONAL_SHAPES | PUBLIC_SHAPES)
OF_ALL = sorted(name for name in SHAPES if name.rpartition(".")[2] in NATIONAL_SHAPES)


@dataclass(frozen=True)
class Office:
    """An institution with a row in every table."""

    actor: Actor
    nip: str
    unit: str


@pytest_asyncio.fixture(scope="module")
async def offices(db: Database, database_name: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, Office]:
    here, there = [await an_office(db, tmp_path_factory, unit) for unit in ("U-HERE", "U-THERE")]
    asker = await an_institution(db)
    for one in (here, there):
        await talents.talent_document(db, officer(one.actor), one.nip)  # leaves a receipt
        await an_open_disclosure(db, database_name, one.actor, one.nip, asker, "dossier")
        await a_part(db, one.actor, one.nip, unit=one.unit)  # by a consent that a disclosure would rest on as well
        case_id = await a_case(db, asker, await a_post(db, asker), await card_of(database_name, one.nip))
        await request(db, asker, case_id)
        await a_small_round(db, database_name, one.actor, one.nip)
        await a_reserved_seat(database_name, one.actor)
    return here, there


async def an_office(db: Database, directories: pytest.TempPathFactory, unit: str) -> Office:
    actor, nip = await an_institution(db), a_nip()
    name = await name_of(db, actor)
    evidence = complete_evidence(nip, name)
    evidence["HUKUMAN DISIPLIN"] = [
        {"NIP": nip, "TINGKAT": "RINGAN", "JENIS": "", "TMT MULAI": "01-02-2020", "TMT SELESAI": "01-03-2020"},
        {"NIP": nip, "TINGKAT": "?", "JENIS": "", "TMT MULAI": "01-02-2020", "TMT SELESAI": "01-03-2020"},
    ]
    evidence["NILAI ASESMEN"] = [{"NIP": nip, "TANGGAL": "03-04-2025", "INSTRUMEN": "POTKOM", "NILAI": "93,47"}]
    employee = an_employee(nip, name) | {"UNOR ID": unit, "KEDUDUKAN HUKUM NAMA": "Aktif Paruh Waktu"}
    await import_files(db, actor, write_folder(directories.mktemp("office"), [employee], evidence))
    await a_submission(db, actor, nip, unit=unit)
    await a_rubric_draft(db, actor)
    cycle = await a_whole_cycle(db, actor, nip)
    await a_comparison(db, actor, cycle["cycleId"])
    await a_reviewed_case(db, actor, nip, cycle["cycleId"])
    await a_registry(db, actor, directories.mktemp("posts"), unit)
    await a_common_reason(db, actor, await some_vacancies(db, actor, nip))
    await an_explained_ranking(db, actor, nip)
    await a_planned_post(db, actor, nip)
    await a_national_search(db, actor)
    await a_drafted_campaign(db, actor)
    await a_listing(db, actor, nip)
    await standing.record_index(db, actor, "nspk", 2024, RecordIndex(value=Decimal("77.56"), grade="Baik"))
    kept = KeepReference(kind=ReferenceKind.REGULATION, name=f"Perwako {unit}", title="Manajemen talenta")
    await standing.keep_reference(db, actor, uuid4(), kept)
    registered = RegisterClient(name=f"SIMPEG {unit}", scopes=[ClientScope.TALENTS_READ])
    await clients.register_client(db, actor, registered)
    await a_job(db, actor)
    await a_subscription(db, actor)
    await connect(db, actor)
    await a_handover(db, actor, nip, cycle["cycleId"])
    await a_reader(db, actor, nip)
    await siasn_told_everything(db, actor, nip)
    await a_conflict(db, actor, nip)
    await claim(db, actor, Repeatable("key", b"what is asked for", timedelta(days=1), timedelta(minutes=1)))
    return Office(actor, nip, unit)


@pytest_asyncio.fixture
async def connection(database_name: str) -> AsyncIterator[asyncpg.Connection]:
    """The application's role, as nobody."""
    connected = await asyncpg.connect(url_of(database_name))
    yield connected
    await connected.close()


@asynccontextmanager
async def acting_in(connection: asyncpg.Connection, institution: UUID) -> AsyncIterator[None]:
    async with connection.transaction():
        await connection.execute("SELECT set_config('app.institution_id', $1, true)", str(institution))
        yield


async def attempt(connection: asyncpg.Connection, institution: UUID, sql: str, *values: object) -> str:
    """One statement in a transaction that is committed; answers with what it did."""
    async with acting_in(connection, institution):
        return await connection.execute(sql, *values)


# ── shapes


async def answers(
    connection: asyncpg.Connection, contents: Shape | Pages, institution: str, reach: str, *, is_set: bool = True
) -> list[Any]:
    """The documents of a shape without conditions; without `is_set` the statement names the actor and sets nothing."""
    is_page, everything = isinstance(contents, Pages), frozenset(Permission)
    if isinstance(contents, Pages):
        statement = compile_page(pages_for(everything, contents), None, frozenset())
    else:
        statement = compile_document(shape_for(everything, contents), None, frozenset())
    looker = viewer(Actor(UUID(int=0), Role.AUDITOR, "auditor"), Purpose.SUPERVISION)
    asked = {**statement.constants, **looker, "institution": institution, "reach": reach, "first": 200}
    asked |= {"limit": 200, "offset": 0, "row_id": ROW_ID, "after": 0, "types": None, "subject": None}
    sql = (
        statement.sql
        if is_set
        else re.sub(r"set_config\([^,]+, (\$\d+)::VARCHAR, true\)", r"\1::VARCHAR", statement.sql)
    )
    assert is_set or "set_config" not in sql
    rows = await connection.fetch(sql, *(asked[name] for name in statement.parameters))
    documents = [json.loads(row["body"]) for row in rows]
    return [edge["node"] for page in documents for edge in page["edges"]] if is_page else documents


def test_every_capability_has_shapes() -> None:
    names = {name.rpartition(".")[2] for name in SHAPES}
    assert {"TALENT", "TALENTS", "PLACEMENT", "NINE_BOX", "COMPLETENESS", "IMPORT", "IMPORTS", "ORG_UNITS"} <= names
    assert names >= NATIONAL_SHAPES


@pytest.mark.parametrize("name", OF_ONE)
async def test_a_shape_answers_for_the_right_institution(
    name: str, connection: asyncpg.Connection, offices: tuple[Office, Office]
) -> None:
    found = [await answers(connection, SHAPES[name], str(one.actor.institution_id), OWN) for one in offices]
    assert all(found)
    texts = [json.dumps(documents) for documents in found]
    for n, other in ((0, offices[1]), (1, offices[0])):
        for mark in (other.nip, other.unit, str(other.actor.institution_id)):
            assert mark not in texts[n]


@pytest.mark.parametrize("name", OF_ONE)
async def test_a_shape_answers_nothing_for_a_wrong_institution(
    name: str, connection: asyncpg.Connection, offices: tuple[Office, Office]
) -> None:
    assert await answers(connection, SHAPES[name], str(uuid4()), OWN) == []
    assert await answers(connection, SHAPES[name], str(uuid4()), NATIONAL) == []


@pytest.mark.parametrize("name", OF_ONE)
async def test_a_shape_answers_nothing_without_an_institution(
    name: str, connection: asyncpg.Connection, offices: tuple[Office, Office]
) -> None:
    try:
        found = await answers(connection, SHAPES[name], "", "")
    except asyncpg.InvalidTextRepresentationError:  # the empty text is no uuid: refused, which is as good
        found = []
    assert found == []


@pytest.mark.parametrize("name", OF_ONE)
async def test_the_policies_alone_answer_nothing_where_no_institution_is_set(
    name: str, connection: asyncpg.Connection, offices: tuple[Office, Office]
) -> None:
    right = str(offices[0].actor.institution_id)
    assert await answers(connection, SHAPES[name], right, OWN, is_set=False) == []


@pytest.mark.parametrize("name", OF_ALL)
async def test_a_national_shape_answers_only_whose_reach_is_the_nation(
    name: str, connection: asyncpg.Connection, offices: tuple[Office, Office]
) -> None:
    right = str(offices[0].actor.institution_id)
    assert await answers(connection, SHAPES[name], right, NATIONAL)
    for institution, reach in ((right, OWN), (right, ""), (str(uuid4()), OWN), ("", "")):
        assert await answers(connection, SHAPES[name], institution, reach) == []


@pytest.mark.parametrize("name", OF_ALL)
async def test_a_national_shape_counts_nobody_where_no_reach_is_set(
    name: str, connection: asyncpg.Connection, offices: tuple[Office, Office]
) -> None:
    found = await answers(connection, SHAPES[name], str(offices[0].actor.institution_id), NATIONAL, is_set=False)
    assert all(document.get("total", 0) == 0 for document in found)


# ── policies


async def test_every_table_of_an_institution_is_forced_below_a_policy(database_name: str) -> None:
    rows = await as_superuser(
        """SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS forced,
                  EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd = '*') AS has_policy
           FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'institution_id'
           WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')""",
        database_name,
    )
    tables = {row["relname"]: row["forced"] and row["has_policy"] for row in rows}
    assert len(tables) >= 18
    assert {name for name, is_held in tables.items() if not is_held} == OWNED
    row = await as_superuser("SELECT relforcerowsecurity FROM pg_class WHERE relname = 'institution'", database_name)
    assert row[0]["relforcerowsecurity"]


async def test_every_policy_the_application_meets_looks_at_the_institution(database_name: str) -> None:
    rows = await as_superuser(
        f"""SELECT c.relname, p.polname, pg_get_expr(p.polqual, p.polrelid) AS seen,
                   pg_get_expr(p.polwithcheck, p.polrelid) AS written
            FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
            WHERE p.polname NOT IN ('receiving_institution', 'announced', 'published')
                AND format('%s.%s', c.relname, p.polname) <> ALL ('{{{",".join(OF_CASES)}}}')
                AND p.polroles && ARRAY[0::oid, '{APPLICATION_ROLE}'::regrole::oid]""",  # noqa: S608 - our own name
        database_name,
    )
    assert len(rows) >= 18
    for row in rows:
        column = "id" if row["relname"] == "institution" else "institution_id"
        mine = re.compile(rf"\({column} = \( SELECT current_institution\(\) AS current_institution\)\)")
        if row["relname"] in SHARED:
            mine = re.compile(rf"\(\({column} IS NULL\) OR {mine.pattern}\)")
        assert mine.fullmatch(row["seen"]), row
        assert mine.fullmatch(row["written"]), row


async def test_every_policy_that_crosses_institutions_is_named_with_its_reason(database_name: str) -> None:
    rows = await as_superuser(
        """SELECT format('%s.%s', polrelid::regclass, polname) AS name, polcmd::text AS kind,
                  0::oid = ANY (polroles) AS of_all
           FROM pg_policy WHERE polname <> 'own_institution'""",
        database_name,
    )
    assert {row["name"] for row in rows} == set(OTHER_POLICIES)
    # of these the application meets three: it reads what it asked for and what is shipped
    met = {(row["name"], row["kind"]) for row in rows if row["of_all"]}
    assert met == {
        ("disclosure.receiving_institution", "r"),
        ("data_sharing_grant.receiving_institution", "r"),
        *((name, kind) for name, (kind, _) in OF_CASES.items()),
        *((f"{table}.announced", "r") for table in ANNOUNCED),
        *((name, "r") for name in OTHER_POLICIES if name.endswith(".published")),
        ("rubric.shipped_or_own", "*"),
        ("rule_set.shipped_or_own", "*"),
    }


async def test_the_application_reads_no_view_of_the_owner_but_the_cards(database_name: str) -> None:
    rows = await as_superuser(
        f"""SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace
            AND has_table_privilege('{APPLICATION_ROLE}', oid, 'SELECT')""",  # noqa: S608 - our own name
        database_name,
    )
    assert {row["relname"] for row in rows} == OWNERS_VIEWS


async def test_nobody_calls_what_triggers_call(database_name: str) -> None:
    rows = await as_superuser(
        f"""SELECT proname FROM pg_proc WHERE prorettype = 'trigger'::regtype
            AND pronamespace = 'public'::regnamespace
            AND has_function_privilege('{APPLICATION_ROLE}', oid, 'EXECUTE')""",  # noqa: S608 - our own name
        database_name,
    )
    assert [row["proname"] for row in rows] == []


async def test_every_audited_table_notes_its_changes(database_name: str) -> None:
    rows = await as_superuser(
        """SELECT c.relname, EXISTS (
               SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgfoid = 'note_change'::regproc
               AND t.tgenabled = 'O' AND t.tgtype & 28 = 28 AND t.tgtype & 1 = 0) AS noted  -- insert, delete, update
           FROM pg_class c WHERE c.relrowsecurity AND c.relkind = 'r'""",
        database_name,
    )
    assert {row["relname"] for row in rows if not row["noted"]} == {
        "ledger_entry",
        "ledger_link",  # written by chain_ledger() alone
        "view_receipt",  # is itself the record
        "calculation",
        *("siasn_sync", "siasn_sync_person"),  # how far a sync is; what it takes over is recorded
        *("siasn_push", "siasn_receipt"),  # how far it is, and attempts; begin, end and counts are recorded
        "siasn_sign_in",  # refusals and locks have entries of their own
        "reserved_seat",  # of cases, whose steps have entries of their own
        "mobility_work",  # how far a job is; what it comes to has entries of its own
        "idempotency_key",  # keeps track of requests; what they change has entries of its own
        *("webhook_cursor", "webhook_delivery"),  # how far deliveries are; what is asked of them has entries
        *SHARED,
    }


async def test_the_application_role_can_neither_bypass_nor_own(database_name: str) -> None:
    role = (await as_superuser(f"SELECT * FROM pg_roles WHERE rolname = '{APPLICATION_ROLE}'", database_name))[0]  # noqa: S608
    powers = ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolreplication")
    assert not any(role[power] for power in powers)
    owned = await as_superuser(
        f"""SELECT relname FROM pg_class WHERE relowner = '{APPLICATION_ROLE}'::regrole UNION ALL
            SELECT proname FROM pg_proc WHERE proowner = '{APPLICATION_ROLE}'::regrole""",  # noqa: S608
        database_name,
    )
    assert owned == []
    member = await as_superuser(
        f"SELECT pg_has_role('{APPLICATION_ROLE}', '{OWNER_ROLE}', 'MEMBER') AS it", database_name
    )
    assert not member[0]["it"]


async def test_the_application_may_call_only_the_named_functions_of_the_owner(database_name: str) -> None:
    rows = await as_superuser(
        f"""SELECT proname FROM pg_proc WHERE prosecdef AND prorettype <> 'trigger'::regtype
            AND pronamespace = 'public'::regnamespace
            AND has_function_privilege('{APPLICATION_ROLE}', oid, 'EXECUTE')""",  # noqa: S608
        database_name,
    )
    assert {row["proname"] for row in rows} == OWNERS_FUNCTIONS


@pytest.mark.parametrize("table", sorted(FUNCTIONS_ONLY))
@pytest.mark.parametrize(
    "statement", ["SELECT * FROM {}", "DELETE FROM {}", "TRUNCATE {}", "INSERT INTO {} DEFAULT VALUES"]
)
async def test_the_application_cannot_touch_what_only_functions_reach(
    table: str, statement: str, connection: asyncpg.Connection
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(statement.format(table))


@pytest.mark.parametrize("table", ["rubric", "rubric_leaf"])
@pytest.mark.parametrize("statement", ["INSERT INTO {} DEFAULT VALUES", "DELETE FROM {}", "TRUNCATE {}"])
async def test_the_application_cannot_write_what_is_published(
    table: str, statement: str, connection: asyncpg.Connection, offices: tuple[Office, Office]
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await attempt(connection, offices[0].actor.institution_id, statement.format(table))


@pytest.mark.parametrize("table", sorted(APPEND_ONLY))
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET institution_id = NULL", "DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}"]
)
async def test_what_was_recorded_or_decided_is_append_only(
    table: str, statement: str, connection: asyncpg.Connection, offices: tuple[Office, Office]
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await attempt(connection, offices[0].actor.institution_id, statement.format(table))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO ledger_link SELECT $1, 1, 999999999, repeat('0', 64), now()",
        "INSERT INTO unchained_entry SELECT $1, 1, now()",
        """INSERT INTO ledger_entry (institution_id, role, subject, type, payload, recorded_at)
           VALUES ($1, 'x', 'x', 'x', '{}', 'epoch')""",
        """INSERT INTO ledger_entry (institution_id, role, subject, type, payload, transaction)
           VALUES ($1, 'x', 'x', 'x', '{}', '1')""",
        "WITH x AS (SELECT $1::uuid) UPDATE unrecorded_change SET transaction = '1'",
        "ALTER TABLE ledger_entry DISABLE TRIGGER ALL -- $1",
        "SELECT set_config('session_replication_role', 'replica', true), $1::uuid",
        "SELECT set_config('role', 'nusatalenta_owner', true), $1::uuid",
    ],
)
async def test_the_application_can_neither_forge_nor_backdate_an_entry(
    statement: str, connection: asyncpg.Connection, offices: tuple[Office, Office]
) -> None:
    mine = offices[0].actor.institution_id
    values = () if "--" in statement else (mine,)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await attempt(connection, mine, statement, *values)


async def test_no_row_can_be_written_for_another_institution(
    connection: asyncpg.Connection, database_name: str, offices: tuple[Office, Office]
) -> None:
    here, there = (one.actor.institution_id for one in offices)
    rows = await as_superuser("SELECT relname FROM pg_class WHERE relforcerowsecurity AND relkind = 'r'", database_name)
    for table in sorted({row["relname"] for row in rows} - {"institution", *APPEND_ONLY, *SHARED}):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            await attempt(connection, here, f'UPDATE "{table}" SET institution_id = $1', there)  # noqa: S608


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO org_unit (institution_id, id, name, path) VALUES ($1, 'U-NEW', 'new', '{U-NEW}')",
        "INSERT INTO institution (id, name, name_key) SELECT gen_random_uuid(), $1::uuid::text, $1::text",
        """INSERT INTO ledger_entry (institution_id, role, subject, type, payload) VALUES ($1, 'x', 'x', 'x', '{}')""",
        """INSERT INTO talent (institution_id, person_id, nip, name, is_mapped)
           VALUES ($1, gen_random_uuid(), '198001012005011999', 'x', true)""",
    ],
)
async def test_no_row_can_be_inserted_for_another_institution(
    statement: str, connection: asyncpg.Connection, offices: tuple[Office, Office]
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await attempt(connection, offices[0].actor.institution_id, statement, offices[1].actor.institution_id)


async def test_another_institutions_rows_are_neither_changed_nor_deleted(
    connection: asyncpg.Connection, offices: tuple[Office, Office]
) -> None:
    here = offices[0].actor.institution_id
    async with acting_in(connection, here):
        for statement in ("UPDATE talent SET name = 'x' WHERE nip = $1", "DELETE FROM talent WHERE nip = $1"):
            assert (await connection.execute(statement, offices[1].nip)).endswith(" 0")
        await connection.execute(ENTRY, here)  # the guard asks for one, whatever the statement found


async def test_a_talent_cannot_point_at_another_institutions_unit(
    connection: asyncpg.Connection, offices: tuple[Office, Office]
) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await attempt(connection, offices[0].actor.institution_id, "UPDATE talent SET unit_id = $1", offices[1].unit)


async def test_evidence_cannot_point_at_another_institutions_talent(
    connection: asyncpg.Connection, database_name: str, offices: tuple[Office, Office]
) -> None:
    talent = await as_superuser(f"SELECT id FROM talent WHERE nip = '{offices[1].nip}'", database_name)  # noqa: S608
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await attempt(connection, offices[0].actor.institution_id, "UPDATE award SET talent_id = $1", talent[0]["id"])


# ── the connection's role


@asynccontextmanager
async def a_role(options: str) -> AsyncIterator[str]:
    name = f"probe_{uuid4().hex[:12]}"
    await as_superuser(f"CREATE ROLE {name} LOGIN {options}")
    try:
        yield name
    finally:
        await as_superuser(f"DROP ROLE {name}")


@pytest.mark.parametrize("options", ["SUPERUSER", "BYPASSRLS"])
async def test_a_role_that_policies_do_not_hold_is_refused(options: str, database_name: str) -> None:
    async with a_role(options) as role, asyncpg.create_pool(url_of(database_name, role), min_size=1) as pool:
        with pytest.raises(UnsafeRoleError):
            await _must_be_held_by_policies(pool)


async def test_an_ordinary_role_is_accepted(database_name: str) -> None:
    async with asyncpg.create_pool(url_of(database_name), min_size=1) as pool:
        await _must_be_held_by_policies(pool)


async def test_a_superusers_connections_are_switched_to_the_applications_role(
    database_name: str, offices: tuple[Office, Office]
) -> None:
    async with open_database(url_of(database_name, "postgres")) as database:
        assert await database._lanes.fetchval("SELECT current_user") == APPLICATION_ROLE
        assert await database._lanes.fetchval("SELECT count(*) FROM talent") == 0
        async with database.read_as(offices[0].actor) as tx:
            assert await tx.scalar(text("SELECT current_user")) == APPLICATION_ROLE
            assert await tx.scalar(text("SELECT count(*) FROM talent")) == 1


async def test_a_role_that_may_not_become_the_applications_is_refused(database_name: str) -> None:
    async with a_role("NOSUPERUSER NOBYPASSRLS") as role:
        with pytest.raises(asyncpg.PostgresError):
            async with open_database(url_of(database_name, role)):
                pass


# ── the guard of the ledger

CHANGE = "UPDATE institution SET siasn_id = gen_random_uuid()::text"


async def siasn_id(database: str, actor: Actor) -> str | None:
    sql = f"SELECT siasn_id FROM institution WHERE id = '{actor.institution_id}'"  # noqa: S608
    return (await as_superuser(sql, database))[0]["siasn_id"]


async def test_a_transaction_that_records_nothing_does_not_commit(db: Database, database_name: str) -> None:
    actor = await an_institution(db)
    with pytest.raises(DBAPIError, match="nothing recorded in the ledger"):
        async with db.write_as(actor) as tx:
            assert (await tx.execute(text(CHANGE))).rowcount == 1
    assert await siasn_id(database_name, actor) is None


async def test_a_transaction_that_records_commits(db: Database, database_name: str) -> None:
    actor = await an_institution(db)
    async with db.write_as(actor) as tx:
        await tx.execute(text(CHANGE))
        await record(tx, actor, InstitutionCreated(actor.institution_id, "again"))
    assert await siasn_id(database_name, actor) is not None
    left = await as_superuser("SELECT count(*) FROM unrecorded_change", database_name)
    assert left[0]["count"] == 0


async def test_a_transaction_that_changes_nothing_needs_no_entry(db: Database) -> None:
    actor = await an_institution(db)
    async with db.write_as(actor) as tx:
        await tx.execute(text("SELECT count(*) FROM talent"))


@pytest.mark.parametrize(
    "change",
    [
        CHANGE,
        "INSERT INTO org_unit (institution_id, id, name, path) SELECT current_institution(), 'U', 'x', '{U}'",
        "DELETE FROM award",
    ],
)
async def test_the_guard_holds_whatever_wrote(
    change: str, connection: asyncpg.Connection, offices: tuple[Office, Office]
) -> None:
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="nothing recorded"):
        await attempt(connection, offices[0].actor.institution_id, change)


async def test_an_entry_of_another_transaction_does_not_help(
    connection: asyncpg.Connection, db: Database, database_name: str
) -> None:
    actor = await an_institution(db)
    other = await asyncpg.connect(url_of(database_name))
    try:
        await attempt(connection, actor.institution_id, ENTRY, actor.institution_id)  # before
        change = acting_in(other, actor.institution_id)
        await change.__aenter__()
        await other.execute("UPDATE institution SET siasn_id = 'x'")
        await attempt(connection, actor.institution_id, ENTRY, actor.institution_id)  # and while it is under way
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="nothing recorded"):
            await change.__aexit__(None, None, None)
    finally:
        await other.close()
    assert await siasn_id(database_name, actor) is None


async def test_an_entry_in_the_same_transaction_helps_in_either_order(
    connection: asyncpg.Connection, db: Database, database_name: str
) -> None:
    actor = await an_institution(db)
    async with acting_in(connection, actor.institution_id):
        await connection.execute(ENTRY, actor.institution_id)
        await connection.execute("UPDATE institution SET siasn_id = 'early'")
    assert await siasn_id(database_name, actor) == "early"
    async with acting_in(connection, actor.institution_id):
        await connection.execute("UPDATE institution SET siasn_id = 'late'")
        await connection.execute(ENTRY, actor.institution_id)
    assert await siasn_id(database_name, actor) == "late"


async def test_a_reader_cannot_write(db: Database) -> None:
    actor = await an_institution(db)
    with pytest.raises(DBAPIError, match="read-only transaction"):
        async with db.read_as(actor) as tx:
            await tx.execute(text(CHANGE))
    with pytest.raises(DBAPIError, match="read-write mode must be set before"):
        async with db.read_as(actor) as tx:
            await tx.execute(text("SET TRANSACTION READ WRITE"))


# ── pooled connections

WHO = "SELECT concat(current_setting('app.institution_id', true), current_setting('app.reach', true))"


async def test_a_setting_does_not_leak_to_the_next_user_of_a_connection(
    database_name: str, offices: tuple[Office, Office]
) -> None:
    actor = offices[0].actor
    async with open_database(url_of(database_name), PoolSizes(documents=1, transactions=1)) as database:
        assert await database.document_as(actor, INSTITUTION) is not None
        assert await database._lanes.fetchval(WHO) == ""
        assert await database._lanes.fetchval("SELECT count(*) FROM talent") == 0

        for way in (database.read_as, database.write_as):
            async with way(actor) as tx:
                assert await tx.scalar(text("SELECT count(*) FROM talent")) == 1
            async with database._engine.connect() as plain:
                assert await plain.scalar(text(WHO)) == ""
                assert await plain.scalar(text("SELECT count(*) FROM talent")) == 0
        with pytest.raises(ZeroDivisionError):
            async with database.write_as(actor) as tx:
                _ = 1 // 0
        async with database._engine.connect() as plain:
            assert await plain.scalar(text(WHO)) == ""


async def test_two_actors_on_one_connection_see_their_own_rows(
    database_name: str, offices: tuple[Office, Office]
) -> None:
    async with open_database(url_of(database_name), PoolSizes(documents=1, transactions=1)) as database:
        for one in (*offices, *reversed(offices)):
            document = await database.document_as(one.actor, INSTITUTION)
            assert document is not None
            assert json.loads(document)["id"] == str(one.actor.institution_id)
