"""Delivering events to those who subscribed: asked first, in order for each subject, again and again for days."""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import aiohttp
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.destinations import Destinations
from app.auth.sealing import SealedElsewhereError, Sealing
from app.auth.webhooks import PATIENCE, ask_for_permit, send_event
from app.db.database import Database
from app.db.deliveries import LINKS_AT_ONCE, Due, Outcome, fan_out, find_due, hasten, mark
from app.db.failpoints import Failpoint, reached
from app.db.tables.webhooks import WebhookCursorRow, WebhookRow, WebhookSecretRow
from app.domain.actors import Actor, Permission
from app.domain.told_events import types_matching
from app.domain.webhooks import (
    DELAYS,
    HANDSHAKE_DELAYS,
    SEALED_ELSEWHERE,
    Answer,
    Because,
    DeliveryState,
    Permit,
    State,
    follows,
    has_failed_too_long,
    waits,
)
from app.services import webhooks

AT_ONCE = 8
"""Events on their way to one subscription, each about something else."""
LONGEST_TURN = 5.0
"""Seconds in which sending is begun; then it is the others' turn, and the rest waits for the next one."""
MOST_LOST = 3
"""Answers lost one after the other, of a receiver that has answered before, from which on nobody is there."""
MOST_IN_HAND = 200
"""Events that are looked up at once."""


@dataclass(frozen=True, slots=True, repr=False)
class Receiver:
    """A subscription as it is while a turn lasts."""

    id: UUID
    revision: int
    url: str
    state: State
    types: list[str]
    subject_types: list[str]
    keys: list[str]
    rate: int | None
    failures: int
    failing_since: datetime | None
    not_before: datetime | None

    def may_be_spoken_to(self, now: datetime) -> bool:
        return self.not_before is None or self.not_before <= now


async def deliver_webhook(
    db: Database, actor: Actor, sealing: Sealing, destinations: Destinations, webhook_id: UUID
) -> None:
    """One turn of a subscription: ask the receiver if it has to be asked, then send what is due, in order per subject.

    May be done twice, also at once: an event is then sent more than once, never less, and with the id that it has.
    """
    actor.require(Permission.MANAGE_WEBHOOKS)
    receiver = await _receiver(db, actor, sealing, webhook_id)
    if receiver is None or not receiver.may_be_spoken_to(db.now()):
        return
    if not receiver.keys:
        await _stop_unsigned(db, actor, receiver)
        return
    async with destinations.client(timeout=PATIENCE, at_once=AT_ONCE) as client:
        if receiver.state is State.PENDING:
            await _ask(db, actor, client, destinations.origin, receiver)
            receiver = await _receiver(db, actor, sealing, webhook_id)
        if receiver is not None and receiver.state is State.ACTIVE:
            await _Turn(db, actor, client, destinations.origin, receiver).take()


async def _receiver(db: Database, actor: Actor, sealing: Sealing, webhook_id: UUID) -> Receiver | None:
    async with db.read_as(actor) as tx:
        key = actor.institution_id, webhook_id
        row, cursor = await tx.get(WebhookRow, key), await tx.get(WebhookCursorRow, key)
        secrets = await webhooks._live_secrets(tx, webhook_id, db.now())  # noqa: SLF001 - one of its private steps
    if row is None or cursor is None:
        return None
    return Receiver(
        webhook_id,
        row.revision,
        row.url,
        State(row.state),
        types_matching(row.types),
        row.subject_types,
        list(_opened(sealing, secrets)),
        cursor.allowed_rate,
        cursor.failures,
        cursor.failing_since,
        cursor.not_before,
    )


def _opened(sealing: Sealing, secrets: Sequence[WebhookSecretRow]) -> Iterator[str]:
    """The newest first; without those that no key of the installation opens, as one that was replaced for that."""
    for secret in reversed(secrets):
        with suppress(SealedElsewhereError):
            yield sealing.opened(secret.sealed)


