"""Verifications and technical scores: what somebody who saw a document, or held a test, says for one vacancy."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, TypeVar
from uuid import UUID

from pydantic import BeforeValidator, Field
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.candidates import load_candidates
from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes import verifications as shapes
from app.db.tables.candidates import CandidateRow
from app.db.tables.rankings import CandidateVerificationRow, TechnicalScoreRow
from app.db.tables.talents import TalentRow
from app.domain.actors import Actor, Permission
from app.domain.candidates import Candidate, Given, Target
from app.domain.errors import Conflict, Fault, Forbidden, Invalid, NotFound
from app.domain.requirements import Outcome, Requirement
from app.domain.rubric import MILLION
from app.domain.vacancy_events import RequirementVerified, TechnicalScoreGiven
from app.domain.verdicts import verdict
from app.services import rankings, vacancies
from app.services.contract import Command, StorableText, is_storable, must_be_ascii, named_cursor, page_size
from app.services.scopes import scope_of
from app.services.standing import Line

Item = TypeVar("Item")
MOST = 500  # of one body
Score = Annotated[Decimal, BeforeValidator(must_be_ascii)]
Code = Annotated[StorableText, Field(min_length=1, max_length=100)]


class VerifyRequirement(Command):
    """What a document showed about one requirement."""

    is_met: bool
    document: Line = Field(description="What was seen, such as a certificate and its number.")


class CandidateVerification(VerifyRequirement):
    """What a document showed about one requirement of one candidate."""

    candidate_id: UUID = Field(strict=False)
    requirement: Code


class VerifyRequirements(Command):
    """What documents showed about several candidates: all of it is taken, or nothing."""

    verifications: Annotated[list[CandidateVerification], Field(min_length=1, max_length=MOST)]


class GiveTechnicalScore(Command):
    """The result of a technical test or interview."""

    score: Score = Field(ge=0, le=100, max_digits=9, decimal_places=6, strict=False, description="Points, 0–100.")
    source: Line = Field(description="Where it comes from, such as the minutes of the interview.")


class CandidateScore(GiveTechnicalScore):
    """The result of one candidate."""

    candidate_id: UUID = Field(strict=False)


class GiveTechnicalScores(Command):
    """The results of several candidates: all of them are taken, or none."""

    scores: Annotated[list[CandidateScore], Field(min_length=1, max_length=MOST)]


# ── writes


async def verify_requirement(
    db: Database, actor: Actor, vacancy_id: UUID, candidate_id: UUID, requirement: str, command: VerifyRequirement
) -> None:
    """Say whether a document shows that a requirement is met; counts from the next ranking on.

    Refused with `verification.decided` where evidence on record decides, and unless the vacancy is open.
    """
    actor.require(Permission.MANAGE_VACANCIES)
    actor.require(Permission.UNMASK_CANDIDATES)
    item = CandidateVerification.model_construct(
        candidate_id=candidate_id, requirement=requirement, is_met=command.is_met, document=command.document
    )
    async with db.write_as(actor) as tx:
        spoken = await _spoken(tx, actor, vacancy_id, [candidate_id])
        spoken.must_be_open(item)
        await _keep_verifications(tx, db, actor, spoken, [item])


async def verify_requirements(db: Database, actor: Actor, vacancy_id: UUID, command: VerifyRequirements) -> None:
    """Say what documents show about several candidates: all of it is taken, or nothing, with every fault at once."""
    actor.require(Permission.MANAGE_VACANCIES)
    actor.require(Permission.UNMASK_CANDIDATES)
    items = command.verifications
    _must_be_said_once("verifications", [(item.candidate_id, item.requirement) for item in items])
    async with db.write_as(actor) as tx:
        spoken = await _spoken(tx, actor, vacancy_id, {item.candidate_id for item in items})
        _must_all("verifications", items, spoken.must_be_open)
        await _keep_verifications(tx, db, actor, spoken, items)


async def give_technical_score(
    db: Database, actor: Actor, vacancy_id: UUID, candidate_id: UUID, command: GiveTechnicalScore
) -> None:
    """Put the result of a technical test or interview on record, in place of an earlier one.

    Refused unless the vacancy is open; counts from the next ranking on.
    """
    actor.require(Permission.MANAGE_VACANCIES)
    actor.require(Permission.UNMASK_CANDIDATES)
    item = CandidateScore.model_construct(candidate_id=candidate_id, score=command.score, source=command.source)
    async with db.write_as(actor) as tx:
        spoken = await _spoken(tx, actor, vacancy_id, [candidate_id])
        spoken.must_be_known(candidate_id)
        await _keep_scores(tx, db, actor, spoken, [item])


async def give_technical_scores(db: Database, actor: Actor, vacancy_id: UUID, command: GiveTechnicalScores) -> None:
    """Put the results of several candidates on record: all of them, or none, with every fault at once."""
    actor.require(Permission.MANAGE_VACANCIES)
    actor.require(Permission.UNMASK_CANDIDATES)
    items = command.scores
    _must_be_said_once("scores", [(item.candidate_id,) for item in items])
    async with db.write_as(actor) as tx:
        spoken = await _spoken(tx, actor, vacancy_id, {item.candidate_id for item in items})
        _must_all("scores", items, lambda item: spoken.must_be_known(item.candidate_id))
        await _keep_scores(tx, db, actor, spoken, items)


# ── steps


@dataclass(frozen=True, slots=True)
class Spoken:
    """An open vacancy, what it asks, and those who are spoken of, by their opaque ids."""

    vacancy_id: UUID
    requirements: Mapping[str, Requirement]
    target: Target
    people: Mapping[UUID, tuple[UUID, Candidate]]
    """The id of the talent, and the facts on record now."""

    def must_be_known(self, candidate_id: UUID) -> None:
        if candidate_id not in self.people:
            raise NotFound("candidate.not_found")

    def must_be_open(self, item: CandidateVerification) -> None:
        """Refused where there is nothing to verify: the evidence decides, or nothing of the kind is asked."""
        self.must_be_known(item.candidate_id)
        asked = self.requirements.get(item.requirement)
        if asked is None:
            raise NotFound(
                "verification.no_requirement", requirement=item.requirement, known=", ".join(sorted(self.requirements))
            )
        found = verdict(asked, self.people[item.candidate_id][1], self.target, Given())
        if found.outcome is not Outcome.NEEDS_VERIFICATION:
            raise Conflict("verification.decided", requirement=asked.code, found=found.detail)


async def _spoken(tx: AsyncSession, actor: Actor, vacancy_id: UUID, candidate_ids: Collection[UUID]) -> Spoken:
    """Refused with `vacancy.state` unless the vacancy is open; it stands still until the end."""
    vacancy = await vacancies._hold_vacancy(tx, actor, vacancy_id)  # noqa: SLF001 - a service composes another's steps
    asked = await rankings._asked(tx, actor, vacancy)  # noqa: SLF001
    row = CandidateRow
    spoken_of = select(row.talent_id).where(row.institution_id == actor.institution_id, row.id.in_(candidate_ids))
    talents = list(await tx.scalars(spoken_of))
    if await tx.scalar(select(TalentRow.id).where(TalentRow.id.in_(talents), TalentRow.nip == actor.nip)):
        raise Forbidden("verification.oneself")
    found = await load_candidates(tx, actor.institution_id, talents)
    return Spoken(
        vacancy.id,
        {one.code: one for one in asked.rule_set.requirements},
        asked.target,
        {candidate.id: (talent_id, candidate) for talent_id, candidate in found},
    )


def _must_be_said_once(name: str, keys: Sequence[tuple[object, ...]]) -> None:
    """Of two words about the same, nobody would know which counts."""
    again = [n for n, key in enumerate(keys) if key in keys[:n]]
    if again:
        raise Invalid("request.invalid", faults=tuple(Fault("verification.repeated", f"/{name}/{n}") for n in again))


def _must_all(name: str, items: Sequence[Item], check: Callable[[Item], None]) -> None:
    """`Invalid` with a fault for each item that is refused, at its place in the body."""
    faults = []
    for n, item in enumerate(items):
        try:
            check(item)
        except (NotFound, Conflict) as refusal:
            faults.append(Fault(refusal.code, f"/{name}/{n}", refusal.about))
    if faults:
        raise Invalid("request.invalid", faults=tuple(faults))


async def _keep_verifications(
    tx: AsyncSession, db: Database, actor: Actor, spoken: Spoken, items: Sequence[CandidateVerification]
) -> None:
    """The latest word counts; that there was another one, the ledger tells."""
    by = {"verified_at": db.now(), "subject": actor.subject, "role": actor.role.value}
    rows = [
        {
            "institution_id": actor.institution_id,
            "vacancy_id": spoken.vacancy_id,
            "talent_id": spoken.people[item.candidate_id][0],
            "requirement": item.requirement,
            "is_met": item.is_met,
            "document_seen": item.document,
            **by,
        }
        for item in items
    ]
    row = insert(CandidateVerificationRow).values(rows)
    told = {name: row.excluded[name] for name in ("is_met", "document_seen", *by)}
    key = ["institution_id", "vacancy_id", "talent_id", "requirement"]
    await tx.execute(row.on_conflict_do_update(index_elements=key, set_=told))
    for item in items:
        talent_id, _ = spoken.people[item.candidate_id]
        await record(tx, actor, RequirementVerified(spoken.vacancy_id, talent_id, item.requirement))


async def _keep_scores(
    tx: AsyncSession, db: Database, actor: Actor, spoken: Spoken, items: Sequence[CandidateScore]
) -> None:
    by = {"given_at": db.now(), "subject": actor.subject, "role": actor.role.value}
    given = {spoken.people[item.candidate_id][0]: item for item in items}
    held = select(TechnicalScoreRow.talent_id, TechnicalScoreRow.score).where(
        TechnicalScoreRow.vacancy_id == spoken.vacancy_id, TechnicalScoreRow.talent_id.in_(given)
    )
    before = {row.talent_id: row.score for row in await tx.execute(held)}
    rows = [
        {
            "institution_id": actor.institution_id,
            "vacancy_id": spoken.vacancy_id,
            "talent_id": talent_id,
            "score": int(item.score * MILLION),
            "source": item.source,
            **by,
        }
        for talent_id, item in given.items()
    ]
    row = insert(TechnicalScoreRow).values(rows)
    told = {name: row.excluded[name] for name in ("score", "source", *by)}
    key = ["institution_id", "vacancy_id", "talent_id"]
    await tx.execute(row.on_conflict_do_update(index_elements=key, set_=told))
    for talent_id, item in given.items():
        score = int(item.score * MILLION)
        await record(tx, actor, TechnicalScoreGiven(spoken.vacancy_id, talent_id, before.get(talent_id), score))


# ── reads


async def verification_document(
    db: Database,
    actor: Actor,
    vacancy_id: UUID,
    candidate_id: UUID,
    requirement: str,
    wanted: Selection | None = None,
) -> Document:
    """What somebody said about one requirement of a candidate, for a vacancy."""
    actor.require(Permission.READ_CANDIDATES)
    document = None
    if is_storable(requirement):
        asked = {"vacancy_id": vacancy_id, "candidate_id": candidate_id, "requirement": requirement}
        document = await db.document_as(actor, shapes.VERIFICATION, wanted, **asked, **_reach(actor))
    if document is None:
        raise NotFound("verification.not_found")
    return document


async def verifications_page(
    db: Database,
    actor: Actor,
    vacancy_id: UUID,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """The verifications of a vacancy, newest first."""
    actor.require(Permission.READ_CANDIDATES)
    cursor, asked = named_cursor(after), {"vacancy_id": vacancy_id, **_reach(actor)}
    return await db.page_as(actor, shapes.VERIFICATIONS, wanted, page_size(first), cursor, **asked)


async def technical_score_document(
    db: Database, actor: Actor, vacancy_id: UUID, candidate_id: UUID, wanted: Selection | None = None
) -> Document:
    """The technical score of a candidate for a vacancy."""
    actor.require(Permission.READ_CANDIDATES)
    asked = {"vacancy_id": vacancy_id, "candidate_id": candidate_id, **_reach(actor)}
    document = await db.document_as(actor, shapes.TECHNICAL_SCORE, wanted, **asked)
    if document is None:
        raise NotFound("technical_score.not_found")
    return document


async def technical_scores_page(
    db: Database,
    actor: Actor,
    vacancy_id: UUID,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """The technical scores of a vacancy, newest first."""
    actor.require(Permission.READ_CANDIDATES)
    cursor, asked = named_cursor(after), {"vacancy_id": vacancy_id, **_reach(actor)}
    return await db.page_as(actor, shapes.TECHNICAL_SCORES, wanted, page_size(first), cursor, **asked)


async def recorded_document(db: Database, actor: Actor, vacancy_id: UUID, wanted: Selection | None = None) -> Document:
    """How much was put on record for a vacancy."""
    actor.require(Permission.READ_CANDIDATES)
    document = await db.document_as(actor, shapes.RECORDED, wanted, vacancy_id=vacancy_id)
    if document is None:
        raise NotFound("vacancy.not_found")
    return document


def _reach(actor: Actor) -> dict[str, str | None]:
    return scope_of(actor, Permission.READ_CANDIDATES, Permission.READ_CANDIDATES)
