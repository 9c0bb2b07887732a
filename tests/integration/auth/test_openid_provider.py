"""The service beside an OpenID Connect provider that is not ours: somebody signs in there, and is somebody here."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx2
import jwt
import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from app.auth.development import DEVELOPMENT_KEY, development_key, sign
from app.db.database import Database
from app.domain.actors import Actor, ClientScope, Role
from app.main import create_app
from app.services import clients
from app.services.clients import RegisterClient
from app.settings import Settings
from tests.conftest import url_of
from tests.factories import a_nip, an_institution
from tests.personas import Persona
from tests.providers import Provider, a_key, in_production, serving

CLIENT = "nusatalenta"  # this provider's tokens are meant for the client that asks for them
PORTAL = "http://portal.invalid/signed-in"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a provider in a process of its own."""
    for _ in range(5):  # somebody else may take the port before the process does
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        address = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            if is_ready(process, address):
                yield address
                return
        finally:
            process.terminate()
            process.wait(60)
    raise RuntimeError("the provider ended again and again")


def is_ready(process: subprocess.Popen[bytes], address: str) -> bool:
    """Whether the process answers; False where it has ended."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if process.poll() is not None:
            return False
        try:
            httpx2.get(f"{address}/.well-known/openid-configuration").raise_for_status()
        except (httpx2.TransportError, httpx2.HTTPStatusError):
            time.sleep(0.1)
        else:
            return process.poll() is None
    raise TimeoutError(address)


@pytest_asyncio.fixture(scope="module")
async def http(
    provider: str, database_name: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[httpx2.AsyncClient]:
    """The service in production, which trusts the provider."""
    directory = tmp_path_factory.mktemp("production")
    settings = settings_of(in_production(directory, {"issuer": provider, "audience": CLIENT}))
    application = create_app(settings, url_of(database_name))
    async with application.router.lifespan_context(application):
        transport = httpx2.ASGITransport(app=application)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            yield client


def settings_of(variables: dict[str, str]) -> Settings:
    return Settings(**{name.lower(): value for name, value in variables.items()})


def sign_in(provider: str, claims: dict[str, Any], client: str = CLIENT) -> str:
    """The authorization code flow of OpenID Connect Core 1.0, section 3.1, as a portal and a browser do it."""
    subject, state = uuid4().hex, uuid4().hex
    with httpx2.Client() as browser:
        browser.put(f"{provider}/users/{subject}", json=claims).raise_for_status()
        about = browser.get(f"{provider}/.well-known/openid-configuration").json()
        asked = {"response_type": "code", "client_id": client, "redirect_uri": PORTAL, "scope": "openid"}
        form = {"sub": subject}
        sent = browser.post(about["authorization_endpoint"], params=asked | {"state": state}, data=form)
        assert sent.status_code == 302, sent.text
        back = parse_qs(urlsplit(sent.headers["location"]).query)
        assert back["state"] == [state]
        grant = {"grant_type": "authorization_code", "code": back["code"][0], "redirect_uri": PORTAL}
        answer = browser.post(about["token_endpoint"], data=grant, auth=(client, "secret"))
        token: str = answer.raise_for_status().json()["id_token"]  # its access tokens are opaque
        return token


def keycloaks(institution: Actor, *roles: str, **but: str) -> dict[str, Any]:
    named = {"institution": str(institution.institution_id), "nip": "198501012010011001"}
    return {"realm_access": {"roles": list(roles)}, **named, **but}


async def test_who_signed_in_elsewhere_is_somebody_here(provider: str, http: httpx2.AsyncClient, db: Database) -> None:
    office = await an_institution(db)
    token = sign_in(provider, keycloaks(office, "uma_authorization", "hr-officer"))
    assert jwt.get_unverified_header(token)["alg"] == "RS256"
    answer = await Persona(http, token).get("/v1/institutions")
    assert answer.status_code == 200, answer.text
    [edge] = answer.json()["edges"]
    assert edge["node"]["id"] == str(office.institution_id)
    assert (await Persona(http, token).get("/v1/ledger")).status_code == 403


async def test_several_roles_add_up(provider: str, http: httpx2.AsyncClient, db: Database) -> None:
    office = await an_institution(db)
    both = Persona(http, sign_in(provider, keycloaks(office, "talent", "auditor", "administrator", nip=a_nip())))
    for path in ("/v1/ledger", "/v1/clients", "/v1/talents"):
        assert (await both.get(path)).status_code == 200, path
    talent = Persona(http, sign_in(provider, keycloaks(office, "talent", nip=a_nip())))
    assert (await talent.get("/v1/ledger")).status_code == 403


async def test_who_is_nobody_here_is_not_let_in(provider: str, http: httpx2.AsyncClient, db: Database) -> None:
    office = await an_institution(db)
    good = keycloaks(office, "hr-officer")
    for token in (
        sign_in(provider, good, client="another-application"),
        sign_in(provider, keycloaks(office, "operator")),
        sign_in(provider, keycloaks(office, "client")),
        sign_in(provider, keycloaks(office)),
        sign_in(provider, {"realm_access": good["realm_access"]}),
        sign_in(provider, good)[:-4] + "AAAA",
    ):
        answer = await Persona(http, token).get("/v1/institutions")
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_while_a_provider_is_away_nobody_can_tell(database_name: str, tmp_path: Path) -> None:
    gone = Provider(keys=[a_key()])
    with serving(gone):
        pass
    application = create_app(settings_of(in_production(tmp_path, {"issuer": gone.url})), url_of(database_name))
    async with application.router.lifespan_context(application):
        transport = httpx2.ASGITransport(app=application)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            answer = await Persona(client, gone.token()).get("/v1/institutions")
            assert (answer.status_code, answer.json()["code"]) == (503, "issuer.away")


# ── development


async def test_tokens_of_the_development_issuer_count_in_development_only(
    http: httpx2.AsyncClient, database_name: str, db: Database, tmp_path: Path
) -> None:
    actor = Actor((await an_institution(db)).institution_id, Role.HR_OFFICER, "officer")
    token = sign(actor, development_key(tmp_path / DEVELOPMENT_KEY))
    variables = in_production(tmp_path, {"issuer": "https://sso.example.go.id"})
    for environment, status in (("development", 200), ("production", 401)):
        application = create_app(settings_of(variables | {"ENVIRONMENT": environment}), url_of(database_name))
        with capture_logs() as logs:
            async with application.router.lifespan_context(application):
                transport = httpx2.ASGITransport(app=application)
                async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
                    asked = [await Persona(client, token).get("/v1/institutions"), await client.get("/nothing")]
        assert [answer.status_code for answer in asked] == [status, 404]
        said = {answer.headers.get("x-nusatalenta-environment") for answer in asked}
        assert said == ({"development"} if environment == "development" else {None})
        warned = [entry["event"] for entry in logs if entry["log_level"] == "warning"]
        assert ("development" in warned) is (environment == "development")


async def test_processes_share_the_key_that_tokens_of_clients_are_signed_with(
    database_name: str, db: Database, tmp_path: Path
) -> None:
    office = await an_institution(db)
    command = RegisterClient(name="SIMPEG", scopes=[ClientScope.TALENTS_READ])
    made = await clients.register_client(db, office, command)
    settings = settings_of(in_production(tmp_path, {"issuer": "https://sso.example.go.id"}))
    form, token = {"grant_type": "client_credentials"}, None
    for _ in range(2):
        application = create_app(settings, url_of(database_name))
        async with application.router.lifespan_context(application):
            transport = httpx2.ASGITransport(app=application)
            async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
                if token is None:
                    answer = await client.post("/oauth/token", data=form, auth=(made.client_id, made.secret))
                    token = answer.json()["access_token"]
                assert (await Persona(client, token).get("/v1/talents")).status_code == 200
    assert jwt.decode(token, options={"verify_signature": False})["iss"] == settings.service_url
