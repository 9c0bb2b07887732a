"""What the panel that compares appraisers can contain: mean and spread of their people's performance points."""

from __future__ import annotations

from sqlalchemy import (
    ColumnElement,
    Integer,
    Numeric,
    Text,
    and_,
    case,
    cast,
    column,
    extract,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import distinct_on

from app.db.documents import Column, Condition, Items, Shape, Value
from app.db.shapes.cycles import BY_ID, of_cycle, owned
from app.db.shapes.placements import as_points
from app.db.shapes.schemas import ID, INTEGER, NULLABLE_NUMBER, NULLABLE_TEXT, NUMBER
from app.db.tables.cycles import CyclePlacementRow, CycleRow
from app.db.tables.evidence import PerformanceAppraisalRow
from app.db.tables.talents import TalentRow
from app.domain.cycles import SkewBy

_cycle, _placement, _talent = CycleRow.__table__, CyclePlacementRow.__table__, TalentRow.__table__
SMALLEST_GROUP = 3  # people: a mean of fewer says more about them than about who appraised them
_year = cast(extract("year", CycleRow.as_of), Integer) - 1
_appraised = (
    select(PerformanceAppraisalRow.talent_id, PerformanceAppraisalRow.appraiser_nip)
    .ext(distinct_on(PerformanceAppraisalRow.talent_id))
    .where(
        PerformanceAppraisalRow.institution_id == CycleRow.institution_id,
        PerformanceAppraisalRow.year == _year,
        PerformanceAppraisalRow.withdrawn_by.is_(None),
        PerformanceAppraisalRow.withdrawn_by_submission.is_(None),
    )
    .order_by(PerformanceAppraisalRow.talent_id, PerformanceAppraisalRow.id.desc())
    .correlate(_cycle)
    .subquery("appraised_in_year")
)
_rated = (
    select(
        CyclePlacementRow.performance,
        CyclePlacementRow.unit_id,
        CyclePlacementRow.unit_name,
        _appraised.c.appraiser_nip.label("appraiser"),
    )
    .select_from(_placement.outerjoin(_appraised, _appraised.c.talent_id == CyclePlacementRow.talent_id))
    .where(of_cycle(CyclePlacementRow), CyclePlacementRow.performance.is_not(None))
    .correlate(_cycle)
    .subquery("rated")
)
_known = select(*_rated.c, (func.count(_rated.c.appraiser).over() > 0).label("by_appraiser")).subquery("known")
_key = case((_known.c.by_appraiser, _known.c.appraiser), else_=_known.c.unit_id)
_grouped = (
    select(
        _key.label("key"),
        func.bool_or(_known.c.by_appraiser).label("by_appraiser"),
        func.max(_known.c.unit_name).label("unit_name"),
        func.count().label("people"),
        func.avg(_known.c.performance).label("mean"),
        func.stddev_pop(_known.c.performance).label("spread"),
        func.sum(_known.c.performance).label("sum"),
        func.sum(cast(_known.c.performance, Numeric) * _known.c.performance).label("squares"),
    )
    .group_by(_key)
    .subquery("grouped")
)
_is_large = and_(_grouped.c.key.is_not(None), _grouped.c.people >= SMALLEST_GROUP)
_is_small = and_(_grouped.c.key.is_not(None), _grouped.c.people < SMALLEST_GROUP)


def _people(which: Condition | None = None) -> ColumnElement[int]:
    summed = func.sum(_grouped.c.people)
    return cast(func.coalesce(summed if which is None else summed.filter(which), 0), Integer)


_mean = func.sum(_grouped.c.sum) / func.nullif(func.sum(_grouped.c.people), 0)
_variance = func.sum(_grouped.c.squares) / func.nullif(func.sum(_grouped.c.people), 0) - _mean * _mean
_skew = (
    select(
        func.coalesce(func.bool_or(_grouped.c.by_appraiser), literal_column("false")).label("by_appraiser"),
        _people().label("people"),
        _mean.label("mean"),
        func.sqrt(case((_variance > 0, _variance), (_variance.is_not(None), 0))).label("spread"),
        _people(_grouped.c.key.is_(None)).label("unattributed"),
        func.count().filter(_is_small).label("small_groups"),
        _people(_is_small).label("people_in_small_groups"),
        func.coalesce(
            func.jsonb_agg(
                func.jsonb_build_object(
                    *(literal_column("'key'"), _grouped.c.key, literal_column("'unit_name'"), _grouped.c.unit_name),
                    *(literal_column("'people'"), _grouped.c.people, literal_column("'mean'"), _grouped.c.mean),
                    *(literal_column("'spread'"), _grouped.c.spread),
                )
            ).filter(_is_large),
            literal_column("'[]'::jsonb"),
        ).label("groups"),
    )
    .select_from(_grouped)
    .lateral("skew")
)
_group = (
    func.jsonb_to_recordset(_skew.c.groups)
    .table_valued(
        column("key", Text),
        column("unit_name", Text),
        column("people", Integer),
        column("mean", Numeric),
        column("spread", Numeric),
        name="appraised",
    )
    .render_derived(with_types=True)
)
_appraiser = _talent.alias("appraiser")


def _points(millionths: Column) -> ColumnElement[object]:
    """Points with six decimals, without trailing zeros."""
    return func.trim_scale(func.round(as_points(millionths), 6))


_name_of_appraiser = (
    select(_appraiser.c.name)
    .where(_appraiser.c.institution_id == CycleRow.institution_id, _appraiser.c.nip == _group.c.key)
    .correlate(_cycle, _group)
    .scalar_subquery()
)
RATER_SKEW = Shape(
    "RaterSkew",
    _cycle.join(_skew, true()),
    {
        "cycleId": Value(CycleRow.id, ID),
        "year": Value(_year, INTEGER),
        "by": Value(
            case((_skew.c.by_appraiser, SkewBy.APPRAISER.value), else_=SkewBy.UNIT.value),
            {"type": "string", "enum": [by.value for by in SkewBy]},
        ),
        "people": Value(_skew.c.people, INTEGER),
        "mean": Value(_points(_skew.c.mean), NULLABLE_NUMBER),
        "spread": Value(_points(_skew.c.spread), NULLABLE_NUMBER),
        "unattributed": Value(_skew.c.unattributed, INTEGER),
        "smallGroups": Value(_skew.c.small_groups, INTEGER),
        "peopleInSmallGroups": Value(_skew.c.people_in_small_groups, INTEGER),
        "groups": Items(
            "SkewGroup",
            {
                "appraiserNip": Value(case((_skew.c.by_appraiser, _group.c.key)), NULLABLE_TEXT),
                "appraiserName": Value(case((_skew.c.by_appraiser, _name_of_appraiser)), NULLABLE_TEXT),
                "unitId": Value(case((~_skew.c.by_appraiser, _group.c.key)), NULLABLE_TEXT),
                "unitName": Value(case((~_skew.c.by_appraiser, _group.c.unit_name)), NULLABLE_TEXT),
                "people": Value(_group.c.people, INTEGER),
                "mean": Value(_points(_group.c.mean), NUMBER),
                "spread": Value(_points(_group.c.spread), NUMBER),
                "difference": Value(_points(_group.c.mean - _skew.c.mean), NUMBER),
            },
            _group,
            true(),
            (func.abs(_group.c.mean - _skew.c.mean).desc(), _group.c.key),
        ),
    },
    rooted=owned,
    conditions=BY_ID,
)
