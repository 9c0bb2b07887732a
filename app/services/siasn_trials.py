"""Trials of a connection to SIASN: both tokens and one harmless read, and which layer fails."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.destinations import Destinations
from app.auth.sealing import Sealing
from app.db.database import Database
from app.db.ledger import record
from app.db.tables.siasn_connections import SiasnConnectionRow, SiasnTrialRow
from app.domain.actors import Actor, Permission
from app.domain.errors import Conflict, Invalid
from app.domain.siasn_connections import Outcome, Step
from app.domain.siasn_events import SiasnConnectionTried
from app.services import siasn_connections
from app.siasn.client import SiasnClient
from app.siasn.connection import IMPATIENT, Connection
from app.siasn.replies import Failed, Reply

LONGEST_TRIAL = 25.0
"""Seconds, all steps included: less than a request may take."""
A_REFERENCE = "golongan"
Asking = Callable[[], Awaitable[Failed | Reply | None]]


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a step; the code and status where it failed."""

    step: Step
    outcome: Outcome
    code: str | None = None
    status: int | None = None


UNREADABLE: Sequence[Tried] = (
    Tried(Step.SECRETS, Outcome.FAILED, siasn_connections.SEALED_ELSEWHERE),
    *(Tried(step, Outcome.SKIPPED) for step in (Step.APPLICATION_TOKEN, Step.SSO_TOKEN, Step.READ, Step.REFERENCES)),
)
"""A trial that ends before anybody is asked."""


async def try_siasn_connection(db: Database, actor: Actor, sealing: Sealing, destinations: Destinations) -> UUID:
    """Ask for both tokens and read one page of units; the connection's document then tells which layer failed.

    Nothing about people is asked for, and nothing that is told is kept.
    """
    actor.require(Permission.MANAGE_SIASN)
    try:
        async with db.read_as(actor) as tx:
            connection = await siasn_connections._open_connection(tx, actor, sealing)  # noqa: SLF001 - composed of its steps
    except Conflict as refused:
        if refused.code != siasn_connections.SEALED_ELSEWHERE:
            raise
        tried = UNREADABLE
    else:
        tried = await _tried(connection, destinations)
    async with db.write_as(actor) as tx:
        if await tx.get(SiasnConnectionRow, actor.institution_id) is None:  # somebody has cut it
            raise Conflict(siasn_connections.NOT_CONNECTED)
        await _keep(tx, db, actor, tried)
    return actor.institution_id


async def _keep(tx: AsyncSession, db: Database, actor: Actor, tried: Sequence[Tried]) -> None:
    """What came of it is the last trial."""
    failed = [one.step.value for one in tried if one.outcome is Outcome.FAILED]
    steps = [
        {"step": one.step.value, "outcome": one.outcome.value, "code": one.code, "status": one.status} for one in tried
    ]
    told = {"tried_at": db.now(), "tried_by": actor.subject, "succeeded": not failed, "steps": steps}
    row = insert(SiasnTrialRow).values(institution_id=actor.institution_id, **told)
    await tx.execute(row.on_conflict_do_update(index_elements=["institution_id"], set_=told))
    await record(tx, actor, SiasnConnectionTried(not failed, failed))


async def _note_secrets(tx: AsyncSession, db: Database, actor: Actor, *, are_readable: bool) -> None:
    """Work has found that nobody can open the secrets, or that somebody can again: the connection shows it."""
    last = await tx.get(SiasnTrialRow, actor.institution_id)
    were_unreadable = last is not None and any(one["step"] == Step.SECRETS.value for one in last.steps)
    if were_unreadable and are_readable:
        await tx.execute(delete(SiasnTrialRow))
        await record(tx, actor, SiasnConnectionTried(succeeded=True, failed=[]))
    if not were_unreadable and not are_readable:
        await _keep(tx, db, actor, UNREADABLE)


async def _tried(connection: Connection, destinations: Destinations) -> Sequence[Tried]:
    """The steps in their order; what needs a token that is not to be had is skipped."""
    ends_at = asyncio.get_running_loop().time() + LONGEST_TRIAL
    async with SiasnClient(connection, destinations, patience=IMPATIENT) as client:

        async def tried(step: Step, *, is_wanted: bool, address: str | None, ask: Asking) -> Tried:
            if not is_wanted:
                return Tried(step, Outcome.SKIPPED)
            try:
                async with asyncio.timeout_at(ends_at):
                    if address is not None:
                        await destinations.must_be_reachable(address, step.value)
                    answered = await ask()
            except TimeoutError:
                return Tried(step, Outcome.FAILED, "siasn.timeout")
            except Invalid as refused:
                return Tried(step, Outcome.FAILED, refused.faults[0].code)
            if isinstance(answered, Failed):
                return Tried(step, Outcome.FAILED, answered.code, answered.status)
            return Tried(step, Outcome.SUCCEEDED)

        application = await tried(
            Step.APPLICATION_TOKEN,
            is_wanted=connection.use_application_token,
            address=connection.application_token_url,
            ask=client.application_token,
        )
        sso = await tried(Step.SSO_TOKEN, is_wanted=connection.use_sso_token, address=None, ask=client.sso_token)
        has_application = application.outcome is not Outcome.FAILED
        read = await tried(
            Step.READ,
            is_wanted=has_application and sso.outcome is not Outcome.FAILED,
            address=connection.api_base,
            ask=client.glance,
        )
        references = await tried(
            Step.REFERENCES,
            is_wanted=has_application and connection.reference_base is not None,
            address=connection.reference_base,
            ask=partial(client.reference, A_REFERENCE),
        )
    return [application, sso, read, references]
