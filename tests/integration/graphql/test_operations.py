"""GraphQL: operations become the documents REST sends; what is wrong is an error with a code, never a 500."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
import pytest_asyncio
from graphql import (
    GraphQLNonNull,
    GraphQLObjectType,
    build_schema,
    get_introspection_query,
    get_named_type,
)
from structlog.testing import capture_logs

from app.api.graphql.selection import read_operation
from app.db.database import Database
from app.domain.actors import Actor
from app.domain.errors import Invalid
from tests.contracts import graphql_schema
from tests.factories import (
    a_nip,
    a_submission,
    an_employee,
    an_institution,
    complete_evidence,
    import_files,
    name_of,
    write_csv,
    write_folder,
)
from tests.personas import Persona, Personas

SCHEMA = graphql_schema()


@dataclass(frozen=True)
class Office:
    actor: Actor
    placed: str
    bare: str
    unmapped: str

    @property
    def id(self) -> UUID:
        return self.actor.institution_id


@pytest_asyncio.fixture(scope="module")
async def office(db: Database, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """ANI in U1 with every kind of evidence, BUDI in U2 below it without any, CITRA in no unit and retired."""
    actor, folder = await an_institution(db), tmp_path_factory.mktemp("office")
    name, made = await name_of(db, actor), Office(actor, *(a_nip() for _ in range(3)))
    people = [
        an_employee(made.placed, name, NAMA="ANI") | {"UNOR ID": "U1", "GOL AKHIR NAMA": "III/c", "JENIS KELAMIN": "F"},
        an_employee(made.bare, name, NAMA="BUDI", JENIS_JABATAN_ID="4") | {"UNOR ID": "U2"},
        an_employee(made.unmapped, name, NAMA="CITRA", KEDUDUKAN_HUKUM_ID="99", KEDUDUKAN_HUKUM_NAMA="Pensiun")
        | {"UNOR ID": "", "UNOR NAMA": ""},
    ]
    evidence = complete_evidence(made.placed, name)
    evidence["HUKUMAN DISIPLIN"] = [
        {"NIP": made.placed, "TINGKAT": "RINGAN", "JENIS": "", "TMT MULAI": "01-02-2010", "TMT SELESAI": "01-03-2010"}
    ]
    evidence["NILAI ASESMEN"] = [{"NIP": made.placed, "TANGGAL": "03-04-2025", "INSTRUMEN": "POTKOM", "NILAI": "93,47"}]
    units = [{"ID": unit, "NAMA_UNOR": unit, "ID_ATASAN": above} for unit, above in (("U1", ""), ("U2", "U1"))]
    await import_files(db, actor, [write_csv(folder, "units", units), *write_folder(folder, people, evidence)])
    return made


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """What goes wrong shows in the answers; rendering it for a console takes seconds."""
    with capture_logs():
        yield


@pytest.fixture
def officer(personas: Personas, office: Office) -> Persona:
    return personas.hr_officer(office.id)


async def data(persona: Persona, query: str, **variables: Any) -> dict[str, Any]:
    answer = await persona.ask(query, **variables)
    assert "errors" not in answer, answer
    return answer["data"]


async def refused(persona: Persona, query: str, **variables: Any) -> list[dict[str, Any]]:
    """The errors of an operation that is not executed."""
    answer = await persona.ask(query, **variables)
    assert "data" not in answer
    assert answer["errors"]
    for error in answer["errors"]:
        assert error["message"]
        assert error["extensions"]["code"].startswith("graphql."), error
    return answer["errors"]


# ── roots


async def test_one_talent_by_number(officer: Persona, office: Office) -> None:
    found = await data(
        officer, "query($nip: String!) { talent(nip: $nip) { nip name placement { box } } }", nip=office.placed
    )
    assert found == {"talent": {"nip": office.placed, "name": "ANI", "placement": {"box": 8}}}


async def test_talents_a_page_at_a_time(officer: Persona) -> None:
    query = """query($after: String) { talents(first: 2, after: $after) {
        totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { name } } } }"""
    first = (await data(officer, query))["talents"]
    assert [edge["node"]["name"] for edge in first["edges"]] == ["ANI", "BUDI"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)
    assert first["pageInfo"]["endCursor"] == first["edges"][1]["cursor"]
    second = (await data(officer, query, after=first["pageInfo"]["endCursor"]))["talents"]
    assert [edge["node"]["name"] for edge in second["edges"]] == ["CITRA"]
    assert (second["pageInfo"]["hasNextPage"], second["pageInfo"]["hasPreviousPage"]) == (False, True)


NAMES = "query($f: TalentFilter) { talents(filter: $f) { edges { node { name } } } }"


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        (None, "ANI BUDI CITRA"),
        ({}, "ANI BUDI CITRA"),
        ({"unit": "U1"}, "ANI BUDI"),
        ({"unit": "U2"}, "BUDI"),
        ({"positionLevel": "pelaksana"}, "BUDI"),
        ({"box": 8}, "ANI"),
        ({"assessed": True}, "ANI"),
        ({"assessed": False, "mapped": True}, "BUDI"),
        ({"missing": "potentialAssessment"}, "BUDI"),
        ({"mapped": False}, "CITRA"),
        ({"unit": None, "box": None, "positionLevel": None, "mapped": False}, "CITRA"),
    ],
)
async def test_filters_restrict_a_list(chosen: dict[str, Any] | None, found: str, officer: Persona) -> None:
    edges = (await data(officer, NAMES, f=chosen))["talents"]["edges"]
    assert [edge["node"]["name"] for edge in edges] == found.split()


async def test_parts_of_a_filter_may_be_variables(officer: Persona) -> None:
    query = """query($unit: String, $level: PositionLevel, $first: Int = 5) {
        talents(first: $first, filter: {unit: $unit, positionLevel: $level}) { edges { node { name } } } }"""
    both = (await data(officer, query, unit="U1", level="pelaksana"))["talents"]["edges"]
    assert both == [{"node": {"name": "BUDI"}}]
    assert len((await data(officer, query))["talents"]["edges"]) == 3


async def test_the_map_completeness_and_the_institution(officer: Persona, office: Office) -> None:
    found = await data(
        officer,
        """{ nineBox { total assessed notAssessed boxes { box count } }
             completeness { total items { item have missing } units { unit { id } total } }
             institution { id asOf rubric { code version } } }""",
    )
    assert (found["nineBox"]["total"], found["nineBox"]["assessed"], found["nineBox"]["notAssessed"]) == (2, 1, 1)
    assert [box["box"] for box in found["nineBox"]["boxes"] if box["count"]] == [8]
    assert (found["completeness"]["total"], len(found["completeness"]["items"])) == (2, 10)
    assert [unit["unit"]["id"] for unit in found["completeness"]["units"]] == ["U1", "U2"]
    rubric = {"code": "bkn-411-2025", "version": 2}
    assert found["institution"] == {"id": str(office.id), "asOf": "2025-12-04", "rubric": rubric}


# ── the language


async def test_fragments_and_inline_fragments_are_merged(officer: Persona, office: Office) -> None:
    query = """
        query($nip: String!) {
            talent(nip: $nip) { ...Who ... on Talent { placement { box } } ... { isMapped } ...Where } }
        fragment Who on Talent { nip ...Named placement { potential { value } } }
        fragment Named on Talent { name }
        fragment Where on Talent { placement { potential { category } } unit { ...Unit } }
        fragment Unit on Unit { id }"""
    assert await data(officer, query, nip=office.placed) == {
        "talent": {
            "nip": office.placed,
            "name": "ANI",
            "placement": {"potential": {"value": 83.85, "category": "high"}, "box": 8},
            "isMapped": True,
            "unit": {"id": "U1"},
        }
    }


async def test_fragments_on_pages_and_the_query(officer: Persona) -> None:
    query = """
        { ...Roots } fragment Roots on Query { talents(first: 1) { ...Page } institution { asOf } }
        fragment Page on TalentConnection { edges { ...Edge } pageInfo { ...Info } }
        fragment Edge on TalentEdge { node { name } } fragment Info on PageInfo { hasNextPage }"""
    assert await data(officer, query) == {
        "talents": {"edges": [{"node": {"name": "ANI"}}], "pageInfo": {"hasNextPage": True}},
        "institution": {"asOf": "2025-12-04"},
    }


async def test_aliases_rename_roots_and_fields_at_every_level(officer: Persona, office: Office) -> None:
    query = """query($a: String!, $b: String!) {
        one: talent(nip: $a) { number: nip p: placement { b: box v: potential { x: value } } }
        two: talent(nip: $b) { number: nip n: name m: name }
        list: talents(first: 1) {
            e: edges { c: node { who: name } } i: pageInfo { more: hasNextPage } t: totalCount } }"""
    assert await data(officer, query, a=office.placed, b=office.bare) == {
        "one": {"number": office.placed, "p": {"b": 8, "v": {"x": 83.85}}},
        "two": {"number": office.bare, "n": "BUDI", "m": "BUDI"},
        "list": {"e": [{"c": {"who": "ANI"}}], "i": {"more": True}, "t": 3},
    }


async def test_typenames_are_told(officer: Persona, office: Office) -> None:
    query = """query($nip: String!) { __typename talent(nip: $nip) { __typename t: __typename unit { __typename } }
        talents(first: 1) { __typename pageInfo { __typename } edges { __typename } } nineBox { __typename } }"""
    assert await data(officer, query, nip=office.placed) == {
        "__typename": "Query",
        "talent": {"__typename": "Talent", "t": "Talent", "unit": {"__typename": "Unit"}},
        "talents": {
            "__typename": "TalentConnection",
            "pageInfo": {"__typename": "PageInfo"},
            "edges": [{"__typename": "TalentEdge"}],
        },
        "nineBox": {"__typename": "NineBox"},
    }


CONDITIONAL = """query($nip: String!, $x: Boolean!, $y: Boolean = true) {
    talent(nip: $nip) { nip name @include(if: $x) unit @skip(if: $x) { id } ...Box @include(if: $y)
        ... @skip(if: $y) { isMapped } sex @include(if: false) serviceYears @skip(if: true) @include(if: true) }
    institution @include(if: $x) { asOf } }
    fragment Box on Talent { placement { box } }"""


@pytest.mark.parametrize("x", [True, False])
@pytest.mark.parametrize("y", [True, False, None])
async def test_include_and_skip_follow_their_variables(
    x: bool, y: bool | None, officer: Persona, office: Office
) -> None:
    variables = {"nip": office.placed, "x": x} | ({} if y is None else {"y": y})
    wanted: dict[str, Any] = {"nip": office.placed} | ({"name": "ANI"} if x else {"unit": {"id": "U1"}})
    wanted |= {"isMapped": True} if y is False else {"placement": {"box": 8}}
    for _ in range(2):  # compiled, and kept
        found = await data(officer, CONDITIONAL, **variables)
        assert found == {"talent": wanted} | ({"institution": {"asOf": "2025-12-04"}} if x else {})


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("{ institution { id @skip(if: true) } }", {"institution": {}}),
        ("{ institution { rubric { code @skip(if: true) } } }", {"institution": {"rubric": {}}}),
        ("{ talents(first: 1) { totalCount @skip(if: true) } }", {"talents": {}}),
        ("{ talents(first: 1) { edges { node { id @skip(if: true) } } } }", {"talents": {"edges": [{"node": {}}]}}),
        ("{ talents(first: 1) { edges { cursor @skip(if: true) } } }", {"talents": {"edges": [{}]}}),
        ("{ talents(first: 1) { pageInfo { endCursor @skip(if: true) } } }", {"talents": {"pageInfo": {}}}),
        ("{ nineBox { boxes { box @include(if: false) } } }", {"nineBox": {"boxes": [{}] * 9}}),
        ("{ institution @skip(if: true) { id } }", {}),
    ],
)
async def test_skipping_may_leave_an_object_without_fields(query: str, left: Any, officer: Persona) -> None:
    assert await data(officer, query) == left


async def test_one_of_several_operations_is_executed_by_its_name(officer: Persona) -> None:
    query = "query A { institution { asOf } } query B { nineBox { total } }"
    for name, root in (("A", "institution"), ("B", "nineBox")):
        answer = await officer.post("/graphql", json={"query": query, "operationName": name})
        assert list(answer.json()["data"]) == [root]
    for name in (None, "", "C"):
        answer = await officer.post("/graphql", json={"query": query, "operationName": name})
        assert answer.json()["errors"][0]["extensions"]["code"] == "graphql.invalid"


async def test_roots_stand_in_the_order_of_the_operation(officer: Persona) -> None:
    query = "{ c: nineBox { total } a: institution { asOf } b: completeness { total } __typename }"
    answer = await officer.post("/graphql", json={"query": query})
    assert list(json.loads(answer.text)["data"]) == ["c", "a", "b", "__typename"]


# ── nobody, and who may not


async def test_an_absent_talent_is_null_without_an_error(
    officer: Persona, personas: Personas, db: Database, office: Office
) -> None:
    query = "query($nip: String!) { talent(nip: $nip) { nip } }"
    assert await data(officer, query, nip=a_nip()) == {"talent": None}
    stranger = personas.hr_officer((await an_institution(db)).institution_id)
    assert await data(stranger, query, nip=office.placed) == {"talent": None}
    assert await data(personas.talent(office.id, office.bare), query, nip=office.placed) == {"talent": None}
    assert await data(personas.hr_officer(uuid4()), "{ institution { id } completeness { total } }") == {
        "institution": None,
        "completeness": None,
    }


async def test_a_forbidden_root_is_null_with_a_code_and_leaves_the_others_alone(
    personas: Personas, office: Office
) -> None:
    talent = personas.talent(office.id, office.placed)
    query = "query($nip: String!) { mine: talent(nip: $nip) { name } map: nineBox { total } talents { totalCount } }"
    answer = await talent.ask(query, nip=office.placed)
    assert answer["data"] == {"mine": {"name": "ANI"}, "map": None, "talents": None}
    assert [error["path"] for error in answer["errors"]] == [["map"], ["talents"]]
    for error in answer["errors"]:
        assert error["extensions"]["code"] == "forbidden"
        assert error["message"] == error["extensions"]["detail"]["id"]
        assert error["extensions"]["detail"]["id"]


async def test_a_unit_verifier_sees_the_own_unit_and_those_below_it(personas: Personas, office: Office) -> None:
    query = """query($a: String!, $b: String!) {
        ani: talent(nip: $a) { name } budi: talent(nip: $b) { name placement { missing } }
        talents { totalCount edges { node { name } } } }"""
    for unit, names in (("U1", ["ANI", "BUDI"]), ("U2", ["BUDI"]), ("nope", []), (None, [])):
        verifier = personas.unit_verifier(office.id, unit)
        found = await data(verifier, query, a=office.placed, b=office.bare)
        assert [edge["node"]["name"] for edge in found["talents"]["edges"]] == names
        assert found["talents"]["totalCount"] == len(names)
        assert {one for one in ("ani", "budi") if found[one] is not None} == {name.lower() for name in names}


async def test_a_national_actor_sees_counts_and_no_dossiers(personas: Personas, office: Office) -> None:
    national = personas.national(office.id)
    answer = await national.ask(
        '{ nineBox { total } talent(nip: "1") { nip } talents { totalCount } completeness { total } }'
    )
    assert answer["data"]["nineBox"]["total"] >= 2
    assert [answer["data"][root] for root in ("talent", "talents", "completeness")] == [None] * 3
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"forbidden"}


async def test_bad_arguments_are_errors_of_their_root(officer: Persona) -> None:
    answer = await officer.ask(
        """{ a: talents(first: 0) { totalCount } b: talents(first: 201) { totalCount }
             c: talents(after: "x") { totalCount } d: talents(filter: {box: 10}) { totalCount }
             e: talents(filter: {missing: "x"}) { totalCount } f: talents(first: 1) { totalCount } }"""
    )
    assert answer["data"] == dict.fromkeys("abcde") | {"f": {"totalCount": 3}}
    assert [error["path"] for error in answer["errors"]] == [[name] for name in "abcde"]
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"request.invalid"}
    places = [error["extensions"]["errors"][0]["where"] for error in answer["errors"]]
    assert places == ["first", "first", "after", "box", "missing"]


@pytest.mark.parametrize(
    "query",
    [
        '{ talent(nip: "\\u0000") { nip } }',
        '{ talents(filter: {unit: "\\u0000"}) { totalCount } }',
        '{ talents(after: "\\u0000") { totalCount } }',
    ],
)
async def test_text_that_cannot_be_stored_is_no_mistake_of_ours(query: str, officer: Persona) -> None:
    answer = await officer.ask(query)
    assert "internal" not in {error["extensions"]["code"] for error in answer.get("errors", ())}


async def test_no_token_no_answer(personas: Personas, office: Office) -> None:
    for persona in (personas.anonymous(), personas.expired(office.id)):
        for body in ({"query": "{ __typename }"}, {"query": "{"}, {}):
            answer = await persona.post("/graphql", json=body)
            assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
            assert answer.headers["www-authenticate"] == "Bearer"


# ── both doors


def selection_of(kind: GraphQLObjectType) -> str:
    """All fields, all the way down."""
    return "{ " + " ".join(_selected(name, field.type) for name, field in kind.fields.items()) + " }"


def _selected(name: str, kind: Any) -> str:
    below = get_named_type(kind)
    return f"{name} {selection_of(below)}" if isinstance(below, GraphQLObjectType) else name


def paths_of(kind: GraphQLObjectType, before: str = "") -> Iterator[str]:
    """All leaves, as REST's `fields` names them."""
    for name, field in kind.fields.items():
        below = get_named_type(field.type)
        if isinstance(below, GraphQLObjectType):
            yield from paths_of(below, f"{before}{name}.")
        else:
            yield before + name


