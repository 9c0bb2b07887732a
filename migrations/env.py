"""Alembic's entry: runs the migrations on the connection it is given."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from app.db.base import Base
from app.db.tables import (  # noqa: F401 - fill the metadata
    calibrations,
    cycles,
    evidence,
    imports,
    institutions,
    ledger,
    movements,
    objections,
    placements,
    rubrics,
    standing,
    submissions,
    talents,
)

UNMAPPED = {"person", "person_nip", "unrecorded_change"}  # reached only through functions and triggers


def is_mapped(_item: object, name: str | None, kind: str, *_: object) -> bool:
    return not (kind == "table" and name in UNMAPPED)


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, include_object=is_mapped)
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
