"""A slice of `./nusatalenta fuzz`: the real service survives what is thrown at its doors, and cases can be repeated."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.api.graphql.schema import sdl
from app.dev.fuzz import files
from app.dev.fuzz.cases import Case, chance_of, read_case
from app.dev.fuzz.served import served
from app.dev.fuzz.throwing import DOORS, Field, Outcome, look_afterwards, made_by, makers, shares_of, throw, write_down
from app.dev.fuzz.verdicts import wrong_with
from app.dev.fuzz.world import STRANGER, digest_of, settle
from tests.conftest import as_superuser, copy_database, url_of

CASES, SEED = 150, 20261122


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    database, directory = asyncio.run(copy_database()), tmp_path_factory.mktemp("fuzz")
    world = settle(url_of(database), url_of(database, "postgres"), directory)
    with served(url_of(database), directory) as service:
        document = service.send(Case("", "", "", "GET", "/openapi.json"))
        yield Field(service, world, url_of(database, "postgres"), json.loads(document.body))
    asyncio.run(as_superuser(f"DROP DATABASE {database} WITH (FORCE)"))


def test_no_case_makes_the_service_fail(field: Field) -> None:
    before = asyncio.run(digest_of(field.superuser_url, institution_abroad(field)))
    outcome, make = Outcome(), makers(field.world, field.document, sdl())
    for door, count in shares_of(CASES, DOORS).items():
        throw(field.service, field.world, made_by(make[door], SEED, door, count), outcome)
    look_afterwards(field, outcome, before)
    assert outcome.failures == []
    assert sum(outcome.cases.values()) == CASES
    assert sum(count for status, count in outcome.statuses.items() if 200 <= status < 300) > CASES // 20


def institution_abroad(field: Field) -> str:
    return field.world.names[f"{STRANGER}.institution"]


def test_what_belongs_to_somebody_else_would_be_seen(field: Field) -> None:
    """The judge is not blind: the other institution's own answer is full of what must not be told."""
    nip = field.world.names["B.nip"]
    case = Case("rest", "", "hr-officer", "GET", "/v1/talents")
    answer = field.service.send(case, field.world.tokens["hr-officer"])
    assert list(wrong_with(case, answer, field.world)) == []
    foreign = type(answer)(200, answer.headers, answer.body + nip.encode())
    assert list(wrong_with(case, foreign, field.world)) == ["something of another institution"]


@pytest.mark.parametrize("door", DOORS)
def test_the_same_seed_makes_the_same_cases(door: str, field: Field) -> None:
    make = makers(field.world, field.document, sdl())[door]
    first, again, other = (list(made_by(make, seed, door, 8)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_a_written_failure_is_read_back_as_it_was(tmp_path: Path) -> None:
    cases = [files.case_of(chance_of(3, "files", number)) for number in range(5)]
    outcome = Outcome()
    for case in cases:
        outcome.fail(["for a test"], case)
    write_down(outcome, tmp_path / "failures.jsonl")
    assert [read_case(f"{tmp_path / 'failures.jsonl'}#{number}") for number in range(1, 6)] == cases
