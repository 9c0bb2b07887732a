"""A shape and a selection become one statement whose result is the finished document."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st

from app.db.database import Database, open_database
from app.db.documents import (
    Document,
    Pick,
    Selection,
    Statement,
    compile_document,
    everything,
    select_named,
)
from app.db.lanes import Lanes
from app.db.pages import compile_page
from app.db.shapes.placements import PLACEMENT
from app.db.shapes.talents import HISTORIES, TALENT, TALENTS
from app.db.withholding import shape_for
from app.domain.actors import Actor, Permission
from app.services import imports, institutions, placements, rubrics, talents
from app.services.contract import named_cursor, text_cursor
from tests.conftest import as_superuser, copy_database, url_of
from tests.factories import (
    a_nip,
    a_placed_talent,
    an_employee,
    an_institution,
    import_files,
    name_of,
    officer,
    write_csv,
)

ALL = frozenset(Permission)


@dataclass(frozen=True)
class Office:
    actor: Actor
    nip: str


@pytest_asyncio.fixture(scope="module")
async def office(db: Database, tmp_path_factory: pytest.TempPathFactory) -> Office:
    actor = await an_institution(db)
    return Office(actor, await a_placed_talent(db, actor, tmp_path_factory.mktemp("office")))


@pytest_asyncio.fixture(scope="module")
async def crowd(db: Database, tmp_path_factory: pytest.TempPathFactory) -> Actor:
    """Fifteen people of three names, in five units; four imports."""
    actor, folder = await an_institution(db), tmp_path_factory.mktemp("crowd")
    name = await name_of(db, actor)
    names = ("BUDI CONTOH", "budi contoh", "ÉVA, \"CONTOH\" \\ 'SH'")
    people = [an_employee(a_nip(), name, NAMA=names[n % 3]) | {"UNOR ID": f"U{n % 5}"} for n in range(15)]
    units = [{"ID": f"U{n}", "NAMA_UNOR": "UNIT", "ID_ATASAN": f"U{n - 1}" if n else ""} for n in range(5)]
    await import_files(db, actor, [write_csv(folder, "units", units), write_csv(folder, "people", people)])
    for _ in range(3):
        await import_files(db, actor, [write_csv(folder, "people", people)])
    return actor


async def profile(db: Database, office: Office, wanted: Selection | None) -> Any:
    document = await db.document_as(office.actor, TALENT, wanted, nip=office.nip)
    assert document is not None
    return json.loads(document)


# ── selections


async def test_a_field_is_sent_under_its_alias(db: Database, office: Office) -> None:
    assert await profile(db, office, (Pick("nip", "number"),)) == {"number": office.nip}


async def test_the_same_field_can_be_sent_under_several_aliases(db: Database, office: Office) -> None:
    levels, names = (Pick("level", "l"),), (Pick("name", "n"), Pick("name", "m"))
    wanted = (Pick("nip", "a"), Pick("nip", "b"), Pick("awards", "c", levels), Pick("awards", "d", names))
    award = {"n": "Teladan", "m": "Teladan"}
    assert await profile(db, office, wanted) == {
        "a": office.nip,
        "b": office.nip,
        "c": [{"l": "institution"}],
        "d": [award],
    }


async def test_aliases_nest(db: Database, office: Office) -> None:
    axis = (Pick("value", "v"), Pick("category", "c"))
    trace = (Pick("part", "p"), Pick("reason", "why", (Pick("detail", "said", (Pick("en", "english"),)),)))
    wanted = (
        Pick("placement", "stands", (Pick("box", "in"), Pick("potential", "can", axis), Pick("trace", "t", trace))),
    )
    found = (await profile(db, office, wanted))["stands"]
    assert (found["in"], found["can"]) == (8, {"v": 83.85, "c": "high"})
    assert found["t"][0]["why"]["said"]["english"].endswith(".")


async def test_a_document_keeps_the_order_of_its_selection(db: Database, office: Office) -> None:
    wanted = tuple(Pick(name, name) for name in ("unit", "name", "awards", "nip"))
    assert list(await profile(db, office, wanted)) == ["unit", "name", "awards", "nip"]


async def test_the_type_can_be_asked_for_at_every_level(db: Database, office: Office) -> None:
    kind = Pick("__typename", "__typename")
    below = (kind, Pick("performance", "performance", (kind,)), Pick("trace", "trace", (kind,)))
    wanted = (kind, Pick("__typename", "again"), Pick("placement", "placement", below), Pick("unit", "unit", (kind,)))
    found = await profile(db, office, wanted)
    assert (found["__typename"], found["again"], found["unit"]["__typename"]) == ("Talent", "Talent", "Unit")
    assert found["placement"]["__typename"] == "Placement"
    assert found["placement"]["performance"]["__typename"] == "AxisValue"
    assert {part["__typename"] for part in found["placement"]["trace"]} == {"TracePart"}


async def test_the_type_can_be_asked_for_at_every_level_of_a_page(db: Database, office: Office) -> None:
    kind = Pick("__typename", "t")
    wanted = (kind, Pick("edges", "edges", (kind, Pick("node", "n", (kind,)))), Pick("pageInfo", "pageInfo", (kind,)))
    page = json.loads(await db.page_as(office.actor, TALENTS, wanted, 1, None))
    edge = {"t": "TalentEdge", "n": {"t": "Talent"}}
    assert page == {"t": "TalentConnection", "edges": [edge], "pageInfo": {"t": "PageInfo"}}


TREACHEROUS = (
    *(
        "key_0",
        "key_1",
        "position",
        "cursor",
        "node_0_0",
        "body",
        "document",
        "answer",
        "page",
        "listed",
        "looked_at",
        "talent_id",
        "receipt",
        "institution",
    ),
    *("actor", "reach", "talent", "org_unit", "id", "name", "select", "from", "user", "order", "NULL", "x" * 60),
)


@pytest.mark.parametrize("alias", TREACHEROUS)
async def test_no_alias_shadows_what_the_statement_is_made_of(alias: str, db: Database, office: Office) -> None:
    inner = (Pick("name", alias), Pick("id", f"_{alias}"[:60]))
    node = (Pick("nip", alias), Pick("awards", f"a_{alias}"[:60], (Pick("level", alias),)), Pick("unit", "u", inner))
    found = await profile(db, office, node)
    assert (found[alias], found["u"][alias]) == (office.nip, "BIDANG CONTOH")
    assert found[f"a_{alias}"[:60]] == [{alias: "institution"}]
    edges = Pick("edges", alias, (Pick("node", alias, node),))
    page = json.loads(await db.page_as(office.actor, TALENTS, (edges,), 5, None))
    assert page[alias][0][alias][alias] == office.nip


async def test_one_node_can_be_asked_for_twice(db: Database, office: Office) -> None:
    nodes = (Pick("node", "a", (Pick("nip", "nip"),)), Pick("node", "b", (Pick("name", "name"),)))
    wanted = (Pick("edges", "one", nodes), Pick("edges", "two", nodes[:1]))
    page = json.loads(await db.page_as(office.actor, TALENTS, wanted, 5, None))
    assert page["one"] == [{"a": {"nip": office.nip}, "b": {"name": "SITI CONTOH"}}]
    assert page["two"] == [{"a": {"nip": office.nip}}]


async def test_without_a_selection_everything_is_sent_but_the_trace(db: Database, office: Office) -> None:
    found = await profile(db, office, None)
    assert set(found) == set(TALENT.fields)
    assert "trace" not in found["placement"]
    assert [pick.name for pick in everything(TALENT.fields)] == list(TALENT.fields)


def test_fields_with_dots_select_below() -> None:
    assert select_named(TALENT, "nip, placement.box,placement.potential.value ,") == (
        Pick("nip", "nip"),
        Pick("placement", "placement", (Pick("box", "box"), Pick("potential", "potential", (Pick("value", "value"),)))),
    )
    assert select_named(TALENT, "nip,nip,awards") == (Pick("nip", "nip"), Pick("awards", "awards"))
    assert select_named(TALENT, " , ") == ()


@pytest.mark.parametrize(
    "name", ["nope", "nip.nope", "placement.nope", "placement.box.x", "__typename", "NIP", "a.b.c"]
)
def test_an_unknown_field_is_a_key_error_with_its_path(name: str) -> None:
    with pytest.raises(KeyError) as refused:
        select_named(TALENT, f"nip,{name},name")
    assert refused.value.args == (name,)


async def test_a_selected_document_has_what_was_selected(db: Database, office: Office) -> None:
    found = await profile(db, office, select_named(TALENT, "placement.rubric,placement.box,awards.name"))
    assert found == {
        "placement": {"rubric": {"code": "bkn-411-2025", "version": 2}, "box": 8},
        "awards": [{"name": "Teladan"}],
    }


def test_a_statement_is_compiled_once() -> None:
    wanted, put = select_named(TALENT, "nip,awards.name"), frozenset({"nip"})
    assert compile_document(TALENT, wanted, put) is compile_document(
        TALENT, select_named(TALENT, "nip,awards.name"), put
    )


# ── pages

Turn = Callable[[int, str | None], Awaitable[Document]]


async def walk(turn: Turn, size: int) -> list[Any]:
    """All nodes, a page at a time; what each page says about its neighbours is checked on the way."""
    nodes: list[Any] = []
    after, page = None, {}
    while True:
        page = json.loads(await turn(size, after))
        info, edges = page["pageInfo"], page["edges"]
        assert info["hasPreviousPage"] is (after is not None)
        assert len(edges) == size or not info["hasNextPage"]
        assert (info["startCursor"], info["endCursor"]) == (edges[0]["cursor"], edges[-1]["cursor"])
        nodes += [edge["node"] for edge in edges]
        if not info["hasNextPage"]:
            return nodes
        after = info["endCursor"]


@given(size=st.integers(1, 7))
@settings(deadline=None, max_examples=7, database=None)
async def test_cursors_walk_through_all_talents_once(size: int, db: Database, crowd: Actor) -> None:
    async def turn(first: int, after: str | None) -> Document:
        return await talents.talents_page(db, crowd, None, first, after)

    found = await walk(turn, size)
    whole = [edge["node"] for edge in json.loads(await turn(200, None))["edges"]]
    assert len(whole) == 15
    assert len({one["nip"] for one in found}) == 15
    assert found == whole


@given(size=st.integers(1, 7), start=st.integers(0, 14))
@settings(deadline=None, max_examples=15, database=None)
async def test_any_cursor_goes_on_behind_its_row(size: int, start: int, db: Database, crowd: Actor) -> None:
    whole = json.loads(await talents.talents_page(db, crowd, None, 15))["edges"]
    page = json.loads(await talents.talents_page(db, crowd, None, size, whole[start]["cursor"]))
    assert page["edges"] == whole[start + 1 : start + 1 + size]
    assert page["pageInfo"]["hasNextPage"] is (start + 1 + size < 15)


@pytest.mark.parametrize("size", [1, 2, 3, 200])
async def test_cursors_walk_through_all_units_superiors_first(size: int, db: Database, crowd: Actor) -> None:
    found = await walk(lambda first, after: institutions.org_units_page(db, crowd, first, after), size)
    assert [unit["id"] for unit in found] == ["U0", "U1", "U2", "U3", "U4"]
    assert [unit["people"] for unit in found] == [3] * 5


@pytest.mark.parametrize("size", [1, 3, 4])
async def test_cursors_walk_through_all_imports(size: int, db: Database, crowd: Actor) -> None:
    found = await walk(lambda first, after: imports.imports_page(db, crowd, first, after), size)
    begun = [one["startedAt"] for one in found]
    assert len(set(begun)) == 4
    assert begun == sorted(begun, reverse=True)


async def test_a_page_without_rows_has_no_cursors(db: Database, crowd: Actor) -> None:
    page = json.loads(await talents.talents_page(db, crowd, talents.TalentFilter(box=1)))
    nothing = {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None}
    assert page == {"edges": [], "pageInfo": nothing}


async def test_the_total_is_counted_only_when_asked_for_and_over_all_pages(db: Database, crowd: Actor) -> None:
    last = json.loads(await talents.talents_page(db, crowd, None, 14))["pageInfo"]["endCursor"]
    wanted = (Pick("totalCount", "n"), Pick("edges", "edges", (Pick("cursor", "c"),)))
    page = json.loads(await talents.talents_page(db, crowd, None, 5, last, wanted))
    assert (page["n"], len(page["edges"])) == (15, 1)
    unasked, asked = (compile_page(TALENTS, one, frozenset()).sql for one in (None, wanted))
    assert (unasked.count("count(*)"), asked.count("count(*)")) == (1, 2)  # hasNextPage, and the total where asked for
    assert "totalCount" not in json.loads(await talents.talents_page(db, crowd))


def test_a_cursor_is_the_keys_of_its_row() -> None:
    identity = uuid4()
    cursor = base64.b64encode(json.dumps(["É", str(identity)]).encode()).decode()
    assert named_cursor(cursor) == ("É", identity)
    assert text_cursor(cursor) == ("É", str(identity))
    assert named_cursor(None) is text_cursor(None) is None


# ── one statement


class CountedLanes:
    """Lets `fetchval` through and counts it; any other use of the lanes is an AttributeError."""

    def __init__(self, lanes: Lanes) -> None:
        self._lanes, self.statements = lanes, 0

    async def fetchval(self, *arguments: object) -> object:
        self.statements += 1
        return await self._lanes.fetchval(*arguments)


@pytest.mark.parametrize(
    "read",
    [
        talents.talent_document,
        lambda db, actor, _: talents.talents_page(db, actor),
        lambda db, actor, _: talents.talents_page(db, actor, talents.TalentFilter(box=8, unit="U1"), 200),
        placements.placement_document,
        lambda db, actor, _: placements.nine_box_document(db, actor),
        lambda db, actor, _: placements.completeness_document(db, actor),
        lambda db, actor, _: institutions.institution_document(db, actor),
        lambda db, actor, _: institutions.institutions_page(db, actor),
        lambda db, actor, _: institutions.org_units_page(db, actor),
        lambda db, actor, _: imports.imports_page(db, actor),
        lambda db, actor, _: rubrics.rubric_document(db, actor, "bkn-411-2025", 1),
        lambda db, actor, _: rubrics.rubrics_page(db, actor),
        lambda db, actor, _: rubrics.rubric_drafts_page(db, actor),
    ],
)
async def test_a_read_is_one_statement(
    read: Callable[[Database, Actor, str], Awaitable[Document]], db: Database, office: Office
) -> None:
    lanes = CountedLanes(db._lanes)
    counted = Database(lanes, None, db._clock)  # type: ignore[arg-type]
    assert json.loads(await read(counted, officer(office.actor), office.nip))
    assert lanes.statements == 1


# ── plans

PEOPLE = 3_000
BIG, DELIVERY = UUID(int=7), UUID(int=8)
# table → its own columns, and the values everybody has in them
EVIDENCE = {
    "performance_appraisal": ("year, predicate", "2024, 'good'"),
    "feedback_360": ("year, predicate", "2024, 'good'"),
    "award": ("name, level, awarded_on", "'x', 'national', date '2024-01-01'"),
    "team_assignment": ("name, role, since", "'x', 'lead_internal', date '2024-01-01'"),
    "competency_assessment": ("assessed_on", "date '2024-01-01'"),
    "potential_assessment": ("assessed_on", "date '2024-01-01'"),
    "assessment_score": ("assessed_on, instrument, value", "date '2024-01-01', 'potkom', 80"),
    "training": ("name, kind, finished_on", "'x', 'technical', date '2024-01-01'"),
    "position": ("name, level, effective_from, status", "'x', 'pelaksana', date '2024-01-01', 'definitive'"),
    "education": ("level_label", "'S-1'"),
    "disciplinary_sanction": ("severity, starts_on", "'light', date '2014-01-01'"),
}
# ruff: noqa: S608 - statements of names and numbers of our own
FILL = f"""
    SET session_replication_role = replica;
    INSERT INTO institution (id, name, name_key) VALUES ('{BIG}', 'Besar', 'besar');
    INSERT INTO org_unit (institution_id, id, name, path)
        SELECT '{BIG}', 'U' || n, 'x', ARRAY['U' || n] FROM generate_series(1, {PEOPLE}) n;
    INSERT INTO talent (institution_id, person_id, nip, name, unit_id, is_mapped)
        SELECT '{BIG}', gen_random_uuid(), (198001010000000000 + n)::text, 'NAMA ' || n, 'U' || n, true
        FROM generate_series(1, {PEOPLE}) n;
    INSERT INTO placement (institution_id, talent_id, as_of, rubric_code, rubric_version,
                           missing, reasons, found, scores, points, evidence_ids, evidence_days)
        SELECT '{BIG}', id, '2025-01-01', 'bkn-411-2025', 1, '{{}}', '{{}}', '{{}}', '{{}}', '{{}}', '{{}}', '{{}}'
        FROM talent;
    INSERT INTO data_request (institution_id, id, talent_id, kind, statement, state, raised_at, due_at)
        SELECT '{BIG}', gen_random_uuid(), id, 'access', 'x', 'open', now(), now() FROM talent;
    INSERT INTO post (institution_id, unit_id, name, name_key, level, seats, is_critical, critical_as_delivered)
        SELECT '{BIG}', id, 'x', 'x', 'administrator', 1, false, false FROM org_unit WHERE institution_id = '{BIG}';
    INSERT INTO post_holder (institution_id, talent_id, post_id, since)
        SELECT '{BIG}', t.id, p.id, date '2024-01-01' FROM talent t JOIN post p USING (institution_id, unit_id);"""
HISTORY = f"""
    INSERT INTO {{}} (institution_id, talent_id, import_id, row_key, {{}})
    SELECT '{BIG}', id, '{DELIVERY}', gen_random_uuid(), {{}} FROM talent"""


@pytest_asyncio.fixture(scope="module")
async def large() -> AsyncIterator[asyncpg.Connection]:
    """The application's role, planning as documents are planned, where no history should be read from end to end."""
    name = await copy_database()
    superuser = await asyncpg.connect(url_of(name, "postgres"))
    await superuser.execute(FILL)
    for table, (columns, values) in EVIDENCE.items():
        await superuser.execute(HISTORY.format(table, columns, values))
    await superuser.execute("ANALYZE")
    await superuser.close()
    documents = {"plan_cache_mode": "force_generic_plan", "jit": "off"}
    connection = await asyncpg.connect(url_of(name), server_settings=documents)
    yield connection
    await connection.close()
    await as_superuser(f"DROP DATABASE {name} WITH (FORCE)")


