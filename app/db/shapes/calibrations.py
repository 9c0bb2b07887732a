"""What documents about calibrations can contain."""

from __future__ import annotations

from sqlalchemy import Text, Uuid, and_, bindparam, cast

from app.db.classes import DataClass, rule_for
from app.db.documents import Fields, JsonSchema, Object, Pages, Shape, Value
from app.db.shapes.cycle_placements import reason_of
from app.db.shapes.formats import instant
from app.db.shapes.parents import OF_CYCLE
from app.db.shapes.schemas import ID, INSTANT, INTEGER, NULLABLE_INTEGER, NULLABLE_TEXT, TEXT
from app.db.shapes.scopes import SCOPES
from app.db.tables.calibrations import CalibrationRow
from app.db.tables.talents import TalentRow
from app.db.withholding import WITHHELD
from app.domain.calibration import State
from app.domain.evidence import Kind

_calibration, _talent = CalibrationRow.__table__, TalentRow.__table__
_second = _calibration.alias("second")
STATE: JsonSchema = {"type": "string", "enum": [state.value for state in State]}
TALENT_NAME: Fields = {"nip": Value(TalentRow.nip, TEXT), "name": Value(TalentRow.name, TEXT)}
_moved_at = instant(CalibrationRow.moved_at)
_SANCTION = rule_for(DataClass.SPECIFIC, CalibrationRow.evidence_kind == Kind.SANCTION.value)

CALIBRATION = Shape(
    "Calibration",
    _calibration.join(
        _talent,
        and_(TalentRow.institution_id == CalibrationRow.institution_id, TalentRow.id == CalibrationRow.talent_id),
    ),
    {
        "id": Value(CalibrationRow.id, ID),
        "revision": Value(CalibrationRow.revision, INTEGER),
        "cycleId": Value(CalibrationRow.cycle_id, ID),
        "talent": Object("TalentName", TALENT_NAME),
        "state": Value(CalibrationRow.state, STATE),
        "computedBox": Value(CalibrationRow.computed_box, INTEGER),
        "fromBox": Value(CalibrationRow.from_box, INTEGER),
        "toBox": Value(CalibrationRow.to_box, INTEGER),
        "reason": reason_of(CalibrationRow.reason),
        "comment": Value(CalibrationRow.comment, TEXT),
        "evidence": Object(
            "CalibrationEvidence",
            {
                "kind": Value(CalibrationRow.evidence_kind, NULLABLE_TEXT, _SANCTION),
                "id": Value(CalibrationRow.evidence_id, NULLABLE_INTEGER, _SANCTION),
                "text": Value(CalibrationRow.evidence_text, NULLABLE_TEXT, _SANCTION),
            },
        ),
        "by": Value(CalibrationRow.subject, TEXT),
        "role": Value(CalibrationRow.role, TEXT),
        "movedAt": Value(_moved_at, INSTANT),
        "secondPerson": Object(
            "SecondPerson",
            {
                "by": Value(_second.c.second_subject, TEXT),
                "role": Value(_second.c.second_role, TEXT),
                "at": Value(instant(_second.c.second_at), INSTANT),
                "comment": Value(_second.c.second_comment, NULLABLE_TEXT),
            },
            _second,
            and_(
                _second.c.institution_id == CalibrationRow.institution_id,
                _second.c.id == CalibrationRow.id,
                _second.c.second_subject.is_not(None),
            ),
        ),
        "withheld": WITHHELD,
    },
    rooted=lambda actor: CalibrationRow.institution_id == cast(actor.c.institution, Uuid),
    conditions={
        "id": CalibrationRow.id == bindparam("id", type_=Uuid),
        "cycle_id": CalibrationRow.cycle_id == bindparam("cycle_id", type_=Uuid),
        "state": CalibrationRow.state == bindparam("state", type_=Text),
        "nip": TalentRow.nip == bindparam("nip", type_=Text),
        **SCOPES,
    },
)
CALIBRATIONS = Pages("Calibration", CALIBRATION, (_moved_at, CalibrationRow.id), descending=True, parent=OF_CYCLE)
