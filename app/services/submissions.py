"""Submissions: talents submit and correct their own evidence, units and HR verify or refuse it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import submitted_evidence
from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes import submissions as shapes
from app.db.shapes.scopes import SCOPES
from app.db.tables.submissions import SubmissionDecisionRow, SubmissionDocumentRow, SubmissionRow
from app.db.tables.talents import TalentRow
from app.db.views import receipt_of, viewer
from app.domain import ladder
from app.domain.actors import Actor, Permission
from app.domain.errors import Conflict, Invalid, NotFound, TooLarge
from app.domain.events import (
    DocumentAttached,
    EvidenceSubmitted,
    SubmissionRefused,
    SubmissionVerified,
    SubmissionWithdrawn,
)
from app.domain.evidence import Kind
from app.domain.ladder import SUBMITTABLE, Decided, Decision, RefusalReason, Rung, Standing, State
from app.domain.purposes import purpose_within
from app.domain.revisions import Expected, must_be_unchanged
from app.services import imports, placements
from app.services.contract import (
    LARGEST_NUMBER,
    Command,
    Comment,
    StorableText,
    must_be_one_of,
    named_cursor,
    page_size,
)
from app.services.scopes import own_scope, scope_of
from app.services.submission_contents import EvidenceContent, declared

MOST_OPEN = 50  # submissions of one talent that wait for a decision
LARGEST_DOCUMENT = 5 * 1024 * 1024  # bytes
MEDIA_TYPES = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
"""What may be attached, by the bytes that it begins with."""


class SubmitEvidence(Command):
    """Declare one row of evidence about oneself."""

    content: EvidenceContent
    corrects: int | None = Field(None, ge=1, le=LARGEST_NUMBER)
    """The row of one's own evidence, of the same kind, that it takes the place of."""


class AttachDocument(Command):
    """Attach the document that a submission rests on."""

    name: StorableText = Field(min_length=1, max_length=200)
    content: bytes


class VerifySubmission(Command):
    """Verify what a submission declares."""

    rung: Rung = Field(
        strict=False, description="The rung it stood on when it was read; what is granted follows from the role."
    )


class RefuseSubmission(Command):
    """Refuse a submission and say why."""

    rung: Rung = Field(strict=False, description="The rung it stood on when it was read.")
    reason: RefusalReason = Field(strict=False)
    comment: Comment


class SubmissionFilter(Command):
    """Which submissions to list; what is not given does not restrict."""

    state: State | None = Field(None, strict=False)
    rung: Rung | None = Field(None, strict=False)
    kind: str | None = Field(None, max_length=100)
    unit: StorableText | None = Field(None, max_length=100, description="Id of a unit; those below it are included.")


# ── writes


async def submit_evidence(db: Database, actor: Actor, command: SubmitEvidence) -> UUID:
    """Declare evidence about oneself; it counts once HR has verified it, and not before.

    Refused where the same is on record or waits for a decision already, and where something else is on record about
    the same thing that it does not correct.
    """
    actor.require(Permission.SUBMIT_OWN_EVIDENCE)
    content = declared(command.content, db.today())
    async with db.write_as(actor) as tx:
        scope = own_scope(actor)
        talent_id = await tx.scalar(select(TalentRow.id).where(*(SCOPES[name] for name in scope)), scope)
        if talent_id is None:
            raise NotFound("talent.not_found")
        await _must_have_room(tx, talent_id)
        row = SubmissionRow(
            institution_id=actor.institution_id,
            id=uuid4(),
            talent_id=talent_id,
            kind=content.kind.value,
            content=content.values,
            row_key=content.row_key,
            corrects=command.corrects,
            rung=Rung.DECLARED.value,
            state=State.SUBMITTED.value,
            submitted_by=actor.subject,
            submitted_at=db.now(),
        )
        await _keep(tx, row)
        await _must_add_something(tx, row)
        await record(tx, actor, EvidenceSubmitted(row.id, talent_id, row.kind, row.corrects))
    return row.id


async def attach_document(db: Database, actor: Actor, submission_id: UUID, command: AttachDocument) -> None:
    """Attach a PDF, PNG or JPEG to one's own submission, once. The same document again changes nothing."""
    actor.require(Permission.SUBMIT_OWN_EVIDENCE)
    if len(command.content) > LARGEST_DOCUMENT:
        raise TooLarge("document.too_large", limit=LARGEST_DOCUMENT)
    document = SubmissionDocumentRow(
        institution_id=actor.institution_id,
        submission_id=submission_id,
        name=command.name,
        media_type=_media_type(command.content),
        size=len(command.content),
        sha256=sha256(command.content).hexdigest(),
        content=command.content,
    )
    async with db.write_as(actor) as tx:
        held = await _hold(tx, own_scope(actor), submission_id)
        attached = select(SubmissionDocumentRow.sha256).where(SubmissionDocumentRow.submission_id == submission_id)
        if await tx.scalar(attached) == document.sha256:
            return
        ladder.must_lack_document(held.standing)
        tx.add(document)
        held.row.rung = Rung.DOCUMENTED.value
        await record(tx, actor, DocumentAttached(submission_id, document.media_type, document.size, document.sha256))


