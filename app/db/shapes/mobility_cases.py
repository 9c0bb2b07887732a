"""What documents about mobility cases can contain: the route, every step, the checklist, and what comes next."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    column,
    exists,
    func,
    literal_column,
    not_,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by, array

from app.db.documents import Actor, Condition, Fields, Items, JsonSchema, Object, Pages, Shape, Value, literal_text
from app.db.legal_days import legal_day
from app.db.shapes.formats import instant, today
from app.db.shapes.found_json import listed_in, part_of, word_of
from app.db.shapes.freeze_periods import day_of_cursor
from app.db.shapes.rule_sets import rule_set_of
from app.db.shapes.schemas import (
    BOOLEAN,
    DATE,
    ID,
    INSTANT,
    INTEGER,
    INTEGERS,
    NULLABLE_DATE,
    NULLABLE_INTEGER,
    NULLABLE_TEXT,
    TEXT,
    TEXTS,
)
from app.db.shapes.scopes import SCOPES
from app.db.shapes.sentences import said
from app.db.shapes.standing import INSTITUTION_KIND
from app.db.shapes.vacancies import days_between
from app.db.tables.mobility import MobilityCampaignRow
from app.db.tables.mobility_cases import (
    MobilityCaseDocumentRow,
    MobilityCaseRow,
    MobilityCaseStepRow,
    MobilityRulebookRow,
)
from app.db.tables.talents import TalentRow
from app.domain.careers import PositionLevel
from app.domain.mobility_cases import (
    AGREEABLE,
    CONFIRMED,
    FOLLOWING,
    RUNNING,
    CancellationReason,
    DocumentState,
    Party,
    State,
)
from app.domain.mobility_moves import Kind
from app.domain.mobility_routes import Authority, Missing, RouteCode
from app.domain.mobility_rulebooks import Side

_case, _talent = MobilityCaseRow.__table__, TalentRow.__table__
_step, _document, _rulebook = (
    MobilityCaseStepRow.__table__,
    MobilityCaseDocumentRow.__table__,
    MobilityRulebookRow.__table__,
)
STATE: JsonSchema = {"type": "string", "enum": [state.value for state in State]}
SIDE: JsonSchema = {"type": "string", "enum": [side.value for side in Side]}
_PARTY: JsonSchema = {"type": "string", "enum": [party.value for party in Party]}
_LEVEL: JsonSchema = {"type": "string", "enum": [level.value for level in PositionLevel]}
_AUTHORITY: JsonSchema = {"type": "string", "enum": [one.value for one in Authority]}
_NULLABLE_AUTHORITY: JsonSchema = {"type": ["string", "null"], "enum": [*(one.value for one in Authority), None]}
_mine: ColumnElement[Any] = select(func.current_institution(type_=Uuid)).scalar_subquery()
_is_origin, _is_receiving = MobilityCaseRow.institution_id == _mine, MobilityCaseRow.receiving_institution_id == _mine


def _is(*states: State) -> ColumnElement[bool]:
    return MobilityCaseRow.state.in_([literal_text(state.value) for state in states])


def _word(one: str) -> ColumnElement[str]:
    return literal_text(one)


# ── the parties

_side = case(
    (_is_receiving, _word(Party.RECEIVING.value)),
    (_is_origin, _word(Party.ORIGIN.value)),
    (
        and_(func.current_reach() == _word("national"), MobilityCaseRow.submitted_on.is_not(None)),
        _word(Party.BKN.value),
    ),
    else_=_word(Party.ORGANISER.value),
)
_is_told = and_(MobilityCaseRow.talent_nip.is_not(None), or_(_is_receiving, MobilityCaseRow.submitted_on.is_not(None)))
"""To others it is told who it is once both have said yes; who organises reads it no sooner than BKN."""
_PLACES = ("origin_name", "origin_kind", "origin_province", "receiving_name", "receiving_kind", "receiving_province")


def _places(name: str) -> Any:  # noqa: ANN401 - a function with rows
    columns = (column(one, Text) for one in _PLACES)
    return func.mobility_case_places(MobilityCaseRow.id).table_valued(*columns, name=name)


def _place(which: str, name: ColumnElement[Any] | None = None) -> Object:
    places = _places(f"{which}_place")
    fields: Fields = {
        "name": Value(
            getattr(places.c, f"{which}_name") if name is None else case((name, places.c.origin_name)), NULLABLE_TEXT
        ),
        "kind": Value(getattr(places.c, f"{which}_kind"), INSTITUTION_KIND),
        "provinceCode": Value(getattr(places.c, f"{which}_province"), NULLABLE_TEXT),
    }
    return Object("MobilityPlace", fields, places, true())


_known = _places("known")
_has_centre = func.coalesce(
    or_(_known.c.origin_kind == _word("central"), _known.c.receiving_kind == _word("central")),
    literal_column("false"),
    type_=Boolean,
)
_lacking = {
    Missing.ORIGIN_KIND: _known.c.origin_kind.is_(None),
    Missing.RECEIVING_KIND: _known.c.receiving_kind.is_(None),
    Missing.ORIGIN_PROVINCE: and_(_known.c.origin_province.is_(None), not_(_has_centre)),
    Missing.RECEIVING_PROVINCE: and_(_known.c.receiving_province.is_(None), not_(_has_centre)),
}
_missing = (
    select(func.array_remove(array([case((lacks, _word(one.value))) for one, lacks in _lacking.items()]), null()))
    .select_from(_known)
    .where(MobilityCaseRow.institution_id != MobilityCaseRow.receiving_institution_id)
    .correlate(_case)
    .scalar_subquery()
)

# ── the route

_route = listed_in(part_of(MobilityRulebookRow.document, "routes"), "route")
_of_rulebook = MobilityRulebookRow.version == MobilityCaseRow.rulebook_version


def _in_route(name: str, schema: JsonSchema) -> Value:
    return Value(word_of(_route.c.document, name), schema)


_ROUTE = Object(
    "MobilityRoute",
    {
        "code": _in_route("code", {"type": "string", "enum": [one.value for one in RouteCode]}),
        "label": said({one.value: f"mobility_case.route.{one.value}" for one in RouteCode}, MobilityCaseRow.route),
        "requestedBy": _in_route("requestedBy", _AUTHORITY),
        "releasedBy": _in_route("releasedBy", _AUTHORITY),
        "passedOnBy": _in_route("passedOnBy", _NULLABLE_AUTHORITY),
        "consideredBy": _in_route("consideredBy", _NULLABLE_AUTHORITY),
        "decreedBy": _in_route("decreedBy", _AUTHORITY),
        "isConfirmed": Value(cast(word_of(_route.c.document, "isConfirmed"), Boolean), BOOLEAN),
        "legalBasis": Value(MobilityRulebookRow.legal_basis, TEXT),
    },
    _rulebook.join(_route, true()),
    and_(_of_rulebook, word_of(_route.c.document, "code") == MobilityCaseRow.route),
)

# ── what comes next

_is_short = and_(_is(State.RELEASED), MobilityCaseRow.institution_id == MobilityCaseRow.receiving_institution_id)
_next = case(
    (_is_short, _word(State.DECREED.value)),
    *((_is(before), _word(after.value)) for before, after in FOLLOWING.items()),
)
_WAY = tuple(dict.fromkeys(FOLLOWING.values()))
_way: ColumnElement[Any] = literal_column("'{" + ",".join(_WAY) + "}'::text[]")


def _on_the_way(state: ColumnElement[Any]) -> ColumnElement[int]:
    return func.array_position(_way, state, type_=Integer)


_item = listed_in(part_of(MobilityRulebookRow.document, "documents"), "item")
_is_due = and_(
    MobilityCaseDocumentRow.state == _word(DocumentState.MISSING.value),
    _on_the_way(word_of(_item.c.document, "neededBefore")) <= _on_the_way(_next),
)
_papers = _document.join(_rulebook, true()).join(
    _item, word_of(_item.c.document, "code") == MobilityCaseDocumentRow.item
)
_of_case = and_(
    MobilityCaseDocumentRow.institution_id == MobilityCaseRow.institution_id,
    MobilityCaseDocumentRow.case_id == MobilityCaseRow.id,
    _of_rulebook,
)
_due = (
    select(
        func.coalesce(
            func.array_agg(aggregate_order_by(MobilityCaseDocumentRow.item, MobilityCaseDocumentRow.ordinal)),
            literal_column("'{}'::text[]"),
        )
    )
    .select_from(_papers)
    .where(_of_case, _is_due)
    .correlate(_case)
    .scalar_subquery()
)
_states = func.mobility_unit_states(MobilityCaseRow.id).table_valued(
    column("step", Integer), column("state", Text), column("effective_on", Date), name="others"
)
_is_confirmed = _states.c.state.in_([_word(state.value) for state in CONFIRMED])
_is_ahead = case(
    (
        MobilityCaseRow.unit_kind == _word(Kind.CHAIN.value),
        _states.c.step == MobilityCaseRow.step - literal_column("1"),
    ),
    else_=_states.c.step != MobilityCaseRow.step,
)
_held_by = (
    select(
        func.coalesce(
            func.array_agg(aggregate_order_by(_states.c.step, _states.c.step)), literal_column("'{}'::integer[]")
        )
    )
    .select_from(_states)
    .where(_is_ahead, not_(_is_confirmed))
    .correlate(_case)
    .scalar_subquery()
)
_NEXT_STEP = Object(
    "MobilityNextStep",
    {
        "state": Value(_next, STATE),
        "party": Value(
            case(
                (_is(State.DRAFT, State.RELEASED, State.RETURNED, State.DECREED), _word(Party.RECEIVING.value)),
                (_is(State.REQUESTED), _word(Party.ORIGIN.value)),
                (_is(State.SENT), _word(Party.BKN.value)),
                else_=func.coalesce(MobilityCaseRow.decree_party, _word(Party.RECEIVING.value)),
            ),
            _PARTY,
        ),
        "missingDocuments": Value(_due, TEXTS),
        "awaitsAgreement": Value(and_(_is(*AGREEABLE), MobilityCaseRow.agreed_at.is_(None)), BOOLEAN),
        "heldBySteps": Value(_held_by, INTEGERS),
        "waiting": Object("DaysPassed", days_between(legal_day(MobilityCaseRow.moved_at), today)),
        "daysToPlanned": Value(cast(MobilityCaseRow.planned_on - today, Integer), INTEGER),
    },
    on=_is(*RUNNING),
)

# ── the case

_of_step = and_(
    MobilityCaseStepRow.institution_id == MobilityCaseRow.institution_id,
    MobilityCaseStepRow.case_id == MobilityCaseRow.id,
)
STEPS = Items(
    "MobilityCaseStep",
    {
        "ordinal": Value(MobilityCaseStepRow.ordinal, INTEGER),
        "state": Value(MobilityCaseStepRow.state, STATE),
        "enteredAt": Value(instant(MobilityCaseStepRow.entered_at), INSTANT),
        "role": Value(MobilityCaseStepRow.role, TEXT),
        "number": Value(MobilityCaseStepRow.number, NULLABLE_TEXT),
        "dated": Value(MobilityCaseStepRow.dated, NULLABLE_DATE),
        "because": Value(MobilityCaseStepRow.because, NULLABLE_TEXT),
    },
    _step,
    _of_step,
    (MobilityCaseStepRow.ordinal,),
)
_label = part_of(_item.c.document, "label")
DOCUMENTS = Items(
    "MobilityDocument",
    {
        "item": Value(MobilityCaseDocumentRow.item, TEXT),
        "label": Object("Sentence", {word: Value(word_of(_label, word), TEXT) for word in ("id", "en")}),
        "side": Value(MobilityCaseDocumentRow.side, SIDE),
        "neededBefore": Value(word_of(_item.c.document, "neededBefore"), NULLABLE_TEXT),
        "isConfirmed": Value(cast(word_of(_item.c.document, "isConfirmed"), Boolean), BOOLEAN),
        "state": Value(
            MobilityCaseDocumentRow.state, {"type": "string", "enum": [state.value for state in DocumentState]}
        ),
        "number": Value(MobilityCaseDocumentRow.number, NULLABLE_TEXT),
        "dated": Value(MobilityCaseDocumentRow.dated, NULLABLE_DATE),
        "because": Value(MobilityCaseDocumentRow.because, NULLABLE_TEXT),
    },
    _papers,
    _of_case,
    (MobilityCaseDocumentRow.ordinal,),
)
_UNIT = Object(
    "MobilityUnit",
    {
        "campaignId": Value(MobilityCaseRow.campaign_id, ID),
        "runId": Value(MobilityCaseRow.run_id, ID),
        "kind": Value(MobilityCaseRow.unit_kind, {"type": "string", "enum": [kind.value for kind in Kind]}),
        "unit": Value(MobilityCaseRow.unit, INTEGER),
        "step": Value(MobilityCaseRow.step, INTEGER),
        "steps": Items(
            "MobilityUnitStep",
            {
                "step": Value(_states.c.step, INTEGER),
                "state": Value(_states.c.state, STATE),
                "effectiveOn": Value(_states.c.effective_on, NULLABLE_DATE),
            },
            _states,
            true(),
            (_states.c.step,),
        ),
        "seatLeftOpen": Value(MobilityCaseRow.seat_left_open, BOOLEAN),
    },
    on=MobilityCaseRow.campaign_id.is_not(None),
)
_check = listed_in(MobilityCaseRow.checks, "looked_at")
_CHECKS = Items(
    "MobilityCheck",
    {
        "state": Value(word_of(_check.c.document, "state"), STATE),
        "checkedOn": Value(word_of(_check.c.document, "checkedOn"), DATE),
        "forDay": Value(word_of(_check.c.document, "forDay"), DATE),
        "isKnown": Value(cast(word_of(_check.c.document, "isKnown"), Boolean), BOOLEAN),
        "met": Value(cast(word_of(_check.c.document, "met"), Integer), INTEGER),
        "toVerify": Value(cast(word_of(_check.c.document, "toVerify"), Integer), INTEGER),
        "digest": Value(word_of(_check.c.document, "digest"), TEXT),
    },
    _check,
    true(),
    (_check.c.place,),
)
_asked = part_of(MobilityCaseRow.asked, "ruleSet")
_CANCELLATION = Object(
    "MobilityCancellation",
    {
        "code": Value(
            MobilityCaseRow.cancellation_code, {"type": "string", "enum": [one.value for one in CancellationReason]}
        ),
        "label": said(
            {one.value: f"mobility_case.because.{one.value}" for one in CancellationReason},
            MobilityCaseRow.cancellation_code,
        ),
        "because": Value(MobilityCaseRow.because, NULLABLE_TEXT),
        "fellWith": Value(MobilityCaseRow.fell_with, NULLABLE_INTEGER),
    },
    on=MobilityCaseRow.cancellation_code.is_not(None),
)
MOBILITY_CASE_FIELDS: Fields = {
    "id": Value(MobilityCaseRow.id, ID),
    "revision": Value(MobilityCaseRow.revision, INTEGER),
    "state": Value(MobilityCaseRow.state, STATE),
    "side": Value(_side, _PARTY),
    "reason": Value(MobilityCaseRow.reason, TEXT),
    "plannedOn": Value(MobilityCaseRow.planned_on, DATE),
    "effectiveOn": Value(MobilityCaseRow.effective_on, NULLABLE_DATE),
    "permitNumber": Value(MobilityCaseRow.permit_number, NULLABLE_TEXT),
    "post": Object(
        "ReceivingPost",
        {
            "id": Value(MobilityCaseRow.post_id, ID),
            "name": Value(MobilityCaseRow.post_name, TEXT),
            "unitName": Value(MobilityCaseRow.unit_name, TEXT),
            "level": Value(MobilityCaseRow.post_level, _LEVEL),
        },
    ),
    "origin": _place("origin", or_(_is_origin, _is_told, MobilityCaseRow.disclosure_id.is_not(None))),
    "receiving": _place("receiving"),
    "talent": Object(
        "MovingTalent",
        {
            "nip": Value(func.coalesce(TalentRow.nip, MobilityCaseRow.talent_nip, type_=Text), TEXT),
            "name": Value(func.coalesce(TalentRow.name, MobilityCaseRow.talent_name, type_=Text), TEXT),
        },
        on=or_(_is_origin, _is_told),
    ),
    "isAgreed": Value(MobilityCaseRow.agreed_at.is_not(None), BOOLEAN),
    "isReleased": Value(MobilityCaseRow.released_on.is_not(None), BOOLEAN),
    "rulebookVersion": Value(MobilityCaseRow.rulebook_version, INTEGER),
    "route": _ROUTE,
    "missingForRoute": Value(func.coalesce(_missing, literal_column("'{}'::text[]")), TEXTS),
    "nextStep": _NEXT_STEP,
    "unit": _UNIT,
    "ruleSet": rule_set_of(
        word_of(_asked, "code"), cast(word_of(_asked, "version"), Integer), MobilityCaseRow.asked.is_not(None)
    ),
    "checks": _CHECKS,
    "steps": STEPS,
    "documents": DOCUMENTS,
    "cancellation": _CANCELLATION,
}
_SUMMARY = tuple(name for name in MOBILITY_CASE_FIELDS if name not in ("checks", "steps", "documents", "unit"))


def _of_party(actor: Actor) -> Condition:
    """What the actor's institution is a party of, or organises; what another one prepares is not there yet."""
    mine = cast(actor.c.institution, Uuid)
    campaign = MobilityCampaignRow
    organised = select(campaign.id).where(campaign.institution_id == mine, campaign.id == MobilityCaseRow.campaign_id)
    is_prepared = and_(_is(State.DRAFT), MobilityCaseRow.campaign_id.is_(None))
    return or_(
        and_(MobilityCaseRow.institution_id == mine, not_(is_prepared)),
        MobilityCaseRow.receiving_institution_id == mine,
        and_(actor.c.reach == _word("national"), MobilityCaseRow.submitted_on.is_not(None)),
        exists(organised.correlate(_case, actor)),
    )


