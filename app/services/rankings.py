"""Rankings: everybody on the map put to the rules of a vacancy, frozen with its inputs, and made again as a check."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import data_subjects
from app.db import rankings as stored
from app.db.database import LEGAL_TIME, Database
from app.db.documents import Document, Selection
from app.db.frozen_facts import read_target, write_target
from app.db.ledger import record
from app.db.locks import waiting_shortly
from app.db.rankings import Run
from app.db.shapes import rankings as shapes
from app.db.tables.institutions import InstitutionRow
from app.db.tables.posts import PostRow
from app.db.tables.rankings import RankingRecomputationRow, RankingRow, TechnicalScoreRow
from app.db.tables.vacancies import VacancyRow, VacancyStepRow
from app.domain import ranking, replays
from app.domain import vacancies as life
from app.domain.actors import Actor, Permission
from app.domain.candidates import Target
from app.domain.errors import Conflict, NotFound
from app.domain.replays import Replay, Terms
from app.domain.rule_sets import RuleSet
from app.domain.vacancies import State
from app.domain.vacancy_events import CandidatesRanked, RankingRecomputed
from app.services import imports, posts, programmes, ranking_findings, rule_sets, vacancies
from app.services.contract import named_cursor, page_size

MOST_DIFFERENCES = 100
"""Of a replay, that are told one by one."""


# ── writes


async def rank_candidates(db: Database, actor: Actor, vacancy_id: UUID) -> UUID:
    """Consider everybody on the map for an open vacancy: verdicts, parts, totals and positions, with the facts frozen.

    Who holds a seat of the same post is no candidate for another one of it, and who must not be processed is not on the
    map. Refused with `vacancy.state` unless the vacancy is open, with `ranking.nobody` where the map is empty, with
    `ranking.seniority` where little but seniority would decide, and with `institution.busy` while somebody imports or
    changes posts: everybody is judged by the same state of the facts.
    """
    actor.require(Permission.MANAGE_VACANCIES)
    async with db.write_as(actor) as tx:
        vacancy = await vacancies._hold_vacancy(tx, actor, vacancy_id)  # noqa: SLF001 - a service composes another's steps
        await vacancies._must_not_be_a_candidate(tx, actor, vacancy_id)  # noqa: SLF001
        async with waiting_shortly(tx, "institution.busy"):
            await imports._hold_institution(tx, actor)  # noqa: SLF001
        asked = await _asked(tx, actor, vacancy)
        run = Run(actor.institution_id, uuid4(), vacancy.id, vacancy.post_id, await _terms(tx, vacancy, asked))
        row = await _begin(tx, db, actor, run, asked.rule_set)
        await stored.rank_everybody(tx, run)
        await _finish(tx, actor, run, row, asked.rule_set)
    return run.ranking_id


@dataclass(frozen=True, slots=True)
class Asked:
    """What an open vacancy asks: its rule set, and its post on the day of the inauguration."""

    rule_set: RuleSet
    target: Target


async def _asked(
    tx: AsyncSession, actor: Actor, vacancy: VacancyRow, allowed: Collection[State] = (State.OPEN,)
) -> Asked:
    """Refused with `vacancy.state` unless the vacancy, which is held, is open, or in another of the states allowed."""
    life.must_be_in(State(vacancy.state), allowed)
    if vacancy.rule_set_code is None or vacancy.rule_set_version is None:
        raise NotFound("rule_set.not_found", rule_set="")
    rule_set = await rule_sets._rule_set(tx, vacancy.rule_set_code, vacancy.rule_set_version)  # noqa: SLF001
    target = await posts._target_of(tx, vacancy.post_id, vacancy.inauguration_on)  # noqa: SLF001
    if target is None:
        raise NotFound("post.not_found")
    affairs = await programmes._affairs_of_programmes(tx, actor.institution_id, target.on)  # noqa: SLF001
    return Asked(rule_set, replace(target, affairs_of_programmes=affairs))


async def _terms(tx: AsyncSession, vacancy: VacancyRow, asked: Asked) -> Terms:
    has_scores = await tx.scalar(
        select(TechnicalScoreRow.id).where(TechnicalScoreRow.vacancy_id == vacancy.id).limit(1)
    )
    criteria_in_use = partial(
        ranking.criteria_in_use,
        asked.rule_set,
        has_programmes=bool(asked.target.affairs_of_programmes),
        has_affair=asked.target.government_affair is not None,
    )
    criteria = criteria_in_use(has_technical_scores=has_scores is not None)
    if not ranking.keeps_seniority_small(asked.rule_set, criteria):
        criteria = criteria_in_use(has_technical_scores=True)  # nobody has a position before there are scores
    ranking.must_keep_seniority_small(asked.rule_set, criteria)
    return Terms(asked.target, asked.rule_set.requirements, criteria, vacancy.seed)


async def _begin(tx: AsyncSession, db: Database, actor: Actor, run: Run, rule_set: RuleSet) -> RankingRow:
    """The run as a row that those who are considered can refer to; its counts are not known yet."""
    as_of = await tx.scalar(select(InstitutionRow.as_of).where(InstitutionRow.id == actor.institution_id))
    if as_of is None:
        raise Conflict("ranking.nobody")
    row = RankingRow(
        institution_id=actor.institution_id,
        id=run.ranking_id,
        vacancy_id=run.vacancy_id,
        made_at=db.now(),
        subject=actor.subject,
        role=actor.role.value,
        rule_set_code=rule_set.code,
        rule_set_version=rule_set.version,
        as_of=as_of,
        target=write_target(run.terms.target),
        criteria=[one.code for one in run.terms.criteria],
        requirements=[one.code for one in run.terms.requirements],
        holders=await stored.count_holders(tx, actor.institution_id, run.post_id),
        **dict.fromkeys(("considered", "eligible", "to_verify", "ineligible"), 0),
        findings={},
        digest="",
    )
    tx.add(row)
    await tx.flush()
    return row


async def _finish(tx: AsyncSession, actor: Actor, run: Run, row: RankingRow, rule_set: RuleSet) -> None:
    """Count, find what can be said about the run as a whole, and record it."""
    summed = await stored.sum_up(tx, run.institution_id, run.ranking_id, _heading(row, run.terms))
    if not summed["considered"]:
        raise Conflict("ranking.nobody")
    for name in COUNTS:
        setattr(row, name, summed[name])
    row.findings = await ranking_findings._findings(tx, run, rule_set)  # noqa: SLF001
    row.digest = _sealed(summed["digest"], row)
    await tx.flush()
    event = CandidatesRanked(
        vacancy_id=run.vacancy_id,
        ranking_id=run.ranking_id,
        rule_set=f"{rule_set.code}/{rule_set.version}",
        as_of=row.as_of.isoformat(),
        considered=row.considered,
        eligible=row.eligible,
        to_verify=row.to_verify,
        ineligible=row.ineligible,
        manual_decisions=await data_subjects.count_manual_decisions(tx, actor.institution_id),
        digest=row.digest,
    )
    await record(tx, actor, event)


def _heading(row: RankingRow, terms: Terms) -> bytes:
    """What was the same for everybody, as the digest covers it."""
    return replays.heading(
        ranking=str(row.id),
        vacancy=str(row.vacancy_id),
        rule_set=f"{row.rule_set_code}/{row.rule_set_version}",
        as_of=row.as_of.isoformat(),
        target=write_target(terms.target),
        criteria=row.criteria,
        requirements=row.requirements,
        seed=hashlib.sha256(terms.seed).hexdigest(),
    )


def _sealed(people: str, row: RankingRow) -> str:
    """The digest of the run: of all people, and of the counts and findings as they are stored."""
    counts = {name: getattr(row, name) for name in (*COUNTS, "holders")}
    return replays.sealed(people, findings=row.findings, **counts)


COUNTS = ("considered", "eligible", "to_verify", "ineligible")


# ── again


async def recompute_ranking(db: Database, actor: Actor, ranking_id: UUID) -> UUID:
    """Make a ranking again from its frozen facts by the plain rules, and compare it with what is stored."""
    actor.require(Permission.READ_CANDIDATES)
    async with db.write_as(actor) as tx:
        row = await _ranking(tx, actor, ranking_id)
        terms = await _stored_terms(tx, row)
        replay = Replay(terms)
        async for people in stored.stream_stored(tx, actor.institution_id, ranking_id):
            await asyncio.to_thread(replay.add, people)
        digest = _sealed(replay.finish(_heading(row, terms)), row)
        again = RankingRecomputationRow(
            institution_id=actor.institution_id,
            id=uuid4(),
            ranking_id=ranking_id,
            made_at=db.now(),
            subject=actor.subject,
            role=actor.role.value,
            digest=digest,
            people=len(replay.differences),
            differences=[
                {"candidateId": str(one.candidate_id), "what": list(one.what)}
                for one in replay.differences[:MOST_DIFFERENCES]
            ],
        )
        tx.add(again)
        await tx.flush()
        await record(tx, actor, RankingRecomputed(row.vacancy_id, ranking_id, row.digest, digest, again.people))
    return again.id


async def _ranking(tx: AsyncSession, actor: Actor, ranking_id: UUID) -> RankingRow:
    row = await tx.get(RankingRow, (actor.institution_id, ranking_id))
    if row is None:
        raise NotFound("ranking.not_found")
    return row


async def _is_masked(tx: AsyncSession, actor: Actor, ranking: RankingRow) -> bool:
    """Whether the candidates of a ranking have no names for the actor as yet."""
    if actor.may(Permission.UNMASK_CANDIDATES):
        return False
    is_proposed = exists().where(
        VacancyStepRow.vacancy_id == ranking.vacancy_id, VacancyStepRow.state == State.SHORTLISTED.value
    )
    masked = select(VacancyRow.is_masked & ~is_proposed).where(VacancyRow.id == ranking.vacancy_id)
    return bool(await tx.scalar(masked))


async def _about(tx: AsyncSession, ranking: RankingRow) -> list[tuple[str, str | int]]:
    """What a ranking is of, in words for people."""
    of_post = (PostRow.institution_id == VacancyRow.institution_id) & (PostRow.id == VacancyRow.post_id)
    post = await tx.scalar(select(PostRow.name).join(VacancyRow, of_post).where(VacancyRow.id == ranking.vacancy_id))
    return [
        ("Jabatan", post or ""),
        ("Nomor lowongan", str(ranking.vacancy_id)),
        ("Nomor pemeringkatan", str(ranking.id)),
        ("Aturan", f"{ranking.rule_set_code}/{ranking.rule_set_version}"),
        ("Dibuat pada", f"{ranking.made_at.astimezone(LEGAL_TIME):%d-%m-%Y %H:%M} WIB"),
        ("Fakta per tanggal", f"{ranking.as_of:%d-%m-%Y}"),
        ("Memenuhi syarat", ranking.eligible),
        ("Perlu verifikasi", ranking.to_verify),
        ("Tidak memenuhi syarat", ranking.ineligible),
        ("Sidik hasil (SHA-256)", ranking.digest),
    ]


async def _stored_terms(tx: AsyncSession, row: RankingRow) -> Terms:
    """The terms of a run as they were."""
    rule_set = await rule_sets._rule_set(tx, row.rule_set_code, row.rule_set_version)  # noqa: SLF001
    seed = await tx.scalar(select(VacancyRow.seed).where(VacancyRow.id == row.vacancy_id))
    used = {one.code: one for one in rule_set.criteria}
    asked = {one.code: one for one in rule_set.requirements}
    criteria, requirements = [used[code] for code in row.criteria], [asked[code] for code in row.requirements]
    return Terms(read_target(row.target), requirements, criteria, seed or b"")


# ── reads


async def rankings_page(
    db: Database,
    actor: Actor,
    vacancy_id: UUID,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """The rankings of a vacancy, newest first."""
    actor.require(Permission.READ_CANDIDATES)
    cursor = named_cursor(after)
    return await db.page_as(actor, shapes.RANKINGS, wanted, page_size(first), cursor, vacancy_id=vacancy_id)


async def ranking_document(db: Database, actor: Actor, ranking_id: UUID, wanted: Selection | None = None) -> Document:
    """One ranking: what it asked, how many it found, how firm its order is, and what stands in the way of more."""
    actor.require(Permission.READ_CANDIDATES)
    document = await db.document_as(actor, shapes.RANKING, wanted, id=ranking_id)
    if document is None:
        raise NotFound("ranking.not_found")
    return document


async def recomputation_document(
    db: Database, actor: Actor, recomputation_id: UUID, wanted: Selection | None = None
) -> Document:
    """What came of making a ranking again."""
    actor.require(Permission.READ_CANDIDATES)
    document = await db.document_as(actor, shapes.RECOMPUTATION, wanted, id=recomputation_id)
    if document is None:
        raise NotFound("ranking.recomputation_not_found")
    return document
