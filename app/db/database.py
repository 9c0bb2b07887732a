"""The one seam to PostgreSQL: nobody reaches it except as somebody."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
from sqlalchemy import AdaptedConnection, TextClause, text
from sqlalchemy.event import listen
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as NoConnectionFreeError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from app.db.documents import Document, Pages, Selection, Shape, Statement, compile_document
from app.db.failpoints import Failpoint, reached
from app.db.kept_jobs import COUNT_JOBS, FORGET_JOBS, JobCount
from app.db.lanes import Lanes
from app.db.pages import compile_page
from app.db.policies import APPLICATION_ROLE
from app.db.revisions import earlier_revisions
from app.db.siasn_views import compile_siasn_view
from app.db.views import compile_disclosed_view, compile_view, viewer
from app.db.withholding import pages_for, shape_for
from app.domain.actors import Actor, ClientScope, Role
from app.domain.clients import KnownClient
from app.domain.errors import Conflict, NotFound, Unavailable
from app.domain.purposes import Purpose, purpose_within
from app.domain.siasn_accounts import KnownAccount, SignedIn, SignInOffer

SLOWEST_DOCUMENT = 30  # seconds
SYNCS_AT_ONCE = 5  # whose people are forgotten in one statement
LARGEST_STATEMENT = 64 * 1024  # characters that are planned once per connection, not every time they are asked
LEGAL_TIME = ZoneInfo("Asia/Jakarta")
NATIONAL, OWN, CLIENT = "national", "institution", "client:"
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


# the same of a connection that was there: errors of files and of time are not among them
HUNG_UP = (asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError, asyncpg.AdminShutdownError)


class UnsafeRoleError(RuntimeError):
    """The connection's role would not be held by row-level security."""


@dataclass(frozen=True, slots=True)
class PoolSizes:
    """Connections kept for documents and for transactions."""

    documents: int = 8
    transactions: int = 4


def reach_of(actor: Actor) -> str:
    """How far somebody reaches beyond the own institution; of a client, its registration says whom it may ask for."""
    if actor.is_national:
        return NATIONAL
    return f"{CLIENT}{actor.subject}" if actor.role is Role.CLIENT else OWN


REVISION = "SELECT version_num FROM alembic_version WHERE to_regclass('placement') IS NOT NULL"
"""Which migrations have run; nothing where a table of the schema is gone."""