def type_named(name: str) -> GraphQLObjectType:
    kind = SCHEMA.type_map[name]
    assert isinstance(kind, GraphQLObjectType)
    return kind


async def rest(persona: Persona, path: str, **query: str) -> Any:
    answer = await persona.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("who", ["placed", "bare", "unmapped"])
async def test_a_profile_is_the_same_through_both_doors(who: str, officer: Persona, office: Office) -> None:
    nip, kind = getattr(office, who), type_named("Talent")
    found = await data(officer, f"query($nip: String!) {{ talent(nip: $nip) {selection_of(kind)} }}", nip=nip)
    fields = ",".join(paths_of(kind))
    assert found["talent"] == await rest(officer, f"/v1/talents/{nip}", fields=fields)
    if who == "placed":
        assert all(value for name, value in found["talent"].items() if isinstance(value, list) and name != "withheld")
        assert len(found["talent"]["placement"]["trace"]) > 10
    whole = await rest(officer, f"/v1/talents/{nip}")
    (found["talent"]["placement"] or {}).pop("trace", None)
    assert found["talent"] == whole


async def test_a_list_is_the_same_through_both_doors(officer: Persona) -> None:
    kind = type_named("TalentConnection")
    found = await data(officer, f"{{ talents(first: 2) {selection_of(kind)} }}")
    fields = ",".join(paths_of(type_named("Talent")))
    assert found["talents"] == await rest(officer, "/v1/talents", first="2", count="true", fields=fields)


