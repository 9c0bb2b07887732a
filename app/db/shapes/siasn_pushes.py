"""What documents about placements handed over to SIASN can contain."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Text, Uuid, and_, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import array

from app.db.documents import Actor, Condition, JsonSchema, Object, Pages, Shape, Value
from app.db.shapes.formats import instant
from app.db.shapes.parents import OF_SIASN_PUSH
from app.db.shapes.schemas import (
    BOOLEAN,
    ID,
    INSTANT,
    INTEGER,
    NULLABLE_INSTANT,
    NULLABLE_TEXT,
    TEXT,
)
from app.db.shapes.sentences import said
from app.db.tables.cycles import CycleRow
from app.db.tables.siasn_pushes import SiasnPushRow, SiasnReceiptRow
from app.db.tables.talents import TalentRow
from app.domain.siasn_connections import FAILURES
from app.domain.siasn_pushes import JOB_OVER, Outcome, State

_push, _receipt, _talent, _cycle = (row.__table__ for row in (SiasnPushRow, SiasnReceiptRow, TalentRow, CycleRow))
STATE: JsonSchema = {"type": "string", "enum": [state.value for state in State]}
OUTCOME: JsonSchema = {"type": "string", "enum": [outcome.value for outcome in Outcome]}
CODES = {
    code: code
    for code in (
        *FAILURES,
        "siasn.interrupted",
        *(f"siasn_push.{one}" for one in ("refused", "stopped", "restricted", "no_siasn_id", "no_values")),
    )
}
ENDED = {
    code: code for code in (*FAILURES, "siasn.pushes_off", "siasn.not_connected", "siasn.sealed_elsewhere", JOB_OVER)
}


def _count(*outcomes: Outcome) -> ColumnElement[int]:
    """The receipts of a push, or those of some outcomes."""
    mine = and_(
        SiasnReceiptRow.institution_id == SiasnPushRow.institution_id, SiasnReceiptRow.push_id == SiasnPushRow.id
    )
    counted = select(func.count()).where(mine).correlate(_push)
    if outcomes:
        counted = counted.where(SiasnReceiptRow.outcome == func.any(array([one.value for one in outcomes])))
    return counted.scalar_subquery()


_why = SiasnPushRow.error["code"].astext
PUSH = Shape(
    "SiasnPush",
    _push,
    {
        "id": Value(SiasnPushRow.id, ID),
        "cycle": Object(
            "SiasnPushCycle",
            {"id": Value(CycleRow.id, ID), "name": Value(CycleRow.name, TEXT)},
            _cycle,
            and_(CycleRow.institution_id == SiasnPushRow.institution_id, CycleRow.id == SiasnPushRow.cycle_id),
        ),
        "state": Value(SiasnPushRow.state, STATE),
        "repeatsUnknown": Value(SiasnPushRow.repeats_unknown, BOOLEAN),
        "by": Value(SiasnPushRow.subject, TEXT),
        "queuedAt": Value(instant(SiasnPushRow.queued_at), INSTANT),
        "startedAt": Value(instant(SiasnPushRow.started_at), NULLABLE_INSTANT),
        "finishedAt": Value(instant(SiasnPushRow.finished_at), NULLABLE_INSTANT),
        "people": Value(_count(), INTEGER),
        "waiting": Value(_count(Outcome.WAITING, Outcome.SENDING), INTEGER),
        "accepted": Value(_count(Outcome.ACCEPTED), INTEGER),
        "refused": Value(_count(Outcome.REFUSED), INTEGER),
        "unknown": Value(_count(Outcome.UNKNOWN), INTEGER),
        "notSent": Value(_count(Outcome.NOT_SENT), INTEGER),
        "error": Object(
            "SiasnPushError",
            {"code": Value(_why, TEXT), "detail": said(ENDED, _why)},
            on=SiasnPushRow.error.is_not(None),
        ),
    },
    rooted=lambda actor: SiasnPushRow.institution_id == cast(actor.c.institution, Uuid),
    conditions={"id": SiasnPushRow.id == bindparam("id", type_=Uuid)},
)
PUSHES = Pages("SiasnPush", PUSH, (instant(SiasnPushRow.queued_at), SiasnPushRow.id), descending=True)


def _owned(actor: Actor) -> Condition:
    return SiasnReceiptRow.institution_id == cast(actor.c.institution, Uuid)


RECEIPT = Shape(
    "SiasnReceipt",
    _receipt.join(
        _talent,
        and_(TalentRow.institution_id == SiasnReceiptRow.institution_id, TalentRow.id == SiasnReceiptRow.talent_id),
    ),
    {
        "nip": Value(TalentRow.nip, TEXT),
        "name": Value(TalentRow.name, TEXT),
        "outcome": Value(SiasnReceiptRow.outcome, OUTCOME),
        "code": Value(SiasnReceiptRow.code, NULLABLE_TEXT),
        "detail": Object("Sentence", said(CODES, SiasnReceiptRow.code).fields, on=SiasnReceiptRow.code.is_not(None)),
        "box": Value(SiasnReceiptRow.box, INTEGER),
        "x": Value(SiasnReceiptRow.x, NULLABLE_TEXT),
        "y": Value(SiasnReceiptRow.y, NULLABLE_TEXT),
        "total": Value(SiasnReceiptRow.total, NULLABLE_TEXT),
        "siasnId": Value(SiasnReceiptRow.siasn_id, NULLABLE_TEXT),
        "message": Value(SiasnReceiptRow.message, NULLABLE_TEXT),
        "sentAt": Value(instant(SiasnReceiptRow.sent_at), NULLABLE_INSTANT),
        "answeredAt": Value(instant(SiasnReceiptRow.answered_at), NULLABLE_INSTANT),
    },
    rooted=_owned,
    conditions={
        "push_id": SiasnReceiptRow.push_id == bindparam("push_id", type_=Uuid),
        "outcome": SiasnReceiptRow.outcome == bindparam("outcome", type_=Text),
    },
)
RECEIPTS = Pages("SiasnReceipt", RECEIPT, (TalentRow.name, SiasnReceiptRow.id), parent=OF_SIASN_PUSH)