async def withdraw_submission(db: Database, actor: Actor, submission_id: UUID) -> None:
    """Take back one's own submission that nobody has decided; what was attached to it is deleted."""
    actor.require(Permission.SUBMIT_OWN_EVIDENCE)
    async with db.write_as(actor) as tx:
        held = await _hold(tx, own_scope(actor), submission_id)
        ladder.must_be_open(held.standing)
        await tx.execute(delete(SubmissionDocumentRow).where(SubmissionDocumentRow.submission_id == submission_id))
        held.row.state = State.WITHDRAWN.value
        await record(tx, actor, SubmissionWithdrawn(submission_id, held.row.talent_id))


async def verify_submission(
    db: Database, actor: Actor, submission_id: UUID, command: VerifySubmission, *, expected: Expected | None = None
) -> None:
    """Lift a submission to the verifier's rung. Verified by HR it becomes evidence, and the talent is placed anew.

    A unit verifies for its own people and those of the units below it, HR for the institution, nobody for themselves.
    Refused, with who decided what, where somebody was quicker.
    """
    actor.require(Permission.VERIFY_EVIDENCE_OF_UNIT, Permission.VERIFY_EVIDENCE)
    async with db.write_as(actor) as tx:
        if ladder.rung_of_verifier(actor) is Rung.VERIFIED_BY_HR:
            await imports._hold_institution(tx, actor)  # noqa: SLF001 - nobody imports while a talent is placed anew
        held = await _hold(tx, _scope_of(actor), submission_id, expected)
        rung = ladder.must_be_decidable(held.standing, actor, command.rung)
        held.row.rung = rung.value
        _decide(tx, db, actor, held, decision=Decision.VERIFY)
        if rung is Rung.VERIFIED_BY_HR:
            await _accept(tx, db, actor, held.row)
        await record(tx, actor, SubmissionVerified(submission_id, held.row.talent_id, rung.value, held.row.evidence_id))


async def refuse_submission(
    db: Database, actor: Actor, submission_id: UUID, command: RefuseSubmission, *, expected: Expected | None = None
) -> None:
    """Refuse a submission with a reason and a comment; who may verify it may refuse it."""
    actor.require(Permission.VERIFY_EVIDENCE_OF_UNIT, Permission.VERIFY_EVIDENCE)
    async with db.write_as(actor) as tx:
        held = await _hold(tx, _scope_of(actor), submission_id, expected)
        ladder.must_be_decidable(held.standing, actor, command.rung)
        held.row.state = State.REFUSED.value
        why = {"reason": command.reason.value, "comment": command.comment}
        _decide(tx, db, actor, held, decision=Decision.REFUSE, **why)
        await record(tx, actor, SubmissionRefused(submission_id, held.row.talent_id, command.reason.value))


@dataclass(frozen=True, slots=True)
class _Held:
    """A submission that is locked until the transaction ends, and how many decisions there are about it."""

    row: SubmissionRow
    standing: Standing
    decisions: int


async def _must_have_room(tx: AsyncSession, talent_id: UUID) -> None:
    waiting = await tx.scalar(
        select(func.count())
        .select_from(SubmissionRow)
        .where(SubmissionRow.talent_id == talent_id, SubmissionRow.state == State.SUBMITTED.value)
    )
    if (waiting or 0) >= MOST_OPEN:
        raise Conflict("submission.too_many", limit=MOST_OPEN)


async def _keep(tx: AsyncSession, row: SubmissionRow) -> None:
    """Store a submission; refused while the same one waits for a decision."""
    try:
        async with tx.begin_nested():
            tx.add(row)
    except IntegrityError as error:
        raise Conflict("submission.pending") from error


async def _must_add_something(tx: AsyncSession, row: SubmissionRow) -> None:
    held = await submitted_evidence.held_rows(tx, row.institution_id, row.id, Kind(row.kind))
    ladder.must_add_something(row.row_key, held, row.corrects)


def _scope_of(actor: Actor) -> dict[str, str | None]:
    """Verifiers see what they verify, talents their own."""
    return scope_of(actor, Permission.VERIFY_EVIDENCE, Permission.VERIFY_EVIDENCE_OF_UNIT)


def _media_type(content: bytes) -> str:
    found = next((kind for beginning, kind in MEDIA_TYPES.items() if content.startswith(beginning)), None)
    if found is None:
        raise Invalid("document.type")
    return found


