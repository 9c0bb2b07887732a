"""Both doors promise the same, every service asks a permission, and what is committed is what the application says."""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import jsonschema_rs
import pytest
import pytest_asyncio
from fastapi import FastAPI
from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
)

from app import services
from app.api.graphql.schema import ROOTS, sdl
from app.api.rest.router import READS
from app.db import shapes
from app.db.database import Database
from app.db.documents import Field, Fields, Items, Object, Pages, Shape, Value
from app.db.migrations import ROOT
from app.domain.actors import ClientScope
from app.domain.standing import ReferenceKind
from app.main import create_app
from app.services import clients, mobility_organisers, standing, talents
from app.services.clients import RegisterClient
from app.services.standing import KeepReference
from app.settings import Settings
from tests.contracts import graphql_schema, openapi
from tests.cycles import a_whole_cycle
from tests.disclosures import a_consent, an_open_disclosure
from tests.facade import a_reader
from tests.factories import a_placed_talent, a_rubric_draft, a_submission, an_institution, officer
from tests.jobs import a_job
from tests.mobility import MAY_ORGANISE, a_drafted_campaign, a_part, national
from tests.mobility_cases import a_case
from tests.mobility_listings import a_listing
from tests.mobility_results import a_small_round
from tests.movements import a_comparison
from tests.national import a_national_search
from tests.personas import Personas
from tests.posts import a_registry
from tests.providers import in_production
from tests.rankings import an_explained_ranking
from tests.rights import a_reviewed_case
from tests.siasn_connections import a_handover, connect
from tests.siasn_syncs import a_conflict
from tests.succession import a_planned_post
from tests.vacancies import a_post, some_vacancies
from tests.webhooks import a_subscription

GRAPHQL = graphql_schema()
LONGEST_MODULE = 450

# ── what REST has and GraphQL has not, by name

