"""REST: anonymous cards, and counts over the nation."""

from __future__ import annotations

from starlette.requests import Request

from app.api.rest.reads import PAGE, Read, after_of, filter_of, first_of, page_of, query
from app.api.rest.talents import LEVELS
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import cards as shapes
from app.domain.actors import Actor
from app.domain.government_affairs import AFFAIRS
from app.domain.provinces import PROVINCES
from app.services import cards
from app.services.cards import CardFilter


async def talent_cards_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, CardFilter, FILTERS)
    return await cards.talent_cards_page(
        db, actor, chosen, first_of(request), after_of(request), page_of(request, shapes.CARDS)
    )


async def talent_card_counts(db: Database, actor: Actor, _request: Request) -> Document:
    return await cards.talent_card_counts_document(db, actor)


FILTERS = (
    query("positionLevel", "Level of the current post.", {"type": "string", "enum": LEVELS}),
    query("box", "Box 1–9.", {"type": "integer", "minimum": 1, "maximum": 9}),
    query("province", "Code of the institution's province.", {"type": "string", "enum": list(PROVINCES)}),
    query("wishedProvince", "Code of a province wished for.", {"type": "string", "enum": list(PROVINCES)}),
    query("wishedLevel", "Level of a post wished for.", {"type": "string", "enum": LEVELS}),
    query("wishedAffair", "Government affair of a post wished for.", {"type": "string", "enum": list(AFFAIRS)}),
)
READS = (
    Read("/talent-cards", talent_cards_page, cards.talent_cards_page, shapes.CARDS, "talent cards", (*FILTERS, *PAGE)),
    Read(
        "/talent-cards/counts",
        talent_card_counts,
        cards.talent_card_counts_document,
        shapes.CARD_COUNTS,
        "talent cards",
    ),
)
