"""What searching the nation costs as it grows: by HTTP, through the service alone, and in PostgreSQL."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from uuid import UUID, uuid4

import asyncpg
import uvloop
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from app.auth.development import development_key, sign
from app.db.database import Database, fetch_rows, open_database
from app.db.migrations import migrate
from app.db.national_candidates import Lots, find_best, load_pool
from app.db.policies import APPLICATION_ROLE
from app.dev.benchmark.ground import AS_OF, Ground, say, say_load, standing, throw_away
from app.dev.benchmark.load import Line, Measured, get, post, put_under_load
from app.dev.benchmark.reading import ISSUER, Server, key_of, the_service
from app.dev.installation import DATABASE, OWNER_ROLE, Installation
from app.dev.nation.governments import governments
from app.dev.nation.loading import COUNTED, SERVER, lay, shown
from app.domain.actors import Actor, Role
from app.domain.candidates import Candidate, Given
from app.domain.careers import PositionLevel
from app.domain.national_search import POOL_BOXES, Post, Search, search_for
from app.domain.ranking import SEED_BYTES, Rated, points_of, rank, tie_break
from app.domain.requirements import Outcome
from app.domain.verdicts import verdict
from app.services import cards, national_rankings, rule_sets
from app.services.national_rankings import RankNationally

POPULATIONS = (50_000, 200_000, 1_000_000, 5_600_000)
TIMES = 60
"""How often something is asked unless it takes long; the first ones, which compile and plan, are not counted."""
WARMING = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """A search that is measured: for a post of a level, in an affair or in none, which narrows nothing."""

    level: PositionLevel
    affair: str | None
    aim: float | None
    """Milliseconds: 95 of 100 at the door."""
    times: int = TIMES


SEARCHES = {
    "typical": Asked(PositionLevel.JPT_PRATAMA, "health", 25.0),
    "broadest": Asked(PositionLevel.JPT_PRATAMA, None, 100.0),
    "pengawas": Asked(PositionLevel.PENGAWAS, None, None, times=TIMES // 3),
}
"""A vacancy of JPT pratama in a large affair and in none; and one that nearly everybody in a pool is looked at for."""
COUNTS, COUNTS_AIM = "counts", 5.0
COMPARED_IN = "35"
"""The province of those whom the plain rules are put to as well: one without ministries, which take minutes."""
ON = max(AS_OF, datetime.now(UTC).date()) + timedelta(days=42)
STANDARD = (4,) * 9
GROUNDS = "PP 11/2017 ps. 107: pengukuran"
LOTS = Lots(bytes(range(SEED_BYTES)), bytes(reversed(range(SEED_BYTES))))
Latencies = list[float]


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of one nation; seconds."""

    population: int
    laid_in: float | None
    disk: int
    """Bytes."""
    compared: int
    """People whom the plain rules were put to as well."""
    door: dict[str, Latencies]
    service: dict[str, Latencies]
    database: dict[str, Latencies]
    considered: dict[str, tuple[int, int]]
    """How many were looked at, and how many of them are eligible."""


def measure_matching(populations: Sequence[int], data: Path | None = None) -> None:
    """Print how searches and counts grow with the nation; each nation has a server of its own, gone afterwards.

    The last is the nation that stands in the directory `data`, if there is one; it keeps the searches.
    """
    found = []
    for population in populations:
        with throw_away(SERVER) as ground:
            installation = ground.database("nation")
            say(f"inventing {population:,} people")
            began = time.monotonic()
            asyncio.run(lay(installation.owner_url, population, shown(began)))
            found.append(measure_nation(ground, installation, population, time.monotonic() - began))
            _show(found)
    if data is not None:
        with standing(data, SERVER) as ground:
            owner, url = (ground.server.url(DATABASE, role) for role in (OWNER_ROLE, APPLICATION_ROLE))
            asyncio.run(migrate(owner))
            found.append(measure_nation(ground, Installation(owner, url), asyncio.run(_people(owner)), None))
        _show(found)


def measure_nation(ground: Ground, installation: Installation, population: int, laid_in: float | None) -> Figures:
    """The figures of a nation that has been laid, just now or before."""
    say("starting the service")
    actor = Actor(governments(population)[0].id, Role.NATIONAL, "benchmark")
    token = sign(actor, development_key(key_of(ground)), issuer=ISSUER)
    with the_service(ground, installation.url) as service:
        say("searching")
        return uvloop.run(_measure(service, installation.url, token, actor, population, laid_in))