async def _stop_unsigned(db: Database, actor: Actor, receiver: Receiver) -> None:
    """Nothing can be signed: it stands still, and says why, until somebody has seen to that."""
    async with db.write_as(actor) as tx:
        row = await tx.get(WebhookRow, (actor.institution_id, receiver.id), with_for_update=True)
        if row is not None and row.revision == receiver.revision and row.state in (State.PENDING, State.ACTIVE):
            await _note(tx, receiver, last_error=SEALED_ELSEWHERE)
            await webhooks._move(tx, actor, row, State.PAUSED, Because.SECRET_UNREADABLE)  # noqa: SLF001 - see above


# ── asking


async def _ask(db: Database, actor: Actor, client: aiohttp.ClientSession, origin: str, receiver: Receiver) -> None:
    """Ask the receiver whether it wants to be sent events; one that does not is asked again some times."""
    permit, answer = await ask_for_permit(client, receiver.url, origin)
    now = db.now()
    async with db.write_as(actor) as tx:
        row = await tx.get(WebhookRow, (actor.institution_id, receiver.id), with_for_update=True)
        if row is None or row.revision != receiver.revision:
            return
        if permit is not None:
            await _allow(tx, receiver, permit, now)
            await webhooks._move(tx, actor, row, State.ACTIVE, Because.VALIDATED)  # noqa: SLF001 - see above
            return
        failures = receiver.failures + 1
        delay = waits(HANDSHAKE_DELAYS, failures, answer.retry_after, random.random())  # noqa: S311 - spreads load
        error = answer.error or "webhook.not_allowed"
        await _note(tx, receiver, failures=failures, not_before=now + delay, last_error=error)
        if failures > len(HANDSHAKE_DELAYS):
            await webhooks._move(tx, actor, row, State.PAUSED, Because.NOT_VALIDATED)  # noqa: SLF001 - see above


async def _allow(tx: AsyncSession, receiver: Receiver, permit: Permit, now: datetime) -> None:
    fresh = {"failures": 0, "not_before": None, "failing_since": None, "last_error": None}
    await _note(tx, receiver, validated_at=now, allowed_rate=permit.rate, **fresh)


async def _note(tx: AsyncSession, receiver: Receiver, **values: datetime | int | str | None) -> None:
    await tx.execute(update(WebhookCursorRow).where(WebhookCursorRow.webhook_id == receiver.id).values(values))


# ── sending


