"""The search of the nation in SQL: the best of everybody in a pool of any institution, exactly, in one statement."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from operator import itemgetter
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
    Select,
    SmallInteger,
    Subquery,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    column,
    false,
    func,
    literal,
    literal_column,
    null,
    select,
    table,
    true,
)
from sqlalchemy import cast as as_type
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.candidates import JSON_FACTS
from app.db.database import fetch_rows
from app.db.documents import Statement, as_statement
from app.db.national_numbers import bigint, days_named, integer
from app.db.national_rules import Asked, Facts, asks_for_time, decided, known_total, levels_needed
from app.db.ranking_points import tie_break_column
from app.db.tables.national import EPOCH, NEVER, POOL_CANDIDATE, POOL_MEASURE, SPREAD
from app.domain.candidates import FIELDS, Candidate, candidate_from
from app.domain.national_search import POOL_BOXES, Counted, Search
from app.domain.ranking import SEED_BYTES
from app.domain.requirements import Field

COMPILED_SEARCHES = 256  # kept per process; the text of most is some 10 kB
# views of the owner of the schema: the tables without the columns that say whose somebody is
_WHOSE = ("institution_id", "talent_id")
_candidate = table(
    "national_candidate",
    column("card_id", Uuid),
    *(column(one.name, one.type) for one in POOL_CANDIDATE.columns if one.name not in _WHOSE),
).alias("c")
_measures = table("national_measure", *(column(one.name, one.type) for one in POOL_MEASURE.columns))
_measure = _measures.alias("m")
_career = table("national_career", column("levels", Integer))
_pool = table(
    "national_pool",
    column("province_code", Text),
    column("box", SmallInteger),
    column("people", Integer),
    column("with_gaps", Integer),
)
RANKED, UNRANKED, TO_VERIFY, RULED_OUT = 0, -1, -2, -3
"""What a search finds of somebody: their total, or one of the others; from the third on, by which requirement."""
STEP = 20
"""Totals that differ in no higher bit, some point apart at the most, are kept together: only the best are looked at."""


@dataclass(frozen=True, slots=True)
class _Places:
    """The columns that an array of facts is spread over, by place from 1, as rules ask for its elements."""

    fact: str

    def __getitem__(self, place: int) -> ColumnElement[Any]:
        if place > SPREAD[self.fact]:  # nobody keeps it
            return as_type(null(), _candidate.c[f"{self.fact}_1"].type)
        return _candidate.c[f"{self.fact}_{place}"]


_FACTS = Facts({**_candidate.c, **{fact: _Places(fact) for fact in SPREAD}})


@dataclass(frozen=True, slots=True)
class Lots:
    """What the service draws for a search: `seed` decides between equal totals and is told with the answer.

    `key` makes the ids that people have in this answer out of those they have here, and is forgotten with it: nobody
    finds out who of two answers is the same.
    """

    seed: bytes
    key: bytes


@dataclass(frozen=True, slots=True)
class Ranked:
    """Somebody on the list, in its order; the id of `candidate` is of this search alone."""

    candidate: Candidate
    card_id: UUID | None
    province_code: str | None
    total: int
    tie_break: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: how many people are what, and the best."""

    counted: Counted
    best: tuple[Ranked, ...]


async def find_best(tx: AsyncSession, search: Search, lots: Lots) -> Found:
    """The first so many of everybody who meets the requirements; nobody for who does not reach the nation.

    One process looks at everybody: what workers hand over row by row costs more than they save.
    """
    await fetch_rows(tx, "SELECT set_config('max_parallel_workers_per_gather', '0', true)")
    statement, post = _statement(search), search.post
    known = {name: _drawn(value, lots) for name, value in statement.constants.items()}
    known |= {"affair": post.government_affair, **days_named(statement.parameters, post.on)}
    rows = await fetch_rows(tx, statement.sql, *(known[name] for name in statement.parameters))
    return Found(_counted(rows[0], search), tuple(_ranked(row) for row in rows if row["shown_id"] is not None))


def _drawn(value: object, lots: Lots) -> object:
    """The pads of two keys are the only bytes of a statement; it was compiled with the marks of both."""
    if not isinstance(value, bytes):
        return value
    mark = value[-1] ^ value[0]  # behind the mark there are only pads
    drawn = {_SEED[0]: lots.seed, _KEY[0]: lots.key}[mark]
    marks, keys = (one.ljust(len(value), b"\0") for one in (bytes([mark] * SEED_BYTES), drawn))
    return bytes(pad ^ one ^ key for pad, one, key in zip(value, marks, keys, strict=True))


SOME_AFFAIR = "some"
_AFFAIR, _EVERYBODY = bindparam("affair", type_=Text), literal_column("''", Text)
_SEED, _KEY = bytes([1] * SEED_BYTES), bytes([2] * SEED_BYTES)
"""What statements are compiled with in the place of what is drawn for each search."""


