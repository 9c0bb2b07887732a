"""What a finding rests on, as digests: the facts about somebody, and what a post asks by which rule set.

Whoever keeps a finding keeps the digests beside it; as long as they are the same, the same would be found again. They
are compared where the finding is read, so that nobody who changes a fact, a post, an affair of a unit, a standard or a
rule set has to know who keeps what.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, FromClause, Text, and_, cast, func, literal_column, select, true
from sqlalchemy.sql.selectable import LateralFromClause

from app.db.documents import Column, literal_text
from app.db.shapes.rule_sets import default_first
from app.db.tables.institutions import InstitutionRow, OrgUnitRow
from app.db.tables.placements import RubricRow
from app.db.tables.posts import PostRow
from app.db.tables.rule_sets import RuleSetRow
from app.db.unit_affairs import nearest_affair
from app.domain.rubric_document import DEFAULT_RUBRIC

FACTS: ColumnElement[str] = literal_column("md5(candidate::text)", Text)
"""Of the row of `candidate`; null where there is none."""


def asked_of_post(institution_id: Column, post_id: Column, *around: FromClause) -> LateralFromClause:
    """What a post asks for today, as `digest`: its level, standard, affair, job family and rule set.

    A standard that is not its own is that of a rubric, whose versions never change: they are told instead of it.
    Worked out once for each row, however often it is looked at (`OFFSET 0`).
    """
    words: ColumnElement[str] = literal_column("' | '")
    affair, rubric = nearest_affair("affair_asked"), InstitutionRow
    newest = select(func.max(RubricRow.version)).where(RubricRow.code == literal_text(DEFAULT_RUBRIC)).scalar_subquery()
    rule_set = (
        select(func.concat(RuleSetRow.code, literal_column("'/'"), RuleSetRow.version))
        .where(RuleSetRow.level == PostRow.level, RuleSetRow.is_for_level)
        .order_by(*default_first(RuleSetRow))
        .limit(literal_column("1"))
        .correlate(PostRow.__table__)
        .scalar_subquery()
    )
    affair_asked = func.coalesce(PostRow.government_affair, affair.c.government_affair, words)
    standard = func.coalesce(cast(PostRow.standard, Text), words)
    job_family = func.coalesce(PostRow.job_family, words)
    versions = (rubric.active_rubric_code, rubric.active_rubric_version, newest)
    asked = func.concat_ws(words, PostRow.level, standard, affair_asked, job_family, rule_set, *versions)
    in_unit = and_(OrgUnitRow.institution_id == PostRow.institution_id, OrgUnitRow.id == PostRow.unit_id)
    return (
        select(func.md5(asked, type_=Text).label("digest"))
        .select_from(
            PostRow.__table__.join(OrgUnitRow.__table__, in_unit)
            .join(InstitutionRow.__table__, InstitutionRow.id == PostRow.institution_id)
            .outerjoin(affair, true())
        )
        .where(PostRow.institution_id == institution_id, PostRow.id == post_id)
        .offset(literal_column("0"))
        .correlate(*around)
        .lateral("asked")
    )
