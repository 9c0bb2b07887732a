"""Succession plans: who follows in a post and how soon, as it is computed by its rule set, and as a committee sets it.

The calculation reasons in Python over a bounded set, the confirmed members of the pool and those who are named, because
readiness asks each requirement about a later day as well; what it finds is stored with the plan, and read from there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Annotated
from uuid import UUID

import asyncpg
from pydantic import Field
from sqlalchemy import Select, Uuid, and_, bindparam, delete, insert, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.candidates import load_candidates
from app.db.data_subjects import RESTRICTED
from app.db.database import Database, fetch_rows
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes import succession_plans as shapes
from app.db.shapes.bench_strength import AVAILABILITY, BENCH_STRENGTH, SUCCESSORS, is_current
from app.db.shapes.judged import FACTS, asked_of_post
from app.db.shapes.merit_readiness import MERIT_READINESS
from app.db.tables.posts import PostRow
from app.db.tables.succession import SuccessionPlanRow, SuccessorRow
from app.domain import pools, succession, verdicts
from app.domain.actors import Actor, Permission
from app.domain.candidates import Candidate, Given, Target
from app.domain.careers import PositionLevel
from app.domain.errors import Conflict, Fault, NotFound, refuse
from app.domain.revisions import ABSENT, Expected, must_be_unchanged
from app.domain.rule_sets import RuleSet
from app.domain.succession import Finding, Policy, Readiness
from app.domain.succession_events import SuccessionPlanCalculated, SuccessionPlanEdited
from app.services import posts, rule_sets, succession_policies
from app.services.contract import Command, Comment, StorableText, named_cursor, page_size
from app.services.pools import Nip
from app.services.standing import Lines

MOST_SUCCESSORS = 50


class NameSuccessor(Command):
    """Somebody who is to follow; a reason is needed outside the confirmed pool, and for another readiness."""

    nip: Nip
    readiness: Readiness | None = Field(None, strict=False, description="As computed, unless it is said.")
    reason: Comment | None = None


class EditSuccessionPlan(Command):
    """The whole plan of a post: its successors, of one readiness in the order in which they are wanted."""

    note: Lines | None = None
    successors: Annotated[list[NameSuccessor], Field(max_length=MOST_SUCCESSORS)]


class SuccessionPlanFilter(Command):
    """Which plans to list; what is not given does not restrict."""

    unit: StorableText | None = Field(None, max_length=100, description="Id of a unit; those below it are included.")
    level: PositionLevel | None = Field(None, strict=False)
    watched: bool | None = Field(None, description="Whether the post is a target or a critical one.")


@dataclass(frozen=True, slots=True)
class _Calculation:
    """Who was considered and what was found, with the rules that it was found by."""

    rule_set: RuleSet
    policy: Policy
    as_of: date
    members: frozenset[UUID]
    """Talents who are confirmed in the pool of the institution, and whose term runs."""
    found: Mapping[UUID, Finding]
    """By talent: those members and the named."""
    judged_post: str
    """The digest of what the post asks."""
    judged_facts: Mapping[UUID, str]
    """By talent, of whom anything is on record: the digest of the facts."""


# ── writes


async def edit_succession_plan(
    db: Database, actor: Actor, post_id: UUID, command: EditSuccessionPlan, *, expected: Expected | None = None
) -> UUID:
    """Make the plan of a post or replace what it says, and calculate it; refused with everything that is wrong."""
    actor.require(Permission.MANAGE_SUCCESSION, Permission.CONFIRM_POOLS)
    async with db.write_as(actor) as tx:
        plan = await _hold_plan(tx, actor, post_id)
        must_be_unchanged(expected, ABSENT if plan is None else plan.revision)
        people = await _people(tx, actor, post_id, [one.nip for one in command.successors])
        _must_be_possible(actor, command, people)
        named = [people[one.nip] for one in command.successors]
        calculation = await _calculate(tx, actor, post_id, [one["talent_id"] for one in named], db.today())
        _must_be_reasoned(command, named, calculation)
        edited = {"note": command.note, "edited_at": db.now(), "edited_by": actor.subject}
        if plan is None:
            plan = SuccessionPlanRow(institution_id=actor.institution_id, post_id=post_id)
            tx.add(plan)
        _keep(plan, edited | _told(db, calculation))
        await tx.flush()
        rows = _rows(actor, post_id, calculation)
        for place, (said, person) in enumerate(zip(command.successors, named, strict=True)):
            row = next(one for one in rows if one["talent_id"] == person["talent_id"])
            chosen = None if said.readiness is None else said.readiness.value
            differs = chosen if chosen != row["readiness"] else None
            row |= {"is_named": True, "ordinal": place + 1, "set_readiness": differs, "reason": said.reason}
        await _replace(tx, actor, post_id, rows)
        reasoned = sum(one.reason is not None for one in command.successors)
        await record(tx, actor, SuccessionPlanEdited(post_id, len(named), reasoned))
        await record(tx, actor, _event(post_id, calculation))
    return post_id


async def calculate_succession_plan(db: Database, actor: Actor, post_id: UUID) -> UUID:
    """Find out anew how ready everybody is, by today's facts and rules; what the committee said stays."""
    actor.require(Permission.MANAGE_SUCCESSION, Permission.CONFIRM_POOLS)
    async with db.write_as(actor) as tx:
        plan = await _hold_plan(tx, actor, post_id)
        if plan is None:
            raise NotFound("plan.not_found")
        await _calculate_anew(tx, db, actor, plan)
    return post_id