class _Turn:
    """What is sent to one receiver before it is the others' turn.

    Events about one thing are sent one after the other without waiting until each is written down: what is written
    down is written down together, while the next are on their way. Who is killed meanwhile sends them again, in the
    same order.
    """

    def __init__(
        self, db: Database, actor: Actor, client: aiohttp.ClientSession, origin: str, receiver: Receiver
    ) -> None:
        self._db, self._actor, self._client, self._origin, self._receiver = db, actor, client, origin, receiver
        self._begun, self._until = db.now(), time.monotonic() + LONGEST_TURN
        self._sent = 0
        self._most = None if receiver.rate is None else max(1, int(receiver.rate * LONGEST_TURN / 60))
        self._in_hand: dict[str, deque[Due]] = {}
        """By subject, in their order."""
        self._sending: dict[asyncio.Task[Outcome], Due] = {}
        self._unmarked: list[Outcome] = []
        self._marking: asyncio.Task[None] | None = None
        self._is_over = self._is_put_off = self._was_heard = False
        self._lost = 0
        """In a row."""
        self._wishes: list[Answer] = []
        """Answers that say that nothing is to be sent for now."""
        self._is_troubled = receiver.failing_since is not None or receiver.failures > 0
        self._was_away = receiver.failures > 0

    async def take(self) -> None:
        """Send until nothing is due, the time is up, or the receiver wants to be left alone."""
        may_be_more = True
        try:
            while may_be_more and not self._is_over:
                may_be_more = await self._fan_out()
                await self._send_all()
        finally:
            tasks = [*self._sending, *([self._marking] if self._marking else [])]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        await self._end()

    async def _fan_out(self) -> bool:
        """Make deliveries of what happened since, and take in hand what is due; whether there may be more."""
        receiver = self._receiver
        async with self._db.write_as(self._actor) as tx:
            if not await self._is_unchanged(tx):
                return False
            seen = await fan_out(tx, self._actor, receiver.id, receiver.types, receiver.subject_types, self._db.now())
            if seen:
                reached(Failpoint.EVENTS_FANNED_OUT)
            await self._look(tx)
        return seen == LINKS_AT_ONCE

    async def _send_all(self) -> None:
        """Send what is in hand, some at once, and what becomes due by that."""
        self._begin()
        while self._sending or self._marking or self._unmarked:
            if self._marking is None and self._unmarked:
                outcomes, self._unmarked = self._unmarked, []
                self._marking = asyncio.create_task(self._mark(outcomes))
            waiting = {*self._sending, *([self._marking] if self._marking else [])}
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if self._marking and self._marking.done():
                await self._marking
                self._marking = None
            self._take_note([task for task in self._sending if task.done()])
            self._begin()

    def _take_note(self, answered: Sequence[asyncio.Task[Outcome]]) -> None:
        """What follows from answers for what is in hand: behind what has to be sent again, nothing of its subject."""
        for task in answered:
            outcome = task.result()
            reached(Failpoint.WEBHOOK_SENT)
            del self._sending[task]
            self._unmarked.append(outcome)
            if outcome.next.state is DeliveryState.WAITING:
                self._in_hand.pop(outcome.due.subject, None)
            self._hear(outcome.answer)
            self._is_over = self._is_over or bool(self._wishes) or outcome.answer.is_gone

    def _hear(self, answer: Answer) -> None:
        """Note whether nothing else is to be sent either; one lost among others is the trouble of its event alone."""
        is_lost = answer.status is None
        self._was_heard = self._was_heard or not is_lost
        self._lost = self._lost + 1 if is_lost else 0
        if answer.says_wait and not (is_lost and self._was_heard and self._lost < MOST_LOST):
            self._wishes.append(answer)

    def _begin(self) -> None:
        """Send the next one of each subject that none is on its way of, as many as there is room for."""
        for subject in self._free()[: self._room()]:
            due = self._in_hand[subject].popleft()
            if not self._in_hand[subject]:
                del self._in_hand[subject]
            self._sending[asyncio.create_task(self._send(due))] = due
            self._sent += 1

    def _free(self) -> list[str]:
        """The subjects in hand that nothing is on its way of."""
        busy = {due.subject for due in self._sending.values()}
        return [subject for subject in self._in_hand if subject not in busy]

    async def _send(self, due: Due) -> Outcome:
        receiver, now = self._receiver, self._db.now()
        answer = await send_event(self._client, receiver.url, self._origin, due.event_id, due.body, receiver.keys, now)
        chance = random.random()  # noqa: S311 - spreads load
        return Outcome(due, answer, follows(answer, due.attempts + 1, self._db.now(), chance))

    async def _mark(self, outcomes: Sequence[Outcome]) -> None:
        """Write down what came of what was sent, and take in hand what is due next, in one transaction."""
        async with self._db.write_as(self._actor) as tx:
            is_unchanged = await self._is_unchanged(tx)
            await mark(tx, self._actor, self._receiver.id, outcomes, self._db.now())
            if is_unchanged:
                await self._judge(tx, [one.answer for one in outcomes], self._db.now())
            await self._look(tx)
        reached(Failpoint.WEBHOOK_MARKED)

    async def _look(self, tx: AsyncSession) -> None:
        """Take in hand what is due, where nothing else is; nothing of what is on its way or not written down yet."""
        if not self._room() or self._free():
            return
        busy = [one.subject for one in (*self._sending.values(), *(outcome.due for outcome in self._unmarked))]
        for one in await find_due(tx, self._actor, self._receiver.id, busy, MOST_IN_HAND, self._db.now()):
            self._in_hand.setdefault(one.subject, deque()).append(one)

    def _room(self) -> int:
        """How many more may be begun now."""
        self._is_over = self._is_over or time.monotonic() >= self._until
        self._is_over = self._is_over or (self._most is not None and self._sent >= self._most)
        if self._is_over:
            return 0
        room = AT_ONCE - len(self._sending)
        return room if self._most is None else min(room, self._most - self._sent)

    async def _is_unchanged(self, tx: AsyncSession) -> bool:
        """Whether nobody has paused, edited or ended the subscription since the turn began; nobody does until it ends.

        Asked before anything else of it is touched, as those who change it do: so neither waits for the other for ever.
        """
        row = WebhookRow
        mine = select(row.id).where(row.id == self._receiver.id, row.revision == self._receiver.revision)
        found = await tx.scalar(mine.with_for_update(key_share=True))
        self._is_over = self._is_over or found is None
        return found is not None

    async def _judge(self, tx: AsyncSession, answers: Sequence[Answer], now: datetime) -> None:
        """What answers say of the receiver as a whole: that it is there, wants to be left alone, or is gone."""
        is_there = any(answer.is_accepted for answer in answers)
        if self._is_troubled and is_there and not self._is_put_off:  # what was under way then takes nothing back
            await _note(tx, self._receiver, failures=0, failing_since=None, not_before=None, last_error=None)
            if self._was_away:  # not for one event that was lost: it would be sent again and again until it is dead
                await hasten(tx, self._actor, self._receiver.id, now)
            self._is_troubled = self._was_away = False
        failed = [answer for answer in answers if not answer.is_accepted]
        if not failed:
            return
        cursor = await tx.get(WebhookCursorRow, (self._actor.institution_id, self._receiver.id), with_for_update=True)
        if cursor is None:
            return
        self._is_troubled = True
        cursor.failing_since = cursor.failing_since or now
        cursor.last_error = failed[-1].error or "webhook.refused"
        if self._wishes and not self._is_put_off:
            cursor.failures += 1
            asked = max(answer.retry_after or timedelta() for answer in self._wishes)
            cursor.not_before = now + waits(DELAYS, cursor.failures, asked, random.random())  # noqa: S311 - spreads load
            self._is_put_off = True
        if any(answer.is_gone for answer in failed):
            await self._stop(tx, State.DISABLED, Because.GONE)
        elif has_failed_too_long(cursor.failing_since, now):
            await self._stop(tx, State.PAUSED, Because.FAILING)

    async def _stop(self, tx: AsyncSession, state: State, because: Because) -> None:
        self._is_over = True
        row = await tx.get(WebhookRow, (self._actor.institution_id, self._receiver.id), with_for_update=True)
        if row is not None and row.state == State.ACTIVE:
            await webhooks._move(tx, self._actor, row, state, because)  # noqa: SLF001 - see above

    async def _end(self) -> None:
        """Have the rest done in another turn; where the receiver wants fewer requests a minute, not before that."""
        now, rate = self._db.now(), self._receiver.rate
        if not self._is_over and (rate is None or not self._sent):  # nothing was due when it was looked up last
            return
        async with self._db.write_as(self._actor) as tx:
            if rate is not None and self._sent:
                pause = self._begun + timedelta(seconds=self._sent * 60 / rate)
                await tx.execute(
                    update(WebhookCursorRow)
                    .where(WebhookCursorRow.webhook_id == self._receiver.id, WebhookCursorRow.not_before.is_(None))
                    .values(not_before=pause)
                )
            elif await self._is_unchanged(tx) and await find_due(tx, self._actor, self._receiver.id, (), 1, now):
                await webhooks._queue(tx, self._actor, self._receiver.id)  # noqa: SLF001 - see above