ONLY_REST_TYPES = {
    "Import": "imports are an affair of REST, which takes the files",
    "Refusal": "part of an import",
    "AccessExport": "a file of everything held about one person, taken out by REST",
    "HeldRecord": "part of an access export",
    "CoveredPosts": "asked by the preview of dominoes, which tells it as the ends of a chain",
    "CoveredPost": "the same",
    "LedgerEntry": "the ledger is read by auditors, and what it tells of each kind of event has no type of its own",
    "LedgerLink": "part of an entry of the ledger",
    "LedgerHead": "kept by witnesses, who ask one address from time to time",
    "SiasnDataUtama": "told in SIASN's words, which its facade alone speaks",
    "SiasnNilaiipasn": "the same",
    "SiasnUnits": "the same",
}
ONLY_REST_FIELDS = {
    ("Placement", "processing"): "GraphQL reaches a placement through its talent",
    ("Institution", "total"): "in the national register only",
    ("Institution", "assessed"): "in the national register only",
    ("Placement", "nip"): "GraphQL reaches a placement through its talent",
    ("Placement", "unmappedBecause"): "GraphQL reaches a placement through its talent",
}
ONLY_GRAPHQL_TYPES = {
    "Query",
    "TalentConnection",
    "TalentEdge",
    "PageInfo",
    "Mutation",
    "SubmissionConnection",
    "SubmissionEdge",
    "OrgUnitConnection",
    "OrgUnitEdge",
    "CycleConnection",
    "CycleEdge",
    "DataRequestConnection",
    "DataRequestEdge",
    "CyclePlacementConnection",
    "CyclePlacementEdge",
    "CalibrationConnection",
    "CalibrationEdge",
    "ObjectionConnection",
    "JobConnection",
    "JobEdge",
    "SiasnAccountConnection",
    "SiasnAccountEdge",
    "SiasnCredentials",
    "SiasnSyncConnection",
    "SiasnSyncEdge",
    "SiasnSyncPersonConnection",
    "SiasnSyncPersonEdge",
    "SiasnConflictConnection",
    "SiasnConflictEdge",
    "DataSharingGrantConnection",
    "DataSharingGrantEdge",
    "RubricConnection",
    "RubricEdge",
    "RubricDraftConnection",
    "RubricDraftEdge",
    "VacancyConnection",
    "VacancyEdge",
    "FreezePeriodConnection",
    "FreezePeriodEdge",
    "PriorityProgrammeConnection",
    "PriorityProgrammeEdge",
    "MobilityApplicationConnection",
    "MobilityApplicationEdge",
    "MobilityOfferConnection",
    "MobilityOfferEdge",
    "MobilityParticipantConnection",
    "MobilityParticipantEdge",
    "MobilityParticipationConnection",
    "MobilityParticipationEdge",
    "MobilityReleaseConnection",
    "MobilityReleaseEdge",
    "MobilityCampaignConnection",
    "MobilityCaseConnection",
    "MobilityCaseEdge",
    "MobilityCampaignEdge",
    "MobilityCellConnection",
    "MobilityCellEdge",
    "MobilityFormulaConnection",
    "MobilityFormulaEdge",
    "MobilityOrganiserConnection",
    "MobilityOrganiserEdge",
    "MobilityArrivalConnection",
    "MobilityArrivalEdge",
    "MobilityCellResultConnection",
    "MobilityCellResultEdge",
    "MobilityMoveUnitConnection",
    "MobilityMoveUnitEdge",
    "MobilityOutcomeConnection",
    "MobilityOutcomeEdge",
    "MobilityPostResultConnection",
    "MobilityPostResultEdge",
    "MobilityRunConnection",
    "MobilityRunEdge",
    "MobilityRehearsalConnection",
    "MobilityRehearsalEdge",
    "PostConnection",
    "PostEdge",
    "RuleSetConnection",
    "RuleSetEdge",
    "ObjectionEdge",
    "SiasnPushConnection",
    "SiasnPushEdge",
    "SiasnReceiptConnection",
    "SiasnReceiptEdge",
    "MoverConnection",
    "MoverEdge",
    "RehearsalConnection",
    "RehearsalEdge",
    "RehearsalMoverConnection",
    "RehearsalMoverEdge",
    "ClientConnection",
    "ClientEdge",
    "ViewReceiptConnection",
    "ViewReceiptEdge",
    "TalentCardConnection",
    "TalentCardEdge",
    "ConsentConnection",
    "ConsentEdge",
    "DisclosureConnection",
    "DisclosureEdge",
    "RankingConnection",
    "RankingEdge",
    "NationalRankingConnection",
    "NationalRankingEdge",
    "RankedCandidateConnection",
    "RankedCandidateEdge",
    "TalentRankingConnection",
    "TalentRankingEdge",
    "CandidateVerificationConnection",
    "CandidateVerificationEdge",
    "TechnicalScoreConnection",
    "TechnicalScoreEdge",
    "PoolMemberConnection",
    "PoolMemberEdge",
    "PoolCandidateConnection",
    "PoolCandidateEdge",
    "SuccessionPlanConnection",
    "SuccessionPlanEdge",
    "SuccessionPolicyConnection",
    "SuccessionPolicyEdge",
    "DominoPreview",  # from here on worked out by the domain: fields without a shape
    "DominoMove",
    "DominoEnd",
    "DominoPassedOver",
    "DominoLeaving",
    "ClientCredentials",  # with a secret, which no statement can tell
    "WebhookSecretShown",  # the same
    "WebhookDeliveryConnection",
    "WebhookDeliveryEdge",
}  # pages: made by the compiler, not by shapes


def found_shapes() -> Iterator[Shape]:
    for module in pkgutil.iter_modules(shapes.__path__):
        for value in vars(importlib.import_module(f"{shapes.__name__}.{module.name}")).values():
            if isinstance(value, Shape | Pages):
                yield value.node if isinstance(value, Pages) else value


def objects() -> Iterator[tuple[str, str, Field]]:
    """Every field of every object of every shape: type, name, field."""

    def below(kind: str, fields: Fields) -> Iterator[tuple[str, str, Field]]:
        for name, field in fields.items():
            yield kind, name, field
            if not isinstance(field, Value):
                yield from below(field.type, field.fields)

    for shape in found_shapes():
        yield from below(shape.type, shape.fields)


FIELDS = list({(kind, name, id(field)): (kind, name, field) for kind, name, field in objects()}.values())
SCALARS = {
    "string": {"String", "Date", "DateTime", "UUID"},
    "integer": {"Int"},
    "number": {"Float"},
    "boolean": {"Boolean"},
    "object": {"JSON"},
}
FORMATS = {"date": "Date", "date-time": "DateTime", "uuid": "UUID"}


def must_fit(field: Field, kind: GraphQLOutputType) -> None:
    """The GraphQL type says the same about a field as its shape: null or not, one or many, of which type."""
    is_required = isinstance(kind, GraphQLNonNull)
    inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    if isinstance(field, Items):
        assert is_required is not field.nullable
        must_be_list_of(inner, field.type)
    elif isinstance(field, Object):
        assert is_required is not field.nullable
        assert isinstance(inner, GraphQLObjectType)
        assert inner.name == field.type
    else:
        must_fit_schema(field.schema, inner, is_required=is_required)


