"""run, demo, token, bench and fuzz: what a developer and a newcomer need."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from hashlib import sha256
from typing import Annotated, NoReturn
from uuid import UUID

import typer

from app.auth.claims import PEOPLES_ROLES
from app.auth.development import DEVELOPMENT_KEY, development_key, sign
from app.db.database import Database, open_database
from app.db.migrations import migrate
from app.dev import demo as demonstration
from app.dev.benchmark import commands as benchmark
from app.dev.fuzz import commands as fuzzing
from app.dev.installation import Installation, installed, with_database
from app.dev.keeping import kept
from app.dev.kills import commands as killing
from app.dev.nation import loading as nation
from app.dev.postgres import stop_with_parent
from app.dev.siasn_simulator import commands as siasn_simulator
from app.dev.siasn_simulator import demonstration as siasn_demonstration
from app.domain.actors import Actor, Role
from app.settings import MisconfiguredError, Settings, destinations_of, sealing_of

app = typer.Typer()
app.add_typer(benchmark.app, name="bench")
app.add_typer(fuzzing.app)
app.add_typer(killing.app)
app.add_typer(siasn_simulator.app)


@app.command()
def run(
    siasn: Annotated[  # noqa: FBT002 - a flag of the command line
        bool, typer.Option("--siasn", help="Beside it a simulated SIASN, and a sync with it to look at.")
    ] = False,
) -> None:
    """Start everything on this machine: PostgreSQL, schema, demo, API. Ctrl-C stops it all."""
    from app.main import serve_until_stopped  # noqa: PLC0415 - the doors are half of what there is to load

    signal.signal(signal.SIGTERM, _leave)  # also before the server is there to handle it
    settings = Settings.for_development()
    _must_invent_nobody(settings)
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
        with _synchronised(settings, installation) if siasn else nullcontext(), _worker(settings):
            serve_until_stopped(settings, installation.url)


def _must_invent_nobody(settings: Settings) -> None:
    """In production there are no invented institutions: what they leave in the ledger nobody takes out again."""
    if settings.is_said_to_be_production:
        raise MisconfiguredError(
            "ENVIRONMENT says production, and the demonstration is of invented people: "
            "use serve, worker and migrate there, or ENVIRONMENT=development here"
        )


@app.command()
def demo(
    population: Annotated[
        int | None, typer.Option(min=300, max=6_000_000, help="Invent a nation of so many people beside them.")
    ] = None,
) -> None:
    """Create the four demonstration institutions and import their files, where that has not been done.

    With --population, 621 institutions more (fewer for a few people) with the same people every time, who have
    placements, cards and facts, but no evidence.
    """
    settings = Settings()
    _must_invent_nobody(settings)
    with installed(settings, server=None if population is None else nation.SERVER) as installation:
        if settings.database_url is None:
            asyncio.run(migrate(installation.owner_url))
        asyncio.run(_demo(settings, installation))
        if population is not None:
            _lay_nation(installation, population)


@app.command()
def token(
    role: Annotated[Role, typer.Option(help="What its bearer may do; operator and client are no roles of people.")],
    institution: Annotated[
        str | None, typer.Option(help="The institution's official name; of a national actor that of BKN unless told.")
    ] = None,
    nip: Annotated[str | None, typer.Option(help="The employee number of a talent.")] = None,
    unit: Annotated[str | None, typer.Option(help="Id of the unit of a unit verifier; those below it count.")] = None,
    subject: Annotated[
        str | None, typer.Option(help="Who its bearer is; two committee members are two subjects.")
    ] = None,
) -> None:
    """Print a development token (12 hours). It is accepted by `run`, never by a production service."""
    settings = Settings.for_development()
    if settings.environment != "development":
        sys.exit("ENVIRONMENT is production: tokens come from the identity providers of TOKEN_ISSUERS")
    if role not in PEOPLES_ROLES:
        raise typer.BadParameter(f"no person has the role {role.value}")
    if role is Role.TALENT and not nip:
        raise typer.BadParameter("a talent needs --nip")
    if role is Role.UNIT_VERIFIER and not unit:
        raise typer.BadParameter("a unit verifier needs --unit, the id of a unit")
    name = institution or (demonstration.NATIONAL_AGENCY if role is Role.NATIONAL else None)
    if name is None:
        raise typer.BadParameter("--institution is needed")

    async def find(database: Database) -> UUID | None:
        return await database.find_institution(name)

    found = with_database(settings, find)
    if found is None:
        sys.exit(f"no institution is named {name!r}")
    actor = Actor(found, role, subject or _subject_of(role, nip or unit), nip, unit_id=unit)
    print(sign(actor, development_key(settings.data_dir / DEVELOPMENT_KEY)))


def _subject_of(role: Role, whose: str | None) -> str:
    """One for each person or unit, which tells neither."""
    name = f"development {role.value}"
    return name if whose is None else f"{name} {sha256(whose.encode()).hexdigest()[:8]}"


def _leave(*_: object) -> NoReturn:
    raise SystemExit(128 + signal.SIGTERM)


@contextmanager
def _worker(settings: Settings) -> Iterator[None]:
    """A worker beside the server, in a process of its own that ends with this one, also where this one is killed."""
    environment = {**os.environ, "LOG_FORMAT": settings.log_format, "ENVIRONMENT": settings.environment}
    process = _start_worker(environment)

    def ended() -> int | None:
        return process.poll()

    def start() -> None:
        nonlocal process
        process = _start_worker(environment)

    try:
        with kept("the worker", ended, start):
            yield
    finally:
        process.terminate()
        try:
            process.wait(LONGEST_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _start_worker(environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "app", "worker"],
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=stop_with_parent,  # noqa: PLW1509 - it only makes a system call
    )


LONGEST_STOP = 12  # seconds; a worker gives its jobs 8 of them


def _must_be_free(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            sys.exit(
                f"port {settings.port} of {settings.host} cannot be had ({error.strerror}): choose one with PORT=…"
            )


def _lay_nation(installation: Installation, population: int) -> None:
    began = time.monotonic()
    try:
        is_new = asyncio.run(nation.lay(installation.owner_url, population, nation.shown(began)))
    except nation.NationStandsError as error:
        sys.exit(str(error))
    took = f"laid in {time.monotonic() - began:.0f} s" if is_new else "there already"
    print(f"a nation of {population:,} people, {took}", file=sys.stderr, flush=True)


async def _demo(settings: Settings, installation: Installation) -> None:
    async with open_database(installation.url) as database:
        await demonstration.show(database, settings.data_dir / "demo")


@contextmanager
def _synchronised(settings: Settings, installation: Installation) -> Iterator[None]:
    """The simulator of SIASN beside the service, and a sync of the first institution that the worker takes up."""
    with siasn_demonstration.simulated(demonstration.FIRST) as address:
        sync = asyncio.run(_start_sync(settings, installation, address))
        service = f"http://{settings.host}:{settings.port}"
        print(
            f"""  SIASN is simulated at {address}/simulator and {demonstration.FIRST} is connected to it.
  how the sync goes    {service}/v1/siasn-syncs{"" if sync is None else f"/{sync}"}
  what SIASN is asked  {address}/simulator/asked
""",
            flush=True,
        )
        yield


async def _start_sync(settings: Settings, installation: Installation, address: str) -> UUID | None:
    async with open_database(installation.url) as database:
        return await siasn_demonstration.start_sync(
            database, sealing_of(settings), destinations_of(settings), demonstration.FIRST, address
        )


async def _officer_token(settings: Settings, installation: Installation) -> str:
    async with open_database(installation.url) as database:
        return await demonstration.officer_token(database, settings.data_dir / DEVELOPMENT_KEY)
