"""What documents about vacancies can contain: the post, the days of every step and their ages, what comes next."""

from __future__ import annotations

import json
from datetime import date

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    ScalarSelect,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
    true,
)

from app.db.documents import Column, Condition, Fields, Items, JsonSchema, Object, Pages, Shape, Value, literal_text
from app.db.legal_days import legal_day
from app.db.shapes.formats import instant, today
from app.db.shapes.freeze_periods import FREEZE_FIELDS, day_of_cursor
from app.db.shapes.rule_sets import rule_set_of
from app.db.shapes.schemas import (
    BOOLEAN,
    DATE,
    ID,
    INSTANT,
    INTEGER,
    NULLABLE_BOOLEAN,
    NULLABLE_INTEGER,
    NULLABLE_TEXT,
    TEXT,
    TEXTS,
)
from app.db.shapes.sentences import said
from app.db.tables.institutions import OrgUnitRow
from app.db.tables.posts import PostRow
from app.db.tables.vacancies import FreezePeriodRow, VacancyRow, VacancyStepRow
from app.domain.actors import PERMISSIONS, Role
from app.domain.careers import PositionLevel
from app.domain.vacancies import FOLLOWING, PROMISED_DAYS, WHO_ENTERS, CancellationReason, State

_vacancy, _step, _unit = VacancyRow.__table__, VacancyStepRow.__table__, OrgUnitRow.__table__
STATE: JsonSchema = {"type": "string", "enum": [state.value for state in State]}
LEVEL: JsonSchema = {"type": "string", "enum": [level.value for level in PositionLevel]}


def of_vacancy(row: type[VacancyStepRow]) -> Condition:
    """The rows of a vacancy."""
    return and_(row.institution_id == VacancyRow.institution_id, row.vacancy_id == VacancyRow.id)


def day_of(state: State) -> ScalarSelect[date]:
    """The legal day on which the vacancy of the row entered a state; null where it has not."""
    step = select(legal_day(VacancyStepRow.entered_at)).where(
        of_vacancy(VacancyStepRow), VacancyStepRow.state == literal_text(state.value)
    )
    return step.correlate(_vacancy).scalar_subquery()


def _is(*states: State) -> ColumnElement[bool]:
    return VacancyRow.state.in_([literal_text(state.value) for state in states])


is_shortlisted: ColumnElement[bool] = exists(
    select(VacancyStepRow.state)
    .where(of_vacancy(VacancyStepRow), VacancyStepRow.state == literal_text(State.SHORTLISTED.value))
    .correlate(_vacancy)
)
"""Whether somebody was proposed: from then on candidates have names, and the seed is told."""
_code = func.coalesce(VacancyRow.cancellation_code, literal_text(CancellationReason.OTHER.value), type_=Text)
CANCELLATION = Object(
    "VacancyCancellation",
    {
        "cancelledOn": Value(day_of(State.CANCELLED), DATE),
        "reasonCode": Value(_code, {"type": "string", "enum": [one.value for one in CancellationReason]}),
        "label": said({one.value: f"cancellation.{one.value}" for one in CancellationReason}, _code),
        "reason": Value(func.coalesce(VacancyRow.cancelled_because, literal_text(""), type_=Text), TEXT),
    },
    on=_is(State.CANCELLED),
)
"""When and why the vacancy was given up."""

# ── days


def calendar_days(since: Column, until: Column) -> ColumnElement[int]:
    """Days after `since` up to and with `until`; 0 where that is earlier."""
    return func.greatest(cast(until - since, Integer), literal_column("0"))


def working_days(since: Column, until: Column) -> ColumnElement[int]:
    """Of these the working days, as `domain.vacancies` counts them."""
    return func.working_days(since, until, type_=Integer)


ended_on: ColumnElement[date | None] = case(
    (_is(State.EFFECTIVE), VacancyRow.effective_on), (_is(State.CANCELLED), day_of(State.CANCELLED))
)
"""The day somebody holds the seat again, or the vacancy was cancelled; null while it runs."""


