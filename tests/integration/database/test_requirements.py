"""A requirement finds the same in SQL over everybody as in Python about one."""

from __future__ import annotations

import json
from random import Random
from uuid import uuid4

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database, copy_rows
from app.db.requirements import compile_requirement
from app.db.tables.candidates import CandidateRow
from app.domain.actors import Actor, Role
from app.domain.candidates import FIELDS, Candidate, Given
from app.domain.requirements import Comparison, Field
from app.domain.verdicts import outcome_of, verdict
from tests.candidates import a_candidate, a_requirement, a_target, a_word, every_kind_of_requirement

PEOPLE = 200
FACTS = Table(
    "facts",
    MetaData(),
    *(Column(name, CandidateRow.__table__.c[name].type) for name in FIELDS),
    Column("verified", JSONB),
)


@pytest.mark.parametrize(("field", "comparison"), every_kind_of_requirement())
@given(seed=st.integers(0, 2**32))
@settings(deadline=None, max_examples=3, database=None, phases=[Phase.generate])  # each example is hundreds of people
async def test_sql_and_python_find_the_same(field: Field, comparison: Comparison, seed: int, db: Database) -> None:
    lot = Random(seed)  # noqa: S311 - to try things with
    people = [(a_candidate(lot), a_word(lot)) for _ in range(PEOPLE)]
    requirements = [(a_requirement(lot, field, comparison), a_target(lot)) for _ in range(6)]
    async with db.write_as(Actor(uuid4(), Role.OPERATOR, "test")) as tx:
        await _hold(tx, people)
        compiled = [compile_requirement(one, target, FACTS.c.verified, FACTS) for one, target in requirements]
        rows = await tx.execute(select(FACTS.c.id, *compiled))
        found = {row[0]: [outcome_of(is_met) for is_met in row[1:]] for row in rows}
    assert found == {
        candidate.id: [verdict(one, candidate, target, word).outcome for one, target in requirements]
        for candidate, word in people
    }


async def _hold(tx: AsyncSession, people: list[tuple[Candidate, Given]]) -> None:
    await tx.execute(text("CREATE TEMP TABLE facts (LIKE candidate) ON COMMIT DROP"))
    await tx.execute(text("ALTER TABLE facts DROP institution_id, DROP talent_id, ADD verified jsonb"))
    rows = []
    for candidate, word in people:
        row = {name: _stored(getattr(candidate, name)) for name in FIELDS}
        rows.append([*row.values(), json.dumps(dict(word.verified))])
    await copy_rows(tx, "facts", [*FIELDS, "verified"], rows)


def _stored(value: object) -> object:
    return json.dumps(value) if isinstance(value, dict) else value
