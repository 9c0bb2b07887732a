"""People a second that a sync takes over from the simulator, which runs in a process of its own: `bench siasn`."""

from __future__ import annotations

import os
import subprocess
import sys
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
from pydantic import SecretStr
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from app.auth.destinations import LOOPBACK, Destinations, networks_named
from app.auth.sealing import Sealing
from app.db.database import Database, open_database
from app.dev.benchmark.ground import INSTITUTION, Ground, say, say_load, throw_away
from app.dev.benchmark.load import cpu_seconds
from app.dev.siasn_simulator.control import APPLICATION_TOKEN, SSO_TOKEN
from app.dev.siasn_simulator.server import API
from app.dev.siasn_simulator.serving import HOST, bound
from app.dev.siasn_simulator.tokens import CONSUMER_KEY, CONSUMER_SECRET, PASSWORD, SSO_CLIENT, USERNAME
from app.domain.actors import Actor, Role
from app.services import institutions, siasn_connections, siasn_syncs
from app.services.siasn_connections import USUALLY_PULLED
from app.services.siasn_runs import run_siasn_sync
from app.services.siasn_syncs import StartSiasnSync

AT_ONCE = 8
AIM = 200
"""People a second on two processors, with the limit off."""
LONGEST_START = 120.0  # seconds
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
    with throw_away(LIKE_AN_INSTALLATION) as ground, _simulator(people) as (process, address):
        installation = ground.database("siasn")
        figures = uvloop.run(_measure(ground, installation.url, process, address))
    _show(people, figures)


@contextmanager
def _simulator(people: int) -> Iterator[tuple[int, str]]:
    listening = bound()
    port = listening.getsockname()[1]
    listening.close()
    say(f"inventing {people:,} people at the simulator")
    process = subprocess.Popen(
        [
            *(sys.executable, "-P", "-m", "app", "siasn-simulator", "--port", str(port)),
            *("--institution", INSTITUTION, "--people", str(people)),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        address = f"http://{HOST}:{port}"
        until = time.monotonic() + LONGEST_START
        while not _answers(address):
            if process.poll() is not None or time.monotonic() > until:
                sys.exit("the simulator did not start")
            time.sleep(0.2)
        yield process.pid, address
    finally:
        process.terminate()
        process.wait()


def _answers(address: str) -> bool:
    try:
        return httpx2.get(f"{address}/simulator").is_success
    except httpx2.TransportError:
        return False


async def _measure(ground: Ground, url: str, simulator: int, address: str) -> list[Figures]:
    sealing = Sealing([Fernet.generate_key().decode()])
    destinations = Destinations(networks_named(LOOPBACK), allows_http=True)
    founder = Actor(UUID(int=0), Role.OPERATOR, "benchmark")
    async with open_database(url) as db:
        founded = await institutions.create_institution(db, founder, institutions.CreateInstitution(name=INSTITUTION))
        actor = Actor(founded, Role.HR_OFFICER, "benchmark")
        await _connect(db, founded, sealing, destinations, address)
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


async def _connect(db: Database, institution: UUID, sealing: Sealing, destinations: Destinations, address: str) -> None:
    connection = siasn_connections.KeepSiasnConnection(
        api_base=f"{address}{API}",
        application_token_url=f"{address}{APPLICATION_TOKEN}",
        sso_token_url=f"{address}{SSO_TOKEN}",
        consumer_key=CONSUMER_KEY,
        consumer_secret=SecretStr(CONSUMER_SECRET),
        sso_client_id=SSO_CLIENT,
        sso_username=USERNAME,
        sso_password=SecretStr(PASSWORD),
        gap_seconds=0,
        concurrency=AT_ONCE,
    )
    administrator = Actor(institution, Role.ADMINISTRATOR, "benchmark")
    await siasn_connections.keep_siasn_connection(db, administrator, sealing, destinations, connection)


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
