"""REST: demand and supply over the nation."""

from __future__ import annotations

from starlette.requests import Request

from app.api.rest.reads import FIELDS, Read, filter_of, query, select_fields
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import mobility_demand as shapes
from app.domain.actors import Actor
from app.domain.mobility_demand import LONGEST_HORIZON
from app.domain.provinces import PROVINCES
from app.services import mobility_demand
from app.services.mobility_demand import DemandFilter


async def demand(db: Database, actor: Actor, request: Request) -> Document:
    chosen, wanted = filter_of(request, DemandFilter, FILTERS), select_fields(request, shapes.MOBILITY_DEMAND)
    return await mobility_demand.mobility_demand_document(db, actor, chosen, wanted)


FILTERS = (
    query("groupedBy", "By what it is told within each province; by level unless told.", shapes.GROUP),
    query(
        "horizonMonths",
        "How far ahead retirements are looked at; 12 months unless told.",
        {"type": "integer", "minimum": 0, "maximum": LONGEST_HORIZON},
    ),
    query("province", "Code of the one province to tell of.", {"type": "string", "enum": list(PROVINCES)}),
)
READS = (
    Read(
        "/mobility-demand",
        demand,
        mobility_demand.mobility_demand_document,
        shapes.MOBILITY_DEMAND,
        "mobility",
        (*FILTERS, FIELDS),
    ),
)