async def test_a_placement_is_the_same_through_both_doors(officer: Persona, office: Office) -> None:
    query = f"query($nip: String!) {{ talent(nip: $nip) {{ placement {selection_of(type_named('Placement'))} }} }}"
    for nip in (office.placed, office.bare):
        found = (await data(officer, query, nip=nip))["talent"]["placement"]
        whole = await rest(officer, f"/v1/talents/{nip}/placement")
        apart = [whole.pop(name) for name in ("nip", "unmappedBecause", "processing")]
        assert apart == [nip, None, "normal"]
        assert found == whole


@pytest.mark.parametrize(
    ("root", "path"),
    [
        ("nineBox", "nine-box"),
        ("completeness", "completeness"),
        ("nextEvidence", "next-evidence"),
        ("ekspose", "ekspose"),
        ("indices", "indices"),
        ("references", "references"),
        ("institutionSettings", "institution/settings"),
    ],
)
async def test_counts_are_the_same_through_both_doors(
    root: str, path: str, officer: Persona, personas: Personas, office: Office
) -> None:
    kind = get_named_type(SCHEMA.query_type.fields[root].type)  # type: ignore[union-attr]
    query = f"{{ {root} {selection_of(kind)} }}"
    assert (await data(officer, query))[root] == await rest(officer, f"/v1/{path}")
    if root == "nineBox":
        national = personas.national(office.id)
        assert (await data(national, query))[root] == await rest(national, f"/v1/{path}")


