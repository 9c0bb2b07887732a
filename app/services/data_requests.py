"""Requests of data subjects: raised by talents, answered by a human within 3×24 hours, in effect as the law says."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid4

from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import data_subjects
from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.mobility_withdrawals import end_participations
from app.db.shapes import data_requests as shapes
from app.db.shapes.access_exports import ACCESS_EXPORT
from app.db.shapes.scopes import SCOPES
from app.db.tables.data_requests import STANDS, DataRequestRow
from app.db.tables.mobility_listings import MobilityListingRow
from app.db.tables.talents import TalentRow
from app.domain import data_requests
from app.domain.actors import Actor, Permission
from app.domain.data_requests import Act, Kind, Outcome, State
from app.domain.errors import Conflict, NotFound
from app.domain.privacy_events import DataRequestAnswered, DataRequestRaised, DataRequestWithdrawn, RestrictionLifted
from app.services import consents, imports, placements
from app.services.contract import Command, Comment, Statement, StorableText, must_say_something, named_cursor, page_size
from app.services.scopes import own_scope

Wording = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), AfterValidator(must_say_something)
]


class RaiseDataRequest(Command):
    """Ask for something as a data subject. A correction says what it is about, and what should be there."""

    kind: Kind = Field(strict=False)
    statement: Statement
    about: StorableText | None = Field(None, max_length=500)
    """A pointer (RFC 6901) into the access export, such as `/educations/0/level`, or an item of completeness."""
    should_say: Wording | None = None


class AnswerDataRequest(Command):
    """Answer a request; `reference` is the letter or file in which it was answered."""

    outcome: Outcome = Field(strict=False)
    comment: Comment
    reference: StorableText | None = Field(None, min_length=1, max_length=200)


class LiftRestriction(Command):
    """Say why somebody may be processed again."""

    comment: Comment


class DataRequestFilter(Command):
    """Which requests to list; what is not given does not restrict."""

    kind: Kind | None = Field(None, strict=False)
    state: State | None = Field(None, strict=False)
    overdue: bool | None = Field(None, description="Whether the time to answer is over and nobody has answered.")


# ── writes


async def raise_data_request(db: Database, actor: Actor, command: RaiseDataRequest) -> UUID:
    """Ask for something as a data subject; refused while a request of the same kind waits, or is in effect.

    An objection to automated processing takes effect at once: from now on a human decides, and a human decision is
    always recorded. A restriction takes effect when it is granted.
    """
    actor.require(Permission.EXERCISE_RIGHTS)
    data_requests.must_say_what(command.kind, command.about, command.should_say)
    request_id, now = uuid4(), db.now()
    due_at = data_requests.due_at(now)
    async with db.write_as(actor) as tx:
        talent_id = await _own_talent(tx, actor)
        if command.about is not None:
            items = (await placements._active_rubric(tx)).rubric.items  # noqa: SLF001 - a service composes another's steps
            data_requests.must_point_somewhere(command.about, ACCESS_EXPORT.fields, items)
        values = {
            "institution_id": actor.institution_id,
            "id": request_id,
            "talent_id": talent_id,
            **command.model_dump(),
            "kind": command.kind.value,
            "state": State.OPEN.value,
            "raised_at": now,
            "due_at": due_at,
        }
        raised = insert(DataRequestRow).values(values).on_conflict_do_nothing().returning(DataRequestRow.id)
        if await tx.scalar(raised) is None:
            await _say_which_stands(tx, talent_id, command.kind)
        event = DataRequestRaised(request_id, talent_id, command.kind.value, due_at.isoformat())
        await record(tx, actor, event)
        await end_participations(tx, actor)
    return request_id


async def answer_data_request(db: Database, actor: Actor, request_id: UUID, command: AnswerDataRequest) -> None:
    """Answer a request, once; never one's own. A restriction takes its subject out of the map from now on."""
    actor.require(Permission.ANSWER_DATA_REQUESTS)
    async with db.write_as(actor) as tx:
        row = await _hold_of_another(tx, actor, request_id)
        row.state = _after(Act.ANSWER, row, command.outcome)
        row.outcome, row.comment, row.reference = command.outcome.value, command.comment, command.reference
        row.answered_at, row.answered_by, row.answered_role = db.now(), actor.subject, actor.role.value
        await record(tx, actor, DataRequestAnswered(row.id, row.talent_id, row.kind, command.outcome.value))
        await _let_take_effect(tx, db, actor, row)
        await end_participations(tx, actor)


