"""Kills: everything is killed again and again while it works, and afterwards nothing may be lost, doubled or late."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import httpx2
from rich.console import Console
from rich.table import Table

from app.db.database import open_database
from app.db.whole_ledger import open_ledger
from app.dev.kills.house import House, a_house
from app.dev.kills.processes import STARTS_WITHIN
from app.dev.kills.receiving import Received, receiving
from app.dev.kills.verdict import ask, faults_of
from app.dev.kills.writing import Writer
from app.domain.actors import Actor, Role
from app.services.audit import verify_ledger

WRITERS = 3
"""Of each of two institutions; the first of them has a receiver of its events."""
SETTLES_WITHIN = 120.0  # seconds until everything that was written has been told
SHOWN_EVERY = 10


@dataclass(slots=True)
class Outcome:
    """What was killed, what was done meanwhile, and what is wrong."""

    kills: Counter[tuple[str, str]]
    answered: int = 0
    repeated: int = 0
    events: int = 0
    deliveries: int = 0
    seconds: float = 0.0
    settled: float = 0.0
    faults: list[str] = field(default_factory=list)


def kill(times: int, seed: int, show: Callable[[int], None] = lambda _: None) -> Outcome:
    """Kill so many times while writers write; then let everything settle and compare."""
    with _a_directory() as directory, receiving(seed) as (receiver, received), a_house(directory, seed) as house:
        institutions = [house.found(f"Pemerintah Kota Uji {letter}") for letter in "AB"]
        house.begin()
        received.secret = _subscribe(house, institutions[0], receiver)
        writers = [
            [_writer(house, one, f"{letter}{number}", seed) for number in range(WRITERS)]
            for letter, one in zip("AB", institutions, strict=True)
        ]
        began = time.monotonic()
        everybody = [one for some in writers for one in some]
        for one in everybody:
            one.start()
        while house.kills.total() < times:
            house.kill_once()
            show(house.kills.total())
        house.begin()
        outcome = Outcome(house.kills, seconds=time.monotonic() - began)
        _end(everybody, outcome)
        _compare(house, institutions, writers, received, outcome)
    return outcome


def print_kills(times: int, seed: int) -> bool:
    """The same with a table of what came of it; whether all is well."""

    def show(done: int) -> None:
        if done % SHOWN_EVERY == 0:
            print(f"{done} kills", file=sys.stderr, flush=True)

    outcome = kill(times, seed, show)
    table = Table("what", "killed", "times", title=f"Kills, seed {seed}")
    table.columns[2].justify = "right"
    for (kind, where), number in sorted(outcome.kills.items()):
        table.add_row(kind, where, f"{number:,}")
    table.add_row("", "altogether", f"{outcome.kills.total():,}", style="bold")
    console = Console()
    console.print(table)
    console.print(
        f"{outcome.answered:,} writes answered ({outcome.repeated:,} requests repeated), {outcome.events:,} events, "
        f"{outcome.deliveries:,} deliveries, {outcome.seconds:.0f} s; all told {outcome.settled:.1f} s after the end"
    )
    for fault in outcome.faults:
        console.print(f"[red]{fault}[/red]", markup=True)
    console.print("nothing lost, nothing doubled, everything in order" if not outcome.faults else "NOT WELL")
    return not outcome.faults


def _writer(house: House, institution: UUID, name: str, seed: int) -> Writer:
    return Writer(name, house.address, house.token(institution, Role.HR_OFFICER), hash((seed, name)))


def _subscribe(house: House, institution: UUID, receiver: str) -> str:
    """Have the events of an institution sent to the receiver, from the first one on; what they are signed with."""
    headers = {"authorization": f"Bearer {house.token(institution, Role.ADMINISTRATOR)}"}
    body = {"url": receiver, "types": ["*"], "after": "0"}
    with httpx2.Client(base_url=house.address, headers=headers, timeout=STARTS_WITHIN) as client:
        client.get("/v1/webhooks").raise_for_status()  # the first request of all is slow
        answer = client.post("/v1/webhooks", json=body, headers={"idempotency-key": "webhook"}).raise_for_status()
    return str(answer.json()["secret"])


def _end(writers: Sequence[Writer], outcome: Outcome) -> None:
    for one in writers:
        one.finish()
    for one in writers:
        one.join(SETTLES_WITHIN)
        outcome.answered += one.written.answered
        outcome.repeated += one.written.repeated
        if one.error or one.is_alive():
            outcome.faults.append(f"writer {one.name}: {one.error or 'is never answered'}")


def _compare(
    house: House,
    institutions: Sequence[UUID],
    writers: Sequence[Sequence[Writer]],
    received: Received,
    outcome: Outcome,
) -> None:
    """Wait until everything is told, and look at it from every side."""
    began = time.monotonic()
    receivers = (received, None)
    while True:
        faults: list[str] = []
        for institution, wrote, receiver in zip(institutions, writers, receivers, strict=True):
            roles = (Role.HR_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR)
            if (unchained := _unchained(house, institution)) > 0:
                faults.append(f"{unchained} entries are not chained")
                break
            told = ask(house.address, *(house.token(institution, role) for role in roles))
            faults += faults_of(told, [one.written for one in wrote], receiver)
            outcome.events = max(outcome.events, len(told.ledger))
        outcome.settled = time.monotonic() - began
        if not faults or outcome.settled > SETTLES_WITHIN:
            break
        time.sleep(0.3)
    outcome.deliveries = received.deliveries
    outcome.faults += [*faults, *asyncio.run(_of_database(house))]


def _unchained(house: House, institution: UUID) -> int:
    headers = {"authorization": f"Bearer {house.token(institution, Role.AUDITOR)}"}
    return int(httpx2.get(f"{house.address}/v1/ledger-head", headers=headers).raise_for_status().json()["unchained"])


async def _of_database(house: House) -> list[str]:
    """What the ledger says of itself, and jobs that nobody does any more."""
    auditor = Actor(UUID(int=0), Role.AUDITOR, "kills")
    async with open_ledger(house.owner_url) as ledger:
        verdict = await verify_ledger(ledger, auditor, None, lambda *_: None)
    async with open_database(house.url) as db:
        failed = [
            f"{one.jobs} jobs {one.kind} failed for good" for one in await db.count_jobs() if one.state == "failed"
        ]
    return [*(f"ledger: {one.damage} at {one.position}" for one in verdict.findings), *failed]


@contextmanager
def _a_directory() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="nt-kills-", dir="/var/tmp"))
    directory.chmod(0o755)  # as root, PostgreSQL runs under another account
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)