def must_be_list_of(kind: Any, name: str) -> None:
    assert isinstance(kind, GraphQLList)
    assert isinstance(kind.of_type, GraphQLNonNull)
    assert kind.of_type.of_type.name == name


def must_fit_schema(schema: Any, kind: Any, *, is_required: bool) -> None:
    types = {schema["type"]} if isinstance(schema["type"], str) else set(schema["type"])
    assert is_required is ("null" not in types)
    [scalar] = types - {"null"}
    if scalar == "array":
        must_be_list_of(kind, {"string": "String", "integer": "Int"}[schema["items"]["type"]])
    elif "enum" in schema:
        assert isinstance(kind, GraphQLEnumType)
        assert set(kind.values) == {word for word in schema["enum"] if word is not None}
    else:
        assert kind.name in SCALARS[scalar]
        assert kind.name == FORMATS.get(schema.get("format"), kind.name)
        assert "format" in schema or kind.name not in FORMATS.values()


@pytest.mark.parametrize("kind", sorted({kind for kind, _, _ in FIELDS}))
def test_every_field_of_a_shape_is_in_its_graphql_type(kind: str) -> None:
    if kind in ONLY_REST_TYPES:
        assert kind not in GRAPHQL.type_map
        return
    promised = GRAPHQL.type_map[kind]
    assert isinstance(promised, GraphQLObjectType)
    for name, field in ((name, field) for of, name, field in FIELDS if of == kind):
        if (kind, name) in ONLY_REST_FIELDS:
            assert name not in promised.fields, name
        else:
            assert name in promised.fields, name
            must_fit(field, promised.fields[name].type)


def test_a_field_of_a_graphql_type_is_in_every_shape_of_that_type() -> None:
    shown = {kind: {name for of, name, _ in FIELDS if of == kind} for kind, _, _ in FIELDS}
    for name, kind in GRAPHQL.type_map.items():
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__") and name not in ONLY_GRAPHQL_TYPES:
            assert set(kind.fields) <= shown[name], name


def test_every_shape_of_a_type_has_all_its_fields() -> None:
    for shape in found_shapes():
        kind = GRAPHQL.type_map.get(shape.type)
        if isinstance(kind, GraphQLObjectType) and shape.type not in ONLY_REST_TYPES:
            missing = set(kind.fields) - set(shape.fields)
            assert not missing, (shape.type, missing)


def test_exceptions_are_still_needed() -> None:
    assert {kind for kind, _, _ in FIELDS} >= set(ONLY_REST_TYPES)
    assert {(kind, name) for kind, name, _ in FIELDS} >= set(ONLY_REST_FIELDS)
    assert set(GRAPHQL.type_map) >= ONLY_GRAPHQL_TYPES


# ── services


def service_functions() -> Iterator[tuple[str, ast.AsyncFunctionDef]]:
    """Public async functions of the services that begin with (db, actor, …)."""
    for module in pkgutil.iter_modules(services.__path__):
        tree = ast.parse((Path(services.__path__[0]) / f"{module.name}.py").read_text())
        for node in tree.body:
            is_public = isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_")
            if is_public and [argument.arg for argument in node.args.args[:2]] == ["db", "actor"]:
                yield f"{module.name}.{node.name}", node


SERVICES = dict(service_functions())


def camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_function_asks_a_permission_first(name: str) -> None:
    body = SERVICES[name].body
    has_docstring = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    first = body[1] if has_docstring else body[0]
    assert ast.unparse(first).startswith("actor.require(Permission.")


def test_every_public_async_function_of_a_service_takes_somebody() -> None:
    for module in pkgutil.iter_modules(services.__path__):
        found = vars(importlib.import_module(f"{services.__name__}.{module.name}"))
        for name, value in found.items():
            is_own = getattr(value, "__module__", "") == f"{services.__name__}.{module.name}"
            if (
                is_own
                and not name.startswith("_")
                and getattr(value, "__code__", None)
                and value.__code__.co_flags & 0x80
            ):
                assert f"{module.name}.{name}" in SERVICES


def test_every_rest_operation_is_a_service_function(app: FastAPI) -> None:
    named = {camel(name.partition(".")[2]) for name in SERVICES}
    operations = {
        operation["operationId"]
        for path, methods in app.openapi()["paths"].items()
        if path.startswith("/v1/")
        for operation in methods.values()
    }
    assert len(operations) >= 10
    assert operations <= named
    assert {read.operation_id for read in READS} <= operations


def test_every_root_of_the_query_is_answered() -> None:
    assert GRAPHQL.query_type is not None
    assert set(GRAPHQL.query_type.fields) == set(ROOTS)


