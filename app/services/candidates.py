"""Candidates: those in a ranking with where they stand and why, for committees and for the person concerned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import orjson
from pydantic import Field
from sqlalchemy import select

from app.db import rankings as stored
from app.db.database import LEGAL_TIME, Database
from app.db.documents import Document, Selection
from app.db.said_of_candidates import load_words_of
from app.db.shapes import candidates as shapes
from app.db.tables.rankings import RankingCandidateRow, RankingRow
from app.db.tables.talents import TalentRow
from app.domain.actors import Actor, Permission, Role
from app.domain.counterfactuals import Way, way_to_eligibility, way_to_first
from app.domain.errors import Fault, Invalid, NotFound
from app.domain.fact_words import label
from app.domain.levers import Case
from app.domain.masks import hidden_from, topic_of
from app.domain.messages import Sentence, day_in_words, sentence
from app.domain.purposes import purpose_within
from app.domain.ranking import points_of
from app.domain.replays import Standing
from app.domain.verdicts import Finding
from app.services import rankings
from app.services.contract import Command, StorableText, is_storable, named_cursor, page_size, place_cursor
from app.services.scopes import own_scope, scope_of


class RankedCandidateFilter(Command):
    """Which of those in a ranking to list; what is not given does not restrict."""

    outcome: Standing | None = Field(None, strict=False)
    requirement: StorableText | None = Field(
        None, max_length=100, description="Code of a requirement that is not met or to be verified."
    )


async def ranked_candidates_page(
    db: Database,
    actor: Actor,
    ranking_id: UUID,
    chosen: RankedCandidateFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """Those in a ranking: by position, then eligible without one, to be verified, ineligible.

    Without names as long as the vacancy is masked, but for who verifies documents. What somebody may not know about
    is nothing that they can filter by.
    """
    actor.require(Permission.READ_CANDIDATES)
    asked = (chosen or RankedCandidateFilter()).model_dump(exclude_none=True)
    if "requirement" in asked:
        await _must_be_told(db, actor, ranking_id, asked["requirement"])
    conditions = {
        "ranking_id": ranking_id,
        **asked,
        **scope_of(actor, Permission.READ_CANDIDATES, Permission.READ_CANDIDATES),
    }
    return await db.page_as(
        actor, shapes.RANKED_CANDIDATES, wanted, page_size(first), place_cursor(after), **conditions
    )


async def _must_be_told(db: Database, actor: Actor, ranking_id: UUID, code: str) -> None:
    """Refused unless a requirement of the ranking has the code, and the actor may know how people meet it."""
    async with db.read_as(actor) as tx:
        ranking = await tx.get(RankingRow, (actor.institution_id, ranking_id))
        if ranking is None:
            return  # as the page says
        hidden = hidden_from(actor.permissions, is_masked=await rankings._is_masked(tx, actor, ranking))  # noqa: SLF001
        terms = await rankings._stored_terms(tx, ranking)  # noqa: SLF001 - a service composes another's steps
    told = [one.code for one in terms.requirements if topic_of(one) not in hidden]
    if code not in told:
        about = {"requirement": code, "told": ", ".join(told)}
        raise Invalid("request.invalid", faults=(Fault("ranking.requirement_not_told", "requirement", about),))


async def candidate_explanation_document(
    db: Database, actor: Actor, ranking_id: UUID, candidate_id: UUID, wanted: Selection | None = None
) -> Document:
    """Why somebody stands where they stand: verdicts, parts, and what would have to change.

    The rules are put once more to the frozen facts of this one person, in a transaction of its own: what they say
    becomes part of the one statement that reads the document. A look at somebody who has a name leaves a receipt.
    """
    actor.require(Permission.READ_CANDIDATES)
    explained = await _explain(db, actor, ranking_id, candidate_id)
    asked = {"ranking_id": ranking_id, "candidate_id": candidate_id, "explained": explained}
    asked |= scope_of(actor, Permission.READ_CANDIDATES, Permission.READ_CANDIDATES)
    document = None
    if not actor.may(Permission.UNMASK_CANDIDATES):
        document = await db.document_as(actor, shapes.EXPLANATION, wanted, masked=True, **asked)
    if document is None:
        purpose = purpose_within(actor.role, actor.purpose)
        document = await db.view_as(actor, purpose, shapes.EXPLANATION, wanted, **asked)
    if document is None:
        raise NotFound("candidate.not_considered")
    return document


# ── for the person concerned


class TalentRankingFilter(Command):
    """Which of the rankings that somebody was considered in; what is not given does not restrict."""

    outcome: Standing | None = Field(None, strict=False)


async def talent_rankings_page(
    db: Database,
    actor: Actor,
    nip: str,
    chosen: TalentRankingFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """Where a talent stood in rankings of vacancies, and what came of them, newest first; talents see their own.

    From the decree on; of a vacancy that was cancelled, who was found eligible reads why. Where nobody had been
    proposed, names were never told: then others read nothing of somebody, but for who verifies documents.
    """
    actor.require(Permission.READ_OWN_CAREER, Permission.READ_CANDIDATES)
    if not is_storable(nip):
        raise NotFound("talent.not_found")
    actor = _as_oneself(actor, nip)
    asked = (chosen or TalentRankingFilter()).model_dump(exclude_none=True)
    conditions = {
        "nip": nip,
        "public": True,
        **asked,
        **_unless_masked(actor),
        **scope_of(actor, Permission.READ_CANDIDATES, Permission.READ_CANDIDATES),
    }
    return await db.page_as(actor, shapes.TALENT_RANKINGS, wanted, page_size(first), named_cursor(after), **conditions)


async def talent_ranking_document(
    db: Database, actor: Actor, nip: str, ranking_id: UUID, wanted: Selection | None = None
) -> Document:
    """Why a talent stands where they stand in a ranking of a vacancy whose outcome is public, and nobody else.

    As `candidate_explanation_document`: the rules are put to one person's frozen facts first.
    """
    actor.require(Permission.READ_OWN_CAREER, Permission.READ_CANDIDATES)
    if not is_storable(nip):
        raise NotFound("talent.not_found")
    actor = _as_oneself(actor, nip)
    candidate_id = await _find_candidate(db, actor, nip, ranking_id)
    asked = {"ranking_id": ranking_id, "nip": nip, "public": True, **_unless_masked(actor)}
    asked |= scope_of(actor, Permission.READ_CANDIDATES, Permission.READ_CANDIDATES)
    document = None
    if candidate_id is not None:
        explained = await _explain(db, actor, ranking_id, candidate_id)
        purpose = purpose_within(actor.role, actor.purpose)
        document = await db.view_as(actor, purpose, shapes.OWN_EXPLANATION, wanted, explained=explained, **asked)
    if document is None:
        raise NotFound("candidate.not_considered")
    return document


def _unless_masked(actor: Actor) -> dict[str, str | None]:
    """Of a vacancy that was cancelled before a shortlist others than who unmasks are told of themselves alone."""
    return {} if actor.may(Permission.UNMASK_CANDIDATES) else {"masked_but": own_scope(actor)["own_nip"]}


async def _find_candidate(db: Database, actor: Actor, nip: str, ranking_id: UUID) -> UUID | None:
    row = RankingCandidateRow
    of_talent = (TalentRow.institution_id == row.institution_id) & (TalentRow.id == row.talent_id)
    async with db.read_as(actor) as tx:
        return await tx.scalar(
            select(row.candidate_id)
            .join(TalentRow, of_talent)
            .where(row.ranking_id == ranking_id, TalentRow.nip == nip)
        )


# ── steps


async def _explain(db: Database, actor: Actor, ranking_id: UUID, candidate_id: UUID) -> str:
    """What the rules say about the frozen facts of one person, as JSON for the statement that reads the document."""
    async with db.read_as(actor) as tx:
        row = await tx.get(RankingRow, (actor.institution_id, ranking_id))
        kept = await stored.find_stored(tx, actor.institution_id, ranking_id, candidate_id)
        if row is None or kept is None or kept.inputs is None:
            raise NotFound("candidate.not_considered")
        terms = await rankings._stored_terms(tx, row)  # noqa: SLF001 - a service composes another's steps
        first = await stored.find_first(tx, actor.institution_id, ranking_id)
        seen = await load_words_of(tx, actor.institution_id, ranking_id, candidate_id)
    case = Case(terms, *kept.inputs)
    ways = {"eligible": way_to_eligibility(case), "first": way_to_first(case, first)}
    told = {name: _way(case, way) for name, way in ways.items()}
    return orjson.dumps({**_found(case, seen), **told}).decode()


def _way(case: Case, way: Way) -> dict[str, object]:
    """A counterfactual, and which topics and kinds it touches."""
    topics = {one.code: topic_of(one).value for one in case.terms.requirements}
    return {
        "isReached": way.is_reached,
        "items": [{"about": str(item.about), "detail": item.detail} for item in way.items],
        "blocked": list(way.blocked),
        "total": way.total,
        "touches": [
            *(str(word) for item in way.items for word in item.touches or (item.about,)),
            *(topics[code] for code in way.blocked),
        ],
    }


def _found(case: Case, seen: Mapping[str, tuple[datetime, str]]) -> dict[str, object]:
    """What each requirement and each criterion found."""
    terms, candidate, given = case.terms, case.candidate, case.given
    findings = [finding for _, finding in case.findings]
    parts = [points_of(one, candidate, terms.target, given) for one in terms.criteria]
    return {
        "verdicts": [
            {
                "found": _seen(found, seen),
                "missing": [sentence(code) for code in found.missing],
                "metOn": None if found.met_on is None else found.met_on.isoformat(),
                "isVerified": found.is_verified,
            }
            for found in findings
        ],
        "parts": [
            {
                "because": part.detail,
                "found": part.numerator,
                "whole": part.denominator,
                "lowest": part.lowest,
                "highest": part.highest,
            }
            for part in parts
        ],
    }


def _seen(found: Finding, seen: Mapping[str, tuple[datetime, str]]) -> Sentence:
    """What was found, and of what a document showed when it was seen and by which role: no free text."""
    if not found.is_verified or found.code not in seen:
        return found.detail
    at, role = seen[found.code]
    day = day_in_words(at.astimezone(LEGAL_TIME).date())
    return sentence("fact.seen_on", found=found.detail, day=day, role=label("role", role))


def _as_oneself(actor: Actor, nip: str) -> Actor:
    """Who asks about themselves sees all of it, whatever little they may see of others."""
    is_oneself = actor.nip == nip and actor.may(Permission.READ_OWN_CAREER)
    return replace(actor, role=Role.TALENT, other_roles=frozenset()) if is_oneself else actor