async def calculate_succession_plans(db: Database, actor: Actor) -> int:
    """Calculate every plan of which something is out of date, each by itself; how many that were.

    Safe to repeat. Where there are no rules for the level of a post any more its plan stays as it is, and out of date.
    """
    actor.require(Permission.MANAGE_SUCCESSION, Permission.CONFIRM_POOLS)
    async with db.read_as(actor) as tx:
        policy = await succession_policies._policy(tx)  # noqa: SLF001 - a service composes another's steps
        by_policy = (db.today(), policy.code.value, policy.version)
        others = [row["post_id"] for row in await fetch_rows(tx, INCOMPLETE, actor.institution_id, *by_policy)]
        outdated = sorted({*await tx.scalars(OUTDATED), *others})
    calculated = 0
    for post_id in outdated:
        with suppress(NotFound, Conflict):
            await calculate_succession_plan(db, actor, post_id)
            calculated += 1
    return calculated


OUTDATED = (
    select(SuccessorRow.post_id)
    .select_from(SUCCESSORS)
    .where(not_(is_current), or_(SuccessorRow.judged_facts.is_not(None), FACTS.is_not(None)))
    .distinct()
)
"""The posts of plans that name or propose somebody of whom something else might be found today."""


def _members(post_id: str, day: str) -> str:
    """Words of SQL: the confirmed members of the pool whose term runs on a day, but for who holds the post."""
    return f"""
        pool_member m JOIN talent t ON t.institution_id = m.institution_id AND t.id = m.talent_id
        WHERE m.institution_id = $1 AND m.level = 'institution' AND m.state = 'confirmed' AND m.expires_on >= {day}
        AND NOT {RESTRICTED}
        AND NOT EXISTS (SELECT FROM post_holder h WHERE h.institution_id = m.institution_id
                        AND h.talent_id = m.talent_id AND h.post_id = {post_id})"""


CONFIRMED = f"SELECT m.talent_id FROM {_members('$2', '$3')}"  # noqa: S608 - our own words
INCOMPLETE = f"""
    SELECT p.post_id FROM succession_plan p
    WHERE p.institution_id = $1 AND (
        p.policy_code <> $3 OR p.policy_version <> $4 OR EXISTS (
            SELECT FROM {_members("p.post_id", "$2")}
            AND NOT EXISTS (SELECT FROM successor s WHERE s.institution_id = m.institution_id
                            AND s.talent_id = m.talent_id AND s.post_id = p.post_id)))"""  # noqa: S608 - our own words
