"""GraphQL: organisational units."""

from __future__ import annotations

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.services import institutions


@strawberry.type(
    description="A unit; `path` are the ids of the units above it, from the top, and its own. `people` are those on "
    "the map who are in it, not those below."
)
class OrgUnit:
    id: str
    name: str
    parent_id: str | None
    path: list[str]
    people: int


@strawberry.type
class OrgUnitEdge:
    cursor: str
    node: OrgUnit


@strawberry.type(description="A page of units, superiors before their units.")
class OrgUnitConnection:
    edges: list[OrgUnitEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class OrgUnitQueries:
    @strawberry.field(description="The units of the own institution, superiors before their units.")
    def org_units(self, first: int | None = None, after: str | None = None) -> OrgUnitConnection | None:
        compiled()


async def org_units_page(asked: Asked, first: int | None = None, after: str | None = None) -> Document:
    return await institutions.org_units_page(asked.db, asked.actor, first, after, asked.wanted)


ROOTS: dict[str, RootFunction] = {"orgUnits": org_units_page}
