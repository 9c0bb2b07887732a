"""What a forecast of vacancies can contain: who retires from which post within some years of the map's day."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Subquery,
    and_,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    true,
    values,
)
from sqlalchemy.orm import aliased

from app.db.documents import Column, Condition, Fields, Items, Object, Shape, Value
from app.db.post_seats import reserved
from app.db.retirements import age_reached, deciding_rule, foreseen_from
from app.db.shapes.formats import today
from app.db.shapes.institutions import mine
from app.db.shapes.posts import BIRTH_DATE_SOURCE, LEVEL, NAMED, PERSONAL, birth_date_source, rule_fields
from app.db.shapes.schemas import DATE, ID, INTEGER, NULLABLE_DATE, NULLABLE_INTEGER, TEXT
from app.db.tables.institutions import InstitutionRow, OrgUnitRow
from app.db.tables.posts import PostHolderRow, PostRow, RetirementVersionRow
from app.db.tables.talents import TalentRow
from app.db.withholding import WITHHELD
from app.domain.posts import HORIZONS


def _horizons(name: str) -> FromClause:
    return values(column("years", Integer), name=name, literal_binds=True).data([(years,) for years in HORIZONS])


_horizon, _institution = _horizons("horizon"), InstitutionRow.__table__
_of_unit = and_(OrgUnitRow.institution_id == PostRow.institution_id, OrgUnitRow.id == PostRow.unit_id)
_holds = and_(PostHolderRow.institution_id == PostRow.institution_id, PostHolderRow.post_id == PostRow.id)
_who = and_(TalentRow.institution_id == PostHolderRow.institution_id, TalentRow.id == PostHolderRow.talent_id)


def _until(as_of: Column, years: Column) -> ColumnElement[Any]:
    return cast(as_of + func.make_interval(years), Date)


def _seats() -> Subquery:
    """Every delivered post with its seats for every horizon; where it is read, narrowed to one institution and one."""
    institution, horizon, holder = aliased(InstitutionRow), _horizons("each_horizon"), PostHolderRow
    is_retiring = age_reached <= _until(institution.as_of, horizon.c.years)
    return (
        select(
            PostRow.institution_id,
            horizon.c.years,
            PostRow.level,
            PostRow.unit_id,
            PostRow.seats,
            reserved.label("reserved"),
            func.greatest(PostRow.seats - func.count(holder.talent_id) - reserved, literal_column("0")).label("vacant"),
            func.count(holder.talent_id).filter(is_retiring).label("retiring"),
            func.count(holder.talent_id).filter(holder.retires_on.is_(None)).label("unknown"),
        )
        .join(institution, institution.id == PostRow.institution_id)
        .join(horizon, true())
        .outerjoin(holder, _holds)
        .where(PostRow.is_delivered)
        .group_by(PostRow.institution_id, PostRow.id, horizon.c.years)
        .subquery("seats")
    )


def _counted(name: str, by: str | None = None) -> Subquery:
    """The sums of seats by a column, or over all."""
    seats = _seats()
    keys = [seats.c.institution_id, seats.c.years, *(() if by is None else (seats.c[by],))]
    sums = [func.sum(seats.c[one]).label(one) for one in ("seats", "reserved", "vacant", "retiring", "unknown")]
    return select(*keys, *sums).group_by(*keys).subquery(name)


def _here(counted: Subquery) -> Condition:
    return and_(counted.c.institution_id == InstitutionRow.id, counted.c.years == _horizon.c.years)


def _sums(counted: Subquery) -> Fields:
    return {
        "seats": Value(counted.c.seats, INTEGER),
        "reservedSeats": Value(counted.c.reserved, INTEGER),
        "vacantSeats": Value(counted.c.vacant, INTEGER),
        "retiring": Value(counted.c.retiring, INTEGER),
        "unknownRetirements": Value(counted.c.unknown, INTEGER),
    }


_in_all, _by_level, _by_unit = _counted("in_all"), _counted("by_level", "level"), _counted("by_unit", "unit_id")
_unit = and_(OrgUnitRow.institution_id == _by_unit.c.institution_id, OrgUnitRow.id == _by_unit.c.unit_id)
_UNIT = Object("UnitName", {"id": Value(OrgUnitRow.id, TEXT), "name": Value(OrgUnitRow.name, TEXT)})
_newer = aliased(RetirementVersionRow)
_RULES = Object(
    "RetirementRulesUsed",
    {
        "version": Value(RetirementVersionRow.version, INTEGER),
        "effectiveFrom": Value(RetirementVersionRow.effective_from, DATE),
        "legalBasis": Value(RetirementVersionRow.legal_basis, TEXT),
        "newerVersion": Value(
            select(func.max(_newer.version))
            .where(_newer.version > RetirementVersionRow.version, _newer.effective_from <= today)
            .correlate(RetirementVersionRow.__table__)
            .scalar_subquery(),
            NULLABLE_INTEGER,
        ),
    },
    RetirementVersionRow.__table__,
    RetirementVersionRow.version == InstitutionRow.retirement_version,
)
_rule = deciding_rule("rule_of_holder")
_foreseen = foreseen_from(PostHolderRow.__table__.c.retires_on)
FORECAST = Shape(
    "PostForecast",
    _institution.join(_horizon, InstitutionRow.posts_as_of.is_not(None)),
    {
        "asOf": Value(InstitutionRow.as_of, NULLABLE_DATE),
        "years": Value(_horizon.c.years, INTEGER),
        "until": Value(_until(InstitutionRow.as_of, _horizon.c.years), NULLABLE_DATE),
        "rules": _RULES,
        "total": Object("ForecastTotal", _sums(_in_all), _in_all, _here(_in_all)),
        "levels": Items(
            "ForecastLevel",
            {"level": Value(_by_level.c.level, LEVEL), **_sums(_by_level)},
            _by_level,
            _here(_by_level),
            (_by_level.c.level,),
        ),
        "units": Items(
            "ForecastUnit",
            {"unit": _UNIT, **_sums(_by_unit)},
            _by_unit.join(OrgUnitRow.__table__, _unit),
            and_(_here(_by_unit), _by_unit.c.vacant + _by_unit.c.retiring > literal_column("0")),
            (OrgUnitRow.path,),
        ),
        "retirements": Items(
            "ForeseenRetirement",
            {
                "post": Object(
                    "ForecastPost",
                    {
                        "id": Value(PostRow.id, ID),
                        "name": Value(PostRow.name, TEXT),
                        "level": Value(PostRow.level, LEVEL),
                    },
                ),
                "unit": _UNIT,
                "talent": NAMED,
                "reachesAgeOn": Value(age_reached, DATE),
                "retiresOn": Value(PostHolderRow.retires_on, DATE),
                "foreseeableFrom": Value(_foreseen, DATE),
                "birthDateSource": Value(birth_date_source, BIRTH_DATE_SOURCE),
                "rule": Object("RetirementRuleUsed", rule_fields(_rule)),
            },
            PostHolderRow.__table__.join(PostRow.__table__, _holds)
            .join(OrgUnitRow.__table__, _of_unit)
            .join(TalentRow.__table__, _who)
            .join(_rule, true()),
            and_(
                PostHolderRow.institution_id == InstitutionRow.id,
                PostRow.is_delivered,
                age_reached <= _until(InstitutionRow.as_of, _horizon.c.years),
            ),
            (PostHolderRow.retires_on, PostRow.name, PostHolderRow.talent_id),
            needs=PERSONAL,
        ),
        "withheld": WITHHELD,
    },
    rooted=mine,
    conditions={"years": _horizon.c.years == bindparam("years", type_=Integer)},
)
