"""Requests made from the OpenAPI document, fitting and not: each is answered, and each refusal is a problem."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

import httpx2
import jsonschema_rs
import pytest
import pytest_asyncio
import schemathesis
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from structlog.testing import capture_logs

from app.auth.tokens import sign
from app.db.database import Database
from app.domain.actors import Actor, Role
from app.main import create_app
from app.settings import Settings
from tests.factories import a_placed_talent, an_institution

EXAMPLES = 8  # for each of some ten operations, twice


def described() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as directory:
        return create_app(Settings(environment="development", data_dir=Path(directory)), "postgresql://").openapi()


OPENAPI = described()
OPERATIONS = [
    result.ok()
    for result in schemathesis.openapi.from_dict(OPENAPI).get_all_operations()
    if result.ok().method.upper() == "GET" and result.ok().path.startswith("/v1/")
]
PROBLEM = jsonschema_rs.Draft202012Validator(
    {"$ref": "#/components/schemas/Problem", "components": OPENAPI["components"]}, validate_formats=True
)


@pytest_asyncio.fixture(scope="module")
async def officer(
    db: Database, signing_key: Ed25519PrivateKey, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, str], str]:
    """The headers of an officer, and the number of somebody in the institution."""
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path_factory.mktemp("office"))
    token = sign(Actor(UUID(str(actor.institution_id)), Role.HR_OFFICER, "officer"), signing_key)
    return {"authorization": f"Bearer {token}"}, nip


def address_of(case: Any, nip: str | None) -> str:
    """The address of a case; `nip` stands in for a generated number."""
    given = {**case.path_parameters, **({} if nip is None or "nip" not in case.path_parameters else {"nip": nip})}
    path = case.path.format(**{name: quote(str(value), safe="%") for name, value in given.items()})
    return f"{path}?{urlencode(dict(case.query or {}), doseq=True)}"


def must_be_as_announced(operation: Any, answer: httpx2.Response) -> None:
    assert answer.status_code < 500
    kind = answer.headers["content-type"].partition(";")[0]
    if answer.status_code >= 400:
        assert kind == "application/problem+json"
        PROBLEM.validate(answer.json())
        assert answer.json()["status"] == answer.status_code
        return
    announced = OPENAPI["paths"][operation.path]["get"]["responses"][str(answer.status_code)]["content"]
    if kind == "application/json":
        jsonschema_rs.Draft202012Validator(announced[kind]["schema"], validate_formats=True).validate(answer.json())


@pytest.mark.parametrize("mode", list(GenerationMode), ids=[mode.value for mode in GenerationMode])
@pytest.mark.parametrize("operation", OPERATIONS, ids=[operation.path for operation in OPERATIONS])
@given(data=st.data())
@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
async def test_whatever_is_asked_is_answered(
    operation: Any,
    mode: GenerationMode,
    data: st.DataObject,
    http: httpx2.AsyncClient,
    officer: tuple[dict[str, str], str],
) -> None:
    headers, nip = officer
    case = data.draw(operation.as_strategy(generation_mode=mode))
    address = address_of(case, data.draw(st.sampled_from([None, nip])))
    with capture_logs():
        answer = await http.get(address, headers=headers)
    must_be_as_announced(operation, answer)


def test_there_are_operations_to_ask() -> None:
    assert len(OPERATIONS) >= 9