# ── contracts


def test_the_openapi_document_is_the_one_committed() -> None:
    told = json.dumps(openapi(), indent=2, ensure_ascii=False) + "\n"
    assert (ROOT / "openapi" / "openapi.json").read_text() == told


def test_the_graphql_schema_is_the_one_committed() -> None:
    assert (ROOT / "openapi" / "schema.graphql").read_text() == sdl()


def test_production_promises_the_same(tmp_path: Path, app: FastAPI) -> None:
    variables = in_production(tmp_path, {"issuer": "https://sso.example.go.id"})
    settings = Settings(**{name.lower(): value for name, value in variables.items()})
    assert create_app(settings, "postgresql://").openapi() == app.openapi()


def test_the_openapi_document_is_valid(app: FastAPI) -> None:
    document = app.openapi()
    assert document["openapi"].startswith("3.1")
    for path, methods in document["paths"].items():
        in_path = set(re.findall(r"{(\w+)}", path))
        for operation in methods.values():
            assert in_path == {p["name"] for p in operation.get("parameters", ()) if p["in"] == "path"}, path
            assert operation["summary"]
            if path.startswith("/v1/"):
                assert operation["security"] == [{"bearer": []}]
                assert operation["responses"]["default"] == {"$ref": "#/components/responses/Problem"}
            for answer in operation["responses"].values():
                for content in answer.get("content", {}).values():
                    schema = content.get("schema", {}) | {"components": document["components"]}
                    jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})
                    jsonschema_rs.Draft202012Validator(schema)
    identifiers = [operation["operationId"] for methods in document["paths"].values() for operation in methods.values()]
    assert len(identifiers) == len(set(identifiers))


@pytest_asyncio.fixture(scope="module")
async def somebody(
    db: Database, database_name: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Any, dict[str, Any]]:
    """An institution with something to read at every address, and what the addresses need."""
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path_factory.mktemp("office"))
    known = {"nip": nip, "code": "bkn-411-2025", "version": 1, "submissionId": await a_submission(db, actor, nip)}
    registered = RegisterClient(name="SIMPEG", scopes=[ClientScope.TALENTS_READ])
    known["clientId"] = (await clients.register_client(db, actor, registered)).client_id
    known["ruleSet"] = "pp-11-2017-jpt-pratama"
    known["draft"] = (await a_rubric_draft(db, actor)).code
    reference = KeepReference(kind=ReferenceKind.REGULATION, name="Perwako", title="Manajemen talenta")
    known["webhookId"] = await a_subscription(db, actor)
    known["referenceId"] = await standing.keep_reference(db, actor, uuid4(), reference)
    known["consentId"] = await a_consent(db, actor, nip)
    await talents.talent_document(db, officer(actor), nip)  # leaves a receipt
    origin = await an_institution(db)
    named = await a_placed_talent(db, origin, tmp_path_factory.mktemp("origin"))
    known["disclosureId"] = await an_open_disclosure(db, database_name, origin, named, actor, "dossier")
    found = {"disclosureId": str(known["disclosureId"])}
    known["caseId"] = await a_case(db, actor, await a_post(db, actor), None, **found)
    known["item"] = "diplomas"
    known |= await a_whole_cycle(db, actor, nip)
    known["requestId"] = await a_reviewed_case(db, actor, nip, known["cycleId"])
    known |= await a_registry(db, actor, tmp_path_factory.mktemp("posts"))
    known |= await some_vacancies(db, actor, nip)
    known |= await an_explained_ranking(db, actor, nip)
    known |= await a_planned_post(db, actor, nip)
    known |= await a_national_search(db, actor)
    known |= await a_drafted_campaign(db, actor)
    known["jobId"] = await a_job(db, actor)
    await connect(db, actor)
    known |= await a_handover(db, actor, nip, known["cycleId"])
    known |= await a_conflict(db, actor, nip)
    known |= await a_reader(db, actor, nip)
    known |= await a_part(db, actor, nip, known["campaignId"])
    run = await a_small_round(db, database_name, actor, nip)
    known |= {**run, "campaignId": known["campaignId"], "publishedCampaignId": run["campaignId"]}
    await a_listing(db, actor, nip)
    await mobility_organisers.set_mobility_organiser(db, national(actor), actor.institution_id, MAY_ORGANISE)
    return actor, known | await a_comparison(db, actor, known["cycleId"])


