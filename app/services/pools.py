"""Succession pools: people of their boxes are nominated, verified and confirmed until a day; everybody says why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import Annotated
from uuid import UUID, uuid4

import asyncpg
from pydantic import Field
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.data_subjects import RESTRICTED
from app.db.database import Database, fetch_rows
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.locks import waiting_shortly
from app.db.shapes import pools as shapes
from app.db.tables.placements import PlacementRow
from app.db.tables.succession import PoolMemberRow, PoolMemberStepRow
from app.db.tables.talents import TalentRow
from app.domain import pools
from app.domain.actors import Actor, Permission
from app.domain.careers import PositionLevel
from app.domain.durations import months_after
from app.domain.errors import Conflict, Fault, NotFound, refuse
from app.domain.pools import Member, Standing, State
from app.domain.purposes import purpose_within
from app.domain.recommendations import Pool
from app.domain.revisions import Expected, must_be_unchanged
from app.domain.succession import Policy
from app.domain.succession_events import PoolMemberMoved, PoolMembersConfirmed, TalentsNominated
from app.services import succession_policies
from app.services.contract import Command, Comment, StorableText, is_storable, named_cursor, page_size, text_cursor
from app.services.scopes import scope_of

MOST_NOMINATED = 5_000  # at once, by name
MOST_CONFIRMED = 1_000  # at once
Nip = Annotated[StorableText, Field(max_length=30)]


class NominateTalents(Command):
    """Nominate people for a pool: those named, or everybody in its boxes who is neither in it nor on the way."""

    talents: Annotated[list[Nip], Field(min_length=1, max_length=MOST_NOMINATED)] | None = Field(
        None, description="Employee numbers."
    )
    everybody_in_boxes: bool = False
    reason: Comment | None = None


class TakeStep(Command):
    """A step that needs no reason, though it may have one."""

    reason: Comment | None = None


class TakeStepBecause(Command):
    """A step that needs a reason."""

    reason: Comment


class ConfirmPoolMembers(Command):
    """Confirm several members for one reason: all of them or none."""

    members: Annotated[list[Annotated[UUID, Field(strict=False)]], Field(min_length=1, max_length=MOST_CONFIRMED)]
    reason: Comment | None = None


class PoolMemberFilter(Command):
    """Which members to list; what is not given does not restrict."""

    state: State | None = Field(None, strict=False)
    unit: StorableText | None = Field(None, max_length=100, description="Id of a unit; those below it are included.")
    position_level: PositionLevel | None = Field(None, strict=False)
    still_in_box: bool | None = Field(None, description="Whether the member still stands in a box of the pool.")


class PoolCandidateFilter(Command):
    """Which candidates to list; what is not given does not restrict."""

    unit: StorableText | None = Field(None, max_length=100, description="Id of a unit; those below it are included.")
    position_level: PositionLevel | None = Field(None, strict=False)


# ── writes


async def nominate_talents(db: Database, actor: Actor, level: str, command: NominateTalents) -> Pool:
    """Nominate people of the pool's boxes, all of them or none: a refusal names everybody who cannot be."""
    actor.require(Permission.MANAGE_SUCCESSION)
    pool = _pool_of(level)
    if (command.talents is not None) is command.everybody_in_boxes:
        refuse(Fault("pool.talents_or_everybody", "/talents"))
    async with db.write_as(actor) as tx:
        policy = await succession_policies._policy(tx)  # noqa: SLF001 - a service composes another's steps
        boxes, today = policy.boxes[pool], db.today()
        if command.talents is None:
            chosen = await _everybody_in(tx, actor, pool, boxes, today)
        else:
            chosen = await _named(tx, actor, pool, boxes, today, command.talents)
        members = await _nominate(tx, actor, pool, policy, today, chosen)
        await _note_steps(tx, db, actor, members, State.NOMINATED, command.reason)
        told = sha256("".join(sorted(str(one["talent_id"]) for one in chosen)).encode()).hexdigest()
        await record(tx, actor, TalentsNominated(pool.value, len(chosen), told))
    return pool


async def _named(
    tx: AsyncSession, actor: Actor, pool: Pool, boxes: tuple[int, ...], today: date, nips: Sequence[str]
) -> list[asyncpg.Record]:
    """Those named; refused with everything that stands against any of them."""
    rows = await fetch_rows(tx, f"{STANDINGS} AND t.nip = ANY ($3) {IN_ORDER}", actor.institution_id, pool.value, nips)
    found, faults = {row["nip"]: row for row in rows}, []
    for place, nip in enumerate(nips):
        where = f"/talents/{place}"
        pools.must_concern_another(nip, actor)
        if nip in nips[:place]:
            faults.append(Fault("pool.talent_repeated", where, {"nip": nip}))
        elif (row := found.get(nip)) is None:
            faults.append(Fault("pool.talent_not_found", where, {"nip": nip}))
        elif fault := pools.may_be_nominated(where, nip, row["box"], boxes, _present(row, today)):
            faults.append(fault)
    pools.must_have_no_faults(faults)
    return rows