_source = _case.outerjoin(
    _talent,
    and_(TalentRow.institution_id == MobilityCaseRow.institution_id, TalentRow.id == MobilityCaseRow.talent_id),
)
CONDITIONS: dict[str, Condition] = {
    "id": MobilityCaseRow.id == bindparam("id", type_=Uuid),
    "state": MobilityCaseRow.state == bindparam("state", type_=Text),
    "side": case(
        (bindparam("side", type_=Text) == _word(Side.ORIGIN.value), _is_origin),
        else_=_is_receiving,
    ),
    "campaign": MobilityCaseRow.campaign_id == bindparam("campaign", type_=Uuid),
    "seat_left_open": MobilityCaseRow.seat_left_open == bindparam("seat_left_open", type_=Boolean),
    "own_nip": SCOPES["own_nip"],
}
MOBILITY_CASE = Shape("MobilityCase", _source, MOBILITY_CASE_FIELDS, rooted=_of_party, conditions=CONDITIONS)
_listed = Shape("MobilityCase", _source, MOBILITY_CASE_FIELDS, _of_party, CONDITIONS, _SUMMARY)
MOBILITY_CASES = Pages(
    "MobilityCase", _listed, (day_of_cursor(MobilityCaseRow.planned_on), MobilityCaseRow.id), descending=True
)
