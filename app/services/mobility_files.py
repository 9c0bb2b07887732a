"""Files of mobility runs as they are published: the nine tables and the paper that lists them, byte for byte."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select

from app.db.database import Database
from app.db.tables.mobility_runs import MobilityFilePartRow, MobilityFileRow, MobilityRunRow
from app.domain.actors import Actor, Permission
from app.domain.errors import NotFound
from app.services.contract import is_storable

CSV, JSON = "text/csv; charset=utf-8", "application/json"


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file, to be read some of it at a time."""

    name: str
    media_type: str
    sha256: str
    size: int
    """Bytes."""
    content: AsyncIterator[bytes]


async def download_mobility_file(db: Database, actor: Actor, run_id: UUID, name: str) -> PublishedFile:
    """One of the ten files of a run: for its organiser after the run, for everybody once the campaign is published."""
    actor.require(Permission.READ_MOBILITY)
    if not is_storable(name):
        raise NotFound("mobility_file.not_found")
    run, row = MobilityRunRow, MobilityFileRow
    async with db.read_as(actor) as tx:
        same = and_(run.institution_id == row.institution_id, run.campaign_id == row.campaign_id)
        of_run = select(row).join(run, same)
        file = await tx.scalar(of_run.where(run.id == run_id, run.identity.is_not(None), row.name == name))
    if file is None:
        raise NotFound("mobility_file.not_found")
    media_type = CSV if name.endswith(".csv") else JSON
    return PublishedFile(name, media_type, file.sha256, file.size, _content(db, actor, file))


async def _content(db: Database, actor: Actor, file: MobilityFileRow) -> AsyncIterator[bytes]:
    """Part by part, each looked up by itself: whoever reads slowly keeps nobody else waiting. No file ever changes."""
    row = MobilityFilePartRow
    for part in range(1, file.parts + 1):
        one = select(row.content).where(
            row.institution_id == file.institution_id,
            row.campaign_id == file.campaign_id,
            row.name == file.name,
            row.part == part,
        )
        async with db.read_as(actor) as tx:
            content = await tx.scalar(one)
        if content is None:
            raise NotFound("mobility_file.not_found")
        yield content
