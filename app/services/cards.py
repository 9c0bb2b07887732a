"""Cards: talents of other institutions who want to be found, without a name; and counts over the nation."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import lru_cache
from typing import cast

import orjson
from pydantic import Field

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.shapes import cards as shapes
from app.domain.actors import Actor, Permission
from app.domain.careers import PositionLevel
from app.domain.government_affairs import AFFAIRS
from app.domain.provinces import PROVINCES
from app.domain.suppression import SMALLEST_TOLD, is_small, tell
from app.services import ekspose
from app.services.contract import Command, id_cursor, must_be_one_of, page_size

Json = dict[str, object]
KEPT_ANSWERS = 8
"""Of the national counts, per process: some 150 kB each."""


class CardFilter(Command):
    """Which cards to list; what is not given does not restrict."""

    position_level: PositionLevel | None = Field(None, strict=False)
    box: int | None = Field(None, ge=1, le=9)
    province: str | None = Field(None, max_length=100, description="Code of a province, such as 14.")
    wished_province: str | None = Field(None, max_length=100, description="Code of a province wished for.")
    wished_level: PositionLevel | None = Field(None, strict=False)
    wished_affair: str | None = Field(None, max_length=100, description="Code of a government affair wished for.")


async def talent_cards_page(
    db: Database,
    actor: Actor,
    chosen: CardFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """A page of cards of other institutions' talents who consent to be listed for mobility, in no order that tells."""
    actor.require(Permission.READ_CARDS)
    conditions = (chosen or CardFilter()).model_dump(exclude_none=True)
    must_be_one_of(list(PROVINCES), "province", conditions.get("province"))
    must_be_one_of(list(PROVINCES), "wishedProvince", conditions.get("wished_province"))
    must_be_one_of(list(AFFAIRS), "wishedAffair", conditions.get("wished_affair"))
    return await db.page_as(actor, shapes.CARDS, wanted, page_size(first), id_cursor(after), **conditions)


async def talent_card_counts_document(db: Database, actor: Actor, wanted: Selection | None = None) -> Document:
    """How many people there are by province, level and box, over the nation.

    Counts of one to four people are null, and so are those that would give them away.
    """
    actor.require(Permission.READ_NATIONAL_COUNTS)
    state = await db.document_as(actor, shapes.counts_state())
    counts = None if state is None else await _counts(db, actor, state, wanted)
    if counts is None:  # the permission without the reach
        raise actor.refusal(Permission.READ_NATIONAL_COUNTS)
    return counts


async def _counts(db: Database, actor: Actor, state: Document, wanted: Selection | None) -> Document | None:
    """What was told of the counts under a version is told again; while they change they are looked at."""
    known = _known(state, wanted)
    if not known or orjson.loads(state)["version"] is None:
        if (numbers := await db.document_as(actor, shapes.numbers())) is None:
            return None
        known[:] = [await asyncio.to_thread(_told, numbers, wanted)]
    return known[0]


@lru_cache(KEPT_ANSWERS)
def _known(_state: Document, _wanted: Selection | None) -> list[Document]:
    """Where the answer under a version stands, as it was wanted, once it is known."""
    return []


@lru_cache(KEPT_ANSWERS)
def _told(numbers: Document, wanted: Selection | None) -> Document:
    """What may be told of the counts, as it is wanted; worked out once for as long as they stay the same."""
    rows = [_row(row) for row in orjson.loads(numbers)["rows"]]
    total = sum(cast("int", box["people"]) for row in rows for box in _boxes(row))
    counts: Json = {"total": total, "smallestTold": SMALLEST_TOLD, "rows": rows}
    _withhold(counts)
    return orjson.dumps(ekspose._chosen(counts, shapes.CARD_COUNTS.type, shapes.CARD_COUNTS.fields, wanted))  # noqa: SLF001 - a service composes another's steps


def _row(row: Json) -> Json:
    boxes = [{"box": box or None, "people": count} for box, count in enumerate(cast("Sequence[int]", row["people"]))]
    return {"provinceCode": row["provinceCode"], "positionLevel": row["positionLevel"], "boxes": boxes}


def _boxes(row: Json) -> Sequence[Json]:
    return cast("Sequence[Json]", row["boxes"])


def _withhold(counts: Json) -> None:
    """Small counts go, and those that would give them away; how many stand in a box is told elsewhere."""
    for boxes in zip(*(_boxes(row) for row in cast("Sequence[Json]", counts["rows"])), strict=True):
        told = tell([[cast("int", box["people"]) for box in boxes]], known=[(0, len(boxes))])
        for box, people in zip(boxes, told.cells[0], strict=True):
            box["people"] = people
    if is_small(cast("int", counts["total"])):
        counts["total"] = None
