"""What reading costs: REST and GraphQL beside a route that sends the bytes of one statement, as ratios of one run."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from uuid import UUID

import asyncpg
import uvloop
from rich.box import SIMPLE
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from app.auth.development import DEVELOPMENT_KEY, development_key, sign
from app.auth.keys import published
from app.auth.sealing import development_sealing
from app.db.documents import Fields, Value, everything
from app.db.migrations import ROOT
from app.db.shapes.talents import LISTED, TALENT
from app.dev.benchmark.ceiling import PAGE_SIZE
from app.dev.benchmark.ground import Ground, import_paths, say, say_load, throw_away, write_people
from app.dev.benchmark.load import Line, Measured, WrongAnswerError, bodies, get, post, put_under_load
from app.domain.actors import Actor, Role

DATABASE = "reading"
ISSUER = "https://issuer.invalid"  # of the tokens that the benchmark signs
OFFICERS_NIP = "190001011920011001"
ROTATED = 300  # employee numbers that are asked for in turn
ROUNDS = 5
WARM_UP = 1.0  # seconds
SLICE = 0.25
STARTS_WITHIN = 120.0
AIM = 0.9
WIDTH = 100
PAGE_INFO = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"


@dataclass(slots=True)
class Group:
    """Lines that answer with the same bytes; the first one is the ceiling of the others."""

    title: str
    lines: list[Line]
    rounds: list[list[Measured]] = field(default_factory=list)


def measure_reading(people: int, seconds: float, connections: int) -> None:
    """Print how REST and GraphQL read, line by line beside their ceiling."""
    with throw_away() as ground:
        installation = ground.database(DATABASE)
        say(f"importing {people:,} people")
        paths = write_people(ground.directory / "people", people)
        institution, _ = asyncio.run(import_paths(installation.url, paths))
        nips = asyncio.run(some_nips(ground.server.url(DATABASE)))
        say("starting the service and its ceiling")
        with the_servers(ground, installation.url, institution) as (service, ceiling):
            groups = _groups(service, ceiling, officers_token(ground, institution), nips)
            uvloop.run(measure_groups(groups, seconds, connections))
    show("Reading", groups, f"{people:,} people · {connections} connections · {ROUNDS} rounds of {seconds:g} s")


async def some_nips(url: str) -> list[str]:
    """Employee numbers to ask for, of a database whose statistics are up to date."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("VACUUM ANALYZE")
        return [row[0] for row in await connection.fetch(f"SELECT nip FROM talent ORDER BY id LIMIT {ROTATED}")]  # noqa: S608
    finally:
        await connection.close()


@dataclass(frozen=True, slots=True)
class Server:
    """A process that serves on a port of this machine."""

    process: int
    port: int


def key_of(ground: Ground) -> Path:
    """The key that tokens are signed with."""
    return ground.directory / "service" / DEVELOPMENT_KEY


def officers_token(ground: Ground, institution: UUID) -> str:
    """The token of an HR officer, whose own number is nobody's who is measured."""
    officer = Actor(institution, Role.HR_OFFICER, "benchmark", nip=OFFICERS_NIP)
    return sign(officer, development_key(key_of(ground)), issuer=ISSUER)


@contextmanager
def the_servers(ground: Ground, url: str, institution: UUID) -> Iterator[tuple[Server, Server]]:
    """The service and the ceiling: a process each."""
    of_ceiling = ["app.dev.benchmark.ceiling", "{port}", url, str(institution)]
    with ExitStack() as stack:
        service = stack.enter_context(the_service(ground, url))
        ceiling = stack.enter_context(serving(of_ceiling, {}, ground.directory / "ceiling.log"))
        yield service, ceiling


