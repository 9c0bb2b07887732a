"""The ceiling of reading: routes that send the bytes of one asyncpg statement and do nothing else.

`python -m app.dev.benchmark.ceiling PORT DATABASE_URL INSTITUTION` serves them like the service itself is served.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import cast

import asyncpg
import uvicorn
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.db.database import OWN
from app.db.documents import Shape, Statement, compile_document
from app.db.pages import compile_page
from app.db.policies import APPLICATION_ROLE
from app.db.shapes import siasn_histories, siasn_persons
from app.db.shapes.talents import TALENT, TALENTS
from app.db.withholding import pages_for, shape_for
from app.domain.actors import Permission
from app.settings import Settings
from app.siasn import wire

JSON = "application/json"
PAGE_SIZE = 50
ALL = frozenset(Permission)
FACADE = {
    wire.PERSON: siasn_persons.PERSON,
    **{name: siasn_histories.HISTORIES[name] for name in ("rw-jabatan", "rw-golongan")},
}
"""What is measured of the facade: its widest document, the longest history, and one that SIASN alone tells."""


def build(url: str, institution: str, connections: int) -> FastAPI:
    """Ordinary FastAPI routes, and the same as bare Starlette routes below /bare."""
    profile = compile_document(shape_for(ALL, TALENT), None, frozenset({"nip"}))
    page = compile_page(pages_for(ALL, TALENTS), None, frozenset())
    # the session as the service has it: role, plans, size of the pool
    session = {"role": APPLICATION_ROLE, "timezone": "UTC", "jit": "off", "plan_cache_mode": "force_generic_plan"}
    pool: asyncpg.Pool

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        nonlocal pool
        async with asyncpg.create_pool(url, min_size=1, max_size=connections, server_settings=session) as pool:
            yield

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None)
    of_profile, of_page = _arguments(profile, institution), _arguments(page, institution)

    @app.get("/talents")
    async def fastapi_page(first: int = PAGE_SIZE) -> Response:
        return Response(await pool.fetchval(page.sql, *of_page({"first": first})), media_type=JSON)

    @app.get("/talents/{nip}")
    async def fastapi_profile(nip: str) -> Response:
        return Response(await pool.fetchval(profile.sql, *of_profile({"nip": nip})), media_type=JSON)

    async def bare_page(request: Request) -> Response:
        first = int(request.query_params["first"])
        return Response(await pool.fetchval(page.sql, *of_page({"first": first})), media_type=JSON)

    async def bare_profile(request: Request) -> Response:
        values = of_profile({"nip": request.path_params["nip"]})
        return Response(await pool.fetchval(profile.sql, *values), media_type=JSON)

    def facade_route(name: str, shape: Shape) -> None:
        told = compile_document(shape_for(ALL, shape), None, frozenset({"nip"}))
        of_told = _arguments(told, institution)

        @app.get(f"/facade/{name}/{{nip}}")
        async def fastapi_told(nip: str) -> Response:
            return Response(await pool.fetchval(told.sql, *of_told({"nip": nip})), media_type=JSON)

    for name, shape in FACADE.items():
        facade_route(name, shape)
    app.router.routes += [Route("/bare/talents", bare_page), Route("/bare/talents/{nip}", bare_profile)]
    return app


def _arguments(statement: Statement, institution: str) -> Callable[[dict[str, object]], list[object]]:
    known = {**statement.constants, "institution": institution, "reach": OWN}

    def arguments(values: dict[str, object]) -> list[object]:
        return [values[name] if name in values else known[name] for name in statement.parameters]

    return arguments


def main(port: str, url: str, institution: str) -> None:
    """Serve until stopped."""
    connections = cast("int", Settings.model_fields["database_connections"].default)
    config = uvicorn.Config(
        build(url, institution, connections),
        port=int(port),
        log_config=None,
        access_log=False,
        loop="uvloop",
        http="httptools",
        server_header=False,
    )
    uvicorn.Server(config).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
