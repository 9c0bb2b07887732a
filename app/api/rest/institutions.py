"""REST: institutions and their units."""

from __future__ import annotations

from starlette.requests import Request

from app.api.rest.reads import PAGE, Read, after_of, first_of, page_of
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import institutions as shapes
from app.domain.actors import Actor
from app.services import institutions


async def institutions_page(db: Database, actor: Actor, request: Request) -> Document:
    pages = shapes.REGISTER if actor.is_national else shapes.INSTITUTIONS
    wanted = page_of(request, pages)
    return await institutions.institutions_page(db, actor, first_of(request), after_of(request), wanted)


async def org_units_page(db: Database, actor: Actor, request: Request) -> Document:
    return await institutions.org_units_page(
        db, actor, first_of(request), after_of(request), page_of(request, shapes.ORG_UNITS)
    )


READS = (
    Read("/institutions", institutions_page, institutions.institutions_page, shapes.REGISTER, "institutions", PAGE),
    Read("/org-units", org_units_page, institutions.org_units_page, shapes.ORG_UNITS, "institutions", PAGE),
)
