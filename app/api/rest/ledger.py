"""REST: the ledger."""

from __future__ import annotations

from starlette.requests import Request

from app.api.rest.reads import PAGE, Read, after_of, filter_of, first_of, query
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import ledger as shapes
from app.domain.actors import Actor
from app.domain.events import EVENT_TYPES
from app.services import ledger


async def ledger_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, ledger.LedgerFilter, FILTERS)
    return await ledger.ledger_page(db, actor, chosen, first_of(request), after_of(request))


FILTERS = (
    query("type", "What happened.", {"type": "string", "enum": list(EVENT_TYPES)}),
    query("subject", "Who did it, as the token names them.", {"type": "string"}),
)
READS = (Read("/ledger", ledger_page, ledger.ledger_page, shapes.LEDGER, "ledger", (*FILTERS, *PAGE)),)