READERS = {
    "ledgerPage": Personas.auditor,
    "clientsPage": Personas.administrator,
    "clientDocument": Personas.administrator,
    "eventsDocument": Personas.administrator,
    "webhookDocument": Personas.administrator,
    "webhooksDocument": Personas.administrator,
    "webhookDeliveriesPage": Personas.administrator,
    "siasnConnectionDocument": Personas.administrator,
    "siasnAccountDocument": Personas.administrator,
    "siasnAccountsPage": Personas.administrator,
    "siasnSignInDocument": Personas.administrator,
    "dataSharingGrantDocument": Personas.administrator,
    "dataSharingGrantsPage": Personas.administrator,
    "talentReceiptsPage": Personas.auditor,
    "talentCardCountsDocument": Personas.national,
    "nationalRankingsPage": Personas.national,
    "nationalRankingDocument": Personas.national,
    "nationalRecomputationDocument": Personas.national,
}
"""Who reads what officers do not."""
OF_ONESELF = {
    *("receiptsPage", "consentsPage", "consentDocument"),
    *("mobilityApplicationsPage", "mobilityParticipationDocument", "mobilityParticipationsPage"),
    *("mobilityCertificateDocument", "mobilityListingDocument"),
}
"""What talents alone read."""
OF_PUBLISHED = {
    "mobilityRehearsalsPage",
    *("mobilityCertificateDocument", "mobilityOutcomesPage", "mobilityArrivalsPage"),
    *("mobilityFreezeDocument", "mobilityRunsPage"),
}
"""What is read of a campaign that is run and published."""


@pytest.mark.parametrize("read", READS, ids=[read.operation_id for read in READS])
async def test_a_document_is_as_its_schema_says(
    read: Any, app: FastAPI, personas: Personas, somebody: tuple[Any, dict[str, Any]]
) -> None:
    actor, known = somebody
    edge, *_ = (await personas.hr_officer(actor.institution_id).get("/v1/imports")).json()["edges"]
    query = "?count=true" if isinstance(read.contents, Pages) else ""
    reader = READERS.get(read.operation_id, Personas.hr_officer)(personas, actor.institution_id)
    if read.operation_id in OF_ONESELF:
        reader = personas.talent(actor.institution_id, known["nip"])
    why = {"headers": {"x-purpose": "talent-mobility"}} if read.operation_id == "disclosedTalentDocument" else {}
    at = read.path.replace("/offers/{postId}", "/offers/{offeredPostId}")
    at = at.replace("/mobility-rehearsals/{rehearsalId}", "/mobility-rehearsals/{mobilityRehearsalId}")
    if read.operation_id in OF_PUBLISHED:
        at = at.replace("{campaignId}", "{publishedCampaignId}")
    answer = await reader.get("/v1" + at.format(**known, id=edge["node"]["id"]) + query, **why)
    content = app.openapi()["paths"]["/v1" + read.path]["get"]["responses"]["200"]["content"]["application/json"]
    validator = jsonschema_rs.Draft202012Validator(content["schema"], validate_formats=True)
    document = answer.json()
    validator.validate(document)
    if isinstance(read.contents, Shape) and read.contents.summary is None:
        assert not validator.is_valid({**document, "nobodyAnnouncedThis": 1})
        assert set(content["schema"]["properties"]) == set(document)
    if isinstance(read.contents, Pages):
        assert document["totalCount"] >= len(document["edges"]) > 0
        assert set(document) == set(content["schema"]["properties"])
        name = next(iter(read.contents.node.fields))
        less = await reader.get("/v1" + at.format(**known) + f"?fields={name}", **why)
        assert {tuple(edge["node"]) for edge in less.json()["edges"]} == {(name,)}
    national = personas.national(actor.institution_id)
    if read.operation_id in ("nineBoxDocument", "institutionsPage"):
        validator.validate((await national.get("/v1" + read.path)).json())


# ── the house

MODULES = sorted((ROOT / "app").rglob("*.py"))


def test_packages_are_empty() -> None:
    full = [path for folder in ("app", "tests") for path in (ROOT / folder).rglob("__init__.py") if path.read_bytes()]
    assert full == []


def test_no_module_is_too_long() -> None:
    lines = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in MODULES}
    assert {path: count for path, count in lines.items() if count > LONGEST_MODULE} == {}


def test_every_module_opens_with_a_sentence() -> None:
    for path in MODULES:
        if path.name != "__init__.py":
            told = ast.get_docstring(ast.parse(path.read_text())) or ""
            assert re.match(r"\w.*[.:]", told, re.DOTALL), path


def test_lock_files_hold_names_and_hashes_and_no_address() -> None:
    locks = sorted(ROOT.glob("requirements*.lock"))
    assert len(locks) == 3
    for lock in locks:
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert not re.search(r"(?m)^--(index|extra-index|find-links)", text)
