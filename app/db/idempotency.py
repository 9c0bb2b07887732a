"""Requests that may be repeated: claimed before the work, answered after it, never carried out twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import asyncpg
from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database
from app.db.locks import SHORTLY
from app.db.tables.idempotency import IdempotencyKeyRow
from app.domain.actors import Actor
from app.domain.errors import Conflict, InProgress, Invalid

ROW = IdempotencyKeyRow
COME_AGAIN = 2  # seconds; most requests are answered by then


@dataclass(frozen=True, slots=True)
class Repeating:
    """How long keys and answers are known, and how long a request is worked on at most, with files and without."""

    kept_for: timedelta
    longest: timedelta
    longest_with_files: timedelta


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A request under a key. `fingerprint` tells it from others under the same key.

    `kept_for` is how long the key and the answer are known; `given_up_after`, how long somebody works on it at most.
    """

    key: str
    fingerprint: bytes
    kept_for: timedelta
    given_up_after: timedelta


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered; no body where it must not be kept."""

    status: int
    headers: Mapping[str, str]
    body: bytes | None


async def claim(db: Database, actor: Actor, request: Repeatable) -> Actor | Answer:
    """Who carries the request out from now on, alone; or the answer that was given to it before.

    Refused with `idempotency.…`: `reused` for another request under the same key, `in_progress` while somebody works on
    the same one, `answer_lost` where it was carried out without an answer being kept, `not_repeatable` where the
    answer must not be. A request that came to nothing is taken over.
    """
    try:
        is_free = await _enter(db, actor, request)
    except asyncpg.ForeignKeyViolationError:
        return actor  # of an institution that is not on record: nothing can be written for it, so nothing twice
    if not is_free:
        async with db.write_as(actor) as tx:
            found = await tx.get(ROW, (actor.institution_id, actor.subject, request.key))
            if found is None:  # given up a moment ago
                raise _in_progress()
            if (answer := _known_answer(found, request)) is not None:
                return answer
            _must_be_given_up(found, db.now() - request.given_up_after)
            await _take_over(tx, actor, found, db.now())
    return replace(actor, idempotency_key=request.key)


async def keep(db: Database, actor: Actor, answer: Answer) -> None:
    """Keep the answer that everybody who repeats the request is given."""
    mine = (actor.subject, actor.idempotency_key, actor.request_id or "", db.now())
    headers = json.dumps(dict(answer.headers))
    await db.call_as(actor, "keep_answer", *mine, answer.status, headers, answer.body)


async def give_up(db: Database, actor: Actor) -> None:
    """End without an answer: the key is free again, unless something was written under it."""
    async with db.write_as(replace(actor, idempotency_key=None)) as tx:
        freed = delete(ROW).where(_of(actor), ROW.committed_at.is_(None)).returning(ROW.key)
        if await tx.scalar(freed) is None:
            await tx.execute(update(ROW).where(_of(actor), ROW.answered_at.is_(None)).values(answered_at=db.now()))


async def _enter(db: Database, actor: Actor, request: Repeatable) -> bool:
    """Whether the key was free and is the actor's now; what is older than keys are kept is forgotten on the way."""
    now = db.now()
    asked = (actor.subject, request.key, request.fingerprint, actor.request_id or "", now, now + request.kept_for)
    try:
        return bool(await db.call_as(actor, "claim_idempotency_key", *asked, SHORTLY))
    except (asyncpg.LockNotAvailableError, asyncpg.TransactionRollbackError) as error:  # whoever was quicker is at work
        raise _in_progress() from error


def _in_progress() -> InProgress:
    return InProgress("idempotency.in_progress", seconds=COME_AGAIN)


def _known_answer(found: IdempotencyKeyRow, request: Repeatable) -> Answer | None:
    if found.fingerprint != request.fingerprint:
        raise Invalid("idempotency.reused")
    if found.status is None:
        return None
    if found.body is None:
        raise Conflict("idempotency.not_repeatable")
    return Answer(found.status, found.headers or {}, found.body)


def _must_be_given_up(found: IdempotencyKeyRow, since: datetime) -> None:
    """A request that has neither written nor answered in all the time it had."""
    is_over = found.answered_at is not None or found.claimed_at < since
    if not is_over:
        raise _in_progress()
    if found.committed_at is not None:
        raise Conflict("idempotency.answer_lost", request=found.request_id)


async def _take_over(tx: AsyncSession, actor: Actor, found: IdempotencyKeyRow, now: datetime) -> None:
    """Whose transaction is still under way holds the row, and whoever was quicker has changed it."""
    key = (
        ROW.institution_id == found.institution_id,
        ROW.subject == found.subject,
        ROW.key == found.key,
        ROW.request_id == found.request_id,
    )
    still = select(ROW.key).where(*key, ROW.committed_at.is_(None)).with_for_update(skip_locked=True)
    if await tx.scalar(still) is None:
        raise _in_progress()
    await tx.execute(update(ROW).where(*key).values(request_id=actor.request_id or "", claimed_at=now))


def _of(actor: Actor) -> ColumnElement[bool]:
    """The key as the actor's own request holds it; nobody's where another one has taken it over."""
    return and_(
        ROW.institution_id == actor.institution_id,
        ROW.subject == actor.subject,
        ROW.key == actor.idempotency_key,
        ROW.request_id == (actor.request_id or ""),
    )
