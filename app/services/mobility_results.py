"""Results of mobility runs: kept by opaque ids, and read by post, cell, region, chain, and about one's own people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING
from uuid import UUID

from pydantic import Field
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database, copy_blocks, fetch_rows
from app.db.documents import Document, Selection
from app.db.shapes import mobility_results as shapes
from app.db.tables.mobility_results import MobilityFlowRow, MobilityResultRow
from app.db.tables.mobility_runs import MobilityRunRow
from app.domain.actors import Actor, Permission
from app.domain.errors import NotFound
from app.domain.mobility_flows import Flow, regions_told
from app.domain.mobility_run import SOLVER_VERSION
from app.services.contract import Command, StorableText, id_cursor, named_cursor, page_size, place_cursor
from app.services.scopes import scope_of

if TYPE_CHECKING:  # what compiles machine code is loaded by the worker alone
    from app.kernels.run_files import Table
    from app.services.mobility_rounds import Found


class MobilityPostFilter(Command):
    """Which posts of a run to list; what is not given does not restrict."""

    province: StorableText | None = Field(None, max_length=2, description="Code of a province, two digits.")
    has_empty_seats: bool | None = Field(None, description="Whether a seat stayed empty.")


# ── writes: a step of the run's own transaction

FILES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "outcomes.csv": ("mobility_outcome", ("participant_id", "post_id", "rank", "lot", "codes", "cells")),
    "post-results.csv": (
        "mobility_post_result",
        ("post_id", "seats", "filled", "empty", "incumbents", "depth", "points", "lot"),
    ),
    "cell-results.csv": (
        "mobility_cell_result",
        ("cell_id", "ceiling", "before", "after", "depth", "urgency", "points", "lot", "number"),
    ),
    "moves.csv": ("mobility_move", ("unit", "step", "participant_id", "from_post_id", "to_post_id")),
}
"""The table and the columns that the columns of each file are kept in."""


async def _keep(tx: AsyncSession, run: MobilityRunRow, found: Found, tables: Mapping[str, Table]) -> None:
    """Keep what a run found, in the transaction of the run: all of it, or nothing."""
    from app.kernels import mobility_keeping  # noqa: PLC0415 - loads the compiler

    kept = await asyncio.to_thread(mobility_keeping.kept_tables, found.round_, tables)
    for file, (table, columns) in FILES.items():
        await _copy(tx, run, table, columns, kept[file])
    whole = await asyncio.to_thread(mobility_keeping.whole_of, found.round_, found.moves, tables)
    told = {**asdict(whole), "regions": regions_told(await _keep_flows(tx, run))}
    keys = {"institution_id": run.institution_id, "run_id": run.id, "solver_version": SOLVER_VERSION}
    await tx.execute(insert(MobilityResultRow).values({**keys, **told}))


async def _copy(tx: AsyncSession, run: MobilityRunRow, table: str, columns: Sequence[str], file: Table) -> None:
    """The rows of a file into a table; by way of another one, as policies allow no copying."""
    names = ", ".join(columns)
    await fetch_rows(tx, f"CREATE TEMP TABLE stage_{table} ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA")  # noqa: S608 - our own names
    await copy_blocks(tx, f"stage_{table}", columns, _blocks(file))
    kept = f"INSERT INTO {table} (institution_id, run_id, {names}) SELECT $1, $2, {names} FROM stage_{table}"  # noqa: S608
    await fetch_rows(tx, kept, run.institution_id, run.id)
    await fetch_rows(tx, f"DROP TABLE stage_{table}")


async def _blocks(file: Table) -> AsyncIterator[bytes]:
    """The file some rows at a time, each made while nobody waits for it."""
    blocks = file.blocks()
    while block := await asyncio.to_thread(next, blocks, b""):
        yield block


async def _keep_flows(tx: AsyncSession, run: MobilityRunRow) -> list[Flow]:
    """Who came to the posts of each institution, and who left them."""
    # nobody has analysed what was written just now: by hashes, however few rows the planner takes it for
    await fetch_rows(tx, "SELECT set_config('enable_nestloop', 'off', true)")
    rows = await fetch_rows(tx, "SELECT * FROM mobility_flows($1) ORDER BY 1, 4", run.id)
    await fetch_rows(tx, "SELECT set_config('enable_nestloop', 'on', true)")
    keys = {"institution_id": run.institution_id, "run_id": run.id}
    if rows:
        await tx.execute(insert(MobilityFlowRow).values([{**keys, **dict(row)} for row in rows]))
    return [Flow(row["province_code"], row["position_level"], row["entered"], row["went"]) for row in rows]


# ── reads


async def mobility_run_summary_document(
    db: Database, actor: Actor, run_id: UUID, wanted: Selection | None = None
) -> Document:
    """What a run came to as a whole: answers by code, movers, share of first wishes, chains and cycles by length."""
    actor.require(Permission.READ_MOBILITY)
    return _found(await db.document_as(actor, shapes.MOBILITY_RUN_SUMMARY, wanted, run_id=run_id))


async def mobility_conservation_document(
    db: Database, actor: Actor, run_id: UUID, wanted: Selection | None = None
) -> Document:
    """Whether a run made or lost a seat: empty ones before and after, and who came from posts that are not offered."""
    actor.require(Permission.READ_MOBILITY)
    return _found(await db.document_as(actor, shapes.MOBILITY_CONSERVATION, wanted, run_id=run_id))


async def mobility_flows_document(
    db: Database, actor: Actor, run_id: UUID, wanted: Selection | None = None
) -> Document:
    """Who came and went by province and level, few people withheld; and by institution, for each its own."""
    actor.require(Permission.READ_MOBILITY)
    return _found(await db.document_as(actor, shapes.MOBILITY_FLOWS, wanted, run_id=run_id))


def _found(document: Document | None) -> Document:
    if document is None:
        raise NotFound("mobility_result.not_found")
    return document


async def mobility_post_results_page(
    db: Database,
    actor: Actor,
    run_id: UUID,
    chosen: MobilityPostFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """What became of each post: its seats, how many are filled and left, and the last who came in."""
    actor.require(Permission.READ_MOBILITY)
    conditions = (chosen or MobilityPostFilter()).model_dump(exclude_none=True)
    cursor = id_cursor(after)
    return await db.page_as(
        actor, shapes.MOBILITY_POST_RESULTS, wanted, page_size(first), cursor, run_id=run_id, **conditions
    )


async def mobility_cell_results_page(
    db: Database,
    actor: Actor,
    run_id: UUID,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """What became of each cell: people before and after, its ceiling, and the last who came into a full one."""
    actor.require(Permission.READ_MOBILITY)
    return await db.page_as(
        actor, shapes.MOBILITY_CELL_RESULTS, wanted, page_size(first), named_cursor(after), run_id=run_id
    )


async def mobility_moves_page(
    db: Database,
    actor: Actor,
    run_id: UUID,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """Chains and cycles step by step, the one nearest the empty seat first; people by their opaque ids."""
    actor.require(Permission.READ_MOBILITY)
    return await db.page_as(actor, shapes.MOBILITY_MOVES, wanted, page_size(first), place_cursor(after), run_id=run_id)


async def mobility_outcomes_page(
    db: Database,
    actor: Actor,
    campaign_id: UUID,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """The institution's own people who took part, each with the outcome."""
    actor.require(Permission.OFFER_POSTS, Permission.RELEASE_FOR_MOBILITY)
    conditions = {"campaign_id": campaign_id, **scope_of(actor)}
    return await db.page_as(
        actor, shapes.MOBILITY_OUTCOMES, wanted, page_size(first), named_cursor(after), **conditions
    )


async def mobility_arrivals_page(
    db: Database,
    actor: Actor,
    campaign_id: UUID,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """Who comes to the institution's own posts, by opaque id: who that is, is seen in the case of the move."""
    actor.require(Permission.OFFER_POSTS, Permission.RELEASE_FOR_MOBILITY)
    return await db.page_as(
        actor, shapes.MOBILITY_ARRIVALS, wanted, page_size(first), named_cursor(after), campaign_id=campaign_id
    )
