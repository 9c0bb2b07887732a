"""What searching the nation costs as it grows: at the door and in PostgreSQL, for a typical and the broadest search."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median, quantiles
from uuid import uuid4

import asyncpg
import uvloop
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.development import development_key, sign
from app.db.database import Database, fetch_rows, open_database
from app.db.national_candidates import SEED_BYTES, find_best
from app.dev.benchmark.ground import AS_OF, Ground, say, say_load, throw_away
from app.dev.benchmark.load import Line, Measured, get, post, put_under_load
from app.dev.benchmark.reading import ISSUER, Server, key_of, the_service
from app.dev.installation import Installation
from app.dev.nation.governments import governments
from app.dev.nation.loading import lay
from app.domain.actors import Actor, Role
from app.domain.careers import PositionLevel
from app.domain.national_search import Post, search_for
from app.services import rule_sets

POPULATIONS = (50_000, 200_000, 1_000_000, 5_600_000)
TIMES = 60
"""How often each is asked; the first ones, which compile and plan, are not counted."""
WARMING = 12
AIMS = {"typical": 25.0, "broadest": 100.0, "counts": 5.0}
"""Milliseconds: 95 of 100 searches at the door, the median of counting in PostgreSQL."""
SEARCHES: dict[str, str | None] = {"typical": "health", "broadest": None}
"""A post of JPT pratama in a large affair, and in none: then experience in it narrows nothing."""
ON = AS_OF + timedelta(days=42)
STANDARD = (4,) * 9
GROUNDS = "PP 11/2017 ps. 107: pengukuran"
Latencies = list[float]


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of one nation; seconds."""

    population: int
    laid_in: float
    disk: int
    """Bytes."""
    door: dict[str, Latencies]
    database: dict[str, Latencies]
    eligible: dict[str, int]


def measure_matching(populations: Sequence[int]) -> None:
    """Print how searches and counts grow with the nation; each nation has a server of its own, gone afterwards."""
    found = []
    for population in populations:
        with throw_away() as ground:
            installation = ground.database("nation")
            say(f"inventing {population:,} people")
            began = time.perf_counter()
            asyncio.run(lay(installation.owner_url, population, lambda _what, _done, _all: None))
            found.append(measure_nation(ground, installation, population, time.perf_counter() - began))
    _show(found)


def measure_nation(ground: Ground, installation: Installation, population: int, laid_in: float) -> Figures:
    """The figures of a nation that has been laid."""
    say("starting the service")
    actor = Actor(governments(population)[0].id, Role.NATIONAL, "benchmark")
    token = sign(actor, development_key(key_of(ground)), issuer=ISSUER)
    with the_service(ground, installation.url) as service:
        say("searching")
        return uvloop.run(_measure(service, installation.url, token, actor, population, laid_in))


async def _measure(service: Server, url: str, token: str, actor: Actor, population: int, laid_in: float) -> Figures:
    door: dict[str, Latencies] = {}
    for name, affair in SEARCHES.items():
        body = json.dumps({"grounds": GROUNDS, "level": "jpt_pratama", "governmentAffair": affair, "on": str(ON)})
        requests = [post("/v1/national-rankings", body.encode(), token, uuid4().hex) for _ in range(WARMING + TIMES)]
        door[name] = await _asked(service, requests, b'{"searchId"')
    counts = [get("/v1/talent-cards/counts", token)] * (WARMING + TIMES)
    door["counts"] = await _asked(service, counts, b'{"total"')
    database: dict[str, Latencies] = {}
    eligible: dict[str, int] = {}
    async with open_database(url) as db:
        for name, affair in SEARCHES.items():
            database[name], eligible[name] = await _searched(db, actor, affair)
        database["counts"] = await _timed(db, actor, _count)
    return Figures(population, laid_in, await _disk(url), door, database, eligible)


async def _asked(service: Server, requests: Sequence[bytes], begins: bytes) -> Latencies:
    """One after the other: each answer is waited for before the next request."""
    latencies: Latencies = []
    for request in requests:
        measured = Measured()
        await put_under_load(Line("", service.port, service.process, [request], begins), 0.0, 1, measured)
        latencies += measured.latencies
    return latencies[WARMING:]


async def _searched(db: Database, actor: Actor, affair: str | None) -> tuple[Latencies, int]:
    async with db.read_as(actor) as tx:
        rule_set = await rule_sets._default_rule_set(tx, PositionLevel.JPT_PRATAMA)  # noqa: SLF001 - as the service does
    if rule_set is None:
        raise LookupError(PositionLevel.JPT_PRATAMA)
    of_post = Post(on=ON, level=PositionLevel.JPT_PRATAMA, government_affair=affair, standard=STANDARD)
    search = search_for(rule_set, of_post, boxes=None, provinces=None, first=20)
    found = 0

    async def work(tx: AsyncSession) -> None:
        nonlocal found
        found = (await find_best(tx, search, bytes(SEED_BYTES))).eligible

    return await _timed(db, actor, work), found


async def _count(tx: AsyncSession) -> None:
    await fetch_rows(tx, "SELECT * FROM talent_card_counts()")


async def _timed(db: Database, actor: Actor, work: Callable[[AsyncSession], Awaitable[None]]) -> Latencies:
    """The statement alone, without beginning and ending its transaction."""
    latencies: Latencies = []
    for _ in range(WARMING + TIMES):
        async with db.read_as(actor) as tx:
            began = time.perf_counter()
            await work(tx)
            latencies.append(time.perf_counter() - began)
    return latencies[WARMING:]


async def _disk(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval("SELECT pg_database_size(current_database())"))
    finally:
        await connection.close()


def _show(nations: Sequence[Figures]) -> None:
    table = Table(title="Searching the nation: the first 20, exactly (ms)", box=SIMPLE)
    table.add_column("people", justify="right")
    table.add_column("")
    headings = ("eligible", "door p50", "door p95", "of PostgreSQL", "PostgreSQL p50", "p95", "of the smallest")
    for heading in headings:
        table.add_column(heading, justify="right")
    for figures in nations:
        table.add_section()
        for name in AIMS:
            table.add_row(
                f"{figures.population:,}", name, *_row(name, figures, nations[0]), style=_style(name, figures)
            )
    console = Console(width=120)
    console.print(table)
    for figures in nations:
        print(
            f"{figures.population:,} people laid in {figures.laid_in:.0f} s, {figures.disk / 2**30:.1f} GiB of database"
        )
    aims = "searches at the door p95 ≤ 25 and ≤ 100 ms, counts in PostgreSQL p50 ≤ 5 ms"
    print(f"{TIMES} times each, one after the other · aims: {aims} · {say_load()}")


def _row(name: str, figures: Figures, smallest: Figures) -> tuple[str, ...]:
    door, database = figures.door[name], figures.database[name]
    return (
        f"{figures.eligible[name]:,}" if name in figures.eligible else "",
        f"{_ms(median(door)):.1f}",
        f"{_ms(_p95(door)):.1f}",
        f"{median(door) / median(database):.2f}",
        f"{_ms(median(database)):.1f}",
        f"{_ms(_p95(database)):.1f}",
        f"{median(database) / median(smallest.database[name]):.2f}",
    )


def _style(name: str, figures: Figures) -> str:
    reached = median(figures.database[name]) if name == "counts" else _p95(figures.door[name])
    return "red" if _ms(reached) > AIMS[name] else ""


def _p95(latencies: Latencies) -> float:
    return quantiles(latencies, n=20)[-1]


def _ms(seconds: float) -> float:
    return 1000 * seconds
