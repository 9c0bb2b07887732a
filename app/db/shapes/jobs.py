"""What documents about background work can contain: of what a job was given, ids alone."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    column,
    func,
    null,
    table,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.db.documents import Items, JsonSchema, Object, Pages, Shape, Value
from app.db.queue import Job
from app.db.shapes.formats import instant
from app.db.shapes.found_json import listed_in, word_of
from app.db.shapes.schemas import INSTANT, INTEGER, NULLABLE_INSTANT, NULLABLE_TEXT, TEXT
from app.db.shapes.sentences import said
from app.domain.jobs import Failure, State

KIND: JsonSchema = {"type": "string", "enum": [job.value for job in Job]}
STATE: JsonSchema = {"type": "string", "enum": [state.value for state in State]}
_TEXTS = ("kind", "state", "failure_code", "failure_cause", "role", "request_id")
_MOMENTS = ("enqueued_at", "started_at", "finished_at", "retry_at", "failed_at")

# a view of the owner of the schema, which shows the jobs of the own institution alone
_COLUMNS = (
    column("institution_id", Uuid),
    column("id", BigInteger),
    column("attempts", Integer),
    column("about", JSONB),
    *(column(name, Text) for name in _TEXTS),
    *(column(name, DateTime(timezone=True)) for name in _MOMENTS),
)
_job = table("institution_job", *_COLUMNS)
_failed = _job.alias("failed")
_about = listed_in(_job.c.about, "about")
_name, _id = word_of(_about.c.document, "name"), word_of(_about.c.document, "id")


def _address() -> ColumnElement[str | None]:
    """Where the document of what a job is about is read; null where it has none of its own."""
    below = {
        ("calculationId", None): "/v1/calculations/",
        ("syncId", None): "/v1/siasn-syncs/",
        ("pushId", None): "/v1/siasn-pushes/",
        ("webhookId", None): "/v1/webhooks/",
        ("cycleId", None): "/v1/cycles/",
        ("earlierCycleId", None): "/v1/cycles/",
        ("workId", Job.RUN_MOBILITY): "/v1/mobility-runs/",
        ("workId", Job.REHEARSE_MOBILITY): "/v1/mobility-rehearsals/",
    }
    choices = [
        (and_(_name == name, true() if job is None else _job.c.kind == job.value), func.concat(path, _id))
        for (name, job), path in below.items()
    ]
    return case(*choices, else_=null())


JOB = Shape(
    "Job",
    _job,
    {
        "id": Value(cast(_job.c.id, Text), TEXT),
        "kind": Value(_job.c.kind, KIND),
        "state": Value(_job.c.state, STATE),
        "attempts": Value(_job.c.attempts, INTEGER),
        "enqueuedAt": Value(instant(_job.c.enqueued_at), INSTANT),
        "startedAt": Value(instant(_job.c.started_at), NULLABLE_INSTANT),
        "finishedAt": Value(instant(_job.c.finished_at), NULLABLE_INSTANT),
        "retryAt": Value(instant(_job.c.retry_at), NULLABLE_INSTANT),
        "causedByRole": Value(_job.c.role, TEXT),
        "requestId": Value(_job.c.request_id, NULLABLE_TEXT),
        "about": Items(
            "JobSubject",
            {
                "name": Value(_name, TEXT),
                "id": Value(_id, TEXT),
                "href": Value(_address(), NULLABLE_TEXT),
            },
            _about,
            true(),
            (_about.c.place,),
        ),
        "lastFailure": Object(
            "JobFailure",
            {
                "code": Value(_failed.c.failure_code, TEXT),
                "cause": Value(_failed.c.failure_cause, NULLABLE_TEXT),
                "at": Value(instant(_failed.c.failed_at), INSTANT),
                "detail": said({failure.value: failure.value for failure in Failure}, _failed.c.failure_code),
            },
            _failed,
            and_(_failed.c.id == _job.c.id, _failed.c.failure_code.is_not(None)),
        ),
    },
    rooted=lambda actor: _job.c.institution_id == cast(actor.c.institution, Uuid),
    conditions={
        "id": _job.c.id == bindparam("id", type_=BigInteger),
        "state": _job.c.state == bindparam("state", type_=Text),
        "kind": _job.c.kind == bindparam("kind", type_=Text),
    },
)
JOBS = Pages("Job", JOB, (_job.c.id,), descending=True)
