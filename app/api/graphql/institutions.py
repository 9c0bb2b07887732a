"""GraphQL: institutions."""

from __future__ import annotations

import datetime
from uuid import UUID

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.db.documents import Document
from app.services import institutions


@strawberry.type(description="One version of a rubric.")
class RubricVersion:
    code: str | None
    version: int | None


@strawberry.type(description="An employing government body, and the day its talent map describes.")
class Institution:
    id: UUID
    name: str
    as_of: datetime.date | None
    rubric: RubricVersion


@strawberry.type
class InstitutionQueries:
    @strawberry.field(description="The institution the token belongs to.")
    def institution(self) -> Institution | None:
        compiled()


async def institution(asked: Asked) -> Document:
    return await institutions.institution_document(asked.db, asked.actor, asked.wanted)


ROOTS: dict[str, RootFunction] = {"institution": institution}
