"""Bring a database to the present schema, and its rubrics to what the repository ships."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, insert, select
from sqlalchemy.ext.asyncio import create_async_engine

from app.db.tables.placements import RubricLeafRow, RubricRow
from app.domain.rubric import Given
from app.domain.rubric_document import parse_rubric

ROOT = Path(__file__).resolve().parents[2]
RUBRICS = ROOT / "migrations" / "rubrics"


async def migrate(url: str) -> None:
    """Run all migrations as the owner of the schema, then add the rubric versions that are not there yet."""
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1))
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_upgrade)
            await connection.commit()
        async with engine.begin() as connection:
            await connection.run_sync(_add_rubrics)
    finally:
        await engine.dispose()


def configuration(connection: Connection) -> Config:
    """Alembic's configuration (pyproject.toml), with the connection to work on."""
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    command.upgrade(configuration(connection), "head")


def _add_rubrics(connection: Connection) -> None:
    known = {(row.code, row.version) for row in connection.execute(select(RubricRow.code, RubricRow.version))}
    for path in sorted(RUBRICS.glob("*.json")):
        document = json.loads(path.read_text())
        rubric = parse_rubric(document)
        if (rubric.code, rubric.version) in known:
            continue
        title = document["title"]
        connection.execute(
            insert(RubricRow).values(
                code=rubric.code, version=rubric.version, title_id=title["id"], title_en=title["en"], document=document
            )
        )
        connection.execute(insert(RubricLeafRow), leaf_rows(document))


def leaf_rows(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The leaves of a rubric as rows, numbered from 1 in the order in which the domain reads them."""
    rubric = parse_rubric(document)
    labels = {
        (axis["code"], leaf["code"]): leaf["label"]
        for axis in document["axes"]
        for component in axis["components"]
        for indicator in component["indicators"]
        for leaf in indicator["leaves"]
    }
    return [
        {
            "rubric_code": rubric.code,
            "rubric_version": rubric.version,
            "ordinal": ordinal,
            "axis": leaf.axis.value,
            "component": leaf.component,
            "indicator": leaf.indicator,
            "leaf": leaf.code,
            "label_id": labels[leaf.axis.value, leaf.code]["id"],
            "label_en": labels[leaf.axis.value, leaf.code]["en"],
            "weight": float(leaf.weight),
            "item": leaf.item,
            "kind": None if isinstance(leaf.measure, Given) else leaf.measure.kind.value,
        }
        for ordinal, leaf in enumerate(rubric.leaves, start=1)
    ]
