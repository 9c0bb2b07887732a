"""REST: view receipts."""

from __future__ import annotations

from starlette.requests import Request

from app.api.rest.reads import NIP, PAGE, Read, after_of, first_of, page_of
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes.receipts import RECEIPTS
from app.domain.actors import Actor
from app.services import receipts


async def receipts_page(db: Database, actor: Actor, request: Request) -> Document:
    return await receipts.receipts_page(db, actor, first_of(request), after_of(request), page_of(request, RECEIPTS))


async def talent_receipts_page(db: Database, actor: Actor, request: Request) -> Document:
    nip = request.path_params["nip"]
    return await receipts.talent_receipts_page(
        db, actor, nip, first_of(request), after_of(request), page_of(request, RECEIPTS)
    )


READS = (
    Read("/receipts", receipts_page, receipts.receipts_page, RECEIPTS, "data subjects", PAGE),
    Read(
        "/talents/{nip}/receipts",
        talent_receipts_page,
        receipts.talent_receipts_page,
        RECEIPTS,
        "data subjects",
        (NIP, *PAGE),
    ),
)
