"""Rubrics: an institution copies one, edits its draft, and activates it; from then on that version never changes."""

from __future__ import annotations

import json
from typing import Annotated, NamedTuple, TypedDict, cast

from pydantic import Field, WithJsonSchema
from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database, fetch_rows
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.rubric_leaves import leaf_rows
from app.db.shapes import rubrics as shapes
from app.db.tables.institutions import InstitutionRow
from app.db.tables.placements import RubricRow
from app.db.tables.rubrics import RubricDraftRow
from app.domain.actors import Actor, Permission
from app.domain.errors import Conflict, Fault, Invalid, NotFound, PreconditionRequired
from app.domain.events import RubricActivated, RubricCopied, RubricDiscarded, RubricEdited
from app.domain.mapping import unmapped_because
from app.domain.messages import Sentence
from app.domain.revisions import Expected, must_be_unchanged
from app.domain.rubric_document import Json, active_statuses, parse_rubric
from app.services import imports, placements
from app.services.contract import Command, may_be_version, page_size, text_cursor
from app.services.placements import ActiveRubric

Written = Annotated[object, WithJsonSchema({"type": "object"}), Field(description="The whole rubric as it is written.")]


class RubricKey(NamedTuple):
    """Which version of which rubric."""

    code: str
    version: int

    def __str__(self) -> str:
        return f"{self.code}/{self.version}"


class CopyRubric(Command):
    """Copy a rubric to a draft of one's own."""

    code: str = Field(
        max_length=100, description="Of the rubric to copy: a shipped one, or a version or draft of one's own."
    )
    version: int
    name: str | None = Field(
        None,
        pattern=r"^[a-z0-9][a-z0-9-]{0,59}$",
        description="What the code of the copy begins with; that of the copied rubric unless told.",
    )


class EditRubric(Command):
    """Replace what a draft says."""

    document: Written


class CheckRubric(Command):
    """Find what is wrong with a rubric."""

    document: Written


class FaultFound(TypedDict):
    """One thing that is wrong, with its JSON pointer."""

    code: str
    where: str
    detail: Sentence


class RubricCheck(TypedDict):
    """Whether a rubric could be activated, and everything that is wrong with it."""

    valid: bool
    faults: list[FaultFound]


# ── writes


async def copy_rubric(db: Database, actor: Actor, command: CopyRubric) -> RubricKey:
    """Make a draft of a rubric under a code of the institution's own, as its next version."""
    actor.require(Permission.EDIT_RUBRICS)
    source = RubricKey(command.code, command.version)
    async with db.write_as(actor) as tx:
        await imports._hold_institution(tx, actor)  # noqa: SLF001 - one copy at a time: versions are counted
        document = await _written(tx, actor, source)
        copy = await _next_version(tx, actor, command.name or source.code.partition("@")[0])
        now = db.now()
        await tx.execute(
            insert(RubricDraftRow).values(
                institution_id=actor.institution_id,
                **_told({**document, "code": copy.code, "version": copy.version}),
                code=copy.code,
                version=copy.version,
                copied_from_code=source.code,
                copied_from_version=source.version,
                created_at=now,
                created_by=actor.subject,
                edited_at=now,
                edited_by=actor.subject,
            )
        )
        await record(tx, actor, RubricCopied(str(copy), str(source)))
    return copy


async def edit_rubric(
    db: Database, actor: Actor, code: str, version: int, command: EditRubric, *, expected: Expected
) -> RubricKey:
    """Replace what a draft says; refused with every fault of it, and if somebody has edited the draft meanwhile."""
    actor.require(Permission.EDIT_RUBRICS)
    document, key = _checked(command.document), RubricKey(code, version)
    async with db.write_as(actor) as tx:
        draft = await _hold_draft(tx, actor, key, expected)
        if (document["code"], document["version"]) != key:
            fault = Fault("rubric.identity", "/document/code", {"rubric": key})
            raise Invalid("rubric.invalid", faults=(fault,))
        if draft.document != document:
            for name, value in _told(document).items():
                setattr(draft, name, value)
            draft.edited_at, draft.edited_by = db.now(), actor.subject
            await record(tx, actor, RubricEdited(str(key), draft.revision + 1))
    return key