async def _everybody_in(
    tx: AsyncSession, actor: Actor, pool: Pool, boxes: tuple[int, ...], today: date
) -> list[asyncpg.Record]:
    rows = await fetch_rows(tx, f"{STANDINGS} AND p.box = ANY ($3) {IN_ORDER}", actor.institution_id, pool.value, boxes)
    others = [row for row in rows if row["nip"] != actor.nip]
    chosen = [one for one in others if pools.may_be_nominated("", "", one["box"], boxes, _present(one, today)) is None]
    if not chosen:
        raise Conflict("pool.nobody")
    return chosen


STANDINGS = f"""
    SELECT t.id AS talent_id, t.nip, p.box, m.state, m.expires_on
    FROM talent t
    LEFT JOIN placement p ON p.institution_id = t.institution_id AND p.talent_id = t.id
    LEFT JOIN pool_member m ON m.institution_id = t.institution_id AND m.talent_id = t.id AND m.level = $2
    WHERE t.institution_id = $1 AND NOT {RESTRICTED}"""  # noqa: S608 - our own words
IN_ORDER = "ORDER BY t.id"
"""So that two who nominate at once wait for each other, and never both."""


def _present(row: asyncpg.Record, today: date) -> State | None:
    return None if row["state"] is None else _state_on(row, today)


async def _nominate(
    tx: AsyncSession, actor: Actor, pool: Pool, policy: Policy, today: date, chosen: Sequence[asyncpg.Record]
) -> list[UUID]:
    """One row for each, made or taken up again, in one statement; refused where somebody was quicker."""
    talents = [one["talent_id"] for one in chosen]
    rows = await fetch_rows(
        tx,
        NOMINATE,
        actor.institution_id,
        pool.value,
        [uuid4() for _ in talents],
        talents,
        [one["box"] for one in chosen],
        actor.subject,
        policy.code.value,
        policy.version,
        today,
    )
    if len(rows) < len(talents):
        raise Conflict("pool.overtaken")
    return [row["id"] for row in rows]


NOMINATE = """
    INSERT INTO pool_member (institution_id, level, id, talent_id, nominated_box, state, nominated_by, policy_code,
        policy_version)
    SELECT $1, $2, made.id, made.talent_id, made.box, 'nominated', $6, $7, $8
    FROM unnest($3::uuid[], $4::uuid[], $5::smallint[]) AS made (id, talent_id, box)
    ON CONFLICT (institution_id, level, talent_id) DO UPDATE
    SET state = 'nominated', nominated_box = excluded.nominated_box, nominated_by = excluded.nominated_by,
        policy_code = excluded.policy_code, policy_version = excluded.policy_version, expires_on = NULL
    WHERE pool_member.state IN ('refused', 'returned')
        OR pool_member.state IN ('confirmed', 'suspended') AND pool_member.expires_on < $9
    RETURNING id"""


async def verify_pool_member(
    db: Database, actor: Actor, member_id: UUID, command: TakeStep, *, expected: Expected | None = None
) -> UUID:
    """Verify a nomination; whoever nominated does not."""
    actor.require(Permission.MANAGE_SUCCESSION)
    async with db.write_as(actor) as tx:
        member, present = await _hold_member(tx, db, actor, member_id, expected)
        pools.must_follow(present, State.VERIFIED)
        pools.must_be_another(member.nominated_by, actor)
        await _enter(tx, db, actor, member, State.VERIFIED, command.reason)
    return member_id


async def confirm_pool_member(
    db: Database, actor: Actor, member_id: UUID, command: TakeStep, *, expected: Expected | None = None
) -> UUID:
    """Confirm a verified member for the term of the policy; refused for who has left the boxes of the pool."""
    actor.require(Permission.CONFIRM_POOLS)
    async with db.write_as(actor) as tx:
        member, present = await _hold_member(tx, db, actor, member_id, expected)
        pools.must_follow(present, State.CONFIRMED)
        policy = await succession_policies._policy(tx)  # noqa: SLF001 - a service composes another's steps
        box = select(PlacementRow.box).where(PlacementRow.talent_id == member.talent_id)
        pools.must_be_in_box(await tx.scalar(box), policy.boxes[Pool(member.level)])
        member.expires_on = months_after(db.today(), policy.term_months)
        await _enter(tx, db, actor, member, State.CONFIRMED, command.reason)
    return member_id


