"""What operations cost, said beforehand and the same whatever is found; and those that cost too much."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.db.database import Database
from app.domain.actors import Actor
from app.main import MisconfiguredError, create_app
from app.settings import Settings
from tests.conftest import url_of
from tests.factories import an_institution
from tests.personas import Persona, Personas

PAGE = "query($first: Int) { talents(first: $first) { totalCount edges { node { nip name } } } }"


@pytest_asyncio.fixture(scope="module")
async def office(db: Database) -> Actor:
    return await an_institution(db)


@asynccontextmanager
async def serving(
    settings: Settings, database: str, key: Ed25519PrivateKey, **limits: object
) -> AsyncIterator[Personas]:
    application = create_app(settings.model_copy(update=limits), url_of(database))
    async with application.router.lifespan_context(application):
        transport = httpx2.ASGITransport(app=application, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            yield Personas(client, key)


async def cost(persona: Persona, query: str, **variables: Any) -> dict[str, int]:
    return (await persona.ask(query, **variables))["extensions"]["cost"]


@pytest.mark.parametrize(
    ("query", "variables", "requested"),
    [
        ("{ __typename }", {}, 1),
        ("{ institution { id name } }", {}, 3),
        ("{ institution { id } other: institution { id } }", {}, 4),
        (PAGE, {}, 1 + 1 + 1 + 50 * 3),
        (PAGE, {"first": 1}, 1 + 1 + 1 + 1 * 3),
        (PAGE, {"first": 200}, 1 + 1 + 1 + 200 * 3),
        (PAGE, {"first": 0}, 1 + 1 + 1 + 1 * 3),  # refused, but not for what it costs
        (PAGE, {"first": 2_000_000_000}, 1 + 1 + 1 + 200 * 3),
        ("{ talents(first: 3) { edges { node { awards { name } } } } }", {}, 1 + 1 + 3 * (1 + 1 + 10)),
        ("query($s: Boolean!) { institution { id name @skip(if: $s) } }", {"s": True}, 2),
        ("{ institution { ...F } } fragment F on Institution { id name }", {}, 3),
        ("query($first: Int = 7) { talents(first: $first) { edges { cursor } } }", {}, 1 + 1 + 7),
        ("{ __schema { queryType { name } } }", {}, 1_000),
    ],
)
async def test_the_cost_is_what_the_formula_says(
    query: str, variables: dict[str, Any], requested: int, office: Actor, personas: Personas
) -> None:
    said = await cost(personas.hr_officer(office.institution_id), query, **variables)
    assert said["requested"] == requested
    assert said["limit"] == 100_000
    assert said["remaining"] > 0


async def test_an_operation_that_costs_too_much_is_refused_and_takes_nothing(
    office: Actor, settings: Settings, database_name: str, signing_key: Ed25519PrivateKey
) -> None:
    async with serving(settings, database_name, signing_key, graphql_cost=100, graphql_budget="200/hour") as personas:
        officer = personas.hr_officer(office.institution_id)
        refused = await officer.ask(PAGE, first=33)  # 102
        assert refused["errors"][0]["extensions"]["code"] == "graphql.too_costly"
        assert refused["extensions"] == {"cost": {"requested": 102, "limit": 100}}
        assert "data" not in refused
        assert (await cost(officer, PAGE, first=32)) == {"requested": 99, "limit": 100, "remaining": 101}


async def test_a_budget_that_is_used_up_is_a_429_that_says_when(
    office: Actor, settings: Settings, database_name: str, signing_key: Ed25519PrivateKey
) -> None:
    async with serving(settings, database_name, signing_key, graphql_cost=100, graphql_budget="150/hour") as personas:
        officer, member = (
            personas.hr_officer(office.institution_id),
            personas.committee_member(office.institution_id),
        )
        assert (await cost(officer, PAGE, first=32))["remaining"] == 51
        refused = await officer.post(
            "/graphql", json={"query": PAGE, "variables": {"first": 32}}, headers={"accept-language": "en"}
        )
        assert (refused.status_code, refused.headers["content-type"]) == (429, "application/json")
        [error] = refused.json()["errors"]
        assert error["extensions"]["code"] == "rate.limited"
        wait = error["extensions"]["retryAfter"]
        assert wait == int(refused.headers["retry-after"])
        assert 1_100 < wait <= 1_152  # 48 units of 24 seconds
        assert error["message"] == f"Too many requests; try again in {wait} seconds."
        assert '"graphql";q=150;w=3600' in refused.headers["ratelimit-policy"]
        assert '"graphql";r=51' in refused.headers["ratelimit"]
        assert (await cost(officer, PAGE, first=10))["remaining"] == 18
        assert (await cost(member, PAGE, first=32))["remaining"] == 51


def test_a_budget_below_the_cost_of_one_operation_is_no_service(settings: Settings) -> None:
    with pytest.raises(MisconfiguredError, match="GRAPHQL_BUDGET"):
        create_app(settings.model_copy(update={"graphql_cost": 100, "graphql_budget": "99/minute"}), "postgresql://")


# ── the schema


async def test_outside_development_nobody_is_told_the_schema_unless_a_setting_says_so(
    office: Actor, settings: Settings, database_name: str, signing_key: Ed25519PrivateKey
) -> None:
    async with serving(settings, database_name, signing_key, graphql_introspection=False) as personas:
        officer = personas.hr_officer(office.institution_id)
        assert (await officer.get("/graphql")).status_code == 405
        in_fragment = 'query { ...F } fragment F on Query { __type(name: "Talent") { name } }'
        for asked in ("{ __schema { queryType { name } } }", in_fragment):
            [error] = (await officer.ask(asked))["errors"]
            assert error["extensions"]["code"] == "graphql.no_introspection"
        assert (await officer.ask("{ __typename }"))["data"] == {"__typename": "Query"}
        [error] = (await officer.ask("{ institutio { id } }"))["errors"]
        assert "institutio'" in error["extensions"]["problem"]
        assert "Did you mean" not in str(error)


async def test_in_development_the_schema_is_told_and_names_are_suggested(office: Actor, personas: Personas) -> None:
    officer = personas.hr_officer(office.institution_id)
    assert (await officer.get("/graphql")).status_code == 200
    [error] = (await officer.ask("{ institutio { id } }"))["errors"]
    assert "Did you mean 'institution'" in error["extensions"]["problem"]
    assert error["message"].startswith("Operasi GraphQL tidak sah pada baris 1, kolom 3;")


# ── languages


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (None, "Permintaan tidak dapat diterima: lihat rinciannya."),
        ("en;q=0.1, id", "Permintaan tidak dapat diterima: lihat rinciannya."),
        ("en-GB", "The request cannot be accepted: see details."),
    ],
)
async def test_errors_speak_the_language_asked_for(
    asked: str | None, message: str, office: Actor, personas: Personas
) -> None:
    officer = personas.hr_officer(office.institution_id)
    body, headers = {"query": "{ talents(first: 0) { totalCount } }"}, {"accept-language": asked} if asked else {}
    [error] = (await officer.post("/graphql", json=body, headers=headers)).json()["errors"]
    assert (error["message"], error["extensions"]["code"]) == (message, "request.invalid")
    [fault] = error["extensions"]["errors"]
    assert fault["code"] == "page.size"