async def test_an_institution_is_the_same_through_both_doors(officer: Persona) -> None:
    found = await data(officer, f"{{ institution {selection_of(type_named('Institution'))} }}")
    [edge] = (await rest(officer, "/v1/institutions"))["edges"]
    assert found["institution"] == edge["node"]


async def test_units_are_the_same_through_both_doors(officer: Persona) -> None:
    found = await data(officer, f"{{ orgUnits(first: 2) {selection_of(type_named('OrgUnitConnection'))} }}")
    assert [edge["node"]["name"] for edge in found["orgUnits"]["edges"]]
    assert found["orgUnits"] == await rest(officer, "/v1/org-units", first="2", count="true")


async def test_a_submission_is_the_same_through_both_doors(db: Database, officer: Persona, office: Office) -> None:
    submission = await a_submission(db, office.actor, office.placed)
    query = f"query($id: UUID!) {{ submission(submissionId: $id) {selection_of(type_named('Submission'))} }}"
    found = (await data(officer, query, id=str(submission)))["submission"]
    assert found == await rest(officer, f"/v1/submissions/{submission}")
    listed = f"{{ submissions(first: 1) {{ edges {{ cursor node {selection_of(type_named('Submission'))} }} }} }}"
    page = await rest(officer, "/v1/submissions", first="1")
    assert (await data(officer, listed))["submissions"]["edges"] == page["edges"]


