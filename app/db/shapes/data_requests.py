"""What documents about requests of data subjects can contain, and what such a request does to other documents."""

from __future__ import annotations

from sqlalchemy import Boolean, Text, Uuid, and_, bindparam, cast, func, or_

from app.db.documents import JsonSchema, Object, Pages, Shape, Value
from app.db.shapes.calibrations import TALENT_NAME
from app.db.shapes.formats import instant
from app.db.shapes.schemas import BOOLEAN, ID, INSTANT, NULLABLE_INSTANT, NULLABLE_TEXT, TEXT
from app.db.shapes.scopes import SCOPES
from app.db.tables.data_requests import DataRequestRow
from app.db.tables.talents import TalentRow
from app.domain.data_requests import IN_EFFECT, Kind, Outcome, State

_request, _talent = DataRequestRow.__table__, TalentRow.__table__
_answered, _lifted = _request.alias("answered"), _request.alias("lifted")
# a pattern and no enumeration: GraphQL has no names with a hyphen
KIND: JsonSchema = {"type": "string", "pattern": f"^({'|'.join(Kind)})$"}
STATE: JsonSchema = {"type": "string", "enum": [state.value for state in State]}
OUTCOME: JsonSchema = {"type": "string", "enum": [outcome.value for outcome in Outcome]}
_due_at = instant(DataRequestRow.due_at)
_is_overdue = and_(DataRequestRow.state == State.OPEN.value, DataRequestRow.due_at < func.now())
_is_in_effect = or_(
    *(
        and_(DataRequestRow.kind == kind.value, DataRequestRow.state == state.value)
        for kind, states in IN_EFFECT.items()
        for state in sorted(states)
    )
)

DATA_REQUEST = Shape(
    "DataRequest",
    _request.join(
        _talent,
        and_(TalentRow.institution_id == DataRequestRow.institution_id, TalentRow.id == DataRequestRow.talent_id),
    ),
    {
        "id": Value(DataRequestRow.id, ID),
        "talent": Object("TalentName", TALENT_NAME),
        "kind": Value(DataRequestRow.kind, KIND),
        "statement": Value(DataRequestRow.statement, TEXT),
        "about": Value(DataRequestRow.about, NULLABLE_TEXT),
        "shouldSay": Value(DataRequestRow.should_say, NULLABLE_TEXT),
        "state": Value(DataRequestRow.state, STATE),
        "isInEffect": Value(_is_in_effect, BOOLEAN),
        "raisedAt": Value(instant(DataRequestRow.raised_at), INSTANT),
        "dueAt": Value(_due_at, INSTANT),
        "isOverdue": Value(_is_overdue, BOOLEAN),
        "answer": Object(
            "DataRequestAnswer",
            {
                "outcome": Value(_answered.c.outcome, OUTCOME),
                "comment": Value(_answered.c.comment, TEXT),
                "reference": Value(_answered.c.reference, NULLABLE_TEXT),
                "by": Value(_answered.c.answered_by, TEXT),
                "role": Value(_answered.c.answered_role, TEXT),
                "at": Value(instant(_answered.c.answered_at), INSTANT),
            },
            _answered,
            and_(
                _answered.c.institution_id == DataRequestRow.institution_id,
                _answered.c.id == DataRequestRow.id,
                _answered.c.outcome.is_not(None),
            ),
        ),
        "withdrawnAt": Value(instant(DataRequestRow.withdrawn_at), NULLABLE_INSTANT),
        "lifting": Object(
            "Lifting",
            {
                "comment": Value(_lifted.c.lifted_comment, TEXT),
                "by": Value(_lifted.c.lifted_by, TEXT),
                "role": Value(_lifted.c.lifted_role, TEXT),
                "at": Value(instant(_lifted.c.lifted_at), INSTANT),
            },
            _lifted,
            and_(
                _lifted.c.institution_id == DataRequestRow.institution_id,
                _lifted.c.id == DataRequestRow.id,
                _lifted.c.lifted_at.is_not(None),
            ),
        ),
    },
    rooted=lambda actor: DataRequestRow.institution_id == cast(actor.c.institution, Uuid),
    conditions={
        "id": DataRequestRow.id == bindparam("id", type_=Uuid),
        "kind": DataRequestRow.kind == bindparam("kind", type_=Text),
        "state": DataRequestRow.state == bindparam("state", type_=Text),
        "overdue": _is_overdue == bindparam("overdue", type_=Boolean),
        **SCOPES,
    },
)
DATA_REQUESTS = Pages("DataRequest", DATA_REQUEST, (_due_at, DataRequestRow.id))
