"""The composition root: settings in, application out."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import limits as notation
import structlog
import uvicorn
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from app.api import health
from app.api.access import Doors
from app.api.deadlines import InTime
from app.api.development import DevelopmentSaid
from app.api.documentation import documentation
from app.api.graphql.door import GraphQLDoor, Rules
from app.api.graphql.schema import COMPILED_SCHEMA
from app.api.graphql.trusted import BadDocumentsError, read_documents
from app.api.headers import SafeHeaders
from app.api.limits import Meter, Meters, Quota
from app.api.rest import router as rest
from app.api.rest.last_resort import LastResort
from app.api.siasn import router as siasn
from app.api.siasn.access import Facade
from app.auth.addresses import must_be_safe
from app.auth.client_tokens import ClientTokens
from app.auth.development import DEVELOPMENT_KEY, development_issuer, development_key
from app.auth.issuers import read_issuers
from app.auth.keys import signing_key
from app.auth.sso_tokens import SsoTokens
from app.auth.tokens import TokenVerifier
from app.db.database import PoolSizes, open_database
from app.db.idempotency import Repeating
from app.memory import settle
from app.observability import Observed, set_up_logs, set_up_plain_logs
from app.settings import MEGABYTE, MisconfiguredError, Settings, arm_failpoint, destinations_of, sealing_of
from app.sheets.reading import Limits
from app.sheets.temporary import keep_temporary_files_in

DESCRIPTION = "Talent profiles, nine-box placement and completeness for Indonesia's civil service."

logger = structlog.get_logger()


def create_app(settings: Settings, database_url: str) -> FastAPI:
    """The application on a database whose schema is up to date."""
    set_up_plain_logs()
    is_development = settings.environment == "development"
    client_tokens = client_tokens_of(settings)
    verifier = verifier_of(settings, client_tokens)
    sealing, destinations = sealing_of(settings), destinations_of(settings)
    limits = Limits(settings.workbook_megabytes * MEGABYTE, settings.unpacked_megabytes * MEGABYTE)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        asyncio.get_running_loop().set_default_executor(Abandoning())
        if is_development:
            logger.warning("development", meaning="whoever has the key in DATA_DIR is whoever they say they are")
        async with open_database(database_url, PoolSizes(documents=settings.database_connections)) as database:
            meters, repeating = meters_of(settings), repeating_by(settings)
            app.state.doors = Doors(
                database=database,
                verifier=verifier,
                client_tokens=client_tokens,
                sso_tokens=sso_tokens_of(settings, client_tokens),
                sealing=sealing,
                destinations=destinations,
                limits=limits,
                meters=meters,
                repeating=repeating,
                data_protection_contact=settings.data_protection_contact,
            )
            yield

    app = FastAPI(
        title="Nusatalenta",
        version="0.1.0",
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    rest.install(app)
    app.include_router(health.router)
    app.router.routes[:0] = GraphQLDoor(graphql_rules(settings)).routes()
    siasn.install(app, facade_of(settings, client_tokens), settings.siasn_mounts)
    if is_development:
        app.add_route("/docs", documentation, include_in_schema=False)
    _surround(app, settings)
    return app


def graphql_rules(settings: Settings) -> Rules:
    """What may be asked of GraphQL; `MisconfiguredError` where the trusted documents are not what they should be."""
    if settings.graphql_cost > notation.parse(settings.graphql_budget).amount:
        raise MisconfiguredError("GRAPHQL_BUDGET must be at least GRAPHQL_COST: one operation may cost that")
    if settings.trusted_documents_only and settings.trusted_documents is None:
        raise MisconfiguredError("TRUSTED_DOCUMENTS_ONLY needs TRUSTED_DOCUMENTS: nobody could ask for anything")
    told, is_development = settings.graphql_introspection, settings.environment == "development"
    try:
        documents = (
            {} if settings.trusted_documents is None else read_documents(settings.trusted_documents, COMPILED_SCHEMA)
        )
    except BadDocumentsError as error:
        raise MisconfiguredError(f"TRUSTED_DOCUMENTS: {error}") from error
    return Rules(
        settings.graphql_cost, is_development if told is None else told, documents, settings.trusted_documents_only
    )


def _surround(app: FastAPI, settings: Settings) -> None:
    """What every request passes, from the innermost: each is added around those before it."""
    app.add_middleware(InTime, seconds=settings.request_seconds, long_seconds=settings.long_request_seconds)
    app.add_middleware(LastResort)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=("GET", "POST", "PUT", "PATCH", "DELETE"),
            allow_headers=CORS_REQUEST_HEADERS,
            expose_headers=CORS_ANSWER_HEADERS,
        )
    if settings.trusted_hosts:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=settings.trusted_hosts, www_redirect=False)
    app.add_middleware(Observed, largest_request=settings.upload_megabytes * MEGABYTE)
    unless_told = 0 if settings.environment == "development" else A_YEAR
    if settings.environment == "development":
        app.add_middleware(DevelopmentSaid)
    app.add_middleware(
        SafeHeaders, hsts_seconds=unless_told if settings.hsts_seconds is None else settings.hsts_seconds
    )


A_YEAR = 365 * 24 * 60 * 60  # seconds
CORS_REQUEST_HEADERS = ("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "X-Purpose")
CORS_ANSWER_HEADERS = (
    *("ETag", "Location", "Retry-After", "X-Request-Id", "Idempotency-Replayed"),
    *("RateLimit", "RateLimit-Policy", "Content-Disposition"),
)


def repeating_by(settings: Settings) -> Repeating:
    """How long answers can be repeated."""
    return Repeating(
        kept_for=timedelta(hours=settings.idempotency_hours),
        longest=timedelta(seconds=settings.request_seconds),
        longest_with_files=timedelta(seconds=settings.long_request_seconds),
    )


def meters_of(settings: Settings) -> Meters:
    """What clients may take, counted from now on."""
    return Meters(
        requests=_meter("default", settings.rate_limit),
        writes=_meter("writes", settings.rate_limit_writes),
        strangers=_meter("sign-in", settings.rate_limit_strangers),
        costs=_meter("graphql", settings.graphql_budget),
    )


def _meter(name: str, rate: str) -> Meter:
    item = notation.parse(rate)
    return Meter(Quota(name, item.amount, item.get_expiry()))


def facade_of(settings: Settings, client_tokens: ClientTokens) -> Facade:
    """What the doors of the SIASN facade need: its tokens of systems live as long as its clients keep them."""
    lifetime = timedelta(minutes=settings.siasn_application_minutes)
    return Facade(replace(client_tokens, lifetime=lifetime), _meter("siasn", settings.rate_limit_siasn))


class Abandoning(ThreadPoolExecutor):
    """Threads that a stopped service does not wait for: what they work on, nobody asks for any more."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - as inherited
        """Return at once."""
        super().shutdown(wait=False, cancel_futures=True)