def _counted(row: asyncpg.Record, search: Search) -> Counted:
    found = {int(code): people for code, people in (_read(row["outcomes"]) or {}).items()}
    ruled_out = [found.get(RULED_OUT - place, 0) for place in range(len(search.deciding))]
    return Counted(
        eligible=sum(people for code, people in found.items() if code >= UNRANKED),
        unranked=found.get(UNRANKED, 0),
        to_verify=found.get(TO_VERIFY, 0),
        ruled_out={one.code: people for one, people in zip(search.deciding, ruled_out, strict=True)},
        not_on_record=row["without_gaps"],
        with_gaps=row["with_gaps"],
    )


async def load_pool(tx: AsyncSession, province_code: str) -> list[Candidate]:
    """Everybody in the pools of a province, for who reaches the nation, in no order that tells; for comparisons."""
    names = ", ".join(sorted({"id", *_TOLD} - {"card_id"}))
    told = f"SELECT {names} FROM national_candidate WHERE province_code = $1"  # noqa: S608 - our own names
    return [_candidate_of(row, row["id"]) for row in await fetch_rows(tx, told, province_code)]


def _ranked(row: asyncpg.Record) -> Ranked:
    candidate = _candidate_of(row, row["shown_id"])
    return Ranked(candidate, row["card_id"], row["province_code"], row["total"], row["lot"])


def _candidate_of(row: asyncpg.Record, identity: UUID) -> Candidate:
    facts = dict(zip(_SINGLE, _single(row), strict=True))
    for name, places in _PLACES.items():
        values = places(row)
        facts[name] = None if name in MAYBE_UNKNOWN and values.count(None) == len(values) else values
    facts |= {name: _read(facts[name]) for name in JSON_FACTS}
    return candidate_from({**facts, "id": identity})


def _read(told: Any) -> Any:  # noqa: ANN401 - JSON, which some connections have read already
    return json.loads(told) if isinstance(told, str) else told


MAYBE_UNKNOWN = frozenset({"closed_days", "competencies", "training_hours"})
"""Arrays that can be unknown as a whole."""
_SINGLE = tuple(name for name in FIELDS if name not in SPREAD and name != "id")
_single = itemgetter(*_SINGLE)
_NAMED = {name: tuple(f"{name}_{place}" for place in range(1, most + 1)) for name, most in SPREAD.items()}
_PLACES = {name: itemgetter(*places) for name, places in _NAMED.items()}
_TOLD = {"card_id", "province_code", *_SINGLE, *chain.from_iterable(_NAMED.values())}
"""The columns that somebody is made of."""


# ── the statement


def _statement(search: Search) -> Statement:
    """The statement of a search; most know nothing of the day of the post, nor of its affair but whether it has one."""
    affair = search.post.government_affair and SOME_AFFAIR
    alike = replace(search, post=replace(search.post, on=EPOCH, government_affair=affair))
    return _compiled(alike, only_measures=True) or cast("Statement", _compiled(search, only_measures=False))


@lru_cache(COMPILED_SEARCHES)
def _compiled(search: Search, *, only_measures: bool) -> Statement | None:
    """What finds the best of a search; None where it is to ask only measures, and something only facts answer.

    It finds what everybody is of whom the record shows what is asked for, works out the totals of those who meet all
    of it, and draws lots for the first so many and for those who are equal to the last of them. What else is told of
    them is worked out from their facts.
    """
    people = _considered(search)
    if only_measures and _candidate in people.columns_clause_froms:
        return None
    grouped, first = _grouped(people.offset(0).subquery("considered")), literal(search.first, Integer)  # found out once
    better = func.sum(grouped.c.people).over(order_by=grouped.c.code.desc()) - grouped.c.people
    reached = (
        select(grouped.c.ids, grouped.c.totals, better.label("better"))
        .where(grouped.c.code >= integer(RANKED))
        .subquery()
    )
    ranked = func.unnest(reached.c.ids, reached.c.totals).table_valued(
        column("id", Uuid), column("total", BigInteger), name="ranked"
    )
    each = ranked.render_derived()
    best_of_all = (
        select(each.c.id, each.c.total).select_from(reached.join(each, true())).where(reached.c.better < first)
    )
    drawn = best_of_all.order_by(each.c.total.desc()).fetch(first, with_ties=True).subquery("drawn")
    shown = as_type(func.left(tie_break_column(drawn.c.id, _KEY), integer(32)), Uuid).label("shown_id")
    named = select(*drawn.c, shown).offset(0).subquery("named")
    lot = tie_break_column(named.c.shown_id, _SEED).collate("C").label("lot")
    best = select(*named.c, lot).order_by(named.c.total.desc(), lot).limit(first).subquery("best")
    counts = _counts(search, grouped)
    facts = [one for one in _candidate.c if one.name in _TOLD]
    rows = select(*counts.c, *(one for one in best.c if one.name != "id"), *facts).select_from(
        counts.outerjoin(best.join(_candidate, _candidate.c.id == best.c.id), true())
    )
    return as_statement(rows.order_by(best.c.total.desc(), best.c.lot))


