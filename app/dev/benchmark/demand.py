"""What reading demand and supply of the nation costs: at the door, in PostgreSQL, and what nothing costs."""

from __future__ import annotations

import asyncio
from functools import partial
from statistics import median
from uuid import uuid4

import asyncpg
import uvloop
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from app.auth.development import development_key, sign
from app.db.database import Database, fetch_rows, open_database
from app.dev.benchmark import matching
from app.dev.benchmark.ground import INSTITUTION, say, say_load, throw_away
from app.dev.benchmark.load import get
from app.dev.benchmark.reading import ISSUER, Server, key_of, the_service
from app.domain.actors import Actor, Role
from app.domain.careers import PositionLevel
from app.domain.government_affairs import AFFAIRS
from app.domain.mobility_demand import Group
from app.domain.provinces import PROVINCES
from app.services import institutions, mobility_demand
from app.services.mobility_demand import DemandFilter

GROUPS = (Group.POSITION_LEVEL, Group.GOVERNMENT_AFFAIR, Group.PROGRAMME)
CHANGES = 500
"""Not added up yet, as many as there may be at the most but for those of somebody who does so."""
MONTHS = 120
# every count that a nation can have: all provinces, levels and affairs, seats of ten years; many small, some empty
PLACES = """
    WITH province AS (SELECT unnest($1::text[]) AS province),
    value AS (
        SELECT 'positionLevel' AS dimension, unnest($2::text[]) AS value
        UNION ALL SELECT 'governmentAffair', unnest($3::text[])
        UNION ALL SELECT 'post', l || '/' || a FROM unnest($2::text[]) AS l CROSS JOIN unnest($3::text[]) AS a
    ),
    place AS (SELECT *, abs(hashtext(concat(province, value))) AS lot FROM province CROSS JOIN value)"""
LAID = (
    f"""{PLACES}
    INSERT INTO mobility_count (dimension, province, value, wanting_in, wanting_out, empty_seats, freed_seats)
    SELECT dimension, province, value, lot % 40, lot % 23, lot % 7, lot % 11 FROM place
    UNION ALL
    SELECT dimension, p, v, 1000, 0, 0, 0 FROM (SELECT DISTINCT dimension FROM value WHERE dimension <> 'post') d
    CROSS JOIN LATERAL (
        SELECT province AS p, '*' AS v FROM province
        UNION ALL SELECT '*', value FROM value WHERE value.dimension = d.dimension
        UNION ALL SELECT '*', '*') AS total""",  # noqa: S608 - our own words
    f"""{PLACES}
    INSERT INTO mobility_freed_seat (dimension, free_on, province, value, number)
    SELECT dimension, date_trunc('month', now()) + make_interval(months => month), province, value, (lot + month) % 3
    FROM place CROSS JOIN generate_series(1, {MONTHS}) AS month WHERE dimension <> 'post'""",  # noqa: S608 - our own words
)
CHANGED = """
    INSERT INTO mobility_count_change (dimension, free_on, kind, province, value, number)
    SELECT dimension, '-infinity', 'in', province, value, 1 FROM mobility_count
    ORDER BY hashtext(province || value) LIMIT $1"""
COUNTING = "SELECT * FROM mobility_demand($1, current_date + 365)"
NOTHING = "SELECT 1"


def measure_demand() -> None:
    """Print what the read costs for each grouping, beside the same statement alone and beside `SELECT 1`."""
    with throw_away() as ground:
        installation = ground.database("demand")
        actor = uvloop.run(_institution(installation.url))
        rows = asyncio.run(_lay(installation.owner_url))
        say("starting the service")
        token = sign(actor, development_key(key_of(ground)), issuer=ISSUER)
        with the_service(ground, installation.url) as service:
            uvloop.run(_measure(service, installation.url, token, actor, rows))


async def _institution(url: str) -> Actor:
    async with open_database(url) as db:
        operator = Actor(uuid4(), Role.OPERATOR, "benchmark")
        made = await institutions.create_institution(db, operator, institutions.CreateInstitution(name=INSTITUTION))
    return Actor(made, Role.NATIONAL, "benchmark")


async def _lay(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        for laid in LAID:
            await connection.execute(laid, ["", *PROVINCES], [level.value for level in PositionLevel], list(AFFAIRS))
        await connection.execute(CHANGED, CHANGES)
        await connection.execute("VACUUM ANALYZE mobility_count, mobility_freed_seat, mobility_count_change")
        counted = "SELECT (SELECT count(*) FROM mobility_count) + (SELECT count(*) FROM mobility_freed_seat)"
        return int(await connection.fetchval(counted))
    finally:
        await connection.close()


async def _measure(service: Server, url: str, token: str, actor: Actor, rows: int) -> None:
    table = Table(title=f"Demand and supply over {rows:,} counts (ms)", box=SIMPLE)
    table.add_column("")
    for heading in ("door p50", "p95", "when counts changed p50", "p95", "PostgreSQL p50", "p95", "SELECT 1 p50"):
        table.add_column(heading, justify="right")
    async with open_database(url) as db:
        for group in GROUPS:
            asked = [get(f"/v1/mobility-demand?groupedBy={group.value}", token)] * (matching.WARMING + matching.TIMES)
            measured = (
                await matching._asked(service, asked, b'{"asOf"'),  # noqa: SLF001 - as the other reads are measured
                await matching._timed(partial(_anew, db, actor, group)),  # noqa: SLF001
                await matching._timed(partial(_rows, db, actor, COUNTING, group.value)),  # noqa: SLF001
            )
            nothing = await matching._timed(partial(_rows, db, actor, NOTHING))  # noqa: SLF001
            told = [1000 * of(one) for one in measured for of in (median, matching._p95)]  # noqa: SLF001
            table.add_row(group.value, *(f"{number:.1f}" for number in (*told, 1000 * median(nothing))))
    Console(width=140).print(table)
    print(f"{matching.TIMES} times each, one after the other; {CHANGES} changes not added up yet · {say_load()}")


async def _anew(db: Database, actor: Actor, group: Group) -> object:
    """The service alone where nobody has asked since the counts changed: what is told is found anew."""
    mobility_demand._told.cache_clear()  # noqa: SLF001 - so that it is not remembered
    return await mobility_demand.mobility_demand_document(db, actor, DemandFilter(grouped_by=group))


async def _rows(db: Database, actor: Actor, sql: str, *values: object) -> object:
    async with db.read_as(actor) as tx:
        return await fetch_rows(tx, sql, *values)
