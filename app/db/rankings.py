"""Rankings in SQL: everybody of an institution is put to the rules of a vacancy in one statement."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    Boolean,
    ColumnElement,
    Insert,
    Select,
    Subquery,
    Text,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    insert,
    literal,
    literal_column,
    null,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSON, array
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeEngine

from app.db.database import fetch_rows
from app.db.exported import stream_rows
from app.db.frozen_facts import read_facts
from app.db.joined_sets import joined_as_sets
from app.db.ranking_points import candidate_id_column, part_columns, tie_break_column, total_columns
from app.db.requirements import compile_requirement
from app.db.said_of_candidates import latest_scores, latest_words
from app.db.tables.candidates import CandidateRow
from app.db.tables.posts import PostHolderRow
from app.db.tables.rankings import RankingCandidateRow
from app.domain.autopsies import Pattern
from app.domain.candidates import FIELDS, Candidate, Given
from app.domain.ranking import Placed
from app.domain.replays import NOTHING, STANDINGS, UNKNOWN, Considered, Kept, Standing, Terms
from app.domain.requirements import Requirement

ELIGIBLE, TO_VERIFY, INELIGIBLE = (one.value for one in STANDINGS)


@dataclass(frozen=True, slots=True)
class Run:
    """One run: for which vacancy and post, and under which terms."""

    institution_id: UUID
    ranking_id: UUID
    vacancy_id: UUID
    post_id: UUID
    terms: Terms


async def rank_everybody(tx: AsyncSession, run: Run) -> None:
    """Store what is found about everybody on the map but those who hold a seat of the same post."""
    async with joined_as_sets(tx):
        await tx.execute(_insertion(run))


async def count_holders(tx: AsyncSession, institution_id: UUID, post_id: UUID) -> int:
    """How many of those on the map hold a seat of a post."""
    [[count]] = await fetch_rows(tx, HOLDERS, institution_id, post_id)
    return int(count)


HOLDERS = """
    SELECT count(*) FROM candidate c JOIN post_holder h USING (institution_id, talent_id)
    WHERE c.institution_id = $1 AND h.post_id = $2"""


# ── the statement


def _is_considered(run: Run) -> ColumnElement[bool]:
    """Whose facts are on record, unless they hold a seat of the same post."""
    row = CandidateRow.__table__
    holds = select(PostHolderRow.talent_id).where(
        PostHolderRow.institution_id == row.c.institution_id,
        PostHolderRow.talent_id == row.c.talent_id,
        PostHolderRow.post_id == run.post_id,
    )
    return and_(row.c.institution_id == run.institution_id, ~exists(holds.correlate(row)))


def _insertion(run: Run) -> Insert:
    found = _found(_judged(run), run).subquery("found")
    ordinal = func.row_number().over(order_by=_in_order(found))
    stored = {
        "institution_id": literal(run.institution_id),
        "ranking_id": literal(run.ranking_id),
        **dict(found.c.items()),
        "ordinal": ordinal,
        "position": case((_is_ranked(found), ordinal)),
        "lacking": _lacking(found, run.terms.requirements),
        "digest": _digest(found),
    }
    return insert(RankingCandidateRow).from_select(list(stored), select(*stored.values()), include_defaults=False)


def _judged(run: Run) -> CTE:
    """Everybody with the verdict of each requirement, the parts of each criterion, and the facts they rest on."""
    row, terms = CandidateRow.__table__, run.terms
    verified = latest_words(run.institution_id, run.vacancy_id)
    score = latest_scores(run.institution_id, run.vacancy_id)
    columns = row.c
    verdicts = [compile_requirement(one, terms.target, verified.c.verified) for one in terms.requirements]
    parts = [part_columns(one, columns, terms.target, score.c.score) for one in terms.criteria]
    total = total_columns(parts)
    candidate_id = candidate_id_column(row.c.talent_id, terms.seed)
    source = row.outerjoin(verified, verified.c.talent_id == row.c.talent_id).outerjoin(
        score, score.c.talent_id == row.c.talent_id
    )
    judged = select(
        candidate_id.label("candidate_id"),
        row.c.talent_id,
        _array(verdicts, Boolean()).label("verdicts"),
        _array([part.points for part in parts], BigInteger()).label("parts"),
        cast(total.points, BigInteger).label("total"),
        cast(total.lowest, BigInteger).label("lowest"),
        cast(total.highest, BigInteger).label("highest"),
        _facts(candidate_id, verified.c.verified, score.c.score).label("facts"),
    )
    return judged.select_from(source).where(_is_considered(run)).cte("judged").prefix_with("MATERIALIZED")


def _facts(
    candidate_id: ColumnElement[Any], verified: ColumnElement[Any], score: ColumnElement[Any]
) -> ColumnElement[Any]:
    """What everything rests on, for the plain rules to read again. As text: for tens of thousands it is made faster."""
    frozen = func.json_build_object(
        *(literal_column("'candidate'"), func.row_to_json(_FROZEN)),
        *(literal_column("'id'"), candidate_id),
        *(literal_column("'verified'"), func.coalesce(verified, literal_column("'{}'::jsonb"))),
        *(literal_column("'technicalScore'"), score),
    )
    return cast(frozen, JSON)


_FROZEN: ColumnElement[Any] = literal_column(
    f"(SELECT facts FROM (SELECT {', '.join(f'candidate.{name}' for name in FIELDS if name != 'id')}) facts)"  # noqa: S608 - our own names
)
"""The facts about a candidate as one row."""


def _found(judged: CTE, run: Run) -> Select[Any]:
    """The same with what the requirements make of each, and the lot of the eligible."""
    verdicts = judged.c.verdicts
    outcome: ColumnElement[str] = case(
        (func.array_position(verdicts, false()).is_not(None), literal(INELIGIBLE, Text)),
        (func.array_position(verdicts, null()).is_not(None), literal(TO_VERIFY, Text)),
        else_=literal(ELIGIBLE, Text),
    )
    lot = case((outcome == ELIGIBLE, tie_break_column(judged.c.candidate_id, run.terms.seed)))
    return select(*judged.c, outcome.label("outcome"), lot.label("tie_break"))


def _in_order(found: Subquery) -> tuple[ColumnElement[Any], ...]:
    """As `Considered.order`."""
    is_ranked = _is_ranked(found)
    group = case(
        (is_ranked, 0),
        *((found.c.outcome == one.value, place) for place, one in enumerate(STANDINGS, start=1)),
        else_=None,
    )
    by_number = case((is_ranked, -found.c.total), else_=-found.c.highest)
    by_lot = case((is_ranked, found.c.tie_break), else_=literal("", Text))
    return group, by_number, by_lot.collate("C"), found.c.candidate_id


def _is_ranked(found: Subquery) -> ColumnElement[bool]:
    return and_(found.c.outcome == ELIGIBLE, found.c.total.is_not(None))


def _lacking(found: Subquery, requirements: Sequence[Requirement]) -> ColumnElement[Any]:
    """The codes of the requirements not met or to be verified."""
    open_ones = [
        case((found.c.verdicts[place].is_not(true()), literal(one.code, Text)))
        for place, one in enumerate(requirements, start=1)
    ]
    return func.array_remove(_array(open_ones, Text()), null())


def _digest(found: Subquery) -> ColumnElement[Any]:
    """As `Considered.digest`."""
    words = (
        cast(found.c.candidate_id, Text),
        cast(found.c.facts, Text),
        found.c.outcome,
        func.array_to_string(found.c.verdicts, ",", UNKNOWN),
        func.array_to_string(found.c.parts, ",", UNKNOWN),
        func.coalesce(cast(found.c.total, Text), UNKNOWN),
        cast(found.c.lowest, Text),
        cast(found.c.highest, Text),
        func.coalesce(found.c.tie_break, NOTHING),
    )
    return func.sha256(func.convert_to(func.concat_ws("\n", *words), literal_column("'UTF8'")))


def _array(values: Sequence[ColumnElement[Any]], of_type: TypeEngine[Any]) -> ColumnElement[Any]:
    return cast(array(values, type_=of_type), ARRAY(of_type))


# ── what is stored


SUMMED_UP = """
    SELECT count(*) AS considered,
           count(*) FILTER (WHERE outcome = 'eligible') AS eligible,
           count(*) FILTER (WHERE outcome = 'needsVerification') AS to_verify,
           count(*) FILTER (WHERE outcome = 'ineligible') AS ineligible,
           coalesce(encode(sha256($3 || string_agg(digest, ''::bytea ORDER BY candidate_id)
                                     || string_agg(uuid_send(candidate_id), ''::bytea ORDER BY ordinal)), 'hex'),
                    encode(sha256($3), 'hex')) AS digest
    FROM ranking_candidate WHERE institution_id = $1 AND ranking_id = $2"""
"""Counts, and the digest of the run: heading, all digests in the order of ids, the ids in the order of places."""


async def sum_up(tx: AsyncSession, institution_id: UUID, ranking_id: UUID, heading: bytes) -> asyncpg.Record:
    """How many a run considered, what it made of them, and the digest of all of it."""
    [summed] = await fetch_rows(tx, SUMMED_UP, institution_id, ranking_id, heading)
    return summed


PATTERNS = """
    SELECT verdicts, count(*) AS people FROM ranking_candidate
    WHERE institution_id = $1 AND ranking_id = $2 GROUP BY verdicts"""


async def count_patterns(tx: AsyncSession, institution_id: UUID, ranking_id: UUID) -> dict[Pattern, int]:
    """About how many people the same verdicts were found, together."""
    rows = await fetch_rows(tx, PATTERNS, institution_id, ranking_id)
    return {tuple(row["verdicts"]): row["people"] for row in rows}


async def count_candidates(tx: AsyncSession, run: Run, instead: Mapping[int, Requirement | None]) -> int:
    """How many would be candidates, or could turn out to be, with other requirements, or none, at places from 1."""
    row, found = CandidateRow.__table__, RankingCandidateRow
    verified = latest_words(run.institution_id, run.vacancy_id)
    is_in_run = and_(found.institution_id == run.institution_id, found.ranking_id == run.ranking_id)
    places = range(1, len(run.terms.requirements) + 1)
    kept = [found.verdicts[place].is_not(false()) for place in places if place not in instead]
    others = [
        compile_requirement(one, run.terms.target, verified.c.verified).is_not(false())
        for one in instead.values()
        if one is not None
    ]
    of_talent = and_(row.c.institution_id == found.institution_id, row.c.talent_id == found.talent_id)
    counted = (
        select(func.count())
        .select_from(found)
        .join(row, of_talent)
        .outerjoin(verified, verified.c.talent_id == row.c.talent_id)
        .where(is_in_run, *kept, *others)
    )
    return (await tx.execute(counted)).scalar_one()


TALENTS = """
    SELECT DISTINCT c.talent_id, c.candidate_id
    FROM ranking r JOIN ranking_candidate c ON c.institution_id = r.institution_id AND c.ranking_id = r.id
    WHERE r.institution_id = $1 AND r.vacancy_id = $2 AND c.candidate_id = ANY ($3)"""


async def find_talents(
    tx: AsyncSession, institution_id: UUID, vacancy_id: UUID, candidate_ids: Collection[UUID]
) -> dict[UUID, UUID]:
    """By talent their id in a vacancy, of those of these ids who were ever considered for it."""
    rows = await fetch_rows(tx, TALENTS, institution_id, vacancy_id, list(candidate_ids))
    return {row["talent_id"]: row["candidate_id"] for row in rows}


RULED_OUT = f"""
    SELECT c.candidate_id
    FROM ranking_candidate c
    JOIN (SELECT id FROM ranking WHERE institution_id = $1 AND vacancy_id = $2 ORDER BY made_at DESC LIMIT 1) newest
        ON newest.id = c.ranking_id
    WHERE c.institution_id = $1 AND c.candidate_id = ANY ($3) AND c.outcome = '{INELIGIBLE}'"""  # noqa: S608 - our own words


async def find_ruled_out(
    tx: AsyncSession, institution_id: UUID, vacancy_id: UUID, candidate_ids: Collection[UUID]
) -> frozenset[UUID]:
    """Those of these ids in a vacancy whom its newest ranking found ineligible."""
    rows = await fetch_rows(tx, RULED_OUT, institution_id, vacancy_id, list(candidate_ids))
    return frozenset(row["candidate_id"] for row in rows)


RANKED = """
    SELECT candidate_id, parts, total, tie_break, position FROM ranking_candidate
    WHERE institution_id = $1 AND ranking_id = $2 AND position IS NOT NULL"""


async def load_ranked(tx: AsyncSession, institution_id: UUID, ranking_id: UUID) -> tuple[Placed, ...]:
    """Those with a position, in order."""
    rows = await fetch_rows(tx, f"{RANKED} ORDER BY ordinal", institution_id, ranking_id)
    return tuple(_placed(row) for row in rows)


async def find_first(tx: AsyncSession, institution_id: UUID, ranking_id: UUID) -> Placed | None:
    """Who has the first position; None where nobody has one."""
    rows = await fetch_rows(tx, f"{RANKED} AND ordinal = 1", institution_id, ranking_id)
    return _placed(rows[0]) if rows else None


def _placed(row: asyncpg.Record) -> Placed:
    return Placed(row["candidate_id"], tuple(row["parts"]), row["total"], row["tie_break"], row["position"])


STORED = """
    SELECT candidate_id, ordinal, position, outcome, verdicts, parts, total, lowest, highest, tie_break,
           facts::text AS facts, digest, lacking
    FROM ranking_candidate WHERE institution_id = $1 AND ranking_id = $2"""


async def stream_stored(tx: AsyncSession, institution_id: UUID, ranking_id: UUID) -> AsyncIterator[Sequence[Kept]]:
    """Everybody in a run in the order of their ids, some at a time."""
    sql = f"{STORED} ORDER BY candidate_id"
    async for rows in stream_rows(tx, sql, institution_id, ranking_id):
        yield [_stored(row) for row in rows]


async def find_stored(tx: AsyncSession, institution_id: UUID, ranking_id: UUID, candidate_id: UUID) -> Kept | None:
    """What a run stored about one of them."""
    rows = await fetch_rows(tx, f"{STORED} AND candidate_id = $3", institution_id, ranking_id, candidate_id)
    return _stored(rows[0]) if rows else None


def _stored(row: asyncpg.Record) -> Kept:
    found = Considered(
        row["candidate_id"],
        Standing(row["outcome"]),
        tuple(row["verdicts"]),
        tuple(row["parts"]),
        row["total"],
        row["lowest"],
        row["highest"],
        row["tie_break"],
    )
    return Kept(
        found,
        row["facts"],
        _inputs(row["candidate_id"], row["facts"]),
        row["digest"],
        row["ordinal"],
        row["position"],
        tuple(row["lacking"]),
    )


def _inputs(candidate_id: UUID, facts: str) -> tuple[Candidate, Given] | None:
    """None where somebody changed what is stored into what no run has written."""
    try:
        candidate, given = read_facts(facts)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return (candidate, given) if candidate.id == candidate_id else None
