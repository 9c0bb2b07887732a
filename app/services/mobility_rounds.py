"""What is frozen of a campaign as columns, solved, and as files. Loads the compiler: for the worker's jobs alone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import NamedTuple

import numpy as np
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import copy_out, fetch_rows
from app.db.tables.mobility import MobilityCampaignRow
from app.db.tables.mobility_runs import MobilityFileRow
from app.domain import mobility_faults
from app.domain.errors import Fault
from app.domain.mobility import Cell, Market
from app.domain.mobility_lottery import lots_of
from app.domain.mobility_run import Written
from app.domain.mobility_work import Stage
from app.kernels import mobility, mobility_answers, mobility_moves, run_files
from app.kernels.mobility_answers import Results
from app.kernels.mobility_loading import CellColumns, RoundReader, Size, UnknownPostError, read_posts
from app.kernels.mobility_moves import Moves
from app.kernels.mobility_rounds import Labels, Round, must_be_sound
from app.kernels.run_files import Table
from app.services.mobility_work import Progress


class Loaded(NamedTuple):
    """A round without lots, and what everything in it is called."""

    round_: Round
    labels: Labels


@dataclass(frozen=True, slots=True)
class Found:
    """A round with its lots, and everything that was found in it."""

    round_: Round
    solved: mobility.Solved
    results: Results
    moves: Moves


# ── from tables to columns

CELLS = """SELECT id, parent, level, ceiling FROM mobility_frozen_cell
    WHERE institution_id = $1 AND campaign_id = $2 ORDER BY id COLLATE "C" """
SNAPSHOT = """SELECT participants, wishes, bars FROM mobility_snapshot
    WHERE institution_id = $1 AND campaign_id = $2"""
POSTS = """SELECT p.id, coalesce(c.number, -1)::integer, p.seats, coalesce(p.urgency, -1)::integer
    FROM mobility_frozen_post p
    LEFT JOIN (
        SELECT id, row_number() OVER (ORDER BY id COLLATE "C") - 1 AS number FROM mobility_frozen_cell
        WHERE institution_id = $1 AND campaign_id = $2
    ) AS c ON c.id = p.cell
    WHERE p.institution_id = $1 AND p.campaign_id = $2 ORDER BY p.id"""
PEOPLE = """SELECT id, home, posts, points, bars FROM mobility_frozen_participant
    WHERE institution_id = $1 AND campaign_id = $2 ORDER BY id"""
UNKNOWN = f"""SELECT p.id::text AS participant, wish.post::text AS post, wish.rank FROM mobility_frozen_participant p
    CROSS JOIN LATERAL (
        SELECT p.home AS post, 0 AS rank UNION ALL SELECT * FROM unnest(p.posts) WITH ORDINALITY
    ) AS wish
    WHERE p.institution_id = $1 AND p.campaign_id = $2 AND NOT EXISTS (
        SELECT FROM mobility_frozen_post known
        WHERE known.institution_id = $1 AND known.campaign_id = $2 AND known.id = wish.post
    )
    ORDER BY p.id, wish.rank LIMIT {mobility_faults.MOST_FAULTS}"""  # noqa: S608 - a number


async def _load(tx: AsyncSession, campaign: MobilityCampaignRow) -> Loaded:
    """What is frozen of the campaign; refused with what keeps it from being a round at all."""
    key = (campaign.institution_id, campaign.id)
    cells = [CellColumns(*row) for row in await fetch_rows(tx, CELLS, *key)]
    [(participants, wishes, bars)] = await fetch_rows(tx, SNAPSHOT, *key)
    _must_be_named(cells, bars)
    blocks: list[bytes] = []

    async def keep(block: bytes) -> None:
        blocks.append(block)

    await copy_out(tx, POSTS, keep, *key)
    reader = RoundReader(cells, read_posts(b"".join(blocks)), Size(participants, wishes))

    async def feed(block: bytes) -> None:
        await asyncio.to_thread(reader.feed, block)

    try:
        await copy_out(tx, PEOPLE, feed, *key)
        return Loaded(*await asyncio.to_thread(reader.finish, bars, own_cell_first=campaign.own_cell_first))
    except UnknownPostError:
        mobility_faults.refuse_where_faulty([_unknown_post(*row) for row in await fetch_rows(tx, UNKNOWN, *key)])
        raise


def _must_be_named(cells: list[CellColumns], bars: list[str]) -> None:
    """Names are no columns: whether they can stand in files, and whether the cells that they name are there."""
    market = Market(tuple(Cell(cell.id, cell.parent, cell.level, cell.ceiling) for cell in cells), (), ())
    wrong = [Fault("mobility.bar", f"/bars/{n}") for n, bar in enumerate(bars) if not mobility_faults.is_bar(bar)]
    mobility_faults.refuse_where_faulty([*mobility_faults.faults_of(market), *wrong])


def _unknown_post(participant: str, post: str, rank: int) -> Fault:
    where = f"/participants/{participant}/{f'wishes/{rank - 1}/post' if rank else 'home'}"
    return Fault("mobility.no_post", where, {"post": post})


# ── solved


def _with_lots(loaded: Loaded, seed: bytes) -> Round:
    lots = lots_of(seed, loaded.labels.participants.astype(str).tolist())
    return replace(loaded.round_, lot=np.fromiter(lots.values(), np.uint64, len(lots)))


async def _solve(loaded: Loaded, seed: bytes, progress: Progress) -> Found:
    """Everything that the round comes to with these lots; refused where it cannot be run."""
    progress.enter(Stage.DRAWING)
    round_ = await asyncio.to_thread(_with_lots, loaded, seed)
    progress.enter(Stage.CHECKING)
    await asyncio.to_thread(must_be_sound, round_, loaded.labels)
    progress.enter(Stage.SOLVING)
    solved = await asyncio.to_thread(mobility.solve, round_)
    progress.enter(Stage.ANSWERING)
    results = await asyncio.to_thread(mobility_answers.results_of, round_, solved)
    moves = await asyncio.to_thread(mobility_moves.moves_of, round_, solved)
    return Found(round_, solved, results, moves)


def _result_tables(found: Found, labels: Labels) -> dict[str, Table]:
    return run_files.result_tables(found.round_, labels, found.solved, found.results, found.moves)


def _codes(found: Found, labels: Labels) -> dict[str, int]:
    """How many wishes got each code, those that were barred under what barred them."""
    barred = np.bincount(found.round_.bar[found.round_.bar >= 0], minlength=len(labels.bars)).tolist()
    answered = np.bincount(found.results.code[found.results.code >= 0], minlength=len(mobility_answers.CODES)).tolist()
    names = [*mobility_answers.CODES, *labels.bars.astype(str).tolist()]
    return {str(name): count for name, count in zip(names, [*answered, *barred], strict=True) if count}


# ── files


class _Packer:
    """A file as it is written: block by block with its digest."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks, self.digest, self.size = blocks, sha256(), 0

    def following(self) -> bytes:
        """The next block; empty at the end."""
        block = next(self._blocks, b"")
        self.digest.update(block)
        self.size += len(block)
        return block


