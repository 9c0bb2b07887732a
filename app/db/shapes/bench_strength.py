"""What documents about bench strength can contain: how many stand ready for posts, and what the others lack."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Numeric,
    and_,
    any_,
    case,
    cast,
    func,
    literal_column,
    not_,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import array

from app.db.documents import Column, Fields, Items, Object, Shape, Value, literal_text
from app.db.shapes.career_moves import move_between_columns
from app.db.shapes.formats import today
from app.db.shapes.institutions import mine
from app.db.shapes.judged import FACTS, asked_of_post
from app.db.shapes.placements import OF_TALENT
from app.db.shapes.pools import is_said
from app.db.shapes.pools import state as member_state
from app.db.shapes.schemas import INTEGER, NULLABLE_NUMBER, TEXT
from app.db.shapes.scopes import is_restricted
from app.db.shapes.talents import LEVEL
from app.db.tables.candidates import CandidateRow
from app.db.tables.institutions import InstitutionRow, OrgUnitRow
from app.db.tables.placements import PlacementRow
from app.db.tables.posts import PostRow
from app.db.tables.succession import (
    PoolMemberRow,
    SuccessionPlanRow,
    SuccessionWillingnessRow,
    SuccessorRow,
)
from app.db.tables.talents import TalentRow
from app.domain.careers import CareerMove, PositionLevel
from app.domain.pools import State
from app.domain.recommendations import Pool
from app.domain.succession import Readiness

_institution, _post, _unit = InstitutionRow.__table__, PostRow.__table__, OrgUnitRow.__table__
_plan, _successor, _talent = SuccessionPlanRow.__table__, SuccessorRow.__table__, TalentRow.__table__


# ── one successor

_asked = asked_of_post(SuccessorRow.institution_id, SuccessorRow.post_id, _successor)
SUCCESSORS: FromClause = (
    _successor.join(
        _talent, and_(TalentRow.institution_id == SuccessorRow.institution_id, TalentRow.id == SuccessorRow.talent_id)
    )
    .join(_asked, true())
    .outerjoin(
        CandidateRow.__table__,
        and_(
            CandidateRow.institution_id == SuccessorRow.institution_id,
            CandidateRow.talent_id == SuccessorRow.talent_id,
        ),
    )
    .outerjoin(PlacementRow.__table__, OF_TALENT)
    .outerjoin(
        PoolMemberRow.__table__,
        and_(
            PoolMemberRow.institution_id == SuccessorRow.institution_id,
            PoolMemberRow.talent_id == SuccessorRow.talent_id,
            PoolMemberRow.level == literal_text(Pool.INSTITUTION),
        ),
    )
    .outerjoin(
        SuccessionWillingnessRow.__table__,
        and_(
            SuccessionWillingnessRow.institution_id == SuccessorRow.institution_id,
            SuccessionWillingnessRow.talent_id == SuccessorRow.talent_id,
        ),
    )
)
"""Rows of successors, with what is known of each where it stands."""

readiness: ColumnElement[str] = func.coalesce(SuccessorRow.set_readiness, SuccessorRow.readiness)
"""As the committee set it, or else as it was computed."""
is_current: ColumnElement[bool] = func.coalesce(
    and_(
        SuccessorRow.judged_facts == FACTS,
        SuccessorRow.judged_post == _asked.c.digest,
        SuccessorRow.stands_until >= today,
    ),
    literal_column("false"),
)
"""Whether what the plan found about somebody is what would be found today: by the same facts, for a post that asks the
same by the same rule set, and on a day that time has changed nothing by."""
is_eligible: ColumnElement[bool | None] = case((is_current, SuccessorRow.is_eligible), else_=null())
"""Today; null where something needs verification, and where the plan has to be calculated anew to tell."""
_level_of_post = (
    select(PostRow.level)
    .where(PostRow.institution_id == SuccessorRow.institution_id, PostRow.id == SuccessorRow.post_id)
    .correlate(_successor)
    .scalar_subquery()
)
movement: ColumnElement[str] = move_between_columns(CandidateRow.__table__.c.level, _level_of_post)
"""What the post would be for somebody by the level they are at; null where levels cannot be compared."""
is_demotion: ColumnElement[bool] = movement.is_not_distinct_from(literal_text(CareerMove.DEMOTION))
_is_ready: ColumnElement[bool] = readiness == literal_text(Readiness.READY_NOW)
is_complete: ColumnElement[bool] = func.cardinality(PlacementRow.missing) == literal_column("0")
"""Whether no item of evidence is missing; null for who is not on the map."""
is_confirmed: ColumnElement[bool] = func.coalesce(
    member_state == literal_text(State.CONFIRMED), literal_column("false")
)
"""Whether somebody is confirmed in the pool of the institution, and the term runs."""
_is_of_post = or_(
    SuccessionWillingnessRow.for_posts.is_(None), SuccessorRow.post_id == any_(SuccessionWillingnessRow.for_posts)
)
is_willing: ColumnElement[bool | None] = case(
    (and_(is_said, _is_of_post), SuccessionWillingnessRow.is_willing), else_=null()
)
"""As somebody says of this post; null where they have said nothing that holds today."""
is_available: ColumnElement[bool] = func.coalesce(
    and_(
        _is_ready,
        is_eligible,
        is_complete,
        is_confirmed,
        is_willing,
        not_(is_demotion),
        not_(is_restricted),
    ),
    literal_column("false"),
)
"""Ready and eligible today, with complete evidence, confirmed and unexpired in the pool, willing, and not above it."""

AVAILABILITY = (
    select(
        SuccessorRow.institution_id,
        SuccessorRow.post_id,
        SuccessorRow.talent_id,
        SuccessorRow.ordinal,
        and_(_is_ready, not_(is_restricted)).label("is_ready"),
        is_available.label("is_available"),
    )
    .select_from(SUCCESSORS)
    .where(SuccessorRow.is_named)
)
"""The named successors of all plans, and which of them are available."""

_COUNTED: dict[str, ColumnElement[bool]] = {
    "available": is_available,
    "notReady": not_(_is_ready),
    "outdated": not_(is_current),
    "notEligible": is_eligible.is_(False),
    "needsVerification": and_(is_current, SuccessorRow.is_eligible.is_(None)),
    "incomplete": func.coalesce(not_(is_complete), literal_column("true")),
    "notInPool": not_(is_confirmed),
    "unwilling": is_willing.is_(False),
    "willingnessUnknown": is_willing.is_(None),
    "demotion": is_demotion,
}
"""Of the named; whoever lacks several things is counted with each."""


def _sums() -> list[ColumnElement[Any]]:
    named = func.count().label("named")
    return [named, *(func.count().filter(condition).label(name) for name, condition in _COUNTED.items())]


bench_of_plan = (
    select(*_sums())
    .select_from(SUCCESSORS)
    .where(
        SuccessorRow.institution_id == SuccessionPlanRow.institution_id,
        SuccessorRow.post_id == SuccessionPlanRow.post_id,
        SuccessorRow.is_named,
    )
    .correlate(_plan)
    .subquery("bench")
)
BENCH: Object = Object(
    "Bench",
    {name: Value(bench_of_plan.c[name], INTEGER) for name in ("named", *_COUNTED)},
    bench_of_plan,
)
"""Of the plan of the row."""


# ── posts together

_tally = (
    select(SuccessorRow.institution_id, SuccessorRow.post_id, *_sums())
    .select_from(SUCCESSORS)
    .where(SuccessorRow.is_named)
    .group_by(SuccessorRow.institution_id, SuccessorRow.post_id)
    .subquery("tally")
)
_watched = (
    select(
        PostRow.institution_id,
        PostRow.unit_id,
        PostRow.level,
        SuccessionPlanRow.post_id.is_not(None).label("has_plan"),
        *(func.coalesce(_tally.c[name], literal_column("0")).label(name) for name in ("named", *_COUNTED)),
    )
    .select_from(
        _post.outerjoin(
            _plan,
            and_(SuccessionPlanRow.institution_id == PostRow.institution_id, SuccessionPlanRow.post_id == PostRow.id),
        ).outerjoin(_tally, and_(_tally.c.institution_id == PostRow.institution_id, _tally.c.post_id == PostRow.id))
    )
    .where(or_(PostRow.is_target, PostRow.is_critical), PostRow.is_delivered)
    .subquery("watched")
)
"""Target and critical posts, each with its bench."""


_ZERO: ColumnElement[int] = literal_column("0")
_ONE: ColumnElement[int] = literal_column("1")


def share_of(part: ColumnElement[int], whole: ColumnElement[int]) -> ColumnElement[Any]:
    """Percent with one decimal; null of nothing."""
    percent = literal_column("100.0", Numeric) * part / func.nullif(whole, _ZERO)
    return func.trim_scale(func.round(cast(percent, Numeric), _ONE))


def _summed(*group: Column) -> list[Column]:
    rows = _watched.c
    return [
        *group,
        func.count().label("posts"),
        func.count().filter(rows.has_plan).label("with_plan"),
        func.count().filter(rows.available >= _ONE).label("with_one"),
        func.count().filter(rows.available >= literal_column("2")).label("with_two"),
        *(cast(func.coalesce(func.sum(rows[name]), _ZERO), Integer).label(name) for name in ("named", *_COUNTED)),
    ]


def _fields(rows: Any) -> Fields:  # noqa: ANN401 - the columns of a sub-select
    return {
        "posts": Value(rows.posts, INTEGER),
        "withPlan": Value(rows.with_plan, INTEGER),
        "withOne": Value(rows.with_one, INTEGER),
        "withTwo": Value(rows.with_two, INTEGER),
        "coverageOfOne": Value(share_of(rows.with_one, rows.posts), NULLABLE_NUMBER),
        "coverageOfTwo": Value(share_of(rows.with_two, rows.posts), NULLABLE_NUMBER),
        "bench": Object("Bench", {name: Value(rows[name], INTEGER) for name in ("named", *_COUNTED)}),
    }


all_posts = (
    select(*_summed())
    .where(_watched.c.institution_id == InstitutionRow.id)
    .correlate(_institution)
    .lateral("all_posts")
)
_levels = (
    select(*_summed(_watched.c.level))
    .where(_watched.c.institution_id == InstitutionRow.id)
    .group_by(_watched.c.level)
    .correlate(_institution)
    .subquery("levels")
)
_units = (
    select(*_summed(OrgUnitRow.id, OrgUnitRow.name))
    .select_from(
        _watched.join(
            _unit, and_(OrgUnitRow.institution_id == _watched.c.institution_id, OrgUnitRow.id == _watched.c.unit_id)
        )
    )
    .where(_watched.c.institution_id == InstitutionRow.id)
    .group_by(OrgUnitRow.id, OrgUnitRow.name)
    .correlate(_institution)
    .subquery("units")
)
_ladder = array([literal_text(level) for level in PositionLevel])
BENCH_STRENGTH = Shape(
    "BenchStrength",
    _institution.join(all_posts, true()),
    {
        **_fields(all_posts.c),
        "levels": Items(
            "BenchOfLevel",
            {"level": Value(_levels.c.level, LEVEL), **_fields(_levels.c)},
            _levels,
            true(),
            (func.array_position(_ladder, _levels.c.level),),
        ),
        "units": Items(
            "BenchOfUnit",
            {"id": Value(_units.c.id, TEXT), "name": Value(_units.c.name, TEXT), **_fields(_units.c)},
            _units,
            true(),
            (_units.c.name, _units.c.id),
        ),
    },
    rooted=mine,
    conditions={},
)


# ── the share that the ekspose pack tells

_plans = select(SuccessionPlanRow.post_id).where(SuccessionPlanRow.institution_id == InstitutionRow.id)
_covered = (
    select(share_of(func.count().filter(_watched.c.available >= _ONE), func.count()))
    .where(_watched.c.institution_id == InstitutionRow.id)
    .correlate(_institution)
    .scalar_subquery()
)
succession_coverage: ColumnElement[Any] = case((_plans.correlate(_institution).exists(), _covered), else_=null())
"""Percent of the target and critical posts of the institution of the row with an available successor; null as long as
there is no plan."""
