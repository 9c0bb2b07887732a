"""What documents about calculations can contain."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, FromClause, Uuid, and_, bindparam, case, cast, func, literal_column

from app.db.documents import Condition, JsonSchema, Object, Shape, Value
from app.db.shapes.formats import instant
from app.db.shapes.institutions import rubric_of
from app.db.shapes.schemas import (
    ID,
    INSTANT,
    INTEGER,
    NULLABLE_BOOLEAN,
    NULLABLE_ID,
    NULLABLE_INSTANT,
    NULLABLE_INTEGER,
    NULLABLE_TEXT,
    TEXT,
    TEXTS,
)
from app.db.tables.cycles import CalculationRow
from app.domain.calculation import PATIENCE, Kind, State

_calculation = CalculationRow.__table__
_done, _failed = _calculation.alias("done"), _calculation.alias("failed")
KIND: JsonSchema = {"type": "string", "enum": [kind.value for kind in Kind]}
STATE: JsonSchema = {"type": "string", "enum": [state.value for state in State]}
_is_silent = CalculationRow.heartbeat_at < func.clock_timestamp() - timedelta(seconds=PATIENCE)
_is_running = CalculationRow.state == State.RUNNING.value
_state: ColumnElement[str] = case((and_(_is_running, _is_silent), State.INTERRUPTED.value), else_=CalculationRow.state)


def _same_as(other: FromClause, told: ColumnElement[object]) -> Condition:
    """The same calculation, where it tells something."""
    return and_(
        other.c.institution_id == CalculationRow.institution_id, other.c.id == CalculationRow.id, told.is_not(None)
    )


CALCULATION = Shape(
    "Calculation",
    _calculation,
    {
        "id": Value(CalculationRow.id, ID),
        "kind": Value(CalculationRow.kind, KIND),
        "cycleId": Value(CalculationRow.cycle_id, NULLABLE_ID),
        "rubric": rubric_of(CalculationRow.rubric_code, CalculationRow.rubric_version),
        "state": Value(_state, STATE),
        "done": Value(CalculationRow.done, INTEGER),
        "total": Value(CalculationRow.total, INTEGER),
        "startedBy": Value(CalculationRow.subject, TEXT),
        "startedAt": Value(instant(CalculationRow.started_at), INSTANT),
        "finishedAt": Value(instant(CalculationRow.finished_at), NULLABLE_INSTANT),
        "result": Object(
            "CalculationResult",
            {
                "placements": Value(_done.c.result["placements"], NULLABLE_INTEGER),
                "assessed": Value(_done.c.result["assessed"], NULLABLE_INTEGER),
                "staleCalibrations": Value(_done.c.result["stale"], NULLABLE_INTEGER),
                "manualDecisions": Value(_done.c.result["manual"], NULLABLE_INTEGER),
                "restricted": Value(_done.c.result["restricted"], NULLABLE_INTEGER),
                "equal": Value(_done.c.result["equal"], NULLABLE_INTEGER),
                "differing": Value(func.coalesce(_done.c.result["differing"], literal_column("'[]'::jsonb")), TEXTS),
                "intact": Value(_done.c.result["intact"], NULLABLE_BOOLEAN),
                "digest": Value(_done.c.result["digest"], NULLABLE_TEXT),
            },
            _done,
            _same_as(_done, _done.c.result),
        ),
        "error": Object(
            "CalculationError",
            {
                "code": Value(_failed.c.error["code"], TEXT),
                "detail": Object(
                    "Sentence",
                    {"id": Value(_failed.c.error["id"], TEXT), "en": Value(_failed.c.error["en"], TEXT)},
                ),
            },
            _failed,
            _same_as(_failed, _failed.c.error),
        ),
    },
    rooted=lambda actor: CalculationRow.institution_id == cast(actor.c.institution, Uuid),
    conditions={"id": CalculationRow.id == bindparam("id", type_=Uuid)},
)