PART = """INSERT INTO mobility_file_part (institution_id, campaign_id, name, part, content)
    VALUES ($1, $2, $3, $4, $5)"""


async def _write(
    tx: AsyncSession,
    campaign: MobilityCampaignRow,
    tables: Mapping[str, Table],
    progress: Progress,
    *,
    is_kept: bool = True,
) -> dict[str, Written]:
    """The digests of tables as files, which are kept unless it is only about the digests."""
    progress.enter(Stage.WRITING, sum(table.rows for table in tables.values()))
    written = {}
    for name, table in tables.items():
        packer, part = _Packer(table.blocks()), 0
        while block := await asyncio.to_thread(packer.following):
            part += 1
            if is_kept:
                await fetch_rows(tx, PART, campaign.institution_id, campaign.id, name, part, block)
            progress.done += min(run_files.AT_ONCE, table.rows)
        written[name] = Written(packer.digest.digest(), table.rows)
        if is_kept:
            await _note_file(tx, campaign, name, written[name], packer.size, part)
    return written


async def _write_paper(tx: AsyncSession, campaign: MobilityCampaignRow, name: str, paper: bytes) -> None:
    """A file that is no table."""
    await fetch_rows(tx, PART, campaign.institution_id, campaign.id, name, 1, paper)
    await _note_file(tx, campaign, name, Written(sha256(paper).digest(), 0), len(paper), 1, is_table=False)


async def _note_file(
    tx: AsyncSession,
    campaign: MobilityCampaignRow,
    name: str,
    written: Written,
    size: int,
    parts: int,
    *,
    is_table: bool = True,
) -> None:
    await tx.execute(
        insert(MobilityFileRow).values(
            institution_id=campaign.institution_id,
            campaign_id=campaign.id,
            name=name,
            sha256=written.sha256.hex(),
            rows=written.rows if is_table else None,
            size=size,
            parts=parts,
        )
    )
