"""What documents about conflicts with SIASN can contain: both sides, why it is one, and what was decided."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Text, Uuid, and_, bindparam, cast

from app.db.classes import DataClass, rule_for
from app.db.documents import JsonSchema, Object, Pages, Shape, Value
from app.db.shapes.formats import instant
from app.db.shapes.found_json import listed_in
from app.db.shapes.schemas import ID, INSTANT, INTEGER, NULLABLE_INSTANT, NULLABLE_TEXT, TEXT
from app.db.shapes.sentences import said
from app.db.shapes.siasn_syncs import difference_items
from app.db.tables.siasn_syncs import SiasnConflictRow
from app.db.tables.talents import TalentRow
from app.db.withholding import WITHHELD
from app.domain.siasn_syncs import Decision, Reason, Standing

STANDING: JsonSchema = {"type": "string", "enum": [one.value for one in Standing]}
REASON: JsonSchema = {"type": "string", "enum": [one.value for one in Reason]}
DECISION: JsonSchema = {"type": ["string", "null"], "enum": [*(one.value for one in Decision), None]}
_found_at = instant(SiasnConflictRow.found_at)
_difference = listed_in(SiasnConflictRow.differences, "difference")
_SPECIFIC = rule_for(DataClass.SPECIFIC)
_differences = replace(difference_items(_difference), needs=_SPECIFIC)

SIASN_CONFLICT = Shape(
    "SiasnConflict",
    SiasnConflictRow.__table__.join(
        TalentRow.__table__,
        and_(SiasnConflictRow.institution_id == TalentRow.institution_id, SiasnConflictRow.talent_id == TalentRow.id),
    ),
    {
        "id": Value(SiasnConflictRow.id, ID),
        "revision": Value(SiasnConflictRow.revision, INTEGER),
        "talent": Object(
            "SiasnConflictTalent", {"nip": Value(TalentRow.nip, TEXT), "name": Value(TalentRow.name, TEXT)}
        ),
        "syncId": Value(SiasnConflictRow.sync_id, ID),
        # of what kind it is tells that there is a sanction
        "topic": Value(SiasnConflictRow.topic, NULLABLE_TEXT, _SPECIFIC),
        "kind": Value(SiasnConflictRow.kind, NULLABLE_TEXT, _SPECIFIC),
        "reason": Value(SiasnConflictRow.reason, REASON),
        "detail": said({one.value: one.sentence_code for one in Reason}, SiasnConflictRow.reason),
        "differences": _differences,
        "foundAt": Value(_found_at, INSTANT),
        "standing": Value(SiasnConflictRow.standing, STANDING),
        "decision": Value(SiasnConflictRow.decision, DECISION),
        "askedWhom": Value(SiasnConflictRow.asked_whom, NULLABLE_TEXT),
        "note": Value(SiasnConflictRow.note, NULLABLE_TEXT),
        "decidedBy": Value(SiasnConflictRow.decided_by, NULLABLE_TEXT),
        "decidedAt": Value(instant(SiasnConflictRow.decided_at), NULLABLE_INSTANT),
        "withheld": WITHHELD,
    },
    rooted=lambda actor: SiasnConflictRow.institution_id == cast(actor.c.institution, Uuid),
    conditions={
        "id": SiasnConflictRow.id == bindparam("id", type_=Uuid),
        "standing": SiasnConflictRow.standing == bindparam("standing", type_=Text),
        "reason": SiasnConflictRow.reason == bindparam("reason", type_=Text),
        "sync_id": SiasnConflictRow.sync_id == bindparam("sync_id", type_=Uuid),
        "nip": TalentRow.nip == bindparam("nip", type_=Text),
    },
)
SIASN_CONFLICTS = Pages("SiasnConflict", SIASN_CONFLICT, (_found_at, SiasnConflictRow.id))