def test_every_root_is_compared() -> None:
    assert set(SCHEMA.query_type.fields) == {
        "talent",
        "talents",
        "nineBox",
        "completeness",
        *("institution", "orgUnits"),
        "submission",
        "submissions",
        *("cycle", "cycles", "cycleNineBox", "raterSkew", "calculation"),  # in test_cycles
        *("cyclePlacement", "cyclePlacements", "talentCyclePlacements"),
        *("calibration", "calibrations", "objection", "objections"),
        *("rubric", "rubrics", "rubricDraft", "rubricDrafts"),  # in test_rubrics
        *("ruleSet", "ruleSets", "ruleSetDifferences"),  # in test_rule_sets
        *("vacancy", "vacancies", "fillingTimes", "freezePeriod", "freezePeriods"),  # in test_vacancies
        *("priorityProgramme", "priorityProgrammes"),
        "careerPaths",  # in test_career_paths
        *("nextEvidence", "ekspose", "indices", "references", "institutionSettings"),
        *(
            "movement",
            "movers",
            "rehearsal",
            "rehearsals",
            "rehearsalMovers",
            "boxes",
            "developmentPlan",
        ),  # test_movements
        *("client", "clients"),  # in test_clients
        *("job", "jobs"),  # in test_jobs
        *("events", "webhook", "webhooks", "webhookDeliveries"),  # in test_events
        *("siasnConnection", "siasnPush", "siasnPushes", "siasnReceipts"),  # tests of siasn
        *("siasnSync", "siasnSyncs", "siasnSyncPeople", "siasnReport", "siasnConflict", "siasnConflicts"),
        *("siasnAccount", "siasnAccounts", "siasnSignIn", "dataSharingGrant", "dataSharingGrants"),  # tests of siasn
        *("consent", "consents", "receipts", "talentReceipts", "talentCards", "talentCardCounts"),  # test_disclosures
        *("disclosure", "disclosures", "disclosedTalent"),
        *("dataRequest", "dataRequests"),  # in test_data_requests
        *("mobilityCampaign", "mobilityCampaigns", "mobilityCells"),  # in test_mobility_campaigns
        *("mobilityFormula", "mobilityFormulas", "mobilityOrganiser", "mobilityOrganisers"),
        *("mobilityOffers", "mobilityOffer", "mobilityOffering", "mobilityReleases", "mobilityRelease"),
        *("mobilityParticipation", "mobilityParticipations", "mobilityApplications"),
        *("mobilityParticipants", "mobilityAssessment"),
        *("mobilityCase", "mobilityCases"),  # in test_mobility_cases
        *("mobilityRunSummary", "mobilityConservation", "mobilityFlows", "mobilityPostResults", "mobilityMoves"),
        *("mobilityCellResults", "mobilityVerification"),  # in test_mobility_results
        *("mobilityCertificate", "mobilityOutcomes", "mobilityArrivals"),
        *("mobilityListing", "mobilityDemand"),  # in test_mobility_demand
        *("mobilityFreeze", "mobilityRun", "mobilityRuns"),  # in test_mobility_runs
        *("mobilityRehearsal", "mobilityRehearsals"),
        # in the tests of their capability
        *(
            "benchStrength",
            "candidateExplanation",
            "emergencyCover",
            "governmentAffairs",
            "meritReadiness",
            "nationalRanking",
            "nationalRankings",
            "nationalRecomputation",
            "passingReasons",
            "poolCandidates",
            "poolMember",
            "poolMembers",
            "post",
            "postForecast",
            "posts",
            "previewDominoes",
            "rankedCandidates",
            "ranking",
            "rankingRecomputation",
            "rankings",
            "recordedForVacancy",
            "retirementExceptions",
            "retirementRulebooks",
            "retirementRules",
            "shortlist",
            "successionOverlaps",
            "successionPlan",
            "successionPlans",
            "successionPolicies",
            "successionPolicyVersion",
            "successionPolicy",
            "successionPool",
            "successionWillingness",
            "talentPoolMemberships",
            "talentRanking",
            "talentRankings",
            "technicalScore",
            "technicalScores",
            "unitAffair",
            "verification",
            "verifications",
        ),
    }  # type: ignore[union-attr]
    assert not any(isinstance(field.type, GraphQLNonNull) for field in SCHEMA.query_type.fields.values())  # type: ignore[union-attr]


