"""National rankings: the candidates of all institutions for one post, without names, on stated grounds."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.national_candidates import SEED_BYTES, Found, Ranked, find_best
from app.db.shapes.national_rankings import NATIONAL_RANKING
from app.db.tables.placements import RubricRow
from app.domain.actors import Actor, Permission
from app.domain.candidates import Given
from app.domain.careers import PositionLevel
from app.domain.errors import Conflict, Forbidden
from app.domain.evidence import COMPETENCIES
from app.domain.government_affairs import AFFAIRS
from app.domain.national_events import NationSearched
from app.domain.national_search import MOST, POOL_BOXES, Post, Search, search_for
from app.domain.ranking import points_of
from app.domain.rubric_document import DEFAULT_RUBRIC
from app.domain.rule_sets import RuleSet
from app.domain.verdicts import verdict
from app.services import rule_sets
from app.services.contract import Command, Statement, must_be_one_of
from app.services.cycles import Day
from app.services.posts import StandardLevels
from app.services.rule_sets import RuleSetVersion
from app.services.standing import Province

Json = Mapping[str, object]


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
        None, min_length=1, max_length=9, description="Of 7, 8 and 9; those of the rule set's pool unless told."
    )
    provinces: list[Province] | None = Field(
        None, min_length=1, max_length=100, description="Codes of the provinces to search; all of them unless told."
    )
    first: int = Field(20, ge=1, le=MOST)


async def rank_nationally(
    db: Database, actor: Actor, command: RankNationally, wanted: Selection | None = None
) -> Document:
    """The first so many of everybody in a pool of any institution who meets the requirements; recorded.

    Exact: everybody is looked at. Nobody is named; a card tells where one may ask for somebody who consents to that.
    """
    actor.require(Permission.RANK_NATIONALLY)
    if not actor.is_national:  # the permission without the reach
        raise Forbidden("forbidden", role=actor.role.value, permission=Permission.RANK_NATIONALLY.value)
    must_be_one_of(tuple(AFFAIRS), "/governmentAffair", command.government_affair)
    for box in command.boxes or ():
        must_be_one_of([str(one) for one in POOL_BOXES], "/boxes", str(box))
    async with db.write_as(actor) as tx:
        rule_set = await _rule_set_for(tx, command)
        search = _search_for(rule_set, command, await _standard_of(tx, command))
        seed, search_id = secrets.token_bytes(SEED_BYTES), uuid4()
        found = await find_best(tx, search, seed)
        candidates = [_candidate_document(place, one, search) for place, one in enumerate(found.best, start=1)]
        digest = hashlib.sha256(json.dumps(candidates, sort_keys=True).encode()).hexdigest()
        await record(tx, actor, _event(search_id, command, rule_set, search, found, seed, digest))
    document = {
        **_search_document(command, rule_set, search),
        "searchId": str(search_id),
        "eligible": found.eligible,
        "unranked": found.eligible - found.rankable,
        "seed": seed.hex(),
        "digest": digest,
        "candidates": candidates,
    }
    told = await db.document_as(actor, NATIONAL_RANKING, wanted, found=json.dumps(document))
    return told if told is not None else b"null"


# ── steps


async def _rule_set_for(tx: AsyncSession, command: RankNationally) -> RuleSet:
    if command.rule_set is None:
        if (default := await rule_sets._default_rule_set(tx, command.level)) is None:  # noqa: SLF001 - a service composes another's steps
            raise Conflict("national.no_rule_set", level=command.level.value)
        return default
    code, version = command.rule_set.code, command.rule_set.version
    chosen = await rule_sets._rule_set(tx, code, version)  # noqa: SLF001
    if chosen.level is not command.level:
        level, needed = chosen.level.value, command.level.value
        raise Conflict("national.other_level", rule_set=f"{code}/{version}", level=level, needed=needed)
    return chosen


async def _standard_of(tx: AsyncSession, command: RankNationally) -> tuple[int, ...]:
    """What the post asks of the nine competencies, or what the newest default rubric asks of its level."""
    if command.standard is not None:
        return tuple(getattr(command.standard, code) for code in COMPETENCIES)
    levels = RubricRow.document["standards"].op("->")(command.level.value)
    newest = select(levels).where(RubricRow.code == DEFAULT_RUBRIC).order_by(RubricRow.version.desc()).limit(1)
    asked: Mapping[str, int] = await tx.scalar(newest) or {}
    return tuple(asked[code] for code in COMPETENCIES)


def _search_for(rule_set: RuleSet, command: RankNationally, standard: tuple[int, ...]) -> Search:
    post = Post(on=command.on, level=command.level, government_affair=command.government_affair, standard=standard)
    boxes = None if command.boxes is None else tuple(sorted(set(command.boxes)))
    provinces = None if command.provinces is None else tuple(sorted(set(command.provinces)))
    search = search_for(rule_set, post, boxes=boxes, provinces=provinces, first=command.first)
    if not search.boxes:
        raise Conflict("national.no_boxes", rule_set=f"{rule_set.code}/{rule_set.version}")
    return search


def _event(
    search_id: UUID, command: RankNationally, rule_set: RuleSet, search: Search, found: Found, seed: bytes, digest: str
) -> NationSearched:
    return NationSearched(
        search_id=search_id,
        grounds=command.grounds,
        level=command.level.value,
        government_affair=command.government_affair,
        on=command.on.isoformat(),
        rule_set=f"{rule_set.code}/{rule_set.version}",
        boxes=list(search.boxes),
        provinces=None if search.provinces is None else list(search.provinces),
        first=search.first,
        eligible=found.eligible,
        listed=len(found.best),
        seed=seed.hex(),
        digest=digest,
    )


def _search_document(command: RankNationally, rule_set: RuleSet, search: Search) -> Json:
    return {
        "grounds": command.grounds,
        "on": search.post.on.isoformat(),
        "level": search.post.level,
        "governmentAffair": search.post.government_affair,
        "standard": search.post.standard,
        "ruleSet": {"code": rule_set.code, "version": rule_set.version},
        "boxes": search.boxes,
        "provinces": search.provinces,
    }


def _candidate_document(position: int, ranked: Ranked, search: Search) -> Json:
    """Somebody on the list, with what the plain rules say of the same facts."""
    candidate, target = ranked.candidate, search.post.target
    parts = [(one, points_of(one, candidate, target, Given())) for one in search.criteria]
    return {
        "position": position,
        "candidateId": str(candidate.id),
        "cardId": ranked.card_id and str(ranked.card_id),
        "provinceCode": ranked.province_code,
        "level": candidate.level,
        "box": candidate.box,
        "verdicts": [
            {
                "requirement": one.code,
                "field": one.field,
                "label": {"id": one.label_id, "en": one.label_en},
                "legalBasis": one.legal_basis,
                "outcome": verdict(one, candidate, target, Given()).outcome,
            }
            for one in search.requirements
        ],
        "parts": [
            {
                "criterion": one.code,
                "kind": one.kind,
                "label": {"id": one.label_id, "en": one.label_en},
                "weight": one.weight,
                "points": part.points,
            }
            for one, part in parts
        ],
        "total": ranked.total,
        "tieBreak": ranked.tie_break,
    }