def _grouped(people: Subquery) -> CTE:
    """How many people are what, and the totals of those who have one, about a point of them together."""
    is_ranked = people.c.outcome >= integer(RANKED)
    code = case((is_ranked, people.c.outcome.op(">>")(integer(STEP))), else_=people.c.outcome).label("code")
    counted = select(
        code,
        func.count().label("people"),
        func.count().filter(people.c.has_gaps).label("gaps"),
        func.array_agg(people.c.id, type_=ARRAY(Uuid())).filter(is_ranked).label("ids"),
        func.array_agg(people.c.outcome, type_=ARRAY(BigInteger())).filter(is_ranked).label("totals"),
    )
    return counted.group_by(code).cte("grouped").prefix_with("MATERIALIZED")


def _considered(search: Search) -> Select[Any]:
    """Everybody of whom the record shows what is asked for, with what they are."""
    asked, rows = _asked(search)
    outcome = _outcome(search, asked).label("outcome")
    found = select(_measure.c.id, _measure.c.has_gaps, outcome).select_from(rows)
    found = found.where(*_necessary(search))
    if _candidate in found.columns_clause_froms:  # something that only facts answer
        found = found.where(_candidate.c.id == _measure.c.id)
    return found


def _outcome(search: Search, asked: Asked) -> ColumnElement[int]:
    """What somebody is. No requirement is put twice: after the first that is not surely met, only what rules out."""
    total = func.coalesce(known_total(search.criteria, asked), bigint(UNRANKED))
    outcome: ColumnElement[int] = as_type(total, BigInteger)
    open_ones: list[tuple[ColumnElement[bool], ColumnElement[int]]] = []
    for place, one in reversed(list(enumerate(search.deciding))):
        rule = decided(one, asked)
        open_ones.insert(0, (rule.not_met, bigint(RULED_OUT - place)))
        outcome = case((rule.met, outcome), *open_ones, else_=bigint(TO_VERIFY))
    return outcome


def _asked(search: Search) -> tuple[Asked, FromClause]:
    """Whom rules are put to: time in an affair is found under it, also of those who need not have any."""
    affair, target = search.post.government_affair, search.post.target
    if affair is None or _needs_affair(search):
        return Asked(target, {**_measure.c}, _FACTS), _measure
    there = _measures.alias("there")
    rows = _measure.outerjoin(there, and_(there.c.id == _measure.c.id, there.c.affair == _AFFAIR))
    spent = {
        "affair_days": func.coalesce(there.c.affair_days, integer(0)),
        "affair_since": func.coalesce(there.c.affair_since, integer(NEVER)),
        "is_there": func.coalesce(there.c.is_there, false()),
        "field_days": there.c.field_days,
    }
    return Asked(target, {**_measure.c, **spent}, _FACTS), rows


def _counts(search: Search, grouped: CTE) -> Subquery:
    """One row: people by what they are, and how many more there are, of whom no record shows what is asked."""
    found = select(
        func.json_object_agg(grouped.c.code, grouped.c.people).label("outcomes"),
        func.coalesce(func.sum(grouped.c.people), 0).label("people"),
        func.coalesce(func.sum(grouped.c.gaps), 0).label("gaps"),
    ).subquery("found")
    everybody = (
        select(
            func.coalesce(func.sum(_pool.c.people), 0).label("people"),
            func.coalesce(func.sum(_pool.c.with_gaps), 0).label("gaps"),
        )
        .where(*_searched(search, _pool))
        .subquery("everybody")
    )
    gaps = everybody.c.gaps - found.c.gaps
    others = everybody.c.people - found.c.people - gaps
    return (
        select(
            found.c.outcomes, as_type(gaps, Integer).label("with_gaps"), as_type(others, Integer).label("without_gaps")
        )
        .select_from(found.join(everybody, true()))
        .subquery("counted")
    )


def _necessary(search: Search) -> Iterator[ColumnElement[bool]]:
    """Who is searched, and what follows from the requirements in the form that indexes answer."""
    yield from _searched(search, _measure)
    yield _measure.c.affair == (_AFFAIR if _needs_affair(search) else _EVERYBODY)
    if needed := [bits for one in search.deciding if (bits := levels_needed(one)) is not None]:
        has_all = [_career.c.levels.op("&")(integer(bits)) != integer(0) for bits in needed]
        careers = select(_career.c.levels).where(*has_all).scalar_subquery()
        yield _measure.c.levels == any_(func.array(careers, type_=ARRAY(Integer())))


def _needs_affair(search: Search) -> bool:
    """Whether nobody is found who has never worked in the affair of the post."""
    return any(one.field is Field.RELATED_EXPERIENCE and asks_for_time(one) for one in search.deciding)


def _searched(search: Search, rows: FromClause) -> Iterator[ColumnElement[bool]]:
    """In which boxes and provinces; all that there are is no condition."""
    if search.boxes != POOL_BOXES:
        yield rows.c.box == any_(bindparam(None, list(search.boxes), type_=ARRAY(SmallInteger())))
    if search.provinces is not None:
        yield rows.c.province_code == any_(bindparam(None, list(search.provinces), type_=ARRAY(Text())))
