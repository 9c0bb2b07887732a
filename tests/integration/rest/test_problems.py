"""Problems: every failure has a stable code, two languages and a number; logs and metrics name nobody."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import jsonschema_rs
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI
from structlog.testing import capture_logs

from app.api.rest import problems
from app.db.database import Database
from app.main import create_app
from app.observability import without_people
from app.settings import Settings
from tests.conftest import as_superuser, url_of
from tests.factories import a_placed_talent, an_institution
from tests.personas import Persona, Personas

PROBLEM = "application/problem+json"
Call = Callable[[Personas, UUID], Awaitable[httpx2.Response]]


@pytest_asyncio.fixture(scope="module")
async def somebody(db: Database, tmp_path_factory: pytest.TempPathFactory) -> tuple[UUID, str]:
    """An institution, and somebody in it."""
    actor = await an_institution(db)
    return actor.institution_id, await a_placed_talent(db, actor, tmp_path_factory.mktemp("office"))


@pytest_asyncio.fixture(scope="module")
async def unstarted(settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """An application that has no database yet: every read of it fails in a way nobody foresaw."""
    transport = httpx2.ASGITransport(app=create_app(settings, url_of("nowhere")), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


FAILURES: dict[str, tuple[int, str, Call]] = {
    "not signed in": (401, "unauthenticated", lambda p, i: p.anonymous().get("/v1/talents")),
    "expired": (401, "token.expired", lambda p, i: p.expired(i).get("/v1/talents")),
    "not allowed": (403, "forbidden", lambda p, i: p.national(i).get("/v1/talents")),
    "absent": (404, "talent.not_found", lambda p, i: p.hr_officer(i).get("/v1/talents/1")),
    "absent import": (404, "import.not_found", lambda p, i: p.hr_officer(i).get(f"/v1/imports/{uuid4()}")),
    "absent institution": (404, "institution.not_found", lambda p, i: p.hr_officer(uuid4()).get("/v1/completeness")),
    "no such address": (404, "route.not_found", lambda p, i: p.hr_officer(i).get("/v1/nothing")),
    "no such address either": (404, "route.not_found", lambda p, i: p.anonymous().get("/")),
    "no such method": (405, "route.method", lambda p, i: p.hr_officer(i).post("/v1/talents")),
    "no such method here": (405, "route.method", lambda p, i: p.http.delete("/v1/imports")),
    "nor here": (405, "route.method", lambda p, i: p.http.put("/graphql")),
    "a bad parameter": (422, "request.invalid", lambda p, i: p.hr_officer(i).get("/v1/talents?first=0")),
    "a bad form": (422, "request.invalid", lambda p, i: p.hr_officer(i).post("/v1/imports", data={"asOf": "x"})),
    "no JSON": (422, "request.not_json", lambda p, i: p.hr_officer(i).post("/graphql", content=b"{")),
    "a bad operation": (422, "request.invalid", lambda p, i: p.hr_officer(i).post("/graphql", json={"query": 1})),
}


def must_be_a_problem(answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM), answer.text
    body = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"] == f"urn:nusatalenta:problem:{code}"
    assert body["requestId"]
    assert body["requestId"] == answer.headers["x-request-id"]
    said = body["translations"]
    assert set(said) == {"id", "en"}
    assert all(isinstance(words, str) and len(words) > 5 and "{" not in words for words in said.values())
    assert said["id"] != said["en"]
    return body


@pytest.mark.parametrize(("status", "code", "call"), FAILURES.values(), ids=list(FAILURES))
async def test_every_failure_is_a_problem(
    status: int, code: str, call: Call, personas: Personas, somebody: tuple[UUID, str]
) -> None:
    must_be_a_problem(await call(personas, somebody[0]), status, code)


@pytest.mark.parametrize("name", FAILURES)
async def test_every_problem_is_as_announced(
    name: str, personas: Personas, somebody: tuple[UUID, str], app: FastAPI
) -> None:
    components = app.openapi()["components"]
    schema = {"$ref": "#/components/schemas/Problem", "components": components}
    jsonschema_rs.validate(schema, (await FAILURES[name][2](personas, somebody[0])).json())


async def test_what_nobody_foresaw_is_a_problem_that_tells_nothing(
    unstarted: httpx2.AsyncClient, signing_key: Ed25519PrivateKey
) -> None:
    officer = Personas(unstarted, signing_key).hr_officer(uuid4())
    with capture_logs():
        answer = await officer.get("/v1/talents/198008212005011001")
    assert (answer.status_code, answer.headers["content-type"]) == (500, PROBLEM)
    body = answer.json()
    assert body["code"] == "internal"
    assert body["requestId"]
    for word in ("doors", "AttributeError", "State", "Traceback", "198008212005011001"):
        assert word not in answer.text


async def test_a_mistake_of_ours_has_the_number_in_its_header_too(
    unstarted: httpx2.AsyncClient, signing_key: Ed25519PrivateKey
) -> None:
    with capture_logs():
        answer = await Personas(unstarted, signing_key).hr_officer(uuid4()).get("/v1/talents/198008212005011001")
    assert answer.headers.get("x-request-id") == answer.json()["requestId"]


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        (None, "id"),
        ("", "id"),
        ("id", "id"),
        ("id-ID,en;q=0.5", "id"),
        ("en", "en"),
        ("en-GB,id;q=0.9", "en"),
        ("EN", "en"),
        ("fr", "id"),
        ("*", "id"),
        (";;;,,,", "id"),
    ],
)
async def test_a_problem_speaks_the_language_asked_for(
    asked: str | None, language: str, http: httpx2.AsyncClient
) -> None:
    headers = {} if asked is None else {"accept-language": asked}
    answer = await http.get("/v1/talents", headers=headers)
    body = answer.json()
    assert answer.headers["content-language"] == language
    assert "accept-language" in answer.headers["vary"].lower()
    assert body["detail"] == body["translations"][language]
    assert body["title"] == problems.TITLES[401][language]


async def test_every_answer_has_a_number_of_its_own(http: httpx2.AsyncClient) -> None:
    numbers = [
        (await http.get("/health/live", headers={"x-request-id": "mine"})).headers["x-request-id"] for _ in range(5)
    ]
    assert len({*numbers, "mine"}) == 6


async def test_every_method_of_every_address_is_answered_without_a_failure(http: httpx2.AsyncClient) -> None:
    for path in (
        "/v1/talents",
        "/v1/talents/1",
        "/v1/imports",
        "/graphql",
        "/health/live",
        "/metrics",
        "/v1",
        "//",
        "/%ff",
    ):
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
            answer = await http.request(method, path)
            assert answer.status_code < 500, (method, path)
            assert answer.status_code < 400 or answer.headers["content-type"] == PROBLEM, (method, path)


# ── logs


async def test_a_profile_is_logged_by_its_template_and_names_nobody(
    personas: Personas, somebody: tuple[UUID, str]
) -> None:
    institution, nip = somebody
    officer, talent = personas.hr_officer(institution), personas.talent(institution, nip)
    with capture_logs() as events:
        profile = await officer.get(f"/v1/talents/{nip}")
        await talent.get(f"/v1/talents/{nip}/placement")
        await officer.get(f"/v1/talents/{nip}x")
        await officer.get(f"/v1/nowhere/{nip}")
        await officer.post(f"/v1/talents/{nip}")
        await officer.get(f"/v1/talents?unit={nip}")
        await officer.ask("query($nip: String!) { talent(nip: $nip) { name } }", nip=nip)
        await officer.post("/graphql", json={"query": f'{{ talent(nip: "{nip}") {{ nope }} }}'})
    said = json.dumps(events, default=repr)
    assert nip not in said
    assert profile.json()["name"] not in said
    assert officer.token is not None
    assert officer.token not in said
    requests = [event for event in events if event["event"] == "request"]
    assert [event["route"] for event in requests[:3]] == [
        "/v1/talents/{nip}",
        "/v1/talents/{nip}/placement",
        "/v1/talents/{nip}",
    ]
    assert requests[3]["route"] == "unmatched"
    assert requests[7]["route"] == "/graphql"
    assert [event["status"] for event in requests] == [200, 200, 404, 404, 405, 200, 200, 200]
    assert requests[0]["id"] == profile.headers["x-request-id"]


# one process for each format, because loggers remember theirs; forked, because imports are slow
FAILING = """
import asyncio, os, sys, pathlib, httpx2
from app.main import create_app
from app.observability import set_up_logs
from app.settings import Settings