# ── limits


@pytest.mark.parametrize(("levels", "is_refused"), [(12, False), (13, True), (100, True)])
def test_an_operation_may_not_be_deep(levels: int, is_refused: bool) -> None:
    endless = build_schema("type Query { again: Query, end: Int }")  # no type of ours contains itself
    operation = read_operation(endless, "{again" * (levels - 1) + "{end" + "}" * levels, None)
    if not is_refused:
        assert operation.roots({})
        return
    with pytest.raises(Invalid) as error:
        operation.roots({})
    assert error.value.code == "graphql.too_deep"


async def test_an_alias_may_not_be_longer_than_a_column(officer: Persona) -> None:
    longest, too_long = "a" * 60, "a" * 61
    query = "{{ {0}: institution {{ {0}: id {0}b: rubric {{ {0}: code }} }} }}"
    fitting = f"{{ {longest}: institution {{ {longest}: asOf }} }}"
    assert await data(officer, fitting) == {longest: {longest: "2025-12-04"}}
    assert "60 huruf" in (await refused(officer, query.format(too_long)))[0]["message"]


async def test_an_operation_may_not_have_too_many_tokens(officer: Persona) -> None:
    names = " ".join(f"a{n}: name" for n in range(700))
    [error] = await refused(officer, f"{{ institution {{ {names} }} }}")
    assert "token" in error["extensions"]["problem"].lower()
    assert re.fullmatch(
        r"Operasi GraphQL tidak sah pada baris \d+, kolom \d+; perbaiki menurut skema\. .*", error["message"]
    )


