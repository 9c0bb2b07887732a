"""GraphQL: rubrics, drafts of them, and which one holds."""

from __future__ import annotations

import datetime
from typing import Any

import strawberry
from strawberry.scalars import JSON

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.institutions import RubricVersion
from app.api.graphql.placements import Sentence
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain.revisions import exactly
from app.services import rubrics
from app.services.rubrics import CopyRubric, EditRubric


@strawberry.type(description="A version of a rubric, which never changes; `document` is all that it says.")
class Rubric:
    code: str
    version: int
    title: Sentence
    is_own: bool
    is_active: bool
    document: JSON


@strawberry.type(description="A version of a rubric of one's own that is still edited; `revision` counts its edits.")
class RubricDraft:
    code: str
    version: int
    revision: int
    title: Sentence
    copied_from: RubricVersion
    created_at: datetime.datetime
    created_by: str
    edited_at: datetime.datetime
    edited_by: str
    document: JSON


@strawberry.type
class RubricEdge:
    cursor: str
    node: Rubric


@strawberry.type
class RubricConnection:
    edges: list[RubricEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class RubricDraftEdge:
    cursor: str
    node: RubricDraft


@strawberry.type
class RubricDraftConnection:
    edges: list[RubricDraftEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class RubricQueries:
    @strawberry.field(description="One version of a rubric.")
    def rubric(self, code: str, version: int) -> Rubric | None:
        compiled()

    @strawberry.field(description="The shipped rubrics and the institution's own, by code.")
    def rubrics(self, first: int | None = None, after: str | None = None) -> RubricConnection | None:
        compiled()

    @strawberry.field(description="One draft of the institution's own.")
    def rubric_draft(self, code: str, version: int) -> RubricDraft | None:
        compiled()

    @strawberry.field(description="The institution's drafts, by code.")
    def rubric_drafts(self, first: int | None = None, after: str | None = None) -> RubricDraftConnection | None:
        compiled()


@strawberry.type
class RubricChanges:
    @strawberry.field(description="Copy a rubric to a draft of one's own; `name` begins its code.")
    def copy_rubric(self, code: str, version: int, name: str | None = None) -> RubricDraft | None:
        compiled()

    @strawberry.field(description="Replace what a draft says, if it is still of the revision that was read.")
    def edit_rubric(self, code: str, version: int, revision: int, document: JSON) -> RubricDraft | None:
        compiled()

    @strawberry.field(description="Throw a draft away; answers with the drafts that are left.")
    def discard_rubric(self, code: str, version: int, revision: int) -> RubricDraftConnection | None:
        compiled()

    @strawberry.field(description="Place everybody by a version, or by a draft of the revision that was read.")
    def activate_rubric(self, code: str, version: int, revision: int | None = None) -> Rubric | None:
        compiled()


async def rubric(asked: Asked, code: str, version: int) -> Document:
    return await rubrics.rubric_document(asked.db, asked.actor, code, version, asked.wanted)


async def rubrics_page(asked: Asked, first: int | None = None, after: str | None = None) -> Document:
    return await rubrics.rubrics_page(asked.db, asked.actor, first, after, asked.wanted)


async def rubric_draft(asked: Asked, code: str, version: int) -> Document:
    return await rubrics.rubric_draft_document(asked.db, asked.actor, code, version, asked.wanted)


async def rubric_drafts_page(asked: Asked, first: int | None = None, after: str | None = None) -> Document:
    return await rubrics.rubric_drafts_page(asked.db, asked.actor, first, after, asked.wanted)


async def copy_rubric(asked: Asked, **given: Any) -> Document:  # noqa: ANN401 - the arguments of the schema
    copy = await rubrics.copy_rubric(asked.db, asked.actor, CopyRubric.model_validate(given))
    return await rubric_draft(asked, *copy)


async def edit_rubric(asked: Asked, code: str, version: int, revision: int, document: object) -> Document:
    command, expected = EditRubric(document=document), exactly(revision)
    key = await rubrics.edit_rubric(asked.db, asked.actor, code, version, command, expected=expected)
    return await rubric_draft(asked, *key)


async def discard_rubric(asked: Asked, code: str, version: int, revision: int) -> Document:
    await rubrics.discard_rubric(asked.db, asked.actor, code, version, expected=exactly(revision))
    return await rubric_drafts_page(asked)


async def activate_rubric(asked: Asked, code: str, version: int, revision: int | None = None) -> Document:
    expected = None if revision is None else exactly(revision)
    return await rubric(asked, *await rubrics.activate_rubric(asked.db, asked.actor, code, version, expected=expected))


ROOTS: dict[str, RootFunction] = {
    "rubric": rubric,
    "rubrics": rubrics_page,
    "rubricDraft": rubric_draft,
    "rubricDrafts": rubric_drafts_page,
}
CHANGES: dict[str, RootFunction] = {
    "copyRubric": copy_rubric,
    "editRubric": edit_rubric,
    "discardRubric": discard_rubric,
    "activateRubric": activate_rubric,
}
