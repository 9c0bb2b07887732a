"""The REST doors in the browser, in development; like GraphiQL it loads its scripts from elsewhere."""

from __future__ import annotations

from fastapi.openapi.docs import get_swagger_ui_html
from starlette.requests import Request
from starlette.responses import Response

POLICY = (
    "default-src 'none'; connect-src 'self'; frame-ancestors 'none'; "
    "script-src https://cdn.jsdelivr.net 'unsafe-inline'; style-src https://cdn.jsdelivr.net 'unsafe-inline'; "
    "img-src data: https://fastapi.tiangolo.com"
)


async def documentation(request: Request) -> Response:
    """The page at /docs."""
    page = get_swagger_ui_html(openapi_url=request.app.openapi_url, title=request.app.title)
    page.headers["content-security-policy"] = POLICY
    return page
