"""Cells of mobility campaigns: put as a whole or in part, proposed for a beginning, and read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlalchemy import ARRAY, Text, any_, cast, delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes import mobility_cells as shapes
from app.db.tables.mobility import MobilityCampaignRow, MobilityCellRow
from app.domain import mobility_campaigns as campaigns
from app.domain.actors import Actor, Permission
from app.domain.careers import PositionLevel
from app.domain.errors import Fault, refuse
from app.domain.government_affairs import AFFAIRS
from app.domain.mobility_campaigns import State
from app.domain.mobility_cells import (
    DIMENSIONS,
    MOST_CELLS,
    CellLevel,
    Growth,
    Place,
    WrittenCell,
    must_nest,
    must_not_cross,
    proposal,
)
from app.domain.mobility_events import MobilityCellsLaid
from app.domain.mobility_faults import LARGEST
from app.domain.provinces import PROVINCES
from app.domain.revisions import Expected
from app.services import mobility_campaigns
from app.services.contract import Command, StorableText, page_size, text_cursor
from app.services.standing import Province

CellId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,36}$")]
Bound = Annotated[int, Field(ge=0, le=LARGEST)]


class MobilityCell(Command):
    """The posts that meet all it says, within those of its parent."""

    id: CellId
    parent_id: CellId | None = None
    level: CellLevel = Field(strict=False, description="What it is; it names this, and nothing narrower.")
    position_level: PositionLevel | None = Field(None, strict=False)
    government_affair: StorableText | None = None
    province_code: Province | None = None
    institution_id: UUID | None = Field(None, strict=False)
    unit_id: Annotated[StorableText, Field(max_length=100)] | None = None
    headroom: Bound | None = Field(None, description="By how many people of the round it may grow.")
    ceiling: Bound | None = Field(None, description="How many people of the round it may hold, instead of headroom.")


class PutMobilityCells(Command):
    """The cells of a campaign, all of them; or in part, beside those that it has."""

    cells: Annotated[list[MobilityCell], Field(max_length=MOST_CELLS)]
    is_part: bool = Field(default=False, description="Whether cells that are not named here stay as they are.")
    removed: Annotated[list[CellId], Field(max_length=MOST_CELLS)] = Field([], description="Of a part: which ones go.")


class WantedGrowth(Command):
    """Where posts of an affair may gain people."""

    government_affair: StorableText
    headroom: Bound
    province_codes: Annotated[list[Province], Field(min_length=1, max_length=len(PROVINCES))] | None = None


class ProposeMobilityCells(Command):
    """Which cells to begin with: by province and institution, and by occupation where growth is wanted."""

    growth: Annotated[list[WantedGrowth], Field(max_length=len(AFFAIRS))] = Field(
        [], description="By affair; without any, cells hold provinces and institutions, and none may grow."
    )


class MobilityCellFilter(Command):
    """Which cells to list; what is not given does not restrict."""

    parent_id: CellId | None = None
    level: CellLevel | None = Field(None, strict=False)


# ── writes


async def put_mobility_cells(
    db: Database, actor: Actor, campaign_id: UUID, command: PutMobilityCells, *, expected: Expected | None = None
) -> None:
    """Put the cells of a campaign, before wishes are collected. Refused with every fault of the whole set at once.

    Of a part, faults of cells that it does not name stand below `/kept`.
    """
    actor.require(Permission.ORGANISE_MOBILITY)
    told = [_written(cell) for cell in command.cells]
    async with db.write_as(actor) as tx:
        row = await mobility_campaigns._hold(tx, actor, campaign_id, expected)  # noqa: SLF001 - composes others' steps
        campaigns.must_be_editable(State(row.state), ("cells",))
        known = {cell.id: cell for cell in await _cells_of(tx, row)}
        kept = _kept(known, told, command) if command.is_part else []
        faults = [
            Fault("mobility.no_cell", f"/removed/{place}", {"cell": id_})
            for place, id_ in enumerate(command.removed)
            if id_ not in known or not command.is_part
        ]
        faults += _unknown_affairs(command.cells)
        if faults:
            refuse(*faults)
        pointers = [f"/kept/{cell.id}" for cell in kept] + [f"/cells/{place}" for place in range(len(told))]
        must_nest([*kept, *told], await _provinces(tx), pointers)
        await _replace(tx, actor, row, known, {cell.id: cell for cell in (*kept, *told)})


async def propose_mobility_cells(
    db: Database, actor: Actor, campaign_id: UUID, command: ProposeMobilityCells, *, expected: Expected | None = None
) -> None:
    """Put nested cells that make a beginning, instead of whatever there is: nobody grows but where it is wanted."""
    actor.require(Permission.ORGANISE_MOBILITY)
    async with db.write_as(actor) as tx:
        row = await mobility_campaigns._hold(tx, actor, campaign_id, expected)  # noqa: SLF001
        campaigns.must_be_editable(State(row.state), ("cells",))
        affairs = row.government_affairs or [*AFFAIRS]
        faults = [
            Fault(
                "programme.affair", f"/growth/{place}/governmentAffair", {"affair": one, "allowed": ", ".join(affairs)}
            )
            for place, one in enumerate(each.government_affair for each in command.growth)
            if one not in affairs
        ]
        if faults:
            refuse(*faults)
        growth = [
            Growth(one.government_affair, one.headroom, tuple(one.province_codes) if one.province_codes else None)
            for one in command.growth
        ]
        provinces = sorted(row.province_codes or PROVINCES)
        where = {id_: province for id_, province in (await _provinces(tx)).items() if province is not None}
        cells = proposal(provinces, where, affairs, growth)
        known = {cell.id: cell for cell in await _cells_of(tx, row)}
        await _replace(tx, actor, row, known, {cell.id: cell for cell in cells})


def _written(cell: MobilityCell) -> WrittenCell:
    place = Place(
        position_level=cell.position_level and cell.position_level.value,
        government_affair=cell.government_affair,
        province_code=cell.province_code,
        of_institution_id=cell.institution_id,
        of_unit_id=cell.unit_id,
    )
    return WrittenCell(
        id=cell.id,
        parent_id=cell.parent_id,
        level=cell.level,
        place=place,
        headroom=cell.headroom,
        ceiling=cell.ceiling,
    )


def _unknown_affairs(cells: Iterable[MobilityCell]) -> list[Fault]:
    return [
        Fault(
            "programme.affair",
            f"/cells/{place}/governmentAffair",
            {"affair": cell.government_affair, "allowed": ", ".join(AFFAIRS)},
        )
        for place, cell in enumerate(cells)
        if cell.government_affair is not None and cell.government_affair not in AFFAIRS
    ]


def _kept(
    known: Mapping[str, WrittenCell], told: Sequence[WrittenCell], command: PutMobilityCells
) -> list[WrittenCell]:
    """What a part leaves as it is; refused where the whole would be too large."""
    gone = {*command.removed, *(cell.id for cell in told)}
    kept = [cell for id_, cell in known.items() if id_ not in gone]
    if len(kept) + len(told) > MOST_CELLS:
        refuse(Fault("mobility_cell.too_many", "/cells", {"most": MOST_CELLS, "cells": len(kept) + len(told)}))
    return kept


async def _provinces(tx: AsyncSession) -> dict[UUID, str | None]:
    """The province of every institution, by its id; None where it has said none."""
    rows = await tx.execute(text("SELECT id, province_code FROM mobility_institutions() ORDER BY id"))
    return {row.id: row.province_code for row in rows}


async def _must_not_cross(tx: AsyncSession, campaign: MobilityCampaignRow) -> None:
    """Refused where cells cross by now: institutions may lie in other provinces than when the cells were put."""
    cells = await _cells_of(tx, campaign)
    must_not_cross(cells, await _provinces(tx), [f"/cells/{cell.id}" for cell in cells])


async def _cells_of(tx: AsyncSession, campaign: MobilityCampaignRow) -> list[WrittenCell]:
    """The cells that a campaign has."""
    row = MobilityCellRow
    found = await tx.scalars(
        select(row)
        .where(row.institution_id == campaign.institution_id, row.campaign_id == campaign.id)
        .order_by(row.id)
    )
    return [
        WrittenCell(
            id=one.id,
            parent_id=one.parent_id,
            level=CellLevel(one.level),
            place=Place(**{name: getattr(one, name) for name in DIMENSIONS}),
            headroom=one.headroom,
            ceiling=one.ceiling,
        )
        for one in found
    ]


async def _replace(
    tx: AsyncSession,
    actor: Actor,
    campaign: MobilityCampaignRow,
    known: Mapping[str, WrittenCell],
    cells: Mapping[str, WrittenCell],
) -> None:
    """Make these the cells of a held campaign, which has another revision then; nothing where they are so already."""
    changed = [cell for id_, cell in cells.items() if known.get(id_) != cell]
    removed = [id_ for id_ in known if id_ not in cells]
    if not changed and not removed:
        return
    row, mine = MobilityCellRow, {"institution": campaign.institution_id, "campaign": campaign.id}
    gone = [*removed, *(cell.id for cell in changed)]
    await tx.execute(
        delete(row).where(
            row.institution_id == campaign.institution_id,
            row.campaign_id == campaign.id,
            row.id == any_(cast(gone, ARRAY(Text))),
        )
    )
    await tx.execute(text(INSERT), {**mine, "cells": json.dumps([_stored(cell) for cell in changed])})
    campaign.revision += 1
    whole = json.dumps([_stored(cells[id_]) for id_ in sorted(cells)])
    digest = sha256(whole.encode()).hexdigest()
    await record(tx, actor, MobilityCellsLaid(campaign.id, len(changed), len(removed), len(cells), digest))


INSERT = """
    INSERT INTO mobility_cell (institution_id, campaign_id, id, parent_id, level, position_level, government_affair,
        province_code, of_institution_id, of_unit_id, headroom, ceiling)
    SELECT :institution, :campaign, told.*
    FROM jsonb_to_recordset(CAST(:cells AS jsonb)) AS told (id text, parent_id text, level text, position_level text,
        government_affair text, province_code text, of_institution_id uuid, of_unit_id text, headroom integer,
        ceiling integer)"""


def _stored(cell: WrittenCell) -> dict[str, object]:
    """The columns of a cell, as JSON."""
    place = {name: getattr(cell.place, name) for name in DIMENSIONS}
    institution = place["of_institution_id"]
    told = {"id": cell.id, "parent_id": cell.parent_id, "level": cell.level.value}
    bounds = {"headroom": cell.headroom, "ceiling": cell.ceiling}
    return {**told, **place, "of_institution_id": None if institution is None else str(institution), **bounds}


# ── reads


async def mobility_cells_page(
    db: Database,
    actor: Actor,
    campaign_id: UUID,
    chosen: MobilityCellFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """The cells of a campaign, by id; of a draft for its organiser."""
    actor.require(Permission.READ_MOBILITY)
    conditions = (chosen or MobilityCellFilter()).model_dump(exclude_none=True) | {"campaign_id": campaign_id}
    return await db.page_as(actor, shapes.MOBILITY_CELLS, wanted, page_size(first), text_cursor(after), **conditions)
