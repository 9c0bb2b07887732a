"""The jobs of all institutions, for those who run the service: how many are not done, and which are forgotten."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JobCount:
    """How many jobs of a kind are in a state, and how many seconds ago the oldest was enqueued."""

    kind: str
    state: str
    jobs: int
    oldest_seconds: float


FORGET_JOBS = """
    WITH ended AS (
        SELECT e.job_id, max(e.at) AS at FROM procrastinate_events e
        WHERE e.type IN ('succeeded', 'failed', 'cancelled', 'aborted') GROUP BY e.job_id
    )
    DELETE FROM procrastinate_jobs j USING ended
    WHERE j.id = ended.job_id AND j.status NOT IN ('todo', 'doing') AND ended.at < clock_timestamp() - $1::interval"""
COUNT_JOBS = """
    SELECT coalesce(json_agg(row_to_json(counted)), '[]')::text FROM (
        SELECT told.kind, told.state, count(*) AS jobs,
            extract(epoch FROM clock_timestamp() - min(told.enqueued_at))::float8 AS oldest_seconds
        FROM (
            SELECT j.task_name AS kind,
                CASE j.status WHEN 'todo' THEN CASE WHEN j.attempts = 0 THEN 'waiting' ELSE 'retrying' END
                    WHEN 'doing' THEN 'running' ELSE 'failed' END AS state,
                (SELECT min(e.at) FROM procrastinate_events e WHERE e.job_id = j.id AND e.type = 'deferred')
                    AS enqueued_at
            FROM procrastinate_jobs j WHERE j.status IN ('todo', 'doing', 'failed')
        ) AS told
        GROUP BY told.kind, told.state ORDER BY told.kind, told.state
    ) AS counted"""
