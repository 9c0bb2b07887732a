"""What the document about filling times can contain: how long vacancies take, and how often the promise is kept."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Numeric, and_, cast, func, literal_column, select, true

from app.db.documents import Fields, Items, Object, Shape, Value
from app.db.shapes.formats import today
from app.db.shapes.institutions import mine
from app.db.shapes.schemas import INTEGER, NULLABLE_NUMBER
from app.db.shapes.vacancies import LEVEL, calendar_days, day_of, working_days
from app.db.tables.institutions import InstitutionRow
from app.db.tables.posts import PostRow
from app.db.tables.vacancies import VacancyRow
from app.domain.vacancies import PROMISED_DAYS, RUNNING, State

_institution = InstitutionRow.__table__
_one = (
    select(
        PostRow.level,
        VacancyRow.state,
        VacancyRow.foreseeable_from,
        VacancyRow.effective_on,
        day_of(State.OPEN).label("opened_on"),
        day_of(State.DECIDED).label("decided_on"),
    )
    .join(PostRow, and_(PostRow.institution_id == VacancyRow.institution_id, PostRow.id == VacancyRow.post_id))
    .where(VacancyRow.institution_id == InstitutionRow.id)
    .correlate(_institution)
    .subquery("one")
)
_is_filled = _one.c.state == literal_column(f"'{State.EFFECTIVE}'")
_is_cancelled = _one.c.state == literal_column(f"'{State.CANCELLED}'")
_is_running = _one.c.state.in_([literal_column(f"'{state}'") for state in RUNNING])
_is_decided = _one.c.decided_on.is_not(None)
_to_decide = working_days(_one.c.opened_on, _one.c.decided_on)
_waiting = working_days(_one.c.opened_on, today)
_PROMISED: ColumnElement[int] = literal_column(str(PROMISED_DAYS))
_HALF: ColumnElement[float] = literal_column("0.5")


def _median(days: ColumnElement[int], those: ColumnElement[bool]) -> ColumnElement[Any]:
    """The middle one; of an even number the lower of the two in the middle. Null where there is none."""
    return func.percentile_disc(_HALF).within_group(days).filter(those)


_COUNTED = {
    "running": func.count().filter(_is_running),
    "filled": func.count().filter(_is_filled),
    "cancelled": func.count().filter(_is_cancelled),
    "decided": func.count().filter(_is_decided),
    "within_promise": func.count().filter(_is_decided, _to_decide <= _PROMISED),
    "overdue": func.count().filter(_is_running, ~_is_decided, _waiting > _PROMISED),
    "fill_calendar": _median(calendar_days(_one.c.foreseeable_from, _one.c.effective_on), _is_filled),
    "fill_working": _median(working_days(_one.c.foreseeable_from, _one.c.effective_on), _is_filled),
    "decide_calendar": _median(calendar_days(_one.c.opened_on, _one.c.decided_on), _is_decided),
    "decide_working": _median(_to_decide, _is_decided),
}
_columns = [sql.label(name) for name, sql in _COUNTED.items()]
_overall = select(*_columns).select_from(_one).correlate(_institution).lateral("overall")
_by_level = (
    select(_one.c.level, *_columns)
    .select_from(_one)
    .group_by(_one.c.level)
    .correlate(_institution)
    .subquery("by_level")
)


def _counts(rows: FromClause) -> Fields:
    count = {name: rows.c[name] for name in ("running", "filled", "cancelled", "decided", "overdue")}
    share = func.round(cast(100 * rows.c.within_promise, Numeric) / func.nullif(rows.c.decided, 0), 1)
    return {
        **{name: Value(sql, INTEGER) for name, sql in count.items()},
        "withinPromise": Value(rows.c.within_promise, INTEGER),
        "shareWithinPromise": Value(share, NULLABLE_NUMBER),
        "toFill": _median_days(rows, "fill"),
        "toDecide": _median_days(rows, "decide"),
    }


def _median_days(rows: FromClause, what: str) -> Object:
    calendar, working = rows.c[f"{what}_calendar"], rows.c[f"{what}_working"]
    fields = {"calendarDays": Value(calendar, INTEGER), "workingDays": Value(working, INTEGER)}
    return Object("MedianDays", fields, on=calendar.is_not(None))


FILLING_TIMES = Shape(
    "FillingTimes",
    _institution.join(_overall, true()),
    {
        "promisedDays": Value(_PROMISED, INTEGER),
        "overall": Object("FillingCounts", _counts(_overall)),
        "levels": Items(
            "FillingTimesOfLevel",
            {"level": Value(_by_level.c.level, LEVEL), "counts": Object("FillingCounts", _counts(_by_level))},
            _by_level,
            true(),
            (_by_level.c.level,),
        ),
    },
    rooted=mine,
    conditions={},
)
