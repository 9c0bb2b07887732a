"""Conflicts with SIASN: where theirs contradicts what our side verified, somebody decides which of the two counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import siasn_held, siasn_taken, staging
from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes import siasn_conflicts as shapes
from app.db.siasn_held import HeldEvidence
from app.db.tables.siasn_records import SiasnRecordRow
from app.db.tables.siasn_syncs import SiasnConflictRow, SiasnSyncRow
from app.db.tables.talents import TalentRow
from app.domain.actors import Actor, Permission
from app.domain.errors import Conflict, NotFound
from app.domain.evidence import Kind
from app.domain.revisions import Expected, must_be_unchanged
from app.domain.siasn_events import SiasnConflictDecided
from app.domain.siasn_syncs import Decision, Outcome, Reason, Standing, must_wait
from app.services import placements, siasn_taking
from app.services.contract import Command, StorableText, must_say_something, named_cursor, page_size
from app.services.siasn_comparing import complete_row, rows_of
from app.services.siasn_pulls import Asked, Turn
from app.services.siasn_readings import Person, ReadRow, merge_person, read_history, row_from
from app.services.siasn_taking import Frame, staged_rows
from app.siasn import mapping, wire
from app.siasn.mapping import Mapped
from app.siasn.replies import Found

Note = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=2000), AfterValidator(must_say_something)
]


class DecideSiasnConflict(Command):
    """Which side counts, or who is asked first."""

    decision: Decision = Field(strict=False)
    note: Note | None = Field(None, description="Why, or what is asked; needed to ask.")
    ask_whom: Note | None = Field(None, description="Who is asked; needed to ask, and for nothing else.")

    @model_validator(mode="after")
    def _asks_somebody(self) -> DecideSiasnConflict:
        asks = self.decision is Decision.ASK
        if asks != (self.ask_whom is not None) or (asks and self.note is None):
            raise PydanticCustomError("siasn.ask", "who is asked and what; and nobody where it is decided")
        return self


class SiasnConflictFilter(Command):
    """Which conflicts to list; what is not given does not restrict."""

    standing: Standing | None = Field(None, strict=False)
    reason: Reason | None = Field(None, strict=False)
    sync_id: UUID | None = Field(None, strict=False)
    nip: StorableText | None = Field(None, max_length=18)


# ── writes


async def decide_siasn_conflict(
    db: Database, actor: Actor, conflict_id: UUID, command: DecideSiasnConflict, *, expected: Expected | None = None
) -> None:
    """Keep ours, take theirs, or ask somebody. Theirs counts at once; the same difference is not asked again.

    Refused where it is decided already, or a side has changed since.
    """
    actor.require(Permission.DECIDE_SIASN_CONFLICTS)
    async with db.write_as(actor) as tx:
        sync = await _sync_of(tx, actor, conflict_id)
        # before the conflict, as a sync does
        frame = await siasn_taking._open_frame(tx, actor, sync, db.today(), db.now())  # noqa: SLF001
        conflict = await tx.get_one(SiasnConflictRow, (actor.institution_id, conflict_id), with_for_update=True)
        await tx.refresh(conflict)
        must_be_unchanged(expected, conflict.revision)
        must_wait(Standing(conflict.standing))
        if command.decision is Decision.TAKE_THEIRS:
            await _take_theirs(tx, frame, conflict)
        asks = command.decision is Decision.ASK
        conflict.standing = (Standing.ASKED if asks else Standing.DECIDED).value
        conflict.decision, conflict.note = command.decision.value, command.note
        conflict.asked_whom = command.ask_whom or conflict.asked_whom
        conflict.decided_by, conflict.decided_at = actor.subject, db.now()
        decided = SiasnConflictDecided(conflict_id, conflict.talent_id, conflict.reason, command.decision.value)
        await record(tx, actor, decided)


async def _sync_of(tx: AsyncSession, actor: Actor, conflict_id: UUID) -> SiasnSyncRow:
    """The sync that found a conflict; it has brought something, and so has its import."""
    found = select(SiasnConflictRow.sync_id).where(SiasnConflictRow.id == conflict_id)
    sync_id = await tx.scalar(found)
    if sync_id is None:
        raise NotFound("siasn_conflict.not_found")
    return await tx.get_one(SiasnSyncRow, (actor.institution_id, sync_id))


async def _take_theirs(tx: AsyncSession, frame: Frame, conflict: SiasnConflictRow) -> None:
    talent_id = conflict.talent_id
    if conflict.kind is None:
        await _take_post(tx, frame, talent_id)
    else:
        await _take_row(tx, frame, conflict, Kind(conflict.kind))
    rubric = frame.rubric.rubric
    await placements._place_some(tx, frame.actor, frame.institution, rubric, frame.as_of, (talent_id,))  # noqa: SLF001


async def _take_row(tx: AsyncSession, frame: Frame, conflict: SiasnConflictRow, kind: Kind) -> None:
    """Their row stands as if it came today, and what stood instead of it is withdrawn; their other rows stay."""
    talent = await tx.get_one(TalentRow, (frame.institution_id, conflict.talent_id))
    held = (await siasn_held.held_evidence(tx, frame.institution_id, kind, [talent.id])).get(talent.id, [])
    person, told = await _told(tx, frame, talent.id, talent.nip, kind, held)
    row = next((one for one in told if f"{one.history}:{one.row_id}" == conflict.topic), None)
    if row is None or row.row_key != conflict.row_key:
        raise Conflict("siasn_conflict.over")
    by_key = {one.row_key: one for one in held}
    overruled_by = by_key[row.row_key].overruled_by if row.row_key in by_key else None
    await siasn_taken.give_way(tx, frame.institution_id, frame.import_id, kind, talent.id, row.row_key, overruled_by)
    theirs = {one.row_key for one in held if one.stands and one.submission_id is None}
    stage = staging.EVIDENCE[kind]
    await stage.open(tx)
    delivered = [(person, one) for one in told if one is row or one.row_key in theirs]
    await stage.add(tx, staged_rows(stage, delivered))
    await staging.merge_evidence(tx, frame.institution_id, frame.import_id, kind)


async def _told(
    tx: AsyncSession, frame: Frame, talent_id: UUID, nip: str, kind: Kind, held: Sequence[HeldEvidence]
) -> tuple[Person, list[ReadRow]]:
    """All rows of a kind about somebody as SIASN told them last."""
    asked = Asked(Turn(0, nip, is_part_time=False), Found(()), {}, ())
    person = Person(asked, Outcome.UNCHANGED, talent_id)
    for _, history, row_id, body in await siasn_held.held_bodies(tx, frame.institution_id, [kind], [talent_id]):
        person.rows.setdefault(history, []).append(row_from(history, row_id, body))
    records = await siasn_held.held_records(tx, frame.institution_id, [talent_id])
    for history in person.rows:
        read_history(person, history)
    told = list(rows_of(person, kind))
    for row in told:
        complete_row(kind, row, held, records[talent_id, row.history, row.row_id].row_key)
    return person, told


async def _take_post(tx: AsyncSession, frame: Frame, talent_id: UUID) -> None:
    """The post that SIASN names counts, and the one that our decree gave is given up."""
    profile = await tx.scalar(
        select(SiasnRecordRow.body).where(
            SiasnRecordRow.talent_id == talent_id,
            SiasnRecordRow.history == wire.PERSON,
            SiasnRecordRow.withdrawn_at.is_(None),
        )
    )
    told = None if profile is None else mapping.talent_of(profile, frame.terms.institution, frame.terms.active)
    if not isinstance(told, Mapped):
        raise Conflict("siasn_conflict.over")
    talent = await tx.get_one(TalentRow, (frame.institution_id, talent_id))
    held = (await siasn_held.held_talents(tx, frame.institution_id, [talent.nip]))[talent.nip]
    asked = Asked(Turn(0, talent.nip, is_part_time=False), Found(()), {}, ())
    person = Person(asked, Outcome.UNCHANGED, talent_id, told.values)
    merge_person(person, held, frame.terms, keeps_post=False)
    await siasn_taking._merge_talents(tx, frame, [person])  # noqa: SLF001
    await siasn_taken.forget_decrees(tx, frame.institution_id, [talent_id], frame.as_of)
    await siasn_taking._place_holders(tx, frame, [talent_id])  # noqa: SLF001


# ── reads


async def siasn_conflict_document(
    db: Database, actor: Actor, conflict_id: UUID, wanted: Selection | None = None
) -> Document:
    """One conflict: what each side says, why theirs was not taken over, and what was decided."""
    actor.require(Permission.SYNC_SIASN)
    document = await db.document_as(actor, shapes.SIASN_CONFLICT, wanted, id=conflict_id)
    if document is None:
        raise NotFound("siasn_conflict.not_found")
    return document


async def siasn_conflicts_page(
    db: Database,
    actor: Actor,
    chosen: SiasnConflictFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """The conflicts of the institution, oldest first."""
    actor.require(Permission.SYNC_SIASN)
    conditions = (chosen or SiasnConflictFilter()).model_dump(exclude_none=True)
    cursor = named_cursor(after)
    return await db.page_as(actor, shapes.SIASN_CONFLICTS, wanted, page_size(first), cursor, **conditions)