async def withdraw_data_request(db: Database, actor: Actor, request_id: UUID) -> None:
    """Take back one's own request that nobody has answered, or an objection to automated processing at any time."""
    actor.require(Permission.EXERCISE_RIGHTS)
    async with db.write_as(actor) as tx:
        row = await _hold(tx, actor, request_id)
        if row.talent_id != await _own_talent(tx, actor):
            raise NotFound("data_request.not_found")
        row.state, row.withdrawn_at = _after(Act.WITHDRAW, row), db.now()
        await record(tx, actor, DataRequestWithdrawn(row.id, row.talent_id, row.kind))


async def lift_restriction(db: Database, actor: Actor, request_id: UUID, command: LiftRestriction) -> None:
    """End a restriction and say why, never one's own: its subject is placed again from the evidence on record."""
    actor.require(Permission.ANSWER_DATA_REQUESTS)
    async with db.write_as(actor) as tx:
        row = await _hold_of_another(tx, actor, request_id)
        row.state = _after(Act.LIFT, row)
        row.lifted_at, row.lifted_by, row.lifted_role = db.now(), actor.subject, actor.role.value
        row.lifted_comment = command.comment
        await record(tx, actor, RestrictionLifted(row.id, row.talent_id))
        await _let_take_effect(tx, db, actor, row)


def _after(act: Act, row: DataRequestRow, outcome: Outcome | None = None) -> str:
    return data_requests.after(act, Kind(row.kind), State(row.state), outcome).value


async def _own_talent(tx: AsyncSession, actor: Actor) -> UUID:
    """Who the actor is among the talents of the institution."""
    scope = own_scope(actor)
    talent_id = await tx.scalar(select(TalentRow.id).where(*(SCOPES[name] for name in scope)), scope)
    if talent_id is None:
        raise NotFound("talent.not_found")
    return talent_id


async def _say_which_stands(tx: AsyncSession, talent_id: UUID, kind: Kind) -> None:
    standing = select(DataRequestRow.raised_at).where(
        DataRequestRow.talent_id == talent_id, DataRequestRow.kind == kind.value, text(f"({STANDS})")
    )
    raise Conflict("data_request.exists", at=await tx.scalar(standing))


async def _hold(tx: AsyncSession, actor: Actor, request_id: UUID) -> DataRequestRow:
    row = await tx.get(DataRequestRow, (actor.institution_id, request_id), with_for_update=True)
    if row is None:
        raise NotFound("data_request.not_found")
    return row


async def _hold_of_another(tx: AsyncSession, actor: Actor, request_id: UUID) -> DataRequestRow:
    """A request that the actor has not raised about themselves.

    The institution is held first, as whoever places talents does: nobody is placed while a restriction begins or ends.
    """
    await imports._hold_institution(tx, actor)  # noqa: SLF001
    row = await _hold(tx, actor, request_id)
    nip = await tx.scalar(select(TalentRow.nip).where(TalentRow.id == row.talent_id))
    data_requests.must_be_answered_by_another(actor.nip, nip or "")
    return row


async def _let_take_effect(tx: AsyncSession, db: Database, actor: Actor, row: DataRequestRow) -> None:
    """A restriction that begins takes its subject's placement and listing away; one that ends gives the first back."""
    if row.kind != Kind.RESTRICTION.value or row.state == State.REFUSED.value:
        return
    await tx.flush()
    if await data_subjects.is_restricted(tx, row.institution_id, row.talent_id):
        await consents._end_listing(tx, actor, MobilityListingRow.talent_id == row.talent_id)  # noqa: SLF001
    institution = await imports._hold_institution(tx, actor)  # noqa: SLF001
    active = await placements._active_rubric(tx)  # noqa: SLF001
    as_of = institution.as_of or db.today()
    await placements._place_again(tx, actor, institution, active.rubric, as_of, row.talent_id)  # noqa: SLF001


# ── reads


async def data_request_document(
    db: Database, actor: Actor, request_id: UUID, wanted: Selection | None = None
) -> Document:
    """One request with its answer; a talent sees the own ones."""
    actor.require(Permission.ANSWER_DATA_REQUESTS, Permission.EXERCISE_RIGHTS)
    document = await db.document_as(actor, shapes.DATA_REQUEST, wanted, id=request_id, **_reach(actor))
    if document is None:
        raise NotFound("data_request.not_found")
    return document


async def data_requests_page(
    db: Database,
    actor: Actor,
    chosen: DataRequestFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """A page of requests, those that are due first at the top; a talent sees the own ones."""
    actor.require(Permission.ANSWER_DATA_REQUESTS, Permission.EXERCISE_RIGHTS)
    conditions = (chosen or DataRequestFilter()).model_dump(exclude_none=True) | _reach(actor)
    cursor = named_cursor(after)
    return await db.page_as(actor, shapes.DATA_REQUESTS, wanted, page_size(first), cursor, **conditions)


def _reach(actor: Actor) -> dict[str, str | None]:
    return {} if actor.may(Permission.ANSWER_DATA_REQUESTS) else own_scope(actor)