def days_between(since: Column, until: Column) -> Fields:
    """Days after one day up to and with another."""
    return {
        "calendarDays": Value(calendar_days(since, until), INTEGER),
        "workingDays": Value(working_days(since, until), INTEGER),
    }


_states: ColumnElement[str] = literal_column("'{" + ",".join(State) + "}'::text[]")
_place: ColumnElement[int] = func.array_position(_states, VacancyStepRow.state, type_=Integer)
_steps = (
    select(
        VacancyStepRow.state,
        VacancyStepRow.entered_at,
        VacancyStepRow.role,
        _place.label("place"),
        legal_day(func.lead(VacancyStepRow.entered_at).over(order_by=_place)).label("left_on"),
    )
    .where(of_vacancy(VacancyStepRow))
    .correlate(_vacancy)
    .subquery("steps")
)
_is_last = _steps.c.state.in_([literal_text(State.EFFECTIVE.value), literal_text(State.CANCELLED.value)])
_stayed_until = case((_is_last, None), else_=func.coalesce(_steps.c.left_on, today))
_entered_on = legal_day(_steps.c.entered_at)
_STEPS = Items(
    "VacancyStep",
    {
        "state": Value(_steps.c.state, STATE),
        "enteredAt": Value(instant(_steps.c.entered_at), INSTANT),
        "enteredOn": Value(_entered_on, DATE),
        "role": Value(_steps.c.role, TEXT),
        "calendarDays": Value(case((~_is_last, calendar_days(_entered_on, _stayed_until))), NULLABLE_INTEGER),
        "workingDays": Value(case((~_is_last, working_days(_entered_on, _stayed_until))), NULLABLE_INTEGER),
    },
    _steps,
    true(),
    (_steps.c.place,),
)
_promised = (
    select(
        day_of(State.OPEN).label("opened_on"),
        day_of(State.DECIDED).label("decided_on"),
        func.coalesce(day_of(State.DECIDED), ended_on, today).label("until"),
    )
    .correlate(_vacancy)
    .subquery("promised")
)
_spent = working_days(_promised.c.opened_on, _promised.c.until)
_PROMISE = Object(
    "VacancyPromise",
    {
        "promisedDays": Value(literal_column(str(PROMISED_DAYS)), INTEGER),
        "workingDays": Value(_spent, INTEGER),
        "isKept": Value(
            case(
                (_spent > PROMISED_DAYS, literal_column("false")),
                (_promised.c.decided_on.is_not(None), literal_column("true")),
            ),
            NULLABLE_BOOLEAN,
        ),
    },
    _promised,
    _promised.c.opened_on.is_not(None),
)

# ── what comes next


def _who(state: State) -> str:
    """The roles that may take the step into a state, as JSON."""
    roles = [role.value for role in Role if WHO_ENTERS[state] in PERMISSIONS[role] and role is not Role.OPERATOR]
    return json.dumps(roles)


_NEXT_STEP = Object(
    "NextStep",
    {
        "state": Value(
            case(
                {before.value: literal_text(after.value) for before, after in FOLLOWING.items()}, value=VacancyRow.state
            ),
            STATE,
        ),
        "roles": Value(
            case(
                {before.value: literal_column(f"'{_who(after)}'::json") for before, after in FOLLOWING.items()},
                value=VacancyRow.state,
            ),
            TEXTS,
        ),
    },
    on=_is(*FOLLOWING),
)
_planned_on = func.coalesce(VacancyRow.effective_on, VacancyRow.inauguration_on, type_=Date)
_FREEZES = Items(
    "FreezePeriod",
    FREEZE_FIELDS,
    FreezePeriodRow.__table__,
    and_(
        FreezePeriodRow.institution_id == VacancyRow.institution_id,
        or_(
            _planned_on.between(FreezePeriodRow.since, FreezePeriodRow.until),
            VacancyRow.decreed_on.between(FreezePeriodRow.since, FreezePeriodRow.until),
        ),
    ),
    (FreezePeriodRow.since, FreezePeriodRow.id),
)

# ── the vacancy

