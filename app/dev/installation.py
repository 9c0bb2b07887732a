"""The database of an installation: the one DATABASE_URL names, or a private one in DATA_DIR."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TypeVar

import asyncpg

from app.db.database import Database, open_database
from app.db.migrations import migrate
from app.db.policies import APPLICATION_ROLE
from app.dev.postgres import EmbeddedPostgres
from app.settings import MisconfiguredError, Settings

T = TypeVar("T")
OWNER_ROLE, DATABASE = "nusatalenta_owner", "nusatalenta"


class NoAnswerError(RuntimeError):
    """The given database cannot be reached, or does not let us in."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Two ways into one database: as the owner of the schema, and as the role that serves."""

    owner_url: str
    url: str


@contextmanager
def installed(
    settings: Settings, *, wait: bool = False, server: Mapping[str, str] | None = None
) -> Iterator[Installation]:
    """The database while the block runs; a private server is started, or attached to, and stopped by its starter.

    With `wait`, a server that another command started is waited for and then replaced by one of our own, which is
    started again should it end by itself. `server` are settings of a private server that is started. Where ENVIRONMENT
    says production there is none: a database that nobody named would be an empty one.
    """
    if settings.database_url is None and settings.is_said_to_be_production:
        raise MisconfiguredError("in production DATABASE_URL says which PostgreSQL to use")
    if settings.database_url:
        _, separator, address = settings.database_url.partition("://")
        url = f"postgresql{separator}{address}"  # whether postgres://, postgresql:// or postgresql+asyncpg://
        asyncio.run(_must_answer(url))
        yield Installation(url, url)
        return
    with EmbeddedPostgres(settings.data_dir / "postgres", wait=wait, settings=dict(server or {})) as private:
        asyncio.run(prepare(private, DATABASE))
        with private.kept() if wait else nullcontext():
            yield Installation(private.url(DATABASE, OWNER_ROLE), private.url(DATABASE, APPLICATION_ROLE))


def with_database(settings: Settings, use: Callable[[Database], Coroutine[object, object, T]]) -> T:
    """What `use` makes of the database; a private one is brought up to date first, by whoever uses it."""

    async def opened(installation: Installation) -> T:
        if settings.database_url is None:
            await migrate(installation.owner_url)
        async with open_database(installation.url) as database:
            return await use(database)

    with installed(settings) as installation:
        return asyncio.run(opened(installation))


NO_ADDRESS = (
    "DATABASE_URL is no address of a database: write postgresql://USER:PASSWORD@HOST:PORT/DATABASE, every character of "
    "the password that is no letter or digit percent-encoded"
)


async def _must_answer(url: str) -> None:
    try:
        connection = await asyncpg.connect(url, timeout=10)
    except ValueError as error:  # whose words may hold a part of the password
        raise NoAnswerError(NO_ADDRESS) from error
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise NoAnswerError(f"the database of DATABASE_URL does not answer: {error or type(error).__name__}") from error
    await connection.close()


async def prepare(server: EmbeddedPostgres, database: str) -> None:
    """The two roles and the database, where they are not there yet. Neither role can bypass row-level security."""
    connection = await asyncpg.connect(server.url())
    try:
        for role, options_of_role in ((OWNER_ROLE, "CREATEROLE"), (APPLICATION_ROLE, "NOCREATEROLE")):
            if not await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role):
                await connection.execute(f"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS {options_of_role}")
        await connection.execute(f"GRANT {APPLICATION_ROLE} TO {OWNER_ROLE}")
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", database):
            await connection.execute(f"CREATE DATABASE {database} OWNER {OWNER_ROLE}")
    finally:
        await connection.close()