@contextmanager
def the_service(ground: Ground, url: str) -> Iterator[Server]:
    """The service as it is served in production, its log in a file; a token signed with `key_of` is accepted."""
    key = development_key(key_of(ground))
    issuers = ground.directory / "issuers.json"
    entry = {"issuer": ISSUER, "claims": {"roles": "role"}, "jwks": {"keys": [published(key.public_key())]}}
    issuers.write_text(json.dumps([entry]))
    secrets = ground.directory / "secrets.key"
    development_sealing(secrets)
    settings = {
        "ENVIRONMENT": "production",
        "DATABASE_URL": url,
        "DATA_DIR": str(ground.directory / "service"),
        "RATE_LIMIT": "100000000/minute",  # one person asks for everything
        "RATE_LIMIT_WRITES": "100000000/minute",
        "RATE_LIMIT_SIASN": "100000000/minute",
        "GRAPHQL_BUDGET": "100000000000/minute",
        "TOKEN_ISSUERS": str(issuers),
        "SERVICE_URL": "https://nusatalenta.invalid",
        "SIGNING_KEY": str(key_of(ground)),
        "SECRETS_KEY": str(secrets),
    }
    with serving(["app", "serve"], settings, ground.directory / "service.log") as service:
        yield service


@contextmanager
def serving(module: Sequence[str], settings: Mapping[str, str], log: Path) -> Iterator[Server]:
    """A module of Python that serves; `{port}` among its words is where."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", *(part.format(port=port) for part in module)]
    environment = {**os.environ, "HOST": "127.0.0.1", "PORT": str(port), "PYTHONPATH": str(ROOT), **settings}
    with log.open("wb") as stream:
        process = subprocess.Popen(command, env=environment, stdout=stream, stderr=stream)
    try:
        _wait_until_ready(process, port, log)
        yield Server(process.pid, port)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"a server did not start:\n{log.read_text(errors='replace')[-2000:]}")


def _groups(service: Server, ceiling: Server, token: str, nips: Sequence[str]) -> list[Group]:
    profile = f"query Profile($nip: String!) {{ talent(nip: $nip) {_wanted(TALENT.fields)} }}"
    node = _wanted(LISTED.fields, LISTED.summary)
    edges = f"edges {{ cursor node {node} }}"
    page = f"query Page($first: Int) {{ talents(first: $first) {{ {edges} {PAGE_INFO} }} }}"
    listing = f"/talents?first={PAGE_SIZE}"

    def graphql(text: str, **variables: object) -> bytes:
        return post("/graphql", json.dumps({"query": text, "variables": variables}).encode(), token)

    def line(name: str, server: Server, requests: Sequence[bytes], begins: bytes) -> Line:
        return Line(name, server.port, server.process, requests, begins)

    return [
        Group(
            "one profile",
            [
                line("FastAPI, one statement", ceiling, [get(f"/talents/{nip}") for nip in nips], b'{"id"'),
                line("REST", service, [get(f"/v1/talents/{nip}", token) for nip in nips], b'{"id"'),
                line(
                    "GraphQL, same fields", service, [graphql(profile, nip=n) for n in nips], b'{"data":{"talent":{"id"'
                ),
                line("Starlette, one statement", ceiling, [get(f"/bare/talents/{nip}") for nip in nips], b'{"id"'),
            ],
        ),
        Group(
            f"a list of {PAGE_SIZE}",
            [
                line("FastAPI, one statement", ceiling, [get(listing)], b'{"edges":[{"cursor"'),
                line("REST", service, [get(f"/v1{listing}", token)], b'{"edges":[{"cursor"'),
                line(
                    "GraphQL, same fields",
                    service,
                    [graphql(page, first=PAGE_SIZE)],
                    b'{"data":{"talents":{"edges":[{"cursor"',
                ),
                line("Starlette, one statement", ceiling, [get(f"/bare{listing}")], b'{"edges":[{"cursor"'),
            ],
        ),
    ]


def _wanted(fields: Fields, names: Sequence[str] | None = None) -> str:
    """The selection set that asks for what REST sends."""
    parts = []
    for name in names or [pick.name for pick in everything(fields)]:
        one = fields[name]
        parts.append(name if isinstance(one, Value) else f"{name} {_wanted(one.fields)}")
    return "{ " + " ".join(parts) + " }"


async def measure_groups(groups: Sequence[Group], seconds: float, connections: int) -> None:
    """Warm up, see that the lines of each group answer alike, and put them under load in rounds."""
    lines = [line for group in groups for line in group.lines]
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("warming up", total=len(lines) * (ROUNDS + 1))
        for group in groups:
            await _must_answer_alike(group)
        for line in lines:
            await put_under_load(line, WARM_UP, connections, Measured())
            bar.advance(task)
        for number in range(ROUNDS):
            bar.update(task, description=f"round {number + 1} of {ROUNDS}")
            for group in groups:
                group.rounds.append(await _one_round(group.lines, seconds, connections))
                bar.advance(task, len(group.lines))


async def _one_round(lines: Sequence[Line], seconds: float, connections: int) -> list[Measured]:
    """Each line in short slices, there and back by turns: whatever else the machine does meets them all alike."""
    round_ = [Measured() for _ in lines]
    slices = max(2, round(seconds / SLICE))
    for number in range(slices):
        pairs = list(zip(lines, round_, strict=True))
        for line, measured in pairs if number % 2 == 0 else reversed(pairs):
            await put_under_load(line, seconds / slices, connections, measured)
    return round_


async def _must_answer_alike(group: Group) -> None:
    """All lines of a group say the same, or their comparison would say nothing."""
    answers = [[_document(body) for body in await bodies(line, 3)] for line in group.lines]
    for line, others in zip(group.lines, answers, strict=True):
        if others != answers[0]:
            raise WrongAnswerError(f"{line.name} ({group.title}) answers something else than its ceiling")


def _document(body: bytes) -> object:
    """What an answer tells of; GraphQL wraps it, and says what it cost."""
    answer = json.loads(body)
    return next(iter(answer["data"].values())) if set(answer) == {"data", "extensions"} else answer


def _cost(own: Sequence[Measured], ceilings: Sequence[Measured]) -> str:
    """The processor time beside the ceiling's, of the rounds in which the ceiling used a tick of its clock at all."""
    costs = [mine.cpu_us / top.cpu_us for mine, top in zip(own, ceilings, strict=True) if top.cpu_us > 0]
    return f"{median(costs):.2f}" if costs else "–"


