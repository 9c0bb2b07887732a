"""Reads of the facade: units of the institution, and the reference service."""

from __future__ import annotations

from starlette.requests import Request

from app.api.siasn.employees import schema_of_answer
from app.api.siasn.reads import FacadeRead, JsonSchema
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes.siasn_references import UNITS, schema_of_list
from app.domain.actors import Actor
from app.services import siasn_documents
from app.siasn import wire

_WHOLE: JsonSchema = {"type": "integer"}
PAGE = (
    {"name": "limit", "in": "query", "schema": {**_WHOLE, "default": siasn_documents.PAGE_SIZE}},
    {"name": "offset", "in": "query", "schema": {**_WHOLE, "default": 0}},
)
LONGEST, LARGEST = 18, 2**63 - 1
"""Digits that are counted with; the number that stands for all longer ones."""


def _whole(request: Request, name: str) -> int | None:
    """A number in the query; whatever else stands there says nothing."""
    said = request.query_params.get(name, "").strip()
    digits = said.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        return None
    significant = digits.lstrip("0") or "0"
    size = int(significant) if len(significant) <= LONGEST else LARGEST
    return -size if said.startswith("-") else size


async def _units(db: Database, actor: Actor, request: Request) -> Document | None:
    return await siasn_documents.units_document(db, actor, _whole(request, "limit"), _whole(request, "offset"))


def _reference(name: str, path: str) -> FacadeRead:
    async def answer(db: Database, actor: Actor, request: Request) -> Document | None:
        limit, offset = _whole(request, "limit"), _whole(request, "offset")
        return await siasn_documents.reference_document(db, actor, name, limit, offset)

    results = {"results": schema_of_list(wire.REFERENCES[name])}
    schema = {"type": "object", "properties": results, "required": ["results"], "additionalProperties": False}
    return FacadeRead(path, answer, f"Read the reference {name}", schema, PAGE)


READS: tuple[FacadeRead, ...] = (
    FacadeRead("/referensi/ref-unor", _units, "Read the units of the institution", schema_of_answer(UNITS), PAGE),
)
LISTS: tuple[FacadeRead, ...] = tuple(
    _reference(name, path) for name in wire.REFERENCES for path in (f"/{name}", f"/{name}/search")
)
"""Below the base of the reference service, where the token of a system is enough."""
