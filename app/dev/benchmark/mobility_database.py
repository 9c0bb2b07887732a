"""What a round of national mobility costs where it stands in PostgreSQL: frozen, loaded, solved, kept and written."""

from __future__ import annotations

import asyncio
import os
import resource
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database, PoolSizes, open_database
from app.db.tables.mobility_runs import MobilityWorkRow
from app.dev.benchmark.ground import say, say_load, throw_away
from app.dev.benchmark.mobility_execution import measure_mobility_execution
from app.dev.benchmark.mobility_laying import LEVEL, Laid, lay_cells, lay_round
from app.dev.benchmark.mobility_market import invent
from app.domain.actors import Actor, Role
from app.domain.careers import PositionLevel
from app.domain.mobility_campaigns import State
from app.domain.mobility_work import Kind, Stage
from app.services import institutions, mobility_campaigns, mobility_runs, mobility_work
from app.services.mobility_campaigns import AdvanceMobilityCampaign, DraftMobilityCampaign
from app.services.mobility_runs import FreezeMobilityCampaign, StartMobilityRun

WARMING = 1_000
"""Participants of a tiny round beforehand, which makes the machine code or finds it."""
MOST_MOVES = 100_000
EARLY = "only to be measured"
SERVER = {"shared_buffers": "512MB", "max_wal_size": "8GB"}
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Watched(mobility_work.Progress):
    """Processor seconds of each stage, of this process and of the server."""

    server: Callable[[], float] = lambda: 0.0
    seconds: defaultdict[Stage, list[float]] = field(default_factory=lambda: defaultdict(lambda: [0.0, 0.0]))
    _since: tuple[float, float] = (0.0, 0.0)

    def enter(self, stage: Stage, total: int = 0) -> None:
        """Another stage begins; what went before belongs to the one that ends."""
        now = (time.process_time(), self.server())
        spent = self.seconds[self.stage]
        spent[0] += now[0] - self._since[0]
        spent[1] += now[1] - self._since[1]
        self._since = now
        mobility_work.Progress.enter(self, stage, total)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a round took: processor seconds of the worker and of the server, by stage; GiB that each held at most."""

    participants: int
    freeze: dict[str, list[float]]
    run: dict[str, list[float]]
    worker: float
    server: float


def measure_mobility_database(participants: int) -> None:
    """Print what a round of this size takes: freezing and running it, from a campaign's rows to results and files.

    And carrying it out, with a fifth as many moves of many institutions.
    """
    with throw_away(SERVER) as ground:
        installation = ground.database("mobility")
        superuser = ground.server.url("mobility", "postgres")
        postmaster = int((ground.server.data / "postmaster.pid").read_text().split()[0])
        say(f"laying a round of {participants:,}")
        laid = [asyncio.run(_lay(installation.url, superuser, size)) for size in (WARMING, participants)]
        say("running it")
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            figures = process.submit(_measure, installation.url, laid, participants, postmaster).result()
        _show(figures)
        measure_mobility_execution(ground, min(MOST_MOVES, participants // 5))


async def _lay(url: str, superuser: str, participants: int) -> Laid:
    """A campaign in `correction`, with an invented round."""
    operator = Actor(uuid4(), Role.OPERATOR, "benchmark")
    async with open_database(url) as db:
        ids = []
        for name in ("BKN", "Pemerintah Contoh"):
            command = institutions.CreateInstitution(name=f"{name} {uuid4().hex}")
            ids.append(await institutions.create_institution(db, operator, command))
        organiser, today = Actor(ids[0], Role.NATIONAL, "benchmark"), db.today()
        draft = DraftMobilityCampaign(
            name=f"Mobilitas {participants}",
            legal_basis="PermenPANRB 3/2020",
            levels=[PositionLevel(LEVEL)],
            collecting_until=today + timedelta(days=30),
            correction_until=today + timedelta(days=45),
            effective_on=today + timedelta(days=90),
            lottery_source="an invented value",
        )
        laid = Laid(ids[0], await mobility_campaigns.draft_mobility_campaign(db, organiser, draft), ids[1])
        round_, labels = invent(participants)
        connection = await asyncpg.connect(superuser)
        try:
            await lay_cells(connection, laid, round_)
            await _advance(db, organiser, laid.campaign_id, State.ANNOUNCED, State.COLLECTING)
            await lay_round(connection, laid, round_, labels)
            await connection.execute("ANALYZE")
        finally:
            await connection.close()
        await _advance(db, organiser, laid.campaign_id, State.CORRECTION)
    return laid


async def _advance(db: Database, organiser: Actor, campaign_id: UUID, *states: State) -> None:
    for state in states:
        command = AdvanceMobilityCampaign(state=state, is_early=True, because=EARLY)
        await mobility_campaigns.advance_mobility_campaign(db, organiser, campaign_id, command)


def _measure(url: str, laid: list[Laid], participants: int, postmaster: int) -> Figures:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    found = [asyncio.run(_freeze_and_run(url, one, postmaster)) for one in laid]
    freeze, run = found[-1]
    return Figures(
        participants=participants,
        freeze=_told(freeze),
        run=_told(run),
        worker=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
        server=_largest(postmaster) / 2**20,
    )


async def _freeze_and_run(url: str, laid: Laid, postmaster: int) -> tuple[Watched, Watched]:
    """As the worker does it, watched."""
    organiser = Actor(laid.organiser_id, Role.NATIONAL, "benchmark")
    early = FreezeMobilityCampaign(is_early=True, because=EARLY)
    async with open_database(url, PoolSizes(2, 4)) as db:
        freeze = await mobility_runs.freeze_mobility_campaign(db, organiser, laid.campaign_id, early)
        do_freeze, do_run = mobility_runs._freeze, mobility_runs._run  # noqa: SLF001 - what is measured
        frozen = await _watched(db, organiser, freeze, postmaster, do_freeze, Kind.FREEZE)
        value = StartMobilityRun(value="invented")
        run = await mobility_runs.start_mobility_run(db, organiser, laid.campaign_id, value)
        return frozen, await _watched(db, organiser, run, postmaster, do_run, Kind.RUN)


Doing = Callable[[AsyncSession, Database, Actor, MobilityWorkRow, mobility_work.Progress], Awaitable[None]]


async def _watched(db: Database, organiser: Actor, work_id: UUID, postmaster: int, work: Doing, kind: Kind) -> Watched:
    watched = Watched(server=lambda: _processor_seconds(postmaster))

    async def do(tx: AsyncSession, row: MobilityWorkRow, _: mobility_work.Progress) -> None:
        watched.enter(Stage.WAITING)
        watched.seconds.clear()
        await work(tx, db, organiser, row, watched)
        watched.enter(Stage.DONE)

    await mobility_work._carry_out(db, organiser, work_id, kind, do)  # noqa: SLF001
    return watched


def _told(watched: Watched) -> dict[str, list[float]]:
    return {stage.value: seconds for stage, seconds in watched.seconds.items() if sum(seconds) > 0}


def _processor_seconds(postmaster: int) -> float:
    """Of the server's processes, those that have ended among them."""
    total = 0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                told = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it has ended meanwhile
                continue
            if int(told[1]) == postmaster:
                total += int(told[11]) + int(told[12])
            elif int(folder.name) == postmaster:
                total += sum(int(one) for one in told[11:15])
    return total / TICKS


def _largest(postmaster: int) -> int:
    """KiB that the largest of the server's processes held at most, what they share among it."""
    most = 0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                told = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
            except OSError:
                continue
            if told.get("PPid", "").strip() == str(postmaster):
                most = max(most, int(told.get("VmHWM", "0").split()[0]))
    return most


def _show(figures: Figures) -> None:
    title = f"A round of {figures.participants:,} in PostgreSQL (processor seconds)"
    table = Table(title=title, box=SIMPLE)
    for heading in ("", "stage", "worker", "server", "both"):
        table.add_column(heading, justify="left" if heading in ("", "stage") else "right")
    for name, stages in (("freeze", figures.freeze), ("run", figures.run)):
        for stage, (worker, server) in stages.items():
            table.add_row(name, stage, f"{worker:.2f}", f"{server:.2f}", f"{worker + server:.2f}")
        worker, server = (sum(seconds[n] for seconds in stages.values()) for n in (0, 1))
        table.add_row(name, "all", f"{worker:.2f}", f"{server:.2f}", f"{worker + server:.2f}", style="bold")
    Console(width=150).print(table)
    print(f"GiB at most: worker {figures.worker:.2f}, server {figures.server:.2f} · {say_load()}")
