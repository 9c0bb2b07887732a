"""Alembic's entry: runs the migrations on the connection it is given."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from app.db.base import Base
from app.db.tables import (  # noqa: F401 - fill the metadata
    calibrations,
    candidates,
    cards,
    clients,
    consents,
    cycles,
    data_requests,
    disclosures,
    evidence,
    idempotency,
    imports,
    institutions,
    ledger,
    mobility,
    mobility_cases,
    mobility_listings,
    mobility_results,
    mobility_runs,
    movements,
    national,
    objections,
    placements,
    posts,
    rankings,
    receipts,
    rubrics,
    rule_sets,
    shortlists,
    siasn_accounts,
    siasn_connections,
    siasn_pushes,
    siasn_records,
    siasn_syncs,
    standing,
    submissions,
    succession,
    talents,
    vacancies,
    webhooks,
)

UNMAPPED = {
    "job_failure",
    "person",
    "person_nip",
    "unrecorded_change",
    "unchained_entry",
}  # only functions and triggers reach them
QUEUE = "procrastinate_"  # its tables are its own affair


def is_mapped(_item: object, name: str | None, kind: str, *_: object) -> bool:
    return not (kind == "table" and name and (name in UNMAPPED or name.startswith(QUEUE)))


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, include_object=is_mapped)
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
