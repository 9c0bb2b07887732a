"""What the queue says, as events with fields: names of jobs and ids, never what else a job was given."""

from __future__ import annotations

import logging

import structlog

EVENTS = {
    "start_job": "job.started",
    "job_success": "job.done",
    "job_error": "job.failed",
    "job_error_retry": "job.failed_for_now",
    "job_aborted": "job.stopped",
    "job_aborted_retry": "job.left_to_the_next_worker",
}
WITH_TRACEBACK = frozenset({"job_error", "job_error_retry", "side_task_failed"})
logger = structlog.get_logger("jobs")


def tell_of_jobs() -> None:
    """From now on the queue's messages go to our log, and nowhere else."""
    theirs = logging.getLogger("procrastinate")
    theirs.setLevel(logging.INFO)
    theirs.propagate = False
    theirs.handlers = [_Told()]


class _Told(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        action = str(getattr(record, "action", "message"))
        job = getattr(record, "job", None) or {}
        is_failure = record.levelno >= logging.WARNING
        if action not in EVENTS and not is_failure:
            return
        took = getattr(record, "duration", None)
        fields = {"job": job.get("task_name"), "job_id": job.get("id"), "attempt": job.get("attempts")}
        fields |= {"took_ms": None if took is None else round(took * 1000, 1), **_ids(job.get("task_kwargs") or {})}
        known = {name: value for name, value in fields.items() if value is not None}
        trace = {"exc_info": record.exc_info} if action in WITH_TRACEBACK and record.exc_info else {}
        logger.log(record.levelno, EVENTS.get(action, f"worker.{action}"), **known, **trace)


def _ids(arguments: dict[str, object]) -> dict[str, object]:
    """The ids among the arguments of a job, and the request that deferred it."""
    actor = arguments.get("actor")
    request = actor.get("request_id") if isinstance(actor, dict) else None
    return {"request": request, **{name: value for name, value in arguments.items() if name.endswith("_id")}}
