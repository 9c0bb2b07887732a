"""People a second that a sync takes over from the simulator, which runs in a process of its own: `bench siasn`."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx2
import orjson
import uvloop
from cryptography.fernet import Fernet
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from app.auth.destinations import LOOPBACK, Destinations, networks_named
from app.auth.sealing import Sealing
from app.db.database import open_database
from app.dev.benchmark.ground import INSTITUTION, Ground, say, say_load, throw_away
from app.dev.benchmark.load import cpu_seconds
from app.dev.siasn_simulator.demonstration import connection_to, started
from app.domain.actors import Actor, Role
from app.memory import settle
from app.services import institutions, siasn_connections, siasn_syncs
from app.services.siasn_connections import USUALLY_PULLED
from app.services.siasn_runs import run_siasn_sync
from app.services.siasn_syncs import StartSiasnSync

AT_ONCE = 8
AIM = 200
"""People a second on two processors, with the limit off."""
LIKE_AN_INSTALLATION = {"shared_buffers": "256MB", "max_wal_size": "2GB"}


@dataclass(frozen=True, slots=True)
class Figures:
    """One sync: what was asked for, and processor seconds by process."""

    name: str
    people: int
    changed: int
    calls: int
    seconds: float
    worker: float
    server: float
    simulator: float

    @property
    def rate(self) -> float:
        return self.people / self.seconds


def measure_siasn(people: int) -> None:
    """Sync so many people with the profile alone, then with all usual histories, each cold and unchanged."""
    with throw_away(LIKE_AN_INSTALLATION) as ground, _simulator(people) as (address, process):
        installation = ground.database("siasn")
        settle()
        figures = uvloop.run(_measure(ground, installation.url, process, address))
    _show(people, figures)


@contextmanager
def _simulator(people: int) -> Iterator[tuple[str, int]]:
    say(f"inventing {people:,} people at the simulator")
    with started("--institution", INSTITUTION, "--people", str(people)) as simulator:
        yield simulator


async def _measure(ground: Ground, url: str, simulator: int, address: str) -> list[Figures]:
    sealing = Sealing([Fernet.generate_key().decode()])
    destinations = Destinations(networks_named(LOOPBACK), allows_http=True)
    founder = Actor(UUID(int=0), Role.OPERATOR, "benchmark")
    async with open_database(url) as db:
        founded = await institutions.create_institution(db, founder, institutions.CreateInstitution(name=INSTITUTION))
        actor = Actor(founded, Role.HR_OFFICER, "benchmark")
        administrator = Actor(founded, Role.ADMINISTRATOR, "benchmark")
        connection = connection_to(address, AT_ONCE)
        await siasn_connections.keep_siasn_connection(db, administrator, sealing, destinations, connection)
        nips = orjson.loads(httpx2.get(f"{address}/simulator/people").content)
        figures = []
        for name, histories in (
            ("profile, cold", []),
            ("profile, unchanged", []),
            ("histories, cold", list(USUALLY_PULLED)),
            ("histories, unchanged", list(USUALLY_PULLED)),
        ):
            say(name)
            command = StartSiasnSync(nips=nips, histories=histories)
            sync_id = await siasn_syncs.start_siasn_sync(db, actor, command)
            before = _used(ground, simulator)
            began = time.perf_counter()
            await run_siasn_sync(db, actor, sealing, destinations, sync_id)
            seconds = time.perf_counter() - began
            spent = [now - then for now, then in zip(_used(ground, simulator), before, strict=True)]
            told = orjson.loads(await siasn_syncs.siasn_sync_document(db, actor, sync_id))
            if told["done"] != len(nips) or told["failed"]:
                raise RuntimeError(f"{told['done']} of {len(nips)} done, {told['failed']} failed: {told['problem']}")
            calls = len(nips) * (1 + len(histories))
            changed = told["changed"] + told["added"]
            figures.append(Figures(name, len(nips), changed, calls, seconds, *spent))
        return figures


def _used(ground: Ground, simulator: int) -> tuple[float, float, float]:
    """Processor seconds so far: this process, PostgreSQL, the simulator."""
    return time.process_time(), _of_server(_postmaster(ground)), cpu_seconds(simulator)


def _postmaster(ground: Ground) -> int:
    return int((ground.server.data / "postmaster.pid").read_text().split()[0])


def _of_server(postmaster: int) -> float:
    children = [int(one) for one in Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()]
    return cpu_seconds(postmaster, with_children=True) + sum(map(cpu_seconds, children))


def _show(people: int, figures: list[Figures]) -> None:
    table = Table(title=f"A sync of {people:,} people with the simulator, {AT_ONCE} at once", box=SIMPLE)
    headings = ("sync", "changed", "s", "people/s", "calls/s", "worker", "server", "SIASN")
    for heading in headings:
        table.add_column(heading, justify="left" if heading == "sync" else "right")
    for one in figures:
        rates = (f"{one.seconds:.1f}", f"{one.rate:,.0f}", f"{one.calls / one.seconds:,.0f}")
        spent = (f"{one.worker:.1f}", f"{one.server:.1f}", f"{one.simulator:.1f}")
        table.add_row(one.name, f"{one.changed:,}", *rates, *spent)
    console = Console()
    console.print(table)
    console.print(f"Processor seconds by process; {os.cpu_count()} processors share them. Aim: {AIM} people/s.")
    console.print(say_load())