"""The posts of plans that were calculated by another policy, or before somebody was confirmed in the pool."""


async def _calculate_anew(tx: AsyncSession, db: Database, actor: Actor, plan: SuccessionPlanRow) -> None:
    kept = await fetch_rows(tx, NAMED, actor.institution_id, plan.post_id)
    named = {one["talent_id"]: one for one in kept}
    calculation = await _calculate(tx, actor, plan.post_id, list(named), db.today())
    _keep(plan, _told(db, calculation))
    rows = [row | dict(named.get(row["talent_id"], {})) for row in _rows(actor, plan.post_id, calculation)]
    await _replace(tx, actor, plan.post_id, rows)
    await record(tx, actor, _event(plan.post_id, calculation))


NAMED = """
    SELECT talent_id, is_named, ordinal, set_readiness, reason FROM successor
    WHERE institution_id = $1 AND post_id = $2 AND is_named"""


async def _hold_plan(tx: AsyncSession, actor: Actor, post_id: UUID) -> SuccessionPlanRow | None:
    """The plan of a post, if there is one; nobody else changes or makes it meanwhile."""
    await posts._hold_post(tx, actor, post_id)  # noqa: SLF001 - a service composes another's steps
    return await tx.get(SuccessionPlanRow, (actor.institution_id, post_id), with_for_update=True)


async def _people(tx: AsyncSession, actor: Actor, post_id: UUID, nips: Sequence[str]) -> dict[str, asyncpg.Record]:
    rows = await fetch_rows(tx, PEOPLE, actor.institution_id, post_id, nips)
    return {row["nip"]: row for row in rows}


PEOPLE = f"""
    SELECT t.id AS talent_id, t.nip, c.id IS NOT NULL AS is_on_map, h.talent_id IS NOT NULL AS holds_post
    FROM talent t
    LEFT JOIN candidate c ON c.institution_id = t.institution_id AND c.talent_id = t.id
    LEFT JOIN post_holder h ON h.institution_id = t.institution_id AND h.talent_id = t.id AND h.post_id = $2
    WHERE t.institution_id = $1 AND t.nip = ANY ($3) AND NOT {RESTRICTED}"""  # noqa: S608 - our own words


def _must_be_possible(actor: Actor, command: EditSuccessionPlan, people: Mapping[str, asyncpg.Record]) -> None:
    """Each is there, on the map, named once, and somebody else than who holds the post or asks."""
    faults, met = [], set()
    for place, one in enumerate(command.successors):
        pools.must_concern_another(one.nip, actor)
        person, code = people.get(one.nip), None
        if person is None:
            code = "plan.talent_not_found"
        elif one.nip in met:
            code = "plan.talent_repeated"
        elif person["holds_post"]:
            code = "plan.holds_post"
        elif not person["is_on_map"]:
            code = "plan.no_facts"
        met.add(one.nip)
        if code is not None:
            faults.append(Fault(code, f"/successors/{place}", {"nip": one.nip}))
    if faults:
        refuse(*faults)


def _must_be_reasoned(command: EditSuccessionPlan, named: Sequence[asyncpg.Record], calculation: _Calculation) -> None:
    faults = [
        fault
        for place, (one, person) in enumerate(zip(command.successors, named, strict=True))
        for fault in succession.faults_of_naming(
            f"/successors/{place}",
            one.nip,
            is_confirmed=person["talent_id"] in calculation.members,
            computed=calculation.found[person["talent_id"]].readiness,
            chosen=one.readiness,
            reason=one.reason,
        )
    ]
    if faults:
        refuse(*faults)


