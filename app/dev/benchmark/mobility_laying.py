"""An invented round as the rows of a real campaign: offers, participations and applications of one institution."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg
import numpy as np

from app.kernels.mobility_rounds import NONE, Labels, Names, Round
from app.kernels.run_files import Column, Numbers, Table, Words

NOW = "2026-11-22T07:00:00Z"
LEVEL = "pengawas"


@dataclass(frozen=True, slots=True)
class Laid:
    """Where a round was laid."""

    organiser_id: UUID
    campaign_id: UUID
    institution_id: UUID
    """Whose posts and people they are."""


async def lay_cells(connection: asyncpg.Connection, laid: Laid, round_: Round) -> None:
    """The cells, called so that their order stays: those at the top are provinces, those inside units of them."""
    cells = cell_names(round_)
    rows = [
        (
            laid.organiser_id,
            laid.campaign_id,
            cell,
            None if parent == NONE else cells[parent],
            "province" if parent == NONE else "unit",
            cell if parent == NONE else None,
            None if parent == NONE else cell,
            None if ceiling == NONE else ceiling,
        )
        for cell, parent, ceiling in zip(cells, round_.parent.tolist(), round_.ceiling.tolist(), strict=True)
    ]
    columns = ("institution_id", "campaign_id", "id", "parent_id", "level", "province_code", "of_unit_id", "ceiling")
    async with _past_triggers(connection):
        await connection.copy_records_to_table("mobility_cell", records=rows, columns=columns)


def cell_names(round_: Round) -> list[str]:
    """What the cells are called; ascending, where those at the top come first."""
    return [f"{'P' if parent == NONE else 'U'}{place:05}" for place, parent in enumerate(round_.parent.tolist())]


async def lay_round(connection: asyncpg.Connection, laid: Laid, round_: Round, labels: Labels) -> tuple[Names, Names]:
    """Everything else; the ids of posts, and of participants as the files have them."""
    posts, people = _ids(len(round_.seats)), _ids(len(round_.home))
    parts = _ids(len(people))
    async with _past_triggers(connection):
        await _copy(connection, "mobility_offer", _offers(laid, round_, posts))
        await _copy(connection, "mobility_participation", _participations(laid, round_, posts, people, parts))
        await _copy(connection, "mobility_application", _applications(laid, round_, labels, posts, parts))
    return posts, people


@asynccontextmanager
async def _past_triggers(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """Without triggers and foreign keys: nobody is behind the people, and no post behind the offers."""
    await connection.execute("SET session_replication_role = replica")
    yield
    await connection.execute("SET session_replication_role = DEFAULT")


def _offers(laid: Laid, round_: Round, posts: Names) -> dict[str, Column]:
    size, cells = len(posts), np.array(cell_names(round_) or [""], np.bytes_)
    is_inner = round_.cell != NONE
    is_inner[is_inner] = round_.parent[round_.cell[is_inner]] != NONE
    around = np.where(is_inner, round_.parent[round_.cell], round_.cell) if len(round_.parent) else round_.cell
    is_pool = round_.urgency == NONE
    return {
        "institution_id": _same(str(laid.institution_id), size),
        "id": Words(posts, np.arange(size)),
        "campaign_id": _same(str(laid.campaign_id), size),
        "post_id": Words(posts, np.arange(size)),
        "is_offered": Words(np.array([b"t", b"f"]), is_pool.astype(np.int64)),
        "open_seats": Numbers(round_.seats - round_.at_home),
        "urgency": Numbers(np.where(is_pool, 9, round_.urgency)),
        "post_name": _same("Jabatan", size),
        "unit_id": Words(np.append(cells, b"U"), np.where(is_inner, round_.cell, len(cells))),
        "unit_name": _same("Unit", size),
        "institution_name": _same("Instansi", size),
        "province_code": Words(cells, around),
        "position_level": _same(LEVEL, size),
        "standard": _same("{}", size),
    }


def _participations(laid: Laid, round_: Round, posts: Names, people: Names, parts: Names) -> dict[str, Column]:
    size = len(people)
    return {
        "institution_id": _same(str(laid.institution_id), size),
        "id": Words(parts, np.arange(size)),
        "file_id": Words(people, np.arange(size)),
        "campaign_id": _same(str(laid.campaign_id), size),
        "talent_id": Words(people, np.arange(size)),
        "consent_id": Words(people, np.arange(size)),
        "home_offer_id": Words(posts, round_.home),
        "joined_at": _same(NOW, size),
        "is_released": _same("t", size),
        "assessed_at": _same(NOW, size),
    }


def _applications(laid: Laid, round_: Round, labels: Labels, posts: Names, parts: Names) -> dict[str, Column]:
    size = len(round_.post)
    return {
        "institution_id": _same(str(laid.institution_id), size),
        "participation_id": Words(parts, round_.participants),
        "rank": Numbers(round_.ranks),
        "wish_place": Numbers(round_.ranks),
        "offer_id": Words(posts, round_.post),
        "points": Numbers(round_.points),
        "parts": _same("[]", size),
        "bar": Words(labels.bars, round_.bar),
        "because": _same("[]", size),
    }


def _same(word: str, size: int) -> Words:
    return Words(np.array([word.encode()]), np.zeros(size, np.int64))


def _ids(number: int) -> Names:
    return np.array(sorted(str(uuid4()).encode() for _ in range(number)), "S36")


async def _copy(connection: asyncpg.Connection, table: str, columns: Mapping[str, Column]) -> None:
    async def blocks() -> AsyncIterator[bytes]:
        for block in Table(columns).blocks():
            yield block

    await connection.copy_to_table(table, source=blocks(), columns=[*columns], format="csv", header=True)