async def _measure(
    service: Server, url: str, token: str, actor: Actor, population: int, laid_in: float | None
) -> Figures:
    door = {name: await _at_the_door(service, token, asked) for name, asked in SEARCHES.items()}
    counts = [get("/v1/talent-cards/counts", token)] * (WARMING + TIMES)
    door[COUNTS] = await _asked(service, counts, b'{"total"')
    inside: dict[str, Latencies] = {}
    database: dict[str, Latencies] = {}
    considered: dict[str, tuple[int, int]] = {}
    async with open_database(url) as db:
        for name, asked in SEARCHES.items():
            inside[name] = await _timed(_service_search(db, actor, asked), asked.times)
            search = await _search(db, actor, asked)
            database[name] = await _timed(_statement(db, actor, search), asked.times)
            considered[name] = await _looked_at(db, actor, search)
        inside[COUNTS] = await _timed(lambda: cards.talent_card_counts_document(db, actor))
        database[COUNTS] = await _timed(lambda: _counting(db, actor))
        say("comparing with the plain rules")
        compared = await _must_be_exact(db, actor)
    return Figures(population, laid_in, await _disk(url), compared, door, inside, database, considered)


# ── measured


async def _at_the_door(service: Server, token: str, asked: Asked) -> Latencies:
    """Each asks for another day: of two posts that are filled, the day of inauguration is hardly ever the same."""
    body = {
        "grounds": GROUNDS,
        "level": asked.level.value,
        "governmentAffair": asked.affair,
        "boxes": list(POOL_BOXES),
    }
    days = (str(ON + timedelta(days)) for days in range(WARMING + asked.times))
    told = [json.dumps({**body, "on": day}).encode() for day in days]
    requests = [post("/v1/national-rankings", one, token, uuid4().hex) for one in told]
    return await _asked(service, requests, b'{"id"')


async def _asked(service: Server, requests: Sequence[bytes], begins: bytes) -> Latencies:
    """One after the other: each answer is waited for before the next request."""
    latencies: Latencies = []
    for request in requests:
        measured = Measured()
        await put_under_load(Line("", service.port, service.process, [request], begins), 0.0, 1, measured)
        latencies += measured.latencies
    return latencies[WARMING:]


def _service_search(db: Database, actor: Actor, asked: Asked) -> Callable[[], Awaitable[object]]:
    """As the door asks, without the door."""
    days = count()

    async def work() -> object:
        command = RankNationally(
            grounds=GROUNDS,
            level=asked.level,
            government_affair=asked.affair,
            on=ON + timedelta(next(days)),
            boxes=list(POOL_BOXES),
        )
        search_id = await national_rankings.rank_nationally(db, actor, command)
        return await national_rankings.national_ranking_document(db, actor, search_id)

    return work


def _statement(db: Database, actor: Actor, search: Search) -> Callable[[], Awaitable[object]]:
    """The ceiling: the one statement that finds the best, and nothing else but its transaction."""

    async def work() -> object:
        async with db.read_as(actor) as tx:
            return await find_best(tx, search, LOTS)

    return work


async def _counting(db: Database, actor: Actor) -> object:
    async with db.read_as(actor) as tx:
        return await fetch_rows(tx, "SELECT * FROM national_card_count")


async def _timed(work: Callable[[], Awaitable[object]], times: int = TIMES) -> Latencies:
    latencies: Latencies = []
    for _ in range(WARMING + times):
        began = time.perf_counter()
        await work()
        latencies.append(time.perf_counter() - began)
    return latencies[WARMING:]


async def _search(db: Database, actor: Actor, asked: Asked, provinces: tuple[str, ...] | None = None) -> Search:
    async with db.read_as(actor) as tx:
        rule_set = await rule_sets._default_rule_set(tx, asked.level)  # noqa: SLF001 - as the service does
    if rule_set is None:
        raise LookupError(asked.level)
    of_post = Post(on=ON, level=asked.level, government_affair=asked.affair, standard=STANDARD)
    return search_for(rule_set, of_post, boxes=POOL_BOXES, provinces=provinces, first=20)