async def _calculate(tx: AsyncSession, actor: Actor, post_id: UUID, named: Sequence[UUID], today: date) -> _Calculation:
    """What the rule set of the post's level finds today about the confirmed members of the pool and the named."""
    target = await posts._target_of(tx, post_id, today)  # noqa: SLF001 - a service composes another's steps
    if target is None:
        raise NotFound("post.not_found")
    rule_set = await rule_sets._default_rule_set(tx, target.level)  # noqa: SLF001
    if rule_set is None:
        raise Conflict("plan.no_rules")
    policy = await succession_policies._policy(tx)  # noqa: SLF001
    rows = await fetch_rows(tx, CONFIRMED, actor.institution_id, post_id, today)
    members = frozenset(row["talent_id"] for row in rows)
    considered = list(members.union(named))
    judged_post = await tx.scalar(JUDGED_POST, {"institution_id": actor.institution_id, "post_id": post_id})
    judged_facts = {
        row["talent_id"]: row["digest"] for row in await fetch_rows(tx, FACTS_OF, actor.institution_id, considered)
    }
    facts = dict(await load_candidates(tx, actor.institution_id, considered))
    found = await asyncio.to_thread(_find, considered, facts, rule_set, target, policy)
    return _Calculation(rule_set, policy, today, members, found, str(judged_post), judged_facts)


_post = asked_of_post(bindparam("institution_id", type_=Uuid), bindparam("post_id", type_=Uuid))
JUDGED_POST = select(_post.c.digest)
FACTS_OF = """
    SELECT talent_id, md5(candidate::text) AS digest FROM candidate
    WHERE institution_id = $1 AND talent_id = ANY ($2)"""
"""Asked before the facts are loaded: what changes in between leaves the finding out of date, and not unnoticed."""


def _find(
    considered: Sequence[UUID], facts: Mapping[UUID, Candidate], rule_set: RuleSet, target: Target, policy: Policy
) -> dict[UUID, Finding]:
    return {
        talent_id: _readiness(rule_set, facts[talent_id], target, policy) if talent_id in facts else succession.UNKNOWN
        for talent_id in sorted(considered)
    }


def _readiness(rule_set: RuleSet, candidate: Candidate, target: Target, policy: Policy) -> Finding:
    requirements = succession.judged(rule_set.requirements)

    def findings_on(day: date, codes: Collection[str]) -> dict[str, verdicts.Finding]:
        later, asked = replace(target, on=day), (one for one in requirements if one.code in codes)
        return {one.code: verdicts.verdict(one, candidate, later, Given()) for one in asked}

    return succession.find_readiness(requirements, findings_on, target.on, policy.soon_months)


def _told(db: Database, calculation: _Calculation) -> dict[str, object]:
    return {
        "calculated_at": db.now(),
        "as_of": calculation.as_of,
        "rule_set_code": calculation.rule_set.code,
        "rule_set_version": calculation.rule_set.version,
        "policy_code": calculation.policy.code.value,
        "policy_version": calculation.policy.version,
    }


