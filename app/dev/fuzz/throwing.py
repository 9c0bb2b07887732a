"""Cases thrown at the service one after the other, and what came of it."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import requests
from schemathesis import GenerationMode

from app.dev.fuzz import bytewise, described, files, operations
from app.dev.fuzz.bytewise import Operations
from app.dev.fuzz.cases import Case, chance_of
from app.dev.fuzz.served import GIVES_UP, Answer, Service
from app.dev.fuzz.verdicts import MOST_MEMORY, wrong_with
from app.dev.fuzz.world import NOBODY, STRANGER, World, digest_of

DOORS = (bytewise.DOOR, operations.DOOR, files.DOOR)
SHARES = {bytewise.DOOR: 5, operations.DOOR: 3, files.DOOR: 2}
"""How many of ten cases go to which door, where all are open."""
Watch = Callable[[], None]
Make = Callable[[Random], Case]


@dataclass(slots=True)
class Outcome:
    """What came of a run."""

    cases: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    failures: list[dict[str, object]] = field(default_factory=list)
    slowest: float = 0.0
    took: float = 0.0
    memory: int | None = None

    def judge(self, case: Case, answer: Answer, why: Sequence[str]) -> None:
        """Count a case, and keep it if something is wrong with its answer."""
        self.cases[case.door] += 1
        self.statuses[answer.status] += 1
        self.slowest = max(self.slowest, answer.took)
        if why:
            self.fail(why, case, answer)

    def fail(self, why: Sequence[str], case: Case | None = None, answer: Answer | None = None) -> None:
        """Keep a failure so that it can be made again."""
        told: dict[str, object] = {"why": list(why)}
        if case is not None:
            told["case"] = case.record()
        if answer is not None:
            told |= {"status": answer.status, "took": round(answer.took, 3), "answer": answer.text[:2_000]}
        self.failures.append(told)


@dataclass(frozen=True, slots=True)
class Field:
    """A served world; `document` is the OpenAPI document of the running service."""

    service: Service
    world: World
    superuser_url: str
    document: dict[str, object]


def shares_of(cases: int, doors: Sequence[str]) -> dict[str, int]:
    """How many cases each door gets; together all of them."""
    whole = sum(SHARES[door] for door in doors)
    shares = {door: cases * SHARES[door] // whole for door in doors}
    shares[doors[0]] += cases - sum(shares.values())
    return shares


def makers(world: World, document: dict[str, object], sdl: str) -> dict[str, Make]:
    """What makes a case of each door."""
    roles = [*sorted(world.tokens), NOBODY]
    ids = frozenset(name.partition(".")[2] for name in world.names)
    every = Operations(document, roles, ids)
    schema = operations.schema_of(sdl)
    return {
        bytewise.DOOR: lambda chance: bytewise.case_of(chance, every),
        operations.DOOR: lambda chance: operations.case_of(chance, schema, roles),
        files.DOOR: files.case_of,
    }


def throw(service: Service, world: World, made: Iterator[Case], outcome: Outcome, watch: Watch = lambda: None) -> None:
    """Send every case and judge its answer; a service that is gone ends the run."""
    for case in made:
        filled = case.filled(world.names)
        answer = service.send(filled, world.tokens.get(case.role))
        if answer.status == 0 and not service.is_alive():
            outcome.fail(["the service is gone"], case, answer)
            return
        outcome.judge(case, answer, list(wrong_with(filled, answer, world)))
        watch()


def throw_described(  # what Schemathesis makes of the OpenAPI document
    field: Field, cases: int, seed: int, outcome: Outcome, watch: Watch = lambda: None
) -> None:
    """At most so many requests that fit the document or do not, with all checks; every operation if they suffice."""
    found = described.operations_of(field.document)
    session = requests.Session()
    ground = described.Ground(field.world.tokens, field.world.names, field.service.address)

    def send(asked: described.Asked) -> None:
        began = time.perf_counter()
        response = session.send(asked.sent, timeout=GIVES_UP)
        took = time.perf_counter() - began
        headers = {name.lower(): value for name, value in response.headers.items()}
        answer = Answer(response.status_code, headers, response.content, took)
        case = asked.as_case()
        why = [*described.wrong_as_described(asked, response), *wrong_with(case, answer, field.world)]
        outcome.judge(case.named(field.world.names), answer, why)
        watch()

    turns = [(operation, mode) for operation in found for mode in GenerationMode]
    if cases < len(turns):
        turns = Random(seed).sample(turns, cases)
    for operation, mode in turns:
        described.ask(operation, mode, count=cases // len(turns), seed=seed, ground=ground, send=send)


def made_by(make: Make, seed: int, door: str, count: int) -> Iterator[Case]:
    """So many cases of a door; the same for the same seed."""
    return (make(chance_of(seed, door, number)) for number in range(count))


def look_afterwards(field: Field, outcome: Outcome, before: object) -> None:
    """Whether the service still answers and kept within its memory, and whether the other institution is as it was."""
    service, world = field.service, field.world
    if not service.is_alive():
        outcome.fail(["the service does not answer any more"])
    outcome.memory = service.most_memory()
    if outcome.memory is not None and outcome.memory > MOST_MEMORY:
        outcome.fail([f"more memory than {MOST_MEMORY >> 20} MB: {outcome.memory >> 20} MB"])
    institution = world.names[f"{STRANGER}.institution"]
    if asyncio.run(digest_of(field.superuser_url, institution)) != before:
        outcome.fail(["what another institution holds has changed"])
    logged = service.log.read_text(errors="replace")
    if any(nip in logged for nip in world.people):
        outcome.fail(["an employee number in the log"])
    for line in logged.splitlines():
        if '"level":"error"' in line or line.startswith("Traceback"):
            outcome.fail([f"logged as an error: {line[:1_500]}"])


def write_down(outcome: Outcome, path: Path) -> None:
    """The failures, one line each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(failure) + "\n" for failure in outcome.failures))
