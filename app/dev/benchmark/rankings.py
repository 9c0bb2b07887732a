"""What ranking everybody of an institution for a vacancy costs at the door, beside writing down the facts alone."""

from __future__ import annotations

import asyncio
import csv
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg
import httpx2
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from app.dev.benchmark.ground import AS_OF, Ground, import_paths, say, say_load, throw_away, write_people
from app.dev.benchmark.reading import Server, officers_token, the_service

POPULATIONS = (1_000, 9_000, 30_000)
"""An office, an institution of the nation's average size, a large province."""
LEVELS = ("jpt_pratama", "administrator", "pengawas")
POSTS = 3
"""Empty posts of each level: each is ranked for anew."""
AGAIN = 5
READINGS = 20
AIM = 1.0  # second
DATABASE = "rankings"
LIKE_AN_INSTALLATION = {"shared_buffers": "256MB", "max_wal_size": "2GB"}
UNIT_ID, POST_NAME, LEVEL = "UNOR ID", "NAMA JABATAN", "JENJANG"
NOTED = "CREATE UNLOGGED TABLE noted (talent_id uuid, facts json)"
NOTE = "INSERT INTO noted SELECT talent_id, row_to_json(candidate) FROM candidate"
"""The ceiling: the facts of everybody are read and written down, judged by nothing and found by no key."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured in one institution; medians in seconds."""

    people: int
    first: float
    """A vacancy's first ranking, in which candidates get their ids."""
    again: float
    page: float
    explanation: float
    noted: float


def measure_rankings(populations: Sequence[int]) -> None:
    """Print what the door takes for institutions of these sizes; each has a server of its own, gone afterwards."""
    found = []
    for people in populations:
        with throw_away(LIKE_AN_INSTALLATION) as ground:
            found.append(_of_institution(ground, people))
    _show(found)


def _of_institution(ground: Ground, people: int) -> Figures:
    installation = ground.database(DATABASE)
    say(f"importing {people:,} people")
    folder = ground.directory / "people"
    paths = [*write_people(folder, people), _write_posts(folder)]
    institution, _ = asyncio.run(import_paths(installation.url, paths))
    say("starting the service")
    token = officers_token(ground, institution)
    with the_service(ground, installation.url) as service, _client(service, token) as client:
        say("ranking")
        measured = _at_the_door(client)
    return Figures(people, *measured, asyncio.run(_noting(ground.server.url(DATABASE))))


def _write_posts(folder: Path) -> Path:
    """A position map of empty posts, in the first unit."""
    with (folder / "hierarki-unor.csv").open(newline="") as stream:
        unit = next(csv.DictReader(stream))["ID"]
    path = folder / "peta-jabatan.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([UNIT_ID, POST_NAME, LEVEL, "KELAS JABATAN", "KEBUTUHAN", "TANGGAL ABK", "KRITIKAL"])
        for level in LEVELS:
            for number in range(POSTS):
                writer.writerow([unit, f"KEPALA {level.upper()} {number}", level, "9", "1", "07-02-2025", "TIDAK"])
    return path


def _client(service: Server, token: str) -> httpx2.Client:
    keys = count()

    def under_a_key(request: httpx2.Request) -> None:
        request.headers["Idempotency-Key"] = f"benchmark-{next(keys)}"

    return httpx2.Client(
        base_url=f"http://127.0.0.1:{service.port}",
        headers={"Authorization": f"Bearer {token}"},
        timeout=120,
        event_hooks={"request": [under_a_key]},
    )


# ── measured


def _at_the_door(client: httpx2.Client) -> tuple[float, float, float, float]:
    """Medians: a first ranking, another one, a page of it, an explanation. The first vacancy only warms the service."""
    vacancies = [_opened(client, post) for post in _posts(client)]
    rank = [f"/v1/vacancies/{vacancy_id}/rankings" for vacancy_id in vacancies]
    _timed(client.post, rank[0])
    first = [_timed(client.post, path) for path in rank[1:]]
    again = [_timed(client.post, rank[-1]) for _ in range(AGAIN)]
    ranking_id = _told(client.post(rank[-1]))["id"]
    page = f"/v1/rankings/{ranking_id}/candidates?first=50"
    candidate_id = _told(client.get(page))["edges"][0]["node"]["candidateId"]
    explanation = f"/v1/rankings/{ranking_id}/candidates/{candidate_id}"
    read = [[_timed(client.get, path) for _ in range(READINGS)] for path in (page, explanation)]
    return median(first), median(again), median(read[0]), median(read[1])


def _posts(client: httpx2.Client) -> list[str]:
    edges = _told(client.get(f"/v1/posts?first={len(LEVELS) * POSTS}&q=KEPALA"))["edges"]
    return [edge["node"]["id"] for edge in edges if edge["node"]["level"] in LEVELS]


def _opened(client: httpx2.Client, post_id: str) -> str:
    today = max(AS_OF, datetime.now(UTC).date())
    draft = {"postId": post_id, "vacantFrom": str(today), "inaugurationOn": str(today + timedelta(30))}
    drafted = client.post("/v1/vacancies", json=draft)
    vacancy_id = str(_told(drafted)["id"])
    opened = client.put(f"/v1/vacancies/{vacancy_id}/opening", headers={"If-Match": drafted.headers["etag"]})
    opened.raise_for_status()
    return vacancy_id


def _timed(ask: Callable[[str], httpx2.Response], path: str) -> float:
    began = time.perf_counter()
    ask(path).raise_for_status()
    return time.perf_counter() - began


def _told(answer: httpx2.Response) -> Any:  # noqa: ANN401 - whatever the door says
    answer.raise_for_status()
    return json.loads(answer.content)


async def _noting(url: str) -> float:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(NOTED)
        taken = []
        for _ in range(AGAIN):
            began = time.perf_counter()
            await connection.execute(NOTE)
            taken.append(time.perf_counter() - began)
            await connection.execute("TRUNCATE noted")
        return median(taken)
    finally:
        await connection.close()


# ── shown


def _show(found: Sequence[Figures]) -> None:
    table = Table(title="Everybody of an institution ranked for a vacancy, at the door", box=SIMPLE)
    headings = (
        "people",
        "first, ms",
        "again, ms",
        "us a person",
        "of the ceiling",
        "page of 50, ms",
        "explanation, ms",
    )
    for heading in headings:
        table.add_column(heading, justify="right")
    for one in found:
        numbers = (1000 * one.first, 1000 * one.again, 1e6 * one.again / one.people)
        told = (f"{one.noted / one.again:.2f}", f"{1000 * one.page:.1f}", f"{1000 * one.explanation:.1f}")
        style = "red" if max(one.first, one.again) > AIM else ""
        table.add_row(f"{one.people:,}", *(f"{number:,.0f}" for number in numbers), *told, style=style)
    Console(width=120).print(table)
    vacancies = len(LEVELS) * POSTS - 1
    print(f"Medians of {vacancies} vacancies, of {AGAIN} rankings again and of {READINGS} readings · aim: {AIM:g} s")
    print(f"Ceiling: PostgreSQL writes down the facts of everybody, without keys or rules · {say_load()}")
