"""Requests made from the OpenAPI document and from the GraphQL schema, fitting and not: answers pass every check."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest
import pytest_asyncio
import schemathesis
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.graphql import nodes
from structlog.testing import capture_logs

from app.api.graphql.schema import sdl
from app.auth.development import sign
from app.db.database import Database
from app.dev.fuzz.described import Ground, draw, operations_of, wrong_as_described
from app.domain.actors import Actor, Role
from tests.contracts import openapi
from tests.factories import a_placed_talent, an_institution

EXAMPLES = 2  # for each of some hundred operations, twice; the full run is `./nusatalenta fuzz`
SENT_AGAIN = ("ignored_auth",)
"""What would send the request again over the network; that strangers are refused has a test of its own below."""


OPERATIONS = operations_of(openapi())
ASKED = [
    pytest.param(operation, mode, id=f"{mode.value}-{operation.label}")
    for operation in OPERATIONS
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or operation.body or any(True for _ in operation.iter_parameters())
]
"""Where nothing is given, nothing can be wrong."""
ANY_JSON = st.one_of(st.text().map(nodes.String), st.integers(-9, 9).map(nodes.Int), st.booleans().map(nodes.Boolean))
schemathesis.graphql.scalar("JSON", ANY_JSON)
FIELDS = [found.ok() for found in schemathesis.graphql.from_file(io.StringIO(sdl())).get_all_operations()]
"""Every field of the query and the mutation type."""
PROTECTED = [pytest.param(one, id=one.label) for one in OPERATIONS if one.path.startswith("/v1/")]


@pytest_asyncio.fixture(scope="module")
async def ground(db: Database, signing_key: Ed25519PrivateKey, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """An institution with somebody in it, and a token for every role."""
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path_factory.mktemp("office"))
    roles = [role for role in Role if role not in (Role.OPERATOR, Role.CLIENT)]
    actors = [Actor(actor.institution_id, role, role.value, nip, unit_id="U1") for role in roles]
    tokens = {one.role.value: sign(one, signing_key) for one in actors}
    return Ground(tokens, {"A.nip": nip, "B.nip": "196001011985031999"}, "http://test")


@pytest.mark.parametrize(("operation", "mode"), ASKED)
@given(data=st.data())
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
async def test_whatever_is_asked_is_answered(
    operation: Any, mode: GenerationMode, data: st.DataObject, http: httpx2.AsyncClient, ground: Ground
) -> None:
    asked = draw(data, operation, mode, ground)
    sent = asked.sent
    with capture_logs():
        answer = await http.request(sent.method, sent.url, headers=as_sent(sent.headers), content=sent.body)
    assert list(wrong_as_described(asked, answer, excluded=SENT_AGAIN)) == []


@pytest.mark.parametrize("field", FIELDS, ids=[field.label for field in FIELDS])
@given(data=st.data())
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
async def test_whatever_is_asked_of_graphql_is_answered(
    field: Any, data: st.DataObject, http: httpx2.AsyncClient, ground: Ground
) -> None:
    token = ground.tokens[data.draw(st.sampled_from(sorted(ground.tokens)))]
    asked = {"query": data.draw(field.as_strategy()).body}
    with capture_logs():
        answer = await http.post("/graphql", json=asked, headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200, (asked, answer.text)
    told = answer.json()
    codes = [error["extensions"]["code"] for error in told.get("errors", ())]
    assert "internal" not in codes, asked
    assert codes or told["data"].keys() == {field.definition.field_name}
    assert told["extensions"]["cost"]["requested"] > 0 if "data" in told else codes


def as_sent(headers: Mapping[str, str | bytes]) -> dict[bytes, bytes]:
    """Headers byte for byte: HTTP knows no other letters."""
    return {
        name.encode("latin-1"): value if isinstance(value, bytes) else value.encode("latin-1")
        for name, value in headers.items()
    }


@pytest.mark.parametrize("operation", PROTECTED)
async def test_strangers_are_refused(operation: Any, http: httpx2.AsyncClient) -> None:
    path = operation.path.replace("{", "").replace("}", "")
    with capture_logs():
        answer = await http.request(operation.method.upper(), path)
    assert answer.status_code == 401


def test_there_are_operations_to_ask() -> None:
    assert len(OPERATIONS) >= 70
    assert len(FIELDS) >= 90