_seed = func.encode(VacancyRow.seed, literal_text("hex"))
VACANCY_FIELDS: Fields = {
    "id": Value(VacancyRow.id, ID),
    "revision": Value(VacancyRow.revision, INTEGER),
    "post": Object(
        "VacantPost",
        {
            "id": Value(PostRow.id, ID),
            "name": Value(PostRow.name, TEXT),
            "level": Value(PostRow.level, LEVEL),
            "echelon": Value(PostRow.echelon, NULLABLE_TEXT),
            "unitId": Value(OrgUnitRow.id, TEXT),
            "unitName": Value(OrgUnitRow.name, TEXT),
        },
    ),
    "state": Value(VacancyRow.state, STATE),
    "foreseeableFrom": Value(VacancyRow.foreseeable_from, DATE),
    "vacantFrom": Value(VacancyRow.vacant_from, DATE),
    "inaugurationOn": Value(VacancyRow.inauguration_on, DATE),
    "isMasked": Value(VacancyRow.is_masked, BOOLEAN),
    "ruleSet": rule_set_of(
        VacancyRow.rule_set_code, VacancyRow.rule_set_version, VacancyRow.rule_set_code.is_not(None)
    ),
    "seedCommitment": Value(VacancyRow.seed_commitment, TEXT),
    "seed": Value(case((is_shortlisted, _seed)), NULLABLE_TEXT),
    "age": Object("DaysPassed", days_between(VacancyRow.foreseeable_from, func.coalesce(ended_on, today))),
    "promise": _PROMISE,
    "nextStep": _NEXT_STEP,
    "steps": _STEPS,
    "freezes": _FREEZES,
    "recommendation": Object(
        "BknRecommendation",
        {
            "number": Value(VacancyRow.recommendation_number, TEXT),
            "recommendedOn": Value(VacancyRow.recommended_on, DATE),
        },
        on=VacancyRow.recommended_on.is_not(None),
    ),
    "decree": Object(
        "VacancyDecree",
        {
            "number": Value(VacancyRow.decree_number, TEXT),
            "decreedOn": Value(VacancyRow.decreed_on, DATE),
            "effectiveOn": Value(VacancyRow.effective_on, DATE),
            "permitNumber": Value(VacancyRow.permit_number, NULLABLE_TEXT),
        },
        on=VacancyRow.decreed_on.is_not(None),
    ),
    "cancellation": CANCELLATION,
}
_SUMMARY = tuple(
    name
    for name in VACANCY_FIELDS
    if name not in ("seed", "steps", "freezes", "recommendation", "decree", "cancellation")
)
_source = _vacancy.join(
    PostRow.__table__,
    and_(PostRow.institution_id == VacancyRow.institution_id, PostRow.id == VacancyRow.post_id),
).join(_unit, and_(OrgUnitRow.institution_id == PostRow.institution_id, OrgUnitRow.id == PostRow.unit_id))
_named = func.name_key(bindparam("q", type_=Text))
CONDITIONS: dict[str, Condition] = {
    "id": VacancyRow.id == bindparam("id", type_=Uuid),
    "state": VacancyRow.state == bindparam("state", type_=Text),
    "level": PostRow.level == bindparam("level", type_=Text),
    "unit": bindparam("unit", type_=Text) == any_(OrgUnitRow.path),
    "q": or_(func.strpos(PostRow.name_key, _named) > 0, func.strpos(func.name_key(OrgUnitRow.name), _named) > 0),
    "announced": ~_is(State.DRAFT, State.CANCELLED),
}
VACANCY = Shape(
    "Vacancy",
    _source,
    VACANCY_FIELDS,
    rooted=lambda actor: VacancyRow.institution_id == cast(actor.c.institution, Uuid),
    conditions=CONDITIONS,
)
_listed = Shape("Vacancy", _source, VACANCY_FIELDS, VACANCY.rooted, CONDITIONS, _SUMMARY)
VACANCIES = Pages("Vacancy", _listed, (day_of_cursor(VacancyRow.foreseeable_from), VacancyRow.id), descending=True)
