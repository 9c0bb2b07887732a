"""Headers: every answer forbids browsers what they need not do; others may ask only where a setting says so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from structlog.testing import capture_logs

from app.main import create_app
from app.settings import Settings
from tests.conftest import url_of
from tests.personas import Personas

PORTAL = "https://portal.example.go.id"
ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cache-control": "private, no-store",
    "cross-origin-resource-policy": "same-origin",
}


@asynccontextmanager
async def unstarted(settings: Settings, **chosen: object) -> AsyncIterator[httpx2.AsyncClient]:
    """An application without a database: whoever is admitted meets a failure that nobody foresaw."""
    application = create_app(settings.model_copy(update=chosen), url_of("nowhere"))
    transport = httpx2.ASGITransport(app=application, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/v1/institutions", 200),
        ("GET", "/v1/talents/1", 404),
        ("GET", "/nowhere", 404),
        ("DELETE", "/v1/talents", 405),
        ("POST", "/graphql", 422),
        ("GET", "/health/live", 200),
        ("GET", "/openapi.json", 200),
    ],
)
async def test_every_answer_is_safe_in_a_browser(method: str, address: str, status: int, personas: Personas) -> None:
    officer = personas.hr_officer(uuid4())
    answer = await officer.http.request(method, address, headers={"authorization": f"Bearer {officer.token}"})
    assert answer.status_code == status
    assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS
    assert "strict-transport-security" not in answer.headers  # in development


async def test_a_failure_that_nobody_foresaw_is_safe_too(settings: Settings, signing_key: Ed25519PrivateKey) -> None:
    async with unstarted(settings, hsts_seconds=60, cors_origins=(PORTAL,)) as client:
        officer = Personas(client, signing_key).hr_officer(uuid4())
        with capture_logs():
            answer = await officer.get("/v1/institutions", headers={"origin": PORTAL})
    assert answer.status_code == 500
    assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS
    assert answer.headers["strict-transport-security"] == "max-age=60; includeSubDomains"
    assert answer.headers["access-control-allow-origin"] == PORTAL
    assert answer.headers["x-request-id"] == answer.json()["requestId"]


@pytest.mark.parametrize(("address", "source"), [("/docs", "cdn.jsdelivr.net"), ("/graphql", "unpkg.com")])
async def test_a_page_of_development_may_load_its_scripts_and_nothing_else(
    address: str, source: str, http: httpx2.AsyncClient
) -> None:
    answer = await http.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert f"script-src https://{source}" in policy
    assert source in answer.text
    assert "frame-ancestors 'none'" in policy


# ── other origins


async def test_no_other_origin_may_read_unless_a_setting_says_so(http: httpx2.AsyncClient) -> None:
    asked = {"origin": PORTAL, "access-control-request-method": "GET"}
    assert (await http.options("/v1/talents", headers=asked)).status_code == 405
    answer = await http.get("/health/live", headers={"origin": PORTAL})
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(("address", "method"), [("/v1/talents", "GET"), ("/v1/cycles", "POST"), ("/graphql", "POST")])
async def test_a_portal_named_by_a_setting_may_ask(settings: Settings, address: str, method: str) -> None:
    asked = {
        "origin": PORTAL,
        "access-control-request-method": method,
        "access-control-request-headers": "authorization, content-type, idempotency-key, if-match",
    }
    async with unstarted(settings, cors_origins=(PORTAL,)) as client:
        allowed = await client.options(address, headers=asked)
        refused = await client.options(address, headers=asked | {"origin": PORTAL + ".example.com"})
        answer = await client.get("/health/live", headers={"origin": PORTAL})
    assert allowed.status_code == 200, allowed.text
    assert allowed.headers["access-control-allow-origin"] == PORTAL
    assert method in allowed.headers["access-control-allow-methods"]
    assert "access-control-allow-credentials" not in allowed.headers
    assert refused.status_code == 400
    assert "access-control-allow-origin" not in refused.headers
    exposed = answer.headers["access-control-expose-headers"]
    assert {"ETag", "Location", "RateLimit", "X-Request-Id", "Idempotency-Replayed"} <= set(exposed.split(", "))


# ── other names


async def test_a_service_with_names_is_not_asked_under_others(settings: Settings) -> None:
    async with unstarted(settings, trusted_hosts=("talenta.example.go.id",)) as client:
        for host, status in (("talenta.example.go.id", 200), ("elsewhere.example", 400), ("", 400)):
            answer = await client.get("/health/live", headers={"host": host})
            assert answer.status_code == status, host
            assert answer.headers["x-content-type-options"] == "nosniff"


# ── as installed


def test_lists_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ORIGINS", f"{PORTAL}, https://other.example")
    monkeypatch.setenv("TRUSTED_HOSTS", "talenta.example.go.id")
    given = Settings()
    assert given.cors_origins == (PORTAL, "https://other.example")
    assert given.trusted_hosts == ("talenta.example.go.id",)
