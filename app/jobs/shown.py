"""Background work as an operator sees it at a terminal: counts by kind and state, never whose it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from rich.table import Table

from app.db.kept_jobs import JobCount


def table_of_jobs(counts: Iterable[JobCount]) -> Table:
    """Jobs that are not done; those that failed for good wait for somebody."""
    table = Table("kind", "state", "jobs", "oldest", title="Jobs of all institutions that are not done")
    for column in table.columns[2:]:
        column.justify = "right"
    for one in counts:
        oldest = timedelta(seconds=round(one.oldest_seconds))
        table.add_row(one.kind, one.state, f"{one.jobs:,}", str(oldest), style="red" if one.state == "failed" else None)
    if not table.row_count:
        table.caption = "none"
    return table
