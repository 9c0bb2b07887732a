"""Deny by default: no service function, no route and no field of the schema answers somebody who may nothing.

The calls are made from the application itself: what is new is covered without anybody adding it here.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from types import CodeType
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from fastapi import FastAPI
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLType,
)
from pydantic.alias_generators import to_snake
from starlette.routing import BaseRoute

from app import services
from app.api.graphql.schema import CHANGES, ROOTS
from app.api.siasn.reads import Base
from app.domain.actors import Actor, Permission, Role
from app.domain.errors import Forbidden
from tests.contracts import graphql_schema
from tests.personas import Persona, Personas

GRAPHQL = graphql_schema()
EVERYBODY_MAY = {Permission.READ_RUBRICS, Permission.READ_INSTITUTIONS, Permission.READ_MOBILITY}
OPEN = {
    "GET /health/live": "whether the process answers; tells nothing else",
    "GET /health/ready": "whether the database answers; tells nothing else",
    "GET /metrics": "durations by route template; kept inside by the network",
    "GET /openapi.json": "the contract, which is published",
    "GET /docs": "the contract for people, in development only",
    "GET /graphql": "GraphiQL, a page without data, in development only",
    "POST /oauth/token": "where a client proves who it is",
    "POST /oauth2/token": "the same, as SIASN's clients ask",
    "POST /oauth2/token/": "the same, as some clients write it",
    "POST /auth/realms/public-siasn/protocol/openid-connect/token": "where a person proves who they are",
    "POST /auth/realms/public-siasn/protocol/openid-connect/token/": "the same, as some clients write it",
    "GET /oauth/jwks": "public keys, which are published",
    "GET /.well-known/oauth-authorization-server": "where tokens are had, which is published",
}
"""Routes that answer without a token, each with its reason."""


def a_nobody(institution: UUID | None = None) -> Actor:
    """Somebody who is signed in and may nothing at all."""
    nobody = Actor(institution or uuid4(), Role.CLIENT, "nobody")
    object.__setattr__(nobody, "permissions", frozenset())
    return nobody


# ── services


def service_functions() -> Iterator[tuple[str, Callable[..., Awaitable[object]]]]:
    for module in pkgutil.iter_modules(services.__path__):
        name = f"{services.__name__}.{module.name}"
        for found, function in vars(importlib.import_module(name)).items():
            is_own = inspect.iscoroutinefunction(function) and function.__module__ == name
            if is_own and not found.startswith("_") and list(inspect.signature(function).parameters)[:1] == ["db"]:
                yield f"{module.name}.{found}", function


SERVICES = dict(service_functions())
NAMED = {name.partition(".")[2] for name in SERVICES}


async def refused(function: Callable[..., Awaitable[object]], somebody: Actor) -> str | None:
    """The permission that somebody lacks; None where the function begins to do what it is there for."""
    parameters = list(inspect.signature(function).parameters.values())[2:]
    positional = [None for one in parameters if one.kind is not one.KEYWORD_ONLY]
    named = {one.name: None for one in parameters if one.kind is one.KEYWORD_ONLY}
    try:
        await function(None, somebody, *positional, **named)
    except Forbidden as error:
        return str(error.about["permission"])
    except Exception:  # noqa: BLE001 - it went on without asking, and stumbled over arguments that are none
        return None
    return None


@pytest.mark.parametrize("name", SERVICES)
async def test_a_service_function_refuses_whoever_may_nothing(name: str) -> None:
    assert await refused(SERVICES[name], a_nobody()) in set(Permission)


@pytest.mark.parametrize("name", SERVICES)
async def test_a_client_without_scopes_may_what_everybody_may(name: str) -> None:
    lacking = await refused(SERVICES[name], a_nobody())
    told = await refused(SERVICES[name], Actor(uuid4(), Role.CLIENT, "client"))
    assert told == (None if lacking in EVERYBODY_MAY else lacking)


# ── REST


def routes_of(routes: list[BaseRoute]) -> Iterator[tuple[str, str, Any]]:
    """Method, template and route of everything that can be asked for, those of included routers too."""
    for route in routes:
        if (router := getattr(route, "original_router", None)) is not None:
            yield from routes_of(router.routes)
            continue
        if isinstance(route, Base):
            yield from routes_of(route.routes)
            continue
        assert hasattr(route, "methods"), "a kind of route that this test does not know"
        for method in sorted(set(route.methods or ()) - {"HEAD"}):
            yield method, route.path, route  # type: ignore[attr-defined]


def an_address(path: str) -> str:
    """An address that fits a template."""
    return re.sub(r"{(\w+)(:\w+)?}", lambda found: "1" if found[1] == "version" else str(uuid4()), path)


async def test_every_route_refuses_strangers(app: FastAPI, http: httpx2.AsyncClient) -> None:
    answered = {}
    for method, path, _ in routes_of(app.routes):
        answer = await http.request(method, an_address(path))
        if answer.status_code != 401:
            answered[f"{method} {path}"] = answer.status_code
    assert set(answered) == set(OPEN), answered


async def test_a_token_of_nobody_is_refused_by_every_route(app: FastAPI, http: httpx2.AsyncClient) -> None:
    for header in ("Bearer", "Bearer x.y.z", "Basic eDp5", f"Bearer {'.'.join(['e30'] * 3)}"):
        for method, path, _ in routes_of(app.routes):
            if f"{method} {path}" not in OPEN:
                answer = await http.request(method, an_address(path), headers={"authorization": header})
                assert answer.status_code == 401, (method, path)


def names_in(code: CodeType) -> set[str]:
    """Every name that a function uses, functions inside it included."""
    inner = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return set(code.co_names).union(*(names_in(one) for one in inner))


def operations(app: FastAPI) -> Mapping[str, Any]:
    """The functions behind the documented operations, by their ids."""
    named = ((getattr(route, "operation_id", None) or route.name, route) for _, _, route in routes_of(app.routes))
    return {name: inspect.unwrap(route.endpoint) for name, route in named if to_snake(name) in NAMED}


def test_every_operation_calls_the_service_function_it_is_named_after(app: FastAPI) -> None:
    found = operations(app)
    documented = {
        operation["operationId"]
        for path, methods in app.openapi()["paths"].items()
        if path.startswith("/v1/")
        for operation in methods.values()
    }
    assert documented <= set(found)
    for name, function in found.items():
        assert to_snake(name) in names_in(function.__code__), name


def may_not(permission: str | None, personas: Personas) -> Persona:
    """Somebody whose role does not include the permission."""
    institution = uuid4()
    roles = (personas.administrator(institution), personas.auditor(institution), personas.national(institution))
    lacking = (Role.ADMINISTRATOR, Role.AUDITOR, Role.NATIONAL)
    chosen = [
        persona
        for persona, role in zip(roles, lacking, strict=True)
        if Permission(permission) not in Actor(institution, role, "somebody").permissions
    ]
    return chosen[0]


async def test_who_lacks_the_permission_is_forbidden_every_read(app: FastAPI, personas: Personas) -> None:
    by_name = {name.partition(".")[2]: function for name, function in SERVICES.items()}
    for method, path, route in routes_of(app.routes):
        name = to_snake(getattr(route, "operation_id", None) or route.name)
        if method != "GET" or name not in by_name:
            continue
        permission = await refused(by_name[name], a_nobody())
        if permission in EVERYBODY_MAY:
            continue
        answer = await may_not(permission, personas).get(an_address(path))
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), path


# ── GraphQL


def test_every_field_of_query_and_mutation_calls_a_service_function() -> None:
    assert GRAPHQL.query_type is not None
    assert GRAPHQL.mutation_type is not None
    assert set(ROOTS) == set(GRAPHQL.query_type.fields)
    assert set(CHANGES) == set(GRAPHQL.mutation_type.fields)
    for name, function in {**ROOTS, **CHANGES}.items():
        assert names_in(inspect.unwrap(function).__code__) & NAMED, name  # type: ignore[attr-defined]
    for name, function in CHANGES.items():
        assert to_snake(name) in names_in(inspect.unwrap(function).__code__), name  # type: ignore[attr-defined]


SCALARS = {
    "Int": "1",
    "Float": "1.0",
    "Boolean": "true",
    "Date": '"2025-12-04"',
    "DateTime": '"2027-12-04T00:00:00Z"',
    "JSON": '"x"',
}


def literal(kind: GraphQLType) -> str:
    """The least that may stand for a type."""
    match kind:
        case GraphQLNonNull():
            return literal(kind.of_type)
        case GraphQLList():
            return f"[{literal(kind.of_type)}]"
        case GraphQLEnumType():
            return next(iter(kind.values))
        case GraphQLInputObjectType():
            needed = {name: one.type for name, one in kind.fields.items() if isinstance(one.type, GraphQLNonNull)}
            return "{" + ", ".join(f"{name}: {literal(below)}" for name, below in needed.items()) + "}"
        case _:
            return SCALARS.get(str(kind), f'"{uuid4()}"')


def operation_of(kind: str, name: str) -> str:
    root = (GRAPHQL.query_type if kind == "query" else GRAPHQL.mutation_type).fields[name]  # type: ignore[union-attr]
    needed = [f"{one}: {literal(a.type)}" for one, a in root.args.items() if isinstance(a.type, GraphQLNonNull)]
    given = f"({', '.join(needed)})" if needed else ""
    below = root.type.of_type if isinstance(root.type, GraphQLNonNull) else root.type
    return f"{kind} {{ {name}{given}{' { __typename }' if hasattr(below, 'fields') else ''} }}"


FIELDS = [("query", name) for name in ROOTS] + [("mutation", name) for name in CHANGES]


@pytest.mark.parametrize(("kind", "name"), FIELDS, ids=[name for _, name in FIELDS])
async def test_a_field_of_the_schema_refuses_strangers_and_who_may_not(
    kind: str, name: str, personas: Personas, http: httpx2.AsyncClient
) -> None:
    query = {"query": operation_of(kind, name)}
    assert (await http.post("/graphql", json=query)).status_code == 401
    called = names_in(inspect.unwrap((ROOTS | CHANGES)[name]).__code__) & NAMED  # type: ignore[attr-defined, operator]
    permissions = {
        await refused(function, a_nobody()) for one, function in SERVICES.items() if one.partition(".")[2] in called
    }
    if permissions <= EVERYBODY_MAY:
        return
    wanted = next(iter(permissions - EVERYBODY_MAY))
    told = await may_not(wanted, personas).ask(query["query"])
    assert [error["extensions"]["code"] for error in told["errors"]] in (["forbidden"], ["request.invalid"]), told
    assert told["data"] == {name: None}
