"""The search of the nation in SQL: the best of everybody in a pool of any institution, exactly, in one statement."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

import asyncpg
from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    SmallInteger,
    Text,
    Uuid,
    any_,
    bindparam,
    column,
    func,
    literal,
    null,
    select,
    table,
    true,
)
from sqlalchemy import cast as as_type
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeEngine

from app.db.database import fetch_rows
from app.db.documents import Statement, as_statement
from app.db.fact_columns import Columns
from app.db.ranking_points import part_columns, tie_break_column, total_columns
from app.db.requirements import compile_requirement
from app.db.tables.national import POOL_CANDIDATE, SPREAD
from app.domain.candidates import FIELDS, LEVELS, Candidate, candidate_from
from app.domain.national_search import Search
from app.domain.requirements import Comparison, Field, Requirement

COMPILED_SEARCHES = 256  # kept per process; the text of most is some 15 kB
SEED_BYTES = 32
# a view of the owner of the schema: the table without the columns that say whose somebody is
_WHOSE = ("institution_id", "talent_id")
_candidate = table(
    "national_candidate",
    column("province_code", Text),
    column("card_id", Uuid),
    *(column(one.name, one.type) for one in POOL_CANDIDATE.columns if one.name not in _WHOSE),
)


@dataclass(frozen=True, slots=True)
class _Places:
    """The columns that an array of facts is spread over, by place from 1, as rules ask for its elements."""

    fact: str

    def __getitem__(self, place: int) -> ColumnElement[Any]:
        if place > SPREAD[self.fact]:  # nobody keeps it
            return as_type(null(), _candidate.c[f"{self.fact}_1"].type)
        return _candidate.c[f"{self.fact}_{place}"]


@dataclass(frozen=True, slots=True)
class _Facts:
    """The facts by name, as of a table whose arrays are whole."""

    c: Mapping[str, object]


_FACTS = _Facts({**_candidate.c, **{fact: _Places(fact) for fact in SPREAD}})


@dataclass(frozen=True, slots=True)
class Ranked:
    """Somebody on the list, in its order."""

    candidate: Candidate
    card_id: UUID | None
    province_code: str | None
    total: int
    tie_break: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: how many meet its requirements, the total of how many of these is known, and the best."""

    eligible: int
    rankable: int
    best: tuple[Ranked, ...]


async def find_best(tx: AsyncSession, search: Search, seed: bytes) -> Found:
    """The first so many of everybody who meets the requirements; nobody for who does not reach the nation."""
    statement = _compiled(search)
    known = {name: _seeded(value, seed) for name, value in statement.constants.items()}
    rows = await fetch_rows(tx, statement.sql, *(known[name] for name in statement.parameters))
    best = tuple(_ranked(row) for row in rows if row["id"] is not None)
    return Found(rows[0]["eligible"], rows[0]["rankable"], best)


def _seeded(value: object, seed: bytes) -> object:
    """The pads of the lot are the only bytes of a statement; it was compiled with those of an empty key."""
    if not isinstance(value, bytes):
        return value
    return bytes(pad ^ byte for pad, byte in zip(value, seed.ljust(len(value), b"\0"), strict=True))


def _ranked(row: asyncpg.Record) -> Ranked:
    facts = {name: row[name] for name in FIELDS if name not in SPREAD}
    for name, most in SPREAD.items():
        values = [row[f"{name}_{place}"] for place in range(1, most + 1)]
        is_unknown = name in MAYBE_UNKNOWN and values == [None] * most
        facts[name] = None if is_unknown else values
    if isinstance(days := row["affair_days"], str):
        facts["affair_days"] = json.loads(days)
    return Ranked(candidate_from(facts), row["card_id"], row["province_code"], row["total"], row["lot"])


MAYBE_UNKNOWN = frozenset({"closed_days", "competencies"})
"""Arrays that can be unknown as a whole."""


# ── the statement


@lru_cache(COMPILED_SEARCHES)
def _compiled(search: Search) -> Statement:
    """The statement of a search, compiled for an empty seed.

    It works out the totals of everybody who meets the requirements, and draws lots for the first so many and for those
    who are equal to the last of them. What else is told of them is worked out from their facts.
    """
    eligible, first = _eligible(search), literal(search.first, Integer)
    ranked = select(*eligible.c).where(eligible.c.total.is_not(None)).order_by(eligible.c.total.desc())
    drawn = ranked.fetch(first, with_ties=True).subquery("drawn")
    lot = tie_break_column(drawn.c.id, b"").collate("C").label("lot")
    best = select(*drawn.c, lot).order_by(drawn.c.total.desc(), lot).limit(first).subquery("best")
    counts = select(func.count().label("eligible"), func.count(eligible.c.total).label("rankable"))
    counted = counts.select_from(eligible).subquery("counted")
    facts = [one for one in _candidate.c if one.name not in ("id", "levels", "affairs")]
    rows = select(*counted.c, *best.c, *facts).select_from(
        counted.outerjoin(best.join(_candidate, _candidate.c.id == best.c.id), true())
    )
    return as_statement(rows.order_by(best.c.total.desc(), best.c.lot))


def _eligible(search: Search) -> CTE:
    """The ids of all who meet the requirements, with their totals where they are known."""
    target, columns = search.post.target, cast("Columns", _FACTS.c)
    total = total_columns([part_columns(one, columns, target, None) for one in search.criteria])
    met = [compile_requirement(one, target, None, cast("FromClause", _FACTS)).is_(true()) for one in search.deciding]
    rows = select(_candidate.c.id, as_type(total.points, BigInteger).label("total"))
    return rows.where(*_necessary(search), *met).cte("eligible").prefix_with("MATERIALIZED")


def _necessary(search: Search) -> Iterator[ColumnElement[bool]]:
    """What follows from the requirements, in the form that indexes answer."""
    yield _candidate.c.box == any_(_listed(search.boxes, SmallInteger()))
    if search.provinces is not None:
        yield _candidate.c.province_code == any_(_listed(search.provinces, Text()))
    for requirement in search.deciding:
        if (levels := _levels_needed(requirement)) is not None:
            places = [place for place, level in enumerate(LEVELS, start=1) if level.value in levels]
            yield _candidate.c.levels.op("&&")(_listed(places, SmallInteger()))
        if requirement.field is Field.RELATED_EXPERIENCE and _asks_for_time(requirement):
            yield _candidate.c.affairs.op("@>")(_listed([search.post.government_affair], Text()))


def _levels_needed(requirement: Requirement) -> Sequence[str] | None:
    """The levels of which somebody who meets a requirement has held one; None where it asks for none."""
    if requirement.field is Field.TIME_AT_LEVELS and _asks_for_time(requirement):
        return requirement.of
    return cast("Sequence[str]", requirement.threshold) if requirement.field is Field.LEVEL else None


def _asks_for_time(requirement: Requirement) -> bool:
    return requirement.comparison is Comparison.AT_LEAST and cast("int", requirement.threshold) > 0


def _listed(values: Sequence[object], of_type: TypeEngine[Any]) -> ColumnElement[Any]:
    return bindparam(None, list(values), type_=ARRAY(of_type))
