"""What documents about rubrics can contain: published versions, and an institution's own drafts."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Integer, Text, Uuid, and_, bindparam, cast, func, or_, select
from sqlalchemy.orm import aliased

from app.db.documents import Actor, Column, Condition, Object, Pages, Shape, Value
from app.db.shapes.formats import instant
from app.db.shapes.institutions import rubric_of
from app.db.shapes.schemas import BOOLEAN, INSTANT, INTEGER, TEXT
from app.db.tables.institutions import InstitutionRow
from app.db.tables.placements import RubricRow
from app.db.tables.rubrics import RubricDraftRow
from app.domain.rubric_document import DEFAULT_RUBRIC

DOCUMENT = {"type": "object"}
_rubric, _draft, _institution = RubricRow.__table__, RubricDraftRow.__table__, InstitutionRow.__table__


def _title(row: type[RubricRow | RubricDraftRow]) -> Object:
    return Object("Sentence", {"id": Value(row.title_id, TEXT), "en": Value(row.title_en, TEXT)})


def _versions(row: type[RubricRow | RubricDraftRow]) -> dict[str, Condition]:
    return {
        "code": row.code == bindparam("code", type_=Text),
        "version": row.version == bindparam("version", type_=Integer),
    }


def _keys(row: type[RubricRow | RubricDraftRow]) -> tuple[Column, ...]:
    """By code, older versions first; the last key is a version's own."""
    number = func.lpad(cast(row.version, Text), 10, "0")
    return row.code, func.concat(row.code, "/", number, type_=Text)


def _shipped_or_own(actor: Actor) -> Condition:
    """Whoever is judged by a rubric may read it: everybody the shipped ones, an institution its own."""
    mine = RubricRow.institution_id == cast(actor.c.institution, Uuid)
    return and_(actor.c.institution.is_not(None), or_(RubricRow.institution_id.is_(None), mine))


def _is_active() -> ColumnElement[bool]:
    default = aliased(RubricRow)
    newest = select(func.max(default.version)).where(default.code == DEFAULT_RUBRIC).scalar_subquery()
    return and_(
        RubricRow.code == func.coalesce(InstitutionRow.active_rubric_code, DEFAULT_RUBRIC),
        RubricRow.version == func.coalesce(InstitutionRow.active_rubric_version, newest),
    )


RUBRIC = Shape(
    "Rubric",
    _rubric.outerjoin(_institution, InstitutionRow.id == func.current_institution()),
    {
        "code": Value(RubricRow.code, TEXT),
        "version": Value(RubricRow.version, INTEGER),
        "title": _title(RubricRow),
        "isOwn": Value(RubricRow.institution_id.is_not(None), BOOLEAN),
        "isActive": Value(_is_active(), BOOLEAN),
        "document": Value(RubricRow.document, DOCUMENT),
    },
    rooted=_shipped_or_own,
    conditions=_versions(RubricRow),
)
LISTED_RUBRIC = Shape(
    "Rubric",
    RUBRIC.source,
    RUBRIC.fields,
    rooted=_shipped_or_own,
    conditions={},
    summary=("code", "version", "title", "isOwn", "isActive"),
)
RUBRICS = Pages("Rubric", LISTED_RUBRIC, _keys(RubricRow))


def _own(actor: Actor) -> Condition:
    return RubricDraftRow.institution_id == cast(actor.c.institution, Uuid)


RUBRIC_DRAFT = Shape(
    "RubricDraft",
    _draft,
    {
        "code": Value(RubricDraftRow.code, TEXT),
        "version": Value(RubricDraftRow.version, INTEGER),
        "revision": Value(RubricDraftRow.revision, INTEGER),
        "title": _title(RubricDraftRow),
        "copiedFrom": rubric_of(RubricDraftRow.copied_from_code, RubricDraftRow.copied_from_version),
        "createdAt": Value(instant(RubricDraftRow.created_at), INSTANT),
        "createdBy": Value(RubricDraftRow.created_by, TEXT),
        "editedAt": Value(instant(RubricDraftRow.edited_at), INSTANT),
        "editedBy": Value(RubricDraftRow.edited_by, TEXT),
        "document": Value(RubricDraftRow.document, DOCUMENT),
    },
    rooted=_own,
    conditions=_versions(RubricDraftRow),
)
LISTED_DRAFT = Shape(
    "RubricDraft",
    _draft,
    RUBRIC_DRAFT.fields,
    rooted=_own,
    conditions={},
    summary=tuple(name for name in RUBRIC_DRAFT.fields if name != "document"),
)
RUBRIC_DRAFTS = Pages("RubricDraft", LISTED_DRAFT, _keys(RubricDraftRow))
