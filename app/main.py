"""The composition root: settings in, application out."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from app.api import health
from app.api.access import Doors
from app.api.graphql import schema as graphql
from app.api.rest import router as rest
from app.auth.tokens import DEVELOPMENT_ISSUER, Issuer, TokenVerifier, development_key, public_key
from app.db.database import PoolSizes, open_database
from app.observability import Observed, set_up_logs
from app.settings import MEGABYTE, Settings
from app.sheets.reading import Limits

DESCRIPTION = "Talent profiles, nine-box placement and completeness for Indonesia's civil service."


class MisconfiguredError(ValueError):
    """The settings do not make a service; the sentence says what to set."""


def create_app(settings: Settings, database_url: str) -> FastAPI:
    """The application on a database whose schema is up to date."""
    is_development = settings.environment == "development"
    verifier = TokenVerifier(token_issuer(settings))
    limits = Limits(settings.workbook_megabytes * MEGABYTE, settings.unpacked_megabytes * MEGABYTE)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_database(database_url, PoolSizes(documents=settings.database_connections)) as database:
            app.state.doors = Doors(database, verifier, limits, settings.data_dir / "uploads")
            yield

    app = FastAPI(
        title="Nusatalenta",
        version="0.1.0",
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url="/docs" if is_development else None,
        redoc_url=None,
    )
    rest.install(app)
    app.include_router(health.router)
    app.router.routes[:0] = graphql.routes(with_ide=is_development)
    app.add_middleware(Observed, largest_request=settings.upload_megabytes * MEGABYTE)
    return app


def token_issuer(settings: Settings) -> Issuer:
    """Whose tokens count: the configured issuer; in development, without one, our own."""
    if settings.token_issuer and settings.token_public_key:
        return Issuer(settings.token_issuer, public_key(settings.token_public_key))
    if settings.environment != "development":
        raise MisconfiguredError(
            "set TOKEN_ISSUER and TOKEN_PUBLIC_KEY: tokens we sign ourselves count in development only"
        )
    return Issuer(DEVELOPMENT_ISSUER, development_key(settings.data_dir / "development-issuer.pem").public_key())


def serve_until_stopped(settings: Settings, database_url: str) -> None:
    """Serve until SIGTERM or Ctrl-C; requests under way get five seconds."""
    set_up_logs(settings.log_format)
    config = uvicorn.Config(
        create_app(settings, database_url),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        loop="uvloop",
        http="httptools",
        timeout_graceful_shutdown=5,
        server_header=False,
    )
    server = uvicorn.Server(config)
    server.run()
    if not server.started:
        sys.exit("the service did not start: see the messages above")