async def fail(directory, form):
    set_up_logs(form)
    settings = Settings(environment="development", data_dir=directory)
    transport = httpx2.ASGITransport(app=create_app(settings, "postgresql:///nowhere"), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        headers = {"authorization": "Bearer SECRET-TOKEN"}
        answer = await client.get("/v1/talents/198008212005011001?unit=SECRET-UNIT", headers=headers)
        print(answer.status_code, answer.text)

directory = pathlib.Path(sys.argv[1])
for form in ("json", "text"):
    if os.fork() == 0:
        for number, kind in ((1, "answer"), (2, "log")):
            os.dup2(os.open(directory / f"{form}.{kind}", os.O_CREAT | os.O_WRONLY), number)
        asyncio.run(fail(directory, form))
        sys.exit()
while True:
    try:
        os.wait()
    except ChildProcessError:
        break
"""


@pytest.fixture(scope="module")
def failures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an application said, and what it logged, when a profile could not be read for a reason nobody foresaw."""
    directory = tmp_path_factory.mktemp("failures")
    subprocess.run([sys.executable, "-c", FAILING, str(directory)], check=True, timeout=60)
    return directory


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_failure_is_answered_and_logged_in_every_format(form: str, failures: Path) -> None:
    assert (failures / f"{form}.answer").read_text().startswith('500 {"type":"urn:nusatalenta:problem:internal"')
    log = (failures / f"{form}.log").read_text()
    assert "request.failed" in log
    assert "doors" in log  # the mistake itself is told


@pytest.mark.parametrize("form", ["json", "text"])
@pytest.mark.parametrize("secret", ["198008212005011001", "SECRET-TOKEN", "SECRET-UNIT"])
def test_a_failure_is_logged_without_numbers_and_tokens(secret: str, form: str, failures: Path) -> None:
    assert secret not in (failures / f"{form}.log").read_text()


# ── health and metrics


async def test_the_process_is_alive_and_ready(http: httpx2.AsyncClient) -> None:
    live, ready = await http.get("/health/live"), await http.get("/health/ready")
    assert (live.status_code, live.json()) == (200, {"status": "live"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})


async def test_a_process_without_its_database_is_alive_and_not_ready(
    settings: Settings, own_database_name: str
) -> None:
    application = create_app(settings, url_of(own_database_name))
    async with application.router.lifespan_context(application):
        transport = httpx2.ASGITransport(app=application, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            assert (await client.get("/health/ready")).status_code == 200
            await as_superuser("DROP TABLE placement CASCADE", own_database_name)
            answer = await client.get("/health/ready")
            assert answer.json()["code"] == "unavailable"
            assert (await client.get("/metrics")).status_code == 200, "what the process counts is told all the same"
            assert (answer.status_code, answer.headers["content-type"]) == (503, PROBLEM)
            await as_superuser(f"ALTER DATABASE {own_database_name} ALLOW_CONNECTIONS false")
            await as_superuser(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{own_database_name}'"  # noqa: S608
            )
            with capture_logs() as logs:
                answer = await client.get("/health/ready")
            assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
            assert answer.headers["retry-after"] == "5"
            [said] = [one for one in logs if one["event"] == "unavailable"]
            assert (said["code"], said["request_id"]) == ("unavailable", answer.headers["x-request-id"])
            assert set(said) == set(without_people(None, "warning", dict(said))), "all of it reaches the log"
            assert (await client.get("/health/live")).status_code == 200


async def test_metrics_count_requests_by_template(
    personas: Personas, somebody: tuple[UUID, str], http: httpx2.AsyncClient
) -> None:
    institution, nip = somebody

    async def counted(route: str, status: int) -> float:
        wanted = f'http_request_seconds_count{{method="GET",route="{route}",status="{status}"}} '
        lines = (await http.get("/metrics")).text.splitlines()
        return sum(float(line.removeprefix(wanted)) for line in lines if line.startswith(wanted))

    before = await counted("/v1/talents/{nip}", 200)
    officer: Persona = personas.hr_officer(institution)
    for _ in range(3):
        assert (await officer.get(f"/v1/talents/{nip}")).status_code == 200
    assert await counted("/v1/talents/{nip}", 200) == before + 3
    answer = await http.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert nip not in answer.text
    await http.get(f"/v1/nowhere/{nip}")
    assert await counted("unmatched", 404) >= 1
