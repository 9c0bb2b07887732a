"""REST: talent maps from elsewhere."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, File, Form, Request, UploadFile
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database, doors
from app.api.rest.imports import REPORT, on_disk
from app.api.routes import SignedInRoute
from app.services import talent_maps
from app.services.talent_maps import ImportTalentMap

router = APIRouter(prefix="/v1", tags=["exports"], route_class=SignedInRoute)
CYCLE = {"type": ["string", "null"], "format": "uuid"}
_REPORT = {**REPORT, "properties": {**REPORT["properties"], "cycle": CYCLE}}  # type: ignore[dict-item]
NOT_STORED = "The same report, where nothing was stored."


def _reported(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": _REPORT}}}


@router.post(
    "/talent-maps",
    operation_id="importTalentMap",
    status_code=201,
    response_class=Response,
    responses={201: _reported("Stored as a closed cycle: what became of every row."), 200: _reported(NOT_STORED)},
)
async def import_talent_map(
    request: Request,
    files: Annotated[list[UploadFile], File(description="XLSX or CSV, with the columns of an exported talent map.")],
    name: Annotated[str, Form(description="What the cycle is to be called.")],
    as_of: Annotated[date, Form(alias="asOf", description="The day the map describes.")],
    rubric_code: Annotated[str, Form(alias="rubricCode", description="The rubric it was made by.")],
    rubric_version: Annotated[int, Form(alias="rubricVersion", description="Its version.")],
    dry_run: Annotated[bool, Form(alias="dryRun", description="Report everything, store nothing.")] = False,  # noqa: FBT002
    all_or_nothing: Annotated[  # noqa: FBT002 - a form field
        bool, Form(alias="allOrNothing", description="Store nothing if any row is refused.")
    ] = False,
) -> Response:
    """Import a talent map made elsewhere as a closed cycle, to compare with.

    201 with the report when stored; 200 with the same report when nothing was.
    """
    command = ImportTalentMap(
        name=name,
        as_of=as_of,
        rubric_code=rubric_code,
        rubric_version=rubric_version,
        dry_run=dry_run,
        all_or_nothing=all_or_nothing,
    )
    async with on_disk(files) as delivered:
        report = await talent_maps.import_talent_map(
            database(request), who_asks(request), command, delivered, limits=doors(request).limits
        )
    headers = {"location": f"/v1/cycles/{report['cycle']}"} if report["stored"] else {}
    return Response(orjson.dumps(report), 201 if report["stored"] else 200, headers, "application/json")