def _keep(plan: SuccessionPlanRow, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        setattr(plan, name, value)


def _rows(actor: Actor, post_id: UUID, calculation: _Calculation) -> list[dict[str, object]]:
    """Everybody as a proposal; who is named is more than that."""
    return [
        {
            "institution_id": actor.institution_id,
            "post_id": post_id,
            "talent_id": talent_id,
            "is_named": False,
            "ordinal": None,
            "readiness": finding.readiness.value,
            "set_readiness": None,
            "reason": None,
            "is_eligible": finding.is_eligible,
            "ready_from": finding.ready_from,
            "requirements_not_met": list(finding.not_met),
            "requirements_unverified": list(finding.unverified),
            "stands_until": finding.stands_until,
            "judged_facts": calculation.judged_facts.get(talent_id),
            "judged_post": calculation.judged_post,
        }
        for talent_id, finding in calculation.found.items()
    ]


async def _replace(tx: AsyncSession, actor: Actor, post_id: UUID, rows: Sequence[dict[str, object]]) -> None:
    mine = (SuccessorRow.institution_id == actor.institution_id, SuccessorRow.post_id == post_id)
    await tx.execute(delete(SuccessorRow).where(*mine))
    if rows:
        await tx.execute(insert(SuccessorRow), list(rows))


def _event(post_id: UUID, calculation: _Calculation) -> SuccessionPlanCalculated:
    rule_set = calculation.rule_set
    ready = [found.readiness for found in calculation.found.values()].count(Readiness.READY_NOW)
    told = sha256("".join(f"{one}{found}" for one, found in sorted(calculation.found.items())).encode())
    return SuccessionPlanCalculated(
        post_id,
        f"{rule_set.code}/{rule_set.version}",
        calculation.as_of.isoformat(),
        ready,
        len(calculation.found),
        told.hexdigest(),
    )


# ── reads


async def succession_plan_document(
    db: Database, actor: Actor, post_id: UUID, wanted: Selection | None = None
) -> Document:
    """The plan of a post: successors, who is proposed besides, the bench, and who may act tomorrow."""
    actor.require(Permission.READ_SUCCESSION)
    document = await db.document_as(actor, shapes.SUCCESSION_PLAN, wanted, post_id=post_id)
    if document is None:
        raise NotFound("plan.not_found")
    return document


async def succession_plans_page(
    db: Database,
    actor: Actor,
    chosen: SuccessionPlanFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """A page of plans by the name of their post, each with its bench."""
    actor.require(Permission.READ_SUCCESSION)
    conditions = (chosen or SuccessionPlanFilter()).model_dump(exclude_none=True)
    return await db.page_as(actor, shapes.SUCCESSION_PLANS, wanted, page_size(first), named_cursor(after), **conditions)


async def emergency_cover_document(
    db: Database, actor: Actor, post_id: UUID, wanted: Selection | None = None
) -> Document:
    """Who may act in a post tomorrow (Plt/Plh), nearest first; it needs no plan."""
    actor.require(Permission.READ_SUCCESSION)
    document = await db.document_as(actor, shapes.EMERGENCY_COVER, wanted, post_id=post_id)
    if document is None:
        raise NotFound("post.not_found")
    return document


async def bench_strength_document(db: Database, actor: Actor, wanted: Selection | None = None) -> Document:
    """How many target and critical posts have a successor who is available today, by level and by unit."""
    actor.require(Permission.READ_SUCCESSION)
    document = await db.document_as(actor, BENCH_STRENGTH, wanted)
    if document is None:
        raise NotFound("institution.not_found")
    return document


async def merit_readiness_document(db: Database, actor: Actor, wanted: Selection | None = None) -> Document:
    """What the merit rules ask of talent management before open selection may be left out, and what is there of it.

    Of the available successors each counts for one post, whatever number of plans names them.
    """
    actor.require(Permission.READ_SUCCESSION)
    async with db.read_as(actor) as tx:
        people_of: dict[UUID, list[UUID]] = {}
        for row in await tx.execute(AVAILABLE):
            people_of.setdefault(row.post_id, []).append(row.talent_id)
    filled = len(succession.fill(people_of))
    document = await db.document_as(actor, MERIT_READINESS, wanted, filled=filled)
    if document is None:
        raise NotFound("institution.not_found")
    return document


def _available() -> Select[UUID, UUID]:
    found = AVAILABILITY.subquery("found")
    of_post = and_(PostRow.institution_id == found.c.institution_id, PostRow.id == found.c.post_id)
    named = select(found.c.post_id, found.c.talent_id).join(PostRow, of_post)
    return named.where(found.c.is_available, PostRow.is_delivered, or_(PostRow.is_target, PostRow.is_critical))


AVAILABLE = _available()
"""By target or critical post who is named for it and available today."""