async def confirm_pool_members(db: Database, actor: Actor, level: str, command: ConfirmPoolMembers) -> Pool:
    """Confirm verified members of a pool together: a refusal names everybody who cannot be, and why."""
    actor.require(Permission.CONFIRM_POOLS)
    pool = _pool_of(level)
    async with db.write_as(actor) as tx:
        policy, today = await succession_policies._policy(tx), db.today()  # noqa: SLF001
        async with waiting_shortly(tx, "pool.busy"):
            rows = await fetch_rows(tx, HELD, actor.institution_id, pool.value, command.members)
        found = {row["id"]: Member(row["nip"], _state_on(row, today), row["box"]) for row in rows}
        faults = []
        for place, member_id in enumerate(command.members):
            where = f"/members/{place}"
            if member_id in command.members[:place]:
                faults.append(Fault("pool.member_repeated", where))
            elif fault := pools.against_confirming(where, found.get(member_id), policy.boxes[pool], actor):
                faults.append(fault)
        if faults:
            raise Conflict("pool.not_confirmable", faults=tuple(faults), members=len(faults))
        until = months_after(today, policy.term_months)
        await tx.execute(
            update(PoolMemberRow)
            .where(PoolMemberRow.id.in_(command.members))
            .values(state=State.CONFIRMED.value, expires_on=until)
        )
        await _note_steps(tx, db, actor, command.members, State.CONFIRMED, command.reason)
        told = sha256("".join(sorted(map(str, command.members))).encode()).hexdigest()
        await record(tx, actor, PoolMembersConfirmed(pool.value, len(command.members), until.isoformat(), told))
    return pool


HELD = """
    SELECT m.id, m.state, m.expires_on, t.nip, p.box
    FROM pool_member m
    JOIN talent t ON t.institution_id = m.institution_id AND t.id = m.talent_id
    LEFT JOIN placement p ON p.institution_id = m.institution_id AND p.talent_id = m.talent_id
    WHERE m.institution_id = $1 AND m.level = $2 AND m.id = ANY ($3)
    ORDER BY m.id
    FOR UPDATE OF m"""


def _state_on(row: asyncpg.Record, today: date) -> State:
    return Standing(State(row["state"]), row["expires_on"]).on(today)


async def refuse_pool_member(
    db: Database, actor: Actor, member_id: UUID, command: TakeStepBecause, *, expected: Expected | None = None
) -> UUID:
    """Refuse a nomination; the person can be nominated again."""
    actor.require(Permission.CONFIRM_POOLS)
    return await _decide(db, actor, member_id, State.REFUSED, command, expected)


async def return_pool_member(
    db: Database, actor: Actor, member_id: UUID, command: TakeStepBecause, *, expected: Expected | None = None
) -> UUID:
    """Return a nomination for revision."""
    actor.require(Permission.CONFIRM_POOLS)
    return await _decide(db, actor, member_id, State.RETURNED, command, expected)


async def suspend_pool_member(
    db: Database, actor: Actor, member_id: UUID, command: TakeStepBecause, *, expected: Expected | None = None
) -> UUID:
    """Suspend a confirmed member, such as for a sanction; the term goes on."""
    actor.require(Permission.MANAGE_SUCCESSION)
    return await _decide(db, actor, member_id, State.SUSPENDED, command, expected)


async def reinstate_pool_member(
    db: Database, actor: Actor, member_id: UUID, command: TakeStepBecause, *, expected: Expected | None = None
) -> UUID:
    """Lift a suspension: the member is confirmed as before, until the same day."""
    actor.require(Permission.MANAGE_SUCCESSION)
    async with db.write_as(actor) as tx:
        member, present = await _hold_member(tx, db, actor, member_id, expected)
        pools.must_be_suspended(present)
        await _enter(tx, db, actor, member, State.CONFIRMED, command.reason)
    return member_id


async def _decide(
    db: Database, actor: Actor, member_id: UUID, state: State, command: TakeStepBecause, expected: Expected | None
) -> UUID:
    async with db.write_as(actor) as tx:
        member, present = await _hold_member(tx, db, actor, member_id, expected)
        pools.must_follow(present, state)
        await _enter(tx, db, actor, member, state, command.reason)
    return member_id


