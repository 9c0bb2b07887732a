"""Searches of the nation, for tests that need one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.db.database import Database
from app.domain.actors import Actor, Role
from app.domain.careers import PositionLevel
from app.services import national_rankings
from app.services.national_rankings import RankNationally
from tests.cycles import somebody

ON = datetime.now(UTC).date() + timedelta(days=42)
"""A planned day of inauguration: it has to lie ahead."""
GROUNDS = "PP 11/2017 ps. 107: pengisian jabatan lintas instansi"


async def a_national_search(db: Database, actor: Actor) -> dict[str, str]:
    """A search of the nation that the institution made, and made again: the ids of both."""
    national = somebody(actor, Role.NATIONAL, "bkn")
    command = RankNationally(grounds=GROUNDS, level=PositionLevel.JPT_PRATAMA, on=ON)
    search_id = await national_rankings.rank_nationally(db, national, command)
    again = await national_rankings.recompute_national_ranking(db, national, search_id)
    return {"searchId": str(search_id), "nationalRecomputationId": str(again)}
