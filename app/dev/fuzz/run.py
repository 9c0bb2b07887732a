"""A run: a throw-away database, two institutions in it, the real service on it, and cases at its doors."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.api.graphql import schema as graphql
from app.dev.benchmark.ground import say, throw_away
from app.dev.fuzz import described
from app.dev.fuzz.cases import Case, read_case
from app.dev.fuzz.served import served
from app.dev.fuzz.throwing import (
    Field,
    Outcome,
    look_afterwards,
    made_by,
    makers,
    shares_of,
    throw,
    throw_described,
    write_down,
)
from app.dev.fuzz.world import STRANGER, digest_of, settle

DATABASE = "fuzz"


@contextmanager
def laid_out() -> Iterator[Field]:
    """A world of its own that is gone afterwards."""
    with throw_away() as ground:
        installation = ground.database(DATABASE)
        directory = ground.directory / "data"
        directory.mkdir()
        superuser_url = ground.server.url(DATABASE)
        say("two institutions with their people")
        world = settle(installation.url, superuser_url, directory)
        say("starting the service")
        with served(installation.url, directory) as service:
            document = service.send(Case("", "", "", "GET", "/openapi.json"))
            yield Field(service, world, superuser_url, json.loads(document.body))


def fuzz(cases: int, seed: int, doors: tuple[str, ...], folder: Path) -> bool:
    """Throw so many cases; says what came of it and whether all was well."""
    print(f"{cases:,} cases, seed {seed}, doors: {', '.join(doors)}")
    outcome = Outcome()
    with laid_out() as field:
        before = _before(field)
        make, began = makers(field.world, field.document, graphql.sdl()), time.perf_counter()
        for door, count in shares_of(cases, doors).items():
            with _bar(door, count) as watch:
                if door == described.DOOR:
                    throw_described(field, count // 2, seed, outcome, watch)
                rest = count - outcome.cases[door]
                throw(field.service, field.world, made_by(make[door], seed, door, rest), outcome, watch)
        outcome.took = time.perf_counter() - began
        look_afterwards(field, outcome, before)
    _say(outcome, folder / f"seed-{seed}.jsonl", cases, seed)
    return not outcome.failures


def replay(where: str) -> bool:
    """Make one written case again, and say what is answered now; whether all was well."""
    case, outcome = read_case(where), Outcome()
    with laid_out() as field:
        before = _before(field)
        throw(field.service, field.world, iter([case]), outcome)
        answer = field.service.send(case.filled(field.world.names), field.world.tokens.get(case.role))
        look_afterwards(field, outcome, before)
    print(f"{case.role or 'nobody'}: {case.method} {case.target[:200]}\n{case.about}")
    print(f"{answer.status} {answer.text[:2_000]}")
    for failure in outcome.failures:
        print(f"  {failure['why']}")
    return not outcome.failures


def _before(field: Field) -> dict[str, str]:
    return asyncio.run(digest_of(field.superuser_url, field.world.names[f"{STRANGER}.institution"]))


@contextmanager
def _bar(door: str, count: int) -> Iterator[Callable[[], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as progress:
        task = progress.add_task(door, total=count)
        yield lambda: progress.advance(task)


def _say(outcome: Outcome, path: Path, cases: int, seed: int) -> None:
    """Counts for people, failures for programs."""
    each = ", ".join(f"{door} {count:,}" for door, count in outcome.cases.items())
    statuses = ", ".join(f"{status or 'closed'}: {count:,}" for status, count in sorted(outcome.statuses.items()))
    memory = "" if outcome.memory is None else f"; the service held at most {outcome.memory >> 20} MB"
    print(f"{sum(outcome.cases.values()):,} of {cases:,} cases, seed {seed} ({each}) in {outcome.took:.0f} s")
    print(f"answers {statuses}; the slowest took {outcome.slowest:.1f} s{memory}")
    if not outcome.failures:
        print("no failure")
        return
    write_down(outcome, path)
    print(f"{len(outcome.failures):,} failures, written to {path}")
    for number, failure in enumerate(outcome.failures[:20], start=1):
        told = failure.get("case")
        about = told["about"] if isinstance(told, dict) else ""
        print(f"  {'; '.join(map(str, failure['why']))[:300]} · {about}")  # type: ignore[call-overload]
        if about:
            print(f"    ./nusatalenta fuzz --replay '{path}#{number}'")
