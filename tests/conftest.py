"""One throw-away PostgreSQL with a migrated template database; each worker has a copy, each test an institution."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx2
import pytest
import pytest_asyncio
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from app.auth.destinations import LOOPBACK, Destinations, networks_named
from app.auth.development import development_key
from app.auth.sealing import Sealing
from app.db.database import Database, open_database
from app.db.migrations import migrate
from app.db.policies import APPLICATION_ROLE
from app.dev.installation import OWNER_ROLE, prepare
from app.dev.postgres import EmbeddedPostgres
from app.jobs.worker import work
from app.main import create_app
from app.settings import Settings
from tests.personas import Personas

TEMPLATE = "template_nusatalenta"
MEMORY, DISK = Path("/dev/shm"), Path("/var/tmp")  # noqa: S108 - a directory of one's own is made there
ROOM = 4 * 2**30  # bytes that have to be free
SEALING = Sealing([Fernet.generate_key().decode()])
DESTINATIONS = Destinations(networks_named(LOOPBACK), allows_http=True)
DUMAI = Path(__file__).parent / "data" / "dumai"

# a machine that pauses makes no example wrong
hypothesis_settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    """The controller starts the server and migrates the template; workers only copy it."""
    gc.set_threshold(50_000, 20, 50)  # what tests make is looked through less often
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    directory = Path(tempfile.mkdtemp(prefix="nusatalenta-test-", dir=a_place()))
    settings = {"max_connections": "200", "log_line_prefix": "%m [%p] %d ", "max_wal_size": "512MB"}
    server = EmbeddedPostgres(directory / "postgres", durable=False, settings=settings).start()
    config._postgres, config._directory = server, directory
    os.environ["TEST_SOCKET"] = str(server.socket)  # inherited by the workers
    asyncio.run(prepare(server, TEMPLATE))
    asyncio.run(migrate(server.url(TEMPLATE, OWNER_ROLE)))


def a_place() -> Path:
    """In memory where there is enough of it: a database is copied there in a tenth of the time."""
    if not os.access(MEMORY, os.W_OK) or os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        return DISK  # the server's programs may come to lie beside its data
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return MEMORY if min(shutil.disk_usage(MEMORY).free, whole / 2) > ROOM else DISK


def pytest_collection_finish() -> None:
    gc.freeze()  # thousands of tests stay: they are not looked through again


def pytest_unconfigure(config: pytest.Config) -> None:
    if server := getattr(config, "_postgres", None):
        server.stop()
        shutil.rmtree(config._directory, ignore_errors=True)


def url_of(database: str, user: str = APPLICATION_ROLE) -> str:
    return f"postgresql://{user}@/{database}?host={os.environ['TEST_SOCKET']}"


async def as_superuser(sql: str, database: str = "postgres") -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url_of(database, "postgres"))
    try:
        return await connection.fetch(sql)
    finally:
        await connection.close()


async def copy_database(template: str = TEMPLATE) -> str:
    name = f"t_{uuid4().hex[:12]}"
    await as_superuser(f"CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER_ROLE} STRATEGY file_copy")
    return name


@pytest_asyncio.fixture(scope="session")
async def database_name() -> AsyncIterator[str]:
    """The worker's database."""
    name = await copy_database()
    yield name
    await as_superuser(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(autouse=True)
def _usual_temporary_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that a test gives within this process keeps its temporary files with its data, for that test alone."""
    monkeypatch.setattr(tempfile, "tempdir", tempfile.tempdir)


@pytest_asyncio.fixture
async def own_database_name() -> AsyncIterator[str]:
    """A database for one test: for national figures, crashes and migrations."""
    name = await copy_database()
    yield name
    await as_superuser(f"DROP DATABASE {name} WITH (FORCE)")


@pytest_asyncio.fixture(scope="session")
async def db(database_name: str) -> AsyncIterator[Database]:
    async with open_database(url_of(database_name)) as database:
        yield database


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    plenty = "10000000/minute"  # a few people ask for everything; limits are tested with applications of their own
    return Settings(
        environment="development",
        data_dir=tmp_path_factory.mktemp("data"),
        upload_megabytes=8,
        rate_limit=plenty,
        rate_limit_writes=plenty,
        rate_limit_strangers=plenty,
        graphql_budget="10000000000/minute",
    )


@pytest.fixture(scope="session")
def signing_key(settings: Settings) -> Ed25519PrivateKey:
    return development_key(settings.data_dir / "development-issuer.pem")


@pytest_asyncio.fixture(scope="session")
async def app(settings: Settings, database_name: str) -> AsyncIterator[FastAPI]:
    application = create_app(settings, url_of(database_name))
    async with application.router.lifespan_context(application):
        yield application


@asynccontextmanager
async def a_worker(database: str) -> AsyncIterator[None]:
    """A worker in the test's event loop, for the jobs of one database; what other tests left is not done."""
    await as_superuser("DELETE FROM procrastinate_jobs", database)
    stopped = asyncio.Event()
    working = asyncio.create_task(work(url_of(database), stopped, SEALING, DESTINATIONS))
    try:
        yield
    finally:
        stopped.set()
        await working


@pytest_asyncio.fixture(scope="module")
async def worker(database_name: str) -> AsyncIterator[None]:
    """Does what is deferred by the tests of a module."""
    async with a_worker(database_name):
        yield


@pytest_asyncio.fixture(scope="session")
async def http(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """A client without credentials; personas add them."""
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.fixture
def personas(http: httpx2.AsyncClient, signing_key: Ed25519PrivateKey) -> Personas:
    return Personas(http, signing_key)


@pytest.fixture(scope="session")
def dumai_files() -> Path:
    """The sample files of Kota Dumai in their real layouts."""
    return DUMAI