class Database:
    """Documents, and transactions as somebody. Make one with `open_database`."""

    def __init__(self, lanes: Lanes, engine: AsyncEngine, clock: Clock) -> None:
        self._lanes, self._engine, self._clock = lanes, engine, clock

    async def document_as(
        self, actor: Actor, shape: Shape, wanted: Selection | None = None, **conditions: object
    ) -> Document | None:
        """One document, finished JSON; None where no row meets the conditions in the actor's institution."""
        seen = shape_for(actor.permissions, shape)
        statement = compile_document(seen, wanted, frozenset(conditions))
        return await self._fetch(actor, statement, conditions)

    async def view_as(
        self, actor: Actor, purpose: Purpose, shape: Shape, wanted: Selection | None = None, **conditions: object
    ) -> Document | None:
        """One document about one talent of the own institution; the look leaves a receipt, unless at oneself."""
        statement = compile_view(shape_for(actor.permissions, shape), wanted, frozenset(conditions))
        return await self._fetch(actor, statement, {**viewer(actor, purpose), **conditions})

    async def disclosed_view_as(
        self,
        actor: Actor,
        purpose: Purpose,
        disclosure_id: UUID,
        shape: Shape,
        wanted: Selection | None = None,
        **conditions: object,
    ) -> Document | None:
        """One document about another institution's talent, as far as an open disclosure for this purpose allows.

        The look leaves a receipt and an entry in the ledger, both in the origin.
        """
        statement = compile_disclosed_view(shape_for(actor.permissions, shape), wanted, frozenset(conditions))
        asked = {**viewer(actor, purpose), "disclosure_id": disclosure_id, **conditions}
        return await self._fetch(actor, statement, asked)

    async def siasn_view_as(
        self,
        actor: Actor,
        history: str,
        nip: str | None,
        shape: Shape,
        wanted: Selection | None = None,
        /,
        **conditions: object,
    ) -> Document | None:
        """One document about one talent, as a client of the facade asks for a history, in one statement.

        Of the own institution, or of the one that shares this history with the client by a grant: then there is an
        entry in the ledger beside the receipt, both in the origin. Without a `nip` (a row by its id) it is the own one.
        The table of talents is among the rows of the shape.
        """
        statement = compile_siasn_view(shape_for(actor.permissions, shape), wanted, frozenset(conditions))
        looker = viewer(actor, purpose_within(actor.role, actor.purpose))
        asked = {**looker, "reach_nip": nip, "reach_history": history, **conditions}
        return await self._fetch(actor, statement, asked)

    async def page_as(
        self,
        actor: Actor,
        pages: Pages,
        wanted: Selection | None,
        first: int,
        after: Sequence[object] | None,
        **conditions: object,
    ) -> Document:
        """One page of documents: the `first` after the keys of a cursor; `NotFound` where its parent is not there.

        Where it opens dossiers, everybody on it but the actor has a receipt of the look.
        """
        names = frozenset(conditions) | (frozenset() if after is None else {"after"})
        statement = compile_page(pages_for(actor.permissions, pages), wanted, names)
        keys = {f"after_{position}": key for position, key in enumerate(after or ())}
        looker = viewer(actor, purpose_within(actor.role, actor.purpose))
        page = await self._fetch(actor, statement, {"first": first, **keys, **looker, **conditions})
        if page is None and pages.parent is not None:
            raise NotFound(pages.parent.absent)
        return page if page is not None else b"null"

    async def _fetch(self, actor: Actor, statement: Statement, values: dict[str, object]) -> Document | None:
        asking = {"institution": str(actor.institution_id), "reach": reach_of(actor)}
        known = {**statement.constants, **asking, **values}
        body = await self._answer(statement.sql, *(known[name] for name in statement.parameters))
        return None if body is None else cast("str", body).encode()

    async def _answer(self, sql: str, *values: object) -> object:
        """The one value of a statement; `Unavailable` where PostgreSQL is out of reach."""
        try:
            return await self._lanes.fetchval(sql, *values)
        except OUT_OF_REACH as error:
            raise Unavailable("unavailable") from error

    @asynccontextmanager
    async def read_as(self, actor: Actor) -> AsyncIterator[AsyncSession]:
        """A read-only transaction in the actor's institution."""
        async with self._transaction(WHO_READS, _asking(actor)) as tx:
            yield tx

    @asynccontextmanager
    async def write_as(self, actor: Actor) -> AsyncIterator[AsyncSession]:
        """One transaction in the actor's institution, committed on leaving the block, rolled back on any error.

        Under an idempotency key the key is marked in the same transaction; `Conflict` where it is another request's.
        """
        if actor.idempotency_key is None:
            begun = self._transaction(WHO_WRITES, _asking(actor))
        else:
            begun = self._transaction(WHO_WRITES_ONCE, _asking(actor) | _under_key(actor, self.now()))
        async with begun as tx:
            yield tx
        reached(Failpoint.WRITE_COMMITTED)

    @asynccontextmanager
    async def _transaction(self, begins: TextClause, who: Mapping[str, object]) -> AsyncIterator[AsyncSession]:
        """A transaction that begins by saying who asks; `Conflict` where that says no.

        `Unavailable` where the server hangs up at any time before the end is known: it may have committed.
        """
        try:
            async with AsyncSession(self._engine, expire_on_commit=False) as tx, tx.begin():
                try:
                    await tx.connection()
                    if await tx.scalar(begins, who) is None:
                        raise Conflict("idempotency.taken_over")
                except OUT_OF_REACH as error:
                    raise Unavailable("unavailable") from error
                yield tx
        except HUNG_UP as error:
            raise Unavailable("unavailable") from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise Unavailable("unavailable") from error
            raise

    async def find_institution(self, name: str) -> UUID | None:
        """The id behind an institution's name, whatever its case and spacing; for the command line."""
        return cast("UUID | None", await self._lanes.fetchval("SELECT institution_named($1)", name))

    async def find_client(self, client_id: str) -> KnownClient | None:
        """What a client proves itself with, found before its institution is known; None for a revoked one."""
        asked = "SELECT client_credentials($1, $2)"
        found = cast("str | None", await self._answer(asked, client_id, self.now()))
        if found is None:
            return None
        known = json.loads(found)
        scopes = frozenset(ClientScope(scope) for scope in known["scopes"])
        hashes = tuple(bytes.fromhex(one) for one in known["hashes"])
        return KnownClient(UUID(known["institution"]), client_id, scopes, hashes)

    async def find_sign_in(self, client_id: str, nip: str) -> SignInOffer | None:
        """What an account proves itself with, found before its institution is known; None for no client that reads."""
        found = cast("str | None", await self._answer("SELECT siasn_sign_in_of($1, $2)", client_id, nip))
        if found is None:
            return None
        known = json.loads(found)
        account = known["account"]
        return SignInOffer(
            UUID(known["institution"]),
            known["password_grant"],
            account and KnownAccount(UUID(account["id"]), account["generation"], bytes.fromhex(account["hash"])),
        )

    async def standing_of(self, application: Actor, who: SignedIn | None) -> str | None:
        """Which token counts no more, `client` or `account`: revoked, replaced or switched off; None where both do."""
        account = (None, None, None) if who is None else (who.account_id, who.generation, who.token_id)
        failing = await self.call_as(application, "siasn_standing", application.subject, *account, self.now())
        return cast("str | None", failing)

    async def call_as(self, actor: Actor, function: str, *values: object) -> object:
        """What a function of ours answers, in one round trip; it acts in the institution that it is given first."""
        places = ", ".join(f"${place}" for place in range(1, len(values) + 2))
        return await self._answer(f"SELECT {function}({places})", actor.institution_id, *values)

    async def forget_answers(self) -> None:
        """Forget idempotency keys that have expired, and the answers kept under them, of all institutions."""
        await self._lanes.fetchval("SELECT forget_idempotency_keys($1)", self.now())

    async def forget_mobility_listings(self) -> None:
        """Forget who wanted to move, of all institutions, where the consent to be listed has ended."""
        await self._lanes.fetchval("SELECT forget_mobility_listings($1)", self.now())

    async def chain_ledger(self, most: int) -> int:
        """Link up to `most` committed entries of the ledger, of all institutions; answers with how many those were."""
        linked = cast("int", await self._answer("SELECT chain_ledger($1)", most))
        if linked:
            reached(Failpoint.CHAIN_LINKED)
        return linked

    async def rescue_jobs(self, silence: float, most: int) -> int:
        """Give the jobs of workers that are silent for so many seconds to others; how many those were.

        A job that was begun `most` times has failed for good.
        """
        return cast("int", await self._answer("SELECT rescue_jobs($1, $2)", silence, most))

    async def note_job_failure(self, job_id: int, code: str, cause: str | None) -> None:
        """Remember why a job failed when it was tried last."""
        await self._answer("SELECT note_job_failure($1, $2, $3)", job_id, code, cause)

    async def queue_due_webhooks(self) -> None:
        """Queue the deliveries of all institutions that are due though nothing new happened."""
        await self._answer("SELECT queue_due_webhooks($1)", self.now())

    async def due_siasn_syncs(self) -> list[UUID]:
        """The institutions of which a sync with SIASN is to be started, or has lost its job."""
        return cast(
            "list[UUID]",
            await self._answer("SELECT ARRAY(SELECT DISTINCT institution_id FROM siasn_syncs_due($1))", self.now()),
        )

    async def left_siasn_pushes(self) -> list[UUID]:
        """The institutions of which a handing over to SIASN has lost its job."""
        return cast(
            "list[UUID]",
            await self._answer("SELECT ARRAY(SELECT DISTINCT institution_id FROM siasn_pushes_left())"),
        )

    async def forget_webhook_deliveries(self, kept: timedelta, dead_kept: timedelta) -> None:
        """Forget events delivered, and secrets of subscriptions that ended, longer ago than that; dead letters; turns.

        Of dead letters it counts when they were tried last.
        """
        present = self.now()
        await self._lanes.fetchval("SELECT forget_webhook_deliveries($1)", present - kept)
        await self._lanes.fetchval("SELECT forget_webhook_secrets($1)", present - kept)
        await self._lanes.fetchval("SELECT forget_dead_letters($1)", present - dead_kept)

    async def forget_siasn_people(self, kept: timedelta) -> None:
        """Forget what became of whom in syncs that ended longer ago than that; how many came of what stays."""
        asked, before = "SELECT forget_siasn_people($1, $2, $3)", self.now() - kept
        while await self._lanes.fetchval(asked, before, self.now(), SYNCS_AT_ONCE):
            pass

    async def forget_jobs(self, kept: timedelta) -> None:
        """Forget jobs that ended longer ago than that, of all institutions."""
        await self._lanes.fetchval(FORGET_JOBS, kept)

    async def count_jobs(self) -> list[JobCount]:
        """How many jobs of all institutions are not done, by kind and state, and for how long the oldest is there."""
        counted = cast("str", await self._answer(COUNT_JOBS))
        return [JobCount(**one) for one in json.loads(counted)]

    async def count_unreadable_secrets(self) -> dict[str, int]:
        """How many subscriptions and connections to SIASN stand still since nobody can open their secrets, by kind."""
        return cast("dict[str, int]", json.loads(cast("str", await self._answer("SELECT count_unreadable_secrets()"))))

    async def answers(self) -> bool:
        """Whether PostgreSQL answers, and its schema is of this release, or of a later one."""
        try:
            revision = await self._lanes.fetchval(REVISION)
        except (*OUT_OF_REACH, asyncpg.PostgresError):
            return False
        return revision is not None and revision not in earlier_revisions()

    def now(self) -> datetime:
        return self._clock()

    def today(self) -> date:
        """The legal day: Asia/Jakarta."""
        return self._clock().astimezone(LEGAL_TIME).date()


