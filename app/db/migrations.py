"""Bring a database to the present schema, and its rubrics and rule sets to what the repository ships."""

from __future__ import annotations

import json
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from app.db.rubric_leaves import leaf_rows
from app.db.tables.placements import RubricLeafRow, RubricRow
from app.db.tables.rule_sets import RuleSetRow
from app.domain.errors import Conflict
from app.domain.rubric_document import parse_rubric
from app.domain.rule_set_document import read_rule_set

ROOT = Path(__file__).resolve().parents[2]
RUBRICS = ROOT / "migrations" / "rubrics"
RULE_SETS = ROOT / "migrations" / "rule_sets"


async def migrate(url: str) -> None:
    """Run all migrations as the owner of the schema, then add the shipped versions that are not there yet."""
    plain = url.replace("postgresql+asyncpg://", "postgresql://", 1)
    engine = create_async_engine("postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(plain))
    try:
        async with engine.connect() as alone, engine.connect() as connection:
            await alone.execute(text("SELECT pg_advisory_lock(hashtext('nusatalenta migrate'))"))  # others wait
            await connection.run_sync(_upgrade)
            await connection.commit()
            await connection.run_sync(_add_rubrics)
            await connection.run_sync(_add_rule_sets)
            await connection.commit()
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
    known = {(row.code, row.version): row.document for row in connection.execute(select(RubricRow.__table__))}
    for path in sorted(RUBRICS.glob("*.json")):
        document = json.loads(path.read_text())
        rubric = parse_rubric(document)
        if stored := known.get((rubric.code, rubric.version)):
            if stored != document:
                raise Conflict("rubric.changed", rubric=f"{rubric.code}/{rubric.version}")
            continue
        title = document["title"]
        connection.execute(
            insert(RubricRow).values(
                code=rubric.code, version=rubric.version, title_id=title["id"], title_en=title["en"], document=document
            )
        )
        connection.execute(insert(RubricLeafRow), leaf_rows(document))


def _add_rule_sets(connection: Connection) -> None:
    known = {(row.code, row.version): row.document for row in connection.execute(select(RuleSetRow.__table__))}
    for path in sorted(RULE_SETS.glob("*.json")):
        document = json.loads(path.read_text())
        written = read_rule_set(document)
        code, version = written.rule_set.code, written.rule_set.version
        if stored := known.get((code, version)):
            if stored != document:
                raise Conflict("rule_set.changed", rule_set=f"{code}/{version}")
            continue
        connection.execute(
            insert(RuleSetRow).values(
                code=code,
                version=version,
                level=written.rule_set.level.value,
                title_id=written.title["id"],
                title_en=written.title["en"],
                document=document,
                published_at=func.now(),
            )
        )
