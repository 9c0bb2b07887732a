"""Reads of the facade: employees."""

from __future__ import annotations

from starlette.requests import Request

from app.api.siasn.reads import FacadeRead, JsonSchema
from app.db.database import Database
from app.db.documents import Document, Shape, schema_of
from app.db.shapes import siasn_persons as shapes
from app.domain.actors import Actor
from app.services import siasn_documents


async def _person(db: Database, actor: Actor, request: Request) -> Document | None:
    return await siasn_documents.person_document(db, actor, request.path_params["nip"])


async def _part_time_person(db: Database, actor: Actor, request: Request) -> Document | None:
    return await siasn_documents.person_document(db, actor, request.path_params["nip"], is_part_time=True)


async def _professionalism(db: Database, actor: Actor, request: Request) -> Document | None:
    nip = request.path_params.get("nip") or request.query_params.get("nip", "")
    return await siasn_documents.professionalism_document(db, actor, nip)


def schema_of_answer(shape: Shape) -> JsonSchema:
    """The JSON Schema of an answer, all of whose keys are always there."""
    return {**schema_of(shape.fields), "required": list(shape.fields)}


_TOLD = schema_of_answer(shapes.INDEX)
READS: tuple[FacadeRead, ...] = (
    FacadeRead("/pns/data-utama/{nip}", _person, "Read somebody's main record", schema_of_answer(shapes.PERSON)),
    FacadeRead(
        "/pns/data-utama/paruhwaktu/{nip}",
        _part_time_person,
        "Read the main record of somebody who works part-time",
        schema_of_answer(shapes.PART_TIME_PERSON),
    ),
    FacadeRead("/pns/nilaiipasn/{nip}", _professionalism, "Read somebody's index of professionalism", _TOLD),
    FacadeRead(
        "/pns/nilaiipasn",
        _professionalism,
        "Read somebody's index of professionalism, asked for by parameter",
        _TOLD,
        [{"name": "nip", "in": "query", "required": True, "schema": {"type": "string"}}],
    ),
)
