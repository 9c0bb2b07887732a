"""Verifications and technical scores: what somebody who saw a document, or held a test, says for one vacancy."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Annotated, TypeVar
from uuid import UUID

from pydantic import BeforeValidator, Field
from sqlalchemy import func, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.candidates import load_candidates
from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.rankings import find_ruled_out, find_talents
from app.db.said_of_candidates import Speaker, add_scores, add_words
from app.db.shapes import verifications as shapes
from app.db.tables.rankings import CandidateVerificationRow, RankingRow, TechnicalScoreRow
from app.db.tables.shortlists import ShortlistEntryRow
from app.db.tables.talents import TalentRow
from app.domain.actors import Actor, Permission
from app.domain.candidates import Candidate, Given, Target
from app.domain.errors import Conflict, Fault, Forbidden, NotFound, refuse
from app.domain.requirements import Outcome, Requirement
from app.domain.rubric import MILLION
from app.domain.vacancies import VERIFIABLE, State
from app.domain.vacancy_events import (
    RequirementsVerified,
    RequirementVerified,
    TechnicalScoreGiven,
    TechnicalScoresGiven,
)
from app.domain.verdicts import verdict
from app.services import rankings, vacancies
from app.services.contract import Command, StorableText, is_storable, must_be_decimal, named_cursor, page_size
from app.services.scopes import scope_of
from app.services.standing import Line

Item = TypeVar("Item")
MOST = 500  # of one body
Score = Annotated[Decimal, BeforeValidator(must_be_decimal)]
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
    """Say whether a document shows that a requirement is met; counts from the next ranking, or the next step, on.

    Refused with `verification.decided` where evidence on record decides. Of those proposed it can be said until the
    inauguration, of others while the vacancy is open.
    """
    actor.require(Permission.MANAGE_VACANCIES)
    actor.require(Permission.UNMASK_CANDIDATES)
    item = CandidateVerification.model_construct(
        candidate_id=candidate_id, requirement=requirement, is_met=command.is_met, document=command.document
    )
    async with db.write_as(actor) as tx:
        spoken = await _spoken(tx, actor, vacancy_id, [candidate_id], VERIFIABLE)
        spoken.must_be_open(item)
        await _keep_verifications(tx, db, actor, spoken, [item])
        await record(tx, actor, RequirementVerified(vacancy_id, candidate_id, requirement))


async def verify_requirements(db: Database, actor: Actor, vacancy_id: UUID, command: VerifyRequirements) -> None:
    """Say what documents show about several candidates: all of it is taken, or nothing, with every fault at once."""
    actor.require(Permission.MANAGE_VACANCIES)
    actor.require(Permission.UNMASK_CANDIDATES)
    items = command.verifications
    async with db.write_as(actor) as tx:
        spoken = await _spoken(tx, actor, vacancy_id, {item.candidate_id for item in items}, VERIFIABLE)
        _must_all("verifications", items, spoken.must_be_open, lambda item: (item.candidate_id, item.requirement))
        await _keep_verifications(tx, db, actor, spoken, items)
        lines = "\n".join(sorted(f"{item.candidate_id} {item.requirement}" for item in items))
        told = sha256(lines.encode()).hexdigest()
        await record(tx, actor, RequirementsVerified(vacancy_id, len(items), told))


async def give_technical_score(
    db: Database, actor: Actor, vacancy_id: UUID, candidate_id: UUID, command: GiveTechnicalScore
) -> None:
    """Put the result of a technical test or interview on record; an earlier one stays, and counts no longer.

    Refused unless the vacancy is open, and for whom the newest ranking ruled out; counts from the next ranking on.
    """
    actor.require(Permission.MANAGE_VACANCIES)
    actor.require(Permission.UNMASK_CANDIDATES)
    item = CandidateScore.model_construct(candidate_id=candidate_id, score=command.score, source=command.source)
    async with db.write_as(actor) as tx:
        spoken = await _spoken(tx, actor, vacancy_id, [candidate_id])
        spoken.must_be_in_the_running(item)
        await _keep_scores(tx, db, actor, spoken, [item])
        version = await _newest_version(tx, spoken, candidate_id)
        await record(tx, actor, TechnicalScoreGiven(vacancy_id, candidate_id, version))


async def give_technical_scores(db: Database, actor: Actor, vacancy_id: UUID, command: GiveTechnicalScores) -> None:
    """Put the results of several candidates on record: all of them, or none, with every fault at once."""
    actor.require(Permission.MANAGE_VACANCIES)
    actor.require(Permission.UNMASK_CANDIDATES)
    items = command.scores
    async with db.write_as(actor) as tx:
        spoken = await _spoken(tx, actor, vacancy_id, {item.candidate_id for item in items})
        _must_all("scores", items, spoken.must_be_in_the_running, lambda item: item.candidate_id)
        await _keep_scores(tx, db, actor, spoken, items)
        lines = "\n".join(sorted(f"{item.candidate_id} {_millionths(item)}" for item in items))
        told = hmac.new(spoken.seed, lines.encode(), sha256).hexdigest()
        await record(tx, actor, TechnicalScoresGiven(vacancy_id, len(items), told))


# ── steps


@dataclass(frozen=True, slots=True)
class Spoken:
    """A vacancy, what it asks, and those who are spoken of, by their ids in it."""

    vacancy_id: UUID
    seed: bytes
    requirements: Mapping[str, Requirement]
    target: Target
    people: Mapping[UUID, tuple[UUID, Candidate]]
    """The id of the talent, and the facts on record now."""
    proposed: frozenset[UUID] | None
    """Of whom alone documents still matter; None as long as nobody was proposed."""
    ruled_out: frozenset[UUID]
    """Those of them whom the newest ranking found ineligible."""

    def must_be_known(self, candidate_id: UUID) -> None:
        if candidate_id not in self.people:
            raise NotFound("candidate.not_found")

    def must_be_in_the_running(self, item: CandidateScore) -> None:
        """One score makes the criterion count for everybody: refused for whom no score can help."""
        self.must_be_known(item.candidate_id)
        if item.candidate_id in self.ruled_out:
            raise Conflict("technical_score.ruled_out")

    def must_be_open(self, item: CandidateVerification) -> None:
        """Refused where there is nothing to verify: the evidence decides, or nothing of the kind is asked.

        Once some are proposed, nothing that a document shows of others leads anywhere.
        """
        self.must_be_known(item.candidate_id)
        if self.proposed is not None and item.candidate_id not in self.proposed:
            raise Conflict("verification.not_proposed")
        asked = self.requirements.get(item.requirement)
        if asked is None:
            raise NotFound(
                "verification.no_requirement", requirement=item.requirement, known=", ".join(sorted(self.requirements))
            )
        found = verdict(asked, self.people[item.candidate_id][1], self.target, Given())
        if found.outcome is not Outcome.NEEDS_VERIFICATION:
            raise Conflict("verification.decided", requirement=asked.code, found=found.detail)


async def _spoken(
    tx: AsyncSession,
    actor: Actor,
    vacancy_id: UUID,
    candidate_ids: Collection[UUID],
    allowed: Collection[State] = (State.OPEN,),
) -> Spoken:
    """Refused with `vacancy.state` unless in a state allowed, where it stands still until the end, and for rivals."""
    vacancy = await vacancies._hold_vacancy(tx, actor, vacancy_id)  # noqa: SLF001 - a service composes another's steps
    asked = await rankings._asked(tx, actor, vacancy, allowed)  # noqa: SLF001
    talents = await find_talents(tx, actor.institution_id, vacancy.id, candidate_ids)
    if await tx.scalar(select(TalentRow.id).where(TalentRow.id.in_(talents), TalentRow.nip == actor.nip)):
        raise Forbidden("verification.oneself")
    await vacancies._must_not_be_a_candidate(tx, actor, vacancy_id)  # noqa: SLF001
    found = await load_candidates(tx, actor.institution_id, list(talents))
    return Spoken(
        vacancy.id,
        vacancy.seed,
        {one.code: one for one in asked.rule_set.requirements},
        asked.target,
        {talents[talent_id]: (talent_id, candidate) for talent_id, candidate in found},
        None if State(vacancy.state) is State.OPEN else await _proposed(tx, vacancy_id),
        await find_ruled_out(tx, actor.institution_id, vacancy_id, candidate_ids),
    )


async def _proposed(tx: AsyncSession, vacancy_id: UUID) -> frozenset[UUID]:
    """Those on the shortlist, by their ids in the vacancy."""
    row = ShortlistEntryRow
    places = select(row.candidate_id).where(row.vacancy_id == vacancy_id, row.place.is_not(None))
    return frozenset(await tx.scalars(places))


def _must_all(
    name: str, items: Sequence[Item], check: Callable[[Item], None], about: Callable[[Item], Hashable]
) -> None:
    """`Invalid` with a fault for each item that is refused, at its place in the body.

    Of two words `about` the same nobody would know which counts.
    """
    faults, seen = [], set()
    for n, item in enumerate(items):
        if about(item) in seen:
            faults.append(Fault("verification.repeated", f"/{name}/{n}"))
            continue
        seen.add(about(item))
        try:
            check(item)
        except (NotFound, Conflict) as refusal:
            faults.append(Fault(refusal.code, f"/{name}/{n}", refusal.about))
    if faults:
        refuse(*faults)


async def _keep_verifications(
    tx: AsyncSession, db: Database, actor: Actor, spoken: Spoken, items: Sequence[CandidateVerification]
) -> None:
    """The latest word counts; all stay."""
    said = {(spoken.people[item.candidate_id][0], item.requirement): (item.is_met, item.document) for item in items}
    await add_words(tx, _speaker(db, actor, spoken), said)


async def _keep_scores(
    tx: AsyncSession, db: Database, actor: Actor, spoken: Spoken, items: Sequence[CandidateScore]
) -> None:
    """The latest score counts; all stay."""
    given = {spoken.people[item.candidate_id][0]: (_millionths(item), item.source) for item in items}
    await add_scores(tx, _speaker(db, actor, spoken), given)


def _speaker(db: Database, actor: Actor, spoken: Spoken) -> Speaker:
    return Speaker(actor.institution_id, spoken.vacancy_id, db.now(), actor.subject, actor.role.value)


def _millionths(item: GiveTechnicalScore) -> int:
    return int(item.score * MILLION)


async def _newest_version(tx: AsyncSession, spoken: Spoken, candidate_id: UUID) -> int:
    """Of the score that counts."""
    row = TechnicalScoreRow
    of_them = (row.vacancy_id == spoken.vacancy_id) & (row.talent_id == spoken.people[candidate_id][0])
    return (await tx.scalars(select(func.max(row.version)).where(of_them))).one()


async def _who_had_a_hand(tx: AsyncSession, vacancy_id: UUID) -> frozenset[str]:
    """The subjects of those who ranked for a vacancy, verified documents for it or gave scores."""
    rows = (RankingRow, CandidateVerificationRow, TechnicalScoreRow)
    subjects = await tx.scalars(union(*(select(row.subject).where(row.vacancy_id == vacancy_id) for row in rows)))
    return frozenset(subjects)


# ── reads


async def verification_document(
    db: Database,
    actor: Actor,
    vacancy_id: UUID,
    candidate_id: UUID,
    requirement: str,
    wanted: Selection | None = None,
) -> Document:
    """What somebody said last about one requirement of a candidate, for a vacancy, and what was said before."""
    actor.require(Permission.READ_CANDIDATES)
    document = None
    if is_storable(requirement):
        asked = {"vacancy_id": vacancy_id, "candidate_id": candidate_id, "requirement": requirement, "latest": True}
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
    """The verifications of a vacancy that count, newest first, each with what was said before."""
    actor.require(Permission.READ_CANDIDATES)
    cursor, asked = named_cursor(after), {"vacancy_id": vacancy_id, "latest": True, **_reach(actor)}
    return await db.page_as(actor, shapes.VERIFICATIONS, wanted, page_size(first), cursor, **asked)


async def technical_score_document(
    db: Database, actor: Actor, vacancy_id: UUID, candidate_id: UUID, wanted: Selection | None = None
) -> Document:
    """The technical score of a candidate for a vacancy that counts, and those before."""
    actor.require(Permission.READ_CANDIDATES)
    asked = {"vacancy_id": vacancy_id, "candidate_id": candidate_id, "latest": True, **_reach(actor)}
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
    """The technical scores of a vacancy that count, newest first, each with those before."""
    actor.require(Permission.READ_CANDIDATES)
    cursor, asked = named_cursor(after), {"vacancy_id": vacancy_id, "latest": True, **_reach(actor)}
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
