"""Syncs with SIASN: requested, carried out chunk by chunk where they stopped, paused, resumed, cancelled."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal
from uuid import UUID, uuid4

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.queue import Job, defer
from app.db.shapes import siasn_syncs as shapes
from app.db.siasn_turns import lay_turns
from app.db.tables.institutions import OrgUnitRow
from app.db.tables.siasn_connections import SiasnConnectionRow
from app.db.tables.siasn_syncs import SiasnSyncRow
from app.domain.actors import Actor, Permission
from app.domain.errors import Conflict, NotFound
from app.domain.siasn_events import SiasnSyncMoved, SiasnSyncRequested
from app.domain.siasn_syncs import OPEN, Mode, Outcome, Scope, State, must_allow
from app.services.contract import Command, StorableText, named_cursor, page_size, place_cursor
from app.services.siasn_connections import History, Nip

MOST_NIPS = 20_000
LONGEST_AGE = 8_784  # hours: a year
RUNNING = "sync.running"


class StartSiasnSync(Command):
    """Whom to ask SIASN about: everybody on the books, unless a unit or a list of numbers is given."""

    nips: list[Nip] | None = Field(
        None, min_length=1, max_length=MOST_NIPS, description="People by number; also those who are not on the books."
    )
    unit: StorableText | None = Field(None, max_length=100, description="Id of a unit; those below it are included.")
    mode: Mode = Field(Mode.FULL, strict=False)
    max_age_hours: int | None = Field(
        None, ge=0, le=LONGEST_AGE, description="Incremental: who was asked about since is left out."
    )
    histories: list[History] | None = Field(
        None,
        max_length=40,
        description="Which to ask for; those of the connection unless told. [] is the profile alone.",
    )
    dry_run: bool = Field(False, description="Compare and report; take nothing over.")  # noqa: FBT003 - a default

    @model_validator(mode="after")
    def _of_one_scope(self) -> StartSiasnSync:
        if self.nips is not None and self.unit is not None:
            raise PydanticCustomError("siasn.scope", "a unit or a list of numbers, not both")
        return self

    @field_validator("max_age_hours")
    @classmethod
    def _of_its_mode(cls, age: int | None, others: ValidationInfo) -> int | None:
        if age is not None and others.data.get("mode") is Mode.FULL:
            raise PydanticCustomError("siasn.age", "an age is for an incremental sync")
        return age

    @property
    def scope(self) -> Scope:
        if self.unit is not None:
            return Scope.UNIT
        return Scope.EVERYBODY if self.nips is None else Scope.NIPS


class MoveSiasnSync(Command):
    """Pause a sync, have it go on (`running`), or cancel it."""

    state: Literal["paused", "running", "cancelled"]


class SyncPersonFilter(Command):
    """Which people of a sync to list; what is not given does not restrict."""

    outcome: Outcome | None = Field(None, strict=False)
    changed: bool | None = None
    failed: bool | None = None
    conflict: bool | None = None
    unmapped: bool | None = None
    missing_there: bool | None = None
    missing_here: bool | None = None


# ── writes


async def start_siasn_sync(db: Database, actor: Actor, command: StartSiasnSync) -> UUID:
    """Have people asked about at SIASN, in the background.

    Refused while another sync of the institution is under way, and where it is not connected.
    """
    actor.require(Permission.SYNC_SIASN)
    async with db.write_as(actor) as tx:
        return await _start(tx, db, actor, command)


async def move_siasn_sync(db: Database, actor: Actor, sync_id: UUID, command: MoveSiasnSync) -> None:
    """Pause, resume or cancel a sync; what it has taken over stays. It stops before the next people are taken over."""
    actor.require(Permission.SYNC_SIASN)
    wanted = State.QUEUED if command.state == State.RUNNING.value else State(command.state)
    async with db.write_as(actor) as tx:
        sync = await _hold_sync(tx, actor, sync_id)
        must_allow(State(sync.state), wanted)
        await _move(tx, db, actor, sync, wanted)
        if wanted is State.QUEUED:
            await defer(tx, actor, Job.SYNC_SIASN, sync_id=sync.id)


async def _start(tx: AsyncSession, db: Database, actor: Actor, command: StartSiasnSync) -> UUID:
    connection = await tx.get(SiasnConnectionRow, actor.institution_id)
    if connection is None:
        raise Conflict("siasn.not_connected")
    await _must_know_unit(tx, actor, command.unit)
    is_incremental = command.mode is Mode.INCREMENTAL
    age = connection.max_age_hours if command.max_age_hours is None else command.max_age_hours
    sync = SiasnSyncRow(
        institution_id=actor.institution_id,
        id=uuid4(),
        scope=command.scope.value,
        unit_id=command.unit,
        mode=command.mode.value,
        histories=list(connection.histories if command.histories is None else dict.fromkeys(command.histories)),
        is_dry_run=command.dry_run,
        max_age_hours=age if is_incremental else None,
        state=State.QUEUED.value,
        subject=actor.subject,
        requested_at=db.now(),
        total=0,
    )
    await _keep(tx, sync)
    fresh_since = db.now() - timedelta(hours=age) if is_incremental else None
    sync.total = await lay_turns(
        tx, actor.institution_id, sync.id, command.unit, command.nips, sync.histories, fresh_since
    )
    requested = SiasnSyncRequested(sync.id, sync.scope, sync.mode, sync.total, command.dry_run)
    await record(tx, actor, requested)
    await defer(tx, actor, Job.SYNC_SIASN, sync_id=sync.id)
    return sync.id


async def _must_know_unit(tx: AsyncSession, actor: Actor, unit: str | None) -> None:
    if unit is not None and await tx.get(OrgUnitRow, (actor.institution_id, unit)) is None:
        raise NotFound("unit.not_found")


async def _keep(tx: AsyncSession, sync: SiasnSyncRow) -> None:
    """Store a sync; refused while another one is under way."""
    under_way = select(SiasnSyncRow.id).where(SiasnSyncRow.state.in_([state.value for state in OPEN]))
    if (other := await tx.scalar(under_way)) is not None:
        raise Conflict(RUNNING, sync=str(other))
    try:
        async with tx.begin_nested():
            tx.add(sync)
    except IntegrityError as error:  # somebody was quicker
        raise Conflict(RUNNING, sync=str(await tx.scalar(under_way))) from error


async def _hold_sync(tx: AsyncSession, actor: Actor, sync_id: UUID) -> SiasnSyncRow:
    """The sync, which nobody else moves meanwhile."""
    sync = await tx.get(SiasnSyncRow, (actor.institution_id, sync_id), with_for_update=True)
    if sync is None:
        raise NotFound("sync.not_found")
    return sync


async def _move(
    tx: AsyncSession, db: Database, actor: Actor, sync: SiasnSyncRow, state: State, problem: str | None = None
) -> None:
    """Another state of a held sync, with its entry in the ledger; whoever carries it out loses hold of it."""
    before, sync.state, sync.problem, sync.run_id = sync.state, state.value, problem, None
    if state not in OPEN:
        sync.finished_at = db.now()
    await record(tx, actor, SiasnSyncMoved(sync.id, before, sync.state))


# ── reads


async def siasn_sync_document(db: Database, actor: Actor, sync_id: UUID, wanted: Selection | None = None) -> Document:
    """One sync: how far it is, what came of it so far, and when the token that it uses lapses."""
    actor.require(Permission.SYNC_SIASN)
    document = await db.document_as(actor, shapes.SIASN_SYNC, wanted, id=sync_id)
    if document is None:
        raise NotFound("sync.not_found")
    return document


async def siasn_syncs_page(
    db: Database, actor: Actor, first: int | None = None, after: str | None = None, wanted: Selection | None = None
) -> Document:
    """The syncs of the institution, newest first."""
    actor.require(Permission.SYNC_SIASN)
    return await db.page_as(actor, shapes.SIASN_SYNCS, wanted, page_size(first), named_cursor(after))


async def siasn_sync_people_page(
    db: Database,
    actor: Actor,
    sync_id: UUID,
    chosen: SyncPersonFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """The people of a sync in their order: what became of each, what changed, failed, and could not be read."""
    actor.require(Permission.SYNC_SIASN)
    conditions = (chosen or SyncPersonFilter()).model_dump(exclude_none=True)
    return await db.page_as(
        actor, shapes.SIASN_SYNC_PEOPLE, wanted, page_size(first), place_cursor(after), sync_id=sync_id, **conditions
    )
