"""Development plans: the skeleton from which a talent and the superior make one, and the boxes' recommendations."""

from __future__ import annotations

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.shapes.boxes import BOX_CATALOGUE
from app.db.shapes.development_plans import DEVELOPMENT_PLAN
from app.domain.actors import Actor, Permission
from app.domain.errors import NotFound
from app.services.placements import document_of_talent


async def development_plan_document(db: Database, actor: Actor, nip: str, wanted: Selection | None = None) -> Document:
    """The skeleton of an individual development plan: gaps to the standards of the present and of the target level.

    Recommendations of the box and the evidence to complete first come along. It suggests; nothing of it is decided.
    """
    actor.require(Permission.READ_TALENTS, Permission.READ_UNIT_TALENTS, Permission.READ_OWN_TALENT)
    return await document_of_talent(db, actor, DEVELOPMENT_PLAN, nip, wanted)


async def boxes_document(db: Database, actor: Actor, wanted: Selection | None = None) -> Document:
    """The nine boxes: what each stands for, what it recommends, and which succession pools it feeds."""
    actor.require(Permission.READ_RUBRICS)
    document = await db.document_as(actor, BOX_CATALOGUE, wanted)
    if document is None:
        raise NotFound("institution.not_found")
    return document
