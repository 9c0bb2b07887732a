"""The one seam to PostgreSQL: nobody reaches it except as somebody."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as NoConnectionFreeError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from app.db.documents import Document, Pages, Selection, Shape, Statement, compile_document, compile_page
from app.db.lanes import Lanes
from app.db.policies import APPLICATION_ROLE
from app.domain.actors import Actor
from app.domain.errors import Unavailable

SLOWEST_DOCUMENT = 30  # seconds
LEGAL_TIME = ZoneInfo("Asia/Jakarta")
NATIONAL, OWN = "national", "institution"
Clock = Callable[[], datetime]


def now() -> datetime:
    """This instant."""
    return datetime.now(UTC)


# PostgreSQL is away, starting, full, or slow to answer: worth another try
OUT_OF_REACH = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.AdminShutdownError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server hung up while the connection was idle
    NoConnectionFreeError,
)


class UnsafeRoleError(RuntimeError):
    """The connection's role would not be held by row-level security."""


@dataclass(frozen=True, slots=True)
class PoolSizes:
    """Connections kept for documents and for transactions."""

    documents: int = 8
    transactions: int = 4


class Database:
    """Documents, and transactions as somebody. Make one with `open_database`."""

    def __init__(self, lanes: Lanes, engine: AsyncEngine, clock: Clock) -> None:
        self._lanes, self._engine, self._clock = lanes, engine, clock

    async def document_as(
        self, actor: Actor, shape: Shape, wanted: Selection | None = None, **conditions: object
    ) -> Document | None:
        """One document, finished JSON; None where no row meets the conditions in the actor's institution."""
        statement = compile_document(shape, wanted, frozenset(conditions))
        return await self._fetch(actor, statement, conditions)

    async def page_as(
        self,
        actor: Actor,
        pages: Pages,
        wanted: Selection | None,
        first: int,
        after: Sequence[object] | None,
        **conditions: object,
    ) -> Document:
        """One page of documents: the `first` after the keys of a cursor."""
        names = frozenset(conditions) | (frozenset() if after is None else {"after"})
        statement = compile_page(pages, wanted, names)
        keys = {f"after_{position}": key for position, key in enumerate(after or ())}
        page = await self._fetch(actor, statement, {"first": first, **keys, **conditions})
        return page if page is not None else b"null"

    async def _fetch(self, actor: Actor, statement: Statement, values: dict[str, object]) -> Document | None:
        asking = {"institution": str(actor.institution_id), "reach": NATIONAL if actor.is_national else OWN}
        known = {**statement.constants, **asking, **values}
        try:
            body = await self._lanes.fetchval(statement.sql, *(known[name] for name in statement.parameters))
        except OUT_OF_REACH as error:
            raise Unavailable("unavailable") from error
        return None if body is None else cast("str", body).encode()

    @asynccontextmanager
    async def read_as(self, actor: Actor) -> AsyncIterator[AsyncSession]:
        """A read-only transaction in the actor's institution."""
        async with self._transaction(actor) as tx:
            await tx.execute(text("SET TRANSACTION READ ONLY"))
            yield tx

    @asynccontextmanager
    async def write_as(self, actor: Actor) -> AsyncIterator[AsyncSession]:
        """One transaction in the actor's institution, committed on leaving the block, rolled back on any error."""
        async with self._transaction(actor) as tx:
            yield tx

    @asynccontextmanager
    async def _transaction(self, actor: Actor) -> AsyncIterator[AsyncSession]:
        async with AsyncSession(self._engine, expire_on_commit=False) as tx, tx.begin():
            try:
                await tx.connection()
            except OUT_OF_REACH as error:
                raise Unavailable("unavailable") from error
            await tx.execute(
                text(
                    "SELECT set_config('app.institution_id', :institution, true), set_config('app.reach', :reach, true)"
                ),
                {"institution": str(actor.institution_id), "reach": NATIONAL if actor.is_national else OWN},
            )
            yield tx

    async def find_institution(self, name: str) -> UUID | None:
        """The id behind an institution's name, whatever its case and spacing; for the command line."""
        return cast("UUID | None", await self._lanes.fetchval("SELECT institution_named($1)", name))

    async def answers(self) -> bool:
        """Whether PostgreSQL answers and its schema is there."""
        try:
            return bool(await self._lanes.fetchval("SELECT to_regclass('placement') IS NOT NULL"))
        except (*OUT_OF_REACH, asyncpg.PostgresError):
            return False

    def now(self) -> datetime:
        return self._clock()

    def today(self) -> date:
        """The legal day: Asia/Jakarta."""
        return self._clock().astimezone(LEGAL_TIME).date()


async def copy_rows(tx: AsyncSession, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Send rows to a table by COPY, inside the transaction."""
    raw = await (await tx.connection()).get_raw_connection()
    connection = cast("asyncpg.Connection", raw.driver_connection)
    await connection.copy_records_to_table(table, records=rows, columns=columns)


async def fetch_rows(tx: AsyncSession, sql: str, *values: object) -> list[asyncpg.Record]:
    """Plain rows for calculations in sets, inside the transaction."""
    raw = await (await tx.connection()).get_raw_connection()
    connection = cast("asyncpg.Connection", raw.driver_connection)
    return cast("list[asyncpg.Record]", await connection.fetch(sql, *values))


@asynccontextmanager
async def open_database(url: str, sizes: PoolSizes | None = None, clock: Clock = now) -> AsyncIterator[Database]:
    """Connect as the application's role. Refuses a role that row-level security would not hold."""
    sizes = sizes or PoolSizes()
    plain = url.replace("postgresql+asyncpg://", "postgresql://", 1)
    settings = {"role": APPLICATION_ROLE, "application_name": "nusatalenta", "timezone": "UTC", "jit": "off"}
    # a generic plan is right for documents, whose planning costs more than their execution; sets are planned by value
    documents = {**settings, "plan_cache_mode": "force_generic_plan"}
    async with asyncpg.create_pool(
        plain,
        min_size=1,
        max_size=sizes.documents,
        server_settings=documents,
        statement_cache_size=256,
        command_timeout=SLOWEST_DOCUMENT,
    ) as pool:
        await _must_be_held_by_policies(pool)
        engine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=lambda: asyncpg.connect(plain, server_settings=settings),
            pool_size=sizes.transactions,
            max_overflow=0,
            pool_timeout=10,
            pool_pre_ping=True,
            hide_parameters=True,  # errors are logged, and parameters hold people
        )
        lanes = Lanes(pool)
        try:
            yield Database(lanes, engine, clock)
        finally:
            await lanes.close()
            await engine.dispose()


async def _must_be_held_by_policies(pool: asyncpg.Pool) -> None:
    role = await pool.fetchrow(
        "SELECT rolname, rolsuper OR rolbypassrls AS unheld FROM pg_roles WHERE rolname = current_user"
    )
    if role is None or role["unheld"]:
        raise UnsafeRoleError("row-level security would not hold the role of this connection: it must not bypass it")
