"""Pulls: people are asked about at SIASN, some ahead of those whose answers are taken over, in their order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from app.siasn import wire
from app.siasn.client import SiasnClient
from app.siasn.replies import SERVERS, Failed, Found, Layer, Nothing, Reply

CHUNK = 500  # people taken over in one transaction
SOON = 5.0  # seconds after which those who are there are taken over, however few: SIASN may be asked slowly
AHEAD = 2 * CHUNK  # people whose answers wait in memory
UNAUTHORISED = "siasn.unauthorised"
OUTAGES = frozenset({"siasn.unreachable", "siasn.timeout", "siasn.suspended", UNAUTHORISED, "siasn.rate_limited"})
"""Failures that are not about anybody: the next person will meet the same."""
MOST_OUTAGES = 20  # people in a row; then it is left for later
NOTHING, WELL, ANSWERED = "nothing", "found", "answered"
FINE = (NOTHING, WELL, ANSWERED)
KEPT_SECRET = frozenset({"rw-hukdis", wire.COMPETENCY, wire.POTENTIAL, wire.PROFESSIONALISM})
"""Histories of which not everybody may know whether somebody has any: it is said only that they answered."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody who is to be asked about, and whether our record says that they work part-time."""

    ordinal: int
    nip: str
    is_part_time: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What SIASN answered about somebody; `endpoints` tells of each call when, what and how much."""

    turn: Turn
    profile: Reply
    histories: Mapping[str, Reply]
    endpoints: tuple[dict[str, object], ...]

    @property
    def is_outage(self) -> bool:
        """Whether the profile failed for a reason that is not about this person, as a token's or a server's."""
        match self.profile:
            case Failed(code=code, status=status, layer=layer):
                return code in OUTAGES or layer is not Layer.API or (status or 0) >= SERVERS
        return False


class Pull:
    """People being asked about, with as many at once as the connection allows. Make one with `open_pull`."""

    def __init__(self, asking: Callable[[Turn], asyncio.Task[Asked]], turns: Sequence[Turn]) -> None:
        self._asking, self._turns = asking, iter(turns)
        self._tasks: deque[asyncio.Task[Asked]] = deque()
        self._begin_more()

    async def take(self) -> list[Asked]:
        """The next people in their order, as many as are there soon; none at the end."""
        taken: list[Asked] = []
        until = asyncio.get_running_loop().time() + SOON
        while self._tasks and len(taken) < CHUNK:
            task = self._tasks[0]
            if not task.done():
                left = until - asyncio.get_running_loop().time()
                await asyncio.wait((task,), timeout=max(left, 0) if taken else None)
            if not task.done():
                break
            taken.append(await self._tasks.popleft())
        self._begin_more()
        return taken

    def _begin_more(self) -> None:
        self._tasks.extend(map(self._asking, islice(self._turns, max(AHEAD - len(self._tasks), 0))))

    async def close(self) -> None:
        """Ask about nobody any more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def open_pull(
    client: SiasnClient, histories: Sequence[str], at_once: int, turns: Sequence[Turn], now: Callable[[], datetime]
) -> AsyncIterator[Pull]:
    """Ask about people in their order, `at_once` at a time; whoever leaves the context is waited for no longer."""
    places = asyncio.Semaphore(at_once)

    async def ask(turn: Turn) -> Asked:
        async with places:
            return await _ask(client, histories, turn, now)

    pull = Pull(lambda turn: asyncio.create_task(ask(turn)), turns)
    try:
        yield pull
    finally:
        await pull.close()


async def _ask(client: SiasnClient, histories: Sequence[str], turn: Turn, now: Callable[[], datetime]) -> Asked:
    """The profile first; then the histories, of which one that fails keeps no other from being asked for."""
    profile = await client.person(turn.nip, is_part_time=turn.is_part_time)
    endpoints = [_told(wire.PERSON, profile, now())]
    replies: dict[str, Reply] = {}
    person_id = wire.identity(profile.rows[0].get("id")) if isinstance(profile, Found) and profile.rows else None
    for name in histories if isinstance(profile, Found) else ():
        replies[name] = await client.history(name, turn.nip, person_id)
        endpoints.append(_told(name, replies[name], now()))
    return Asked(turn, profile, replies, tuple(endpoints))


def _told(endpoint: str, reply: Reply, at: datetime) -> dict[str, object]:
    """What came of a call; how many rows nobody knows, or is to know, are None."""
    if endpoint in KEPT_SECRET and not isinstance(reply, Failed):
        return {"endpoint": endpoint, "answer": ANSWERED, "status": None, "rows": None, "at": at}
    match reply:
        case Found(rows=rows):
            return {"endpoint": endpoint, "answer": WELL, "status": None, "rows": len(rows), "at": at}
        case Nothing():
            return {"endpoint": endpoint, "answer": NOTHING, "status": None, "rows": 0, "at": at}
        case Failed(code=code, status=status):
            return {"endpoint": endpoint, "answer": code, "status": status, "rows": None, "at": at}


def split_outage(asked: Sequence[Asked]) -> tuple[list[Asked], list[Asked]]:
    """Those before the last failures that are about nobody, and these: who is left out may be asked about again."""
    last = len(asked)
    while last and asked[last - 1].is_outage:
        last -= 1
    return list(asked[:last]), list(asked[last:])


def code_of(asked: Asked) -> str | None:
    """Why the profile could not be read; None where it could."""
    return asked.profile.code if isinstance(asked.profile, Failed) else None
