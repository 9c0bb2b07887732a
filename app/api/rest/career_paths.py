"""REST: the posts that fit a person."""

from __future__ import annotations

from starlette.requests import Request

from app.api.rest.reads import FIELDS, NIP, PURPOSE, Read, select_fields
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes.career_paths import CAREER_PATHS
from app.domain.actors import Actor
from app.services import career_paths


async def career_paths_of(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, CAREER_PATHS)
    return await career_paths.career_paths_document(db, actor, request.path_params["nip"], wanted)


READS = (
    Read(
        "/talents/{nip}/career-paths",
        career_paths_of,
        career_paths.career_paths_document,
        CAREER_PATHS,
        "careers",
        (NIP, FIELDS, PURPOSE),
    ),
)
