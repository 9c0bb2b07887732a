"""What documents about background work on mobility campaigns have in common: how far it is, and why it failed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, Float, Uuid, and_, bindparam, case, cast, func, true

from app.db.documents import Actor, Condition, Fields, Items, JsonSchema, Object, Value
from app.db.shapes.formats import instant
from app.db.shapes.found_json import listed_in, part_of, word_of
from app.db.shapes.schemas import ID, INSTANT, INTEGER, NULLABLE_INSTANT, NULLABLE_NUMBER, TEXT
from app.db.tables.mobility_runs import MobilityWorkRow
from app.domain.mobility_work import PATIENCE, Kind, Stage, State

WORK = MobilityWorkRow.__table__
_failed = WORK.alias("failed")
STATE: JsonSchema = {"type": "string", "enum": [state.value for state in State]}
STAGE: JsonSchema = {"type": "string", "enum": [stage.value for stage in Stage]}
_is_silent = MobilityWorkRow.heartbeat_at < func.clock_timestamp() - timedelta(seconds=PATIENCE)
_state: ColumnElement[str] = case(
    (and_(MobilityWorkRow.state == State.RUNNING.value, _is_silent), State.QUEUED.value), else_=MobilityWorkRow.state
)
"""Work that nobody does any more waits for somebody who takes it up."""
_until = func.coalesce(MobilityWorkRow.finished_at, func.clock_timestamp())
_seconds = func.round(cast(func.extract("epoch", _until - MobilityWorkRow.started_at), Float) * 1000) / 1000
_faults = listed_in(part_of(_failed.c.error, "faults"), "faults")
_error = part_of(_failed.c.error)


def _words(document: ColumnElement[object]) -> Object:
    return Object("Sentence", {word: Value(word_of(document, word), TEXT) for word in ("id", "en")})


WORK_FIELDS: Fields = {
    "id": Value(MobilityWorkRow.id, ID),
    "campaignId": Value(MobilityWorkRow.campaign_id, ID),
    "state": Value(_state, STATE),
    "stage": Value(MobilityWorkRow.stage, STAGE),
    "done": Value(MobilityWorkRow.done, INTEGER),
    "total": Value(MobilityWorkRow.total, INTEGER),
    "queuedAt": Value(instant(MobilityWorkRow.queued_at), INSTANT),
    "startedAt": Value(instant(MobilityWorkRow.started_at), NULLABLE_INSTANT),
    "finishedAt": Value(instant(MobilityWorkRow.finished_at), NULLABLE_INSTANT),
    "seconds": Value(_seconds, NULLABLE_NUMBER),
    "error": Object(
        "MobilityWorkError",
        {
            "code": Value(word_of(_error, "code"), TEXT),
            "detail": _words(_error),
            "faults": Items(
                "MobilityWorkFault",
                {
                    "code": Value(word_of(_faults.c.document, "code"), TEXT),
                    "where": Value(word_of(_faults.c.document, "where"), TEXT),
                    "detail": _words(_faults.c.document),
                },
                _faults,
                true(),
                (_faults.c.place,),
            ),
        },
        _failed,
        and_(
            _failed.c.institution_id == MobilityWorkRow.institution_id,
            _failed.c.id == MobilityWorkRow.id,
            _failed.c.error.is_not(None),
        ),
    ),
}


def own_work(kind: Kind) -> Condition:
    """Work of a kind."""
    return MobilityWorkRow.kind == kind.value


def owned(actor: Actor) -> Condition:
    """The own institution's work."""
    return MobilityWorkRow.institution_id == cast(actor.c.institution, Uuid)


OF_ID: Condition = MobilityWorkRow.id == bindparam("id", type_=Uuid)
OF_CAMPAIGN: Condition = MobilityWorkRow.campaign_id == bindparam("campaign_id", type_=Uuid)
