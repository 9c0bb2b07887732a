"""REST: the ledger, and the head of its chain."""

from __future__ import annotations

from starlette.requests import Request

from app.api.rest.reads import FIELDS, PAGE, Read, after_of, filter_of, first_of, page_of, query, select_fields
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import ledger as shapes
from app.domain.actors import Actor
from app.domain.events import EVENT_TYPES
from app.services import ledger


async def ledger_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, ledger.LedgerFilter, FILTERS)
    return await ledger.ledger_page(
        db, actor, chosen, first_of(request), after_of(request), page_of(request, shapes.LEDGER)
    )


async def ledger_head(db: Database, actor: Actor, request: Request) -> Document:
    return await ledger.ledger_head_document(db, actor, select_fields(request, shapes.LEDGER_HEAD))


FILTERS = (
    query("type", "What happened.", {"type": "string", "enum": list(EVENT_TYPES)}),
    query("subject", "Who did it, as the token names them.", {"type": "string"}),
    query("about", "Id of what it is about, such as a talent's or a cycle's.", {"type": "string"}),
)
READS = (
    Read("/ledger", ledger_page, ledger.ledger_page, shapes.LEDGER, "ledger", (*FILTERS, *PAGE)),
    Read("/ledger-head", ledger_head, ledger.ledger_head_document, shapes.LEDGER_HEAD, "ledger", (FIELDS,)),
)
