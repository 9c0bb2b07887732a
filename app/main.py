"""The composition root: settings in, application out."""

from __future__ import annotations

import asyncio
import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from app.api import health
from app.api.access import Doors
from app.api.background import Background
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
        asyncio.get_running_loop().set_default_executor(Abandoning())
        async with open_database(database_url, PoolSizes(documents=settings.database_connections)) as database:
            background = Background()
            app.state.doors = Doors(database, verifier, limits, background)
            try:
                yield
            finally:
                await background.stop()

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


class Abandoning(ThreadPoolExecutor):
    """Threads that a stopped service does not wait for: what they work on, nobody asks for any more."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - as inherited
        """Return at once."""
        super().shutdown(wait=False, cancel_futures=True)


def keep_temporary_files_in(data_dir: Path) -> None:
    """Uploads and unpacked workbooks hold people: they lie below DATA_DIR; what killed processes left is removed."""
    for left in (data_dir / "tmp").glob("*"):
        if not _is_alive(left.name):
            shutil.rmtree(left, ignore_errors=True)
    own = data_dir / "tmp" / str(os.getpid())
    own.mkdir(mode=0o700, parents=True, exist_ok=True)
    tempfile.tempdir = str(own)
    atexit.register(shutil.rmtree, own, ignore_errors=True)


def _is_alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


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
    keep_temporary_files_in(settings.data_dir)
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
