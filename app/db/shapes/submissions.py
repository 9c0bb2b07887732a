"""What documents about submissions can contain: what is declared, how far it has come, who decided and why."""

from __future__ import annotations

from sqlalchemy import Column as TableColumn
from sqlalchemy import Text, Uuid, and_, bindparam, case, cast, func, literal_column
from sqlalchemy.orm import InstrumentedAttribute

from app.db.classes import highest_of, rule_for
from app.db.documents import Field, Items, Object, Pages, Shape, Value
from app.db.shapes.formats import instant
from app.db.shapes.schemas import (
    ID,
    INSTANT,
    INTEGER,
    NULLABLE_INTEGER,
    NULLABLE_TEXT,
    RUNG,
    TEXT,
)
from app.db.shapes.scopes import SCOPES, of_unit
from app.db.shapes.sentences import said
from app.db.shapes.talents import HISTORIES, TALENT_FIELDS
from app.db.staging import TABLES
from app.db.tables.submissions import SubmissionDecisionRow, SubmissionDocumentRow, SubmissionRow
from app.db.tables.talents import TalentRow
from app.db.withholding import WITHHELD
from app.domain.actors import Permission
from app.domain.evidence import Kind
from app.domain.ladder import SUBMITTABLE, Decision, RefusalReason, Rung, State

_submission, _talent = SubmissionRow.__table__, TalentRow.__table__
WITH_DOCUMENT = and_(
    SubmissionDocumentRow.institution_id == SubmissionRow.institution_id,
    SubmissionDocumentRow.submission_id == SubmissionRow.id,
)
OF_SUBMISSION = and_(SubmissionRow.institution_id == TalentRow.institution_id, SubmissionRow.talent_id == TalentRow.id)


def _content(kind: Kind) -> Object:
    """What a submission of the kind declares: the fields of a row in the talent's history, null for other kinds.

    Who is asked to verify it sees it, as the attached document: nobody can verify what is withheld.
    """
    table = TABLES[kind]
    history = next(items for items in HISTORIES.values() if isinstance(items, Items) and items.source is table)
    columns = [TableColumn(column.name, column.type, info=column.info) for column in table.columns]
    row = func.jsonb_populate_record(literal_column(f'NULL::"{table.name}"'), SubmissionRow.content)
    told = row.table_valued(*columns, name=f"told_{table.name}")
    fields: dict[str, Field] = {
        name: Value(told.c[field.sql.key], field.schema)
        for name, field in history.fields.items()
        if isinstance(field, Value) and isinstance(field.sql, InstrumentedAttribute) and name not in ("id", "rung")
    }
    needs = rule_for(highest_of(table.columns), None, Permission.VERIFY_EVIDENCE_OF_UNIT)
    return Object(f"{history.type}Content", fields, told, SubmissionRow.kind == kind.value, needs=needs)


_DECISION = Items(
    "SubmissionDecision",
    {
        "decision": Value(
            SubmissionDecisionRow.decision, {"type": "string", "enum": [decision.value for decision in Decision]}
        ),
        "rung": Value(SubmissionDecisionRow.rung, RUNG),
        "role": Value(SubmissionDecisionRow.role, TEXT),
        "by": Value(SubmissionDecisionRow.subject, TEXT),
        "decidedAt": Value(instant(SubmissionDecisionRow.decided_at), INSTANT),
        "reason": Value(SubmissionDecisionRow.reason, NULLABLE_TEXT),
        "comment": Value(SubmissionDecisionRow.comment, NULLABLE_TEXT),
        "detail": said(
            {one.value: one.sentence_code for one in (*Rung, *RefusalReason)},
            func.coalesce(SubmissionDecisionRow.reason, SubmissionDecisionRow.rung),
        ),
    },
    SubmissionDecisionRow.__table__,
    and_(
        SubmissionDecisionRow.institution_id == SubmissionRow.institution_id,
        SubmissionDecisionRow.submission_id == SubmissionRow.id,
    ),
    (SubmissionDecisionRow.ordinal,),
)
_DOCUMENT = Object(
    "AttachedDocument",
    {
        "name": Value(SubmissionDocumentRow.name, TEXT),
        "mediaType": Value(SubmissionDocumentRow.media_type, TEXT),
        "size": Value(SubmissionDocumentRow.size, INTEGER),
        "sha256": Value(SubmissionDocumentRow.sha256, TEXT),
    },
    SubmissionDocumentRow.__table__,
    WITH_DOCUMENT,
)
_submitted_at = instant(SubmissionRow.submitted_at)
_sentences = {one.value: one.sentence_code for one in (*Rung, *State) if one is not State.SUBMITTED}
_standing = case((SubmissionRow.state == State.SUBMITTED.value, SubmissionRow.rung), else_=SubmissionRow.state)

SUBMISSION = Shape(
    "Submission",
    _submission.join(_talent, OF_SUBMISSION),
    {
        "id": Value(SubmissionRow.id, ID),
        "revision": Value(SubmissionRow.revision, INTEGER),
        "talent": Object(
            "Submitter",
            {"nip": Value(TalentRow.nip, TEXT), "name": Value(TalentRow.name, TEXT), "unit": TALENT_FIELDS["unit"]},
        ),
        "kind": Value(SubmissionRow.kind, TEXT),
        "content": Object("SubmissionContent", {kind.value: _content(kind) for kind in SUBMITTABLE}),
        "corrects": Value(SubmissionRow.corrects, NULLABLE_INTEGER),
        "state": Value(SubmissionRow.state, {"type": "string", "enum": [state.value for state in State]}),
        "rung": Value(SubmissionRow.rung, RUNG),
        "detail": said(_sentences, _standing),
        "submittedBy": Value(SubmissionRow.submitted_by, TEXT),
        "submittedAt": Value(_submitted_at, INSTANT),
        "document": _DOCUMENT,
        "decisions": _DECISION,
        "evidenceId": Value(SubmissionRow.evidence_id, NULLABLE_INTEGER),
        "withheld": WITHHELD,
    },
    rooted=lambda actor: SubmissionRow.institution_id == cast(actor.c.institution, Uuid),
    conditions={
        "id": SubmissionRow.id == bindparam("id", type_=Uuid),
        "kind": SubmissionRow.kind == bindparam("kind", type_=Text),
        "state": SubmissionRow.state == bindparam("state", type_=Text),
        "rung": SubmissionRow.rung == bindparam("rung", type_=Text),
        "unit": of_unit("unit"),
        **SCOPES,
    },
)
SUBMISSIONS = Pages("Submission", SUBMISSION, (_submitted_at, SubmissionRow.id))
