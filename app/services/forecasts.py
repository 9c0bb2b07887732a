"""Forecasts: which seats will be empty, as their holders retire."""

from __future__ import annotations

from pydantic import Field

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.shapes import forecasts as shapes
from app.domain.actors import Actor, Permission
from app.domain.errors import NotFound
from app.domain.posts import HORIZONS
from app.services.contract import Command, must_be_one_of


class ForecastYears(Command):
    """How far to look ahead."""

    years: int = Field(HORIZONS[0], description="1, 3, 5 or 10 years from the day of the map.")


async def post_forecast_document(
    db: Database, actor: Actor, command: ForecastYears | None = None, wanted: Selection | None = None
) -> Document:
    """Who reaches the age of retirement within some years of the day of the map, by level, by unit, and one by one.

    Whose day of birth or age of retirement is unknown is counted as such, and in none of the retirements. It says by
    which version of the national rules it was made.
    """
    actor.require(Permission.READ_POSTS)
    years = (command or ForecastYears()).years
    must_be_one_of([str(one) for one in HORIZONS], "years", str(years))
    document = await db.document_as(actor, shapes.FORECAST, wanted, years=years)
    if document is None:
        raise NotFound("posts.not_imported")
    return document