async def _hold(
    tx: AsyncSession, scope: dict[str, str | None], submission_id: UUID, expected: Expected | None = None
) -> _Held:
    """Lock a submission; `NotFound` alike for absent ones and those out of the scope."""
    found = (
        await tx.execute(
            select(SubmissionRow, TalentRow.nip)
            .join(TalentRow, shapes.OF_SUBMISSION)
            .where(SubmissionRow.id == submission_id, *(SCOPES[name] for name in scope))
            .with_for_update(of=SubmissionRow),
            scope,
        )
    ).one_or_none()
    if found is None:
        raise NotFound("submission.not_found")
    row, nip = found
    must_be_unchanged(expected, row.revision)
    decisions = (
        await tx.scalars(
            select(SubmissionDecisionRow)
            .where(SubmissionDecisionRow.submission_id == submission_id)
            .order_by(SubmissionDecisionRow.ordinal)
        )
    ).all()
    last = [Decided(Decision(one.decision), one.role, one.subject, Rung(one.rung)) for one in decisions[-1:]]
    standing = Standing(State(row.state), Rung(row.rung), nip, row.submitted_by, *last)
    return _Held(row, standing, len(decisions))


def _decide(tx: AsyncSession, db: Database, actor: Actor, held: _Held, *, decision: Decision, **why: str) -> None:
    """Add to what was decided about a submission, which is never changed."""
    tx.add(
        SubmissionDecisionRow(
            institution_id=actor.institution_id,
            submission_id=held.row.id,
            ordinal=held.decisions + 1,
            decided_at=db.now(),
            role=actor.role.value,
            subject=actor.subject,
            decision=decision.value,
            rung=held.row.rung,
            **why,
        )
    )


async def _accept(tx: AsyncSession, db: Database, actor: Actor, row: SubmissionRow) -> None:
    """A submission verified by HR becomes evidence, takes the place of what it corrects, and counts from now on."""
    await _must_add_something(tx, row)
    await tx.flush()
    row.evidence_id = await submitted_evidence.become_evidence(tx, row.institution_id, row.id, Kind(row.kind))
    row.state = State.ACCEPTED.value
    await _place_again(tx, db, actor, row.talent_id)


async def _place_again(tx: AsyncSession, db: Database, actor: Actor, talent_id: UUID) -> None:
    """Make the placement of a talent whose evidence changed anew."""
    institution = await imports._hold_institution(tx, actor)  # noqa: SLF001 - a service composes another's steps
    active = await placements._active_rubric(tx)  # noqa: SLF001
    as_of = institution.as_of or db.today()
    await placements._place_again(tx, actor, institution, active.rubric, as_of, talent_id)  # noqa: SLF001


# ── reads


async def submission_document(
    db: Database, actor: Actor, submission_id: UUID, wanted: Selection | None = None
) -> Document:
    """One submission: what is declared, on which rung it stands, who decided and why."""
    actor.require(Permission.SUBMIT_OWN_EVIDENCE, Permission.VERIFY_EVIDENCE_OF_UNIT, Permission.VERIFY_EVIDENCE)
    purpose = purpose_within(actor.role, actor.purpose)
    document = await db.view_as(actor, purpose, shapes.SUBMISSION, wanted, id=submission_id, **_scope_of(actor))
    if document is None:
        raise NotFound("submission.not_found")
    return document


async def submissions_page(
    db: Database,
    actor: Actor,
    chosen: SubmissionFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """Submissions, oldest first: one's own, those of a verifier's unit and the units below it, or all for HR."""
    actor.require(Permission.SUBMIT_OWN_EVIDENCE, Permission.VERIFY_EVIDENCE_OF_UNIT, Permission.VERIFY_EVIDENCE)
    conditions = (chosen or SubmissionFilter()).model_dump(exclude_none=True)
    must_be_one_of(SUBMITTABLE, "kind", conditions.get("kind"))
    cursor, scope = named_cursor(after), _scope_of(actor)
    return await db.page_as(actor, shapes.SUBMISSIONS, wanted, page_size(first), cursor, **conditions, **scope)


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attached document as it was sent; `media_type` is what its first bytes say."""

    name: str
    media_type: str
    content: bytes


async def submission_attachment(db: Database, actor: Actor, submission_id: UUID) -> Attachment:
    """The document attached to a submission, for whoever may read the submission; the look leaves a receipt."""
    actor.require(Permission.SUBMIT_OWN_EVIDENCE, Permission.VERIFY_EVIDENCE_OF_UNIT, Permission.VERIFY_EVIDENCE)
    scope, row = _scope_of(actor), SubmissionDocumentRow
    whose = TalentRow.institution_id.label("institution"), TalentRow.id.label("talent_id"), TalentRow.nip
    viewed = (
        select(row.name, row.media_type, row.content, *whose)
        .join(SubmissionRow, shapes.WITH_DOCUMENT)
        .join(TalentRow, shapes.OF_SUBMISSION)
        .where(SubmissionRow.id == submission_id, *(SCOPES[name] for name in scope))
        .cte("viewed")
    )
    told = select(viewed.c.name, viewed.c.media_type, viewed.c.content).add_cte(receipt_of(viewed, "AttachedDocument"))
    seen_by = viewer(actor, purpose_within(actor.role, actor.purpose))
    async with db.write_as(actor) as tx:
        found = (await tx.execute(told, {**scope, **seen_by})).one_or_none()
    if found is None:
        raise NotFound("document.not_found")
    return Attachment(*found)