async def _looked_at(db: Database, actor: Actor, search: Search) -> tuple[int, int]:
    async with db.read_as(actor) as tx:
        counted = (await find_best(tx, search, LOTS)).counted
    return counted.considered - counted.not_on_record - counted.with_gaps, counted.eligible


async def _disk(url: str) -> int:
    return await _number(url, "SELECT pg_database_size(current_database())")


async def _people(url: str) -> int:
    """How many people of the invented nation there are."""
    everybody = " + ".join(COUNTED)
    invented = ", ".join(f"'{one.id}'" for one in governments(POPULATIONS[-1]))
    asked = f"SELECT sum({everybody}) FROM national_box_count WHERE institution_id IN ({invented})"  # noqa: S608 - our own words
    return await _number(url, asked)


async def _number(url: str, asked: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval(asked) or 0)
    finally:
        await connection.close()


# ── compared


async def _must_be_exact(db: Database, actor: Actor) -> int:
    """Everybody of one province put to the plain rules, for each search: the same first ones, or an error."""
    compared = 0
    for name, asked in SEARCHES.items():
        search = await _search(db, actor, asked, provinces=(COMPARED_IN,))
        async with db.read_as(actor) as tx:
            pool, found = await load_pool(tx, COMPARED_IN), await find_best(tx, search, LOTS)
        best = await asyncio.to_thread(_by_plain_rules, search, pool)
        if [(one.candidate.id, one.total) for one in found.best] != best:
            raise RuntimeError(f"PostgreSQL and the plain rules find others for {name}")
        compared += len(pool)
    return compared


def _by_plain_rules(search: Search, pool: Sequence[Candidate]) -> list[tuple[UUID, int]]:
    rated = []
    for one in pool:
        outcomes = {verdict(asked, one, search.post.target, Given()).outcome for asked in search.deciding}
        points = [points_of(by, one, search.post.target, Given()).points for by in search.criteria]
        known = tuple(part for part in points if part is not None)
        if outcomes <= {Outcome.MET} and len(known) == len(points):
            rated.append(Rated(UUID(tie_break(LOTS.key, one.id)[:32]), known))
    return [(one.id, one.total) for one in rank(rated, LOTS.seed)[: search.first]]


# ── shown


def _show(nations: Sequence[Figures]) -> None:
    table = Table(title="Searching the nation: the first 20, exactly (ms)", box=SIMPLE)
    table.add_column("people", justify="right")
    table.add_column("")
    headings = ("looked at", "eligible", "door p50", "p95", "service p50", "p95", "PostgreSQL p50", "p95")
    for heading in (*headings, "door : PostgreSQL", "of the smallest"):
        table.add_column(heading, justify="right")
    for figures in nations:
        table.add_section()
        for name in (*SEARCHES, COUNTS):
            style = "red" if _misses(name, figures) else ""
            table.add_row(f"{figures.population:,}", name, *_row(name, figures, nations[0]), style=style)
    Console(width=160).print(table)
    for one in nations:
        laid = "stood already" if one.laid_in is None else f"laid in {one.laid_in:.0f} s"
        print(
            f"{one.population:,} people {laid}, {one.disk / 2**30:.1f} GiB of database; "
            f"{one.compared:,} times somebody compared with the plain rules"
        )
    aims = "door p95 ≤ 25 ms typical, ≤ 100 ms broadest, ≤ 5 ms counts"
    print(f"{TIMES} times each (pengawas {TIMES // 3}), one after the other · aims: {aims} · {say_load()}", flush=True)


def _row(name: str, figures: Figures, smallest: Figures) -> tuple[str, ...]:
    door, inside, database = figures.door[name], figures.service[name], figures.database[name]
    looked_at = [f"{number:,}" for number in figures.considered.get(name, ())] or ["", ""]
    times = [f"{_ms(of(one)):.1f}" for one in (door, inside, database) for of in (median, _p95)]
    ratio, growth = median(door) / median(database), median(door) / median(smallest.door[name])
    return (*looked_at, *times, f"{ratio:.2f}", f"{growth:.2f}")


def _misses(name: str, figures: Figures) -> bool:
    aim = COUNTS_AIM if name == COUNTS else SEARCHES[name].aim
    return aim is not None and _ms(_p95(figures.door[name])) > aim


def _p95(latencies: Latencies) -> float:
    return quantiles(latencies, n=20)[-1]


def _ms(seconds: float) -> float:
    return 1000 * seconds
