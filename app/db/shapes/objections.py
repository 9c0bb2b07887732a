"""What documents about objections can contain."""

from __future__ import annotations

from sqlalchemy import Text, Uuid, and_, bindparam, cast

from app.db.documents import JsonSchema, Object, Pages, Shape, Value
from app.db.shapes.calibrations import TALENT_NAME
from app.db.shapes.formats import instant
from app.db.shapes.parents import OF_CYCLE
from app.db.shapes.schemas import ID, INSTANT, INTEGER, NULLABLE_INTEGER, TEXT, TEXTS
from app.db.shapes.scopes import SCOPES
from app.db.tables.objections import ObjectionRow
from app.db.tables.talents import TalentRow
from app.domain.objections import State

_objection, _talent = ObjectionRow.__table__, TalentRow.__table__
_answered = _objection.alias("answered")
STATE: JsonSchema = {"type": "string", "enum": [state.value for state in State]}
_raised_at = instant(ObjectionRow.raised_at)

OBJECTION = Shape(
    "Objection",
    _objection.join(
        _talent,
        and_(TalentRow.institution_id == ObjectionRow.institution_id, TalentRow.id == ObjectionRow.talent_id),
    ),
    {
        "id": Value(ObjectionRow.id, ID),
        "revision": Value(ObjectionRow.revision, INTEGER),
        "cycleId": Value(ObjectionRow.cycle_id, ID),
        "talent": Object("TalentName", TALENT_NAME),
        "text": Value(ObjectionRow.text, TEXT),
        "items": Value(ObjectionRow.items, TEXTS),
        "state": Value(ObjectionRow.state, STATE),
        "raisedAt": Value(_raised_at, INSTANT),
        "boxBefore": Value(ObjectionRow.box_before, NULLABLE_INTEGER),
        "boxAfter": Value(ObjectionRow.box_after, NULLABLE_INTEGER),
        "answer": Object(
            "Answer",
            {
                "text": Value(_answered.c.answer, TEXT),
                "by": Value(_answered.c.answered_by, TEXT),
                "role": Value(_answered.c.answered_role, TEXT),
                "at": Value(instant(_answered.c.answered_at), INSTANT),
            },
            _answered,
            and_(
                _answered.c.institution_id == ObjectionRow.institution_id,
                _answered.c.id == ObjectionRow.id,
                _answered.c.answer.is_not(None),
            ),
        ),
    },
    rooted=lambda actor: ObjectionRow.institution_id == cast(actor.c.institution, Uuid),
    conditions={
        "id": ObjectionRow.id == bindparam("id", type_=Uuid),
        "cycle_id": ObjectionRow.cycle_id == bindparam("cycle_id", type_=Uuid),
        "state": ObjectionRow.state == bindparam("state", type_=Text),
        **SCOPES,
    },
)
OBJECTIONS = Pages("Objection", OBJECTION, (_raised_at, ObjectionRow.id), descending=True, parent=OF_CYCLE)