def verifier_of(settings: Settings, client_tokens: ClientTokens) -> TokenVerifier:
    """Whose tokens count: the issuers of TOKEN_ISSUERS, we for clients, and in development we for people."""
    is_development = settings.environment == "development"
    if settings.token_issuers is None and not is_development:
        raise MisconfiguredError("set TOKEN_ISSUERS: tokens we sign ourselves for people count in development only")
    try:
        issuers = [client_tokens.as_issuer()]
        if settings.token_issuers is not None:
            issuers += read_issuers(settings.token_issuers, is_development=is_development)
        if is_development:
            issuers.append(development_issuer(development_key(settings.data_dir / DEVELOPMENT_KEY).public_key()))
        return TokenVerifier(issuers, timedelta(seconds=settings.clock_skew_seconds))
    except ValueError as error:
        raise MisconfiguredError(f"TOKEN_ISSUERS: {error}") from error


def client_tokens_of(settings: Settings) -> ClientTokens:
    """How clients get tokens: signed with the installation's key; in development, unless told, with the one there."""
    is_development = settings.environment == "development"
    if not is_development and (settings.service_url is None or settings.signing_key is None):
        raise MisconfiguredError("set SERVICE_URL and SIGNING_KEY: tokens of integration clients name and need them")
    address = (settings.service_url or f"http://{settings.host}:{settings.port}").rstrip("/")
    try:
        must_be_safe(address, is_development=is_development)
        own = settings.data_dir / DEVELOPMENT_KEY
        key = development_key(own) if settings.signing_key is None else signing_key(settings.signing_key)
    except (ValueError, TypeError) as error:
        raise MisconfiguredError(f"SERVICE_URL, SIGNING_KEY: {error}") from error
    return ClientTokens(address, key, timedelta(minutes=settings.client_token_minutes))


def sso_tokens_of(settings: Settings, client_tokens: ClientTokens) -> SsoTokens:
    """How people get tokens for clients that speak as to SIASN: signed with the same key, under another name."""
    lifetime = timedelta(minutes=settings.siasn_sso_minutes)
    return SsoTokens(client_tokens.issuer, client_tokens.key, lifetime)


def serve_until_stopped(settings: Settings, database_url: str) -> None:
    """Serve until SIGTERM or Ctrl-C; requests under way get five seconds."""
    arm_failpoint(settings)
    application = create_app(settings, database_url)
    set_up_logs(settings.log_format)  # of a service that can be
    keep_temporary_files_in(settings.data_dir)
    config = uvicorn.Config(
        application,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        loop="uvloop",
        http="httptools",
        timeout_graceful_shutdown=5,
        server_header=False,
        forwarded_allow_ips=settings.trusted_proxies,
    )
    server = uvicorn.Server(config)
    settle()
    server.run()
    if not server.started:
        sys.exit("the service did not start: see the messages above")
