"""Standards of posts: the level of each of the nine competencies that a post asks, its own or that of its level."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    ScalarSelect,
    SmallInteger,
    Text,
    and_,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import array

from app.db.tables.institutions import InstitutionRow
from app.db.tables.placements import RubricRow
from app.db.tables.posts import PostRow
from app.domain.evidence import COMPETENCIES
from app.domain.rubric_document import DEFAULT_RUBRIC

_DEFAULT: ColumnElement[str] = literal_column(f"'{DEFAULT_RUBRIC}'")


def _of_level() -> ScalarSelect[list[int]]:
    """What the rubric that the institution has activated asks of the post's level, or else the newest default one."""
    rubric, institution = RubricRow, InstitutionRow
    levels = rubric.document["standards"].op("->")(PostRow.level)
    asked = [cast(levels.op("->>")(literal(code, Text)), SmallInteger) for code in COMPETENCIES]
    is_active = and_(rubric.code == institution.active_rubric_code, rubric.version == institution.active_rubric_version)
    found = select(array(asked)).select_from(rubric).join(institution, institution.id == PostRow.institution_id)
    found = found.where(or_(is_active, rubric.code == _DEFAULT), levels.is_not(None))
    order = (func.coalesce(is_active, literal_column("false")).desc(), rubric.version.desc())
    return found.order_by(*order).limit(literal_column("1")).correlate(PostRow.__table__).scalar_subquery()


standard: ColumnElement[list[int]] = func.coalesce(PostRow.standard, _of_level(), type_=ARRAY(SmallInteger))
"""Of the post of the row, in the order of `COMPETENCIES`."""
