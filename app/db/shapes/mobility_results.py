"""What documents about results of mobility runs can contain: the whole, posts, cells, regions, moves, own people."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    Integer,
    Numeric,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    true,
)
from sqlalchemy.sql.selectable import NamedFromClause

from app.db.documents import Actor, Column, Condition, Items, JsonSchema, Object, Pages, Shape, Value, literal_text
from app.db.shapes.found_json import listed_in, word_of
from app.db.shapes.parents import OF_CAMPAIGN_ID, OF_RESULT
from app.db.shapes.schemas import BOOLEAN, ID, INTEGER, NULLABLE_INTEGER, NULLABLE_NUMBER, NULLABLE_TEXT, TEXT
from app.db.shapes.scopes import SCOPES
from app.db.shapes.sentences import filled, in_both
from app.db.tables.mobility import MobilityOfferRow, MobilityParticipationRow
from app.db.tables.mobility_results import (
    MobilityCellResultRow,
    MobilityFlowRow,
    MobilityMoveRow,
    MobilityOutcomeRow,
    MobilityPostResultRow,
    MobilityResultRow,
)
from app.db.tables.mobility_runs import MobilityFrozenCellRow, MobilityFrozenPostRow, MobilityRunRow
from app.db.tables.talents import TalentRow
from app.domain.mobility_moves import Kind

_run, _result, _talent = MobilityRunRow.__table__, MobilityResultRow.__table__, TalentRow.__table__
_participation = MobilityParticipationRow.__table__
KIND: JsonSchema = {"type": "string", "enum": [kind.value for kind in Kind]}
LOT: JsonSchema = {
    "type": ["string", "null"],
    "description": "Digits: it may be larger than numbers are exact in JSON.",
}
KeptRow = (
    type[MobilityResultRow]
    | type[MobilityOutcomeRow]
    | type[MobilityPostResultRow]
    | type[MobilityCellResultRow]
    | type[MobilityMoveRow]
    | type[MobilityFlowRow]
)


def _of_everybody(actor: Actor) -> Condition:
    """Policies say who reads what: the organiser, and everybody once the campaign is published."""
    return actor.c.institution.is_not(None)


def of_run(row: KeptRow) -> Condition:
    """The rows of the run."""
    return and_(row.institution_id == MobilityRunRow.institution_id, row.run_id == MobilityRunRow.id)


def offers(name: str) -> NamedFromClause:
    """Offers under a name of their own."""
    return MobilityOfferRow.__table__.alias(name)


def is_offer(offer: NamedFromClause, post_id: Column) -> Condition:
    """What is told of a post; of one that nobody may wish for only its own institution reads it."""
    return and_(offer.c.campaign_id == MobilityRunRow.campaign_id, offer.c.id == post_id)


def post_of(post_id: Column, offer: NamedFromClause) -> Object:
    """A post by its opaque id, and what the offer tells of it; null of one that others do not read."""
    return Object(
        "RoundPost",
        {
            "id": Value(post_id, ID),
            "name": Value(offer.c.post_name, NULLABLE_TEXT),
            "unit": Value(offer.c.unit_name, NULLABLE_TEXT),
            "institution": Value(offer.c.institution_name, NULLABLE_TEXT),
            "provinceCode": Value(offer.c.province_code, NULLABLE_TEXT),
            "positionLevel": Value(offer.c.position_level, NULLABLE_TEXT),
            "governmentAffair": Value(offer.c.government_affair, NULLABLE_TEXT),
        },
    )


def cutoff(depth: Column, urgency: Column, points: Column, lot: Column) -> Object:
    """The last application that is in; null where none is shown."""
    return Object(
        "MobilityCutoff",
        {
            "nearness": Value(depth, NULLABLE_INTEGER),
            "urgency": Value(urgency, NULLABLE_INTEGER),
            "points": Value(points, INTEGER),
            "lot": Value(cast(lot, Text), LOT),
        },
        on=points.is_not(None),
    )


def _run_is(row: KeptRow) -> dict[str, Condition]:
    return {"run_id": row.run_id == bindparam("run_id", type_=Uuid)}


# ── the whole

_whole = _result.join(_run, of_run(MobilityResultRow))
_counted = func.jsonb_each_text(MobilityRunRow.codes).table_valued("key", "value", name="counted").render_derived()


def code_of(code: Column) -> ColumnElement[str]:
    """The code of an answer, without the rule that bars."""
    return func.split_part(code, literal_text(":"), literal_column("1"), type_=Text)


def rule_of(code: Column) -> ColumnElement[str | None]:
    """The rule that bars, where one does."""
    return func.nullif(func.split_part(code, literal_text(":"), literal_column("2")), literal_text(""), type_=Text)


_length = listed_in(MobilityResultRow.lengths, "length")
_chain = cast(word_of(_length.c.document, "isChain"), Boolean)


def _kind(is_chain: ColumnElement[bool]) -> ColumnElement[str]:
    return case((is_chain, literal_text(Kind.CHAIN)), else_=literal_text(Kind.CYCLE))


def _share(part: Column, whole: Column) -> ColumnElement[Any]:
    """Of the whole, rounded to four places; null where there is nothing."""
    share = cast(part, Numeric) / func.nullif(whole, literal_column("0"))
    return func.round(share, literal_column("4"))


MOBILITY_RUN_SUMMARY = Shape(
    "MobilityRunSummary",
    _whole,
    {
        "runId": Value(MobilityRunRow.id, ID),
        "campaignId": Value(MobilityRunRow.campaign_id, ID),
        "identity": Value(MobilityRunRow.identity, NULLABLE_TEXT),
        "participants": Value(MobilityRunRow.participants, NULLABLE_INTEGER),
        "wishes": Value(MobilityRunRow.wishes, NULLABLE_INTEGER),
        "withWishes": Value(MobilityResultRow.with_wishes, INTEGER),
        "movers": Value(MobilityRunRow.movers, NULLABLE_INTEGER),
        "moverShare": Value(_share(MobilityRunRow.movers, MobilityRunRow.participants), NULLABLE_NUMBER),
        "firstWishes": Value(MobilityResultRow.first_wishes, INTEGER),
        "firstWishShare": Value(_share(MobilityResultRow.first_wishes, MobilityResultRow.with_wishes), NULLABLE_NUMBER),
        "answers": Items(
            "MobilityAnswerCount",
            {
                "code": Value(code_of(_counted.c.key), TEXT),
                "rule": Value(rule_of(_counted.c.key), NULLABLE_TEXT),
                "wishes": Value(cast(_counted.c.value, Integer), INTEGER),
            },
            _counted,
            true(),
            (_counted.c.key,),
        ),
        "chains": Value(MobilityRunRow.chains, NULLABLE_INTEGER),
        "cycles": Value(MobilityRunRow.cycles, NULLABLE_INTEGER),
        "longest": Value(MobilityRunRow.longest, NULLABLE_INTEGER),
        "lengths": Items(
            "MobilityLength",
            {
                "kind": Value(_kind(_chain), KIND),
                "moves": Value(cast(word_of(_length.c.document, "moves"), Integer), INTEGER),
                "units": Value(cast(word_of(_length.c.document, "units"), Integer), INTEGER),
            },
            _length,
            true(),
            (_length.c.place,),
        ),
    },
    rooted=_of_everybody,
    conditions=_run_is(MobilityResultRow),
)

_before = MobilityResultRow.seats - MobilityResultRow.held_before
_after = MobilityResultRow.seats - MobilityResultRow.held_after
_holds = _after == _before - MobilityResultRow.entered


def _said(language: str) -> Column:
    about = {"before": _before, "after": _after, "entered": MobilityResultRow.entered}
    holds, broken = (filled(f"conservation.{word}", language, **about) for word in ("holds", "broken"))
    return case((_holds, holds), else_=broken)


MOBILITY_CONSERVATION = Shape(
    "MobilityConservation",
    _whole,
    {
        "runId": Value(MobilityRunRow.id, ID),
        "seats": Value(MobilityResultRow.seats, INTEGER),
        "emptyBefore": Value(_before, INTEGER),
        "emptyAfter": Value(_after, INTEGER),
        "entered": Value(MobilityResultRow.entered, INTEGER),
        "holds": Value(_holds, BOOLEAN),
        "detail": in_both(_said),
    },
    rooted=_of_everybody,
    conditions=_run_is(MobilityResultRow),
)

_region = listed_in(MobilityResultRow.regions, "region")


def _told(name: str) -> ColumnElement[int]:
    return cast(word_of(_region.c.document, name), Integer)


MOBILITY_FLOWS = Shape(
    "MobilityFlows",
    _whole,
    {
        "runId": Value(MobilityRunRow.id, ID),
        "regions": Items(
            "MobilityRegionFlow",
            {
                "provinceCode": Value(word_of(_region.c.document, "provinceCode"), NULLABLE_TEXT),
                "positionLevel": Value(word_of(_region.c.document, "positionLevel"), NULLABLE_TEXT),
                "entered": Value(_told("entered"), NULLABLE_INTEGER),
                "left": Value(_told("left"), NULLABLE_INTEGER),
                "net": Value(_told("entered") - _told("left"), NULLABLE_INTEGER),
            },
            _region,
            true(),
            (_region.c.place,),
        ),
        "institutions": Items(
            "MobilityInstitutionFlow",
            {
                "institution": Value(MobilityFlowRow.institution_name, TEXT),
                "provinceCode": Value(MobilityFlowRow.province_code, NULLABLE_TEXT),
                "positionLevel": Value(MobilityFlowRow.position_level, TEXT),
                "entered": Value(MobilityFlowRow.entered, INTEGER),
                "left": Value(MobilityFlowRow.went, INTEGER),
                "net": Value(MobilityFlowRow.entered - MobilityFlowRow.went, INTEGER),
            },
            MobilityFlowRow.__table__,
            of_run(MobilityFlowRow),
            (MobilityFlowRow.institution_name, MobilityFlowRow.of_institution_id, MobilityFlowRow.position_level),
        ),
    },
    rooted=_of_everybody,
    conditions=_run_is(MobilityResultRow),
)


# ── posts and cells

_offer = offers("offer")
_frozen_post = MobilityFrozenPostRow.__table__
is_frozen_post = and_(
    MobilityFrozenPostRow.institution_id == MobilityRunRow.institution_id,
    MobilityFrozenPostRow.campaign_id == MobilityRunRow.campaign_id,
)
_posts = (
    MobilityPostResultRow.__table__.join(_run, of_run(MobilityPostResultRow))
    .join(_frozen_post, and_(is_frozen_post, MobilityFrozenPostRow.id == MobilityPostResultRow.post_id))
    .outerjoin(_offer, is_offer(_offer, MobilityPostResultRow.post_id))
)
MOBILITY_POST_RESULT = Shape(
    "MobilityPostResult",
    _posts,
    {
        "post": post_of(MobilityPostResultRow.post_id, _offer),
        "isOffered": Value(MobilityFrozenPostRow.urgency.is_not(None), BOOLEAN),
        "urgency": Value(MobilityFrozenPostRow.urgency, NULLABLE_INTEGER),
        "cellId": Value(MobilityFrozenPostRow.cell, NULLABLE_TEXT),
        "seats": Value(MobilityPostResultRow.seats, INTEGER),
        "filled": Value(MobilityPostResultRow.filled, INTEGER),
        "left": Value(MobilityPostResultRow.empty, INTEGER),
        "incumbents": Value(MobilityPostResultRow.incumbents, INTEGER),
        "cutoff": cutoff(
            MobilityPostResultRow.depth,
            MobilityFrozenPostRow.urgency,
            MobilityPostResultRow.points,
            MobilityPostResultRow.lot,
        ),
    },
    rooted=_of_everybody,
    conditions={
        **_run_is(MobilityPostResultRow),
        "province": _offer.c.province_code == bindparam("province", type_=Text),
        "has_empty_seats": (MobilityPostResultRow.empty > literal_column("0"))
        == bindparam("has_empty_seats", type_=Boolean),
    },
)
MOBILITY_POST_RESULTS = Pages(
    "MobilityPostResult", MOBILITY_POST_RESULT, (MobilityPostResultRow.post_id,), parent=OF_RESULT
)

_cells = MobilityCellResultRow.__table__.join(_run, of_run(MobilityCellResultRow)).join(
    MobilityFrozenCellRow.__table__,
    and_(
        MobilityFrozenCellRow.institution_id == MobilityRunRow.institution_id,
        MobilityFrozenCellRow.campaign_id == MobilityRunRow.campaign_id,
        MobilityFrozenCellRow.id == MobilityCellResultRow.cell_id,
    ),
)
_net = MobilityCellResultRow.after - MobilityCellResultRow.before
MOBILITY_CELL_RESULT = Shape(
    "MobilityCellResult",
    _cells,
    {
        "cellId": Value(MobilityCellResultRow.cell_id, TEXT),
        "parentId": Value(MobilityFrozenCellRow.parent, NULLABLE_TEXT),
        "level": Value(MobilityFrozenCellRow.level, TEXT),
        "ceiling": Value(MobilityCellResultRow.ceiling, NULLABLE_INTEGER),
        "before": Value(MobilityCellResultRow.before, INTEGER),
        "after": Value(MobilityCellResultRow.after, INTEGER),
        "net": Value(_net, INTEGER),
        "isFull": Value(
            func.coalesce(MobilityCellResultRow.after == MobilityCellResultRow.ceiling, literal_column("false")),
            BOOLEAN,
        ),
        "cutoff": cutoff(
            MobilityCellResultRow.depth,
            MobilityCellResultRow.urgency,
            MobilityCellResultRow.points,
            MobilityCellResultRow.lot,
        ),
    },
    rooted=_of_everybody,
    conditions=_run_is(MobilityCellResultRow),
)
MOBILITY_CELL_RESULTS = Pages(
    "MobilityCellResult",
    MOBILITY_CELL_RESULT,
    (MobilityCellResultRow.cell_id, MobilityCellResultRow.id),
    parent=OF_RESULT,
)


# ── chains and cycles: a unit is its first step, with all of them below it

_step, _from, _to = MobilityMoveRow.__table__.alias("step"), offers("from_offer"), offers("to_offer")
_steps: FromClause = _step.outerjoin(_from, is_offer(_from, _step.c.from_post_id)).outerjoin(
    _to, is_offer(_to, _step.c.to_post_id)
)
MOBILITY_MOVE_UNIT = Shape(
    "MobilityMoveUnit",
    MobilityMoveRow.__table__.join(_run, and_(of_run(MobilityMoveRow), MobilityMoveRow.step == literal_column("1"))),
    {
        "unit": Value(MobilityMoveRow.unit, INTEGER),
        "kind": Value(_kind(MobilityMoveRow.unit <= MobilityRunRow.chains), KIND),
        "moves": Items(
            "MobilityMove",
            {
                "step": Value(_step.c.step, INTEGER),
                "participantId": Value(_step.c.participant_id, ID),
                "fromPost": post_of(_step.c.from_post_id, _from),
                "toPost": post_of(_step.c.to_post_id, _to),
            },
            _steps,
            and_(
                _step.c.institution_id == MobilityMoveRow.institution_id,
                _step.c.run_id == MobilityMoveRow.run_id,
                _step.c.unit == MobilityMoveRow.unit,
            ),
            (_step.c.step,),
        ),
    },
    rooted=_of_everybody,
    conditions=_run_is(MobilityMoveRow),
)
MOBILITY_MOVES = Pages(
    "MobilityMoveUnit", MOBILITY_MOVE_UNIT, (MobilityMoveRow.unit, MobilityMoveRow.participant_id), parent=OF_RESULT
)


# ── the institution's own people, and who comes to its posts

_home, _got = offers("home"), offers("got")
_people = (
    _participation.join(
        _run,
        and_(MobilityRunRow.campaign_id == MobilityParticipationRow.campaign_id, MobilityRunRow.is_first.is_(True)),
    )
    .join(
        _talent,
        and_(
            TalentRow.institution_id == MobilityParticipationRow.institution_id,
            TalentRow.id == MobilityParticipationRow.talent_id,
        ),
    )
    .join(
        MobilityOutcomeRow.__table__,
        and_(of_run(MobilityOutcomeRow), MobilityOutcomeRow.participant_id == MobilityParticipationRow.file_id),
    )
    .outerjoin(_home, is_offer(_home, MobilityParticipationRow.home_offer_id))
    .outerjoin(_got, is_offer(_got, MobilityOutcomeRow.post_id))
)
_campaign_id: dict[str, Condition] = {"campaign_id": MobilityRunRow.campaign_id == bindparam("campaign_id", type_=Uuid)}
MOBILITY_OUTCOME = Shape(
    "MobilityOutcome",
    _people,
    {
        "participationId": Value(MobilityParticipationRow.id, ID),
        "runId": Value(MobilityRunRow.id, ID),
        "nip": Value(TalentRow.nip, TEXT),
        "name": Value(TalentRow.name, TEXT),
        "moves": Value(MobilityOutcomeRow.rank.is_not(None), BOOLEAN),
        "rank": Value(MobilityOutcomeRow.rank, NULLABLE_INTEGER),
        "fromPost": post_of(MobilityParticipationRow.home_offer_id, _home),
        "toPost": post_of(MobilityOutcomeRow.post_id, _got),
    },
    rooted=lambda actor: MobilityParticipationRow.institution_id == cast(actor.c.institution, Uuid),
    conditions={**_campaign_id, **SCOPES},
)
MOBILITY_OUTCOMES = Pages(
    "MobilityOutcome", MOBILITY_OUTCOME, (TalentRow.name, MobilityParticipationRow.id), parent=OF_CAMPAIGN_ID
)

_own = offers("own")
_left = offers("left_offer")
MOBILITY_ARRIVAL = Shape(
    "MobilityArrival",
    _own.join(_run, and_(MobilityRunRow.campaign_id == _own.c.campaign_id, MobilityRunRow.is_first.is_(True)))
    .join(MobilityMoveRow.__table__, and_(of_run(MobilityMoveRow), MobilityMoveRow.to_post_id == _own.c.id))
    .outerjoin(_left, is_offer(_left, MobilityMoveRow.from_post_id)),
    {
        "participantId": Value(MobilityMoveRow.participant_id, ID),
        "runId": Value(MobilityRunRow.id, ID),
        "unit": Value(MobilityMoveRow.unit, INTEGER),
        "step": Value(MobilityMoveRow.step, INTEGER),
        "post": post_of(_own.c.id, _own),
        "fromPost": post_of(MobilityMoveRow.from_post_id, _left),
        "detail": in_both(lambda language: filled("arrival.opaque", language)),
    },
    rooted=lambda actor: _own.c.institution_id == cast(actor.c.institution, Uuid),
    conditions=_campaign_id,
)
MOBILITY_ARRIVALS = Pages(
    "MobilityArrival", MOBILITY_ARRIVAL, (_own.c.post_name, MobilityMoveRow.participant_id), parent=OF_CAMPAIGN_ID
)
