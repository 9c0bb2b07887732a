"""Plain functions that list talents as people who want to move, through the service."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from app.db.database import Database
from app.domain.actors import Actor
from app.services import mobility_listings
from app.services.mobility_listings import KeepMobilityListing
from tests.factories import talent


def told(db: Database, *, days: int | None = 60, **but: Any) -> dict[str, Any]:
    """What somebody sends who wants to go to Riau, with the consent to it unless `days` is None."""
    consent = None if days is None else {"expiresAt": (db.now() + timedelta(days=days)).isoformat()}
    return {"consent": consent, "provincesWanted": ["14"], "horizonMonths": 12, "moves": ["lateral"], **but}


async def a_listing(db: Database, actor: Actor, nip: str, *, days: int | None = 60, **but: Any) -> None:
    command = KeepMobilityListing.model_validate_json(json.dumps(told(db, days=days, **but)))
    await mobility_listings.keep_mobility_listing(db, talent(actor, nip), command)