async def scans(connection: asyncpg.Connection, statement: Statement, **values: object) -> list[dict[str, Any]]:
    """The nodes of the statement's plan that read a table."""
    asked = {**statement.constants, "institution": BIG, "reach": "institution", **values}
    given = ", ".join(f"'{asked[name]}'" for name in statement.parameters)
    name = f"p{uuid4().hex}"
    await connection.execute(f"PREPARE {name} AS {statement.sql}")
    plan = json.loads(await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE {name} ({given})"))[0]["Plan"]
    return [node for node in nodes_of(plan) if "Relation Name" in node]


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes_of(below)


def read_from_end_to_end(found: list[dict[str, Any]]) -> set[str]:
    return {scan["Relation Name"] for scan in found if scan["Node Type"] == "Seq Scan"}


async def test_a_profile_reads_every_history_by_index(large: asyncpg.Connection) -> None:
    found = await scans(
        large,
        compile_document(shape_for(ALL, TALENT), None, frozenset({"nip"})),
        nip="198001010000000007",
    )
    beside = {"talent", "org_unit", "placement", "data_request", "post_holder", "post"}
    assert {scan["Relation Name"] for scan in found} == {*beside, *EVIDENCE}
    assert read_from_end_to_end(found) == set()
    for scan in found:
        condition = " ".join(str(node.get("Index Cond", "")) for node in nodes_of(scan))
        by = {"talent": "nip", "org_unit": "id", "post": "id"}.get(scan["Relation Name"], "talent_id")
        assert f"({by} = " in condition, scan
        assert "(institution_id = " in condition, scan


async def test_a_placement_reads_by_index(large: asyncpg.Connection) -> None:
    found = await scans(
        large,
        compile_document(shape_for(ALL, PLACEMENT), None, frozenset({"nip"})),
        nip="198001010000000007",
    )
    assert read_from_end_to_end(found) <= {"rubric_leaf"}  # a few dozen rows


def test_every_history_is_looked_at() -> None:
    assert {history.source.name for history in HISTORIES.values()} == set(EVIDENCE)


async def test_a_server_that_hung_up_is_asked_again_over_new_connections(own_database_name: str) -> None:
    async with open_database(url_of(own_database_name)) as db:
        assert await db.answers()
        await as_superuser(
            f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{own_database_name}'"
        )
        assert await db.answers()