_SAID = "set_config('app.institution_id', :institution, true), set_config('app.reach', :reach, true)"
WHO_WRITES = text(f"SELECT {_SAID}")
WHO_READS = text(f"SELECT {_SAID}, set_config('transaction_read_only', 'on', true)")
WHO_WRITES_ONCE = text("SELECT begin_under_key(:institution, :reach, :subject, :key, :request, :now)")
"""Null where the key has become another request's. It is held until the transaction ends, so that nobody takes over
what is under way; a second transaction of the same request finds the mark and holds nothing."""


def _asking(actor: Actor) -> dict[str, object]:
    return {"institution": str(actor.institution_id), "reach": reach_of(actor)}


def _under_key(actor: Actor, now: datetime) -> dict[str, object]:
    return {"subject": actor.subject, "key": actor.idempotency_key, "request": actor.request_id or "", "now": now}


async def copy_rows(tx: AsyncSession, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Send rows to a table by COPY, inside the transaction."""
    raw = await (await tx.connection()).get_raw_connection()
    connection = cast("asyncpg.Connection", raw.driver_connection)
    await connection.copy_records_to_table(table, records=rows, columns=columns)


async def copy_blocks(tx: AsyncSession, table: str, columns: Sequence[str], blocks: AsyncIterator[bytes]) -> None:
    """Send a CSV file with a header to a table by COPY, inside the transaction; no value stands for nothing."""
    raw = await (await tx.connection()).get_raw_connection()
    connection = cast("asyncpg.Connection", raw.driver_connection)
    await connection.copy_to_table(table, source=blocks, columns=columns, format="csv", header=True)


async def copy_out(tx: AsyncSession, sql: str, into: Callable[[bytes], Awaitable[None]], *values: object) -> None:
    """Hand on the rows of a query as they come, in PostgreSQL's binary format, inside the transaction."""
    raw = await (await tx.connection()).get_raw_connection()
    connection = cast("asyncpg.Connection", raw.driver_connection)
    await connection.copy_from_query(sql, *values, output=into, format="binary")


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
        max_cacheable_statement_size=LARGEST_STATEMENT,
        command_timeout=SLOWEST_DOCUMENT,
    ) as pool:
        await _must_be_held_by_policies(pool)
        engine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=lambda: asyncpg.connect(plain, server_settings=settings),
            pool_size=sizes.transactions,
            max_overflow=0,
            pool_timeout=10,
            hide_parameters=True,  # errors are logged, and parameters hold people
        )
        listen(engine.sync_engine, "checkout", _must_be_open)
        lanes = Lanes(pool)
        try:
            yield Database(lanes, engine, clock)
        finally:
            await lanes.close()
            await engine.dispose()


def _must_be_open(connection: AdaptedConnection, _record: object, _proxy: object) -> None:
    """A connection whose server hung up says so itself, and is replaced: asking the server would be a round trip."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


async def _must_be_held_by_policies(pool: asyncpg.Pool) -> None:
    role = await pool.fetchrow(
        "SELECT rolname, rolsuper OR rolbypassrls AS unheld FROM pg_roles WHERE rolname = current_user"
    )
    if role is None or role["unheld"]:
        raise UnsafeRoleError("row-level security would not hold the role of this connection: it must not bypass it")
