"""National rankings: the candidates of all institutions for one post, without names, on stated grounds."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, cast
from uuid import UUID, uuid4

import orjson
from pydantic import Field
from sqlalchemy import Table, Text, bindparam, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database, fetch_rows
from app.db.documents import Document, Selection, as_statement
from app.db.ledger import record
from app.db.national_candidates import Found, Lots, find_best
from app.db.shapes import national_rankings as shapes
from app.db.tables.national import NationalSearchRecomputationRow, NationalSearchRow
from app.db.tables.placements import RubricRow
from app.domain.actors import Actor, Permission
from app.domain.candidates import candidate_of
from app.domain.careers import PositionLevel
from app.domain.errors import Conflict, NotFound
from app.domain.evidence import COMPETENCIES
from app.domain.government_affairs import AFFAIRS
from app.domain.messages import sentence
from app.domain.national_events import NationalSearchRecomputed, NationSearched
from app.domain.national_search import (
    MOST,
    POOL_BOXES,
    Json,
    Person,
    Post,
    Search,
    answer_of,
    digest_of,
    must_lie_ahead,
    search_for,
    told_counts,
)
from app.domain.provinces import PROVINCES
from app.domain.ranking import SEED_BYTES
from app.domain.recommendations import Pool
from app.domain.rubric_document import DEFAULT_RUBRIC
from app.domain.rule_sets import RuleSet
from app.services import rule_sets, succession_policies
from app.services.contract import Command, Statement, must_be_one_of, named_cursor, page_size
from app.services.cycles import Day
from app.services.posts import StandardLevels
from app.services.rule_sets import RuleSetVersion
from app.services.standing import Province

_SEARCHES = cast("Table", NationalSearchRow.__table__)
_STANDARD = select(RubricRow.document["standards"][bindparam("level", type_=Text)]).where(
    RubricRow.code == bindparam(None, DEFAULT_RUBRIC)
)
_USUAL = as_statement(
    select(
        rule_sets.DEFAULT_DOCUMENT.scalar_subquery().label("rule_set"),
        _STANDARD.order_by(RubricRow.version.desc()).limit(1).scalar_subquery().label("standard"),
    )
)
"""By what posts of a level are filled, and what the newest default rubric asks of the nine competencies."""
_KEPT = as_statement(_SEARCHES.insert())
_JSON = frozenset(one.name for one in _SEARCHES.columns if isinstance(one.type, JSONB))


class RankNationally(Command):
    """For which post to rank the candidates of all institutions, and on what grounds."""

    grounds: Statement = Field(description="Why, with the legal basis; it stays in the ledger.")
    level: PositionLevel = Field(strict=False)
    government_affair: str | None = Field(
        None, max_length=60, description="A code of `/v1/government-affairs`; without it experience in it is left open."
    )
    standard: StandardLevels | None = Field(None, description="What the post asks; that of its level unless told.")
    on: Day = Field(description="The planned day of inauguration.")
    rule_set: RuleSetVersion | None = Field(None, description="By what to rank; the default of the level unless told.")
    boxes: list[int] | None = Field(
        None,
        min_length=1,
        max_length=9,
        description="Of 7, 8 and 9; those of the national pool, by the policy of succession in force, unless told.",
    )
    provinces: list[Province] | None = Field(
        None, min_length=1, max_length=100, description="Codes of the provinces to search; all of them unless told."
    )
    first: int = Field(20, ge=1, le=MOST)


# ── writes


async def rank_nationally(db: Database, actor: Actor, command: RankNationally) -> UUID:
    """The first so many of everybody in a pool of any institution who meets the requirements; kept, with its grounds.

    Exact: everybody is looked at. Nobody is named, and the ids are of this search alone; of those who are listed one
    may ask for a disclosure. Whoever asks the same again is another search, and each tells of those before it.
    """
    actor.require(Permission.RANK_NATIONALLY)
    _must_reach_the_nation(actor)
    must_be_one_of(tuple(AFFAIRS), "/governmentAffair", command.government_affair)
    for box in command.boxes or ():
        must_be_one_of([str(one) for one in POOL_BOXES], "/boxes", str(box))
    must_lie_ahead(command.on, db.today())
    async with db.write_as(actor) as tx:
        known = {**_USUAL.constants, "level": command.level.value}
        [usual] = await fetch_rows(tx, _USUAL.sql, *(known[name] for name in _USUAL.parameters))
        rule_set = await _rule_set_for(tx, command, usual["rule_set"])
        search = await _search_for(tx, rule_set, command, usual["standard"])
        lots = Lots(secrets.token_bytes(SEED_BYTES), secrets.token_bytes(SEED_BYTES))
        found = await find_best(tx, search, lots)
        row = _row(db, actor, command, rule_set, search, found, lots.seed)
        await fetch_rows(tx, _KEPT.sql, *(_written(row[name], name) for name in _KEPT.parameters))
        await record(tx, actor, _event(row, found))
    search_id: UUID = row["id"]
    return search_id


async def recompute_national_ranking(db: Database, actor: Actor, search_id: UUID) -> UUID:
    """Make a search again from the facts it kept, by the plain rules: the answer has the same digest, or it has not."""
    actor.require(Permission.RANK_NATIONALLY)
    async with db.write_as(actor) as tx:
        row = await tx.get(NationalSearchRow, (actor.institution_id, search_id))
        if row is None:
            raise NotFound("national.not_found")
        answer = answer_of(await _stored_search(tx, row), _stored_people(row), row.seed)
        found = digest_of(answer, row.outcomes)
        if found == row.digest:  # the facts give what was answered: is it still what is told?
            found = digest_of(row.answer, row.outcomes)
        again = NationalSearchRecomputationRow(
            institution_id=actor.institution_id,
            id=uuid4(),
            search_id=search_id,
            made_at=db.now(),
            subject=actor.subject,
            role=actor.role.value,
            digest=found,
        )
        tx.add(again)
        await tx.flush()
        await record(tx, actor, NationalSearchRecomputed(search_id, row.digest, found))
    return again.id


# ── reads


async def national_ranking_document(
    db: Database, actor: Actor, search_id: UUID, wanted: Selection | None = None
) -> Document:
    """One search of the own institution, with its answer as it was given."""
    actor.require(Permission.RANK_NATIONALLY)
    document = await db.document_as(actor, shapes.NATIONAL_RANKING, wanted, id=search_id)
    if document is None:
        raise NotFound("national.not_found")
    return document


async def national_rankings_page(
    db: Database, actor: Actor, first: int | None = None, after: str | None = None, wanted: Selection | None = None
) -> Document:
    """The searches of the own institution, newest first."""
    actor.require(Permission.RANK_NATIONALLY)
    return await db.page_as(actor, shapes.NATIONAL_RANKINGS, wanted, page_size(first), named_cursor(after))


async def national_recomputation_document(
    db: Database, actor: Actor, recomputation_id: UUID, wanted: Selection | None = None
) -> Document:
    """What came of making a search again."""
    actor.require(Permission.RANK_NATIONALLY)
    document = await db.document_as(actor, shapes.RECOMPUTATION, wanted, id=recomputation_id)
    if document is None:
        raise NotFound("national.recomputation_not_found")
    return document


# ── steps


def _must_reach_the_nation(actor: Actor) -> None:
    """The permission without the reach finds nobody."""
    if not actor.is_national:
        raise actor.refusal(Permission.RANK_NATIONALLY)


async def _rule_set_for(tx: AsyncSession, command: RankNationally, usual: str | None) -> RuleSet:
    if command.rule_set is None:
        if usual is None:
            raise Conflict("national.no_rule_set", level=sentence(f"label.level.{command.level.value}"))
        return rule_sets._read(usual)  # noqa: SLF001 - a service composes another's steps
    code, version = command.rule_set.code, command.rule_set.version
    chosen = await rule_sets._rule_set(tx, code, version)  # noqa: SLF001
    if chosen.level is not command.level:
        level, needed = (sentence(f"label.level.{one.value}") for one in (chosen.level, command.level))
        raise Conflict("national.other_level", rule_set=f"{code}/{version}", level=level, needed=needed)
    return chosen


async def _search_for(
    tx: AsyncSession, rule_set: RuleSet, command: RankNationally, usual: Mapping[str, int] | None
) -> Search:
    """What is not told is as the level, and the policy of succession in force, have it."""
    asked = usual or {} if command.standard is None else command.standard.model_dump()
    post = Post(
        on=command.on,
        level=command.level,
        government_affair=command.government_affair,
        standard=tuple(asked[code] for code in COMPETENCIES),
    )
    boxes = tuple(command.boxes or (await succession_policies._policy(tx)).boxes[Pool.NATIONAL])  # noqa: SLF001
    named = set(command.provinces or PROVINCES)
    provinces = None if named == set(PROVINCES) else tuple(sorted(named))
    search = search_for(rule_set, post, boxes=boxes, provinces=provinces, first=command.first)
    if not search.boxes:
        raise Conflict("national.no_boxes")
    return search


def _row(
    db: Database, actor: Actor, command: RankNationally, rule_set: RuleSet, search: Search, found: Found, seed: bytes
) -> dict[str, Any]:
    """The search as it is kept."""
    people = [Person(one.candidate, one.province_code, one.card_id) for one in found.best]
    answer = answer_of(search, people, seed, search.deciding)
    outcomes = {
        **asdict(found.counted),
        "considered": found.counted.considered,
        "ruled_out_told": told_counts(found.counted.ruled_out),
    }
    asked = {
        "level": search.post.level.value,
        "government_affair": search.post.government_affair,
        "inauguration_on": search.post.on,
        "rule_set_code": rule_set.code,
        "rule_set_version": rule_set.version,
        "standard": list(search.post.standard),
        "boxes": list(search.boxes),
        "provinces": None if search.provinces is None else list(search.provinces),
    }
    return {
        **asked,
        "first": search.first,
        "institution_id": actor.institution_id,
        "id": uuid4(),
        "made_at": db.now(),
        "subject": actor.subject,
        "role": actor.role.value,
        "grounds": command.grounds,
        "question": hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest(),
        "seed": seed,
        "outcomes": outcomes,
        "rules": _rules(search),
        "answer": answer,
        "inputs": {"people": [_frozen(one) for one in people]},
        "digest": digest_of(answer, outcomes),
    }


def _rules(search: Search) -> Json:
    """The requirements and criteria in the words that verdicts and parts are told in, in their order."""
    return {
        "requirements": [
            {
                "requirement": one.code,
                "field": one.field,
                "label": {"id": one.label_id, "en": one.label_en},
                "legalBasis": one.legal_basis,
            }
            for one in search.requirements
        ],
        "criteria": [
            {
                "criterion": one.code,
                "kind": one.kind,
                "label": {"id": one.label_id, "en": one.label_en},
                "weight": one.weight,
            }
            for one in search.criteria
        ],
    }


def _frozen(person: Person) -> Json:
    return {"facts": person.candidate, "provinceCode": person.province_code, "cardId": person.card_id}


def _written(value: object, name: str) -> object:
    """A value as the row has it; facts are written as `facts_of` has them."""
    return orjson.dumps(value, default=str).decode() if name in _JSON else value


def _event(row: Mapping[str, Any], found: Found) -> NationSearched:
    return NationSearched(
        search_id=row["id"],
        grounds=row["grounds"],
        question=row["question"],
        level=row["level"],
        government_affair=row["government_affair"],
        on=row["inauguration_on"].isoformat(),
        rule_set=f"{row['rule_set_code']}/{row['rule_set_version']}",
        boxes=row["boxes"],
        provinces=row["provinces"],
        first=row["first"],
        considered=found.counted.considered,
        eligible=found.counted.eligible,
        to_verify=found.counted.to_verify,
        listed=len(found.best),
        seed=row["seed"].hex(),
        digest=row["digest"],
    )


async def _stored_search(tx: AsyncSession, row: NationalSearchRow) -> Search:
    """What was asked, under the version of the rule set that was used, which never changes."""
    rule_set = await rule_sets._rule_set(tx, row.rule_set_code, row.rule_set_version)  # noqa: SLF001
    post = Post(
        on=row.inauguration_on,
        level=PositionLevel(row.level),
        government_affair=row.government_affair,
        standard=tuple(row.standard),
    )
    provinces = None if row.provinces is None else tuple(row.provinces)
    return search_for(rule_set, post, boxes=tuple(row.boxes), provinces=provinces, first=row.first)


def _stored_people(row: NationalSearchRow) -> Sequence[Person]:
    return [
        Person(candidate_of(one["facts"]), one["provinceCode"], one["cardId"] and UUID(one["cardId"]))
        for one in row.inputs["people"]
    ]


async def _card_of(tx: AsyncSession, search_id: UUID, candidate_id: UUID) -> UUID:
    """The card of somebody on the list of a search of the own institution; `NotFound` where there is none."""
    inputs = await tx.scalar(select(NationalSearchRow.inputs).where(NationalSearchRow.id == search_id))
    cards = {one["facts"]["id"]: one["cardId"] for one in (inputs or {"people": ()})["people"]}
    if (card := cards.get(str(candidate_id))) is None:
        raise NotFound("national.not_listed")
    return UUID(card)
