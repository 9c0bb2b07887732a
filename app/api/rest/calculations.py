"""REST: calculations, long work that a worker does after the request was answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.reads import FIELDS, JSON, Read, id_of, in_path, select_fields
from app.db.database import Database
from app.db.documents import Document, schema_of
from app.db.shapes.calculations import CALCULATION
from app.domain.actors import Actor
from app.services import calculation


def begun(description: str) -> dict[str, Any]:
    """How OpenAPI describes the answer of a calculation that goes on."""
    return {"description": description, "content": {JSON: {"schema": schema_of(CALCULATION.fields)}}}


async def accepted(request: Request, calculation_id: UUID) -> Response:
    """202 with the calculation, which goes on by itself."""
    document = await calculation.calculation_document(database(request), who_asks(request), calculation_id)
    return Response(document, 202, {"location": f"/v1/calculations/{calculation_id}"}, JSON)


async def calculation_document(db: Database, actor: Actor, request: Request) -> Document:
    calculation_id = id_of(request, "calculationId", "calculation.not_found")
    return await calculation.calculation_document(db, actor, calculation_id, select_fields(request, CALCULATION))


CALCULATION_ID = in_path("calculationId", "Id of a calculation.", {"type": "string", "format": "uuid"})
READS = (
    Read(
        "/calculations/{calculationId}",
        calculation_document,
        calculation.calculation_document,
        CALCULATION,
        "calculations",
        (CALCULATION_ID, FIELDS),
    ),
)
