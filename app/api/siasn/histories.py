"""Reads of the facade: histories, and single rows of them."""

from __future__ import annotations

from starlette.requests import Request

from app.api.siasn.employees import schema_of_answer
from app.api.siasn.reads import FacadeRead
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes.siasn_histories import HISTORIES, ROWS
from app.domain.actors import Actor
from app.services import siasn_documents


def _history(name: str, path: str | None = None) -> FacadeRead:
    async def answer(db: Database, actor: Actor, request: Request) -> Document | None:
        return await siasn_documents.history_document(db, actor, name, request.path_params["nip"])

    schema = schema_of_answer(HISTORIES[name])
    return FacadeRead(path or f"/pns/{name}/{{nip}}", answer, f"Read somebody's {name}", schema)


def _row(entity: str) -> FacadeRead:
    async def answer(db: Database, actor: Actor, request: Request) -> Document | None:
        return await siasn_documents.history_row_document(db, actor, entity, request.path_params["id"])

    return FacadeRead(f"/{entity}/id/{{id}}", answer, f"Read one row of rw-{entity}", schema_of_answer(ROWS[entity]))


async def _nothing(_db: Database, _actor: Actor, _request: Request) -> None:
    """Of a history whose rows nobody has described, nothing is held."""


_EMPTY = {"type": "object", "properties": {"code": {"const": 1}, "data": {"type": "array", "maxItems": 0}}}
READS: tuple[FacadeRead, ...] = (
    *(_history(name) for name in HISTORIES),
    FacadeRead("/pns/rw-tubel/{nip}", _nothing, "Read somebody's rw-tubel, of which nothing is held", _EMPTY),
    _history("rw-jabatan", "/jabatan/pns/{nip}"),
    *(_row(entity) for entity in ROWS),
)
