"""run, demo and bench: what a developer and a newcomer need."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
import time
from typing import NoReturn

import typer

from app.db.database import open_database
from app.db.migrations import migrate
from app.dev import demo as demonstration
from app.dev.benchmark import commands as benchmark
from app.dev.installation import Installation, installed
from app.main import serve_until_stopped
from app.settings import Settings

app = typer.Typer()
app.add_typer(benchmark.app, name="bench")


@app.command()
def run() -> None:
    """Start everything on this machine: PostgreSQL, schema, demo, API. Ctrl-C stops it all."""
    signal.signal(signal.SIGTERM, _leave)  # also before the server is there to handle it
    settings = Settings.model_validate(
        {"environment": "development", "log_format": "text", **Settings().model_dump(exclude_unset=True)}
    )
    _must_be_free(settings)
    began = time.monotonic()
    print("connecting …" if settings.database_url else "starting PostgreSQL …", file=sys.stderr, flush=True)
    with installed(settings, wait=True) as installation:
        print("bringing the schema up to date …", file=sys.stderr, flush=True)
        asyncio.run(migrate(installation.owner_url))
        asyncio.run(_demo(settings, installation))
        officer = asyncio.run(_officer_token(settings, installation))
        address = f"http://{settings.host}:{settings.port}"
        print(
            f"""
Nusatalenta is ready after {time.monotonic() - began:.1f} s. DEVELOPMENT ONLY: it accepts tokens that it signs itself.

  REST documentation   {address}/docs
  GraphiQL             {address}/graphql
  token (HR officer of {demonstration.FIRST}, 12 hours):

{officer}

  try:  curl -H "Authorization: Bearer TOKEN" {address}/v1/nine-box
""",
            flush=True,
        )
        serve_until_stopped(settings, installation.url)


@app.command()
def demo() -> None:
    """Create the four demonstration institutions and import their files, where that has not been done."""
    settings = Settings()
    with installed(settings) as installation:
        if settings.database_url is None:
            asyncio.run(migrate(installation.owner_url))
        asyncio.run(_demo(settings, installation))


def _leave(*_: object) -> NoReturn:
    raise SystemExit(128 + signal.SIGTERM)


def _must_be_free(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            sys.exit(
                f"port {settings.port} of {settings.host} cannot be had ({error.strerror}): choose one with PORT=…"
            )


async def _demo(settings: Settings, installation: Installation) -> None:
    async with open_database(installation.url) as database:
        await demonstration.show(database, settings.data_dir / "demo")


async def _officer_token(settings: Settings, installation: Installation) -> str:
    async with open_database(installation.url) as database:
        return await demonstration.officer_token(database, settings.data_dir / "development-issuer.pem")