def show(what: str, groups: Sequence[Group], how: str, aim: float = AIM) -> None:
    """Print how each line reads beside the first of its group; the second and third have an aim."""
    table = Table(title=f"{what}, beside a FastAPI route that sends the bytes of one asyncpg statement", box=SIMPLE)
    table.add_column("", no_wrap=True)
    for heading in ("per s", "ratio", "range", "CPU µs", "ratio", "p50 ms", "p99 ms"):
        table.add_column(heading, justify="right", no_wrap=True)
    for group in groups:
        table.add_section()
        table.add_row(f"[bold]{group.title}")
        for position, line in enumerate(group.lines):
            own, ceilings = [one[position] for one in group.rounds], [one[0] for one in group.rounds]
            ratios = [mine.per_second / top.per_second for mine, top in zip(own, ceilings, strict=True)]
            latencies = quantiles([1000 * one for round_ in own for one in round_.latencies], n=100)
            style = "red" if position in (1, 2) and median(ratios) < aim else ""
            table.add_row(
                line.name,
                f"{median(one.per_second for one in own):,.0f}",
                f"{median(ratios):.2f}" if position else "1",
                f"{min(ratios):.2f}–{max(ratios):.2f}" if position else "",
                f"{median(one.cpu_us for one in own):,.0f}",
                _cost(own, ceilings) if position else "1",
                f"{latencies[49]:.1f}",
                f"{latencies[98]:.1f}",
                style=style,
            )
    Console(width=WIDTH).print(table)
    print(f"{how} · medians of rounds, aim {aim} · {say_load()}")