async def test_an_operation_may_not_have_too_many_roots(officer: Persona) -> None:
    ten, eleven = (" ".join(f"r{n}: nineBox {{ total }}" for n in range(count)) for count in (10, 11))
    assert len(await data(officer, f"{{ {ten} }}")) == 10
    assert "Paling banyak 10" in (await refused(officer, f"{{ {eleven} }}"))[0]["message"]


def doubling(levels: int, leaf: str) -> str:
    """Fragments that spread the next one twice: 2 ** levels leaves in some ten tokens a level."""
    spread = " ".join(f"fragment F{n} on Institution {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels))
    return f"{{ institution {{ id ...F0 }} }} {spread} fragment F{levels} on Institution {{ {leaf} }}"


@pytest.mark.parametrize("levels", [10, 15, 60])
async def test_fragments_do_not_get_round_the_limit_of_fields(levels: int, officer: Persona) -> None:
    began = time.perf_counter()
    assert "500 bidang" in (await refused(officer, doubling(levels, "name")))[0]["message"]
    assert time.perf_counter() - began < 30


async def test_fragments_of_skipped_fields_cost_no_more_than_others(officer: Persona) -> None:
    began = time.perf_counter()
    answer = await officer.ask(doubling(28, "name @skip(if: true)"))
    assert time.perf_counter() - began < 30  # each level more would double the time
    assert "errors" in answer or answer["data"]["institution"]["id"]


async def test_many_names_for_one_field_of_a_page_are_answered(officer: Persona) -> None:
    names = " ".join(f"a{n}: hasNextPage" for n in range(120))
    answer = await officer.ask(f"{{ talents {{ pageInfo {{ {names} }} }} }}")
    assert "internal" not in {error["extensions"]["code"] for error in answer.get("errors", ())}


async def test_many_fields_within_the_limits_are_answered(officer: Persona, office: Office) -> None:
    names = " ".join(f"a{n}: awards {{ name }}" for n in range(120))
    found = await data(officer, f"query($nip: String!) {{ talent(nip: $nip) {{ {names} }} }}", nip=office.placed)
    assert found["talent"]["a119"] == [{"name": "Teladan"}]


# ── what is no operation


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "request.not_json"),
        (b"{", "request.not_json"),
        (b"query { institution { id } }", "request.not_json"),
        (b'{"query": "\xff"}', "request.not_json"),
        (b'{"query": "\\ud800"}', "request.not_json"),
        (b"[" * 100_000, "request.not_json"),
        (b"null", "request.invalid"),
        (b"[]", "request.invalid"),
        (b'"x"', "request.invalid"),
        (b"{}", "request.invalid"),
        (b'{"query": null}', "request.invalid"),
        (b'{"query": ["{ __typename }"]}', "request.invalid"),
        (b'{"query": "{ __typename }", "operationName": 1}', "request.invalid"),
        (b'{"query": "{ __typename }", "variables": "x"}', "request.invalid"),
        (b'{"query": "{ __typename }", "variables": [1]}', "request.invalid"),
    ],
)
async def test_a_body_that_is_no_request_is_a_problem(body: bytes, code: str, officer: Persona) -> None:
    answer = await officer.post("/graphql", content=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), answer.text
    assert answer.json()["code"] == code