async def discard_rubric(db: Database, actor: Actor, code: str, version: int, *, expected: Expected) -> None:
    """Throw a draft away; refused if somebody has edited it meanwhile."""
    actor.require(Permission.EDIT_RUBRICS)
    key = RubricKey(code, version)
    async with db.write_as(actor) as tx:
        await tx.delete(await _hold_draft(tx, actor, key, expected))
        await record(tx, actor, RubricDiscarded(str(key)))


async def activate_rubric(
    db: Database, actor: Actor, code: str, version: int, *, expected: Expected | None = None
) -> RubricKey:
    """Place everybody by a version from now on; a draft is published first, and never changes again.

    Refused if it is active already, and for a draft that somebody has edited since it was read: of a draft, `expected`
    is what was read.
    """
    actor.require(Permission.ACTIVATE_RUBRIC)
    key = RubricKey(code, version)
    async with db.write_as(actor) as tx:
        institution = await imports._hold_idle_institution(tx, actor)  # noqa: SLF001 - a service composes another's steps
        if (institution.active_rubric_code, institution.active_rubric_version) == key:
            raise Conflict("rubric.active_already", rubric=str(key))
        before = await placements._active_rubric(tx)  # noqa: SLF001
        await _publish_draft(tx, actor, key, expected)
        document = await _published(tx, key)
        if document is None:
            raise NotFound("rubric.not_found", rubric=str(key))
        institution.active_rubric_code, institution.active_rubric_version = key
        previous = RubricKey(before.rubric.code, before.rubric.version)
        await record(tx, actor, RubricActivated(str(key), str(previous)))
        await _place_anew(
            tx, actor, institution, before, ActiveRubric(parse_rubric(document), active_statuses(document))
        )
    return key


async def check_rubric(db: Database, actor: Actor, command: CheckRubric) -> RubricCheck:  # noqa: ARG001 - as every service
    """Everything that is wrong with a rubric as it is written; nothing is stored."""
    actor.require(Permission.EDIT_RUBRICS)
    try:
        parse_rubric(command.document)
    except Invalid as refusal:
        faults = [FaultFound(code=one.code, where=one.where, detail=one.detail) for one in refusal.faults]
        return RubricCheck(valid=False, faults=faults)
    return RubricCheck(valid=True, faults=[])


def _checked(document: object) -> dict[str, object]:
    """What is written, if it is a rubric; otherwise its faults with their pointers into the command."""
    try:
        parse_rubric(document)
    except Invalid as refusal:
        faults = tuple(Fault(one.code, f"/document{one.where}", one.about) for one in refusal.faults)
        raise Invalid(refusal.code, faults=faults) from refusal
    return cast("dict[str, object]", document)


def _told(document: Json) -> dict[str, object]:
    """What is stored of a rubric as it is written."""
    title = cast("Sentence", document["title"])
    return {"title_id": title["id"], "title_en": title["en"], "document": document}


async def _next_version(tx: AsyncSession, actor: Actor, name: str) -> RubricKey:
    """The version after all that the institution has of a rubric of that name."""
    code = f"{name}@{str(actor.institution_id)[:8]}"
    newest = [
        await tx.scalar(select(func.max(row.version)).where(row.code == code)) for row in (RubricRow, RubricDraftRow)
    ]
    return RubricKey(code, 1 + max(version or 0 for version in newest))


async def _hold_draft(tx: AsyncSession, actor: Actor, key: RubricKey, expected: Expected) -> RubricDraftRow:
    """A draft for a change; refused unless it is as it was read."""
    draft = await _find_draft(tx, actor, key, hold=True)
    if draft is None:
        raise NotFound("rubric.draft_not_found", rubric=str(key))
    must_be_unchanged(expected, draft.revision)
    return draft


async def _find_draft(tx: AsyncSession, actor: Actor, key: RubricKey, *, hold: bool) -> RubricDraftRow | None:
    if not may_be_version(*key):
        return None
    return await tx.get(RubricDraftRow, (actor.institution_id, *key), with_for_update=hold)


async def _published(tx: AsyncSession, key: RubricKey) -> Json | None:
    if not may_be_version(*key):
        return None
    document: Json | None = await tx.scalar(
        select(RubricRow.document).where(RubricRow.code == key.code, RubricRow.version == key.version)
    )
    return document


async def _written(tx: AsyncSession, actor: Actor, key: RubricKey) -> Json:
    """What a version or a draft says that the institution may read."""
    if (document := await _published(tx, key)) is None:
        draft = await _find_draft(tx, actor, key, hold=False)
        document = None if draft is None else draft.document
    if document is None:
        raise NotFound("rubric.not_found", rubric=str(key))
    return document


