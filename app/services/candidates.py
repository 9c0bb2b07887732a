"""Candidates: those in a ranking with where they stand and why, for committees and for the person concerned."""

from __future__ import annotations

from uuid import UUID

import orjson
from pydantic import Field
from sqlalchemy import select

from app.db import rankings as stored
from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.shapes import candidates as shapes
from app.db.tables.rankings import RankingCandidateRow, RankingRow
from app.db.tables.talents import TalentRow
from app.domain.actors import Actor, Permission
from app.domain.counterfactuals import Case, Way, way_to_eligibility, way_to_first
from app.domain.errors import NotFound
from app.domain.messages import sentence
from app.domain.purposes import purpose_within
from app.domain.ranking import points_of
from app.domain.replays import Standing
from app.services import rankings
from app.services.contract import Command, StorableText, is_storable, named_cursor, page_size, place_cursor
from app.services.scopes import scope_of


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

    Without names as long as the vacancy is masked, but for who verifies documents. What rests on sanctions and
    assessments is nothing to filter by.
    """
    actor.require(Permission.READ_CANDIDATES)
    asked = (chosen or RankedCandidateFilter()).model_dump(exclude_none=True)
    conditions = {
        "ranking_id": ranking_id,
        **asked,
        **scope_of(actor, Permission.READ_CANDIDATES, Permission.READ_CANDIDATES),
    }
    return await db.page_as(
        actor, shapes.RANKED_CANDIDATES, wanted, page_size(first), place_cursor(after), **conditions
    )


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
    """Where a talent stood in rankings of vacancies that are decided by now, newest first; talents see their own."""
    actor.require(Permission.READ_OWN_CAREER, Permission.READ_CANDIDATES)
    if not is_storable(nip):
        raise NotFound("talent.not_found")
    asked = (chosen or TalentRankingFilter()).model_dump(exclude_none=True)
    conditions = {
        "nip": nip,
        "decided": True,
        **asked,
        **scope_of(actor, Permission.READ_CANDIDATES, Permission.READ_CANDIDATES),
    }
    return await db.page_as(actor, shapes.TALENT_RANKINGS, wanted, page_size(first), named_cursor(after), **conditions)


async def talent_ranking_document(
    db: Database, actor: Actor, nip: str, ranking_id: UUID, wanted: Selection | None = None
) -> Document:
    """Why a talent stands where they stand in a ranking of a vacancy that is decided, and nobody else.

    As `candidate_explanation_document`: the rules are put to one person's frozen facts first.
    """
    actor.require(Permission.READ_OWN_CAREER, Permission.READ_CANDIDATES)
    if not is_storable(nip):
        raise NotFound("talent.not_found")
    candidate_id = await _find_candidate(db, actor, nip, ranking_id)
    asked = {"ranking_id": ranking_id, "nip": nip, "decided": True}
    asked |= scope_of(actor, Permission.READ_CANDIDATES, Permission.READ_CANDIDATES)
    document = None
    if candidate_id is not None:
        explained = await _explain(db, actor, ranking_id, candidate_id)
        purpose = purpose_within(actor.role, actor.purpose)
        document = await db.view_as(actor, purpose, shapes.OWN_EXPLANATION, wanted, explained=explained, **asked)
    if document is None:
        raise NotFound("candidate.not_considered")
    return document


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
    case = Case(terms, *kept.inputs)
    ways = {"eligible": way_to_eligibility(case), "first": way_to_first(case, first)}
    told = {name: _way(case, way) for name, way in ways.items()}
    return orjson.dumps({**_found(case), **told}).decode()


def _way(case: Case, way: Way) -> dict[str, object]:
    """A counterfactual, and which fields and kinds it touches."""
    fields = {one.code: one.field.value for one in case.terms.requirements}
    return {
        "isReached": way.is_reached,
        "items": [{"about": str(item.about), "detail": item.detail} for item in way.items],
        "blocked": list(way.blocked),
        "total": way.total,
        "touches": [*(str(item.about) for item in way.items), *(fields[code] for code in way.blocked)],
    }


def _found(case: Case) -> dict[str, object]:
    """What each requirement and each criterion found."""
    terms, candidate, given = case.terms, case.candidate, case.given
    findings = [finding for _, finding in case.findings]
    parts = [points_of(one, candidate, terms.target, given) for one in terms.criteria]
    return {
        "verdicts": [
            {
                "found": found.detail,
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