@pytest.mark.parametrize(
    "query",
    [
        "",
        " ",
        "{",
        "}",
        "# nothing",
        "{ institution }",
        "{ institution { id { x } } }",
        "{ nope }",
        "{ institution { nope } }",
        "{ talents { edges { node { nope } } } }",
        "{ talent { nip } }",
        "{ talent(nip: 1) { nip } }",
        "{ talent(nip: null) { nip } }",
        '{ talent(nip: "1", x: 1) { nip } }',
        '{ talents(first: "1") { totalCount } }',
        "{ talents(first: 99999999999) { totalCount } }",
        "{ talents(filter: {nope: 1}) { totalCount } }",
        "{ talents(filter: {positionLevel: boss}) { totalCount } }",
        '{ talents(filter: {positionLevel: "pelaksana"}) { totalCount } }',
        "{ institution { id: name } institution { id } }",
        "{ institution { id @include } }",
        '{ institution { id @include(if: "x") } }',
        "{ institution { id @nope } }",
        "{ ...F }",
        "{ ...F } fragment F on Query { ...F }",
        "{ institution { ...F } } fragment F on Talent { nip }",
        "{ __typename } fragment F on Talent { nip }",
        "query A { __typename } query A { __typename }",
        "query A { __typename } query B { __typename }",
        "query($x: Nope) { __typename }",
        "query($x: String) { __typename }",
        "{ talent(nip: $x) { nip } }",
        "mutation { institution { id } }",
        "subscription { institution { id } }",
        "type Query { x: Int }",
        "fragment F on Query { __typename }",
        "{ institution { id } __schema { queryType { name } } }",
        "{" + "a{" * 900,
        '{ talent(nip: "' + "[" * 10 + "\n" + '") { nip } }',
        "{ talent(nip: " + "[" * 1_900,
    ],
)
async def test_an_operation_that_is_not_valid_is_an_error(query: str, officer: Persona) -> None:
    await refused(officer, query)


@pytest.mark.parametrize(
    ("declared", "given"),
    [
        ("$x: String!", {}),
        ("$x: String!", {"x": None}),
        ("$x: String!", {"x": 1}),
        ("$x: String!", {"x": ["1"]}),
        ("$x: String!", {"x": {"a": "b"}}),
        ("$x: String!", {"y": "1"}),
    ],
)
async def test_a_variable_of_the_wrong_type_is_an_error(declared: str, given: dict[str, Any], officer: Persona) -> None:
    await refused(officer, f"query({declared}) {{ talent(nip: $x) {{ nip }} }}", **given)


@pytest.mark.parametrize(
    "chosen",
    [
        {"nope": 1},
        {"box": "8"},
        {"box": 8.5},
        {"box": 2**40},
        {"assessed": 1},
        {"positionLevel": "boss"},
        {"unit": 1},
        7,
        "x",
    ],
)
async def test_a_filter_of_the_wrong_kind_is_an_error(chosen: Any, officer: Persona) -> None:
    await refused(officer, NAMES, f=chosen)


async def test_variables_nobody_declared_are_ignored(officer: Persona) -> None:
    assert await data(officer, "{ institution { asOf } }", nobody={"a": [1]}) == {"institution": {"asOf": "2025-12-04"}}


async def test_errors_say_where(officer: Persona) -> None:
    [error] = await refused(officer, "{\n  institution {\n    nope } }")
    assert error["locations"] == [{"line": 3, "column": 5}]
    errors = await refused(officer, "{ a b c }")
    assert len(errors) == 3


# ── introspection


async def test_introspection_describes_the_schema(officer: Persona) -> None:
    found = await data(officer, get_introspection_query())
    names = {kind["name"] for kind in found["__schema"]["types"]}
    assert {"Talent", "Placement", "NineBox", "Completeness", "TalentFilter", "PositionLevel"} <= names
    one = await data(officer, 'query One { __type(name: "Talent") { name fields { name } } }')
    assert {field["name"] for field in one["__type"]["fields"]} == set(type_named("Talent").fields)


async def test_an_answer_is_json_and_has_a_number(officer: Persona) -> None:
    answer: httpx2.Response = await officer.post("/graphql", json={"query": "{ __typename }"})
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-request-id"]
    assert answer.json()["data"] == {"__typename": "Query"}