async def _publish_draft(tx: AsyncSession, actor: Actor, key: RubricKey, expected: Expected | None) -> None:
    """A draft becomes a version that nobody can change any more."""
    if await _find_draft(tx, actor, key, hold=False) is None:
        return
    if expected is None:
        raise PreconditionRequired("precondition.required")
    draft = await _hold_draft(tx, actor, key, expected)
    leaves = json.dumps(leaf_rows(draft.document))
    await tx.execute(
        text("SELECT publish_rubric(:code, :version, CAST(:leaves AS jsonb))"), {**key._asdict(), "leaves": leaves}
    )
    await tx.delete(draft)


async def _place_anew(
    tx: AsyncSession, actor: Actor, institution: InstitutionRow, before: ActiveRubric, after: ActiveRubric
) -> None:
    """The present map by another rubric: who is on it, and where everybody stands."""
    if institution.as_of is None:
        return
    if before.active_statuses != after.active_statuses:
        await _map_anew(tx, institution, after)
    institution.rubric_code, institution.rubric_version = after.rubric.code, after.rubric.version
    await placements._place_everybody(  # noqa: SLF001
        tx, actor, institution, after.rubric, institution.as_of, lambda _what, _done, _all: None
    )


async def _map_anew(tx: AsyncSession, institution: InstitutionRow, rubric: ActiveRubric) -> None:
    """Who is on the map by the rubric's statuses; people whose record says the same are decided together."""
    told = await fetch_rows(
        tx,
        """SELECT DISTINCT legal_status_id, legal_status, working_institution FROM talent WHERE institution_id = $1""",
        institution.id,
    )
    because = [
        unmapped_because(status_id, status, working, institution.name, rubric.active_statuses)
        for status_id, status, working in told
    ]
    await fetch_rows(
        tx,
        """UPDATE talent t SET is_mapped = m.because IS NULL, unmapped_because = m.because
           FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS m (id, name, working, because)
           WHERE t.institution_id = $1 AND t.legal_status_id IS NOT DISTINCT FROM m.id
           AND t.legal_status IS NOT DISTINCT FROM m.name AND t.working_institution IS NOT DISTINCT FROM m.working
           AND t.unmapped_because IS DISTINCT FROM m.because""",
        institution.id,
        *([alike[place] for alike in told] for place in range(3)),
        because,
    )


# ── reads


async def rubric_document(
    db: Database, actor: Actor, code: str, version: int, wanted: Selection | None = None
) -> Document:
    """A version of a rubric, whole: weights, bands, windows, standards, cut points. Another institution's is absent."""
    actor.require(Permission.READ_RUBRICS)
    found = None
    if may_be_version(code, version):
        found = await db.document_as(actor, shapes.RUBRIC, wanted, code=code, version=version)
    if found is None:
        raise NotFound("rubric.not_found", rubric=f"{code}/{version}")
    return found


async def rubrics_page(
    db: Database, actor: Actor, first: int | None = None, after: str | None = None, wanted: Selection | None = None
) -> Document:
    """The versions that an institution can activate or copy: the shipped ones and its own, by code."""
    actor.require(Permission.READ_RUBRICS)
    return await db.page_as(actor, shapes.RUBRICS, wanted, page_size(first), text_cursor(after))


async def rubric_draft_document(
    db: Database, actor: Actor, code: str, version: int, wanted: Selection | None = None
) -> Document:
    """A draft of the own institution, whole, with its revision and who edited it last."""
    actor.require(Permission.EDIT_RUBRICS, Permission.ACTIVATE_RUBRIC)
    found = None
    if may_be_version(code, version):
        found = await db.document_as(actor, shapes.RUBRIC_DRAFT, wanted, code=code, version=version)
    if found is None:
        raise NotFound("rubric.draft_not_found", rubric=f"{code}/{version}")
    return found


async def rubric_drafts_page(
    db: Database, actor: Actor, first: int | None = None, after: str | None = None, wanted: Selection | None = None
) -> Document:
    """The drafts of the own institution, by code."""
    actor.require(Permission.EDIT_RUBRICS, Permission.ACTIVATE_RUBRIC)
    return await db.page_as(actor, shapes.RUBRIC_DRAFTS, wanted, page_size(first), text_cursor(after))