async def _hold_member(
    tx: AsyncSession, db: Database, actor: Actor, member_id: UUID, expected: Expected | None
) -> tuple[PoolMemberRow, State]:
    """A member for a step, with the state of today; of somebody else than who takes the step."""
    async with waiting_shortly(tx, "pool.busy"):
        member = await tx.get(PoolMemberRow, (actor.institution_id, member_id), with_for_update=True)
    nip = None if member is None else await tx.scalar(select(TalentRow.nip).where(TalentRow.id == member.talent_id))
    if member is None or nip is None:
        raise NotFound("pool.member_not_found")
    must_be_unchanged(expected, member.revision)
    pools.must_concern_another(nip, actor)
    return member, Standing(State(member.state), member.expires_on).on(db.today())


async def _enter(
    tx: AsyncSession, db: Database, actor: Actor, member: PoolMemberRow, state: State, reason: str | None
) -> None:
    before, member.state = member.state, state.value
    await tx.flush()
    await _note_steps(tx, db, actor, [member.id], state, reason)
    await record(tx, actor, PoolMemberMoved(member.id, member.talent_id, before, state.value))


async def _note_steps(
    tx: AsyncSession, db: Database, actor: Actor, members: Sequence[UUID], state: State, reason: str | None
) -> None:
    row = PoolMemberStepRow
    taken = select(row.member_id, func.max(row.ordinal).label("steps")).group_by(row.member_id)
    so_far = {one.member_id: one.steps for one in await tx.execute(taken.where(row.member_id.in_(members)))}
    told = {
        "institution_id": actor.institution_id,
        "state": state.value,
        "step_reason": reason,
        "entered_at": db.now(),
        "role": actor.role.value,
        "subject": actor.subject,
    }
    steps = [{**told, "member_id": member, "ordinal": so_far.get(member, 0) + 1} for member in members]
    await tx.execute(insert(row), steps)


def _pool_of(level: str) -> Pool:
    try:
        return Pool(level)
    except ValueError as error:
        raise NotFound("pool.unknown") from error


# ── reads


async def succession_pool_document(db: Database, actor: Actor, level: str, wanted: Selection | None = None) -> Document:
    """A pool as a whole: its boxes, and how many are where."""
    actor.require(Permission.READ_SUCCESSION)
    document = await db.document_as(actor, shapes.SUCCESSION_POOL, wanted, level=_pool_of(level).value)
    if document is None:
        raise NotFound("institution.not_found")
    return document


async def pool_members_page(
    db: Database,
    actor: Actor,
    level: str,
    chosen: PoolMemberFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """A page of a pool's members by name, those too whose term is over or who left its boxes."""
    actor.require(Permission.READ_SUCCESSION)
    conditions = {**(chosen or PoolMemberFilter()).model_dump(exclude_none=True), **scope_of(actor)}
    cursor, pool = named_cursor(after), _pool_of(level)
    return await db.page_as(
        actor, shapes.POOL_MEMBERS, wanted, page_size(first), cursor, level=pool.value, **conditions
    )


async def pool_candidates_page(
    db: Database,
    actor: Actor,
    level: str,
    chosen: PoolCandidateFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """A page of those who stand in a pool's boxes and are neither in it nor on the way into it, by name."""
    actor.require(Permission.READ_SUCCESSION)
    conditions = {**(chosen or PoolCandidateFilter()).model_dump(exclude_none=True), **scope_of(actor)}
    cursor, pool = named_cursor(after), _pool_of(level)
    return await db.page_as(
        actor, shapes.POOL_CANDIDATES, wanted, page_size(first), cursor, level=pool.value, **conditions
    )


async def pool_member_document(
    db: Database, actor: Actor, member_id: UUID, wanted: Selection | None = None
) -> Document:
    """One member with all steps; a look that leaves a receipt. Talents see their own memberships."""
    actor.require(Permission.READ_SUCCESSION, Permission.READ_OWN_TALENT)
    purpose = purpose_within(actor.role, actor.purpose)
    document = await db.view_as(actor, purpose, shapes.POOL_MEMBER, wanted, id=member_id, **_reach(actor))
    if document is None:
        raise NotFound("pool.member_not_found")
    return document


async def talent_pool_memberships_page(
    db: Database,
    actor: Actor,
    nip: str,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """The pools that a talent is in or was nominated for, with all steps."""
    actor.require(Permission.READ_SUCCESSION, Permission.READ_OWN_TALENT)
    if not is_storable(nip):
        raise NotFound("talent.not_found")
    cursor = text_cursor(after)
    return await db.page_as(actor, shapes.POOL_MEMBERSHIPS, wanted, page_size(first), cursor, nip=nip, **_reach(actor))


def _reach(actor: Actor) -> dict[str, str | None]:
    """Everybody in the institution for who reads succession; oneself for everybody else, unit verifiers too."""
    return scope_of(actor, Permission.READ_SUCCESSION, Permission.READ_SUCCESSION)
