"""What documents about rules of retirement can contain: national versions, and exceptions of an institution."""

from __future__ import annotations

from sqlalchemy import Integer, Uuid, bindparam, cast, func, literal_column, select

from app.db.documents import Actor, Condition, Fields, Items, Shape, Value
from app.db.retirements import begins_with
from app.db.shapes.formats import instant, today
from app.db.shapes.institutions import mine
from app.db.shapes.posts import NULLABLE_LEVEL
from app.db.shapes.schemas import BOOLEAN, DATE, ID, INSTANT, INTEGER, NULLABLE_TEXT, TEXT
from app.db.tables.institutions import InstitutionRow
from app.db.tables.posts import PostRow, RetirementExceptionRow, RetirementRuleRow, RetirementVersionRow

_version, _later = RetirementVersionRow.__table__, RetirementVersionRow.__table__.alias("later")
_newest_in_force = select(func.max(_later.c.version)).where(_later.c.effective_from <= today).scalar_subquery()
RULEBOOK_FIELDS: Fields = {
    "version": Value(RetirementVersionRow.version, INTEGER),
    "effectiveFrom": Value(RetirementVersionRow.effective_from, DATE),
    "legalBasis": Value(RetirementVersionRow.legal_basis, TEXT),
    "publishedAt": Value(instant(RetirementVersionRow.published_at), INSTANT),
    "isInForce": Value(RetirementVersionRow.version == _newest_in_force, BOOLEAN),
    "rules": Items(
        "RetirementRule",
        {
            "level": Value(RetirementRuleRow.level, NULLABLE_LEVEL),
            "words": Value(RetirementRuleRow.words, NULLABLE_TEXT),
            "age": Value(RetirementRuleRow.age, INTEGER),
            "legalBasis": Value(RetirementRuleRow.legal_basis, TEXT),
        },
        RetirementRuleRow.__table__,
        RetirementRuleRow.version == RetirementVersionRow.version,
        (RetirementRuleRow.ordinal,),
    ),
}


def _of_everybody(actor: Actor) -> Condition:
    return actor.c.institution.is_not(None)


RETIREMENT_RULES = Shape(
    "RetirementRules",
    _version,
    RULEBOOK_FIELDS,
    rooted=_of_everybody,
    conditions={"version": RetirementVersionRow.version == bindparam("version", type_=Integer)},
)
RETIREMENT_RULEBOOKS = Shape(
    "RetirementRulebooks",
    select(literal_column("1").label("one")).subquery("shelf"),
    {
        "versions": Items(
            "RetirementRules",
            RULEBOOK_FIELDS,
            _version,
            RetirementVersionRow.version.is_not(None),
            (RetirementVersionRow.version.desc(),),
        )
    },
    rooted=_of_everybody,
    conditions={},
)

_posts = (
    select(func.count())
    .select_from(PostRow)
    .where(PostRow.institution_id == RetirementExceptionRow.institution_id, PostRow.is_delivered)
    .where(begins_with(RetirementExceptionRow.words))
    .correlate(RetirementExceptionRow.__table__)
    .scalar_subquery()
)
EXCEPTION_FIELDS: Fields = {
    "id": Value(RetirementExceptionRow.id, ID),
    "revision": Value(RetirementExceptionRow.revision, INTEGER),
    "words": Value(RetirementExceptionRow.words, TEXT),
    "age": Value(RetirementExceptionRow.age, INTEGER),
    "legalBasis": Value(RetirementExceptionRow.legal_basis, TEXT),
    "posts": Value(_posts, INTEGER),
}
RETIREMENT_EXCEPTION = Shape(
    "RetirementException",
    RetirementExceptionRow.__table__,
    EXCEPTION_FIELDS,
    rooted=lambda actor: RetirementExceptionRow.institution_id == cast(actor.c.institution, Uuid),
    conditions={"id": RetirementExceptionRow.id == bindparam("id", type_=Uuid)},
)
RETIREMENT_EXCEPTIONS = Shape(
    "RetirementExceptions",
    InstitutionRow.__table__,
    {
        "exceptions": Items(
            "RetirementException",
            EXCEPTION_FIELDS,
            RetirementExceptionRow.__table__,
            RetirementExceptionRow.institution_id == InstitutionRow.id,
            (RetirementExceptionRow.words,),
        )
    },
    rooted=mine,
    conditions={},
)
