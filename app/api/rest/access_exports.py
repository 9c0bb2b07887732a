"""REST: everything held about one person, as JSON and as a page to print."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import HTMLResponse, Response

from app.api.access import actor as who_asks
from app.api.access import database, doors
from app.api.pages.access_export import render
from app.api.rest.exports import HTML, KEPT_BY_NOBODY, PAGE_HEADERS
from app.api.rest.reads import JSON
from app.api.routes import SignedInRoute
from app.db.documents import schema_of
from app.db.shapes.access_exports import ACCESS_EXPORT
from app.services import access_exports
from app.services.access_exports import Notice

router = APIRouter(prefix="/v1", tags=["data subjects"], route_class=SignedInRoute)
Nip = Annotated[str, Path(description="Employee number, 18 digits.")]
DOCUMENT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Everything held about the person.",
        "content": {JSON: {"schema": schema_of(ACCESS_EXPORT.fields)}},
    }
}


@router.get("/access-export", operation_id="exportOwnData", response_class=Response, responses=DOCUMENT)
async def export_own_data(request: Request) -> Response:
    """Take out everything that is held about oneself."""
    document = await access_exports.export_own_data(database(request), who_asks(request), _notice(request, OWN_PAGE))
    return Response(document, media_type=JSON, headers=KEPT_BY_NOBODY)


@router.get("/access-export.html", operation_id="printOwnData", response_class=Response, responses=HTML)
async def print_own_data(request: Request) -> Response:
    """Take out everything that is held about oneself as a page to print."""
    notice = _notice(request, OWN_PAGE)
    page = await access_exports.print_own_data(database(request), who_asks(request), notice, render)
    return HTMLResponse(page, headers=PAGE_HEADERS)


@router.get(
    "/talents/{nip}/access-export", operation_id="exportDataOfTalent", response_class=Response, responses=DOCUMENT
)
async def export_data_of_talent(request: Request, nip: Nip) -> Response:
    """Take out everything that is held about a talent who asks for it; the look leaves a receipt."""
    notice = _notice(request, PAGE_OF_TALENT.format(nip=nip))
    document = await access_exports.export_data_of_talent(database(request), who_asks(request), nip, notice)
    return Response(document, media_type=JSON, headers=KEPT_BY_NOBODY)


@router.get(
    "/talents/{nip}/access-export.html", operation_id="printDataOfTalent", response_class=Response, responses=HTML
)
async def print_data_of_talent(request: Request, nip: Nip) -> Response:
    """Take out everything that is held about a talent who asks for it as a page to print."""
    notice = _notice(request, PAGE_OF_TALENT.format(nip=nip))
    page = await access_exports.print_data_of_talent(database(request), who_asks(request), nip, notice, render)
    return HTMLResponse(page, headers=PAGE_HEADERS)


OWN_PAGE, PAGE_OF_TALENT = "/v1/access-export.html", "/v1/talents/{nip}/access-export.html"


def _notice(request: Request, page: str) -> Notice:
    return Notice(doors(request).data_protection_contact, page)
